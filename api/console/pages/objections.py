"""Objections as administrators look into them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.choices import chosen
from api.console.filters import path_id
from api.console.messages import settings as zh
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.objections import (
    MAX_ANSWER_CHARS,
    ObjectionFilter,
    ObjectionOutcome,
    ObjectionState,
    ObjectionSubject,
)
from recommender.domain.paging import PageRequest

router = APIRouter()
_TEMPLATE: Final = "objections/show.html"
_ALL: Final = "all"

Sent = Annotated[Submission, form(Permission.PERSONS_MANAGE)]


@router.get("/objections")
def list_objections(
    visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)],
    state: str = "",
    subject: str = "",
    cursor: str = "",
) -> Response:
    """Those that wait, the one that is due first on top; others by their state."""
    is_any = state == _ALL
    wanted = ObjectionFilter(
        open_only=not state,
        state=None if is_any else chosen(state, ObjectionState, label=zh.LABELS["state"]),
        subject=chosen(subject, ObjectionSubject, label=zh.LABELS["subject"]),
    )
    # Everybody's term is the same, so who came first is due first; what is over is looked at from the end.
    order = "-number" if state else ""
    found = visit.served.objections.page(visit.actor, PageRequest(cursor=cursor, sort=order), wanted)
    return visit.render(
        "objections/list.html",
        found=found,
        states=((_ALL, zh.ALL), *((each.value, each.value) for each in ObjectionState)),
        subjects=tuple(ObjectionSubject),
        days=visit.served.objections.days,
        is_filtered=bool(state or subject),
    )


@router.get("/objections/{objection_id}")
def show_objection(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)], objection_id: str) -> Response:
    """One objection."""
    return visit.render(_TEMPLATE, **_shown(visit, objection_id))


@router.post("/objections/{objection_id}/take-on")
def take_on(sent: Sent, objection_id: str) -> Response:
    """Say that one looks into it."""
    objection = sent.served.objections.take_on(sent.actor, objection_id, version=sent.fields.version())
    return sent.go(_address(objection.id), notice=zh.OBJECTION_TAKEN.format(id=objection.id))


@router.post("/objections/{objection_id}/answer")
def answer(sent: Sent, objection_id: str) -> Response:
    """Answer it."""
    try:
        outcome = sent.fields.choice("outcome", ObjectionOutcome, label=zh.LABELS["outcome"])
        if outcome is None:
            known = "、".join(ObjectionOutcome)
            raise InvalidInput("form.choice", label=zh.LABELS["outcome"], text="", known=known)
        objection = sent.served.objections.answer(
            sent.actor, objection_id, outcome, sent.fields.text("answer"), version=sent.fields.version()
        )
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_shown(sent, objection_id, dict(sent.fields)))
    return sent.go("/console/objections", notice=zh.OBJECTION_ANSWERED.format(id=objection.id))


def _address(id: str) -> str:
    return f"/console/objections/{path_id(id)}"


def _shown(visit: Visit, id: str, typed: dict[str, str] | None = None) -> dict[str, Any]:
    objection, people = visit.served.objections.get(visit.actor, id)
    return {
        "objection": objection,
        "people": people,
        "today": visit.served.objections.today(),
        "outcomes": tuple(ObjectionOutcome),
        "maximum": MAX_ANSWER_CHARS,
        "typed": typed or {},
    }
