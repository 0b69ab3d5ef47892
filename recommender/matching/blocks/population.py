"""One kind's entities and passages, laid out for the kernels."""

from dataclasses import dataclass

import numpy as np

from embeddings.passages.links import OwnerLinks
from embeddings.types import FloatMatrix
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.kernels import Rows, Starts
from recommender.matching.blocks.moments import Moments
from recommender.matching.config import MatchConfig


@dataclass(frozen=True, slots=True)
class Population:
    """The passages that speak for one kind, numbered by *position*: their place among themselves.

    Attributes:
        kind: of the entities.
        rows: ``(positions,)`` passage rows, ascending.
        owner_starts, owners: positions → entity rows.
        entity_starts, entity_positions: entity rows → positions, ascending within an entity.
        moments: of the passages' vectors.
    """

    kind: EntityKind
    rows: Rows
    owner_starts: Starts
    owners: Rows
    entity_starts: Starts
    entity_positions: Rows
    moments: Moments

    @classmethod
    def of(cls, kind: EntityKind, links: OwnerLinks, vectors: FloatMatrix) -> "Population":
        """Lay out the links of a kind over all ``(passages, dimension)`` vectors of the index."""
        rows = links.population
        positions = np.searchsorted(rows, links.passages)
        entities = np.repeat(np.arange(len(links.entity_ids)), np.diff(links.starts))
        by_position = np.argsort(positions, kind="stable")
        counts = np.bincount(positions, minlength=len(rows))
        return cls(
            kind=kind,
            rows=rows.astype(np.int32),
            owner_starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            owners=entities[by_position].astype(np.int32),
            entity_starts=links.starts.astype(np.int64),
            entity_positions=positions.astype(np.int32),
            moments=Moments.of(vectors, rows),
        )

    @property
    def n_entities(self) -> int:
        """How many entities there are."""
        return len(self.entity_starts) - 1

    def reach(self, config: MatchConfig) -> float:
        """How many times its best passage an entity can be worth: ``1 + d + d² + …``."""
        most = int(np.diff(self.entity_starts).max(initial=1))
        return float(sum(config.discount(self.kind) ** rank for rank in range(min(most, config.max_passages))))
