"""The cockpit's figures against the same counted by hand, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recommender.domain.cockpit import CockpitScope
from recommender.domain.entities import Enterprise, Expert
from recommender.domain.errors import Forbidden, InvalidInput
from recommender.domain.facts import FACT_MEASURES, EnterpriseFact, FactIndicator
from recommender.domain.figures import Stage
from recommender.domain.kinds import EnterpriseSize, EntityKind
from recommender.domain.measures import DEFINITIONS, STAGE_MEASURES, Goal, Measure
from recommender.domain.periods import Period, PeriodKind
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.cockpit.service import CockpitService
from recommender.services.review.cases import Choice
from tests.review.city import CLOTH, FIRM, NORTH, OFFICER, STEEL, Desk, contract, pair
from tests.review.test_cases import SIGNED, walk

TODAY = date(2026, 11, 28)
YEAR = CockpitScope(period=Period.present(PeriodKind.YEAR, TODAY))
HIGH = 0.7
"""In the small city the first expert of each need has 0.75, the second 0.6, the platform 0.8."""


def cockpit(desk: Desk) -> CockpitService:
    return CockpitService(desk.database, high_score=HIGH, now=desk.clock)


def test_every_measure_says_what_it_is() -> None:
    assert set(DEFINITIONS) == set(Measure)
    assert set(STAGE_MEASURES) == set(Stage)
    for definition in DEFINITIONS.values():
        assert definition.label
        assert definition.formula.format(high="0.60")
        assert definition.source


@pytest.mark.parametrize(
    ("kind", "since", "before"),
    [
        (PeriodKind.MONTH, date(2026, 11, 1), (date(2026, 10, 1), date(2026, 10, 29))),
        (PeriodKind.QUARTER, date(2026, 10, 1), (date(2026, 7, 1), date(2026, 8, 29))),
        (PeriodKind.YEAR, date(2026, 1, 1), (date(2025, 1, 1), date(2025, 11, 29))),
    ],
)
def test_a_period_is_compared_with_as_many_days(kind: PeriodKind, since: date, before: tuple[date, date]) -> None:
    period = Period.present(kind, TODAY)
    assert (period.since, period.last) == (since, TODAY)
    assert (period.before.since, period.before.until) == before
    assert period.before.n_days == period.n_days


def test_a_longer_month_is_compared_with_the_whole_of_a_shorter_one() -> None:
    period = Period.present(PeriodKind.MONTH, date(2026, 3, 31))
    assert (period.before.since, period.before.until) == (date(2026, 2, 1), date(2026, 3, 1))
    custom = Period(PeriodKind.CUSTOM, date(2026, 3, 1), date(2026, 3, 11))
    assert (custom.before.since, custom.before.until) == (date(2026, 2, 19), date(2026, 3, 1))


def test_tiles_stand_beside_the_period_before(desk: Desk) -> None:
    desk.clock.at = datetime(2026, 10, 5, 4, tzinfo=UTC)
    walk(desk, pair("XQ-3", "ZJ-3").id, CaseState.CONFIRMED, CaseState.PUSHED)
    desk.clock.at = datetime(2026, 11, 10, 4, tzinfo=UTC)
    walk(desk, pair().id, *SIGNED[:-1])
    desk.step(pair().id, Choice(to=CaseState.SIGNED, contract=contract(80.0)))
    walk(desk, pair("XQ-2").id, CaseState.CONFIRMED, CaseState.PUSHED)
    desk.clock.at = datetime(2026, 11, 28, 4, tzinfo=UTC)
    month = CockpitScope(period=Period.present(PeriodKind.MONTH, TODAY))
    tiles = {tile.measure: tile for tile in cockpit(desk).tiles(OFFICER, month)}
    assert (tiles[Measure.PUSHED].value, tiles[Measure.PUSHED].before) == (2, 1)
    assert tiles[Measure.PUSHED].growth == pytest.approx(1.0)
    assert (tiles[Measure.SIGNED].value, tiles[Measure.SIGNED].before) == (1, 0)
    assert tiles[Measure.SIGNED].growth is None
    assert tiles[Measure.AMOUNT].value == 80.0
    assert tiles[Measure.LEVERAGE].value is None
    north = {tile.measure: tile for tile in cockpit(desk).tiles(NORTH, month)}
    assert (north[Measure.PUSHED].value, north[Measure.PUSHED].before) == (1, 0)
    only = replace(month, industry_chain="纺织")
    assert {t.measure: t for t in cockpit(desk).tiles(OFFICER, only)}[Measure.PUSHED].value == 1


def test_a_funnel_never_widens(desk: Desk) -> None:
    walk(desk, pair().id, *SIGNED[:-1])
    desk.step(pair().id, Choice(to=CaseState.SIGNED, contract=contract()))
    id = pair("XQ-2").id
    desk.step(id, Choice(to=CaseState.ADJUSTED, note="换了说明"))
    desk.step(id, Choice(to=CaseState.PUSHED))
    desk.step(pair("XQ-3").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    desk.cases.claim(OFFICER, pair("XQ-3", "ZJ-4").id, version=0)
    steps = cockpit(desk).funnel(OFFICER, YEAR)
    assert [(step.stage, step.n) for step in steps] == [
        (Stage.OPENED, 3),
        (Stage.CONFIRMED, 2),
        (Stage.RECOMMENDED, 2),
        (Stage.INTERESTED, 1),
        (Stage.ACCEPTED, 1),
        (Stage.CONTACTED, 1),
        (Stage.SIGNED, 1),
        (Stage.COMPLETED, 0),
    ]
    assert [step.of_former for step in steps[:4]] == [None, pytest.approx(2 / 3), 1.0, 0.5]
    assert steps[6].of_first == pytest.approx(1 / 3)


def test_progress_names_months_reasons_and_days(desk: Desk) -> None:
    walk(desk, pair().id, CaseState.CONFIRMED)
    desk.clock.forward(days=3)
    walk(desk, pair().id, CaseState.PUSHED)
    desk.step(pair("XQ-2").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.STAGE))
    undone = desk.step(pair("XQ-3").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    desk.undo.undo_case(OFFICER, pair("XQ-3").id, version=undone.version)
    scope = CockpitScope(period=Period.present(PeriodKind.YEAR, date(2026, 12, 31)))
    found = cockpit(desk).progress(OFFICER, scope)
    assert [month.key for month in found.months][:2] == ["2026-01", "2026-02"]
    assert [month.counts[Stage.RECOMMENDED] for month in found.months][-2:] == [0, 1]
    assert [(one.reason, one.chain, one.n) for one in found.refusals] == [(ReasonCode.STAGE, "纺织", 1)]
    desk.step(pair("XQ-1", "ZJ-4").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.BUDGET))
    north = cockpit(desk).progress(NORTH, scope).refusals
    assert [(one.reason, one.chain, one.n) for one in north] == [(ReasonCode.BUDGET, "冶金新材料", 1)]
    of_cloth = cockpit(desk).progress(OFFICER, replace(scope, industry_chain="纺织")).refusals
    assert [one.reason for one in of_cloth] == [ReasonCode.STAGE]
    (took,) = (each for each in found.days if each.later is Stage.RECOMMENDED)
    assert took.now is not None
    assert (took.now.n, took.now.median) == (1, 3.0)
    assert took.before is None
    assert [each.key for each in found.towns] == ["北港镇", "南塘镇"]


def test_supply_counts_who_is_served_and_names_who_is_not(desk: Desk) -> None:
    with desk.database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="91320582TEST000003", name="无求", town="北港镇")])
        unit.runs.forget(EntityKind.EXPERT, ["ZJ-1"])
        unit.runs.clear("20261128T010000-abc123", EntityKind.NEED, ["XQ-2"])
    found = cockpit(desk).supply(OFFICER, YEAR)
    assert found.run is not None
    assert (found.total.n_enterprises, found.total.n_enterprises_served) == (3, 1)
    assert (found.total.n_needs, found.total.n_needs_served) == (3, 2)
    towns = {line.key: line for line in found.towns}
    assert towns["北港镇"].enterprises == 0.5
    assert towns["南塘镇"].needs == 0.0
    assert towns[""].enterprises is None
    gaps = {line.field: line for line in found.gaps}
    assert (gaps["冶金新材料"].n_without_expert, gaps["冶金新材料"].n_without_any) == (1, 0)
    assert (gaps["冶金新材料"].n_experts, gaps["冶金新材料"].n_platforms) == (0, 1)
    assert [(need.id, need.best) for need in gaps["冶金新材料"].unserved] == [("XQ-1", pytest.approx(0.6))]
    assert (gaps["纺织"].n_without_any, gaps["纺织"].unserved[0].best) == (1, None)
    own = cockpit(desk).supply(NORTH, YEAR)
    assert (own.total.n_enterprises, own.total.n_needs) == (2, 1)
    with desk.database.write() as unit:
        unit.needs.upsert([replace(unit.needs.get("XQ-1"), deadline=date(2026, 1, 1))])  # type: ignore[type-var]
    assert cockpit(desk).supply(OFFICER, YEAR).total.n_needs == 2


def test_exposure_of_a_run_without_a_report_is_counted(desk: Desk) -> None:
    (line,) = cockpit(desk).exposure(OFFICER)
    assert (line.is_published, line.gini, line.coverage, line.most) == (True, pytest.approx(0.0), 1.0, 3)
    assert line.congestion is None
    with desk.database.write() as unit:
        unit.experts.upsert([Expert(id=f"ZJ-N{n}", name="新来的") for n in range(5)])
    (line,) = cockpit(desk).exposure(OFFICER)
    assert (line.gini, line.coverage) == (pytest.approx(0.5), 0.5)


def fact(code: str, indicator: FactIndicator, year: int, value: float) -> EnterpriseFact:
    unit = FACT_MEASURES[indicator].unit
    return EnterpriseFact(enterprise_code=code, year=year, indicator=indicator, value=value, unit=unit)


def test_goals_need_data_of_more_than_half(desk: Desk) -> None:
    body, projects = FactIndicator.RESEARCH_BODY_LEVEL, FactIndicator.UNIVERSITY_PROJECTS
    known = ("高新技术企业",)
    with desk.database.write() as unit:
        unit.enterprises.upsert(
            [
                replace(STEEL, size=EnterpriseSize.LARGE, above_scale=True, qualifications=known),
                replace(CLOTH, above_scale=True, qualifications=known),
                Enterprise(code="91320582TEST000003", name="小厂", size=EnterpriseSize.SMALL),
            ]
        )
        unit.enterprise_facts.upsert(
            [
                fact(STEEL.code, body, 2024, 0),
                fact(STEEL.code, body, 2025, 3),
                fact(CLOTH.code, body, 2024, 2),
                fact(CLOTH.code, body, 2025, 0),
                fact(CLOTH.code, projects, 2021, 4),
                fact(CLOTH.code, projects, 2025, 0),
            ]
        )
    goals = {line.goal: line for line in cockpit(desk).goals(OFFICER, YEAR)}
    bodies = goals[Goal.RESEARCH_BODIES]
    assert (bodies.n_all, bodies.n_known, bodies.n_met, bodies.share) == (2, 2, 1, 0.5)
    cooperation = goals[Goal.COOPERATION]
    assert (cooperation.n_all, cooperation.n_known, cooperation.n_met, cooperation.share) == (2, 1, 0, None)
    walk(desk, pair().id, *SIGNED[:-1])
    desk.step(pair().id, Choice(to=CaseState.SIGNED, contract=contract()))
    signed = {line.goal: line for line in cockpit(desk).goals(OFFICER, YEAR)}[Goal.COOPERATION]
    assert (signed.n_known, signed.n_met, signed.share) == (2, 1, 0.5)
    assert goals[Goal.PATENTS].share is None
    assert {line.goal: line for line in cockpit(desk).goals(NORTH, YEAR)}[Goal.RESEARCH_BODIES].n_all == 1


def test_who_may_look_and_at_what(desk: Desk) -> None:
    nothing = CockpitScope(period=Period(PeriodKind.CUSTOM, TODAY, TODAY))
    service = cockpit(desk)
    for read in (service.tiles, service.funnel, service.progress, service.supply, service.goals):
        with pytest.raises(Forbidden):
            read(FIRM, YEAR)
        with pytest.raises(InvalidInput):
            read(OFFICER, nothing)
    with pytest.raises(Forbidden):
        service.exposure(FIRM)


def test_an_empty_library_has_an_empty_cockpit(desk: Desk) -> None:
    with desk.database.write() as unit:
        for kind in EntityKind:
            unit.of(kind).remove([record.id for record in unit.of(kind).iterate()])
    found = cockpit(desk).supply(OFFICER, YEAR)
    assert found.total.enterprises is None
    assert found.gaps == ()
    progress = cockpit(desk).progress(OFFICER, YEAR)
    assert {step.n for step in progress.funnel} == {0}
    assert progress.period.n_days == timedelta(days=332).days
