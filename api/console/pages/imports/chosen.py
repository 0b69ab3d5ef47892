"""Step two: what a page asks about a file, and what was chosen."""

from dataclasses import dataclass, replace
from typing import Any

from api.console.pages.imports.views import ROOT, address, field_groups, kinds, letters, said, steps_of
from api.console.visit import Submission, Visit
from recommender.domain.errors import MatchmakerError
from recommender.domain.import_jobs import ImportJob, ImportMode, JobOptions
from recommender.exchange.looking import FileLook, LookedColumn
from recommender.exchange.sources import ColumnOrigin
from recommender.exchange.tables import table_of
from recommender.services.import_jobs.views import JobView


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind and options, as the address asks or a form was filled in.

    Attributes:
        typed: the field chosen for each column by position, where a form was sent.
    """

    kind: str
    options: JobOptions
    typed: dict[int, str]


def asked(job: ImportJob, *, kind: str, sheet: str, header_row: str) -> Wanted:
    """What a file is looked at with: what the address says, else what was chosen before."""
    is_other = bool((kind and kind != job.kind) or (sheet and sheet != job.options.sheet) or header_row)
    options = replace(
        job.options,
        sheet=sheet or job.options.sheet,
        header_row=_row(header_row) if header_row else (None if is_other else job.options.header_row),
        mapping=() if is_other else job.options.mapping,
    )
    return Wanted(kind or job.kind, options, {})


def typed(sent: Submission, view: JobView) -> Wanted:
    """What a form says. Of the columns only those are said that are not read so by themselves."""
    fields = sent.fields
    kind = fields.text("kind") or view.job.kind
    mode = fields.text("mode")
    options = JobOptions(
        sheet=fields.text("sheet"),
        header_row=_row(fields.text("header_row")),
        mode=ImportMode(mode) if mode in set(ImportMode) else ImportMode.BOTH,
    )
    found = _look(sent, view, kind, options)
    columns = found.columns if found is not None else ()
    chosen = {column.position: fields.text(f"column-{column.position}") for column in columns if column.written}
    is_sent = {name for name, _ in fields}
    mapping = tuple(
        f"{column.written}={chosen[column.position]}"
        for column in columns
        if f"column-{column.position}" in is_sent and chosen[column.position] != column.header
    )
    return Wanted(kind, replace(options, mapping=mapping), chosen)


def context(visit: Visit, view: JobView, wanted: Wanted) -> dict[str, Any]:
    """What the page shows."""
    job = view.job
    found = _look(visit, view, wanted.kind, wanted.options) if view.is_kept else None
    return {
        "view": view,
        "job": job,
        "root": ROOT,
        "steps": steps_of(job, "options"),
        "address": address,
        "fault": said(job.fault),
        "kinds": kinds(),
        "kind": wanted.kind,
        "label": table_of(wanted.kind).label if wanted.kind else "",
        "groups": field_groups(table_of(wanted.kind)) if wanted.kind else [],
        "found": found,
        "options": wanted.options,
        "modes": list(ImportMode),
        "letters": letters,
        "chosen": {column.position: _choice(column, wanted, found) for column in found.columns} if found else {},
        "is_remembered": found is not None and _is_remembered(found),
    }


def _is_remembered(found: FileLook) -> bool:
    return any(column.origin is ColumnOrigin.REMEMBERED for column in found.columns)


def _choice(column: LookedColumn, wanted: Wanted, found: FileLook) -> str:
    """The field that the choice of a column begins with: a required one that is missing is guessed."""
    if column.position in wanted.typed:
        return wanted.typed[column.position]
    if not column.header and column.suggestion in found.missing:
        return column.suggestion
    return column.header


def _look(visit: Visit, view: JobView, kind: str, options: JobOptions) -> FileLook | None:
    """The first rows, ``None`` where no kind is chosen yet or what was chosen does not fit the file."""
    if not kind:
        return None
    received = visit.served.import_receiver
    try:
        return received.look(visit.actor, view.job.id, kind=kind, options=options)
    except MatchmakerError as error:
        if error.code != "import.map_header_absent":
            raise
        return received.look(visit.actor, view.job.id, kind=kind, options=replace(options, mapping=()))


def _row(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) > 0 else None  # noqa: PLR2004
