"""Lists of needs: an enterprise's own, and what an officer has to look at."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import query
from api.console.messages import needs as zh
from api.console.notices import Undo
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission, Role
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedFilter, NeedSort, NeedView
from recommender.domain.needs import NeedProgress
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import OPEN_NEED_STATES, NeedState
from recommender.review.needs import NEEDS

router = APIRouter()
_TEMPLATE: Final = "needs/list.html"
_ROWS: Final = 30
_MAX_TEXT: Final = 100
_TIDY: Final = frozenset({NeedView.RESULT, NeedView.PUT_AWAY})
"""Views in which several needs are put away together."""
_CLOSABLE: Final = frozenset(step.source for step in NEEDS.steps if step.target is NeedState.CLOSED)
_BETWEEN: Final = "|"


@router.get("/needs")
def list_needs(visit: Annotated[Visit, page(Permission.NEEDS_READ)]) -> Response:
    """Needs that the reader sees, with what waits beside each."""
    return visit.render(_TEMPLATE, **_context(visit))


@router.post("/needs/archive")
def archive_needs(sent: Annotated[Submission, form(Permission.NEEDS_REVIEW)]) -> Response:
    """Put the ticked needs away; the address says which list they stand in."""
    try:
        done = sent.served.needs.archive(sent.actor, _items(sent.fields.texts("need")))
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_context(sent) | {"ticked": set(sent.fields.texts("need"))})
    shown = dict(sent.request.query_params)
    undo = Undo(
        action=f"/console/needs/unarchive{query(shown)}",
        fields={"needs": "\n".join(map(_ticket, done))},
    )
    return sent.go(f"/console/needs{query(shown)}", notice=zh.ARCHIVED.format(n=len(done)), undo=undo)


@router.post("/needs/unarchive")
def unarchive_needs(sent: Annotated[Submission, form(Permission.NEEDS_REVIEW)]) -> Response:
    """Take that back."""
    try:
        back = sent.served.undo.undo_needs(sent.actor, _items(sent.fields.text("needs").splitlines()))
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_context(sent))
    address = f"/console/needs{query(dict(sent.request.query_params))}"
    return sent.go(address, notice=zh.UNARCHIVED.format(n=len(back)))


def _context(visit: Visit) -> dict[str, Any]:
    """What the template of the list shows, as the address asks for it."""
    asked: Mapping[str, str] = visit.request.query_params
    is_owner = visit.actor.role is Role.ENTERPRISE
    view, state = asked.get("view", ""), asked.get("state", "")
    chosen = NeedView(view) if view in set(NeedView) else NeedView.ALL if is_owner else NeedView.REVIEW
    wanted = NeedFilter(
        text=asked.get("text", "").strip()[:_MAX_TEXT],
        industry_chain=asked.get("chain", "").strip()[:_MAX_TEXT],
        town=asked.get("town", "").strip()[:_MAX_TEXT],
        is_overdue=bool(asked.get("late")),
    )
    states = frozenset({NeedState(state)}) if state in set(NeedState) else NEED_VIEW_STATES[chosen]
    order = asked.get("sort") or (f"-{NeedSort.UPDATED}" if is_owner else NeedSort.DUE.value)
    request = PageRequest(limit=_ROWS, cursor=asked.get("cursor", ""), sort=order)
    overview = visit.served.need_overview
    counts = overview.views(visit.actor, wanted)
    return {
        "found": overview.page(visit.actor, replace(wanted, states=states), request),
        "counts": counts,
        "counts_owner": counts[NeedView.OWNER],
        "view": chosen,
        "sort": order,
        "is_owner": is_owner,
        "is_narrowed": any(asked.get(name) for name in ("text", "chain", "town", "state", "late")),
        "labels": zh.OWNER_VIEW_LABELS if is_owner else zh.VIEW_LABELS,
        "open_states": OPEN_NEED_STATES,
        "states": [one for one in NeedState if one in NEED_VIEW_STATES[chosen]],
        "tidies": chosen in _TIDY and visit.actor.may(Permission.NEEDS_REVIEW),
        "closable": _CLOSABLE,
        "ticket": _ticket,
        "ticked": set(),
        "zh": zh,
    }


def _ticket(progress: NeedProgress) -> str:
    """What a box stands for: a need at a version."""
    return f"{progress.need_id}{_BETWEEN}{progress.version}"


def _items(tickets: tuple[str, ...] | list[str]) -> list[tuple[str, int]]:
    items = []
    for text in tickets:
        need_id, _, version = text.rpartition(_BETWEEN)
        if not (version.isascii() and version.isdigit() and len(version) < len(str(2**31))):
            raise InvalidInput("form.version")
        items.append((need_id, int(version)))
    return items
