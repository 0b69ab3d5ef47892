"""需求."""

from typing import Final

from recommender.domain.entities import Need
from recommender.domain.kinds import CooperationMode, NeedSource
from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import DAY_NOTE, PHRASES_NOTE, TRL_NOTE, industry_chain

NEEDS: Final = TableSpec(
    kind=TableKind.NEEDS,
    label="需求",
    subject="need",
    record=Need,
    key=("id",),
    columns=(
        ColumnSpec(
            field="id",
            header="需求编号",
            required=True,
            parse=parsers.identifier,
            example="XQ001",
            note="不重复的编号",
        ),
        ColumnSpec(
            field="title",
            header="需求名称",
            aliases=("需求标题", "技术需求名称"),
            required=True,
            parse=parsers.short_text,
            example="轴承套圈表面裂纹在线检测",
            note="一句话说明要解决的问题",
        ),
        ColumnSpec(
            field="description",
            header="需求描述",
            aliases=("需求内容", "详细描述"),
            parse=parsers.long_text,
            example="现靠人工目检，漏检率约 2%，希望降到 0.1% 以下",
            note="难点、指标、现有基础与应用场景",
        ),
        ColumnSpec(
            field="enterprise_code",
            header="提出企业",
            aliases=(
                "提出企业(信用代码)",
                "提出企业信用代码",
                "提出企业统一社会信用代码",
                "企业信用代码",
                "统一社会信用代码",
            ),
            parse=parsers.credit_code_reference,
            example="91320582000000000J",
            note="企业的统一社会信用代码，不是名称；可以留空",
            references=TableKind.ENTERPRISES,
        ),
        industry_chain("智能装备"),
        ColumnSpec(
            field="cooperation_mode",
            header="合作方式",
            parse=parsers.one_of(CooperationMode),
            example=CooperationMode.JOINT_DEVELOPMENT.value,
            note="只填一种",
            choices=tuple(CooperationMode),
        ),
        ColumnSpec(
            field="target_trl",
            header="期望成熟度",
            aliases=("期望TRL", "期望技术成熟度"),
            parse=parsers.trl,
            example="中试",
            note=TRL_NOTE,
        ),
        ColumnSpec(
            field="budget_wan",
            header="预期投入(万元)",
            aliases=("预期投入", "预算(万元)", "预算"),
            parse=parsers.amount_wan,
            example="80",
            note="单位万元；写明“元”或“亿元”时自动换算，“面议”按未填处理",
        ),
        ColumnSpec(
            field="deadline",
            header="截止日期",
            aliases=("截止时间",),
            parse=parsers.day,
            example="2027-06-30",
            note=DAY_NOTE,
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
            field="source",
            header="来源",
            aliases=("需求来源",),
            parse=parsers.one_of(NeedSource),
            example=NeedSource.VISIT.value,
            note="需求从哪里来",
            choices=tuple(NeedSource),
        ),
    ),
)
