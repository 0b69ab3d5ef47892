"""A small invented library with something to match, to filter and to keep out."""

from datetime import date
from typing import Final

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
)
from recommender.domain.kinds import CooperationMode, NeedSource
from recommender.store.database import Database

MILL: Final = "91320582TEST000001"
_TOPICS: Final = ("分类", "保护", "迁徙", "繁育", "化石")
_MARINE_LIFE: Final = (
    "海珊瑚",
    "海贝类",
    "海藻类",
    "海鱼类",
    "海蟹类",
    "海豚类",
    "海龟类",
    "海星类",
    "海绵类",
    "海鸟类",
)

ENTERPRISES: Final = (
    Enterprise(
        code=MILL,
        name="江岸薄板有限公司",
        town="北港镇",
        industry="金属制品",
        industry_chain="冶金新材料",
        founded_on=date(2009, 4, 1),
        qualifications=("高新技术企业",),
        main_products="冷轧薄板、镀锌板",
        business_scope="冷轧薄板制造；金属制品销售",
        province="江苏省",
        city="苏州市",
    ),
    Enterprise(
        code="91320582TEST000002",
        name="云织化纤厂",
        main_products="涤纶长丝与功能面料",
        business_scope="化纤纺丝；面料织造",
        province="江苏省",
        city="苏州市",
    ),
    Enterprise(
        code="91330100TEST000003",
        name="晴川电池科技",
        main_products="锂电池负极材料",
        business_scope="锂电池材料制造",
        province="浙江省",
        city="杭州市",
    ),
)

NEEDS: Final = (
    Need(
        id="XQ-1",
        title="薄板冷轧边裂控制",
        description="轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。",
        enterprise_code=MILL,
        industry_chain="冶金新材料",
        cooperation_mode=CooperationMode.JOINT_DEVELOPMENT,
        target_trl=6,
        budget_wan=80.0,
        deadline=date(2027, 6, 30),
        keywords=("冷轧", "边裂"),
        source=NeedSource.VISIT,
    ),
    Need(id="XQ-2", title="涤纶面料吸湿排汗整理", description="洗涤五十次后仍须保持吸湿速干。"),
    Need(id="XQ-3", title="锂电池负极循环寿命提升", description="硅碳负极膨胀大，循环八百次后容量低于八成。"),
)

EXPERTS: Final = (
    Expert(
        id="ZJ-1",
        name="林一舟",
        organisation="江南钢铁研究院",
        job_title="研究员",
        province="江苏省",
        city="苏州市",
        research_fields=("薄板轧制", "板形控制"),
        solvable_problems="冷轧边部缺陷诊断",
        cooperation_modes=(CooperationMode.JOINT_DEVELOPMENT,),
        verified_on=date(2026, 3, 1),
        data_source="单位主页",
        phone="13800000001",
        email="nobody@example.edu.cn",
        consent_record="二〇二六年书面同意",
    ),
    Expert(
        id="ZJ-2",
        name="周望舒",
        organisation="北原大学",
        province="辽宁省",
        research_fields=("金属塑性变形", "轧制过程模拟"),
    ),
    Expert(
        id="ZJ-3",
        name="许知夏",
        organisation="江南纺织学院",
        province="江苏省",
        city="苏州市",
        research_fields=("功能纤维", "织物整理"),
    ),
    Expert(id="ZJ-4", name="沈星回", organisation="西岭大学", research_fields=("锂电池负极", "硅碳材料")),
    Expert(
        id="ZJ-avoids",
        name="顾南乔",
        organisation="江南钢铁研究院",
        research_fields=("冷轧薄板边裂机理与控制",),
        avoided_enterprises=(MILL,),
        phone="0512-58880001",
        email="gu@example.org",
        consent_record="电话里同意",
    ),
    Expert(
        id="ZJ-withdrawn",
        name="程不器",
        organisation="江南钢铁研究院",
        research_fields=("薄板冷轧边裂控制", "冷轧边裂"),
        consent_withdrawn_on=date(2026, 1, 15),
    ),
    *(
        Expert(id=f"ZJ-far-{n:03d}", name=f"远某{n}", organisation="南海海洋所", research_fields=(subject,))
        for n, subject in enumerate(
            f"{sea}{life}{topic}" for sea in "渤黄东南" for life in _MARINE_LIFE for topic in _TOPICS
        )
    ),
)
"""The many in far fields make a word of the others' texts rare enough to be marked as shared."""

PLATFORMS: Final = (
    Platform(
        id="PT-1",
        name="先进轧制工程技术研究中心",
        type="工程技术研究中心",
        level="省级",
        host_organisation="江南钢铁研究院",
        province="江苏省",
        city="苏州市",
        research_fields=("冷轧", "板形"),
        services="轧制试验、边部缺陷检测",
        equipment="四辊冷轧试验机",
        certifications=("CNAS",),
        director="林一舟",
    ),
    Platform(
        id="PT-2",
        name="功能纺织品重点实验室",
        type="重点实验室",
        host_organisation="江南纺织学院",
        province="江苏省",
        services="织物性能检测",
    ),
)

ACHIEVEMENTS: Final = (
    Achievement(
        id="LW-1",
        type="论文",
        title="薄板冷轧边部裂纹的形成与抑制",
        abstract="通过调整边部张力和倒角，边裂率由 4% 降至 0.6%。试验在四辊轧机上完成。",
        keywords=("冷轧", "边裂"),
        organisation="江南钢铁研究院",
        author_ids=("ZJ-1", "ZJ-avoids", "ZJ-withdrawn"),
        year=2024,
        trl=6,
    ),
    Achievement(
        id="10.9999/ZL/2",
        type="专利",
        title="一种带钢边部加热装置",
        abstract="在轧制前加热带钢边部，减少开裂。",
        organisation="北原大学",
        author_ids=("ZJ-2",),
        year=2019,
    ),
    Achievement(
        id="LW-3",
        type="论文",
        title="异形截面涤纶的导湿性能",
        abstract="十字形截面纤维的芯吸高度提高。",
        organisation="江南纺织学院",
        author_ids=("ZJ-3",),
        year=2022,
    ),
    Achievement(
        id="LW-4",
        type="论文",
        title="硅碳负极的预锂化",
        abstract="预锂化后首次效率提高，循环寿命延长。",
        organisation="西岭大学",
        author_ids=("ZJ-4",),
        year=2025,
    ),
)

LINKS: Final = (AchievementPlatform(achievement_id="LW-1", platform_id="PT-1"),)


def fill(database: Database) -> None:
    """Create the tables and store the library."""
    database.upgrade()
    with database.write() as unit:
        unit.enterprises.upsert(ENTERPRISES)
        unit.needs.upsert(NEEDS)
        unit.experts.upsert(EXPERTS)
        unit.platforms.upsert(PLATFORMS)
        unit.achievements.upsert(ACHIEVEMENTS)
        unit.achievement_platforms.upsert(LINKS)
