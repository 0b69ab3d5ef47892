"""Records that may describe one thing: what is proposed, what a person decided, and what was merged."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.kinds import EntityKind

MERGEABLE_KINDS: Final = (EntityKind.ENTERPRISE, EntityKind.EXPERT, EntityKind.PLATFORM)
"""Kinds whose records are compared and merged, in the order in which they are listed."""


STATED: Final = "另填"
"""Instead of an id: the value of a field was stated by a person."""


class ProposalState(StrEnum):
    """What a person said about a pair."""

    OPEN = "待定"
    REJECTED = "不同"


class MergeState(StrEnum):
    """What became of a merge."""

    DONE = "已合并"
    UNDONE = "已撤销"


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation that speaks for or against a pair being one.

    Attributes:
        code: stable name, such as ``organisation.same``.
        weight: summand of the log odds; positive speaks for, negative against.
        text: zh-CN sentence on what was observed, without personal contact data.
    """

    code: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two records of a kind that are probably one.

    Attributes:
        first_id, second_id: ascending by code point.
        score: in [0, 1], higher is more likely the same.
        signals: strongest first, whichever way they speak.
    """

    kind: EntityKind
    first_id: str
    second_id: str
    score: float
    signals: tuple[Signal, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids, ascending."""
        return self.first_id, self.second_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A pair as it is kept: the proposal, and what was decided on it.

    Attributes:
        score: ``None`` where a person named a pair that was never proposed.
        decided_at, decided_by: ``None`` while it is open.
    """

    kind: EntityKind
    first_id: str
    second_id: str
    score: float | None
    signals: tuple[Signal, ...]
    state: ProposalState
    found_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids, ascending."""
        return self.first_id, self.second_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One record made of two. The absorbed id stays known as another name of the survivor.

    Attributes:
        score, signals: of the proposal it followed, ``None`` and empty where there was none.
        chosen: fields that a person decided instead of the rules, each with the id of the record whose value was
            taken, or :data:`STATED` where another one was stated.
    """

    id: str
    kind: EntityKind
    survivor_id: str
    absorbed_id: str
    at: datetime
    actor: str
    score: float | None
    signals: tuple[Signal, ...]
    chosen: dict[str, str]
    state: MergeState = MergeState.DONE
    undone_at: datetime | None = None
    undone_by: str | None = None
