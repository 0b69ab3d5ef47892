"""专家."""

from typing import Final

from recommender.domain.entities import Expert
from recommender.domain.kinds import CooperationMode, Willingness
from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import DAY_NOTE, PHRASES_NOTE, industry_chain, region, research_fields

EXPERTS: Final = TableSpec(
    kind=TableKind.EXPERTS,
    label="专家",
    subject="expert",
    record=Expert,
    key=("id",),
    columns=(
        ColumnSpec(
            field="id",
            header="专家编号",
            required=True,
            parse=parsers.identifier,
            example="ZJ001",
            note="不重复的编号",
        ),
        ColumnSpec(
            field="name",
            header="姓名",
            aliases=("专家姓名",),
            required=True,
            parse=parsers.short_text,
            example="张某某",
            note="专家姓名",
        ),
        ColumnSpec(
            field="organisation",
            header="单位",
            aliases=("工作单位", "所在单位"),
            parse=parsers.short_text,
            example="示例大学",
            note="所在高校、院所或企业",
        ),
        ColumnSpec(
            field="department",
            header="院系",
            aliases=("部门", "院系部门"),
            parse=parsers.short_text,
            example="机械工程学院",
            note="院系或部门",
        ),
        ColumnSpec(
            field="job_title", header="职称", parse=parsers.short_text, example="教授", note="专业技术职称"
        ),
        ColumnSpec(
            field="honours",
            header="称号",
            aliases=("荣誉称号",),
            parse=parsers.short_text,
            example="江苏省“双创”人才",
            note="人才称号，按原文填写",
        ),
        *region("江苏", "南京"),
        research_fields("机器视觉；无损检测"),
        ColumnSpec(
            field="discipline",
            header="学科",
            aliases=("所属学科",),
            parse=parsers.short_text,
            example="机械工程",
            note="一级学科",
        ),
        industry_chain("智能装备"),
        ColumnSpec(
            field="solvable_problems",
            header="能解决的问题",
            aliases=("可解决的问题", "可提供的服务"),
            parse=parsers.long_text,
            example="金属零件表面微裂纹的在线检测与分级",
            note="用企业看得懂的话写",
        ),
        ColumnSpec(
            field="biography",
            header="简介",
            aliases=("个人简介", "专家简介"),
            parse=parsers.long_text,
            example="长期从事机器视觉检测研究，与多家制造企业合作",
            note="经历与代表性工作",
        ),
        ColumnSpec(
            field="cooperation_modes",
            header="可接受合作方式",
            aliases=("合作方式",),
            parse=parsers.some_of(CooperationMode),
            example="技术诊断；联合开发",
            note=PHRASES_NOTE,
            choices=tuple(CooperationMode),
        ),
        ColumnSpec(
            field="capacity",
            header="容量",
            aliases=("容量(并发上限)",),
            parse=parsers.count,
            example="3",
            note="同时承接的对接数上限；留空表示未说明",
        ),
        ColumnSpec(
            field="n_active_engagements",
            header="在办数",
            parse=parsers.count,
            example="1",
            note="正在进行的对接数",
        ),
        ColumnSpec(
            field="willingness",
            header="意愿",
            aliases=("合作意愿",),
            parse=parsers.one_of(Willingness),
            example=Willingness.OPEN.value,
            note="留空按“开放”处理",
            choices=tuple(Willingness),
        ),
        ColumnSpec(
            field="avoided_enterprises",
            header="回避单位",
            aliases=("回避企业",),
            parse=parsers.phrases,
            example="张家港示例精密制造有限公司",
            note="不向这些单位推荐；填信用代码或全称，" + PHRASES_NOTE,
        ),
        ColumnSpec(
            field="consent_withdrawn_on",
            header="撤回同意日期",
            parse=parsers.day,
            example="2026-05-01",
            note="填写后不再推荐该专家；" + DAY_NOTE,
        ),
        ColumnSpec(
            field="verified_on",
            header="最近核验日期",
            aliases=("核验日期",),
            parse=parsers.day,
            example="2026-03-15",
            note=DAY_NOTE,
        ),
        ColumnSpec(
            field="data_source",
            header="数据来源",
            parse=parsers.short_text,
            example="本人填报",
            note="信息从哪里来",
        ),
    ),
    derived=("成果数",),
)
