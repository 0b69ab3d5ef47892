"""Deciding: one case, several at once, keeping one for oneself, and taking back."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form
from api.console.messages import review as zh
from api.console.notices import Notice, Undo
from api.console.pages.review.address import DESK, DeskAddress
from api.console.pages.review.choices import Chosen, chosen, step_label
from api.console.pages.review.desk import desk_of
from api.console.visit import Submission
from recommender.bootstrap import now
from recommender.domain.accounts import Permission
from recommender.domain.cases import Case
from recommender.domain.errors import InvalidInput, MatchmakerError, NotFound

router = APIRouter()
Sent = Annotated[Submission, form(Permission.CASES_REVIEW)]

_UNDO: Final = f"{DESK}/undo"
_MAX_NOTE: Final = 2000
_FASTER: Final = frozenset({"review.outdated", "review.claimed"})


@router.post("/review/decide")
def decide(sent: Sent) -> Response:
    """Take a case a step further and go on to the next one."""
    address, id = _address(sent), sent.fields.text("case")
    try:
        version = sent.fields.version()
        picked = chosen(sent.fields.text("choice"), _note(sent))
        name = _name(sent, id)
        undo = _step(sent, id, picked, version)
    except MatchmakerError as error:
        return _refused(sent, address, id, error)
    return sent.go(_next(sent, address), notice=_said(picked, name), undo=undo)


@router.post("/review/claim")
def claim(sent: Sent) -> Response:
    """Keep a case for oneself, and go on; it waits under one's own."""
    address, id = _address(sent), sent.fields.text("case")
    try:
        case = sent.served.cases.claim(sent.actor, id, version=sent.fields.version())
    except MatchmakerError as error:
        return _refused(sent, address, id, error)
    assert case.claimed_until is not None
    until = f"{case.claimed_until.astimezone():%H:%M}"
    notice = zh.CLAIMED.format(until=until, target=_name(sent, id))
    return sent.go(_next(sent, address), notice=notice, undo=_undo("claim", case, address))


@router.post("/review/release")
def release(sent: Sent) -> Response:
    """Give a case back, so that it waits for anybody again."""
    address, id = _address(sent), sent.fields.text("case")
    try:
        case = sent.served.cases.release(sent.actor, id, version=sent.fields.version())
    except MatchmakerError as error:
        return _refused(sent, address, id, error)
    notice = zh.RELEASED.format(target=_name(sent, id))
    return sent.go(address.url(case=id), notice=notice, undo=_undo("release", case, address))


@router.post("/review/bulk")
def decide_many(sent: Sent) -> Response:
    """Take several cases the same step further, all or none."""
    address = _address(sent)
    try:
        items = [_item(text) for text in sent.fields.texts("pick")]
        if not items:
            raise InvalidInput("review.nothing_picked")
        picked = chosen(sent.fields.text("choice"), _note(sent))
        batch, cases = sent.served.cases.decide_many(sent.actor, items, picked.choice, push=picked.push)
    except MatchmakerError as error:
        more = {"picked": frozenset(sent.fields.texts("pick")), "note": sent.fields.text("note")}
        return sent.again("review/desk.html", error, **desk_of(sent, address, **more))
    step, reason = step_label(picked.choice.to, push=picked.push), picked.choice.reason
    template = zh.BATCH_DONE_REASON if reason else zh.BATCH_DONE
    text = template.format(step=step, n=len(cases), reason=reason.value if reason else "")
    fields = {"what": "batch", "id": batch, "back": address.query()}
    return sent.go(_next(sent, address), notice=text, undo=Undo(action=_UNDO, fields=fields))


@router.post("/review/undo")
def undo(sent: Sent) -> Response:
    """Take back what was just done, and show the case again."""
    address, id, what = _address(sent), sent.fields.text("id"), sent.fields.text("what")
    if what == "batch":
        cases = sent.served.undo.undo_batch(sent.actor, id)
    elif what == "claim":
        cases = [sent.served.cases.release(sent.actor, id, version=sent.fields.version())]
    elif what == "release":
        cases = [sent.served.cases.claim(sent.actor, id, version=sent.fields.version())]
    else:
        cases = [sent.served.undo.undo_case(sent.actor, id, version=sent.fields.version())]
    if len(cases) != 1:
        return sent.go(address.url(case=""), notice=zh.BATCH_UNDONE.format(n=len(cases)))
    notice = zh.UNDONE.format(target=_name(sent, cases[0].id), state=cases[0].state.value)
    return sent.go(address.url(case=cases[0].id), notice=Notice(text=notice, tone="info"))


def _step(sent: Submission, id: str, picked: Chosen, version: int) -> Undo:
    """Take the step; the way to take it back."""
    address = _address(sent)
    if picked.push:
        batch, _ = sent.served.cases.decide_and_push(sent.actor, id, picked.choice, version=version)
        return Undo(action=_UNDO, fields={"what": "batch", "id": batch, "back": address.query(case=id)})
    return _undo("step", sent.served.cases.decide(sent.actor, id, picked.choice, version=version), address)


def _undo(what: str, case: Case, address: DeskAddress) -> Undo:
    fields = {"what": what, "id": case.id, "version": str(case.version), "back": address.query(case=case.id)}
    return Undo(action=_UNDO, fields=fields)


def _refused(sent: Submission, address: DeskAddress, id: str, error: MatchmakerError) -> Response:
    """Say what stands in the way; where somebody else was faster, nothing is left to do but go on."""
    if isinstance(error, NotFound) or error.code in _FASTER:
        after = sent.fields.text("next")
        text = str(error) if isinstance(error, NotFound) else _what_changed(sent, id)
        notice = Notice(text=f"{text}{zh.MOVED_ON}" if after else text, tone="bad")
        return sent.go(address.url(case=after), notice=notice)
    context = desk_of(sent, _opened(address, id), typed={"note": sent.fields.text("note")})
    template = "review/case.html" if sent.wants_part else "review/desk.html"
    return sent.again(template, error, **context)


def _what_changed(sent: Submission, id: str) -> str:
    """Who was faster, and where the case stands now."""
    detail = sent.served.cases.get(sent.actor, id)
    case, name = detail.case, detail.line.target_name
    if case.claimed_by_other(sent.actor.id, now()) and case.claimed_until is not None:
        return zh.HELD.format(target=name, until=f"{case.claimed_until.astimezone():%H:%M}")
    by_oneself = bool(detail.timeline) and detail.timeline[-1].actor == sent.actor.id
    who = zh.ONESELF if by_oneself else zh.SOMEBODY
    return zh.CHANGED.format(target=name, who=who, state=case.state.value)


def _opened(address: DeskAddress, id: str) -> DeskAddress:
    return DeskAddress.parse(address.query(case=id))


def _address(sent: Submission) -> DeskAddress:
    """The queue that the form was on."""
    return DeskAddress.parse(sent.fields.text("back"))


def _note(sent: Submission) -> str:
    """What was written beside the decision.

    Raises:
        InvalidInput: it is too long.
    """
    note = sent.fields.text("note")
    if len(note) > _MAX_NOTE:
        raise InvalidInput("form.too_long", label=zh.NOTE, maximum=_MAX_NOTE, n=len(note))
    return note


def _next(sent: Submission, address: DeskAddress) -> str:
    """The next case of the queue; the first one where there is none."""
    return address.url(case=sent.fields.text("next"))


def _name(sent: Submission, id: str) -> str:
    """Whom a case proposes, as the actor sees it."""
    return sent.served.cases.get(sent.actor, id).line.target_name


def _said(picked: Chosen, name: str) -> str:
    step, reason = step_label(picked.choice.to, push=picked.push), picked.choice.reason
    if reason is None:
        return zh.DONE.format(step=step, target=name)
    return zh.DONE_REASON.format(step=step, reason=reason.value, target=name)


def _item(text: str) -> tuple[str, int]:
    """Version and id as a box of the queue sends them."""
    version, _, id = text.partition(" ")
    if not (version.isascii() and version.isdigit() and id):
        raise InvalidInput("form.version")
    return id, int(version)
