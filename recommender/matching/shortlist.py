"""Who enters the ranking: the best by text among those no hard rule keeps out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Exclusion
from recommender.matching.eligibility import exclusion_of
from recommender.matching.kind_scores import EntityRows, KindScores
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import Candidate

EntityReader = Callable[[EntityKind, Sequence[str]], Mapping[str, Entity]]
"""Reads entities as stored now; ids that are gone are absent from the answer."""

Years = npt.NDArray[np.int16]
"""Year by passage row, 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """An entity kept out; its candidate is ``None`` where it is no longer stored."""

    candidate: Candidate | None
    exclusion: Exclusion


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Eligible candidates and those that hard rules kept out on the way, each by text score."""

    eligible: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]


def shortlist(
    blocks: Iterable[EntityRows],
    scores: KindScores,
    query: MatchQuery,
    *,
    size: int,
    read: EntityReader,
    years: Years,
) -> Shortlist:
    """Walk down the text ranking until ``size`` eligible entities are found or none is left.

    Args:
        blocks: entity rows, best first, a block at a time.
        scores: of their kind.
        query: who asks.
        size: at least 1.
        read: reads entities as stored now.
        years: of the passages.
    """
    eligible: list[Candidate] = []
    excluded: list[Excluded] = []
    for rows in blocks:
        for candidate, exclusion in _judged(rows, scores, query, read, years):
            if exclusion is not None:
                excluded.append(Excluded(candidate, exclusion))
            elif candidate is not None and candidate.entity.id != query.source_id:
                eligible.append(candidate)
        if len(eligible) >= size:
            break
    return Shortlist(tuple(eligible[:size]), tuple(excluded))


def _judged(
    rows: EntityRows, scores: KindScores, query: MatchQuery, read: EntityReader, years: Years
) -> list[tuple[Candidate | None, Exclusion | None]]:
    kind, ids = scores.population.kind, scores.population.links.entity_ids
    entities = read(kind, [ids[row] for row in rows])
    judged: list[tuple[Candidate | None, Exclusion | None]] = []
    for row in rows.tolist():
        entity = entities.get(ids[row])
        code = exclusion_of(entity, query)
        exclusion = None if code is None else Exclusion(kind, ids[row], entity.name if entity else "", code)
        candidate = None if entity is None else _candidate(entity, row, scores, years)
        judged.append((candidate, exclusion))
    return judged


def _candidate(entity: Entity, row: int, scores: KindScores, years: Years) -> Candidate:
    votes = scores.votes(row)
    latest = max((int(years[vote.passage]) for vote in votes[: scores.config.n_evidence]), default=0)
    return Candidate(entity, float(scores.text[row]), tuple(votes), latest or None)
