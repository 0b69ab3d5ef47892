"""One need: what it says, where it stands, what may be done with it, and doing it."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id, when
from api.console.messages import needs as zh
from api.console.notices import Undo
from api.console.pages.needs.paper import may_edit
from api.console.pages.needs.steps import choices_of
from api.console.visit import Submission, Visit
from api.traffic.lanes import MATCHES
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import EntityKind
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedFilter, NeedSort, NeedView
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import WISHING_NEED_STATES
from recommender.domain.workflow import NeedState, ReasonCode
from recommender.services.review.need_overview import NeedDossier

router = APIRouter()
"""Addresses that end in what is asked of a need."""
last = APIRouter()
"""The need itself: its id may hold slashes, so every longer address stands before it."""

_TEMPLATE: Final = "needs/detail.html"
_MAX_NOTE: Final = 2000


@router.get("/needs/{need_id:path}/similar", openapi_extra=MATCHES)
def similar_needs(visit: Annotated[Visit, page(Permission.NEEDS_READ)], need_id: str) -> Response:
    """Earlier needs that are near to this one."""
    review = visit.served.intake.review_stored(visit.actor, need_id)
    return visit.render("needs/similar.html", need_id=need_id, similar=review, is_whole=not visit.wants_part)


@router.post("/needs/{need_id:path}/steps")
def take_step(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)], need_id: str) -> Response:
    """Take a need one step further."""
    fields = sent.fields
    to = fields.text("to")
    try:
        target = fields.choice("to", NeedState, label=zh.STEP) or NeedState.DRAFT
        moved = sent.served.needs.move(
            sent.actor,
            need_id,
            target,
            version=fields.version(),
            reason=fields.choice("reason", ReasonCode, label=zh.REASON),
            note=_note(fields.text("note"), fields.texts("question")),
        )
    except MatchmakerError as error:
        context = _context(sent, need_id)
        typed = {"to": to, "reason": fields.text("reason"), "note": fields.text("note")}
        return sent.again(_TEMPLATE, error, **context | {"typed": context["typed"] | typed})
    address = f"/console/needs/{path_id(need_id)}"
    undo = Undo(action=f"{address}/undo", fields={"version": str(moved.progress.version)})
    return sent.go(address, notice=zh.DONE[target], undo=undo)


@router.post("/needs/{need_id:path}/undo")
def undo_step(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)], need_id: str) -> Response:
    """Take back one's own last step."""
    try:
        back = sent.served.undo.undo_need(sent.actor, need_id, version=sent.fields.version())
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_context(sent, need_id))
    return sent.go(f"/console/needs/{path_id(need_id)}", notice=zh.UNDONE.format(state=back.state.value))


@router.post("/needs/{need_id:path}/summary")
def take_summary(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)], need_id: str) -> Response:
    """Store the public summary that was proposed."""
    return _written(sent, need_id, "public_summary", zh.SUMMARY_TAKEN)


@router.post("/needs/{need_id:path}/diagnosis")
def write_diagnosis(sent: Annotated[Submission, form(Permission.NEEDS_REVIEW)], need_id: str) -> Response:
    """Store what came of looking at a need together with its enterprise."""
    return _written(sent, need_id, "diagnosis", zh.DIAGNOSED)


@router.post("/needs/{need_id:path}/reveal")
def reveal_need(sent: Annotated[Submission, form(Permission.REVEAL)], need_id: str) -> Response:
    """Show what is masked, for a purpose that is written down."""
    purpose = sent.fields.text("purpose")
    try:
        shown = sent.served.reveals.reveal(sent.actor, EntityKind.NEED, need_id, purpose)
    except InvalidInput as error:
        return sent.again(_TEMPLATE, error, **_context(sent, need_id) | {"purpose": purpose})
    notice = zh.REVEALED.format(until=when(shown.valid_until))
    return sent.go(f"/console/needs/{path_id(need_id)}", notice=notice)


@last.get("/needs/{need_id:path}")
def show_need(visit: Annotated[Visit, page(Permission.NEEDS_READ)], need_id: str) -> Response:
    """One need."""
    return visit.render(_TEMPLATE, **_context(visit, need_id))


def _written(sent: Submission, need_id: str, field: str, notice: str) -> Response:
    """After one field was changed on the need's own page."""
    text = sent.fields.text(field)
    try:
        version = sent.fields.version("record_version")
        sent.served.needs.edit(sent.actor, need_id, {field: text}, record_version=version)
    except MatchmakerError as error:
        context = _context(sent, need_id)
        return sent.again(_TEMPLATE, error, **context | {"typed": context["typed"] | {field: text}})
    return sent.go(f"/console/needs/{path_id(need_id)}", notice=notice)


def _context(visit: Visit, need_id: str) -> dict[str, Any]:
    """What the template of a need shows."""
    dossier = visit.served.need_overview.get(visit.actor, need_id)
    state = dossier.detail.progress.state
    reviews = visit.actor.may(Permission.NEEDS_REVIEW)
    return {
        "dossier": dossier,
        "need": dossier.detail.need,
        "progress": dossier.detail.progress,
        "choices": choices_of(dossier.detail.steps),
        "reviews": reviews,
        "may_edit": visit.actor.may(Permission.NEEDS_WRITE) and may_edit(state, reviews=reviews),
        "may_reveal": dossier.is_masked and visit.actor.may(Permission.REVEAL),
        "has_matches": state in WISHING_NEED_STATES,
        "what_next": (zh.NEXT_FOR_OFFICER if reviews else zh.NEXT_FOR_OWNER)[state],
        "remark": _remark(dossier),
        "asks_now": state in NEED_VIEW_STATES[NeedView.REVIEW],
        "following": _following(visit, need_id) if reviews else None,
        "typed": {"to": "", "reason": "", "note": "", "diagnosis": ""},
        "purpose": "",
        "zh": zh,
    }


def _remark(dossier: NeedDossier) -> dict[str, str] | None:
    """Why the need stands where it stands, where somebody said so."""
    step = dossier.last
    if step is None or step.by_system or (step.reason is None and not step.note):
        return None
    return {"reason": step.reason.value if step.reason else "", "note": step.note}


def _following(visit: Visit, need_id: str) -> dict[str, Any]:
    """The need that waits longest beside this one, and how many wait."""
    waiting = NeedFilter(states=NEED_VIEW_STATES[NeedView.REVIEW])
    found = visit.served.needs.page(visit.actor, waiting, PageRequest(limit=2, sort=NeedSort.DUE))
    others = [line.need for line in found.items if line.need.id != need_id]
    return {"need": others[0] if others else None}


def _note(text: str, questions: Sequence[str]) -> str:
    """A note with the questions that were ticked, each on its line."""
    if not questions:
        return text
    asked = [zh.QUESTIONS_LEAD, *(f"{n}. {question}" for n, question in enumerate(questions, 1))]
    return "\n".join([*([text] if text else []), *asked])[:_MAX_NOTE]
