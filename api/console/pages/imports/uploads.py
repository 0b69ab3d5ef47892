"""Step one: a file is sent; and the templates to fill in."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.attachments import attachment
from api.console.messages import imports as zh
from api.console.pages.imports.views import ROOT, address, kinds, steps_of
from api.console.visit import Submission, Visit
from api.traffic.lanes import FILES
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.import_jobs import ImportJob
from recommender.exchange.tables import table_of
from recommender.exchange.template import template_name

router = APIRouter()
receiving = APIRouter()
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATE: Final = "imports/new.html"


@router.get("/imports/new")
def upload_page(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], kind: str = "") -> Response:
    """Where a file is chosen."""
    return visit.render(_TEMPLATE, **_context(visit, kind))


@receiving.post("/imports", openapi_extra=FILES)
def upload(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)]) -> Response:
    """Take a file in."""
    kind = sent.fields.text("kind")
    try:
        job = _received(sent, kind)
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_context(sent, kind))
    said = zh.UPLOADED if job.kind else zh.UPLOADED_UNKNOWN
    return sent.go(address(job, "options"), notice=said.format(file=job.file_name))


@router.get("/imports/templates/{kind}")
def download_template(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], kind: str) -> Response:
    """A workbook to fill in."""
    table = table_of(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = visit.served.templates.write(kind, Path(folder) / "template.xlsx")
        return Response(path.read_bytes(), media_type=XLSX, headers=attachment(template_name(table)))


def _received(sent: Submission, kind: str) -> ImportJob:
    file = sent.fields.file("file")
    if file is None:
        raise InvalidInput("import.upload_missing")
    return sent.served.import_receiver.receive(sent.actor, file.file, file.filename or "", kind=kind)


def _context(visit: Visit, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "kinds": kinds(),
        "steps": steps_of(None, "new"),
        "max_bytes": visit.served.import_receiver.max_bytes,
        "root": ROOT,
    }
