"""Who could use an achievement, and offering it to them."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.messages import matches as zh
from api.console.pages.matches.asking import CHOICES, Asked
from api.console.visit import Submission, Visit
from api.problems import note_code
from api.traffic.lanes import MATCHES
from recommender.domain.accounts import Permission
from recommender.domain.cases import Pair
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import DEMAND_KINDS, KIND_LABELS, EntityKind
from recommender.services.results.achievements import pair_with
from recommender.services.results.cards import DEPTHS

router = APIRouter()
PAGE: Final = "matches/achievement.html"


@router.get("/library/achievement/{achievement_id:path}/matches", openapi_extra=MATCHES)
def show_demand(visit: Annotated[Visit, page(Permission.CASES_REVIEW)], achievement_id: str) -> Response:
    """Enterprises and needs that could use an achievement."""
    asked = Asked.parse(visit.request.url.query, DEMAND_KINDS)
    try:
        context = _results(visit, achievement_id, asked)
    except InvalidInput as error:
        note_code(visit.request, error.code)
        context = _results(visit, achievement_id, replace(asked, texts={}))
        return visit.render(PAGE, status=error.status, **context | {"error": error, "typed": asked.texts})
    return visit.render(PAGE, **context)


@router.post("/library/achievement/{achievement_id:path}/matches", openapi_extra=MATCHES)
def propose(sent: Annotated[Submission, form(Permission.CASES_REVIEW)], achievement_id: str) -> Response:
    """Open a match with somebody who could use it."""
    try:
        pair = _pair(sent, achievement_id)
        case = sent.served.cases.propose(sent.actor, pair)
    except MatchmakerError as error:
        asked = Asked.parse(sent.request.url.query, DEMAND_KINDS)
        return sent.again(PAGE, error, **_results(sent, achievement_id, asked))
    line = sent.served.cases.get(sent.actor, case.id).line
    name = line.target_name if pair.source_kind is EntityKind.ACHIEVEMENT else line.source_name
    return sent.go(f"/console/cases/{path_id(case.id)}", notice=zh.PROPOSED.format(name=name or zh.SOMEBODY))


def _results(visit: Visit, achievement_id: str, asked: Asked) -> dict[str, Any]:
    found = visit.served.achievement_results.ranked(
        visit.actor, achievement_id, asked.kind, depth=asked.depth, filters=asked.filters
    )
    base = f"/console/library/achievement/{path_id(achievement_id)}/matches"
    return {
        "found": found,
        "asked_for": asked,
        "base": base,
        "kinds_tabs": asked.tabs(base, found.close),
        "choices": CHOICES[asked.kind],
        "typed": asked.texts,
        "limits": visit.served.review_settings.thresholds,
        "further": next((depth for depth in DEPTHS if depth > asked.depth), None),
        "zh": zh,
    }


def _pair(sent: Submission, achievement_id: str) -> Pair:
    kind = sent.fields.choice("target_kind", EntityKind, label=zh.TARGET)
    id = sent.fields.text("target_id")
    if kind not in DEMAND_KINDS or not id:
        source, target = KIND_LABELS[EntityKind.ACHIEVEMENT], kind.value if kind else ""
        raise InvalidInput("review.pair_unfitting", source=source, target=target)
    return pair_with(achievement_id, kind, id)
