"""What people say is written down, and a no acts at once."""

from pathlib import Path

import pytest

from recommender.domain.entities import Expert
from recommender.domain.errors import Forbidden, InvalidInput, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.services.imports import ImportService
from recommender.services.library import LibraryService
from recommender.services.merges import MergeService
from recommender.services.personal.consents import ConsentService
from recommender.store import Database
from tests.unit.exchange.samples import csv_file
from tests.unit.services.personal.conftest import JIA, OFFICER, OWNER, PROGRAM, YI, Clock

GIVEN, WITHDRAWN = ConsentDecision.GIVEN, ConsentDecision.WITHDRAWN
HEADER = ("专家编号", "姓名", "单位", "研究方向", "撤回同意日期")


@pytest.fixture
def service(database: Database, clock: Clock) -> ConsentService:
    return ConsentService(database, clock)


def allowed(service: ConsentService, person: str = JIA.id) -> dict[ConsentScope, bool]:
    return {state.scope: state.allowed for state in service.of(OFFICER, person).states}


def expert_of(database: Database, id: str = JIA.id) -> Expert:
    with database.read() as unit:
        expert = unit.experts.get(id)
    assert expert is not None
    return expert


def test_unless_they_say_so_nobody_gives_out_their_contact(service: ConsentService) -> None:
    assert allowed(service) == {
        ConsentScope.RECOMMENDATION: True,
        ConsentScope.PUBLICATION: True,
        ConsentScope.CONTACT: False,
    }


def test_the_last_word_counts_and_every_word_stays(service: ConsentService, clock: Clock) -> None:
    for decision in (GIVEN, WITHDRAWN, GIVEN):
        clock.forward(days=1)
        service.record(OFFICER, JIA.id, ConsentScope.CONTACT, decision, basis="本人来电", evidence="台账 3")
    found = service.of(OFFICER, JIA.id)
    assert [entry.decision for entry in found.entries] == [GIVEN, WITHDRAWN, GIVEN]
    assert (found.entries[0].evidence, found.entries[0].actor) == ("台账 3", "officer")
    assert allowed(service)[ConsentScope.CONTACT]
    assert len(service.page(OFFICER, PageRequest(limit=2)).items) == 2


def test_who_withdraws_is_gone_from_the_library_at_once(
    service: ConsentService, database: Database, clock: Clock
) -> None:
    service.record(OFFICER, JIA.id, ConsentScope.CONTACT, GIVEN, basis="本人来电")
    service.record(OFFICER, JIA.id, ConsentScope.RECOMMENDATION, WITHDRAWN, basis="本人来信")
    assert expert_of(database).consent_withdrawn_on == clock.now.astimezone().date()
    with pytest.raises(NotFound):
        LibraryService(database, clock).get(OFFICER, EntityKind.EXPERT, JIA.id)
    assert not any(allowed(service).values()), "who withdrew from everything gives out no contact either"
    service.record(OFFICER, JIA.id, ConsentScope.RECOMMENDATION, GIVEN, basis="本人来信")
    assert expert_of(database).consent_withdrawn_on is None
    assert LibraryService(database, clock).get(OFFICER, EntityKind.EXPERT, JIA.id).id == JIA.id


def test_who_does_not_want_to_be_shown_is_seen_by_officers_only(
    service: ConsentService, database: Database, clock: Clock
) -> None:
    service.record(OFFICER, JIA.id, ConsentScope.PUBLICATION, WITHDRAWN, basis="本人来信")
    library = LibraryService(database, clock)
    assert library.get(OFFICER, EntityKind.EXPERT, JIA.id).id == JIA.id
    for outsider in (OWNER, PROGRAM):
        with pytest.raises(NotFound):
            library.get(outsider, EntityKind.EXPERT, JIA.id)


def test_an_import_undoes_no_withdrawal(
    service: ConsentService, database: Database, clock: Clock, tmp_path: Path
) -> None:
    service.record(OFFICER, JIA.id, ConsentScope.RECOMMENDATION, WITHDRAWN, basis="本人来信")
    rows = [HEADER, (JIA.id, "张小三", "江南示例大学", "轧制", ""), (YI.id, "李四", "江南示例大学", "铸造", "")]
    report = ImportService(database, clock).apply("experts", csv_file(tmp_path, rows), actor=OFFICER)
    assert report.applied
    assert expert_of(database).consent_withdrawn_on is not None
    assert expert_of(database).research_fields == ("轧制",), "the rest of the row counts"
    (warning,) = report.warnings
    assert "撤回同意" in warning.message
    assert JIA.id in warning.message


def test_a_file_may_bring_a_withdrawal(
    service: ConsentService, database: Database, clock: Clock, tmp_path: Path
) -> None:
    rows = [HEADER, (JIA.id, "张小三", "江南示例大学", "轧制", "2026-11-01")]
    ImportService(database, clock).apply("experts", csv_file(tmp_path, rows), actor=OFFICER)
    assert not allowed(service)[ConsentScope.RECOMMENDATION]


def test_what_must_be_said(service: ConsentService) -> None:
    with pytest.raises(InvalidInput, match="依据"):
        service.record(OFFICER, JIA.id, ConsentScope.CONTACT, GIVEN, basis=" ")
    with pytest.raises(NotFound):
        service.record(OFFICER, "ZJ-0", ConsentScope.CONTACT, GIVEN, basis="本人来电")
    with pytest.raises(Forbidden):
        service.record(OWNER, JIA.id, ConsentScope.CONTACT, GIVEN, basis="本人来电")


def test_both_trails_tell_of_it(service: ConsentService, database: Database) -> None:
    service.record(OFFICER, JIA.id, ConsentScope.CONTACT, GIVEN, basis="本人来电")
    with database.read() as unit:
        (entry,) = unit.audit.tail(1)
        (line,) = unit.processing.page(PageRequest()).items
    assert (entry.actor, entry.action, entry.target) == ("officer", "personal:consent:record", JIA.id)
    assert (line.purpose, line.n_persons, line.categories) == ("本人来电", 1, ("联系方式提供",))


def test_a_refusal_survives_a_merge(service: ConsentService, database: Database, clock: Clock) -> None:
    service.record(OFFICER, YI.id, ConsentScope.PUBLICATION, WITHDRAWN, basis="本人来信")
    service.record(OFFICER, YI.id, ConsentScope.CONTACT, GIVEN, basis="本人来信")
    MergeService(database, clock).merge(JIA.id, YI.id, actor="officer", keep=JIA.id)
    assert not allowed(service)[ConsentScope.PUBLICATION]
    assert not allowed(service)[ConsentScope.CONTACT], "what one record agreed to, the other did not"
