"""Pools for blind judging: kept, judged, counted, and gone with what they name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recommender.domain.entities import Expert, Need
from recommender.domain.errors import Conflict, InvalidData, NotFound
from recommender.domain.judging import Judgement, JudgingPool, PoolItem, System
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.store import Database

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
POOL = JudgingPool(
    id="PC-1",
    title="第一轮",
    created_at=NOW,
    created_by="test",
    kinds=(EntityKind.EXPERT, EntityKind.PLATFORM),
    systems=tuple(System),
    depth=5,
    overlap_ratio=0.25,
    n_judges=2,
    seed=7,
    snapshot_id="g1",
    encoder_id="e1",
    configuration_hash="c1",
)


def item(number: int, need: str = "XQ-1", target: str = "", n_wanted: int = 1) -> PoolItem:
    return PoolItem(
        pool_id=POOL.id,
        number=number,
        need_id=need,
        target_kind=EntityKind.EXPERT,
        target_id=target or f"ZJ-{number}",
        ranks={System.HYBRID: number, System.RANDOM: 3},
        n_wanted=n_wanted,
    )


def said(number: int, judge: str, grade: int | None, note: str = "") -> Judgement:
    return Judgement(pool_id=POOL.id, number=number, judge=judge, grade=grade, note=note, at=NOW)


ITEMS = [item(1, n_wanted=2), item(2), item(3, need="XQ-2")]


@pytest.fixture
def pooled(database: Database) -> Database:
    with database.write() as unit:
        unit.needs.upsert([Need(id="XQ-1", title="一"), Need(id="XQ-2", title="二")])
        unit.experts.upsert([Expert(id=f"ZJ-{n}", name="某") for n in (1, 2, 3)])
        unit.judging.create(POOL, ITEMS)
    return database


def test_a_pool_comes_back_as_it_was(pooled: Database) -> None:
    with pooled.read() as unit:
        assert unit.judging.get(POOL.id) == POOL
        assert unit.judging.items(POOL.id) == ITEMS
        assert unit.judging.item(POOL.id, 3) == ITEMS[2]


def test_unknown_pools_and_items_are_not_found(pooled: Database) -> None:
    with pooled.write() as unit:
        with pytest.raises(NotFound, match="PC-9"):
            unit.judging.get("PC-9")
        with pytest.raises(NotFound, match="第 9 项"):
            unit.judging.item(POOL.id, 9)
        with pytest.raises(NotFound):
            unit.judging.judge(said(9, "a", 1))


def test_an_item_cannot_be_there_twice(pooled: Database) -> None:
    twice = [item(1, target="ZJ-1"), item(2, target="ZJ-1")]
    with pytest.raises(InvalidData), pooled.write() as unit:
        unit.judging.create(replace(POOL, id="PC-2"), [replace(i, pool_id="PC-2") for i in twice])
    with pooled.read() as unit, pytest.raises(NotFound):
        unit.judging.get("PC-2")


def test_items_are_open_until_enough_people_have_graded_them(pooled: Database) -> None:
    def open_for(judge: str) -> list[int]:
        with pooled.read() as unit:
            return [found.number for found in unit.judging.open_items(POOL.id, judge)]

    assert open_for("a") == [1, 2, 3]
    with pooled.write() as unit:
        unit.judging.judge(said(1, "a", 2))
        unit.judging.judge(said(2, "a", 0))
        unit.judging.judge(said(3, "a", None))
    # One who has judged an item does not get it again; one who passed over it neither, but others do.
    assert open_for("a") == []
    assert open_for("b") == [1, 3]
    with pooled.write() as unit:
        unit.judging.judge(said(1, "b", 3))
    assert open_for("c") == [3]


def test_a_judge_may_think_again(pooled: Database) -> None:
    with pooled.write() as unit:
        unit.judging.judge(said(1, "a", 2, note="先看"))
        unit.judging.judge(replace(said(1, "a", 0, note="再看"), at=NOW + timedelta(minutes=1)))
    with pooled.read() as unit:
        (only,) = unit.judging.judgements(POOL.id)
    assert (only.grade, only.note, only.at) == (0, "再看", NOW + timedelta(minutes=1))


def test_progress_counts_what_is_wanted(pooled: Database) -> None:
    with pooled.write() as unit:
        for judge in ("a", "b", "c"):
            unit.judging.judge(said(2, judge, 1))
        unit.judging.judge(said(1, "a", 2))
        unit.judging.judge(said(3, "a", None))
    with pooled.read() as unit:
        progress = unit.judging.progress(POOL.id)
    # Wanted 2 + 1 + 1; item 1 has one of two, item 2 more than its one, item 3 none.
    assert (progress.n_items, progress.n_wanted, progress.n_done, progress.n_skipped) == (3, 4, 2, 1)
    assert progress.by_judge == {"a": 2, "b": 1, "c": 1}
    assert progress.ratio == 2 / 4


def test_a_closed_pool_takes_nothing_more(pooled: Database) -> None:
    with pooled.write() as unit:
        assert unit.judging.close(POOL.id, NOW).closed_at == NOW
        assert unit.judging.close(POOL.id, NOW + timedelta(days=1)).closed_at == NOW
        with pytest.raises(Conflict, match="已经结束"):
            unit.judging.judge(said(1, "a", 1))


@pytest.mark.parametrize("grade", [-1, 4])
def test_grades_outside_the_scale_are_refused_by_the_table(pooled: Database, grade: int) -> None:
    with pytest.raises(InvalidData), pooled.write() as unit:
        unit.judging.judge(said(1, "a", grade))


def test_what_is_removed_from_the_library_is_judged_no_more(pooled: Database) -> None:
    with pooled.write() as unit:
        unit.judging.judge(said(1, "a", 3))
        unit.experts.remove(["ZJ-1"])
        unit.needs.remove(["XQ-2"])
    with pooled.read() as unit:
        assert [found.number for found in unit.judging.items(POOL.id)] == [2]
        assert unit.judging.judgements(POOL.id) == []


def test_a_merged_record_takes_its_judgements_along(database: Database) -> None:
    twice = [item(1, target="ZJ-1"), item(2, target="ZJ-2"), item(3, need="XQ-2", target="ZJ-1")]
    with database.write() as unit:
        unit.needs.upsert([Need(id="XQ-1", title="一"), Need(id="XQ-2", title="二")])
        unit.experts.upsert([Expert(id="ZJ-1", name="某"), Expert(id="ZJ-2", name="某")])
        unit.judging.create(POOL, twice)
        unit.judging.judge(said(3, "a", 3))
        unit.judging.repoint(EntityKind.EXPERT, "ZJ-1", "ZJ-2")
        unit.experts.remove(["ZJ-1"])
    with database.read() as unit:
        # For the first need the survivor was judged beside the absorbed one; for the second it takes its place.
        assert [(i.number, i.need_id, i.target_id) for i in unit.judging.items(POOL.id)] == [
            (2, "XQ-1", "ZJ-2"),
            (3, "XQ-2", "ZJ-2"),
        ]
        assert [found.grade for found in unit.judging.judgements(POOL.id)] == [3]
    with database.write() as unit:
        unit.judging.repoint(EntityKind.NEED, "XQ-2", "XQ-1")
        unit.needs.remove(["XQ-2"])
    with database.read() as unit:
        assert [i.number for i in unit.judging.items(POOL.id)] == [2]


def test_pools_are_listed_newest_first_page_by_page(pooled: Database) -> None:
    with pooled.write() as unit:
        for name in ("PC-2", "PC-3"):
            unit.judging.create(replace(POOL, id=name), [])
    with pooled.read() as unit:
        first = unit.judging.page(PageRequest(limit=2))
        second = unit.judging.page(PageRequest(limit=2, cursor=first.next_cursor))
        turned = unit.judging.page(PageRequest(sort="-created"))
    assert [pool.id for pool in (*first.items, *second.items)] == ["PC-3", "PC-2", "PC-1"]
    assert second.next_cursor == ""
    assert [pool.id for pool in turned.items] == ["PC-1", "PC-2", "PC-3"]
