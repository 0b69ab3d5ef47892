"""Records that are probably one: side by side, to be made one or told apart."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.faults import said
from api.console.messages import library as zh
from api.console.notices import Undo
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.errors import Conflict, InvalidInput
from recommender.domain.identity import MERGEABLE_KINDS, ProposalState
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.paging import PageRequest

PAGE_SIZE: Final = 8
_ROOT: Final = "/console/duplicates"
_FIND: Final = "duplicates/find.html"
_CHOOSE: Final = "choose-"

router = APIRouter(prefix="/duplicates")

_Editor = Annotated[Visit, page(Permission.LIBRARY_WRITE)]
_Sent = Annotated[Submission, form(Permission.LIBRARY_WRITE)]


@router.get("")
def list_pairs(visit: _Editor, kind: str = "", view: str = "open", cursor: str = "") -> Response:
    """Pairs that wait for a decision, or were told apart."""
    state = ProposalState.REJECTED if view == "rejected" else ProposalState.OPEN
    request = PageRequest(limit=PAGE_SIZE, cursor=cursor)
    found = visit.served.deduplication.page(visit.actor, _kind_or_none(kind), state, request)
    overview = visit.served.duplicate_searches.overview(visit.actor)
    return visit.render("duplicates/list.html", found=found, kind=kind, view=view, overview=overview)


@router.get("/history")
def history(visit: _Editor) -> Response:
    """What was merged, and taking it back."""
    return visit.render("duplicates/history.html", lines=visit.served.deduplication.history(visit.actor))


@router.get("/pair")
def pair(visit: _Editor, kind: str, a: str, b: str) -> Response:
    """One pair, to choose field by field."""
    found = visit.served.deduplication.pair(visit.actor, _kind(kind), a, b)
    return visit.render("duplicates/pair.html", pair=found, typed={})


@router.post("/merge")
def merge(sent: _Sent) -> Response:
    """Make one record of two."""
    kind, a, b = _pair_of(sent)
    chosen = {
        name.removeprefix(_CHOOSE): value for name, value in sent.fields if name.startswith(_CHOOSE) and value
    }
    try:
        done = sent.served.deduplication.merge(
            sent.actor, kind, a, b, keep=sent.fields.text("keep"), chosen=chosen
        ).merge
    except InvalidInput as error:
        found = sent.served.deduplication.pair(sent.actor, kind, a, b)
        return sent.again("duplicates/pair.html", error, pair=found, typed=dict(sent.fields))
    notice = zh.MERGED.format(absorbed=done.absorbed_id, survivor=done.survivor_id)
    return sent.go(_back(sent), notice=notice, undo=Undo(action=f"{_ROOT}/undo", fields={"merge": done.id}))


@router.post("/undo")
def undo(sent: _Sent) -> Response:
    """Take a merge back."""
    done = sent.served.deduplication.undo(sent.actor, sent.fields.text("merge"))
    return sent.go(_back(sent), notice=zh.MERGE_UNDONE.format(absorbed=done.absorbed_id))


@router.post("/reject")
def reject(sent: _Sent) -> Response:
    """Say that two records are different."""
    kind, a, b = _pair_of(sent)
    sent.served.deduplication.reject(sent.actor, kind, a, b)
    undo = Undo(action=f"{_ROOT}/reopen", fields={"kind": kind.value, "a": a, "b": b})
    return sent.go(_back(sent), notice=zh.REJECTED, undo=undo)


@router.post("/reopen")
def reopen(sent: _Sent) -> Response:
    """Take back that two records are different."""
    sent.served.deduplication.reopen(sent.actor, *_pair_of(sent))
    return sent.go(_back(sent), notice=zh.REOPENED)


@router.get("/find")
def find_page(visit: _Editor) -> Response:
    """How far a comparison is, or where one is begun; and what the last ones found."""
    return visit.render(_FIND, **_search_context(visit))


@router.post("/find")
def find(sent: _Sent) -> Response:
    """Have a kind, or all of them, looked through anew in the background."""
    kind = _kind_or_none(sent.fields.text("kind"))
    try:
        sent.served.duplicate_searches.begin(sent.actor, MERGEABLE_KINDS if kind is None else (kind,))
    except Conflict as error:
        return sent.again(_FIND, error, **_search_context(sent))
    return sent.go(f"{_ROOT}/find")


def _search_context(visit: Visit) -> dict[str, Any]:
    overview = visit.served.duplicate_searches.overview(visit.actor)
    fault = overview.last.search.fault if overview.last is not None else None
    return {
        "overview": overview,
        "kinds": MERGEABLE_KINDS,
        "fault": said(fault, fallback="identity.search_broken"),
    }


def _pair_of(sent: Submission) -> tuple[EntityKind, str, str]:
    return _kind(sent.fields.text("kind")), sent.fields.text("a"), sent.fields.text("b")


def _back(sent: Submission) -> str:
    """The list from which the form was sent."""
    to = sent.fields.text("back")
    return to if to.startswith(_ROOT) else _ROOT


def _kind_or_none(text: str) -> EntityKind | None:
    return _kind(text) if text else None


def _kind(text: str) -> EntityKind:
    """A kind by its name.

    Raises:
        InvalidInput: records of that kind are not merged.
    """
    if text not in set(MERGEABLE_KINDS):
        allowed = "、".join(KIND_LABELS[item] for item in MERGEABLE_KINDS)
        raise InvalidInput("identity.kind_not_mergeable", kind=f"“{text[:20]}”", allowed=allowed)
    return EntityKind(text)
