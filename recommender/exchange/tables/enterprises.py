"""企业."""

from typing import Final

from recommender.domain.entities import Enterprise
from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import DAY_NOTE, PHRASES_NOTE, industry_chain, region

ENTERPRISES: Final = TableSpec(
    kind=TableKind.ENTERPRISES,
    label="企业",
    subject="enterprise",
    record=Enterprise,
    key=("code",),
    columns=(
        ColumnSpec(
            field="name",
            header="企业名称",
            aliases=("单位名称", "公司名称"),
            required=True,
            parse=parsers.short_text,
            example="张家港示例精密制造有限公司",
            note="营业执照上的全称",
        ),
        ColumnSpec(
            field="code",
            header="统一社会信用代码",
            aliases=("信用代码", "社会信用代码"),
            required=True,
            parse=parsers.credit_code,
            example="91320582000000000J",
            note="18 位，作为企业的编号；旧的 13 或 15 位注册号可以导入，会给出提示",
        ),
        ColumnSpec(
            field="town",
            header="区镇",
            aliases=("所属区镇", "所在区镇"),
            parse=parsers.short_text,
            example="杨舍镇",
            note="所在区镇",
        ),
        ColumnSpec(
            field="industry",
            header="行业",
            aliases=("所属行业",),
            parse=parsers.short_text,
            example="通用设备制造业",
            note="国民经济行业分类的名称或代码",
        ),
        industry_chain("智能装备"),
        ColumnSpec(
            field="founded_on",
            header="成立日期",
            aliases=("注册日期", "成立时间"),
            parse=parsers.day,
            example="2012-06-18",
            note=DAY_NOTE,
        ),
        ColumnSpec(
            field="registered_capital",
            header="注册资本",
            parse=parsers.short_text,
            example="500(万元人民币)",
            note="按登记内容填写，含币种",
        ),
        ColumnSpec(
            field="qualifications",
            header="资质",
            aliases=("企业资质",),
            parse=parsers.words,
            example="高新技术企业；专精特新",
            note=PHRASES_NOTE,
        ),
        ColumnSpec(
            field="main_products",
            header="主要产品",
            aliases=("主营产品",),
            parse=parsers.long_text,
            example="汽车用精密轴承套圈",
            note="主要产品与用途",
        ),
        ColumnSpec(
            field="business_scope",
            header="经营范围",
            parse=parsers.long_text,
            example="轴承、齿轮和传动部件制造；机械零件销售",
            note="营业执照上的经营范围",
        ),
        *region("江苏", "苏州"),
    ),
)
