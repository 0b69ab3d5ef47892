"""What a person looks at before a file is applied: its first rows as they would be stored, and suspects."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.entities import Record
from recommender.exchange.limits import LIMITS
from recommender.exchange.plan import ImportPlan
from recommender.exchange.reader import ParsedFile
from recommender.exchange.renderers import plain_text
from recommender.exchange.report import ImportReport
from recommender.exchange.rows import ParsedRow
from recommender.exchange.suspects import Suspect, SuspectFinder

N_PREVIEW_ROWS: Final = 100


class RowState(StrEnum):
    """What a row would do."""

    NEW = "新增"
    CHANGED = "更新"
    UNCHANGED = "未变"
    DUPLICATE = "重复"
    SKIPPED = "不写入"
    ERROR = "错误"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows.

    Attributes:
        row: row number as a spreadsheet shows it.
        id: its id, ``""`` where the key columns cannot be read.
        cells: what would be stored, as text, for each of :attr:`ImportPreview.columns`; empty for a row that
            cannot be read.
    """

    row: int
    id: str
    state: RowState
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """A row that adds a record which may be there already under another id."""

    row: int
    id: str
    name: str
    suspects: tuple[Suspect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """A file that was checked; nothing was written.

    Attributes:
        report: everything in figures, with the errors and the mapping of the columns.
        columns: headers of the cells of ``rows``, left to right as in the file.
        rows: the first :data:`N_PREVIEW_ROWS`.
        suspects: at most ``LIMITS.max_listed_issues``, by row; ``report.n_suspects`` counts all.
        annotated: where the annotated workbook was written, ``""`` if none was asked for.
    """

    report: ImportReport
    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    suspects: tuple[SuspectRow, ...]
    annotated: str = ""

    @classmethod
    def of(
        cls, parsed: ParsedFile, plan: ImportPlan, finder: SuspectFinder, *, annotated: str = ""
    ) -> "ImportPreview":
        """Look at a plan and at the file it came from."""
        found = finder.find(plan.kind, plan.new)
        return cls(
            report=ImportReport.of(plan, n_suspects=len(found)),
            columns=tuple(item.header for item in plan.mapping),
            rows=_first_rows(parsed, plan),
            suspects=_suspect_rows(parsed.rows, found),
            annotated=annotated,
        )

    def to_dict(self) -> dict[str, object]:
        """The report's fields, and beside them the rows, ready for :func:`json.dumps`."""
        return {
            **self.report.to_dict(),
            "preview": {"columns": self.columns, "rows": [asdict(row) for row in self.rows]},
            "suspects": [asdict(row) for row in self.suspects],
            "annotated": self.annotated,
        }


def _first_rows(parsed: ParsedFile, plan: ImportPlan) -> tuple[PreviewRow, ...]:
    first = parsed.rows[:N_PREVIEW_ROWS]
    ids = {row.id for row in first}
    changed = {change.record.id: change.record for change in plan.changed if change.record.id in ids}
    new = {record.id for record in plan.new if record.id in ids}
    own = {row.id for row in parsed.rows if row.id in ids and not row.old_id}
    skipped = ids.intersection(plan.skipped)
    seen: set[str] = set()
    shown = []
    for row in first:
        is_beside = bool(row.old_id) and row.id in own
        state = RowState.DUPLICATE if is_beside else _state(row, parsed, new, changed, seen)
        if state is RowState.UNCHANGED and row.id in skipped:
            state = RowState.SKIPPED
        if row.id is not None and not is_beside:
            seen.add(row.id)
        record = changed.get(row.id or "", row.record) if state is RowState.CHANGED else row.record
        shown.append(PreviewRow(row.row, row.id or "", state, _cells(record, parsed)))
    return tuple(shown)


def _state(
    row: ParsedRow, parsed: ParsedFile, new: set[str], changed: Mapping[str, Record], seen: set[str]
) -> RowState:
    if parsed.log.is_faulty(row.row) or row.id is None:
        return RowState.ERROR
    if row.id in seen:
        return RowState.DUPLICATE
    if row.id in new:
        return RowState.NEW
    return RowState.CHANGED if row.id in changed else RowState.UNCHANGED


def _cells(record: Record | None, parsed: ParsedFile) -> tuple[str, ...]:
    if record is None:
        return ()
    specs = (parsed.table.by_field[item.field] for item in parsed.layout.matched)
    return tuple(plain_text(spec.render(getattr(record, spec.field))) for spec in specs)


def _suspect_rows(rows: Sequence[ParsedRow], found: Mapping[str, Sequence[Suspect]]) -> tuple[SuspectRow, ...]:
    listed: dict[str, SuspectRow] = {}
    for row in rows:
        id_ = row.id or ""
        if id_ in found and id_ not in listed and row.record is not None:
            name = str(getattr(row.record, "name", ""))
            listed[id_] = SuspectRow(row.row, id_, name, tuple(found[id_]))
            if len(listed) == LIMITS.max_listed_issues:
                break
    return tuple(listed.values())
