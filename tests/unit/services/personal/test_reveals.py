"""Seeing more than masks: for a purpose, for a while, and written down each time."""

from dataclasses import replace
from datetime import date

import pytest

from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Expert
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable
from recommender.domain.kinds import EntityKind
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.domain.workflow import CaseState
from recommender.services.library import LibraryService
from recommender.services.personal.consents import ConsentService
from recommender.services.personal.reveals import RevealService
from recommender.store import Database
from tests.unit.services.personal.conftest import (
    FAR_OFFICER,
    JIA,
    LAB,
    MILL,
    NEED,
    OFFICER,
    OWNER,
    PROGRAM,
    Clock,
)

PURPOSE = "邀请参加十二月的对接会"
PAIR = Pair(EntityKind.NEED, NEED.id, EntityKind.EXPERT, JIA.id)


@pytest.fixture
def service(database: Database, clock: Clock) -> RevealService:
    return RevealService(database, clock, minutes=30)


def shown_name(database: Database, clock: Clock, actor: object = OFFICER) -> str:
    expert = LibraryService(database, clock).get(actor, EntityKind.EXPERT, JIA.id)  # type: ignore[arg-type]
    assert isinstance(expert, Expert)
    return expert.name


def test_a_reveal_shows_everything_and_lasts_for_a_while(
    service: RevealService, database: Database, clock: Clock
) -> None:
    found = service.reveal(OFFICER, EntityKind.EXPERT, JIA.id, PURPOSE)
    assert found.values == {"name": JIA.name, "phone": JIA.phone, "email": JIA.email, "source_url": ""}
    assert shown_name(database, clock) == JIA.name
    assert shown_name(database, clock, FAR_OFFICER) == "张**", "others have said nothing"
    clock.forward(minutes=31)
    assert shown_name(database, clock) == "张**"


def test_directors_and_what_a_need_says_inside(service: RevealService) -> None:
    assert service.reveal(OFFICER, EntityKind.PLATFORM, LAB.id, PURPOSE).values == {"director": "王五六"}
    assert service.reveal(OFFICER, EntityKind.NEED, NEED.id, PURPOSE).values["description"] == NEED.description
    with pytest.raises(NotFound):
        service.reveal(FAR_OFFICER, EntityKind.NEED, NEED.id, PURPOSE)


@pytest.mark.parametrize("purpose", ["", "看看", " " * 20, "工 作", "字" * 501])
def test_a_purpose_must_say_something(service: RevealService, database: Database, purpose: str) -> None:
    with pytest.raises(InvalidInput, match="用途"):
        service.reveal(OFFICER, EntityKind.EXPERT, JIA.id, purpose)
    with database.read() as unit:
        assert unit.reveals.of(EntityKind.EXPERT, JIA.id) == []


def test_each_is_written_down_without_what_was_shown(service: RevealService, database: Database) -> None:
    for _ in range(2):
        service.reveal(OFFICER, EntityKind.EXPERT, JIA.id, PURPOSE)
    with database.read() as unit:
        reveals = unit.reveals.of(EntityKind.EXPERT, JIA.id)
        entries = unit.audit.tail(2)
    assert [(item.actor, item.purpose, item.fields) for item in reveals] == [
        ("officer", PURPOSE, ("name", "phone", "email"))
    ] * 2
    assert {(entry.action, entry.target) for entry in entries} == {("personal:expert:reveal", JIA.id)}
    assert JIA.phone not in str(reveals) + str(entries)


def test_who_may_not(service: RevealService, database: Database) -> None:
    for actor in (OWNER, PROGRAM):
        with pytest.raises(Forbidden):
            service.reveal(actor, EntityKind.EXPERT, JIA.id, PURPOSE)
    with pytest.raises(InvalidInput):
        service.reveal(OFFICER, EntityKind.ACHIEVEMENT, "LW-1", PURPOSE)
    with database.write() as unit:
        unit.experts.upsert([replace(JIA, consent_withdrawn_on=date(2026, 11, 1))])
    with pytest.raises(NotFound):
        service.reveal(OFFICER, EntityKind.EXPERT, JIA.id, PURPOSE)


def test_without_the_keys_it_says_what_to_do(service: RevealService, database: Database) -> None:
    assert database.vault.file is not None
    database.vault.file.path.unlink()
    with pytest.raises(Unavailable, match="密钥文件"):
        service.reveal(OFFICER, EntityKind.EXPERT, JIA.id, PURPOSE)


class TestContacts:
    @pytest.fixture
    def case(self, database: Database, clock: Clock) -> Case:
        opened = Case(
            id=PAIR.id,
            pair=PAIR,
            need_id=NEED.id,
            enterprise_code=MILL.code,
            state=CaseState.CONTACT,
            version=1,
            opened_at=clock.now,
            updated_at=clock.now,
            pushed_at=clock.now,
        )
        with database.write() as unit:
            unit.cases.open(opened)
        return opened

    @pytest.fixture
    def consents(self, database: Database, clock: Clock) -> ConsentService:
        return ConsentService(database, clock)

    def test_after_both_sides_and_the_person_agreed(
        self, service: RevealService, database: Database, clock: Clock, case: Case, consents: ConsentService
    ) -> None:
        with pytest.raises(Conflict, match="没有同意"):
            service.contacts_of(OWNER, case.id)
        consents.record(OFFICER, JIA.id, ConsentScope.CONTACT, ConsentDecision.GIVEN, basis="书面同意")
        found = service.contacts_of(OWNER, case.id)
        assert found.values == {"name": JIA.name, "phone": JIA.phone, "email": JIA.email}
        assert shown_name(database, clock, OWNER) == JIA.name
        with database.read() as unit:
            (reveal,) = unit.reveals.of(EntityKind.EXPERT, JIA.id)
        assert (reveal.actor, reveal.case_id) == ("owner", case.id)
        consents.record(OFFICER, JIA.id, ConsentScope.CONTACT, ConsentDecision.WITHDRAWN, basis="来电")
        with pytest.raises(Conflict):
            service.contacts_of(OWNER, case.id)

    @pytest.mark.parametrize(
        "state", [CaseState.SUGGESTED, CaseState.ENTERPRISE_INTERESTED, CaseState.TERMINATED]
    )
    def test_not_before_and_not_after(
        self,
        service: RevealService,
        database: Database,
        case: Case,
        consents: ConsentService,
        state: CaseState,
    ) -> None:
        consents.record(OFFICER, JIA.id, ConsentScope.CONTACT, ConsentDecision.GIVEN, basis="书面同意")
        with database.write() as unit:
            unit.cases.put(replace(case, state=state, version=2), before=1)
        with pytest.raises(Conflict, match="双方"):
            service.contacts_of(OWNER, case.id)

    def test_others_have_no_such_match(self, service: RevealService, case: Case) -> None:
        for actor in (FAR_OFFICER, replace(OWNER, enterprise_code="9")):
            with pytest.raises(NotFound):
                service.contacts_of(actor, case.id)
