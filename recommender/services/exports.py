"""Exporting lists of the library to files, with what is personal masked and every export in the audit trail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Final

from recommender.domain.disclosure import Disclosure, is_withheld
from recommender.domain.entities import AchievementPlatform, Record
from recommender.domain.errors import InvalidInput
from recommender.domain.facts import EnterpriseFact
from recommender.domain.filters import Filter
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, ConsentScope, LegalBasis, Processing
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.export_columns import ExportColumn, export_columns
from recommender.exchange.export_report import ExportReport
from recommender.exchange.files import FileFormat
from recommender.exchange.tables import table_of
from recommender.exchange.writing import TableWriter, open_table
from recommender.services.personal.messages import DEFAULT_PURPOSES
from recommender.services.repositories import repository_of
from recommender.store.database import Database
from recommender.store.repositories import Repository
from recommender.store.unit_of_work import UnitOfWork

_BATCH_ROWS: Final = 2_000


class ExportStage(StrEnum):
    """What an export is busy with, as progress bars show it."""

    WRITE = "写出"


ExportProgress = Callable[[ExportStage, int, int | None], None]
"""Told the stage, how many records are done, and how many there are."""


def _silent(stage: ExportStage, done: int, total: int | None) -> None:
    """Tell nobody."""


class ExportService:
    """Writes lists to files that can be imported again.

    What is exported of one database at one moment is one consistent state of it. The file appears only after
    the audit trail has the export.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def export(
        self,
        kind: TableKind | str,
        path: Path,
        *,
        actor: str,
        filters: Sequence[Filter] = (),
        ids: Sequence[str] | None = None,
        asked: Sequence[str] = (),
        columns: Sequence[str] | None = None,
        disclosure: Disclosure = Disclosure.MASKED,
        purpose: str = "",
        replace: bool = False,
        on_progress: ExportProgress = _silent,
    ) -> ExportReport:
        """Write the records that all filters accept, in ascending order of id; or certain ones, in their order.

        Args:
            path: ``.xlsx`` or ``.csv``.
            actor: who exports, for the audit trail.
            filters: of yearly facts those of their enterprise, of links those of their achievement.
            ids: of the records to write, instead of filters; those that are gone are left out.
            asked: how these were chosen, for the audit trail.
            columns: headers in the order wanted; ``None`` for all.
            disclosure: how much may be shown; more than masked asks for a ``purpose``.
            replace: whether a file of that name may be replaced.

        Raises:
            InvalidInput: the kind, the path, a column or a filter is wrong, or the purpose is missing.
            InvalidData: a workbook cannot hold the rows.
            Conflict: there is a file of that name.
        """
        table = table_of(kind)
        if disclosure is not Disclosure.MASKED and not purpose.strip():
            raise InvalidInput("export.purpose_missing")
        file_format = _format_of(path)
        chosen = export_columns(table, columns, disclosure)
        out = [column.out for column in chosen]
        with open_table(path, out, format=file_format, name=table.label, replace=replace) as writer:
            n_rows, n_withheld = self._write(
                writer, table, chosen, _Selection(filters, ids), disclosure=disclosure, on_progress=on_progress
            )
            report = ExportReport(
                kind=table.kind.value,
                label=table.label,
                file=path.name,
                format=file_format.value,
                columns=tuple(column.header for column in chosen),
                masked_columns=tuple(column.spec.header for column in chosen if column.mask is not None),
                filters=(*(f"{item.field.value}={item.value}" for item in filters), *asked),
                disclosure=disclosure,
                n_rows=n_rows,
                n_withheld=n_withheld,
            )
            with self._database.write() as unit:
                unit.audit.append(self._entry(report, table, actor, purpose.strip()))
                if table.kind in _ABOUT_PERSONS:
                    unit.processing.add(self._processing(report, actor, purpose.strip()))
        return report

    def _write(
        self,
        writer: TableWriter,
        table: TableSpec,
        columns: Sequence[ExportColumn],
        selection: "_Selection",
        *,
        disclosure: Disclosure,
        on_progress: ExportProgress,
    ) -> tuple[int, int]:
        """Write the rows; returns how many, and how many were withheld."""
        n_rows = n_withheld = 0
        cells_of = [column.cell for column in columns]
        with self._database.read() as unit:
            n_records, records = _selected(unit, table.kind, selection)
            unseen = frozenset() if disclosure is Disclosure.FULL else _unseen(unit, table.kind)
            for record, names in _with_authors(unit, table.kind, records):
                if is_withheld(record, disclosure) or record.id in unseen:
                    n_withheld += 1
                else:
                    writer.write([cell(record, names) for cell in cells_of])
                    n_rows += 1
                if (n_rows + n_withheld) % _BATCH_ROWS == 0:
                    on_progress(ExportStage.WRITE, n_rows + n_withheld, n_records)
        on_progress(ExportStage.WRITE, n_rows + n_withheld, n_rows + n_withheld)
        return n_rows, n_withheld

    def _processing(self, report: ExportReport, actor: str, purpose: str) -> Processing:
        return Processing(
            at=self._now(),
            actor=actor,
            activity=Activity.EXPORT,
            purpose=purpose or DEFAULT_PURPOSES[Activity.EXPORT],
            basis=LegalBasis.STATUTORY,
            categories=report.columns,
            n_persons=report.n_rows,
            detail={"file": report.file, "disclosure": report.disclosure.value},
        )

    def _entry(self, report: ExportReport, table: TableSpec, actor: str, purpose: str) -> AuditEntry:
        return AuditEntry(
            at=self._now(),
            actor=actor,
            action=f"export:{table.subject}:write",
            target=report.file,
            detail={
                "format": report.format,
                "filters": list(report.filters),
                "columns": list(report.columns),
                "masked_columns": list(report.masked_columns),
                "disclosure": report.disclosure.value,
                "purpose": purpose,
                "n_rows": report.n_rows,
                "n_withheld": report.n_withheld,
            },
        )


def _with_authors(
    unit: UnitOfWork, kind: TableKind, records: Iterator[Record]
) -> Iterator[tuple[Record, tuple[str, ...]]]:
    """Records, and the names of the authors of those that have any: they may be named in the texts."""
    if kind is not TableKind.ACHIEVEMENTS:
        yield from ((record, ()) for record in records)
        return
    while batch := list(islice(records, _BATCH_ROWS)):
        names = unit.achievements.author_names([record.id for record in batch])
        yield from ((record, names.get(record.id, ())) for record in batch)


_ABOUT_PERSONS: Final = frozenset({TableKind.EXPERTS, TableKind.PLATFORMS})


def _unseen(unit: UnitOfWork, kind: TableKind) -> frozenset[str]:
    """Experts who do not want to be shown in public."""
    if kind is not TableKind.EXPERTS:
        return frozenset()
    return unit.consents.all_withdrawn(ConsentScope.PUBLICATION)


def _format_of(path: Path) -> FileFormat:
    try:
        return FileFormat(path.suffix.lower().removeprefix("."))
    except ValueError:
        raise InvalidInput("export.format_unknown", name=path.name) from None


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which records are wanted: those that all filters accept, or those with these ids, in their order."""

    filters: Sequence[Filter]
    ids: Sequence[str] | None


def _selected(unit: UnitOfWork, kind: TableKind, selection: _Selection) -> tuple[int | None, Iterator[Record]]:
    """The wanted records, a batch at a time, and how many there are where that is known."""
    repository, filters = repository_of(unit, kind), selection.filters
    if selection.ids is not None:
        return len(selection.ids), _by_id(repository, selection.ids)
    if not filters:
        return repository.count(), repository.iterate(batch_size=_BATCH_ROWS)
    owner = _OWNERS.get(kind, kind)
    ids = repository_of(unit, owner).ids_matching(filters)
    if owner is not kind:
        return None, (record for record in repository.iterate(batch_size=_BATCH_ROWS) if _owner(record) in ids)
    return len(ids), _by_id(repository, sorted(ids))


def _by_id(repository: Repository[Any], ids: Sequence[str]) -> Iterator[Record]:
    for start in range(0, len(ids), _BATCH_ROWS):
        batch = ids[start : start + _BATCH_ROWS]
        records = repository.get_many(batch)
        yield from (records[id] for id in batch if id in records)


_OWNERS: Final = {
    TableKind.ENTERPRISE_FACTS: TableKind.ENTERPRISES,
    TableKind.ACHIEVEMENT_PLATFORMS: TableKind.ACHIEVEMENTS,
}
"""Kinds without fields that filters know: they follow what they belong to."""


def _owner(record: Record) -> str:
    match record:
        case EnterpriseFact():
            return record.enterprise_code
        case AchievementPlatform():
            return record.achievement_id
    raise AssertionError(f"{type(record).__name__} has filters of its own")
