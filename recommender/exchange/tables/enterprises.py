"""企业."""

from typing import Final

from recommender.domain.entities import Enterprise
from recommender.domain.kinds import EnterpriseNature, EnterpriseSize
from recommender.exchange import forms
from recommender.exchange import vocabularies as words
from recommender.exchange.columns import ADMINISTRATION, CONTENT, ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import DAY_NOTE, INDUSTRY_NOTE, PHRASES_NOTE, industry_chain, region

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
            form=forms.SHORT_TEXT,
            example="张家港示例精密制造有限公司",
            note="营业执照上的全称",
        ),
        ColumnSpec(
            field="code",
            header="统一社会信用代码",
            aliases=("信用代码", "社会信用代码"),
            required=True,
            form=forms.CREDIT_CODE,
            example="91320582000000000J",
            note="18 位，作为企业的编号；旧的 13 或 15 位注册号可以导入，会给出提示",
        ),
        ColumnSpec(
            field="town",
            header="区镇",
            aliases=("所属区镇", "所在区镇"),
            form=forms.TOWN,
            example="塘桥镇",
            note="所在区镇；常见的别名会统一写法，例如“高新区”写成“塘桥镇”",
        ),
        ColumnSpec(
            field="industry",
            header="行业",
            aliases=("所属行业",),
            form=forms.INDUSTRY,
            example="C3451 滚动轴承制造",
            note=INDUSTRY_NOTE,
        ),
        industry_chain("智能装备"),
        ColumnSpec(
            field="founded_on",
            header="成立日期",
            aliases=("注册日期", "成立时间"),
            form=forms.DAY,
            example="2012-06-18",
            note=DAY_NOTE,
        ),
        ColumnSpec(
            field="registered_capital",
            header="注册资本",
            form=forms.SHORT_TEXT,
            example="500(万元人民币)",
            note="按登记内容填写，含币种",
        ),
        ColumnSpec(
            field="qualifications",
            header="资质",
            aliases=("企业资质",),
            group=ADMINISTRATION,
            form=forms.preferred_words(tuple(words.QUALIFICATIONS), words.QUALIFICATIONS, warn=False),
            example="高新技术企业；专精特新中小企业",
            note=PHRASES_NOTE,
        ),
        ColumnSpec(
            field="main_products",
            header="主要产品",
            group=CONTENT,
            aliases=("主营产品",),
            form=forms.LONG_TEXT,
            example="汽车用精密轴承套圈",
            note="主要产品与用途",
        ),
        ColumnSpec(
            field="business_scope",
            header="经营范围",
            group=CONTENT,
            form=forms.LONG_TEXT,
            example="轴承、齿轮和传动部件制造；机械零件销售",
            note="营业执照上的经营范围",
        ),
        *region("江苏", "苏州"),
        ColumnSpec(
            field="former_names",
            header="曾用名",
            aliases=("曾用名称", "原名称"),
            form=forms.PHRASES,
            example="张家港示例轴承厂",
            note="以前登记过的名称，" + PHRASES_NOTE,
        ),
        ColumnSpec(
            field="nature",
            header="性质",
            aliases=("企业性质", "经济性质"),
            group=ADMINISTRATION,
            form=forms.preferred(tuple(EnterpriseNature), words.ENTERPRISE_NATURES, warn=False),
            example=EnterpriseNature.PRIVATE.value,
            note="按登记或统计口径填写",
        ),
        ColumnSpec(
            field="size",
            header="规模",
            aliases=("企业规模",),
            group=ADMINISTRATION,
            form=forms.one_of(EnterpriseSize, words.ENTERPRISE_SIZES),
            example=EnterpriseSize.MEDIUM.value,
            note="按统计上大中小微型企业划分标准",
        ),
        ColumnSpec(
            field="above_scale",
            header="规上",
            aliases=("是否规上", "规模以上"),
            group=ADMINISTRATION,
            form=forms.TRUTH,
            example="是",
            note="是否为规模以上企业；未知时留空",
        ),
    ),
)
