"""成果, and which platform each came from."""

from typing import Final

from recommender.domain.entities import Achievement, AchievementPlatform
from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import PHRASES_NOTE, TRL_NOTE, industry_chain

ACHIEVEMENTS: Final = TableSpec(
    kind=TableKind.ACHIEVEMENTS,
    label="成果",
    subject="achievement",
    record=Achievement,
    key=("id",),
    columns=(
        ColumnSpec(
            field="id",
            header="成果编号",
            required=True,
            parse=parsers.identifier,
            example="CG001",
            note="不重复的编号",
        ),
        ColumnSpec(
            field="type",
            header="成果类型",
            aliases=("成果类别",),
            required=True,
            parse=parsers.short_text,
            example="专利",
            note="论文、专利、项目、获奖、标准等",
        ),
        ColumnSpec(
            field="title",
            header="成果名称",
            aliases=("成果标题",),
            required=True,
            parse=parsers.short_text,
            example="一种轴承套圈表面裂纹检测方法",
            note="题名",
        ),
        ColumnSpec(
            field="abstract",
            header="摘要",
            aliases=("成果简介",),
            parse=parsers.long_text,
            example="采用多角度照明与小样本学习，识别宽度大于 20 微米的裂纹",
            note="摘要或简介",
        ),
        ColumnSpec(
            field="keywords",
            header="关键词",
            aliases=("关键字",),
            parse=parsers.phrases,
            example="机器视觉；裂纹检测",
            note=PHRASES_NOTE,
        ),
        ColumnSpec(
            field="organisation",
            header="完成单位",
            parse=parsers.short_text,
            example="示例大学",
            note="第一完成单位或专利权人",
        ),
        ColumnSpec(
            field="author_ids",
            header="完成人编号",
            parse=parsers.identifiers,
            example="ZJ001；ZJ002",
            note="专家编号，按署名次序，" + PHRASES_NOTE + "；可以留空",
            references=TableKind.EXPERTS,
        ),
        ColumnSpec(
            field="year",
            header="年份",
            aliases=("年度",),
            parse=parsers.year,
            example="2024",
            note="发表或授权的年份",
        ),
        ColumnSpec(
            field="trl",
            header="成熟度",
            aliases=("技术成熟度", "TRL"),
            parse=parsers.trl,
            example="小试",
            note=TRL_NOTE,
        ),
        industry_chain("智能装备"),
        ColumnSpec(
            field="application_industry",
            header="应用行业",
            parse=parsers.short_text,
            example="通用设备制造业",
            note="可以用在哪些行业",
        ),
        ColumnSpec(
            field="transfer_modes",
            header="转化方式",
            parse=parsers.words,
            example="许可；合作",
            note="转让、许可、作价投资、合作、自行，" + PHRASES_NOTE,
        ),
    ),
)

ACHIEVEMENT_PLATFORMS: Final = TableSpec(
    kind=TableKind.ACHIEVEMENT_PLATFORMS,
    label="成果与平台的关联",
    subject="achievement_platform",
    record=AchievementPlatform,
    key=("achievement_id", "platform_id"),
    columns=(
        ColumnSpec(
            field="achievement_id",
            header="成果编号",
            required=True,
            parse=parsers.identifier,
            example="CG001",
            note="已导入的成果",
            references=TableKind.ACHIEVEMENTS,
        ),
        ColumnSpec(
            field="platform_id",
            header="平台编号",
            required=True,
            parse=parsers.identifier,
            example="PT001",
            note="产生该成果的创新平台",
            references=TableKind.PLATFORMS,
        ),
    ),
)
