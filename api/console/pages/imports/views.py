"""What the templates of imports are given: steps with their addresses, faults in words."""

from dataclasses import dataclass
from typing import Final

from api.console import faults
from api.console.filters import path_id
from api.console.messages import imports as zh
from recommender.domain.import_jobs import ImportJob, JobState, JobTask
from recommender.domain.jobs import JobFault
from recommender.domain.kinds import EntityKind
from recommender.exchange.columns import TableSpec
from recommender.exchange.tables import TABLES

ROOT: Final = "/console/imports"
_PAGES: Final = ("new", "options", "check", "apply", "result")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps; ``href`` is ``""`` where one cannot go now."""

    label: str
    href: str
    is_done: bool
    is_current: bool


def address(job: ImportJob, page: str = "") -> str:
    """Where a step of an import is shown."""
    return f"{ROOT}/{path_id(job.id)}/{page}" if page else f"{ROOT}/{path_id(job.id)}"


def present_page(job: ImportJob) -> str:
    """The page on which an import is to go on."""
    match job.state:
        case JobState.UPLOADED | JobState.EXPIRED:
            return "options"
        case JobState.CHECKING | JobState.CHECKED:
            return "check"
        case JobState.APPLYING:
            return "apply"
        case JobState.INTERRUPTED:
            return {JobTask.CHECK: "check", JobTask.APPLY: "apply"}.get(job.task or JobTask.CHECK, "result")
    return "result"


def steps_of(job: ImportJob | None, page: str) -> tuple[Step, ...]:
    """The stepper on a page; of a step that is over only what may be looked at again is linked."""
    now = _PAGES.index(page)
    reached = _PAGES.index(present_page(job)) if job is not None else 0
    return tuple(
        Step(
            label=label,
            href=address(job, _PAGES[place]) if job is not None and _may_go(job, place, reached) else "",
            is_done=place < max(now, reached),
            is_current=place == now,
        )
        for place, label in enumerate(zh.STEPS)
    )


def said(fault: JobFault | None) -> str:
    """A fault in words, ``""`` where there is none."""
    return faults.said(fault, fallback="import.task_broken", instead=zh.FAULTS)


def kinds() -> list[tuple[str, str]]:
    """All kinds of file, for a choice."""
    return [(kind.value, table.label) for kind, table in TABLES.items()]


def field_groups(table: TableSpec) -> list[tuple[str, list[str]]]:
    """The fields of a kind by group, for a choice."""
    groups: dict[str, list[str]] = {}
    for column in table.columns:
        groups.setdefault(column.group, []).append(column.header)
    return list(groups.items())


def entity_address(kind: EntityKind, id: str) -> str:
    """Where a record is shown."""
    if kind is EntityKind.NEED:
        return f"/console/needs/{path_id(id)}"
    return f"/console/library/{kind.value}/{path_id(id)}"


def letters(position: int) -> str:
    """A column as a spreadsheet names it, from 1: ``A``, ``Z``, ``AA``."""
    text = ""
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _may_go(job: ImportJob, place: int, reached: int) -> bool:
    """Whether a step may be looked at now; of what was written only the outcome and the check are left."""
    page = _PAGES[place]
    if place == 0:
        return False
    if job.batch or job.state in {JobState.DONE, JobState.UNDONE, JobState.UNDOING}:
        return page == "result" or (page == "check" and job.report is not None)
    return place == reached if job.is_busy else place <= reached
