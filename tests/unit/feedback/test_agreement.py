"""Agreement of judges, against worked examples and the properties that the measures are defined by."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.judging import Judgement, PoolItem, System
from recommender.domain.kinds import EntityKind
from recommender.feedback.agreement import agreement, cohen_kappa, krippendorff_alpha
from recommender.feedback.consensus import consensus

GRADES = st.integers(0, 3)


def said(number: int, judge: str, grade: int | None) -> Judgement:
    return Judgement(pool_id="p", number=number, judge=judge, grade=grade, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_kappa_of_a_worked_example() -> None:
    # Observed squared distance: (0 + 1 + 0 + 4) / 4. By chance: every grade of one with every grade of the other.
    pairs = [(0, 0), (1, 2), (3, 3), (2, 0)]
    chance = sum((one - other) ** 2 for one, _ in pairs for _, other in pairs) / 16
    assert cohen_kappa(pairs) == pytest.approx(1 - (5 / 4) / chance)


def test_alpha_of_krippendorff_s_own_example() -> None:
    """The reliability data of four observers in "Computing Krippendorff's alpha-reliability", ordinal: 0.815."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[grade for grade in unit if grade is not None] for unit in zip(*observers, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.815, abs=0.0005)


@given(st.lists(GRADES, min_size=2, max_size=20).filter(lambda grades: len(set(grades)) > 1))
def test_who_agrees_fully_agrees_fully(grades: list[int]) -> None:
    assert cohen_kappa([(grade, grade) for grade in grades]) == 1.0
    assert krippendorff_alpha([[grade, grade] for grade in grades]) == pytest.approx(1.0)


@given(st.lists(st.lists(GRADES, min_size=2, max_size=4), max_size=20))
def test_nobody_agrees_more_than_fully(units: list[list[int]]) -> None:
    alpha = krippendorff_alpha(units)
    assert alpha is None or alpha <= 1.0 + 1e-9


def test_opposites_are_worse_than_chance() -> None:
    kappa = cohen_kappa([(0, 3), (3, 0)])
    alpha = krippendorff_alpha([[0, 3], [3, 0]])
    assert kappa == -1.0
    assert alpha is not None
    assert alpha < 0


@pytest.mark.parametrize("units", [[], [[1]], [[2, 2], [2, 2]]])
def test_too_little_tells_nothing(units: list[list[int]]) -> None:
    assert krippendorff_alpha(units) is None


def test_what_was_passed_over_counts_for_nothing() -> None:
    found = agreement([said(1, "a", 2), said(1, "b", None), said(2, "a", 3), said(2, "b", 3), said(3, "b", 0)])
    assert found.n_items == 1
    assert [(pair.first, pair.second, pair.n_items, pair.n_equal) for pair in found.pairs] == [("a", "b", 1, 1)]


def test_the_lower_middle_grade_counts() -> None:
    items = [
        PoolItem(
            pool_id="p",
            number=number,
            need_id="XQ-1",
            target_kind=EntityKind.EXPERT,
            target_id=f"ZJ-{number}",
            ranks={System.HYBRID: 1},
            n_wanted=1,
        )
        for number in (1, 2, 3)
    ]
    judged = [
        said(1, "a", 3),
        said(1, "b", 1),
        said(2, "a", 0),
        said(2, "b", 2),
        said(2, "c", 3),
        said(3, "a", None),
    ]
    assert consensus(items, judged) == {"XQ-1": {"ZJ-1": 1, "ZJ-2": 2}}
