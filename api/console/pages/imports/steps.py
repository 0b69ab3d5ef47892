"""Steps two to five of one import."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from api.console.access import form, page
from api.console.attachments import attachment
from api.console.messages import imports as zh
from api.console.pages.imports import chosen
from api.console.pages.imports.batches import batch_context
from api.console.pages.imports.uploads import XLSX
from api.console.pages.imports.views import ROOT, address, present_page, said, steps_of
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.errors import MatchmakerError
from recommender.domain.import_jobs import JobState, JobTask
from recommender.domain.paging import PageRequest
from recommender.services.import_jobs.views import JobView

router = APIRouter()
_ISSUES: Final = 50


@router.get("/imports/{job_id}")
def go_on(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """The page on which an import is to go on."""
    job = visit.served.import_jobs.get(visit.actor, job_id).job
    return RedirectResponse(address(job, present_page(job)), HTTPStatus.SEE_OTHER)


@router.get("/imports/{job_id}/options")
def options_page(
    visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)],
    job_id: str,
    kind: str = "",
    sheet: str = "",
    header_row: str = "",
) -> Response:
    """How the file is to be read; the address says with which kind, sheet and header row it is looked at."""
    view = visit.served.import_jobs.get(visit.actor, job_id)
    if view.job.is_busy or view.job.batch:
        return RedirectResponse(address(view.job, present_page(view.job)), HTTPStatus.SEE_OTHER)
    asked = chosen.asked(view.job, kind=kind, sheet=sheet, header_row=header_row)
    return visit.render("imports/options.html", **chosen.context(visit, view, asked))


@router.post("/imports/{job_id}/options")
def choose_options(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """Keep how the file is to be read, and have it checked."""
    jobs = sent.served.import_jobs
    view = jobs.get(sent.actor, job_id)
    wanted = chosen.typed(sent, view)
    try:
        sent.served.import_receiver.choose(sent.actor, job_id, wanted.kind, wanted.options)
        job = jobs.begin(sent.actor, job_id, JobTask.CHECK)
    except MatchmakerError as error:
        return sent.again("imports/options.html", error, **chosen.context(sent, view, wanted))
    return sent.go(address(job, "check"))


@router.post("/imports/{job_id}/mapping")
def forget_mapping(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """Forget what is remembered about files with these headers."""
    view = sent.served.import_jobs.get(sent.actor, job_id)
    was_there = sent.served.import_receiver.forget_mapping(sent.actor, job_id)
    return sent.go(
        address(view.job, "options"), notice=zh.MAPPING_FORGOTTEN if was_there else zh.MAPPING_NOT_THERE
    )


@router.get("/imports/{job_id}/check")
def check_page(
    visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)],
    job_id: str,
    tab: str = "",
    column: str = "",
    code: str = "",
    cursor: str = "",
) -> Response:
    """How far the check is, then what it found."""
    view = visit.served.import_jobs.get(visit.actor, job_id)
    if view.job.state is JobState.UPLOADED or (view.job.state is JobState.EXPIRED and view.job.report is None):
        return RedirectResponse(address(view.job, "options"), HTTPStatus.SEE_OTHER)
    found = _found(visit, view, tab=tab, group=(column, code) if code else None, cursor=cursor)
    return visit.render("imports/check.html", **_context(view, "check"), **found)


@router.get("/imports/{job_id}/annotated")
def download_annotated(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """The workbook with what is wrong in each row."""
    jobs = visit.served.import_jobs
    path = jobs.annotated(visit.actor, job_id)
    stem = jobs.get(visit.actor, job_id).job.file_name.rpartition(".")[0] or "file"
    return FileResponse(path, media_type=XLSX, headers=attachment(zh.ANNOTATED_NAME.format(name=stem)))


@router.post("/imports/{job_id}/apply")
def begin_import(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """Have the file written."""
    valid_only = sent.fields.flag("valid_only")
    try:
        job = sent.served.import_jobs.begin(sent.actor, job_id, JobTask.APPLY, valid_only=valid_only)
    except MatchmakerError as error:
        view = sent.served.import_jobs.get(sent.actor, job_id)
        found = _found(sent, view, tab="", group=None, cursor="")
        return sent.again("imports/check.html", error, **_context(view, "check"), **found)
    return sent.go(address(job, "apply"))


@router.get("/imports/{job_id}/apply")
def apply_page(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """How far the import is."""
    view = visit.served.import_jobs.get(visit.actor, job_id)
    is_here = view.job.state is JobState.APPLYING or (
        view.job.state is JobState.INTERRUPTED and view.job.task is JobTask.APPLY
    )
    if not is_here:
        return RedirectResponse(address(view.job, present_page(view.job)), HTTPStatus.SEE_OTHER)
    return visit.render("imports/apply.html", **_context(view, "apply"))


@router.get("/imports/{job_id}/result")
def result_page(
    visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], job_id: str, cursor: str = "", only: str = ""
) -> Response:
    """What came of it, and the way back."""
    view = visit.served.import_jobs.get(visit.actor, job_id)
    if present_page(view.job) != "result":
        return RedirectResponse(address(view.job, present_page(view.job)), HTTPStatus.SEE_OTHER)
    batch: dict[str, Any] = {"line": None}
    if view.job.batch:
        batch = batch_context(visit, view.job.batch, cursor=cursor, only=only)
    return visit.render("imports/result.html", **_context(view, "result"), **batch)


@router.post("/imports/{job_id}/restart")
def restart(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """Begin anew what was interrupted."""
    job = sent.served.import_jobs.restart(sent.actor, job_id)
    return sent.go(address(job, present_page(job)))


@router.post("/imports/{job_id}/discard")
def discard(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], job_id: str) -> Response:
    """Give an import up and delete the file."""
    name = sent.served.import_jobs.get(sent.actor, job_id).job.file_name
    sent.served.import_receiver.discard(sent.actor, job_id)
    return sent.go(ROOT, notice=zh.DISCARDED.format(file=name))


def _context(view: JobView, here: str) -> dict[str, Any]:
    return {
        "view": view,
        "job": view.job,
        "here_url": address(view.job, here),
        "root": ROOT,
        "steps": steps_of(view.job, here),
        "address": address,
        "fault": said(view.job.fault),
    }


def _found(
    visit: Visit, view: JobView, *, tab: str, group: tuple[str, str] | None, cursor: str
) -> dict[str, Any]:
    """What the check found, the tab that is looked at, and its part of the errors or warnings."""
    jobs = visit.served.import_jobs
    findings = None if view.job.is_busy else jobs.findings(visit.actor, view.job.id)
    if findings is None:
        return {"findings": None, "tab": "", "issues": None, "group": None}
    tabs = {
        "errors": findings.n_errors,
        "warnings": findings.n_warnings,
        "changes": len(findings.changes),
        "suspects": len(findings.suspects),
        "columns": 1,
    }
    here = tab if tabs.get(tab) else next(name for name, n in tabs.items() if n)
    issues = None
    if here in {"errors", "warnings"}:
        request = PageRequest(limit=_ISSUES, cursor=cursor)
        issues = jobs.issues(visit.actor, view.job.id, request, is_error=here == "errors", group=group)
    return {"findings": findings, "tab": here, "issues": issues, "group": group}
