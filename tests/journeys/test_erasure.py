"""A person is erased from everything that a library with an index, a night and a history holds."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings.encoders.cache import CachedEncoder, VectorCache
from recommender.bootstrap import Application
from recommender.domain.cases import Case, Pair, Subject, Transition
from recommender.domain.entities import Expert
from recommender.domain.errors import Forbidden, InvalidInput, NotFound
from recommender.domain.figures import FigureRequest
from recommender.domain.kinds import EntityKind
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import (
    ConsentDecision,
    ConsentScope,
    ErasedPart,
    ErasureState,
)
from recommender.domain.workflow import CaseState
from recommender.services.matching import MatchRequest
from recommender.services.personal.certificates import certificate_document, certificate_text
from tests.actors import TESTER
from tests.journeys import nights
from tests.store.kept import assert_kept_figures_follow
from tests.unit.exchange.samples import csv_file

ADMIN = TESTER
PHONE, EMAIL = "13877665544", "canary.person@unusual.edu.cn"
HEADER = ("专家编号", "姓名", "单位", "研究方向", "简介", "手机", "邮箱")


@pytest.fixture
def application(after_a_night: Path, tmp_path: Path, sample_application: Application) -> Iterator[Application]:
    """A private copy of the library with a published night."""
    copy = nights.copied(after_a_night, tmp_path / "var")
    copy.encoder = CachedEncoder(sample_application.encoder.inner, VectorCache(copy.settings.vector_cache_dir))
    yield copy
    copy.database.close()


def person_with_a_history(application: Application, folder: Path) -> Expert:
    """Somebody who is suggested, wrote things, was imported twice, merged, revealed, and is in a match."""
    with application.database.read() as unit:
        published = unit.runs.published()
        assert published is not None
        shown = unit.runs.suggestions(published.run_id, target_kind=EntityKind.EXPERT)
        authors = {id for work in unit.achievements.iterate() for id in work.author_ids}
        chosen = next(item for item in shown if item.target_id in authors and item.source_kind is EntityKind.NEED)
        stored = unit.experts.get(chosen.target_id)
    assert stored is not None
    known = (stored.id, stored.name, stored.organisation, "；".join(stored.research_fields))
    for biography, phone in (
        ("早年的简介，后来换掉了，电话也换了。", "13800009999"),
        ("现在的简介，写得足够长。", PHONE),
    ):
        rows = [HEADER, (*known, f"{stored.name}：{biography}", phone, EMAIL)]
        assert application.imports.apply("experts", csv_file(folder, rows), actor=TESTER).applied
    twin = replace(stored, id="ZJ-TWIN-1", biography="同一个人的另一条记录，简介不同。")
    with application.database.write() as unit:
        unit.experts.upsert([twin])
        need = unit.needs.get(chosen.source_id)
        assert need is not None
        unit.needs.upsert(
            [replace(need, intended_experts=(stored.name, "别人"), description=f"找 {EMAIL} 或 {PHONE} 谈过")]
        )
        pair = Pair(EntityKind.NEED, chosen.source_id, EntityKind.EXPERT, stored.id)
        case = Case(
            id=pair.id, pair=pair, need_id=need.id, enterprise_code=need.enterprise_code, state=CaseState.CONTACT,
            version=1, opened_at=nights.NOW, updated_at=nights.NOW,
        )  # fmt: skip
        unit.cases.open(case)
        unit.timeline.add(
            Transition(
                subject=Subject.CASE, subject_id=case.id, actor="officer", at=nights.NOW,
                from_state=CaseState.SUGGESTED, to_state=CaseState.CONTACT, version=1,
                note=f"{stored.name}来电 {PHONE}",
            )
        )  # fmt: skip
    application.merges.merge(stored.id, twin.id, actor="test", keep=stored.id)
    application.consents.record(
        ADMIN, stored.id, ConsentScope.CONTACT, ConsentDecision.GIVEN, basis=f"{stored.name}来电"
    )
    application.reveals.reveal(ADMIN, EntityKind.EXPERT, stored.id, f"联系{stored.name}谈合作事宜")
    with application.database.read() as unit:
        found = unit.experts.get(stored.id)
    assert found is not None
    return found


def traces(application: Application, identity: PersonIdentity) -> list[str]:
    """Every place in which anything is left."""
    with application.database.read() as unit:
        tables = list(unit.persons.findings(identity))
    return tables + list(application.erasures._files.holding(identity))


def identity_of(application: Application, person: Expert) -> PersonIdentity:
    with application.database.read() as unit:
        return PersonIdentity.of(*unit.persons.known_as(person.id))


def test_nothing_is_left_of_a_person_anywhere(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    identity = identity_of(application, person)
    assert {PHONE, "13800009999", EMAIL} <= set(identity.contacts)
    assert set(identity.ids) == {person.id, "ZJ-TWIN-1"}
    application.indexing.build(actor="test")
    before = traces(application, identity)
    expected = ("expert", "import_change", "merge_change", "match_case", "workflow_step", "consent_entry")
    assert {*expected, "reveal", "need", "audit", "suggestion", "record_merge", "merged_id"} <= set(before)
    assert any(place.startswith("snapshots/") for place in before)
    certificate = application.erasures.erase(ADMIN, person.id, f"{person.name}来信要求")
    assert traces(application, identity) == []
    assert (certificate.state, certificate.findings) == (ErasureState.DONE, ())
    removed = {line.part: line.n for line in certificate.lines}
    for part in ErasedPart:
        assert removed[part] > 0 or part in {ErasedPart.OTHER_TEXT}, part
    assert person.name not in certificate_text(certificate)
    with application.database.read() as unit:
        assert unit.erasures.identity(certificate.id) is None


def test_what_is_kept_for_figures_follows_from_what_is_left(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    url = application.settings.resolved_database_url
    assert_kept_figures_follow(url)
    before = application.figures.read(ADMIN, FigureRequest())
    application.erasures.erase(ADMIN, person.id, "本人来信要求")
    assert_kept_figures_follow(url)
    assert application.figures.read(ADMIN, FigureRequest()) == before != []


def test_a_match_stays_for_statistics_without_the_person(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    certificate = application.erasures.erase(ADMIN, person.id, "本人来信要求")
    with application.database.read() as unit:
        (case,) = unit.cases.naming(EntityKind.EXPERT, certificate.tombstone)
        (step,) = unit.timeline.of(Subject.CASE, case.id)
        entries = unit.consents.of(certificate.tombstone)
    assert case.state is CaseState.CONTACT
    assert step.note == "***来电 ***"
    assert [(entry.decision, entry.basis) for entry in entries] == [(ConsentDecision.GIVEN, "")]


def test_the_library_goes_on_without_the_person(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    application.erasures.erase(ADMIN, person.id, "本人来信要求")
    with application.database.read() as unit:
        need = next(iter(unit.needs.iterate()))
        assert all(person.id not in work.author_ids for work in unit.achievements.iterate())
    answer = application.matching.match_need(ADMIN, need.id, MatchRequest((EntityKind.EXPERT,), 100))
    assert person.id not in {match.id for match in answer.lists[0].matches}
    with pytest.raises(NotFound):
        application.library.get(ADMIN, EntityKind.EXPERT, person.id)
    with pytest.raises(NotFound):
        application.erasures.erase(ADMIN, person.id, "再来一次")


def test_until_the_index_is_built_anew_nobody_hears_of_the_person(
    application: Application, tmp_path: Path
) -> None:
    person = person_with_a_history(application, tmp_path)
    with application.database.read() as unit:
        (need_id,) = {case.need_id for case in unit.cases.naming(EntityKind.EXPERT, person.id)}
    application.erasures.begin(ADMIN, person.id, "本人来信要求")
    answer = application.matching.match_need(ADMIN, need_id, MatchRequest((EntityKind.EXPERT,), 100))
    assert answer.lists[0].matches
    assert person.id not in str(answer)
    assert person.name not in str(answer)


def test_no_file_brings_the_person_back(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    certificate = application.erasures.erase(ADMIN, person.id, "本人来信要求")
    other_id = ("ZJ-NEW-9", person.name, person.organisation, "轧制", "", "", "")
    same_id = (person.id, "改了名", "别的单位", "轧制", "", "", "")
    stranger = ("ZJ-NEW-8", person.name, "别的单位", "轧制", "", "", "")
    report = application.imports.apply(
        "experts", csv_file(tmp_path, [HEADER, same_id, other_id, stranger]), actor=TESTER
    )
    assert (report.applied, report.n_new) == (True, 1)
    assert [warning.message for warning in report.warnings if "已按本人要求删除" in warning.message]
    works = [("成果编号", "成果类型", "成果名称", "完成人编号"), ("LW-NEW", "论文", "题目", person.id)]
    report = application.imports.apply("achievements", csv_file(tmp_path, works), actor=TESTER)
    assert (report.applied, report.n_new, report.n_warnings) == (True, 1, 1)
    application.erasures.readmit(ADMIN, certificate.id, "本人书面同意重新入库")
    assert application.imports.apply("experts", csv_file(tmp_path, [HEADER, same_id]), actor=TESTER).n_new == 1


def test_what_has_to_wait_is_said_and_done_by_the_next_build(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    identity = identity_of(application, person)
    certificate = application.erasures.erase(ADMIN, person.id, "本人来信要求", rebuild=False)
    assert certificate.state is ErasureState.PENDING
    assert any(finding.startswith("文件 snapshots/") for finding in certificate.findings)
    assert "persons finish" in certificate_text(certificate)
    time.sleep(1.1)  # generations tell whole seconds
    nights.run(application)
    (finished,) = application.erasures.finish_all(ADMIN)
    assert (finished.id, finished.state) == (certificate.id, ErasureState.DONE)
    assert traces(application, identity) == []
    assert application.erasures.finish_all(ADMIN) == []


def test_a_certificate_is_known_by_its_hash(application: Application, tmp_path: Path) -> None:
    person = person_with_a_history(application, tmp_path)
    certificate = application.erasures.erase(ADMIN, person.id, "本人来信要求")
    document = certificate_document(application.erasures.certificate(ADMIN, certificate.id))
    assert document == certificate_document(certificate)
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert document["sha256"] in certificate_text(certificate)
    assert document["sha256"] != certificate_document(replace(certificate, reason="别的"))["sha256"]
    assert application.erasures.certificates(ADMIN) == [certificate]


def test_who_may_erase(application: Application) -> None:
    service = replace(ADMIN, permissions=frozenset())
    with pytest.raises(Forbidden):
        application.erasures.erase(service, "ZJ0001", "理由")
    with pytest.raises(InvalidInput):
        application.erasures.erase(ADMIN, "ZJ0001", " ")
