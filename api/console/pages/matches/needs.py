"""Who could help with a need: ranked, or side by side, and what is said of each."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.filters import path_id
from api.console.messages import matches as zh
from api.console.pages.matches.asking import CHOICES, Asked
from api.console.visit import Visit
from api.problems import note_code
from api.traffic.lanes import MATCHES
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import SUPPLY_KINDS
from recommender.domain.workflow import ReasonCode
from recommender.services.results.cards import DEPTHS, N_LOOKED_AT
from recommender.services.results.needs import MAX_COMPARED, NeedInView

router = APIRouter()
LIST: Final = "matches/need.html"
COMPARISON: Final = "matches/compare.html"


@router.get("/needs/{need_id:path}/matches", openapi_extra=MATCHES)
def show_matches(visit: Annotated[Visit, page(Permission.MATCH)], need_id: str) -> Response:
    """The ranked answer to a need, or some of it side by side."""
    asked = Asked.parse(visit.request.url.query, SUPPLY_KINDS)
    try:
        template, context = results(visit, need_id, asked)
    except InvalidInput as error:
        # A filter that cannot be read: the list without it, and why.
        note_code(visit.request, error.code)
        template, context = results(visit, need_id, replace(asked, texts={}))
        return visit.render(template, status=error.status, **context | {"error": error, "typed": asked.texts})
    return visit.render(template, **context)


def results(visit: Visit, need_id: str, asked: Asked) -> tuple[str, dict[str, Any]]:
    """The template that shows what was asked, and what it is given."""
    service = visit.served.need_results
    common: dict[str, Any] = {
        "asked_for": asked,
        "base": address(need_id),
        "typed": asked.texts,
        "reasons": tuple(ReasonCode),
        "limits": visit.served.review_settings.thresholds,
        "max_compared": MAX_COMPARED,
        "said": {},
        "zh": zh,
    }
    if asked.side_by_side and len(asked.compared) > 1:
        comparison = service.compare(visit.actor, need_id, asked.kind, asked.compared)
        return COMPARISON, common | {"comparison": comparison, "view": comparison.view}
    found = service.ranked(visit.actor, need_id, asked.kind, depth=asked.depth, filters=asked.filters)
    return LIST, common | {
        "found": found,
        "kinds_tabs": asked.tabs(common["base"], found.close),
        "choices": CHOICES[asked.kind],
        "view": found.view,
        "note": _note(found.view),
        "further": next((depth for depth in DEPTHS if depth > asked.depth), None),
        "n_looked_at": N_LOOKED_AT,
    }


def address(need_id: str) -> str:
    """Where the page stands."""
    return f"/console/needs/{path_id(need_id)}/matches"


def _note(view: NeedInView) -> str:
    """What is to be known before somebody says what they want, ``""`` for nothing."""
    if view.is_open:
        return ""
    return zh.NEED_NOTES.get(view.state, zh.NEED_ENDED.format(state=view.state.value))
