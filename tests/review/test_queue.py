"""The lists officers work from: what holds now, in any order, page by page."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.errors import Forbidden, InvalidInput
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.review.cases import Choice
from tests.review.city import (
    CLOTH,
    FIRM,
    NOON,
    NORTH,
    OFFICER,
    OTHER,
    PROGRAM,
    RUN,
    STEEL,
    Desk,
    pair,
    publish,
)
from tests.review.test_cases import AGREED, walk


def lines(
    desk: Desk, view: CaseView, actor: Actor = OFFICER, *, sort: str = "", limit: int = 50, **wanted: Any
) -> list[CaseLine]:
    """Every page of a view."""
    found: list[CaseLine] = []
    cursor = ""
    while True:
        request = PageRequest(limit=limit, cursor=cursor, sort=sort)
        page = desk.queue.page(actor, CaseFilter(view=view, **wanted), request)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if not cursor:
            return found


def ids(desk: Desk, view: CaseView, actor: Actor = OFFICER, **wanted: Any) -> list[str]:
    return [line.case.id for line in lines(desk, view, actor, **wanted)]


def test_all_that_is_suggested_waits_for_review_list_by_list(desk: Desk) -> None:
    found = lines(desk, CaseView.UNREVIEWED)
    assert len(found) == 3 * 6
    keys = [
        (line.case.pair.source_id, line.case.pair.target_kind, line.case.shown.position)
        for line in found
        if line.case.shown
    ]
    assert keys == sorted(keys)
    first = found[0]
    assert (first.source_name, first.target_name, first.enterprise_name, first.town, first.industry_chain) == (
        "薄板边裂",
        "某**",
        STEEL.name,
        "北港镇",
        "冶金新材料",
    )


@pytest.mark.parametrize("sort", ["list", "score"])
def test_suggestions_come_once_in_order_and_reversed(desk: Desk, sort: str) -> None:
    desk.cases.claim(OFFICER, pair().id, version=0)
    whole = ids(desk, CaseView.UNREVIEWED, sort=sort)
    assert len(whole) == len(set(whole)) == 18
    assert ids(desk, CaseView.UNREVIEWED, sort=sort, limit=1) == whole
    assert ids(desk, CaseView.UNREVIEWED, sort=f"-{sort}", limit=5) == whole[::-1]


def test_what_was_decided_is_gone_and_what_is_claimed_says_so(desk: Desk) -> None:
    desk.step(pair(expert="ZJ-1").id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair(expert="ZJ-2").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    desk.cases.claim(OTHER, pair(expert="ZJ-3").id, version=0)
    found = {line.case.pair.target_id: line.case for line in lines(desk, CaseView.UNREVIEWED, need_id="XQ-1")}
    assert set(found) == {"PT-1", "ZJ-3", "ZJ-4", "ZJ-5"}
    assert (found["ZJ-3"].claimed_by, found["ZJ-3"].version) == (OTHER.id, 3)


def test_only_what_may_be_proposed_now_is_listed(desk: Desk) -> None:
    for need in ("XQ-1", "XQ-2"):
        walk(desk, pair(need, "ZJ-1").id, *AGREED)
    with desk.database.write() as unit:
        experts = unit.experts.get_many(["ZJ-2", "ZJ-3", "ZJ-4"])
        unit.experts.upsert(
            [
                replace(experts["ZJ-2"], consent_withdrawn_on=date(2026, 11, 1)),
                replace(experts["ZJ-3"], willingness=Willingness.PAUSED),
                replace(experts["ZJ-4"], avoided_enterprises=(CLOTH.code,)),
            ]
        )
    of = {
        need: {line.case.pair.target_id for line in lines(desk, CaseView.UNREVIEWED, need_id=need)}
        for need in ("XQ-1", "XQ-2", "XQ-3")
    }
    assert of == {"XQ-1": {"PT-1", "ZJ-4", "ZJ-5"}, "XQ-2": {"PT-1", "ZJ-5"}, "XQ-3": {"PT-1", "ZJ-4", "ZJ-5"}}


def test_needs_that_look_for_nobody_are_not_listed(desk: Desk) -> None:
    desk.needs.move(OFFICER, "XQ-1", NeedState.DIAGNOSIS, version=0, reason=ReasonCode.UNCLEAR)
    desk.clock.forward(days=60)
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED)} == {"XQ-3"}


def test_reach_and_filters_cut_the_list(desk: Desk) -> None:
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, NORTH)} == {"XQ-1"}
    weaving = Actor(
        id="o",
        role=Role.OFFICER,
        permissions=GRANTS[Role.OFFICER],
        reach=Reach(chains=frozenset({"纺织"})),
    )
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, weaving)} == {"XQ-2"}
    assert len(ids(desk, CaseView.UNREVIEWED, target_kind=EntityKind.PLATFORM)) == 3
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, town="南塘")} == {"XQ-2"}
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, industry_chain="纺织")} == {"XQ-2"}
    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, enterprise_code=STEEL.code)} == {
        "XQ-1"
    }
    assert len(ids(desk, CaseView.UNREVIEWED, target_id="ZJ-5")) == 3
    with pytest.raises(Forbidden):
        lines(desk, CaseView.UNREVIEWED, FIRM)
    with pytest.raises(Forbidden):
        lines(desk, CaseView.ALL, PROGRAM)


def test_high_scores_and_low_confidence(desk: Desk) -> None:
    """Scores fall from 0.75 by 0.15; platforms have 0.8."""
    high = lines(desk, CaseView.HIGH_SCORE)
    low = lines(desk, CaseView.LOW_CONFIDENCE)
    assert {line.case.shown.score for line in high if line.case.shown} == {0.8, 0.75, 0.6000000000000001}
    assert all(line.case.shown and line.case.shown.score < 0.4 for line in low)
    assert {line.case.pair.target_id for line in low} == {"ZJ-4", "ZJ-5"}
    assert lines(desk, CaseView.HIGH_SCORE, max_score=0.5) == []


def test_the_other_side_is_listed_by_its_source(desk: Desk) -> None:
    (line,) = lines(desk, CaseView.UNREVIEWED, source_kind=EntityKind.ACHIEVEMENT)
    assert (line.case.enterprise_code, line.source_name, line.target_name) == (STEEL.code, "边裂抑制", STEEL.name)
    assert lines(desk, CaseView.UNREVIEWED, source_kind=EntityKind.ENTERPRISE) == []
    desk.step(line.case.id, Choice(to=CaseState.CONFIRMED))
    assert lines(desk, CaseView.UNREVIEWED, source_kind=EntityKind.ACHIEVEMENT) == []
    with pytest.raises(InvalidInput):
        lines(desk, CaseView.UNREVIEWED, source_kind=EntityKind.EXPERT)


def test_views_of_what_is_under_way(desk: Desk) -> None:
    confirmed, returned, claimed, ended = (pair(expert=f"ZJ-{n}").id for n in range(2, 6))
    case = desk.step(confirmed, Choice(to=CaseState.CONFIRMED))
    walk(desk, returned, CaseState.CONFIRMED, CaseState.PUSHED)
    desk.step(returned, Choice(to=CaseState.ENTERPRISE_DECLINED, reason=ReasonCode.BUDGET))
    desk.cases.claim(OTHER, claimed, version=0)
    desk.step(ended, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    assert set(ids(desk, CaseView.MINE)) == {confirmed}
    assert set(ids(desk, CaseView.MINE, OTHER)) == {claimed}
    assert ids(desk, CaseView.RETURNED) == [returned]
    assert set(ids(desk, CaseView.OPEN)) == {confirmed, claimed}
    assert set(ids(desk, CaseView.ALL)) == {confirmed, returned, claimed, ended}
    assert ids(desk, CaseView.ALL, states=frozenset({CaseState.REJECTED})) == [ended]
    assert set(ids(desk, CaseView.ALL, officer=OFFICER.id)) == {confirmed, returned, ended}
    assert ids(desk, CaseView.ALL, FIRM) == [returned]
    assert ids(desk, CaseView.DUE) == ids(desk, CaseView.OVERDUE) == []
    assert case.due_at is not None
    desk.clock.at = case.due_at - timedelta(hours=1)
    assert confirmed in ids(desk, CaseView.DUE)
    desk.clock.at = case.due_at
    assert confirmed in ids(desk, CaseView.OVERDUE)
    assert ids(desk, CaseView.MINE, OTHER) == []


def test_what_is_due_to_oneself_goes_on_when_it_is_overdue(desk: Desk) -> None:
    mine, theirs = pair(expert="ZJ-1").id, pair(expert="ZJ-2").id
    case = desk.step(mine, Choice(to=CaseState.CONFIRMED))
    desk.step(theirs, Choice(to=CaseState.CONFIRMED), OTHER)
    assert ids(desk, CaseView.MY_DUE) == []
    assert case.due_at is not None
    for moment in (case.due_at - timedelta(hours=1), case.due_at + timedelta(days=30)):
        desk.clock.at = moment
        assert ids(desk, CaseView.MY_DUE) == [mine]
        assert ids(desk, CaseView.MY_DUE, OTHER) == [theirs]


def test_a_text_is_looked_for_in_titles_and_enterprises_and_never_in_names(desk: Desk) -> None:
    def found(text: str, view: CaseView = CaseView.UNREVIEWED) -> set[str]:
        return {line.case.pair.source_id for line in lines(desk, view, text=text)}

    assert found("边裂") == found("江岸") == found("XQ-1") == {"XQ-1"}
    assert {line.case.pair.target_id for line in lines(desk, CaseView.UNREVIEWED, text="ZJ-3")} == {"ZJ-3"}
    assert found("某专家1") == found("ZJ-") == found("\0") == set()
    desk.step(pair().id, Choice(to=CaseState.CONFIRMED))
    assert found("边裂", CaseView.ALL) == found("ZJ-1", CaseView.ALL) == {"XQ-1"}
    assert found("某专家1", CaseView.ALL) == found("化纤", CaseView.ALL) == set()


def test_counts_agree_with_the_lists_and_end_where_they_are_told(desk: Desk) -> None:
    desk.step(pair().id, Choice(to=CaseState.CONFIRMED))
    wanted = [CaseFilter(view=view) for view in CaseView] + [CaseFilter(need_id="XQ-2", text="化纤")]
    for actor in (OFFICER, OTHER, NORTH):
        counts = desk.queue.counts(actor, wanted, most=1000)
        assert counts == [len(lines(desk, one.view, actor, need_id=one.need_id, text=one.text)) for one in wanted]
    assert sum(counts) > 0
    assert desk.queue.counts(OFFICER, [CaseFilter()], most=5) == [5]
    with pytest.raises(Forbidden):
        desk.queue.counts(FIRM, [CaseFilter()], most=5)
    with pytest.raises(InvalidInput):
        desk.queue.counts(OFFICER, [CaseFilter(source_kind=EntityKind.EXPERT)], most=5)


@pytest.mark.parametrize("sort", ["updated", "opened", "due", "score"])
def test_matches_come_once_in_order_and_reversed(desk: Desk, sort: str) -> None:
    for n in range(1, 6):
        desk.clock.forward(minutes=1)
        desk.step(pair("XQ-1", f"ZJ-{n}").id, Choice(to=CaseState.CONFIRMED))
        desk.step(pair("XQ-2", f"ZJ-{n}").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    whole = ids(desk, CaseView.ALL, sort=sort)
    assert len(whole) == len(set(whole)) == 10
    assert ids(desk, CaseView.ALL, sort=sort, limit=3) == whole
    assert ids(desk, CaseView.ALL, sort=f"-{sort}", limit=1) == whole[::-1]


def test_matches_outlive_the_run_and_the_next_one_lists_what_is_new(desk: Desk) -> None:
    desk.step(pair().id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair(expert="ZJ-2").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    second = "20261129T010000-def456"
    with desk.database.write() as unit:
        publish(unit, second)
    unreviewed = lines(desk, CaseView.UNREVIEWED, need_id="XQ-1")
    assert {line.case.pair.target_id for line in unreviewed} == {"PT-1", "ZJ-3", "ZJ-4", "ZJ-5"}
    assert {line.case.shown.run_id for line in unreviewed if line.case.shown} == {second}
    case = desk.cases.get(OFFICER, pair().id).case
    assert case.shown is not None
    assert case.shown.run_id == RUN


def test_before_any_run_there_is_nothing_to_review(database: Any) -> None:
    desk = Desk(database)
    assert lines(desk, CaseView.UNREVIEWED) == []
    assert desk.queue.counts(OFFICER, [CaseFilter()], most=5) == [0]
    assert desk.clock() == NOON


def test_a_cursor_belongs_to_its_list(desk: Desk) -> None:
    page = desk.queue.page(OFFICER, CaseFilter(view=CaseView.UNREVIEWED), PageRequest(limit=2))
    with pytest.raises(InvalidInput):
        desk.queue.page(
            OFFICER,
            CaseFilter(view=CaseView.UNREVIEWED),
            PageRequest(limit=2, cursor=page.next_cursor, sort="score"),
        )
    with pytest.raises(InvalidInput):
        desk.queue.page(OFFICER, CaseFilter(view=CaseView.ALL), PageRequest(sort="list"))
