"""Yearly facts of enterprises: what schemes of scoring are computed from.

Every fact is one number of one year in the one unit of its indicator, with where it comes from and how sure
it is. A long table rather than a wide one: indicators come and go with the schemes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FactStatus(StrEnum):
    """How sure a yearly fact is (状态)."""

    CONFIRMED = "已确认"
    CONFLICT = "有冲突"
    MISSING = "缺失"


class FactUnit(StrEnum):
    """The units in which facts are kept."""

    WAN = "万元"
    PERSONS = "人"
    PIECES = "件"
    ITEMS = "项"
    BODIES = "个"
    EVENTS = "起"
    LEVEL = "级"


class FactIndicator(StrEnum):
    """指标 of a year."""

    REVENUE = "营业收入"
    TOTAL_INCOME = "总收入"
    HIGH_TECH_INCOME = "高新产品收入"
    RESEARCH_SPENDING = "研发费用"
    DOMESTIC_RESEARCH_SPENDING = "境内研发费用"
    COSTS = "成本费用"
    TAX_RELIEF = "加计扣除减免税额"
    NET_PROFIT = "净利润"
    NET_ASSETS = "净资产"
    TOTAL_ASSETS = "资产总额"
    TECHNOLOGY_CONTRACTS = "技术合同成交额"
    VENTURE_CAPITAL = "风险投资"
    STAFF = "职工人数"
    RESEARCHERS = "科技人员"
    POSTGRADUATES = "研究生以上"
    NEW_GRADUATES = "应届生"
    CLASS_ONE_RIGHTS = "Ⅰ类知识产权"
    CLASS_TWO_RIGHTS = "Ⅱ类知识产权"
    INVENTION_APPLICATIONS = "发明专利申请"
    PCT_APPLICATIONS = "PCT申请"
    STANDARDS = "制定标准"
    CONVERSIONS = "成果转化"
    RESEARCH_BODY_LEVEL = "研发机构级别"
    RESEARCH_BODIES = "省级以上研发平台"
    UNIVERSITY_PROJECTS = "产学研项目"
    AWARDS = "科技奖励"
    PROGRAMMES = "科技计划项目"
    ACCIDENTS = "重大事故"


class ResearchBodyLevel(StrEnum):
    """Words for the levels of 研发机构级别: the highest recognised R&D body that the enterprise has."""

    NONE = "无"
    OWN = "企业自建"
    COUNTY = "县级"
    MUNICIPAL = "市级"
    PROVINCIAL = "省级"
    NATIONAL = "国家级"

    @property
    def rank(self) -> int:
        """0 (none) to 5 (national): the value of the fact."""
        return list(ResearchBodyLevel).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMeasure:
    """How an indicator is measured.

    Attributes:
        unit: in which its values are kept.
        whole: whether values are whole numbers.
        minimum: smallest value, ``None`` where losses and debts are values too.
        maximum: largest value, ``None`` where there is none.
        meaning: zh-CN sentence on what is counted.
    """

    unit: FactUnit
    meaning: str
    whole: bool = False
    minimum: float | None = 0.0
    maximum: float | None = None


def _count(unit: FactUnit, meaning: str) -> FactMeasure:
    return FactMeasure(unit=unit, meaning=meaning, whole=True)


def _amount(meaning: str, *, may_be_negative: bool = False) -> FactMeasure:
    return FactMeasure(unit=FactUnit.WAN, meaning=meaning, minimum=None if may_be_negative else 0.0)


FACT_MEASURES: Final[Mapping[FactIndicator, FactMeasure]] = {
    FactIndicator.REVENUE: _amount("当年营业收入（销售收入）"),
    FactIndicator.TOTAL_INCOME: _amount("当年收入总额减不征税收入"),
    FactIndicator.HIGH_TECH_INCOME: _amount("当年高新技术产品（服务）收入"),
    FactIndicator.RESEARCH_SPENDING: _amount("当年研究开发费用总额"),
    FactIndicator.DOMESTIC_RESEARCH_SPENDING: _amount("研究开发费用中在境内发生的部分"),
    FactIndicator.COSTS: _amount("当年成本费用支出总额"),
    FactIndicator.TAX_RELIEF: _amount("研发费用加计扣除所得税减免额"),
    FactIndicator.NET_PROFIT: _amount("当年净利润，亏损为负", may_be_negative=True),
    FactIndicator.NET_ASSETS: _amount("年末净资产，资不抵债为负", may_be_negative=True),
    FactIndicator.TOTAL_ASSETS: _amount("年末资产总额"),
    FactIndicator.TECHNOLOGY_CONTRACTS: _amount("当年登记的技术合同成交额"),
    FactIndicator.VENTURE_CAPITAL: _amount("当年获得的风险投资金额"),
    FactIndicator.STAFF: _count(FactUnit.PERSONS, "年末职工总数"),
    FactIndicator.RESEARCHERS: _count(FactUnit.PERSONS, "从事研发和相关技术创新活动的科技人员"),
    FactIndicator.POSTGRADUATES: _count(FactUnit.PERSONS, "研究生及以上学历的职工"),
    FactIndicator.NEW_GRADUATES: _count(FactUnit.PERSONS, "当年吸纳的高校应届毕业生"),
    FactIndicator.CLASS_ONE_RIGHTS: _count(
        FactUnit.PIECES, "年末拥有的发明专利、植物新品种、国家新药、集成电路布图设计等"
    ),
    FactIndicator.CLASS_TWO_RIGHTS: _count(FactUnit.PIECES, "年末拥有的实用新型、外观设计、软件著作权等"),
    FactIndicator.INVENTION_APPLICATIONS: _count(FactUnit.PIECES, "当年与主营业务相关的发明专利申请"),
    FactIndicator.PCT_APPLICATIONS: _count(FactUnit.PIECES, "当年与主营业务相关的 PCT 申请"),
    FactIndicator.STANDARDS: _count(FactUnit.ITEMS, "主导或参与制定的国家、行业等标准"),
    FactIndicator.CONVERSIONS: _count(FactUnit.ITEMS, "当年科技成果转化"),
    FactIndicator.RESEARCH_BODY_LEVEL: FactMeasure(
        unit=FactUnit.LEVEL,
        meaning="最高一级研发机构：" + "、".join(f"{level.rank} {level}" for level in ResearchBodyLevel),
        whole=True,
        maximum=float(ResearchBodyLevel.NATIONAL.rank),
    ),
    FactIndicator.RESEARCH_BODIES: _count(FactUnit.BODIES, "近两年获批的省级以上研发或创新平台"),
    FactIndicator.UNIVERSITY_PROJECTS: _count(FactUnit.ITEMS, "当年在执行的产学研合作项目"),
    FactIndicator.AWARDS: _count(FactUnit.ITEMS, "近两年获得的省级以上科技奖励"),
    FactIndicator.PROGRAMMES: _count(FactUnit.ITEMS, "近两年承担的省级以上科技计划项目"),
    FactIndicator.ACCIDENTS: _count(FactUnit.EVENTS, "当年重大安全、重大质量事故或严重环境违法"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseFact:
    """One number of one enterprise and year.

    Attributes:
        value: in ``unit``; ``None`` where it is missing, or where sources contradict each other and nobody has
            decided yet.
        unit: that of the indicator; left out, it is filled in.
        evidence: where the number comes from, such as a tax return or an audit report.
    """

    enterprise_code: str
    year: int
    indicator: FactIndicator
    value: float | None = None
    unit: FactUnit | None = None
    evidence: str = ""
    status: FactStatus = FactStatus.CONFIRMED

    def __post_init__(self) -> None:
        unit = FACT_MEASURES[self.indicator].unit
        if self.unit is None:
            object.__setattr__(self, "unit", unit)
        elif self.unit is not unit:
            raise ValueError(f"{self.indicator} is kept in {unit}, not in {self.unit}")

    @property
    def id(self) -> str:
        """Enterprise, year and indicator as one key; only the enterprise's code could hold the separator."""
        return f"{self.enterprise_code}|{self.year}|{self.indicator.value}"
