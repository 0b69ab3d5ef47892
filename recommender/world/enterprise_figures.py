"""Yearly facts of enterprises: three years that fit each other, as tax returns and audits would show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from recommender.domain.facts import FACT_MEASURES, EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.kinds import EnterpriseSize
from recommender.world.draws import chance, pick

YEARS: Final = (2023, 2024, 2025)

_REVENUE_WAN: Final[Mapping[EnterpriseSize, tuple[float, float]]] = {
    EnterpriseSize.LARGE: (11.9, 0.5),
    EnterpriseSize.MEDIUM: (10.2, 0.5),
    EnterpriseSize.SMALL: (8.2, 0.6),
    EnterpriseSize.MICRO: (6.0, 0.7),
}
"""Mean and deviation of the logarithm of the first year's revenue in 万元."""
_WAN_PER_HEAD: Final = (4.55, 0.35)
"""The same of revenue for each member of the staff."""
_CONFLICT_SHARE: Final = 0.012
_MISSING_SHARE: Final = 0.015
_EVIDENCE: Final[Mapping[FactIndicator, str]] = {
    FactIndicator.REVENUE: "{year} 年度企业所得税汇算清缴报表",
    FactIndicator.TOTAL_INCOME: "{year} 年度企业所得税汇算清缴报表",
    FactIndicator.COSTS: "{year} 年度审计报告",
    FactIndicator.NET_PROFIT: "{year} 年度审计报告",
    FactIndicator.NET_ASSETS: "{year} 年度审计报告",
    FactIndicator.TOTAL_ASSETS: "{year} 年度审计报告",
    FactIndicator.RESEARCH_SPENDING: "{year} 年度研发费用专项审计",
    FactIndicator.DOMESTIC_RESEARCH_SPENDING: "{year} 年度研发费用专项审计",
    FactIndicator.TAX_RELIEF: "{year} 年度加计扣除备查资料",
    FactIndicator.HIGH_TECH_INCOME: "{year} 年度高新产品收入专项审计",
    FactIndicator.STAFF: "{year} 年 12 月社保缴纳名单",
    FactIndicator.RESEARCHERS: "{year} 年科技统计年报",
    FactIndicator.POSTGRADUATES: "{year} 年科技统计年报",
    FactIndicator.NEW_GRADUATES: "{year} 年社保新增名单",
    FactIndicator.TECHNOLOGY_CONTRACTS: "技术合同登记证明（{year} 年）",
}
_OTHER_EVIDENCE: Final = "企业填报（{year} 年）"


@dataclass(frozen=True, slots=True)
class Character:
    """What decides an enterprise's figures.

    Attributes:
        size: of the enterprise.
        is_high_tech: whether it is a 高新技术企业: spends at least 3 % on research, lives of high-tech products.
        age: full years at the end of the last year.
    """

    size: EnterpriseSize
    is_high_tech: bool
    age: int


@dataclass(slots=True)
class _State:
    """What carries over from year to year; rights only grow unless they lapse."""

    revenue: float
    per_head: float
    net_assets: float
    class_one: int
    class_two: int
    research_ratio: float
    researcher_share: float
    body_level: int


def yearly_facts(code: str, character: Character, rng: Random) -> Iterator[EnterpriseFact]:
    """Facts of the years in which the enterprise existed, by year and then by indicator."""
    state = _start(character, rng)
    growth = rng.gauss(0.07, 0.12)
    for year in YEARS[-max(1, min(len(YEARS), character.age)) :]:
        for indicator, value in _figures(state, character, rng).items():
            yield _fact(code, year, indicator, value, rng)
        _advance(state, growth, rng)


def _start(character: Character, rng: Random) -> _State:
    revenue = rng.lognormvariate(*_REVENUE_WAN[character.size])
    ratio = rng.uniform(0.032, 0.09) if character.is_high_tech else pick(rng, (0.0, rng.uniform(0.002, 0.035)))
    is_inventive = character.is_high_tech or chance(rng, 0.15)
    return _State(
        revenue=revenue,
        per_head=rng.lognormvariate(*_WAN_PER_HEAD),
        net_assets=revenue * rng.uniform(0.25, 0.9),
        class_one=rng.randint(1, 12) if is_inventive and chance(rng, 0.7) else 0,
        class_two=rng.randint(3, 40) if is_inventive else pick(rng, (0, 0, 0, 1, 2, 4)),
        research_ratio=ratio,
        researcher_share=rng.uniform(0.10, 0.3) if character.is_high_tech else rng.uniform(0.0, 0.12),
        body_level=pick(rng, (1, 2, 3, 3, 4)) if character.is_high_tech else pick(rng, (0, 0, 0, 1)),
    )


def _figures(state: _State, character: Character, rng: Random) -> dict[FactIndicator, float]:
    staff = max(3, round(state.revenue / state.per_head))
    research = state.revenue * state.research_ratio * rng.uniform(0.92, 1.08)
    researchers = min(staff, round(staff * state.researcher_share))
    profit = state.revenue * rng.gauss(0.055, 0.05)
    income = state.revenue * rng.uniform(1.0, 1.03)
    state.net_assets = max(-0.2 * state.revenue, state.net_assets + profit * rng.uniform(0.5, 1.0))
    figures = {
        FactIndicator.REVENUE: state.revenue,
        FactIndicator.TOTAL_INCOME: income,
        FactIndicator.COSTS: max(0.0, income - profit * 1.2),
        FactIndicator.NET_PROFIT: profit,
        FactIndicator.NET_ASSETS: state.net_assets,
        FactIndicator.TOTAL_ASSETS: max(state.net_assets, 0.1 * state.revenue) * rng.uniform(1.3, 2.4),
        FactIndicator.STAFF: staff,
        FactIndicator.RESEARCHERS: researchers,
        FactIndicator.POSTGRADUATES: min(staff, round(staff * rng.uniform(0.0, 0.06))),
        FactIndicator.RESEARCH_SPENDING: research,
        FactIndicator.CLASS_ONE_RIGHTS: state.class_one,
        FactIndicator.CLASS_TWO_RIGHTS: state.class_two,
        FactIndicator.INVENTION_APPLICATIONS: rng.randint(0, 6) if research > 0 else 0,
        FactIndicator.RESEARCH_BODY_LEVEL: state.body_level,
        FactIndicator.UNIVERSITY_PROJECTS: pick(rng, (0, 0, 1, 1, 2)) if character.is_high_tech else 0,
    }
    if character.is_high_tech:
        figures |= {
            FactIndicator.HIGH_TECH_INCOME: income * rng.uniform(0.6, 0.92),
            FactIndicator.DOMESTIC_RESEARCH_SPENDING: research * rng.uniform(0.85, 1.0),
            FactIndicator.TAX_RELIEF: research * 0.15,
            FactIndicator.NEW_GRADUATES: rng.randint(0, max(1, staff // 40)),
            FactIndicator.TECHNOLOGY_CONTRACTS: pick(rng, (0.0, 0.0, rng.uniform(10, 400))),
        }
    return figures


def _advance(state: _State, growth: float, rng: Random) -> None:
    state.revenue *= max(0.4, 1 + growth + rng.gauss(0, 0.05))
    state.per_head *= 1 + rng.gauss(0.03, 0.03)
    if state.class_two > 0:
        state.class_one += pick(rng, (0, 0, 1, 2))
        state.class_two += rng.randint(0, 5)


def _fact(code: str, year: int, indicator: FactIndicator, value: float, rng: Random) -> EnterpriseFact:
    chance = rng.random()
    status = FactStatus.CONFIRMED
    if chance < _MISSING_SHARE:
        status = FactStatus.MISSING
    elif chance < _MISSING_SHARE + _CONFLICT_SHARE:
        status = FactStatus.CONFLICT
    number = float(round(value)) if FACT_MEASURES[indicator].whole else round(value, 2)
    return EnterpriseFact(
        enterprise_code=code,
        year=year,
        indicator=indicator,
        value=None if status is FactStatus.MISSING else number,
        evidence=_EVIDENCE.get(indicator, _OTHER_EVIDENCE).format(year=year),
        status=status,
    )
