"""Looking back on both databases: who did what, who saw whom, and what of it leaves as a file."""

from datetime import timedelta

import pytest

from recommender.domain.accounts import Role
from recommender.domain.auditing import AuditFilter
from recommender.domain.entities import Expert
from recommender.domain.errors import Forbidden, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest
from recommender.services.personal import trails
from recommender.services.personal.reveals import RevealService
from recommender.services.personal.trails import TrailService
from recommender.store import Database
from tests.store.people import ADMINISTRATOR, Accounts

NEWEST = PageRequest(sort="-number")


@pytest.fixture
def people(database: Database) -> Accounts:
    return Accounts(database)


@pytest.fixture
def service(people: Accounts) -> TrailService:
    return TrailService(people.database, people.clock)


def test_a_trail_names_who_acted_and_on_whom(people: Accounts, service: TrailService) -> None:
    officer = people.make("zhang.san")
    found = service.audit_page(ADMINISTRATOR, NEWEST, AuditFilter())
    assert [line.entry.action for line in found.page.items] == ["account:account:create"]
    assert found.people == {officer.id: "zhang.san"}
    line, names = service.audit_line(ADMINISTRATOR, found.page.items[0].number)
    assert (line, names) == (found.page.items[0], found.people)
    with pytest.raises(NotFound) as unknown:
        service.audit_line(ADMINISTRATOR, 10**12)
    assert unknown.value.code == "audit.not_found"


def test_people_are_looked_for_by_their_login_name(people: Accounts, service: TrailService) -> None:
    officer, other = people.make("zhang.san"), people.make("li.si")
    people.sign_ins.sign_in("zhang.san", "秋水共长天一色-落霞孤鹜", address="")
    by_name = service.audit_page(ADMINISTRATOR, NEWEST, AuditFilter(actor=" Zhang.San ")).page.items
    assert [line.entry.action for line in by_name] == ["account:session:start"]
    assert service.audit_page(ADMINISTRATOR, NEWEST, AuditFilter(actor=officer.id)).page.items == by_name
    about = service.audit_page(ADMINISTRATOR, NEWEST, AuditFilter(target="li.si")).page.items
    assert [line.entry.target for line in about] == [other.id]
    assert service.audit_page(ADMINISTRATOR, NEWEST, AuditFilter(actor="a\0b")).page.items == ()


def test_an_export_is_itself_written_down(people: Accounts, service: TrailService) -> None:
    people.make("zhang.san")
    since = people.clock.at - timedelta(days=1)
    taken = service.export(ADMINISTRATOR, AuditFilter(action="account:", since=since))
    assert ([line.entry.action for line in taken.lines], taken.is_cut) == (["account:account:create"], False)
    with people.database.read() as unit:
        (entry,) = unit.audit.tail(1)
    assert (entry.action, entry.actor) == ("audit:trail:export", ADMINISTRATOR.id)
    assert entry.detail == {"n_lines": 1, "action": "account:", "since": since.isoformat()}


def test_an_export_ends_somewhere_and_says_so(
    people: Accounts, service: TrailService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trails, "MAX_EXPORTED", 200)
    with people.database.write() as unit:
        for n in range(201):
            unit.audit.append(
                AuditEntry(at=people.clock.at, actor="a", action="test:line:add", target=str(n), detail={})
            )
    taken = service.export(ADMINISTRATOR, AuditFilter(action="test:"))
    assert ([line.entry.target for line in taken.lines], taken.is_cut) == (
        [str(n) for n in range(200, 0, -1)],
        True,
    )


def test_who_saw_whom_in_full(people: Accounts, service: TrailService) -> None:
    officer = people.make("zhang.san")
    with people.database.write() as unit:
        unit.experts.upsert([Expert(id=f"ZJ-{n}", name="张小三") for n in (1, 2)])
    reveals = RevealService(people.database, people.clock, minutes=30)
    for n in (1, 2):
        reveals.reveal(officer.actor(session="s"), EntityKind.EXPERT, f"ZJ-{n}", "邀请参加十二月的对接会")
    found = service.reveals(ADMINISTRATOR, NEWEST)
    assert [(line.person_id, line.fields) for line in found.page.items] == [
        ("ZJ-2", ("name",)),
        ("ZJ-1", ("name",)),
    ]
    assert found.people == {officer.id: "zhang.san"}
    first = service.reveals(ADMINISTRATOR, PageRequest(limit=1, sort="-number"))
    rest = service.reveals(ADMINISTRATOR, PageRequest(limit=1, sort="-number", cursor=first.page.next_cursor))
    assert [line.person_id for line in (*first.page.items, *rest.page.items)] == ["ZJ-2", "ZJ-1"]
    assert [line.person_id for line in service.reveals(ADMINISTRATOR, NEWEST, person_id="ZJ-1").page.items] == [
        "ZJ-1"
    ]
    assert len(service.reveals(ADMINISTRATOR, NEWEST, by="zhang.san").page.items) == 2
    for nobody in ({"by": "li.si"}, {"by": "a\0b"}, {"person_id": "a\0b"}):
        assert service.reveals(ADMINISTRATOR, NEWEST, **nobody).page.items == ()
    log = service.processing_page(ADMINISTRATOR, NEWEST)
    assert [line.purpose for line in log.page.items] == ["邀请参加十二月的对接会"] * 2
    assert log.people == {officer.id: "zhang.san"}


def test_who_may(people: Accounts, service: TrailService) -> None:
    officer = people.make("zhang.san", Role.OFFICER).actor(session="s")
    for call in (
        lambda: service.audit_page(officer, NEWEST, AuditFilter()),
        lambda: service.audit_line(officer, 1),
        lambda: service.export(officer, AuditFilter()),
        lambda: service.processing_page(officer, NEWEST),
        lambda: service.reveals(officer, NEWEST),
    ):
        with pytest.raises(Forbidden):
            call()
