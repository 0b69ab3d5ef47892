"""From signals to a proposal: weights of evidence add up to log odds, and those are a score in [0, 1]."""

import math
from collections.abc import Iterable
from typing import Final

from recommender.domain.identity import Proposal, Signal
from recommender.domain.kinds import EntityKind
from recommender.identity.messages import SIGNALS

MIN_SCORE: Final = 0.5
"""Pairs below are not proposed: they are more likely two than one."""

_DIGITS: Final = 4


def signal(code: str, weight: float, **facts: object) -> Signal:
    """A signal with its sentence."""
    return Signal(code, round(weight, _DIGITS), SIGNALS[code].format(**facts))


def clipped(value: float, low: float, high: float) -> float:
    """The value, or the bound it lies beyond."""
    return min(max(value, low), high)


def proposal(
    kind: EntityKind, one_id: str, other_id: str, signals: Iterable[Signal | None], *, base: float
) -> Proposal | None:
    """The proposal that the signals make, ``None`` where they do not reach :data:`MIN_SCORE`.

    The score is ``1 / (1 + exp(-(base + sum of weights)))``.

    Args:
        base: log odds of a pair that was compared at all, before anything is seen of it.
    """
    seen = sorted((s for s in signals if s is not None), key=lambda s: (-abs(s.weight), s.code, s.text))
    score = round(1.0 / (1.0 + math.exp(-(base + math.fsum(s.weight for s in seen)))), _DIGITS)
    if score < MIN_SCORE:
        return None
    first, second = sorted((one_id, other_id))
    return Proposal(kind=kind, first_id=first, second_id=second, score=score, signals=tuple(seen))


def best_first(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Most likely first, then by ids."""
    return tuple(sorted(proposals, key=lambda item: (-item.score, item.first_id, item.second_id)))
