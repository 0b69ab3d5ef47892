"""In how many lists an expert may stand, and the lists under these limits."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Expert, Platform
from recommender.domain.kinds import EntityKind, Willingness
from recommender.matching.blocks.found import NOBODY
from recommender.matching.blocks.kernels import Rows
from recommender.nightly.lists import NO_LIMIT, Allocated, AllocationPolicy, Table, allocate, unlimited
from tests.unit.nightly.candidates import DEPTH, ranked_of, shard_of

POLICY = AllocationPolicy(
    list_sizes={EntityKind.EXPERT: 2}, strength=0.1, default_places=3, lists_per_place=10, max_lists=40
)
OPEN = Expert(id="ZJ", name="甲")


class TestLimits:
    @pytest.mark.parametrize(
        ("expert", "limit"),
        [
            (OPEN, 3 * 10),
            (replace(OPEN, n_active_engagements=2), 1 * 10),
            (replace(OPEN, n_active_engagements=3), 0),
            (replace(OPEN, n_active_engagements=7), 0),
            (replace(OPEN, capacity=2), 2 * 10),
            (replace(OPEN, capacity=2, n_active_engagements=1), 1 * 10),
            (replace(OPEN, capacity=2, n_active_engagements=2), 0),
            (replace(OPEN, capacity=0), 0),
            (replace(OPEN, capacity=4), 40),
            (replace(OPEN, capacity=500), 40),
            (replace(OPEN, willingness=Willingness.PAUSED), 0),
            (replace(OPEN, willingness=Willingness.DECLINED), 0),
            (replace(OPEN, consent_withdrawn_on=date(2026, 11, 1)), 0),
            (None, 0),
        ],
    )
    def test_of_one(self, expert: Expert | None, limit: int) -> None:
        assert POLICY.limits([expert]).tolist() == [limit]

    def test_in_order(self) -> None:
        limits = POLICY.limits([OPEN, None, replace(OPEN, capacity=1)])
        assert limits.dtype == np.int32
        assert limits.tolist() == [30, 0, 10]
        assert POLICY.limits([]).tolist() == []

    def test_by_the_policy(self) -> None:
        policy = replace(POLICY, default_places=2, lists_per_place=3, max_lists=5)
        assert policy.limits([OPEN, replace(OPEN, capacity=1)]).tolist() == [5, 3]
        nobody_stated = replace(POLICY, default_places=0)
        assert nobody_stated.limits([OPEN, replace(OPEN, capacity=1)]).tolist() == [0, 10]

    def test_only_experts_are_limited(self) -> None:
        assert POLICY.limits([Platform(id="PT", name="某所")]).tolist() == [0]
        assert unlimited(3).tolist() == [NO_LIMIT] * 3


KEYS = [("need", f"XQ{number}") for number in range(6)]


class TestTable:
    def test_shards_are_put_together_by_number(self) -> None:
        shards = [shard_of([4, 1], KEYS), shard_of([0, 5], KEYS)]
        table = Table.of(EntityKind.EXPERT, shards, n_sources=6, depth=DEPTH)
        expected = ranked_of(KEYS, EntityKind.EXPERT)
        for number in (0, 1, 4, 5):
            assert table.entities[number].tolist() == expected.found.entities[number].tolist()
            assert table.total[number].tolist() == expected.total[number].tolist()
        for number in (2, 3):
            assert table.entities[number].tolist() == [NOBODY] * DEPTH
            assert table.total[number].tolist() == [0.0] * DEPTH

    def test_a_kind_that_nobody_looked_for(self) -> None:
        table = Table.of(EntityKind.ENTERPRISE, [shard_of([0], KEYS)], n_sources=2, depth=3)
        assert table.entities.tolist() == [[NOBODY] * 3] * 2


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Sources that look for few entities, and some that have found fewer than there is room for."""
    n, n_entities, depth = draw(st.integers(1, 6)), 4, 4
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    entities = np.stack([rng.permutation(n_entities) for _ in range(n)]).astype(np.int32)
    total = -np.sort(-rng.integers(0, 5, (n, depth)) / 4, axis=1).astype(np.float32)
    missing = np.arange(depth) >= rng.integers(0, depth + 1, n)[:, None]
    entities[missing], total[missing] = NOBODY, 0.0
    return Table(entities, total)


LIMITS = st.lists(st.integers(0, 3), min_size=4, max_size=4).map(lambda rows: np.array(rows, dtype=np.int32))
SIZES = st.integers(1, 6)


def rows_of(allocated: Allocated, table: Table) -> list[list[int]]:
    return [row[chosen].tolist() for row, chosen in zip(table.entities, allocated.chosen, strict=True)]


class TestAllocate:
    @settings(deadline=None)
    @given(table=tables(), limits=LIMITS, list_size=SIZES)
    def test_without_strength_everyone_gets_the_best(self, table: Table, limits: Rows, list_size: int) -> None:
        allocated = allocate(table, limits, list_size=list_size, strength=0)
        expected = [[row for row in rows[:list_size] if row != NOBODY] for rows in table.entities.tolist()]
        assert rows_of(allocated, table) == expected
        assert allocated.before == allocated.after

    @settings(deadline=None)
    @given(table=tables(), list_size=SIZES, strength=st.sampled_from([0.0, 0.1, 1.0]))
    def test_without_limits_everyone_gets_the_best(self, table: Table, list_size: int, strength: float) -> None:
        unlimited_lists = allocate(table, unlimited(4), list_size=list_size, strength=strength)
        best = allocate(table, unlimited(4), list_size=list_size, strength=0)
        assert unlimited_lists.chosen.tolist() == best.chosen.tolist()

    @settings(deadline=None)
    @given(table=tables(), limits=LIMITS, list_size=SIZES, strength=st.sampled_from([0.01, 0.1, 1.0]))
    def test_nobody_stands_in_more_lists_than_allowed(
        self, table: Table, limits: Rows, list_size: int, strength: float
    ) -> None:
        allocated = allocate(table, limits, list_size=list_size, strength=strength)
        lists = rows_of(allocated, table)
        n_lists = np.bincount([row for rows in lists for row in rows], minlength=4)
        assert (n_lists <= limits).all()
        assert max(map(len, lists)) <= list_size
        assert NOBODY not in {row for rows in lists for row in rows}
        assert allocated.after.most == n_lists.max()
        assert allocated.after.congestion == 0
        assert allocated.before == allocate(table, limits, list_size=list_size, strength=0).before

    def test_room_for_all_and_next_to_no_spreading_is_the_best_for_all(self) -> None:
        table = Table(np.array([[0, 1], [0, 1]], dtype=np.int32), np.array([[0.9, 0.1]] * 2, dtype=np.float32))
        allocated = allocate(table, np.array([2, 2], dtype=np.int32), list_size=1, strength=1e-6)
        assert rows_of(allocated, table) == [[0], [0]]
        assert allocated.before == allocated.after

    def test_where_one_is_full_the_one_who_loses_least_goes_to_the_next(self) -> None:
        table = Table(
            np.array([[0, 1], [0, 1]], dtype=np.int32), np.array([[0.9, 0.2], [0.8, 0.7]], dtype=np.float32)
        )
        allocated = allocate(table, np.array([1, 2], dtype=np.int32), list_size=1, strength=0.01)
        assert rows_of(allocated, table) == [[0], [1]]
        assert allocated.before.most == 2
        assert allocated.before.congestion == 0.5
        assert allocated.after.most == 1
