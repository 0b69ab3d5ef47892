"""Allocation against the exact optimum of a linear programme, and the figures of exposure."""

import doctest

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from recommender.nightly.allocation import exposure as exposure_module
from recommender.nightly.allocation.auction import Auction
from recommender.nightly.allocation.exposure import exposure
from recommender.nightly.allocation.problem import NOBODY, BestFirst, Candidates, Choice

EPSILON = 0.001


def draw(seed: int, *, n_needs: int, n_suppliers: int, width: int, list_size: int, limit: int) -> Candidates:
    """Random candidates; a few suppliers are wanted by many, and some lists are short."""
    rng = np.random.default_rng(seed)
    popularity = rng.permutation(1.0 / np.arange(1, n_suppliers + 1))
    width = min(width, n_suppliers)
    suppliers = np.stack(
        [rng.choice(n_suppliers, width, replace=False, p=popularity / popularity.sum()) for _ in range(n_needs)]
    ).astype(np.int32)
    relevance = -np.sort(-rng.random((n_needs, width)).astype(np.float32), axis=1)
    short = rng.integers(0, width + 1, n_needs) if n_needs > 1 else np.array([width])
    missing = np.arange(width) >= np.maximum(short, rng.integers(0, 2, n_needs) * width)[:, None]
    suppliers[missing], relevance[missing] = NOBODY, 0.0
    limits = rng.integers(0, limit + 1, n_suppliers).astype(np.int32)
    return Candidates(suppliers=suppliers, relevance=relevance, limits=limits, list_size=list_size)


def best_value(candidates: Candidates) -> float:
    """The greatest sum of relevance within limits, by the simplex method."""
    rows, columns = np.nonzero(candidates.real)
    suppliers = candidates.suppliers[rows, columns]
    n = len(rows)
    if n == 0:
        return 0.0
    n_needs = len(candidates.suppliers)
    places = np.arange(n)
    constraints = coo_array(
        (np.ones(2 * n), (np.r_[rows, n_needs + suppliers], np.r_[places, places])),
        shape=(n_needs + len(candidates.limits), n),
    )
    bounds = np.r_[np.full(n_needs, candidates.list_size), candidates.limits]
    solved = linprog(-candidates.relevance[rows, columns], A_ub=constraints.tocsr(), b_ub=bounds, bounds=(0, 1))
    return float(-solved.fun)


def assert_within_limits(candidates: Candidates, chosen: Choice) -> None:
    assert not chosen[~candidates.real].any()
    assert (chosen.sum(axis=1) <= candidates.list_size).all()
    counts = np.bincount(candidates.suppliers[chosen], minlength=len(candidates.limits))
    assert (counts <= candidates.limits).all()


def one_supplier_each(relevance: npt.ArrayLike, limits: npt.ArrayLike, *, list_size: int = 1) -> Candidates:
    """Candidates given as a matrix of needs and suppliers."""
    matrix = np.asarray(relevance, dtype=np.float32)
    order = np.argsort(-matrix, axis=1, kind="stable")
    return Candidates(
        suppliers=order.astype(np.int32),
        relevance=np.take_along_axis(matrix, order, axis=1),
        limits=np.asarray(limits, dtype=np.int32),
        list_size=list_size,
    )


def pairs(candidates: Candidates, chosen: Choice) -> set[tuple[int, int]]:
    return {
        (int(row), int(candidates.suppliers[row, column]))
        for row, column in zip(*np.nonzero(chosen), strict=True)
    }


class TestAuction:
    @settings(max_examples=60, deadline=None)
    @given(
        seed=st.integers(0, 2**32 - 1),
        n_needs=st.integers(1, 25),
        n_suppliers=st.integers(1, 20),
        list_size=st.integers(1, 4),
        limit=st.integers(0, 6),
    )
    def test_comes_within_epsilon_a_place_of_the_optimum(
        self, seed: int, n_needs: int, n_suppliers: int, list_size: int, limit: int
    ) -> None:
        candidates = draw(
            seed, n_needs=n_needs, n_suppliers=n_suppliers, width=10, list_size=list_size, limit=limit
        )
        chosen = Auction(epsilon=EPSILON).choose(candidates)
        assert_within_limits(candidates, chosen)
        value = float(candidates.relevance[chosen].sum(dtype=np.float64))
        n_places = min(n_needs * list_size, int(candidates.limits.sum()))
        assert best_value(candidates) - EPSILON * n_places - 1e-5 <= value <= best_value(candidates) + 1e-5

    def test_who_has_an_alternative_gives_way(self) -> None:
        # Both want supplier 0; the first loses 0.1 by going elsewhere, the second 0.6.
        candidates = one_supplier_each([[0.9, 0.8], [0.8, 0.2]], [1, 1])
        assert pairs(candidates, Auction().choose(candidates)) == {(0, 1), (1, 0)}

    def test_without_scarcity_everyone_gets_their_best(self) -> None:
        candidates = draw(3, n_needs=40, n_suppliers=30, width=20, list_size=5, limit=1)
        plenty = Candidates(
            suppliers=candidates.suppliers,
            relevance=candidates.relevance,
            limits=np.full(30, 40, dtype=np.int32),
            list_size=5,
        )
        assert (Auction().choose(plenty) == BestFirst().choose(plenty)).all()

    def test_a_supplier_without_places_stands_in_no_list(self) -> None:
        candidates = one_supplier_each([[0.9, 0.1], [0.9, 0.2]], [0, 2])
        assert pairs(candidates, Auction().choose(candidates)) == {(0, 1), (1, 1)}

    def test_the_same_candidates_give_the_same_lists(self) -> None:
        tied = one_supplier_each(np.full((6, 4), 0.5), [1, 1, 1, 1], list_size=2)
        first = Auction(spread=0.1).choose(tied)
        assert (Auction(spread=0.1).choose(tied) == first).all()
        assert first.sum() == 4

    def test_spreading_takes_the_one_less_seen_unless_the_other_is_clearly_better(self) -> None:
        # Supplier 0 is better by 0.05 for everybody and has room for all; its n-th place costs 0.3 · (n - 1) / 4.
        matrix = [[0.80, 0.75]] * 4
        alone = one_supplier_each(matrix, [4, 4])
        assert pairs(alone, Auction().choose(alone)) == {(need, 0) for need in range(4)}
        spread = pairs(alone, Auction(spread=0.3).choose(alone))
        assert sum(supplier == 0 for _, supplier in spread) == 2
        assert len(spread) == 4
        # A difference of 0.4 is worth more than any place costs.
        clear = one_supplier_each([[0.80, 0.40]] * 4, [4, 4])
        assert pairs(clear, Auction(spread=0.3).choose(clear)) == {(need, 0) for need in range(4)}

    def test_no_needs_and_no_candidates(self) -> None:
        empty = one_supplier_each(np.zeros((0, 3)), [1, 1, 1])
        assert Auction().choose(empty).shape == (0, 3)
        nobody = Candidates(
            suppliers=np.full((2, 3), NOBODY, dtype=np.int32),
            relevance=np.zeros((2, 3), dtype=np.float32),
            limits=np.ones(1, dtype=np.int32),
            list_size=2,
        )
        assert not Auction().choose(nobody).any()


class TestCandidates:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"list_size": 0}, "list_size"),
            ({"relevance": np.array([[0.2, 0.9]], dtype=np.float32)}, "best first"),
            ({"relevance": np.array([[1.2, 0.9]], dtype=np.float32)}, r"\[0, 1\]"),
            ({"relevance": np.array([[np.nan, 0.9]], dtype=np.float32)}, r"\[0, 1\]"),
            ({"relevance": np.array([[0.9]], dtype=np.float32)}, "shapes differ"),
            ({"limits": np.array([-1, 1], dtype=np.int32)}, "negative"),
            ({"limits": np.array([1], dtype=np.int32)}, "no supplier"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changes: dict[str, object], message: str) -> None:
        sound: dict[str, object] = {
            "suppliers": np.array([[0, 1]], dtype=np.int32),
            "relevance": np.array([[0.9, 0.2]], dtype=np.float32),
            "limits": np.array([1, 1], dtype=np.int32),
            "list_size": 1,
        }
        Candidates(**sound)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=message):
            Candidates(**{**sound, **changes})  # type: ignore[arg-type]


class TestExposure:
    def test_examples_in_docstrings(self) -> None:
        result = doctest.testmod(exposure_module)
        assert (result.failed, result.attempted > 0) == (0, True)

    def test_figures(self) -> None:
        candidates = one_supplier_each([[0.9, 0.5, 0.0], [0.8, 0.6, 0.0]], [1, 1, 1], list_size=2)
        found = exposure(candidates, BestFirst().choose(candidates))
        assert found.mean_relevance == pytest.approx((0.9 + 0.5 + 0.8 + 0.6) / 4)
        assert found.fill == 1.0
        assert found.coverage == pytest.approx(2 / 3)
        # Counts 2, 2, 0: mean absolute difference 8 / 9 over twice the mean 4 / 3.
        assert found.gini == pytest.approx((8 / 9) / (2 * 4 / 3))
        assert found.congestion == pytest.approx(2 / 4)
        assert found.most == 2

    def test_allocation_lowers_congestion_to_nothing(self) -> None:
        candidates = draw(1, n_needs=200, n_suppliers=80, width=20, list_size=3, limit=12)
        before = exposure(candidates, BestFirst().choose(candidates))
        after = exposure(candidates, Auction(spread=0.2).choose(candidates))
        assert before.congestion > 0.2
        assert after.congestion == 0.0
        assert after.gini < before.gini
        assert after.mean_relevance > 0.85 * before.mean_relevance
