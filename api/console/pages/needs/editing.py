"""Writing a need: the guided form, advice while it is written, drafts and changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.messages import needs as zh
from api.console.notices import Undo
from api.console.pages.needs.need_form import MAX_ITEMS, NeedForm
from api.console.pages.needs.owners import code_of, enterprises
from api.console.pages.needs.paper import Paper, blank, context, stored
from api.console.pages.needs.values import Value, digests, merged, values_of
from api.console.visit import Submission, Visit
from api.traffic.lanes import MATCHES
from recommender.domain.accounts import Permission
from recommender.domain.entities import Need
from recommender.domain.errors import InvalidInput, MatchmakerError, Outdated
from recommender.domain.workflow import NeedState
from recommender.services.review.needs import NeedDetail

literal = APIRouter()
"""Addresses without an id."""
router = APIRouter()

_TEMPLATE: Final = "needs/edit.html"
_ADVICE: Final = "needs/advice.html"
_FIELD_OF: Final[Mapping[str, str]] = {
    "review.need_untitled": "title",
    "review.need_empty": "description",
    "review.need_deadline": "deadline",
    "review.need_owner_unknown": "owner",
    "review.need_owner_several": "owner",
    "entity.not_found": "owner",
}
"""The field that an error is about."""


@literal.get("/needs/new")
def new_need(visit: Annotated[Visit, page(Permission.NEEDS_WRITE)]) -> Response:
    """An empty form."""
    return visit.render(_TEMPLATE, **context(visit, blank()))


@literal.get("/needs/enterprises")
def offer_enterprises(visit: Annotated[Visit, page(Permission.NEEDS_REVIEW)], text: str = "") -> Response:
    """Enterprises whose name has what was typed so far."""
    found = enterprises(visit, text.strip()) if text.strip() else []
    return visit.render("needs/enterprises.html", found=found)


@literal.post("/needs")
def create_need(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)]) -> Response:
    """Store a draft, and hand it in where that was the button."""
    read, owner = _read(sent), _owner(sent)
    try:
        _refuse_faults(read)
        detail = sent.served.needs.create(sent.actor, read.content | {"enterprise_code": code_of(sent, owner)})
    except MatchmakerError as error:
        return _again(sent, error, Paper(detail=None, values=read.values, owner=owner, faults=_faults(read)))
    return _handed_in(sent, detail, zh.SAVED)


@literal.post("/needs/check", openapi_extra=MATCHES)
def check_need(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)]) -> Response:
    """The same form with advice; nothing is stored. For browsers without scripts."""
    detail, read = _stored(sent), _read(sent)
    version = sent.fields.version("record_version")
    paper = Paper(
        detail=detail,
        values=read.values | _pressed(sent, read),
        owner=_owner(sent),
        faults=_faults(read),
        opened=sent.fields.text("opened"),
        more_rows=sent.fields.flag("more"),
    )
    draft = _draft(sent, read, detail)
    try:
        paper = replace(paper, review=(sent.served.intake.review(sent.actor, draft), draft))
    except MatchmakerError as error:
        return _again(sent, error, paper, record_version=version)
    return sent.render(_TEMPLATE, **context(sent, paper) | {"record_version": version})


@literal.post("/needs/advice", openapi_extra=MATCHES)
def advise(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)]) -> Response:
    """What is said beside the form while it is filled in; nothing is stored."""
    read = _read(sent)
    draft, listed = _draft(sent, read, _stored(sent)), read.values["indicators"]
    try:
        review = sent.served.intake.review(sent.actor, draft)
    except InvalidInput as error:
        return sent.again(_ADVICE, error, advice=None, similar=None, draft=draft, listed=listed)
    return sent.render(_ADVICE, advice=review, similar=review, draft=draft, listed=listed)


@router.get("/needs/{need_id:path}/edit")
def edit_need(visit: Annotated[Visit, page(Permission.NEEDS_WRITE)], need_id: str) -> Response:
    """The form of a stored need."""
    return visit.render(_TEMPLATE, **context(visit, stored(visit.served.needs.get(visit.actor, need_id))))


@router.post("/needs/{need_id:path}/edit")
def change_need(sent: Annotated[Submission, form(Permission.NEEDS_WRITE)], need_id: str) -> Response:
    """Store what was changed, and hand it in where that was the button."""
    before = sent.served.needs.get(sent.actor, need_id)
    read, present = _read(sent), values_of(before.need)
    opened = sent.fields.text("opened")
    try:
        _refuse_faults(read)
        changes = {name: value for name, value in read.content.items() if read.values[name] != present[name]}
        version = sent.fields.version("record_version")
        detail = sent.served.needs.edit(sent.actor, need_id, changes, record_version=version)
    except Outdated as error:
        merge = merged(read.values, present, opened)
        # It goes on from what is stored now, with both versions in view.
        paper = Paper(detail=before, values=present | merge.values, opened=digests(present), merge=merge)
        return _again(sent, error, paper)
    except MatchmakerError as error:
        values = present | read.values
        return _again(sent, error, Paper(detail=before, values=values, opened=opened, faults=_faults(read)))
    return _handed_in(sent, detail, zh.CHANGED)


def _handed_in(sent: Submission, detail: NeedDetail, saved: str) -> Response:
    """To the page of a need that was stored, handed in before where that was the button."""
    need_id = detail.need.id
    address = f"/console/needs/{path_id(need_id)}"
    if not sent.fields.flag("submit"):
        return sent.go(address, notice=saved)
    version = detail.progress.version
    try:
        moved = sent.served.needs.move(sent.actor, need_id, NeedState.SUBMITTED, version=version)
    except MatchmakerError as error:
        # What was typed is stored by now; the form goes on from there.
        return _again(sent, error, stored(detail))
    undo = Undo(action=f"{address}/undo", fields={"version": str(moved.progress.version)})
    return sent.go(address, notice=zh.SAVED_AND_SUBMITTED, undo=undo)


def _again(sent: Submission, error: MatchmakerError, paper: Paper, **beside: object) -> Response:
    """The form once more, with the error at its field where it is about one."""
    faults = dict(paper.faults or {})
    field = _FIELD_OF.get(error.code, error.context.get("field"))
    if field is not None:
        faults.setdefault(str(field), str(error))
    return sent.again(_TEMPLATE, error, **context(sent, replace(paper, faults=faults)) | beside)


def _read(sent: Submission) -> NeedForm:
    return NeedForm.read(sent.fields, reviews=sent.actor.may(Permission.NEEDS_REVIEW))


def _owner(sent: Submission) -> str:
    """What a reviewer typed as the enterprise; others write for their own."""
    return sent.fields.text("owner") if sent.actor.may(Permission.NEEDS_REVIEW) else ""


def _stored(sent: Submission) -> NeedDetail | None:
    """The need that a form belongs to, ``None`` where it is new."""
    need_id = sent.fields.text("need_id")
    return sent.served.needs.get(sent.actor, need_id) if need_id else None


def _draft(sent: Submission, read: NeedForm, detail: NeedDetail | None) -> Need:
    """What was typed as a need, for advice."""
    if detail is not None:
        return read.draft(detail.need.id, detail.need.enterprise_code)
    try:
        return read.draft("", code_of(sent, _owner(sent)))
    except InvalidInput:
        return read.draft("", "")


def _pressed(sent: Submission, read: NeedForm) -> dict[str, Value]:
    """What the buttons of the advice put into the form: an indicator, or the summary that was proposed."""
    indicators = read.values["indicators"]
    added = sent.fields.text("add_indicator")
    if added and isinstance(indicators, tuple):
        # A range has two bounds, each an indicator of its own.
        return {"indicators": tuple(dict.fromkeys((*indicators, *added.split("；"))))[:MAX_ITEMS]}
    taken = sent.fields.text("take_summary")
    return {"public_summary": taken} if taken else {}


def _refuse_faults(read: NeedForm) -> None:
    """Refuse to store what cannot be read, by the first of what has to be looked at."""
    for error in read.faults.values():
        raise error


def _faults(read: NeedForm) -> dict[str, str]:
    return {name: str(fault) for name, fault in read.faults.items()}
