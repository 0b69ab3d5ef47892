"""One grade for each item from what several people said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median_low

from recommender.domain.judging import Judgement, PoolItem


def consensus(items: Sequence[PoolItem], judgements: Iterable[Judgement]) -> dict[str, dict[str, int]]:
    """Need → target → grade: the median of the grades, the lower of two middle ones.

    The lower one, because a grade on which people differ should not make a system look good. Items that nobody
    graded are left out.
    """
    grades: defaultdict[int, list[int]] = defaultdict(list)
    for judgement in judgements:
        if judgement.grade is not None:
            grades[judgement.number].append(judgement.grade)
    found: dict[str, dict[str, int]] = {}
    for item in items:
        if grades[item.number]:
            found.setdefault(item.need_id, {})[item.target_id] = median_low(grades[item.number])
    return found
