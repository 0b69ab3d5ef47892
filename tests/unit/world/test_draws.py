"""Drawing: repeatable, in proportion, and without repeats where none are wanted."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.world.draws import Weighted, chance, pick, quotas, some, stream


def test_a_stream_depends_on_seed_and_part_alone() -> None:
    assert stream(7, "experts").random() == stream(7, "experts").random()
    assert len({stream(seed, part).random() for seed in (7, 8) for part in ("experts", "needs")}) == 2 * 2


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.integers(0, 10_000))
def test_quotas_sum_to_the_total_and_are_less_than_one_from_exact(weights: list[float], total: int) -> None:
    counts = quotas(weights, total)
    assert sum(counts) == total
    for count, weight in zip(counts, weights, strict=True):
        assert abs(count - total * weight / sum(weights)) < 1 + 1e-6


def test_weights_are_kept_to() -> None:
    weighted = Weighted.of(("a", "b", "c"), (6, 3, 1))
    rng = Random(1)
    counts = Counter(weighted.draw(rng) for _ in range(10_000))
    assert counts["a"] == pytest.approx(10_000 * 6 / 10, rel=0.05)
    assert counts["b"] == pytest.approx(10_000 * 3 / 10, rel=0.05)
    assert counts["c"] == pytest.approx(10_000 * 1 / 10, rel=0.1)


@pytest.mark.parametrize(("items", "weights"), [((), ()), (("a",), (1, 2))])
def test_each_item_has_a_weight(items: tuple[str, ...], weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weighted.of(items, weights)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 100))
def test_some_are_different_and_no_more_than_there_are(n_items: int, n: int, seed: int) -> None:
    chosen = some(Random(seed), range(n_items), n)
    assert len(chosen) == len(set(chosen)) == min(n, n_items)
    assert set(chosen) <= set(range(n_items))


@pytest.mark.parametrize("n", [1, 2, 5, 19, 20])
def test_every_item_has_the_same_chance(n: int) -> None:
    rng = Random(1)
    counts = Counter(item for _ in range(4000) for item in some(rng, range(20), n))
    expected = 4000 * n / 20
    assert len(counts) == 20
    assert all(abs(count - expected) < 5 * expected**0.5 for count in counts.values())


def test_picks_and_chances() -> None:
    rng = Random(1)
    assert {pick(rng, "abc") for _ in range(100)} == set("abc")
    assert sum(chance(rng, 0.3) for _ in range(10_000)) == pytest.approx(10_000 * 0.3, rel=0.05)
    assert not chance(rng, 0.0) and chance(rng, 1.0)
