"""企业年度数据: one row for each enterprise, year and indicator."""

from typing import Final

from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus, FactUnit
from recommender.exchange import forms, renderers
from recommender.exchange import vocabularies as words
from recommender.exchange.columns import ADMINISTRATION, ColumnSpec, TableKind, TableSpec
from recommender.exchange.fact_values import fact_unit, fact_value, settle_fact

ENTERPRISE_FACTS: Final = TableSpec(
    kind=TableKind.ENTERPRISE_FACTS,
    label="企业年度数据",
    subject="enterprise_fact",
    record=EnterpriseFact,
    key=("enterprise_code", "year", "indicator"),
    settle=settle_fact,
    settled=frozenset({"unit", "status"}),
    columns=(
        ColumnSpec(
            field="enterprise_code",
            header="信用代码",
            aliases=("统一社会信用代码", "社会信用代码", "企业信用代码"),
            required=True,
            form=forms.CREDIT_CODE_REFERENCE,
            example="91320582000000000J",
            note="已导入的企业的统一社会信用代码",
            references=TableKind.ENTERPRISES,
        ),
        ColumnSpec(
            field="year",
            header="年度",
            aliases=("年份", "统计年度", "所属年度"),
            required=True,
            form=forms.YEAR,
            example="2025",
            note="数据所属的年度",
        ),
        ColumnSpec(
            field="indicator",
            header="指标",
            aliases=("指标名称",),
            required=True,
            form=forms.one_of(FactIndicator, words.FACT_INDICATORS),
            example=FactIndicator.REVENUE.value,
            note="每行一个指标，各指标的含义与单位见附表",
        ),
        ColumnSpec(
            field="value",
            header="数值",
            aliases=("指标值", "值"),
            must_exist=True,
            form=forms.Form(parse=fact_value, kind=forms.CellKind.NUMBER, width=14),
            example="8560.5",
            note="一个数；金额可以带单位，例如 1.2亿元，须与“单位”列一致；研发机构级别可以写“省级”等；"
            "没有数据时留空，登记为“缺失”",
        ),
        ColumnSpec(
            field="unit",
            header="单位",
            aliases=("计量单位",),
            form=forms.Form(
                parse=fact_unit, render=renderers.word, choices=tuple(FactUnit), is_closed=False, width=8
            ),
            example=FactUnit.WAN.value,
            note="元、千元、百万元、亿元等自动换算成万元；留空时按指标的单位，金额会给出提示",
        ),
        ColumnSpec(
            field="evidence",
            header="依据",
            aliases=("数据依据", "数据来源", "来源"),
            group=ADMINISTRATION,
            form=forms.LONG_TEXT,
            example="2025 年度审计报告",
            note="数据出自哪里",
        ),
        ColumnSpec(
            field="status",
            header="状态",
            aliases=("数据状态",),
            group=ADMINISTRATION,
            form=forms.one_of(FactStatus, words.FACT_STATUSES),
            example=FactStatus.CONFIRMED.value,
            note="留空或没有此列时，有数值按“已确认”，没有数值按“缺失”；几处来源不一致时填“有冲突”",
        ),
    ),
)
