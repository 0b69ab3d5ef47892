"""The two sides of a generation, each indexed by itself: what is ranked never depends on who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from embeddings.passages.index import PassageIndex
from embeddings.passages.passage import Passage
from embeddings.types import FloatVector
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.matching.config import MatchConfig
from recommender.matching.corpus import evidence_source
from recommender.matching.kind_scores import KindPopulation
from recommender.matching.passage_scores import PassageScorer


class Side(StrEnum):
    """A side of the cloth; the value names its folder in a generation."""

    SUPPLY = "supply"
    DEMAND = "demand"

    @classmethod
    def of(cls, kind: EntityKind) -> "Side":
        """The side on which a kind is found."""
        return _SIDES[kind]

    @classmethod
    def facing(cls, source: EntityKind | None) -> "Side":
        """The side that is searched for a source; ``None`` is free text, which is a need."""
        return cls.DEMAND if source in SUPPLY_KINDS else cls.SUPPLY


_SIDES: Final = dict.fromkeys(SUPPLY_KINDS, Side.SUPPLY) | dict.fromkeys(DEMAND_KINDS, Side.DEMAND)


@dataclass(frozen=True, slots=True)
class SideIndex:
    """The index of one side with what is worked out once for all queries."""

    passages: PassageIndex
    scorer: PassageScorer
    populations: Mapping[EntityKind, KindPopulation]

    @classmethod
    def of(cls, passages: PassageIndex, config: MatchConfig) -> "SideIndex":
        """Prepare an index for queries."""
        populations = {
            EntityKind(group): KindPopulation(EntityKind(group), links) for group, links in passages.links.items()
        }
        return cls(passages, PassageScorer(passages, config), populations)

    def vector_of(self, passage: Passage) -> FloatVector | None:
        """The stored ``(dimension,)`` vector of a passage.

        ``None`` where the index has no such passage, or has it with the text of an earlier day.
        """
        kind, entity_id = evidence_source(passage.id)
        population = self.populations.get(kind)
        if population is None:
            return None
        for entity_row in population.rows_of([entity_id]):
            for row in population.links.passages_of(int(entity_row)).tolist():
                stored = self.passages.texts.get(row)
                if (stored.id, stored.title, stored.text) == (passage.id, passage.title, passage.text):
                    return np.asarray(self.passages.matrix[row])
        return None
