"""From chosen candidates to suggestions as they are stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.passages.index import PassageIndex
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import Found
from recommender.matching.blocks.linear import LinearScore
from recommender.matching.corpus import evidence_source
from recommender.nightly.allocation.problem import Choice
from recommender.nightly.inputs import SideInputs
from recommender.nightly.shard import ShardCandidates

Row = tuple[str, str, str, str, int, float, str, str]
"""Kind and id of source and target, position from 1, score, parts and evidence ids as JSON."""


@dataclass(frozen=True)
class SuggestionWriter:
    """Writes the lists of the sources of one side.

    Attributes:
        sources: kind and id of every source of the side.
        entity_ids: of each kind, by row.
        evidence: by passage row, the id that is shown for it, as JSON.
        scores: linear score of each kind.
        years: by passage row.
    """

    sources: Sequence[tuple[str, str]]
    entity_ids: Mapping[EntityKind, Sequence[str]]
    evidence: Sequence[str]
    scores: Mapping[EntityKind, LinearScore]
    years: npt.NDArray[np.int16]

    @classmethod
    def of(
        cls, inputs: SideInputs, index: PassageIndex, sources: Sequence[tuple[str, str]]
    ) -> "SuggestionWriter":
        """For one side."""
        return cls(
            sources=sources,
            entity_ids={kind: index.links[kind.value].entity_ids for kind in inputs.kinds},
            evidence=[json.dumps(evidence_source(id)[1], ensure_ascii=False) for id in index.texts.ids()],
            scores={kind: kept.score for kind, kept in inputs.kinds.items()},
            years=index.texts.years,
        )

    def rows(self, shard: ShardCandidates, chosen: Mapping[EntityKind, Choice]) -> Iterator[Row]:
        """The suggestions of a shard, by source, kind of target and position.

        Args:
            shard: candidates of some sources.
            chosen: by kind, ``(sources of the side, k)`` which candidates stand in the lists.
        """
        lists = {
            kind: self._lists(kind, shard, ranked, chosen[kind][shard.sources])
            for kind, ranked in sorted(shard.ranked.items())
        }
        for place, source in enumerate(shard.sources.tolist()):
            source_kind, source_id = self.sources[source]
            for kind, by_place in lists.items():
                for position, (target, score, parts, evidence) in enumerate(by_place[place], start=1):
                    yield source_kind, source_id, kind.value, target, position, score, parts, evidence

    def _lists(
        self, kind: EntityKind, shard: ShardCandidates, ranked: Ranked, chosen: Choice
    ) -> list[list[tuple[str, float, str, str]]]:
        """For each source of a shard its list: target, score, parts, evidence."""
        places, ranks = np.nonzero(chosen)
        found = Found(
            ranked.found.entities[places, ranks][:, None],
            ranked.found.text[places, ranks][:, None],
            ranked.found.votes[places, ranks][:, None],
        )
        parts = self.scores[kind].parts(shard.sources[places], found, self.years)
        ids, evidence = self.entity_ids[kind], self.evidence
        template = "{" + ", ".join(f'"{name}": %.6f' for name in parts) + "}"
        columns = [values[:, 0].tolist() for values in parts.values()]
        lists: list[list[tuple[str, float, str, str]]] = [[] for _ in shard.sources]
        for place, entity, total, votes, *contributions in zip(
            places.tolist(),
            found.entities[:, 0].tolist(),
            ranked.total[places, ranks].tolist(),
            found.votes[:, 0].tolist(),
            *columns,
            strict=True,
        ):
            shown = "[" + ", ".join([evidence[vote] for vote in votes if vote >= 0]) + "]"
            lists[place].append((ids[entity], total, template % tuple(contributions), shown))
        return lists
