"""From signals to a proposal: weights of evidence add up to log odds, and those are a score in [0, 1]."""

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from recommender.domain.identity import Proposal, Signal
from recommender.domain.kinds import EntityKind
from recommender.identity.messages import SIGNALS

MIN_SCORE: Final = 0.5
"""Pairs below are not proposed: they are more likely two than one."""

_DIGITS: Final = 4


class Seen(NamedTuple):
    """One observation on a pair; its sentence is written only if the pair is proposed."""

    code: str
    weight: float
    facts: Mapping[str, object]


def seen(code: str, weight: float, **facts: object) -> Seen:
    """An observation with the facts that its sentence names."""
    return Seen(code, weight, facts)


def clipped(value: float, low: float, high: float) -> float:
    """The value, or the bound it lies beyond."""
    return min(max(value, low), high)


def proposal(
    kind: EntityKind, one_id: str, other_id: str, observations: Iterable[Seen | None], *, base: float
) -> Proposal | None:
    """The proposal that the observations make, ``None`` where they do not reach :data:`MIN_SCORE`.

    The score is ``1 / (1 + exp(-(base + sum of weights)))``.

    Args:
        base: log odds of a pair that was compared at all, before anything is seen of it.
    """
    made = [item for item in observations if item is not None]
    score = round(1.0 / (1.0 + math.exp(-(base + math.fsum(item.weight for item in made)))), _DIGITS)
    if score < MIN_SCORE:
        return None
    signals = sorted(map(_signal, made), key=lambda item: (-abs(item.weight), item.code, item.text))
    first, second = sorted((one_id, other_id))
    return Proposal(kind=kind, first_id=first, second_id=second, score=score, signals=tuple(signals))


def _signal(item: Seen) -> Signal:
    return Signal(item.code, round(item.weight, _DIGITS), SIGNALS[item.code].format(**item.facts))


def best_first(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Most likely first, then by ids."""
    return tuple(sorted(proposals, key=lambda item: (-item.score, item.first_id, item.second_id)))
