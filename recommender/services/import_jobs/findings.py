"""What a check found in a file: kept beside it, read again page by page."""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Any, Final

from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.exchange.issues import RowError
from recommender.exchange.plan import ImportPlan
from recommender.exchange.preview import SuspectRow
from recommender.exchange.suspects import Suspect
from recommender.services.import_jobs.folder import JobFolder

N_CHANGES: Final = 100
"""Records that a check names, new and changed ones each."""

N_SUSPECTS: Final = 200


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """Errors or warnings of one kind in one column; ``n`` of those that are kept."""

    is_error: bool
    column: str
    code: str
    message: str
    n: int


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A stored record that the file would change: its row, its id and the headers of the fields that differ."""

    row: int
    id: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a check found, but for the errors and warnings themselves.

    Attributes:
        n_errors, n_warnings: that are kept; the report counts all.
        groups: by column and kind, most frequent first, errors before warnings.
        changes: the first :data:`N_CHANGES` records that would change.
        suspects: the first :data:`N_SUSPECTS`; names of stored persons are masked.
        has_annotated: whether there is a workbook with remarks.
    """

    n_errors: int
    n_warnings: int
    groups: tuple[IssueGroup, ...]
    changes: tuple[FoundChange, ...]
    suspects: tuple[SuspectRow, ...]
    has_annotated: bool


def keep(
    folder: JobFolder,
    plan: ImportPlan,
    *,
    errors: Sequence[RowError],
    warnings: Sequence[RowError],
    suspects: Sequence[SuspectRow],
) -> None:
    """Keep what a check found."""
    _keep_issues(folder, chain(errors, warnings))
    findings = Findings(
        n_errors=len(errors),
        n_warnings=len(warnings),
        groups=(*_groups(errors, is_error=True), *_groups(warnings, is_error=False)),
        changes=tuple(
            FoundChange(change.row, change.record.id, change.columns) for change in plan.changed[:N_CHANGES]
        ),
        suspects=tuple(suspects[:N_SUSPECTS]),
        has_annotated=folder.annotated.is_file(),
    )
    part = folder.findings.with_suffix(".part")
    part.write_text(json.dumps(asdict(findings), ensure_ascii=False), encoding="utf-8")
    part.replace(folder.findings)


def kept(folder: JobFolder) -> Findings | None:
    """What a check found, ``None`` where none did or it was deleted."""
    try:
        found: dict[str, Any] = json.loads(folder.findings.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Findings(
        **{
            **found,
            "groups": tuple(IssueGroup(**group) for group in found["groups"]),
            "changes": tuple(
                FoundChange(change["row"], change["id"], tuple(change["columns"])) for change in found["changes"]
            ),
            "suspects": tuple(map(_suspect_row, found["suspects"])),
        }
    )


def issues(
    folder: JobFolder, findings: Findings, request: PageRequest, *, is_error: bool, group: tuple[str, str] | None
) -> Page[RowError]:
    """A part of the errors or warnings, by row.

    Args:
        group: column and code of the ones that are wanted, ``None`` for all.

    Raises:
        InvalidInput: the cursor is not of this list.
    """
    first, last = (
        (0, findings.n_errors) if is_error else (findings.n_errors, findings.n_errors + findings.n_warnings)
    )
    after = request.after(int)
    start = first if after is None else max(first, int(after[0] or 0) + 1)
    found = list(islice(_from(folder, start, last, group), request.limit + 1))
    shown = found[: request.limit]
    more = len(found) > request.limit
    return Page(tuple(issue for _, issue in shown), cursor_of(request, (shown[-1][0],)) if more else "")


def _from(
    folder: JobFolder, start: int, last: int, group: tuple[str, str] | None
) -> Iterable[tuple[int, RowError]]:
    """Lines from one number to before another, with their numbers."""
    if start >= last:
        return
    places = array("Q")
    with folder.places.open("rb") as file:
        file.seek(start * places.itemsize)
        places.frombytes(file.read(places.itemsize))
    with folder.issues.open("rb") as file:
        file.seek(places[0])
        for number, line in zip(range(start, last), file, strict=False):
            row, column, code, *rest = json.loads(line)
            if group is None or group == (column, code):
                yield number, RowError(row, column, code, *rest)


def _keep_issues(folder: JobFolder, found: Iterable[RowError]) -> None:
    places, place = array("Q"), 0
    with folder.issues.open("wb") as file:
        for issue in found:
            fields = (issue.row, issue.column, issue.code, issue.message, issue.suggestion, issue.value)
            line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            places.append(place)
            place += len(line)
            file.write(line)
    folder.places.write_bytes(places.tobytes())


def _groups(found: Sequence[RowError], *, is_error: bool) -> list[IssueGroup]:
    counts = Counter((issue.column, issue.code) for issue in found)
    examples = {(issue.column, issue.code): issue.message for issue in reversed(found)}
    return [
        IssueGroup(is_error, column, code, examples[column, code], n)
        for (column, code), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _suspect_row(found: dict[str, Any]) -> SuspectRow:
    suspects = tuple(Suspect(**suspect) for suspect in found["suspects"])
    return SuspectRow(found["row"], found["id"], found["name"], suspects)
