"""Looking through the library for duplicates as a job: who asked for it, how far it is, what it came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.jobs import JobFault
from recommender.domain.kinds import EntityKind


class SearchState(StrEnum):
    """Where a search stands (状态)."""

    WAITING = "等待"
    RUNNING = "比较中"
    DONE = "完成"
    INTERRUPTED = "中断"
    FAULTY = "未完成"


UNDER_WAY: Final = frozenset({SearchState.WAITING, SearchState.RUNNING})
"""States of which at most one search of the whole library can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What looking through one kind came to.

    Attributes:
        at: when its pairs took the place of the earlier ones.
        n_records: how many were compared.
        n_open: pairs that wait for a decision now: ``n_new`` and ``n_kept`` together.
        n_new: of these, pairs that did not wait for one before.
        n_kept: of these, pairs that did.
        n_gone: pairs that waited for a decision and are not found any more.
        n_rejected: pairs left out because a person has said that they are different.
    """

    kind: EntityKind
    at: datetime
    n_records: int
    n_open: int
    n_new: int
    n_kept: int
    n_gone: int
    n_rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSearch:
    """One search from the wish to the result.

    Attributes:
        id: random.
        actor: who asked for it: an account, or who sat at the command line.
        kinds: which are looked through, in this order.
        again: propose pairs as well that a person has said are different.
        attempt: counts how often somebody began; who works on an earlier attempt was overtaken.
        ended_at: ``None`` while it is under way.
        found: of the kinds that are done.
        fault: why it came to nothing, ``None`` where it came to something.
    """

    id: str
    actor: str
    kinds: tuple[EntityKind, ...]
    asked_at: datetime
    again: bool = False
    state: SearchState = SearchState.WAITING
    attempt: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None
    found: tuple[Found, ...] = ()
    fault: JobFault | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is worked on."""
        return self.state in UNDER_WAY

    @property
    def left(self) -> tuple[EntityKind, ...]:
        """Kinds that are still to be looked through."""
        done = {item.kind for item in self.found}
        return tuple(kind for kind in self.kinds if kind not in done)

    @property
    def present(self) -> EntityKind | None:
        """The kind that is looked through at the moment, ``None`` where none is."""
        return next(iter(self.left), None) if self.state is SearchState.RUNNING else None
