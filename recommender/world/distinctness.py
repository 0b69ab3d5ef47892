"""How different the texts of a city are: equal ones, and ones that differ by a few characters only."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_GRAM: Final = 4
NEAR: Final = 0.8
"""Share of character sequences in common from which on two texts count as nearly the same."""
_ROUNDING: Final = 1e-9
_MAX_SHARED_BY: Final = 400
"""Sequences that more texts hold say nothing about which two are alike."""


@dataclass(frozen=True, slots=True)
class Distinctness:
    """Of a sample of texts.

    Attributes:
        n_texts: how many there are.
        n_repeated: those that are equal to an earlier one.
        n_nearly_repeated: those for which another text has at least 80 % of the character 4-grams of the two
            in common (Jaccard), equal ones included.
    """

    n_texts: int
    n_repeated: int
    n_nearly_repeated: int


def distinctness(texts: Sequence[str]) -> Distinctness:
    """Measure it; time grows with the square of how alike the texts are, so give a sample of a city."""
    grams = [_grams(text) for text in texts]
    near = sum(any(_jaccard(mine, grams[other]) >= NEAR for other in found) for mine, found in _candidates(grams))
    return Distinctness(len(texts), len(texts) - len(set(texts)), near)


def _candidates(grams: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], set[int]]]:
    """Each text's grams with the numbers of other texts that share one of its rarest grams.

    Two texts with a Jaccard of ``t`` share a gram among the ``(1 - t)`` rarest of either (prefix filtering).
    """
    counts: defaultdict[str, int] = defaultdict(int)
    for mine in grams:
        for gram in mine:
            counts[gram] += 1
    prefixes = [sorted(mine, key=lambda gram: (counts[gram], gram))[: _prefix(len(mine))] for mine in grams]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, prefix in enumerate(prefixes):
        for gram in prefix:
            holders[gram].append(number)
    for number, (mine, prefix) in enumerate(zip(grams, prefixes, strict=True)):
        found = {other for gram in prefix if len(holders[gram]) <= _MAX_SHARED_BY for other in holders[gram]}
        yield mine, found - {number}


def _prefix(n_grams: int) -> int:
    """So many of the rarest grams are not all missing in a text that is nearly the same."""
    return n_grams - math.ceil(NEAR * n_grams - _ROUNDING) + 1


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[start : start + _GRAM] for start in range(max(1, len(text) - _GRAM + 1)))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
