"""Blind judging: candidates pooled from several systems, judged by people who do not see which proposed what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.kinds import EntityKind

MIN_GRADE: Final = 0
MAX_GRADE: Final = 3

GRADE_LABELS: Final[dict[int, str]] = {
    0: "不相关：解决不了这条需求",
    1: "沾边：同一领域，但不是这个问题",
    2: "相关：能解决一部分，值得联系",
    3: "很合适：正是做这件事的",
}
"""What the grades mean, as judges read it; from 2 on an entity counts as relevant."""


class System(StrEnum):
    """What proposes candidates for a pool."""

    HYBRID = "hybrid"
    """As served to users."""
    LEXICAL = "lexical"
    """Words alone (BM25)."""
    DENSE = "dense"
    """Vectors alone."""
    RANDOM = "random"
    """Drawn from all that may be recommended: the floor, and a check on the judges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingPool:
    """A set of candidates for some needs, to be judged.

    Attributes:
        depth: how many each system put in for each need and kind.
        overlap_ratio: share of the items that several people judge, in [0, 1].
        n_judges: how many people judge each of those; the other items one.
        seed: of the draws: which random candidates, which items overlap, and each judge's order.
        snapshot_id, encoder_id, configuration_hash: what the systems ran on.
        closed_at: since when nothing more is judged, ``None`` while it is open.
    """

    id: str
    title: str
    created_at: datetime
    created_by: str
    kinds: tuple[EntityKind, ...]
    systems: tuple[System, ...]
    depth: int
    overlap_ratio: float
    n_judges: int
    seed: int
    snapshot_id: str
    encoder_id: str
    configuration_hash: str
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolItem:
    """A need and one candidate for it.

    Attributes:
        number: of the item in its pool, from 1, in an order that tells nothing.
        ranks: system → place of the candidate in its list, from 1; systems that did not list it are absent.
        n_wanted: how many people are to judge it.
    """

    pool_id: str
    number: int
    need_id: str
    target_kind: EntityKind
    target_id: str
    ranks: Mapping[System, int]
    n_wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one person said of one item; ``grade`` is 0 to 3, ``None`` where it was passed over (跳过)."""

    pool_id: str
    number: int
    judge: str
    grade: int | None
    note: str = ""
    at: datetime


@dataclass(frozen=True, slots=True)
class PoolProgress:
    """How far a pool is.

    Attributes:
        n_items: items of the pool.
        n_wanted: judgements that it takes to finish.
        n_done: of these, how many are there; more than wanted of one item count once.
        by_judge: judge → grades given, passed over ones left out.
        n_skipped: judgements without a grade.
    """

    n_items: int
    n_wanted: int
    n_done: int
    n_skipped: int
    by_judge: Mapping[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Share of what is wanted that is there, in [0, 1]; 1 where nothing is wanted."""
        return self.n_done / self.n_wanted if self.n_wanted else 1.0
