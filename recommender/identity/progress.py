"""How far a comparison is, for whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")

_EVERY: Final = 256


class Phase(StrEnum):
    """What a comparison of a kind goes through, in this order."""

    READ = "读取"
    PREPARE = "整理"
    GROUP = "归组"
    COMPARE = "比较"


Watch = Callable[[Phase, int, int], None]
"""Told the phase, how much of it is done and how much there is; may raise to have the comparison given up."""


def unwatched(phase: Phase, done: int, total: int) -> None:
    """Tell nobody."""


def watched(items: Iterable[T], phase: Phase, watch: Watch, *, total: int, before: int = 0) -> Iterator[T]:
    """The same items; ``watch`` is told now and then how many were given out.

    Args:
        total: how many make the phase.
        before: how many of them were given out earlier.
    """
    for done, item in enumerate(items, before):
        if not done % _EVERY:
            watch(phase, done, total)
        yield item
