"""Who enters the ranking: the best by text among those no hard rule keeps out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Exclusion
from recommender.matching.eligibility import exclusion_of
from recommender.matching.kind_scores import EntityRows, KindScores
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import Candidate

EntityReader = Callable[[EntityKind, Sequence[str]], Mapping[str, Entity]]
"""Reads entities as stored now; ids that are gone are absent from the answer."""

YearReader = Callable[[int], int | None]
"""Year of a passage by its row."""


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
    order: EntityRows,
    scores: KindScores,
    query: MatchQuery,
    *,
    size: int,
    read: EntityReader,
    year_of: YearReader,
) -> Shortlist:
    """Walk down the text ranking until ``size`` eligible entities are found or none is left.

    Args:
        order: entity rows, best first.
        scores: of their kind.
        query: who asks.
        size: at least 1.
        read: reads entities as stored now, a block at a time.
        year_of: year of a passage.
    """
    eligible: list[Candidate] = []
    excluded: list[Excluded] = []
    for start in range(0, len(order), size):
        for candidate, exclusion in _judged(order[start : start + size], scores, query, read, year_of):
            if exclusion is not None:
                excluded.append(Excluded(candidate, exclusion))
            elif candidate is not None and candidate.entity.id != query.source_id:
                eligible.append(candidate)
        if len(eligible) >= size:
            break
    return Shortlist(tuple(eligible[:size]), tuple(excluded))


def _judged(
    rows: EntityRows, scores: KindScores, query: MatchQuery, read: EntityReader, year_of: YearReader
) -> list[tuple[Candidate | None, Exclusion | None]]:
    kind, ids = scores.population.kind, scores.population.links.entity_ids
    entities = read(kind, [ids[row] for row in rows])
    judged: list[tuple[Candidate | None, Exclusion | None]] = []
    for row in rows.tolist():
        entity = entities.get(ids[row])
        code = exclusion_of(entity, query)
        exclusion = None if code is None else Exclusion(kind, ids[row], entity.name if entity else "", code)
        candidate = None if entity is None else _candidate(entity, row, scores, year_of)
        judged.append((candidate, exclusion))
    return judged


def _candidate(entity: Entity, row: int, scores: KindScores, year_of: YearReader) -> Candidate:
    votes = scores.votes(row)
    years = [year for vote in votes[: scores.config.n_evidence] if (year := year_of(vote.passage)) is not None]
    return Candidate(entity, float(scores.text[row]), tuple(votes), max(years, default=None))
