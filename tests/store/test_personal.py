"""Consent, reveals, logs, erasure and retention on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recommender.domain.auditing import AuditFilter
from recommender.domain.cases import Case, Pair, Subject, Transition
from recommender.domain.entities import Achievement, Enterprise, Expert, Need
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import (
    Activity,
    Certificate,
    ConsentDecision,
    ConsentEntry,
    ConsentScope,
    ErasedLine,
    ErasedPart,
    ErasureState,
    LegalBasis,
    Processing,
    Reveal,
)
from recommender.domain.workflow import CaseState
from recommender.store import Database
from recommender.store.retention import FORMER_CONTENT, PAYLOADS, PLACES
from tests.store.test_batches import batch

AT = datetime(2026, 11, 28, 8, tzinfo=UTC)
PHONE = "13812345678"
JIA = Expert(
    id="ZJ-1001",
    name="张小三",
    organisation="示例大学",
    phone=PHONE,
    biography="张小三，教授，长于冷轧工艺与板形。",
)
NAMESAKE = Expert(id="ZJ-1009", name="张小三", organisation="示例大学", biography="另一位同名的人，做纺织。")
YI = Expert(id="ZJ-1002", name="李四", biography=f"与 ZJ-1001 共事，电话 {PHONE}")
MILL = Enterprise(code="91320582000000000J", name="某钢厂")
NEED = Need(id="XQ-1", title="边裂", enterprise_code=MILL.code, intended_experts=("张小三", "ZJ-1001", "王五"))
WORK = Achievement(id="LW-1", type="论文", title="题", author_ids=("ZJ-1001", "ZJ-1002"))
PAIR = Pair(EntityKind.NEED, NEED.id, EntityKind.EXPERT, JIA.id)


def said(scope: ConsentScope, decision: ConsentDecision, person: str = JIA.id) -> ConsentEntry:
    return ConsentEntry(
        person_id=person,
        scope=scope,
        decision=decision,
        basis="本人来电",
        evidence="台账",
        at=AT,
        actor="officer",
    )


def test_the_last_word_of_each_counts(database: Database) -> None:
    yes, no = ConsentDecision.GIVEN, ConsentDecision.WITHDRAWN
    with database.write() as unit:
        for scope, decision, person in (
            (ConsentScope.CONTACT, yes, "a"),
            (ConsentScope.CONTACT, no, "a"),
            (ConsentScope.CONTACT, no, "b"),
            (ConsentScope.CONTACT, yes, "b"),
            (ConsentScope.PUBLICATION, no, "b"),
        ):
            unit.consents.add(said(scope, decision, person))
    with database.read() as unit:
        everybody = ["a", "b", "c"]
        assert unit.consents.withdrawn(ConsentScope.CONTACT, everybody) == {"a"}
        assert unit.consents.given(ConsentScope.CONTACT, everybody) == {"b"}
        assert unit.consents.withdrawn(ConsentScope.PUBLICATION, everybody) == {"b"}
        assert unit.consents.all_withdrawn(ConsentScope.CONTACT) == {"a"}
        first = unit.consents.page(PageRequest(limit=3, sort="-number"))
        rest = unit.consents.page(PageRequest(limit=3, sort="-number", cursor=first.next_cursor))
    assert [entry.number for entry in (*first.items, *rest.items)] == [5, 4, 3, 2, 1]
    assert rest.next_cursor == ""


def test_a_reveal_is_open_to_who_asked_for_as_long_as_it_lasts(database: Database) -> None:
    shown = Reveal(
        person_kind=EntityKind.EXPERT,
        person_id=JIA.id,
        actor="officer",
        purpose="邀请",
        fields=("phone",),
        at=AT,
        valid_until=AT + timedelta(minutes=30),
    )
    with database.write() as unit:
        kept = unit.reveals.add(shown)
    with database.read() as unit:
        assert unit.reveals.of(EntityKind.EXPERT, JIA.id) == [replace(shown, number=kept.number)]

        def open_to(actor: str, kind: EntityKind, now: datetime) -> frozenset[str]:
            return unit.reveals.open_to(actor, kind, [JIA.id, YI.id], now)

        assert open_to("officer", EntityKind.EXPERT, AT) == {JIA.id}
        assert open_to("officer", EntityKind.EXPERT, shown.valid_until) == frozenset()
        assert open_to("other", EntityKind.EXPERT, AT) == frozenset()
        assert open_to("officer", EntityKind.PLATFORM, AT) == frozenset()


def test_both_trails_come_in_pages(database: Database) -> None:
    with database.write() as unit:
        for n in range(3):
            unit.audit.append(
                AuditEntry(
                    at=AT + timedelta(days=n), actor="ab"[n % 2], action=f"x_{n}:y:z", target="t", detail={}
                )
            )
            unit.processing.add(
                Processing(
                    at=AT,
                    actor="a",
                    activity=Activity.EXPORT if n else Activity.IMPORT,
                    purpose="维护",
                    basis=LegalBasis.STATUTORY,
                    categories=("姓名",),
                    n_persons=n,
                )
            )
    with database.read() as unit:
        wanted = AuditFilter(action="x_", since=AT + timedelta(days=1), until=AT + timedelta(days=2))
        assert [line.entry.action for line in unit.audit.page(PageRequest(), wanted).items] == ["x_1:y:z"]
        assert len(unit.audit.page(PageRequest(), AuditFilter(actor="a")).items) == 2
        exports = unit.processing.page(PageRequest(limit=1), Activity.EXPORT)
        more = unit.processing.page(PageRequest(limit=1, cursor=exports.next_cursor), Activity.EXPORT)
    assert [line.n_persons for line in (*exports.items, *more.items)] == [1, 2]


def with_a_history(database: Database) -> None:
    with database.write() as unit:
        unit.experts.upsert([JIA, YI, NAMESAKE])
        unit.enterprises.upsert([MILL])
        unit.needs.upsert([NEED])
        unit.achievements.upsert([WORK])
        unit.batches.start(replace(batch("B1"), kind="experts"))
        unit.batches.changes("B1", Expert).note_replaced([(replace(JIA, phone="13900001111"), JIA)])
        unit.cases.open(
            Case(
                id=PAIR.id,
                pair=PAIR,
                need_id=NEED.id,
                enterprise_code=MILL.code,
                state=CaseState.CONTACT,
                version=1,
                opened_at=AT,
                updated_at=AT,
            )
        )
        unit.timeline.add(
            Transition(
                subject=Subject.CASE,
                subject_id=PAIR.id,
                actor="officer",
                at=AT,
                from_state=CaseState.SUGGESTED,
                to_state=CaseState.CONTACT,
                version=1,
                note=f"张小三 {PHONE}",
            )
        )
        unit.consents.add(said(ConsentScope.CONTACT, ConsentDecision.GIVEN))
        unit.audit.append(
            AuditEntry(at=AT, actor="a", action="library:expert:edit", target=JIA.id, detail={"ids": [JIA.id]})
        )


def test_a_person_leaves_every_table(database: Database) -> None:
    with_a_history(database)
    with database.write() as unit:
        identity = PersonIdentity.of(*unit.persons.known_as(JIA.id))
        before = set(unit.persons.findings(identity))
        hits = unit.persons.hits(identity)
        counts = unit.persons.scrub(identity, "erased-1", before=AT, hits=hits)
        after = unit.persons.findings(identity)
    assert {"expert", "need", "achievement_author", "match_case", "workflow_step", "audit"} <= before
    assert set(identity.contacts) >= {PHONE, "138-1234-5678", "13900001111"}
    assert after == ()
    assert counts[ErasedPart.BYLINES] == 1
    with database.read() as unit:
        assert unit.experts.get_many([JIA.id, NAMESAKE.id]) == {NAMESAKE.id: NAMESAKE}
        stored = unit.experts.get(YI.id)
        need = unit.needs.get(NEED.id)
        work = unit.achievements.get(WORK.id)
        (case,) = unit.cases.naming(EntityKind.EXPERT, "erased-1")
        (step,) = unit.timeline.of(Subject.CASE, case.id)
        (entry,) = unit.consents.of("erased-1")
        (line,) = unit.audit.tail(1)
    assert stored is not None
    assert stored.biography == "与 erased-1 共事，电话 ***"
    assert need is not None
    assert need.intended_experts == ("王五",)
    assert work is not None
    assert work.author_ids == (YI.id,)
    assert (step.note, step.subject_id) == ("*** ***", "need!XQ-1!expert!erased-1")
    assert (entry.basis, entry.evidence) == ("", "")
    assert (line.target, line.detail) == ("erased-1", {"ids": []})


def test_what_is_erased_may_not_come_back(database: Database) -> None:
    certificate = Certificate(
        id="SC-1",
        tombstone="erased-1",
        at=AT,
        actor="a",
        reason="来信",
        state=ErasureState.PENDING,
        lines=(ErasedLine(ErasedPart.RECORD, 1), ErasedLine(ErasedPart.GENERATIONS, 0, 2)),
    )
    identity = PersonIdentity.of([JIA.id], [JIA])
    with database.write() as unit:
        assert unit.erasures.suppressed([JIA.id]) == frozenset()
        unit.erasures.save(certificate, identity)
        unit.erasures.suppress("SC-1", identity.ids, identity.people)
    with database.write() as unit:
        assert unit.erasures.identity("SC-1") == identity
        assert unit.erasures.pending() == [certificate]
        people = [("ZJ-9", "張小三", "示例大学"), ("ZJ-8", "张小三", "别处"), (JIA.id, "改名", "")]
        assert unit.erasures.suppressed([JIA.id, "ZJ-7"], people) == {JIA.id, "ZJ-9"}
        unit.erasures.save(replace(certificate, state=ErasureState.DONE, finished_at=AT), None)
        assert unit.erasures.identity("SC-1") is None
        assert unit.erasures.pending() == []
        assert unit.erasures.readmit("SC-1") == 2
        assert unit.erasures.suppressed([JIA.id]) == frozenset()


def test_deleted_content_gives_its_space_back(database: Database) -> None:
    with_a_history(database)
    with database.write() as unit:
        unit.experts.remove([JIA.id])
    database.compact()
    with database.read() as unit:
        assert unit.experts.count() == 2


@pytest.mark.parametrize("name", [*PLACES, FORMER_CONTENT, PAYLOADS])
def test_every_kind_of_old_data_can_be_counted_and_dropped(database: Database, name: str) -> None:
    with database.write() as unit:
        assert unit.retention.n_older(name, AT) == unit.retention.drop(name, AT) == 0
