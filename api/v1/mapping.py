"""From the domain's answers to the API's schemas, and what of them is public."""

from collections.abc import Sequence

from api.v1.schemas_matches import (
    EvidenceOut,
    ExclusionOut,
    MatchAnswerOut,
    MatchListOut,
    MatchOut,
    ReasonOut,
    ScorePartOut,
)
from recommender.domain.filters import Filter
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.match import Evidence, Match, MatchList, ScorePart, Span
from recommender.matching.messages import PART_LABELS
from recommender.services.matching import MatchAnswer, MatchRequest


def match_request(kinds: Sequence[EntityKind], k: int, filters: Sequence[str]) -> MatchRequest:
    """What the services take; a kind that is named twice counts once.

    Raises:
        InvalidInput: a filter that cannot be read.
    """
    distinct = dict.fromkeys(kinds)
    return MatchRequest(tuple(distinct), k, tuple(Filter.parse(text) for text in filters))


def match_answer(answer: MatchAnswer) -> MatchAnswerOut:
    """The answer as the API gives it."""
    return MatchAnswerOut(
        title=answer.title,
        text=answer.text,
        lists=[match_list(part) for part in answer.lists],
        snapshot_id=answer.snapshot_id,
        encoder_id=answer.encoder_id,
        configuration_hash=answer.configuration_hash,
        problems=list(answer.problems),
    )


def match_list(part: MatchList) -> MatchListOut:
    """One kind's list as the API gives it."""
    return MatchListOut(
        kind=part.kind,
        label=KIND_LABELS[part.kind],
        n_candidates=part.n_candidates,
        matches=[_match(match) for match in part.matches],
        exclusions=[ExclusionOut.model_validate(exclusion) for exclusion in part.exclusions],
        advice=part.advice,
    )


def _match(match: Match) -> MatchOut:
    return MatchOut(
        position=match.position,
        id=match.id,
        name=match.name,
        organisation=match.organisation,
        score=match.score,
        parts=[_part(part) for part in match.parts],
        reasons=[ReasonOut.model_validate(reason) for reason in match.reasons],
        gaps=[ReasonOut.model_validate(gap) for gap in match.gaps],
        evidence=[_evidence(evidence) for evidence in match.evidence],
    )


def _part(part: ScorePart) -> ScorePartOut:
    return ScorePartOut(
        name=part.name,
        label=PART_LABELS[part.name],
        value=part.value,
        weight=part.weight,
        contribution=part.contribution,
    )


def _evidence(evidence: Evidence) -> EvidenceOut:
    return EvidenceOut(
        id=evidence.id,
        source=evidence.source,
        title=evidence.title,
        text=evidence.text,
        year=evidence.year,
        similarity=evidence.similarity,
        share=evidence.share,
        title_marks=[_pair(mark) for mark in evidence.title_marks],
        text_marks=[_pair(mark) for mark in evidence.text_marks],
        sentence=_pair(evidence.sentence) if evidence.sentence is not None else None,
    )


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end
