"""The text scores of one kind's entities for one query, and the passages behind them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from embeddings.passages.links import OwnerLinks
from recommender.domain.kinds import EntityKind
from recommender.matching.aggregation import Vote, VoteLayout, aggregate, votes
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import Scores, fuse
from recommender.matching.passage_scores import PassageScores
from recommender.matching.selection import best_first, best_first_blocks

EntityRows = npt.NDArray[np.int64]


class KindPopulation:
    """The part of an index that speaks for one kind: its entities and their passages."""

    def __init__(self, kind: EntityKind, links: OwnerLinks) -> None:
        self.kind = kind
        self.links = links
        self.passages = links.population
        self.layout = VoteLayout.of(links)
        self._rows = links.row_of()

    def rows_of(self, ids: Collection[str]) -> EntityRows:
        """Rows of the indexed ones among the ids, ascending."""
        rows = (self._rows[entity_id] for entity_id in ids if entity_id in self._rows)
        return np.array(sorted(rows), dtype=np.int64)


@dataclass(frozen=True)
class KindScores:
    """One kind, scored for one query.

    Attributes:
        population: entities and passages of the kind.
        fused: ``(passages of the index,)`` fused z-scores; 0 and never read outside the population.
        mean_similarity: mean cosine between the query and the population's passages.
        config: numbers of the aggregation.
    """

    population: KindPopulation
    fused: Scores
    mean_similarity: float
    config: MatchConfig

    @classmethod
    def of(cls, population: KindPopulation, scores: PassageScores, config: MatchConfig) -> "KindScores":
        """Fuse the passages' dense and lexical scores over the kind's population."""
        rows = population.passages
        dense, lexical = scores.of_kind(population.kind)
        fused = np.zeros_like(dense)
        fused[rows] = fuse(
            dense[rows],
            lexical[rows],
            dense_weight=config.dense_share(population.kind),
            normalisation=config.normalisation,
        )
        mean = float(scores.cosines[rows].mean()) if rows.size else 0.0
        return cls(population, fused, mean, config)

    @cached_property
    def text(self) -> Scores:
        """``(entities,)`` aggregated scores in units of z; higher is better."""
        config = self.config
        return aggregate(
            self.fused,
            self.population.layout,
            discount=config.discount(self.population.kind),
            max_passages=config.max_passages,
        )

    def votes(self, entity_row: int) -> list[Vote]:
        """The passages of one entity, strongest first."""
        config = self.config
        return votes(
            self.fused,
            self.population.links,
            entity_row,
            discount=config.discount(self.population.kind),
            max_passages=config.max_passages,
        )

    def rows(self, allowed: Collection[str] | None) -> EntityRows:
        """Entity rows of the ids to keep, ascending; all of them for ``None``."""
        return np.arange(len(self.text)) if allowed is None else self.population.rows_of(allowed)

    def best_first(self, allowed: Collection[str] | None) -> EntityRows:
        """Entity rows by text score; equal scores by id, since rows ascend with ids.

        Args:
            allowed: ids to keep, ``None`` for all.
        """
        rows = self.rows(allowed)
        return rows[best_first(self.text[rows])]

    def best_first_blocks(self, rows: EntityRows, size: int) -> Iterator[EntityRows]:
        """The given ascending rows in the order of :meth:`best_first`, ``size`` at a time."""
        for positions in best_first_blocks(self.text[rows], size):
            yield rows[positions]
