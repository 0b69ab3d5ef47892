"""One kind's entities and passages, laid out for the kernels."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.passages.links import OwnerLinks
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.kernels import Rows, Starts
from recommender.matching.blocks.moments import Moments
from recommender.matching.config import MatchConfig

_WORTH_A_RUN: Final = 16
"""Rows a run must have on average: to begin one costs about as much as to read so many one by one."""


@dataclass(frozen=True, slots=True)
class Population:
    """The passages that speak for one kind, numbered by *position*: their place among themselves.

    Attributes:
        kind: of the entities.
        rows: ``(positions,)`` passage rows, ascending.
        runs: ``(runs, 2)`` first and last, without the last, of each run of neighbouring rows; none where they
            are too short to be worth it.
        owner_starts, owners: positions → entity rows.
        entity_starts, entity_positions: entity rows → positions, ascending within an entity.
        moments: of the passages' vectors.
    """

    kind: EntityKind
    rows: Rows
    runs: Rows
    owner_starts: Starts
    owners: Rows
    entity_starts: Starts
    entity_positions: Rows
    moments: Moments

    @classmethod
    def of(cls, kind: EntityKind, links: OwnerLinks, moments: Moments) -> "Population":
        """Lay out the links of a kind; ``moments`` are those of its passages' vectors."""
        rows = links.population
        positions = np.searchsorted(rows, links.passages)
        entities = np.repeat(np.arange(len(links.entity_ids)), np.diff(links.starts))
        by_position = np.argsort(positions, kind="stable")
        counts = np.bincount(positions, minlength=len(rows))
        return cls(
            kind=kind,
            rows=rows.astype(np.int32),
            runs=_long_runs(rows),
            owner_starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            owners=entities[by_position].astype(np.int32),
            entity_starts=links.starts.astype(np.int64),
            entity_positions=positions.astype(np.int32),
            moments=moments,
        )

    @property
    def n_entities(self) -> int:
        """How many entities there are."""
        return len(self.entity_starts) - 1

    def reach(self, config: MatchConfig) -> float:
        """How many times its best passage an entity can be worth: ``1 + d + d² + …``."""
        most = int(np.diff(self.entity_starts).max(initial=1))
        return float(sum(config.discount(self.kind) ** rank for rank in range(min(most, config.max_passages))))


def _long_runs(rows: npt.NDArray[np.int64]) -> Rows:
    runs = runs_of(rows)
    return runs if len(runs) * _WORTH_A_RUN <= len(rows) else runs[:0]


def runs_of(rows: npt.NDArray[np.int64]) -> Rows:
    """Runs of neighbours among ascending rows.

    >>> runs_of(np.array([2, 3, 4, 7])).tolist()
    [[2, 5], [7, 8]]
    """
    if not len(rows):
        return np.empty((0, 2), dtype=np.int32)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    firsts = rows[np.concatenate(([0], breaks + 1))]
    lasts = rows[np.concatenate((breaks, [len(rows) - 1]))] + 1
    return np.stack([firsts, lasts], axis=1).astype(np.int32)
