"""Objections on both databases: raised, listed, answered, late, and gone when their time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommender.domain.accounts import GRANTS, Account, Actor, Permission, Reach, Role
from recommender.domain.entities import Enterprise, Need
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, MatchmakerError, NotFound, Outdated
from recommender.domain.objections import (
    ObjectionDraft,
    ObjectionFilter,
    ObjectionOutcome,
    ObjectionState,
    ObjectionSubject,
)
from recommender.domain.paging import PageRequest
from recommender.services.objections import MAX_OPEN, ObjectionService
from recommender.store import Database
from tests.store.people import ADMINISTRATOR, Accounts, Clock

FIRM = Enterprise(code="91320582TEST000001", name="江岸薄板")
NEED = Need(id="XQ-1", title="边裂", enterprise_code=FIRM.code)
OTHERS_NEED = Need(id="XQ-2", title="别家的需求")
TEXT = "推荐的专家研究方向与需求无关，请人工复核。"


class Desk:
    """Objections of one firm, and who answers them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        people = Accounts(database, self.clock)
        with database.write() as unit:
            unit.enterprises.upsert([FIRM])
            unit.needs.upsert([NEED, OTHERS_NEED])
        self.firm = people.make("firm", Role.ENTERPRISE, enterprise_code=FIRM.code)
        self.officer = people.make("officer")
        self.admin = people.make("admin", Role.ADMIN)
        self.objections = ObjectionService(database, self.clock, self.today, days=15)

    def today(self) -> date:
        return self.clock.at.date()

    def raised(self, by: Account | None = None, about: str = "", text: str = TEXT) -> str:
        draft = ObjectionDraft(subject=ObjectionSubject.SUGGESTION, about=about, text=text)
        return self.objections.raise_objection(acting(by or self.firm), draft).id

    def listed(self, **chosen: object) -> list[str]:
        found = self.objections.page(ADMINISTRATOR, PageRequest(), ObjectionFilter(**chosen))  # type: ignore[arg-type]
        return [each.id for each in found.page.items]


def acting(account: Account) -> Actor:
    return account.actor(session="s")


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_an_objection_is_kept_with_its_term(desk: Desk) -> None:
    id = desk.raised(about=NEED.id)
    (kept,) = desk.objections.own(acting(desk.firm), PageRequest()).items
    assert (kept.id, kept.about, kept.text, kept.state) == (id, NEED.id, TEXT, ObjectionState.OPEN)
    assert (kept.at, kept.due_on) == (desk.clock.at, date(2026, 12, 18)), "15 working days after a Saturday"
    assert desk.objections.own(acting(desk.officer), PageRequest()).items == ()
    found = desk.objections.page(ADMINISTRATOR, PageRequest(), ObjectionFilter())
    assert found.people == {desk.firm.id: "firm"}
    assert (found.n_open, found.n_overdue) == (1, 0)


@pytest.mark.parametrize(
    ("about", "text", "code"),
    [
        ("", "太短", "objection.text"),
        ("", "长" * 2001, "objection.text"),
        ("XQ-404", TEXT, "objection.about"),
        (OTHERS_NEED.id, TEXT, "objection.about"),
        ("need!XQ-1!expert!ZJ-1", TEXT, "objection.about"),
        ("x" * 300, TEXT, "objection.about"),
        ("a!b", TEXT, "objection.about"),
    ],
)
def test_what_is_refused(desk: Desk, about: str, text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.raised(about=about, text=text)
    assert refused.value.code == code
    assert desk.listed() == []


def test_nobody_floods_the_administrators(desk: Desk) -> None:
    ids = [desk.raised() for _ in range(MAX_OPEN)]
    with pytest.raises(Conflict) as refused:
        desk.raised()
    assert refused.value.code == "objection.too_many"
    desk.objections.withdraw(acting(desk.firm), ids[0])
    desk.raised()
    desk.raised(by=desk.officer)


def test_an_answer_is_seen_by_who_objected(desk: Desk) -> None:
    id = desk.raised()
    admin = acting(desk.admin)
    taken = desk.objections.take_on(admin, id, version=1)
    assert (taken.state, taken.handled_by, taken.version) == (ObjectionState.IN_REVIEW, desk.admin.id, 2)
    with pytest.raises(Outdated):
        desk.objections.answer(admin, id, ObjectionOutcome.ACCEPTED, "已复核，推荐不当，已撤下。", version=1)
    with pytest.raises(InvalidInput):
        desk.objections.answer(admin, id, ObjectionOutcome.ACCEPTED, "好", version=2)
    desk.clock.advance(timedelta(days=3))
    desk.objections.answer(admin, id, ObjectionOutcome.ACCEPTED, "已复核，推荐不当，已撤下。", version=2)
    (kept,) = desk.objections.own(acting(desk.firm), PageRequest()).items
    assert (kept.state, kept.outcome) == (ObjectionState.ANSWERED, ObjectionOutcome.ACCEPTED)
    assert (kept.answer, kept.closed_at) == ("已复核，推荐不当，已撤下。", desk.clock.at)
    for again in (
        lambda: desk.objections.take_on(admin, id, version=3),
        lambda: desk.objections.withdraw(acting(desk.firm), id),
        lambda: desk.objections.answer(admin, id, ObjectionOutcome.REJECTED, "再看一次，维持原结果。", version=3),
    ):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "objection.closed"
    shown, people = desk.objections.get(admin, id)
    assert (shown, people) == (kept, {desk.firm.id: "firm", desk.admin.id: "admin"})


def test_lists_are_narrowed_down_and_paged(desk: Desk) -> None:
    first, second, third = (desk.raised() for _ in range(3))
    desk.objections.withdraw(acting(desk.firm), second)
    assert desk.listed() == [first, second, third]
    assert desk.listed(open_only=True) == [first, third]
    assert desk.listed(state=ObjectionState.WITHDRAWN) == [second]
    assert desk.listed(subject=ObjectionSubject.OTHER) == []
    assert desk.listed(account_id=desk.officer.id) == []
    page = desk.objections.page(ADMINISTRATOR, PageRequest(limit=2, sort="-number"), ObjectionFilter()).page
    rest = PageRequest(limit=2, sort="-number", cursor=page.next_cursor)
    assert [each.id for each in page.items] == [third, second]
    assert [each.id for each in desk.objections.page(ADMINISTRATOR, rest, ObjectionFilter()).page.items] == [
        first
    ]


def test_what_is_late_is_said(desk: Desk) -> None:
    id = desk.raised()
    desk.clock.at = datetime(2026, 12, 18, 23, tzinfo=UTC)
    assert desk.objections.page(ADMINISTRATOR, PageRequest(), ObjectionFilter()).n_overdue == 0
    desk.clock.advance(timedelta(hours=2))
    found = desk.objections.page(ADMINISTRATOR, PageRequest(), ObjectionFilter(overdue_on=date(2026, 12, 19)))
    assert ([each.id for each in found.page.items], found.n_overdue) == ([id], 1)
    assert found.page.items[0].is_overdue(found.today)
    assert desk.objections.n_waiting(ADMINISTRATOR) == (1, 1)


def test_who_may(desk: Desk) -> None:
    id = desk.raised()
    officer = acting(desk.officer)
    refusals = {
        "page": lambda: desk.objections.page(officer, PageRequest(), ObjectionFilter()),
        "n_waiting": lambda: desk.objections.n_waiting(officer),
        "get": lambda: desk.objections.get(officer, id),
        "take_on": lambda: desk.objections.take_on(officer, id, version=1),
        "answer": lambda: desk.objections.answer(officer, id, ObjectionOutcome.REJECTED, TEXT, version=1),
    }
    for name, call in refusals.items():
        with pytest.raises(Forbidden):
            call()
            pytest.fail(name)
    with pytest.raises(NotFound):
        desk.objections.withdraw(officer, id)
    program = Actor(id="p", role=Role.SERVICE, permissions=GRANTS[Role.SERVICE], reach=Reach(whole_city=True))
    with pytest.raises(Forbidden):
        desk.objections.own(program, PageRequest())
    narrow = Actor(id=desk.firm.id, role=Role.ENTERPRISE, permissions=frozenset({Permission.ACCOUNT_OWN}))
    draft = ObjectionDraft(subject=ObjectionSubject.OTHER, about=NEED.id, text=TEXT)
    with pytest.raises(MatchmakerError) as refused:
        desk.objections.raise_objection(narrow, draft)
    assert refused.value.code == "account.not_allowed"
    with pytest.raises(NotFound):
        desk.objections.get(ADMINISTRATOR, "YY-404")
    with pytest.raises(NotFound):
        desk.objections.get(ADMINISTRATOR, "a\0b")


def test_the_trail_says_that_and_not_what(desk: Desk) -> None:
    id = desk.raised(about=NEED.id)
    desk.objections.take_on(acting(desk.admin), id, version=1)
    desk.objections.answer(
        acting(desk.admin), id, ObjectionOutcome.PARTLY, "部分推荐已撤下，其余维持。", version=2
    )
    with desk.database.read() as unit:
        lines = [entry for entry in unit.audit.tail(20) if entry.target == id]
    assert [line.action for line in lines] == [
        f"account:objection:{verb}" for verb in ("raise", "take_on", "answer")
    ]
    assert lines[-1].detail == {"subject": "自动推荐", "version": 3, "outcome": "部分采纳"}
    assert not any(TEXT in str(line.detail) for line in lines)


def test_closed_ones_go_when_their_time_is_over_and_open_ones_stay(desk: Desk) -> None:
    closed, waiting = desk.raised(), desk.raised()
    desk.objections.withdraw(acting(desk.firm), closed)
    with desk.database.write() as unit:
        assert unit.retention.drop("objections", desk.clock.at + timedelta(days=1)) == 1
    assert desk.listed() == [waiting]
