"""Seeded drawing: one stream of chance for each part of the city, so that the parts do not disturb each other."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

_FEW = 4
"""From one in so many items on, drawing again what was drawn before costs less than shuffling."""


def stream(seed: int, part: str) -> Random:
    """The random numbers of one part: the same for the same seed and part, on every machine."""
    return Random(f"{seed}/{part}")


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Items of which some are drawn more often.

    Attributes:
        items: at least one.
        bounds: running sums of the weights.
    """

    items: Sequence[T]
    bounds: Sequence[float]

    @classmethod
    def of(cls, items: Sequence[T], weights: Sequence[float]) -> "Weighted[T]":
        """Items with their weights, which need not sum to anything.

        Raises:
            ValueError: there is not one weight for each item.
        """
        if len(items) != len(weights) or not items:
            raise ValueError(f"{len(items)} items, {len(weights)} weights")
        return cls(tuple(items), tuple(accumulate(weights)))

    def draw(self, rng: Random) -> T:
        """One item."""
        return self.items[bisect(self.bounds, rng.random() * self.bounds[-1], hi=len(self.items) - 1)]


def quotas(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that sum to the total exactly (largest remainders).

    >>> quotas([2, 1, 1], 5)
    [3, 1, 1]
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: (counts[index] - exact[index], index))
    for index in by_remainder[: total - sum(counts)]:
        counts[index] += 1
    return counts


def chance(rng: Random, share: float) -> bool:
    """True in so many of all cases; ``share`` in [0, 1]."""
    return rng.random() < share


def pick(rng: Random, items: Sequence[T]) -> T:
    """One item; twice as fast as ``rng.choice``, and a city makes millions of picks."""
    return items[int(rng.random() * len(items))]


def some(rng: Random, items: Sequence[T], n: int) -> list[T]:
    """So many different items, or all where there are fewer, in random order."""
    n_items, n_wanted = len(items), min(n, len(items))
    if n_wanted * _FEW <= n_items:
        numbers: dict[int, None] = {}
        while len(numbers) < n_wanted:
            numbers[int(rng.random() * n_items)] = None
        return [items[number] for number in numbers]
    pool = list(items)
    for place in range(n_wanted):
        other = place + int(rng.random() * (n_items - place))
        pool[place], pool[other] = pool[other], pool[place]
    return pool[:n_wanted]
