"""What somebody is shown of a pair at this moment: the answer of live matching, as matches keep it."""

from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Pair, Shown
from recommender.domain.errors import Unavailable
from recommender.domain.match import Match
from recommender.services.matching import MatchAnswer, MatchRequest, MatchService

DEPTH: Final = 50
"""How far down a list somebody is looked for."""


def live_shown(matching: MatchService, actor: Actor, pair: Pair) -> Shown | None:
    """Place, score and reason of a target in the list of its kind.

    ``None`` where it is not among the first :data:`DEPTH`, the actor may not match, or nothing can be ranked.

    Raises:
        NotFound: the need is not there, or not for this actor.
    """
    if not actor.may(Permission.MATCH):
        return None
    try:
        answer = matching.match_need(actor, pair.source_id, MatchRequest((pair.target_kind,), k=DEPTH))
    except Unavailable:
        return None
    found = next((match for part in answer.lists for match in part.matches if match.id == pair.target_id), None)
    return None if found is None else shown_of_match(answer, found)


def shown_of_match(answer: MatchAnswer, match: Match) -> Shown:
    """What an answer shows of one match; no run stands behind it."""
    return Shown(
        run_id="",
        snapshot_id=answer.snapshot_id,
        encoder_id=answer.encoder_id,
        configuration_hash=answer.configuration_hash,
        position=match.position,
        score=match.score,
        parts={part.name: part.contribution for part in match.parts},
        reason=match.reasons[0].text if match.reasons else "",
        evidence_ids=tuple(evidence.id for evidence in match.evidence),
    )
