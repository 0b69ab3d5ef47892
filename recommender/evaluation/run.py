"""Rankings of a whole collection, and their exchange form: TREC run files."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import kind_of

RUN_DEPTH: Final = 1000
"""Entities of a query written to a run file."""

_STEPS: Final = 1_000_000
"""Steps to a unit of score. Run files order by score alone, so equal scores are drawn apart by one step."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One query's entities, best first.

    Attributes:
        entity_ids: ids by row; shared by all rankings of a kind.
        rows: ``(entities,)`` rows, best first.
        scores: ``(entities,)`` scores in the same order; higher is better.
    """

    entity_ids: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]

    def top(self, n: int) -> list[tuple[str, float]]:
        """Ids and scores of the first ``n``."""
        pairs = zip(self.rows[:n].tolist(), self.scores[:n].tolist(), strict=True)
        return [(self.entity_ids[row], score) for row, score in pairs]

    def positions(self, wanted: Collection[str]) -> dict[str, int]:
        """Position, from 0, of the ranked ones among the wanted ids."""
        return {
            self.entity_ids[row]: position
            for position, row in enumerate(self.rows.tolist())
            if self.entity_ids[row] in wanted
        }

    @classmethod
    def of(cls, pairs: list[tuple[str, float]]) -> Self:
        """From ids and scores in any order; equal scores by id."""
        pairs = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        scores = np.array([score for _, score in pairs], dtype=np.float32)
        return cls(tuple(entity for entity, _ in pairs), np.arange(len(pairs)), scores)


@dataclass(frozen=True, slots=True)
class Run:
    """Every query's ranking, by kind of what is ranked."""

    rankings: Mapping[EntityKind, Mapping[str, Ranking]]

    def write(self, file: Path, *, tag: str) -> None:
        """Write ``query Q0 entity rank score tag`` lines, :data:`RUN_DEPTH` entities a query and kind."""
        with file.open("w", encoding="utf-8") as stream:
            for by_query in self.rankings.values():
                for query, ranking in by_query.items():
                    stream.writelines(_lines(query, ranking, tag))

    @classmethod
    def read(cls, file: Path, *, kind: Callable[[str], EntityKind] = kind_of) -> Self:
        """Read a TREC run.

        Args:
            file: what :meth:`write` or another system wrote.
            kind: tells the kind of an entity; by default its id's prefix does.

        Raises:
            InvalidData: a line has not six columns, or its score is no number.
        """
        pairs: dict[EntityKind, dict[str, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
        with file.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    query, _, entity, _, score, _ = line.decode().split()
                    pairs[kind(entity)][query].append((entity, float(score)))
                except ValueError:
                    raise InvalidData("evaluation.run_malformed", file=file.name, line=number) from None
        return cls(
            {
                kind: {query: Ranking.of(found) for query, found in by_query.items()}
                for kind, by_query in pairs.items()
            }
        )


def _lines(query: str, ranking: Ranking, tag: str) -> Iterator[str]:
    previous: int | None = None
    for position, (entity, score) in enumerate(ranking.top(RUN_DEPTH), start=1):
        steps = round(score * _STEPS)
        previous = steps if previous is None else min(steps, previous - 1)
        yield f"{query} Q0 {entity} {position} {previous / _STEPS:.6f} {tag}\n"
