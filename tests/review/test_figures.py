"""Key figures as the database works them out, against the same sums done by hand."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recommender.domain.errors import Forbidden, InvalidInput
from recommender.domain.figures import INTERVALS, STAGE_STATES, FigureGroup, FigureRequest, Figures, Stage
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import Choice
from recommender.services.review.figure_table import figure_csv
from recommender.services.review.figures import read_figures
from tests.review import ledger
from tests.review.city import CLOTH, FIRM, NORTH, OFFICER, STEEL, Desk, contract, pair
from tests.review.test_cases import SIGNED, walk

START = datetime(2025, 3, 1, tzinfo=UTC)
TOWNS = {STEEL.code: STEEL.town, CLOTH.code: CLOTH.town}
CHAINS = {"XQ-1": "冶金新材料", "XQ-2": "纺织"}
KEYS: dict[FigureGroup, Callable[[Any, datetime], str]] = {
    FigureGroup.ALL: lambda told, at: "",
    FigureGroup.OFFICER: lambda told, at: told["officer"],
    FigureGroup.TOWN: lambda told, at: TOWNS.get(told["enterprise"], ""),
    FigureGroup.CHAIN: lambda told, at: CHAINS.get(told["need"], ""),
    FigureGroup.MONTH: lambda told, at: f"{at:%Y-%m}",
}


def nearest_rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def by_hand(
    told: Sequence[Any], group: FigureGroup, since: datetime, until: datetime
) -> dict[str, tuple[dict[Stage, int], float, dict[Any, tuple[int, float, float]]]]:
    counts: dict[str, dict[Stage, int]] = defaultdict(lambda: dict.fromkeys(Stage, 0))
    amounts: dict[str, float] = defaultdict(float)
    days: dict[str, dict[Any, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in told:
        first = {
            stage: min(at for state, at in one["first"].items() if state in states)
            for stage, states in STAGE_STATES.items()
            if states & set(one["first"])
        }
        for stage, at in first.items():
            if since <= at < until:
                counts[KEYS[group](one, at)][stage] += 1
                if stage is Stage.SIGNED:
                    amounts[KEYS[group](one, at)] += one["amount"]
        for earlier, later in INTERVALS:
            if earlier in first and later in first and since <= first[later] < until:
                took = (first[later] - first[earlier]) / timedelta(days=1)
                days[KEYS[group](one, first[later])][earlier, later].append(took)
    return {
        key: (
            counts[key],
            amounts[key],
            {
                interval: (len(found), nearest_rank(found, 0.5), nearest_rank(found, 0.9))
                for interval, found in days[key].items()
            },
        )
        for key in counts
    }


@pytest.mark.parametrize("group", FigureGroup)
def test_figures_are_what_one_gets_by_hand(desk: Desk, url: str, group: FigureGroup) -> None:
    needs = [("XQ-1", STEEL.code), ("XQ-2", CLOTH.code), ("XQ-3", "")]
    told = ledger.fill(url, 600, needs, start=START)
    for since, until in ((None, None), (date(2025, 6, 1), date(2025, 12, 1))):
        begins = (
            datetime(since.year, since.month, since.day, tzinfo=UTC)
            if since
            else datetime.min.replace(tzinfo=UTC)
        )
        ends = (
            datetime(until.year, until.month, until.day, tzinfo=UTC)
            if until
            else datetime.max.replace(tzinfo=UTC)
        )
        expected = by_hand(told, group, begins, ends)
        wanted = FigureRequest(group=group, since=since, until=until)
        with desk.database.read() as unit:
            found = {each.key: each for each in read_figures(unit, OFFICER, wanted, timedelta())}
        assert {key for key, each in found.items() if any(each.counts.values())} == set(expected)
        for key, (counts, amount, days) in expected.items():
            assert found[key].counts == counts
            assert found[key].amount_wan == pytest.approx(amount)
            assert set(found[key].days) == set(days)
            for interval, (n, median, p90) in days.items():
                got = found[key].days[interval]
                assert (got.n, got.median, got.p90) == (n, pytest.approx(median), pytest.approx(p90))


def test_months_are_local_ones(desk: Desk) -> None:
    """At 20:00 UTC on the last of November it is December in China."""
    desk.clock.at = datetime(2026, 11, 30, 20, tzinfo=UTC)
    walk(desk, pair().id, CaseState.CONFIRMED, CaseState.PUSHED)
    wanted = FigureRequest(group=FigureGroup.MONTH)
    with desk.database.read() as unit:
        (local,) = read_figures(unit, OFFICER, wanted, timedelta(hours=8))
        (utc,) = read_figures(unit, OFFICER, wanted, timedelta())
        only_december = FigureRequest(since=date(2026, 12, 1))
        assert read_figures(unit, OFFICER, only_december, timedelta(hours=8)) != []
        assert read_figures(unit, OFFICER, only_december, timedelta()) == []
    assert (local.key, utc.key) == ("2026-12", "2026-11")


def read(desk: Desk, **wanted: Any) -> list[Figures]:
    return desk.figures.read(OFFICER, FigureRequest(**wanted))


def test_what_was_taken_back_does_not_count(desk: Desk) -> None:
    walk(desk, pair().id, *SIGNED[:-1])
    case = desk.step(pair().id, Choice(to=CaseState.SIGNED, contract=contract(80.0)))
    (figures,) = read(desk)
    assert (figures.counts[Stage.SIGNED], figures.amount_wan) == (1, 80.0)
    desk.undo.undo_case(OFFICER, pair().id, version=case.version)
    (figures,) = read(desk)
    assert (figures.counts[Stage.CONTACTED], figures.counts[Stage.SIGNED], figures.amount_wan) == (1, 0, 0.0)


def test_figures_are_of_what_the_actor_sees(desk: Desk) -> None:
    walk(desk, pair("XQ-1").id, CaseState.CONFIRMED, CaseState.PUSHED)
    walk(desk, pair("XQ-2").id, CaseState.CONFIRMED, CaseState.PUSHED)
    (own,) = desk.figures.read(NORTH, FigureRequest())
    assert own.counts[Stage.RECOMMENDED] == 1
    assert [each.key for each in read(desk, group=FigureGroup.TOWN)] == ["北港镇", "南塘镇"]
    (filtered,) = read(desk, industry_chain="纺织")
    assert filtered.counts[Stage.RECOMMENDED] == 1
    assert read(desk, officer="nobody") == []
    with pytest.raises(Forbidden):
        desk.figures.read(FIRM, FigureRequest())
    with pytest.raises(InvalidInput):
        read(desk, since=date(2026, 2, 1), until=date(2026, 2, 1))


def test_a_table_for_spreadsheets_holds_no_formula(desk: Desk) -> None:
    figures = Figures(key="=cmd()", counts=dict.fromkeys(Stage, 0))
    text = figure_csv([figures])
    assert text.startswith("\ufeff分组,推荐,")
    assert "'=cmd()," in text
