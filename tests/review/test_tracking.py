"""Following matches: the board, what a match's page shows, what waits, and the table for spreadsheets."""

import csv
import io
import itertools
from datetime import date, timedelta

import pytest

from recommender.domain.accounts import Account, AccountState, Reach, Role
from recommender.domain.case_groups import FOLLOWED_STATES, GROUP_OF, GROUP_STATES, PATH, CaseGroup, StateCount
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.errors import Forbidden, NotFound
from recommender.domain.figures import Stage
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.services.personal.consents import ConsentService
from recommender.services.review.case_table import case_csv
from recommender.services.review.cases import Choice
from recommender.services.review.tracking import ContactGate
from recommender.services.review.waiting import Waiting
from tests.review.city import FIRM, NOON, NORTH, OFFICER, OTHER, PROGRAM, STEEL, Desk, pair
from tests.review.test_cases import AGREED, SIGNED, walk

ALL = CaseFilter(view=CaseView.ALL)


def columns(desk: Desk, actor: object = OFFICER, wanted: CaseFilter = ALL) -> dict[CaseGroup, tuple[int, int]]:
    board = desk.tracking.board(actor, wanted, per_column=10)  # type: ignore[arg-type]
    assert all(len(column.lines) == min(column.count.n, 10) for column in board)
    return {column.group: (column.count.n, column.count.n_overdue) for column in board if column.count.n}


def five(desk: Desk) -> None:
    """One match in each of five places, and one that nobody has decided on."""
    walk(desk, pair("XQ-1", "ZJ-1").id, CaseState.CONFIRMED)
    walk(desk, pair("XQ-1", "ZJ-2").id, CaseState.CONFIRMED, CaseState.PUSHED)
    walk(desk, pair("XQ-1", "ZJ-3").id, *AGREED)
    walk(desk, pair("XQ-2", "ZJ-4").id, *SIGNED)
    desk.step(pair("XQ-2", "ZJ-5").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    desk.cases.claim(OFFICER, pair("XQ-2", "ZJ-1").id, version=0)


def test_every_state_that_is_followed_has_one_group_and_the_way_leads_through_them() -> None:
    grouped = [state for states in GROUP_STATES.values() for state in states]
    assert len(grouped) == len(set(grouped)) == len(FOLLOWED_STATES)
    assert frozenset(CaseState) - FOLLOWED_STATES == {CaseState.SUGGESTED, CaseState.IN_REVIEW}
    groups = [list(CaseGroup).index(GROUP_OF[state]) for state in PATH]
    assert groups == sorted(groups)
    ends = {(step.source, step.target) for step in CASES.steps}
    assert all(pair in ends for pair in itertools.pairwise(PATH))


def test_the_board_counts_each_group_and_what_is_overdue_there(desk: Desk) -> None:
    five(desk)
    expected = {
        CaseGroup.PUSH: (1, 0),
        CaseGroup.ENTERPRISE: (1, 0),
        CaseGroup.TALKS: (1, 0),
        CaseGroup.CONTRACT: (1, 0),
        CaseGroup.ENDED: (1, 0),
    }
    assert columns(desk) == expected
    desk.clock.forward(days=6)
    late = {CaseGroup.PUSH: (1, 1), CaseGroup.TALKS: (1, 1)}
    assert columns(desk) == expected | late
    assert columns(desk, wanted=CaseFilter(view=CaseView.OVERDUE)) == late


def test_every_view_is_counted_as_it_is_listed(desk: Desk) -> None:
    five(desk)
    walk(desk, pair("XQ-1", "ZJ-4").id, CaseState.CONFIRMED, CaseState.PUSHED)
    desk.step(pair("XQ-1", "ZJ-4").id, Choice(to=CaseState.ENTERPRISE_DECLINED, reason=ReasonCode.BUDGET), FIRM)
    desk.clock.forward(days=2, hours=1)
    for actor in (OFFICER, OTHER, NORTH, FIRM):
        counted = desk.tracking.views(actor, CaseFilter(states=frozenset({CaseState.SIGNED})))
        listed = {
            view: len(desk.queue.page(actor, CaseFilter(view=view, states=FOLLOWED_STATES), PageRequest()).items)
            for view in counted
        }
        assert counted == listed, actor.id
    assert desk.tracking.views(OFFICER, CaseFilter(text="边裂"))[CaseView.ALL] == 4


def test_a_column_shows_what_is_due_first_and_counts_the_rest(desk: Desk) -> None:
    for n in range(1, 5):
        desk.clock.forward(hours=1)
        walk(desk, pair("XQ-1", f"ZJ-{n}").id, CaseState.CONFIRMED)
    (column,) = (each for each in desk.tracking.board(OFFICER, ALL, per_column=2) if each.count.n)
    assert (column.count.n, column.count.n_overdue) == (4, 0)
    assert [line.case.pair.target_id for line in column.lines] == ["ZJ-1", "ZJ-2"]
    assert [line.enterprise_name for line in column.lines] == [STEEL.name] * 2


def test_everybody_sees_their_own_and_an_enterprise_nothing_before_the_push(desk: Desk) -> None:
    five(desk)
    assert columns(desk, NORTH) == {
        CaseGroup.PUSH: (1, 0),
        CaseGroup.ENTERPRISE: (1, 0),
        CaseGroup.TALKS: (1, 0),
    }
    assert columns(desk, FIRM) == {CaseGroup.ENTERPRISE: (1, 0), CaseGroup.TALKS: (1, 0)}
    assert CaseGroup.PUSH not in {column.group for column in desk.tracking.board(FIRM, ALL, per_column=1)}
    with pytest.raises(Forbidden):
        desk.tracking.board(PROGRAM, ALL, per_column=1)


def test_matches_are_found_by_what_they_are_about_and_persons_by_id_alone(desk: Desk) -> None:
    five(desk)

    def found(text: str) -> set[str]:
        board = desk.tracking.board(OFFICER, CaseFilter(view=CaseView.ALL, text=text), per_column=10)
        return {line.case.need_id for column in board for line in column.lines}

    for text in ("边裂", "江岸", STEEL.code):
        assert found(text) == {"XQ-1"}, text
    for text in ("XQ-2", "ZJ-4"):
        assert found(text) == {"XQ-2"}, text
    for text in ("某专家", "某专家1", "XQ", "\0"):
        assert found(text) == set(), text


def test_platforms_and_achievements_are_found_by_name(desk: Desk) -> None:
    from recommender.domain.cases import Pair

    walk(desk, Pair(EntityKind.NEED, "XQ-1", EntityKind.PLATFORM, "PT-1").id, CaseState.CONFIRMED)
    walk(desk, Pair(EntityKind.ACHIEVEMENT, "LW-1", EntityKind.ENTERPRISE, STEEL.code).id, CaseState.CONFIRMED)
    for text, n in (("轧制", 1), ("抑制", 1), ("江岸", 2)):
        assert sum(n for n, _ in columns(desk, wanted=CaseFilter(view=CaseView.ALL, text=text)).values()) == n


def test_suggestions_can_be_searched_in_the_same_way(desk: Desk) -> None:
    from tests.review.test_queue import lines

    assert {line.case.need_id for line in lines(desk, CaseView.UNREVIEWED, text="排汗")} == {"XQ-2"}
    assert {line.case.pair.target_id for line in lines(desk, CaseView.UNREVIEWED, text="ZJ-3")} == {"ZJ-3"}
    assert lines(desk, CaseView.UNREVIEWED, text="某专家3") == []
    by_title = lines(desk, CaseView.UNREVIEWED, source_kind=EntityKind.ACHIEVEMENT, text="抑制")
    assert [line.case.pair.source_id for line in by_title] == ["LW-1"]


class TestOne:
    def test_says_who_acted_and_what_to_do_where_nothing_can_be_explained(self, desk: Desk) -> None:
        account(desk, OFFICER.id, Role.OFFICER)
        walk(desk, pair().id, *AGREED)
        seen = desk.tracking.one(OFFICER, pair().id)
        assert seen.explained.match is None
        assert "matchmaker index build" in "".join(seen.explained.notes)
        assert seen.names == {OFFICER.id: f"账号{OFFICER.id}"}
        own = desk.tracking.one(FIRM, pair().id)
        assert own.names == {}
        assert own.detail.timeline[0].to_state is CaseState.PUSHED

    def test_says_until_when_ones_own_step_can_be_taken_back(self, desk: Desk) -> None:
        walk(desk, pair().id, CaseState.CONFIRMED, CaseState.PUSHED)
        assert desk.tracking.one(OFFICER, pair().id).undo_until == NOON + desk.settings.undo
        assert desk.tracking.one(OTHER, pair().id).undo_until is None
        desk.step(pair().id, Choice(to=CaseState.ENTERPRISE_INTERESTED), FIRM)
        assert desk.tracking.one(OFFICER, pair().id).undo_until is None
        version = desk.cases.get(FIRM, pair().id).case.version
        assert desk.tracking.one(FIRM, pair().id).undo_until is not None
        desk.undo.undo_case(FIRM, pair().id, version=version)
        assert desk.tracking.one(OFFICER, pair().id).undo_until == NOON + desk.settings.undo
        desk.clock.forward(minutes=31)
        assert desk.tracking.one(OFFICER, pair().id).undo_until is None

    def test_offers_contacts_when_both_agreed_and_the_person_too(self, desk: Desk) -> None:
        walk(desk, pair().id, CaseState.CONFIRMED, CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED)
        assert desk.tracking.one(OFFICER, pair().id).contact is ContactGate.NOT_AGREED
        walk(desk, pair().id, CaseState.EXPERT_ACCEPTED)
        assert desk.tracking.one(FIRM, pair().id).contact is ContactGate.NO_CONSENT
        ConsentService(desk.database, desk.clock).record(
            OFFICER, "ZJ-1", ConsentScope.CONTACT, ConsentDecision.GIVEN, basis="电话同意", evidence="记录"
        )
        assert desk.tracking.one(FIRM, pair().id).contact is ContactGate.OPEN

    def test_knows_whose_matches_there_are(self, desk: Desk) -> None:
        account(desk, OFFICER.id, Role.OFFICER)
        walk(desk, pair("XQ-2", "ZJ-1").id, CaseState.CONFIRMED)
        assert desk.tracking.officers(OTHER) == {OFFICER.id: f"账号{OFFICER.id}"}
        assert desk.tracking.officers(NORTH) == {}
        with pytest.raises(Forbidden):
            desk.tracking.officers(FIRM)

    def test_is_not_there_for_others(self, desk: Desk) -> None:
        walk(desk, pair("XQ-2", "ZJ-1").id, CaseState.CONFIRMED, CaseState.PUSHED)
        for actor in (FIRM, NORTH):
            with pytest.raises(NotFound):
                desk.tracking.one(actor, pair("XQ-2", "ZJ-1").id)


class TestWaiting:
    def test_numbers_what_waits_for_whom(self, desk: Desk) -> None:
        five(desk)
        desk.needs.create(OFFICER, {"title": "新需求", "description": "正文", "enterprise_code": STEEL.code})
        desk.clock.forward(days=2, hours=1)
        found = desk.waiting.of(OFFICER)
        assert (found.n_mine_due, found.n_mine_overdue, found.n_due, found.n_overdue) == (1, 0, 1, 0)
        assert found.n_unreviewed == 3 * 6 - 5
        assert 0 < found.n_high_score < found.n_unreviewed
        assert (found.needs[NeedState.DRAFT], found.n_needs_overdue) == (1, 0)
        assert found.groups[CaseGroup.CONTRACT].n == 1
        assert (found.figures.counts[Stage.SIGNED], found.figures.amount_wan) == (1, 50.0)
        assert found.year == date(2026, 1, 1)
        desk.clock.forward(days=1)
        assert desk.waiting.of(OTHER).n_overdue == desk.waiting.of(OFFICER).n_mine_overdue == 1

    def test_counts_what_came_back(self, desk: Desk) -> None:
        walk(desk, pair().id, CaseState.CONFIRMED, CaseState.PUSHED)
        desk.step(pair().id, Choice(to=CaseState.ENTERPRISE_DECLINED, reason=ReasonCode.BUDGET), FIRM)
        assert desk.waiting.of(NORTH).n_returned == 1
        assert desk.waiting.of(NORTH).n_unreviewed == 6 - 1

    def test_is_empty_before_anything_happened(self, database: object) -> None:
        found: Waiting = Desk(database).waiting.of(OFFICER)  # type: ignore[arg-type]
        assert (found.n_unreviewed, found.published, found.last_run, found.figures.amount_wan) == (
            0,
            None,
            None,
            0,
        )
        assert set(found.groups.values()) == {StateCount()}

    def test_is_for_who_reviews(self, desk: Desk) -> None:
        with pytest.raises(Forbidden):
            desk.waiting.of(FIRM)


def test_the_table_masks_persons_disarms_formulas_and_is_noted(desk: Desk) -> None:
    desk.needs.edit(OFFICER, "XQ-1", {"title": "=1+1"}, record_version=1)
    five(desk)
    rows = list(csv.reader(io.StringIO(case_csv(desk.tracking.export(OFFICER, ALL, sort="opened"))[1:])))
    assert len(rows) == 1 + 5
    by_id = {row[0]: row for row in rows[1:]}
    row = by_id[pair("XQ-1", "ZJ-3").id]
    assert row[1:9] == ["'=1+1", STEEL.name, "北港镇", "冶金新材料", "专家", "某**", "江南研究院", "专家接受"]
    assert row[9] == "开始接洽"
    with desk.database.read() as unit:
        (entry,) = unit.audit.tail(1)
    assert (entry.action, entry.actor, entry.detail) == ("review:case:export", OFFICER.id, {"n": 5})


def test_since_when_a_match_stands_where_it_stands_follows_from_when_it_is_due(desk: Desk) -> None:
    walk(desk, pair().id, CaseState.CONFIRMED)
    desk.clock.forward(hours=5)
    case = desk.cases.claim(OTHER, pair().id, version=2)
    assert CASES.entered(case.state, case.due_at) == NOON
    assert CASES.entered(CaseState.TERMINATED, None) is None
    assert case.due_at == NOON + timedelta(days=3)


def account(desk: Desk, id: str, role: Role) -> None:
    with desk.database.write() as unit:
        unit.accounts.add(
            Account(
                id=id,
                login_name=id,
                display_name=f"账号{id}",
                role=role,
                reach=Reach(whole_city=True),
                enterprise_code="",
                state=AccountState.ACTIVE,
                must_change_password=False,
                version=1,
                created_at=NOON,
                last_login_at=None,
            ),
            "",
        )
