"""What was imported: the list, one batch, and taking it back."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import when
from api.console.messages import imports as zh
from api.console.pages.imports.views import ROOT, address, entity_address, kinds, present_page, said
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.errors import MatchmakerError
from recommender.domain.paging import PageRequest
from recommender.services.batches import UndoState

router = APIRouter()
_PAGE_SIZE: Final = 20
_RECORDS: Final = 50


@router.get("/imports")
def list_imports(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], cursor: str = "") -> Response:
    """Imports that wait for their owner, and all batches."""
    return visit.render("imports/list.html", **_listed(visit, cursor))


@router.get("/imports/batches/{batch_id:path}")
def show_batch(
    visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], batch_id: str, cursor: str = "", only: str = ""
) -> Response:
    """One batch with its records."""
    return visit.render("imports/batch.html", **batch_context(visit, batch_id, cursor=cursor, only=only))


@router.post("/imports/batches/{batch_id:path}")
def undo_batch(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], batch_id: str) -> Response:
    """Take a batch back."""
    try:
        job = sent.served.import_jobs.undo(sent.actor, batch_id)
    except MatchmakerError as error:
        return sent.again("imports/batch.html", error, **batch_context(sent, batch_id))
    return sent.go(address(job, "result"))


def batch_context(visit: Visit, batch_id: str, *, cursor: str = "", only: str = "") -> dict[str, Any]:
    """What a page on a batch shows."""
    line = visit.served.batches.get(visit.actor, batch_id)
    added = {"new": True, "changed": False}.get(only)
    request = PageRequest(limit=_RECORDS, cursor=cursor)
    is_open = line.undo is UndoState.POSSIBLE
    return {
        "line": line,
        "records": visit.served.batches.records(visit.actor, batch_id, request, added=added),
        "only": only,
        "entity_address": entity_address,
        "can_undo": is_open,
        "closed": _closed(line.undo, line.batch.undone_at),
    }


def _closed(undo: UndoState, at: datetime | None) -> str:
    sentence = zh.UNDO_CLOSED.get(undo.value, "")
    return sentence.format(at=when(at))


def _listed(visit: Visit, cursor: str) -> dict[str, Any]:
    return {
        "jobs": visit.served.import_jobs.open_jobs(visit.actor) if not cursor else (),
        "batches": visit.served.batches.page(visit.actor, PageRequest(limit=_PAGE_SIZE, cursor=cursor)),
        "kinds": kinds(),
        "address": address,
        "present_page": present_page,
        "said": said,
        "root": ROOT,
    }
