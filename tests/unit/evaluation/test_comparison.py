"""Paired comparison of two systems."""

import numpy as np
import pytest

from recommender.evaluation.comparison import MetricComparison, compare
from recommender.evaluation.metrics import METRICS, PerQuery

N_QUERIES = 40


def system(values: list[float]) -> PerQuery:
    """The same value of every metric for a query."""
    return {f"q{number:02}": dict.fromkeys(METRICS, value) for number, value in enumerate(values)}


def first_metric(one: list[float], other: list[float]) -> MetricComparison:
    compared = compare(system(one), system(other))
    assert tuple(metric.metric for metric in compared) == METRICS
    return compared[0]


RNG = np.random.default_rng(3)
BASE = RNG.uniform(0.2, 0.6, N_QUERIES).tolist()
BETTER = [value + gain for value, gain in zip(BASE, RNG.uniform(0.05, 0.3, N_QUERIES), strict=True)]
NOISY = [value + gain for value, gain in zip(BASE, RNG.normal(0, 0.1, N_QUERIES), strict=True)]


def test_a_clear_winner() -> None:
    found = first_metric(BASE, BETTER)
    assert found.first == pytest.approx(sum(BASE) / N_QUERIES)
    assert found.second == pytest.approx(sum(BETTER) / N_QUERIES)
    assert found.difference == pytest.approx(found.second - found.first)
    assert 0.05 < found.interval[0] < found.difference < found.interval[1] < 0.3
    assert found.p_value < 0.001
    assert (found.wins, found.losses) == (N_QUERIES, 0)


def test_no_difference() -> None:
    found = first_metric(BASE, BASE)
    assert (found.difference, found.interval, found.p_value) == (0.0, (0.0, 0.0), 1.0)
    assert (found.wins, found.losses) == (0, 0)


def test_noise_is_not_significant() -> None:
    found = first_metric(BASE, NOISY)
    assert found.p_value > 0.05
    assert found.interval[0] < 0.0 < found.interval[1]


def test_swapped_systems_swap_the_sign() -> None:
    one, other = first_metric(BASE, NOISY), first_metric(NOISY, BASE)
    assert other.difference == -one.difference
    assert (other.wins, other.losses) == (one.losses, one.wins)
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=5e-3)
    assert other.p_value == pytest.approx(one.p_value, abs=0.01)


def test_the_same_systems_give_the_same_figures_every_time() -> None:
    assert compare(system(BASE), system(NOISY)) == compare(system(BASE), system(NOISY))


def test_p_of_few_queries_is_exact() -> None:
    # Of the 2⁴ ways to set four signs, two give a mean as far from zero as all four alike.
    assert first_metric([0.0, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4]).p_value == pytest.approx(2 / 16)


def test_equal_queries_neither_win_nor_lose() -> None:
    found = first_metric([0.5, 0.5, 0.5], [0.5, 0.6, 0.4])
    assert (found.wins, found.losses) == (1, 1)


def test_only_shared_queries_are_compared() -> None:
    one, other = dict(system(BASE)), dict(system(BASE))
    other |= {"q99": dict.fromkeys(METRICS, 1.0)}
    del other["q00"]
    found = compare(one, other)[0]
    assert found.first == found.second == pytest.approx(sum(BASE[1:]) / (N_QUERIES - 1))


def test_nothing_shared() -> None:
    with pytest.raises(ValueError, match="no query in common"):
        compare(system(BASE), {"other": dict.fromkeys(METRICS, 1.0)})


def test_one_query_proves_nothing() -> None:
    found = first_metric([0.2], [0.9])
    assert found.p_value == 1.0
    assert (found.wins, found.losses) == (1, 0)
