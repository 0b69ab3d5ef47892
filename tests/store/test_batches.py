"""What batches remember of records, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.batches import BatchState, ImportBatch
from recommender.domain.entities import (
    RECORD_TYPES,
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
    fingerprint,
)
from recommender.domain.errors import InvalidData, NotFound
from recommender.domain.facts import EnterpriseFact, FactIndicator
from recommender.store import Database, UnitOfWork
from recommender.store.changes import Altered, Dependents
from recommender.store.documents import from_document, to_document
from recommender.store.mapping import MAPPINGS
from recommender.store.values import from_json, to_json

from .dumps import library_rows, n_rows
from .records import ANY_OF, codes, facts

AT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
KINDS: dict[type[Record], str] = {record_type: record_type.__name__ for record_type in RECORD_TYPES}
"""Batches may call kinds what they like."""
JIA = Expert(id="E1", name="甲", phone="13800005678", verified_on=date(2026, 3, 1))
YI = Expert(id="E2", name="乙")
WORK = Achievement(id="A1", type="论文", title="题", author_ids=("E2", "E1"))


def batch(id: str = "B1", record_type: type[Record] = Expert, **counts: int) -> ImportBatch:
    zeros: dict[str, Any] = dict.fromkeys(
        ("n_rows", "n_new", "n_changed", "n_unchanged", "n_duplicates", "n_error_rows"), 0
    )
    return ImportBatch(
        id=id,
        kind=KINDS[record_type],
        file_name="file.csv",
        sha256="0" * 64,
        actor="officer",
        at=AT,
        **zeros | counts,
    )


def apply(unit: UnitOfWork, id: str, *records: Record) -> None:
    """Write records of one type as a batch."""
    record_type = type(records[0])
    repository = {
        Expert: unit.experts,
        Achievement: unit.achievements,
        Enterprise: unit.enterprises,
        EnterpriseFact: unit.enterprise_facts,
        Need: unit.needs,
        Platform: unit.platforms,
        AchievementPlatform: unit.achievement_platforms,
    }[record_type]
    before = repository.get_many([record.id for record in records])  # type: ignore[attr-defined]
    unit.batches.start(batch(id, record_type))
    changes = unit.batches.changes(id, record_type)
    changes.note_replaced([(before[record.id], record) for record in records if record.id in before])
    repository.upsert(records)  # type: ignore[attr-defined]
    changes.note_added([record.id for record in records if record.id not in before])


def test_every_record_type_has_its_table() -> None:
    assert tuple(sorted(MAPPINGS, key=str)) == tuple(sorted(RECORD_TYPES, key=str))


class TestDocuments:
    @given(st.one_of(*(strategy() for strategy in ANY_OF.values()), facts("企业")))
    def test_every_record_comes_back_from_json(self, record: Record) -> None:
        document = from_json(to_json(to_document(record)))
        assert from_document(type(record), document) == record

    @given(codes, codes)
    def test_links_come_back_too(self, achievement_id: str, platform_id: str) -> None:
        link = AchievementPlatform(achievement_id=achievement_id, platform_id=platform_id)
        assert from_document(AchievementPlatform, from_json(to_json(to_document(link)))) == link

    def test_only_what_is_filled_is_kept(self) -> None:
        assert to_document(JIA) == {
            "id": "E1",
            "name": "甲",
            "phone": "13800005678",
            "verified_on": "2026-03-01",
        }

    def test_a_field_that_is_no_more_is_passed_over(self) -> None:
        assert from_document(Expert, {"id": "E1", "name": "甲", "fax": "1"}) == Expert(id="E1", name="甲")


class TestBatches:
    def test_newest_first_whatever_the_clock_says(self, database: Database) -> None:
        with database.write() as unit:
            unit.batches.start(batch("B2", n_new=2, n_changed=3))
            unit.batches.start(replace(batch("B1"), at=AT - timedelta(days=1)))
            unit.batches.mark_undone("B1", at=AT, by="other")
        with database.read() as unit:
            assert [found.id for found in unit.batches.newest(5)] == ["B1", "B2"]
            assert [found.id for found in unit.batches.newest(1)] == ["B1"]
            assert unit.batches.get("B2") == batch("B2", n_new=2, n_changed=3)
            assert unit.batches.get("B3") is None
            latest, applied = unit.batches.latest(), unit.batches.latest(state=BatchState.APPLIED)
        assert applied is not None
        assert (applied.id, applied.n_written) == ("B2", 2 + 3)
        assert latest is not None
        assert (latest.id, latest.state, latest.undone_at, latest.undone_by) == (
            "B1",
            BatchState.UNDONE,
            AT,
            "other",
        )

    def test_none_at_first(self, database: Database) -> None:
        with database.read() as unit:
            assert unit.batches.latest() is None
            assert unit.batches.newest(5) == []
            with pytest.raises(NotFound, match="B1"):
                unit.batches.changes("B1", Expert)

    def test_an_id_is_used_once(self, database: Database) -> None:
        with pytest.raises(InvalidData), database.write() as unit:
            unit.batches.start(batch())
            unit.batches.start(batch())

    def test_the_end_of_the_writing_is_what_counts(self, database: Database) -> None:
        with database.write() as unit:
            unit.batches.start(batch())
            unit.batches.finish("B1", AT + timedelta(minutes=3))
        with database.read() as unit:
            assert unit.batches.get("B1") == replace(batch(), at=AT + timedelta(minutes=3))

    def test_a_unit_that_reads_writes_none(self, database: Database) -> None:
        with database.read() as unit:
            for write in (
                unit.batches.lock,
                lambda: unit.batches.start(batch()),
                lambda: unit.batches.finish("B1", AT),
                lambda: unit.batches.mark_undone("B1", at=AT, by="x"),
                lambda: unit.batches.seal(AT),
                lambda: unit.column_mappings.forget("experts", "x"),
            ):
                with pytest.raises(RuntimeError, match="only reads"):
                    write()

    def test_two_units_never_hold_the_batches_at_once(self, database: Database) -> None:
        order: list[str] = []
        waiting = threading.Event()

        def second() -> None:
            waiting.set()
            with database.write() as unit:
                unit.batches.lock()
                order.append("second")

        thread = threading.Thread(target=second)
        with database.write() as unit:
            unit.batches.lock()
            thread.start()
            assert waiting.wait(5)
            thread.join(0.3)
            with database.read() as reader:
                assert reader.batches.newest(1) == []
            order.append("first")
        thread.join()
        assert order == ["first", "second"]


class TestChanges:
    def test_what_was_added_and_what_stood_before(self, database: Database) -> None:
        changed = replace(JIA, name="章", phone="")
        with database.write() as unit:
            unit.experts.upsert([JIA])
        with database.write() as unit:
            apply(unit, "B1", changed, YI)
        with database.read() as unit:
            changes = unit.batches.changes("B1", Expert)
            assert (changes.added(), changes.replaced()) == (["E2"], ["E1"])
            assert changes.before(["E1", "E2", "E3"]) == [JIA]

    def test_authors_are_part_of_what_stood_before(self, database: Database) -> None:
        with database.write() as unit:
            unit.experts.upsert([JIA, YI])
            unit.achievements.upsert([WORK])
            apply(unit, "B1", replace(WORK, author_ids=()))
        with database.read() as unit:
            assert unit.batches.changes("B1", Achievement).before(["A1"]) == [WORK]

    def test_versions_and_times_come_back(self, database: Database, url: str) -> None:
        with database.write() as unit:
            unit.experts.upsert([JIA, YI])
            unit.experts.upsert([replace(JIA, city="苏州")])
        before = library_rows(url)
        with database.write() as unit:
            apply(unit, "B1", replace(JIA, city="无锡"))
        with database.write() as unit:
            changes = unit.batches.changes("B1", Expert)
            unit.experts.upsert([record for record in changes.before(["E1"]) if isinstance(record, Expert)])
            changes.restore_stamps()
        assert library_rows(url) == before
        assert [row["version"] for row in before["expert"]] == [2, 1]

    def test_altered_records_are_counted_and_the_first_named(self, database: Database) -> None:
        experts = [Expert(id=f"E{n}", name="甲") for n in range(9)]
        with database.write() as unit:
            apply(unit, "B1", *experts)
            assert unit.batches.changes("B1", Expert).altered() == Altered(0, ())
        with database.write() as unit:
            unit.experts.upsert([replace(experts[4], name="乙"), replace(experts[2], name="乙")])
            unit.experts.remove(["E7"])
            changes = unit.batches.changes("B1", Expert)
            assert changes.altered() == Altered(3, ("E2", "E4", "E7"))
            assert changes.altered(n_shown=1) == Altered(3, ("E2",))
            unit.experts.upsert([experts[4]])
            assert changes.altered().ids == ("E2", "E7")

    def test_later_batches_on_the_same_records(self, database: Database) -> None:
        with database.write() as unit:
            apply(unit, "B1", JIA, YI)
            apply(unit, "B2", Expert(id="E3", name="丙"))
            apply(unit, "B3", replace(YI, name="章"))
            apply(unit, "B4", Platform(id="E1", name="平台"))
            apply(unit, "B5", replace(JIA, name="章"))
        with database.write() as unit:
            assert unit.batches.changes("B1", Expert).later_batches() == ["B5", "B3"]
            assert unit.batches.changes("B3", Expert).later_batches() == []
            unit.batches.mark_undone("B5", at=AT, by="x")
            assert unit.batches.changes("B1", Expert).later_batches() == ["B3"]

    def test_dependents_of_what_was_added(self, database: Database) -> None:
        other = replace(WORK, id="A2", author_ids=("E2",))
        with database.write() as unit:
            unit.experts.upsert([JIA])
            apply(unit, "B1", replace(JIA, name="章"), YI)
            assert unit.batches.changes("B1", Expert).dependents(KINDS) == []
            apply(unit, "B2", WORK)
            unit.achievements.upsert([other])
            assert unit.batches.changes("B1", Expert).dependents(KINDS) == [Dependents("成果", 2, ("B2",))]
            # The expert that stood there before is not in the way.
            unit.achievements.upsert([replace(other, author_ids=("E1",)), replace(WORK, author_ids=("E1",))])
            assert unit.batches.changes("B1", Expert).dependents(KINDS) == []

    def test_dependents_of_every_type(self, database: Database) -> None:
        mill = Enterprise(code="C1", name="钢厂")
        fact = EnterpriseFact(enterprise_code="C1", year=2025, indicator=FactIndicator.STAFF, value=7.0)
        with database.write() as unit:
            apply(unit, "B1", mill)
            apply(unit, "B2", Need(id="N1", title="题", enterprise_code="C1"), Need(id="N2", title="题"))
            apply(unit, "B3", fact)
            found = unit.batches.changes("B1", Enterprise).dependents(KINDS)
            assert sorted(found, key=lambda item: item.label) == [
                Dependents("年度数据", 1, ("B3",)),
                Dependents("需求", 1, ("B2",)),
            ]
            apply(unit, "B4", replace(WORK, author_ids=()))
            apply(unit, "B5", Platform(id="P1", name="平台"))
            apply(unit, "B6", AchievementPlatform(achievement_id="A1", platform_id="P1"))
            for id, record_type in (("B4", Achievement), ("B5", Platform)):
                found = unit.batches.changes(id, record_type).dependents(KINDS)
                assert found == [Dependents("成果与平台的关系", 1, ("B6",))]

    def test_what_was_taken_back_is_forgotten(self, database: Database, url: str) -> None:
        with database.write() as unit:
            apply(unit, "B1", JIA)
            apply(unit, "B2", YI)
        with database.write() as unit:
            unit.batches.mark_undone("B1", at=AT, by="x")
        assert n_rows(url, "import_change") == 1
        with database.read() as unit:
            assert unit.batches.changes("B1", Expert).added() == []
            assert unit.batches.changes("B2", Expert).added() == ["E2"]

    def test_sealing_forgets_what_is_old(self, database: Database, url: str) -> None:
        with database.write() as unit:
            for id, record, at in (("B1", JIA, AT), ("B2", YI, AT + timedelta(seconds=1)), ("B3", JIA, AT)):
                apply(unit, id, record)
                unit.batches.finish(id, at)
            unit.batches.mark_undone("B3", at=AT, by="x")
            assert unit.batches.seal(AT) == 0
            assert unit.batches.seal(AT + timedelta(seconds=1)) == 1
            assert unit.batches.seal(AT + timedelta(seconds=1)) == 0
        assert n_rows(url, "import_change") == 1
        with database.read() as unit:
            states = {found.id: found.state for found in unit.batches.newest(9)}
        assert states == {"B1": BatchState.SEALED, "B2": BatchState.APPLIED, "B3": BatchState.UNDONE}

    def test_more_records_than_one_statement_takes(self, database: Database, url: str) -> None:
        platforms = [Platform(id=f"P{n:05}", name="平台") for n in range(4_001)]
        with database.write() as unit:
            apply(unit, "B1", *platforms)
            apply(unit, "B2", *(replace(platform, name="新名") for platform in platforms))
        with database.write() as unit:
            changes = unit.batches.changes("B2", Platform)
            assert len(changes.replaced()) == 4_001
            assert changes.before(changes.replaced()) == platforms
            assert changes.altered() == Altered(0, ())
            assert unit.batches.changes("B1", Platform).altered().n == 4_001
            assert unit.batches.changes("B1", Platform).later_batches() == ["B2"]
            stored = unit.platforms.fingerprints(["P00000"])
        assert stored == {"P00000": fingerprint(replace(platforms[0], name="新名"))}


class TestColumnMappings:
    def test_kept_by_kind_and_source(self, database: Database) -> None:
        with database.write() as unit:
            remember = unit.column_mappings.remember
            remember("experts", "s1", {"姓": "name"}, headers=("姓", "号"), at=AT, actor="x")
            remember("experts", "s2", {"号": "id"}, headers=("号",), at=AT, actor="x")
            remember("needs", "s1", {"题": "title"}, headers=("题",), at=AT, actor="x")
            remember("experts", "s1", {"名": "name"}, headers=("姓", "号"), at=AT, actor="y")
        with database.read() as unit:
            assert unit.column_mappings.of_kind("experts") == {"s1": {"名": "name"}, "s2": {"号": "id"}}
            assert unit.column_mappings.of_kind("platforms") == {}
        with database.write() as unit:
            assert unit.column_mappings.forget("experts", "s1")
            assert not unit.column_mappings.forget("experts", "s1")
        with database.read() as unit:
            assert unit.column_mappings.of_kind("experts") == {"s2": {"号": "id"}}
            assert unit.column_mappings.of_kind("needs") == {"s1": {"题": "title"}}
