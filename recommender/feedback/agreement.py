"""How far judges agree beyond chance.

Cohen's kappa for two judges with quadratic weights (Cohen, "Weighted kappa", 1968), Krippendorff's alpha for any
number of judges with gaps, with the interval or the ordinal distance (Krippendorff, "Computing Krippendorff's
alpha-reliability", 2011). 1 is perfect, 0 is what chance gives, below 0 is worse than chance.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.domain.judging import MAX_GRADE, MIN_GRADE, Judgement

_GRADES = range(MIN_GRADE, MAX_GRADE + 1)


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two judges over the items that both graded; ``kappa`` is ``None`` where chance alone would agree fully."""

    first: str
    second: str
    n_items: int
    n_equal: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far all judges of a pool agree.

    Attributes:
        n_items: items that at least two people graded.
        alpha: Krippendorff's, ordinal; ``None`` where there is too little to tell.
        pairs: every two judges with an item in common.
    """

    n_items: int
    alpha: float | None
    pairs: tuple[PairAgreement, ...]


def agreement(judgements: Iterable[Judgement]) -> Agreement:
    """Agreement over grades; what was passed over is left out."""
    by_item: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for judgement in judgements:
        if judgement.grade is not None:
            by_item[judgement.number][judgement.judge] = judgement.grade
    shared = [grades for grades in by_item.values() if len(grades) > 1]
    return Agreement(len(shared), krippendorff_alpha([list(g.values()) for g in shared]), tuple(_pairs(shared)))


def cohen_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Quadratically weighted kappa of two judges' grades of the same items.

    Returns:
        At most 1; ``None`` for no items, and where both gave one and the same grade throughout.

    >>> cohen_kappa([(0, 0), (3, 3), (1, 1)])
    1.0
    """
    if not pairs:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum((one - other) ** 2 for one, other in pairs) / len(pairs)
    expected = sum(first[one] * second[other] * (one - other) ** 2 for one in _GRADES for other in _GRADES)
    if not expected:
        return None
    return 1.0 - observed / (expected / len(pairs) ** 2)


def krippendorff_alpha(units: Sequence[Sequence[int]]) -> float | None:
    """Krippendorff's alpha with the ordinal distance.

    Args:
        units: the grades of each item, two at least; fewer are left out.

    Returns:
        At most 1; ``None`` where there are no such items, or all grades are one and the same.
    """
    judged = [unit for unit in units if len(unit) > 1]
    totals = Counter(grade for unit in judged for grade in unit)
    n = sum(totals.values())
    distance = _ordinal(totals)
    expected = sum(totals[one] * totals[other] * distance(one, other) for one in totals for other in totals)
    if n < 2 or not expected:  # noqa: PLR2004 - a pair
        return None
    observed = sum(
        2 * distance(one, other) / (len(unit) - 1) for unit in judged for one, other in combinations(unit, 2)
    )
    return 1.0 - (n - 1) * observed / expected


def _ordinal(totals: Mapping[int, int]) -> Callable[[int, int], float]:
    """Squared number of values between two grades, their own counted half."""

    def distance(one: int, other: int) -> float:
        low, high = sorted((one, other))
        between = sum(totals.get(grade, 0) for grade in range(low, high + 1))
        return float(between - (totals.get(low, 0) + totals.get(high, 0)) / 2) ** 2

    return distance


def _pairs(shared: Sequence[Mapping[str, int]]) -> list[PairAgreement]:
    both: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for grades in shared:
        for one, other in combinations(sorted(grades), 2):
            both[one, other].append((grades[one], grades[other]))
    return [
        PairAgreement(one, other, len(pairs), sum(a == b for a, b in pairs), cohen_kappa(pairs))
        for (one, other), pairs in sorted(both.items())
    ]
