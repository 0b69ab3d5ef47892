"""Importing files into the library: look first, then write all of a file or nothing."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from recommender.domain.entities import Record
from recommender.domain.match import AuditEntry
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.limits import LIMITS
from recommender.exchange.plan import ImportPlan, draft_plan
from recommender.exchange.reader import ParsedFile, read_file
from recommender.exchange.report import ImportOutcome, ImportReport
from recommender.exchange.tables import table_of
from recommender.store.database import Database
from recommender.store.repositories import Repository
from recommender.store.unit_of_work import UnitOfWork


class ImportStage(StrEnum):
    """What an import is busy with, as progress bars show it."""

    READ = "读取"
    WRITE = "写入"


ImportProgress = Callable[[ImportStage, int, int | None], None]
"""Told the stage, how many of its rows are done, and how many there are (``None``: not known yet)."""


def _silent(stage: ImportStage, done: int, total: int | None) -> None:
    """Tell nobody."""


class ImportService:
    """Takes files of all kinds into the library.

    A field whose column a file lacks keeps what is stored; an empty cell in a column it has clears the
    field. Importing never removes a record.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def check(
        self,
        kind: TableKind | str,
        path: Path,
        *,
        sheet: str | None = None,
        on_progress: ImportProgress = _silent,
    ) -> ImportPlan:
        """What importing a file would do. Writes nothing.

        Args:
            sheet: worksheet to read; by default the first whose header is known.

        Raises:
            InvalidInput: the kind, the path or the sheet is wrong.
            InvalidData: the file as a whole cannot be taken; errors of single rows are in the plan instead.
        """
        parsed = _read(path, table_of(kind), sheet, on_progress)
        with self._database.read() as unit:
            return draft_plan(parsed, _StoredRecords(unit, parsed.table.kind))

    def apply(
        self,
        kind: TableKind | str,
        path: Path,
        *,
        actor: str,
        valid_only: bool = False,
        sheet: str | None = None,
        on_progress: ImportProgress = _silent,
    ) -> ImportReport:
        """Import a file in one transaction: everything that is new or changed, or nothing.

        Args:
            actor: who imports, for the audit trail.
            valid_only: leave out the rows with errors and take the others, rather than refuse the file.

        Returns:
            the report. Its ``outcome`` is ``REFUSED``, with the errors, where rows have errors and
            ``valid_only`` is not set; then nothing is written, nor added to the audit trail.

        Raises:
            InvalidInput, InvalidData: as for :meth:`check`; nothing is written.
        """
        parsed = _read(path, table_of(kind), sheet, on_progress)
        # Planned inside the writing transaction: nobody can change the library between comparing and writing.
        with self._database.write() as unit:
            plan = draft_plan(parsed, _StoredRecords(unit, parsed.table.kind))
            if plan.n_errors and not valid_only:
                return ImportReport.of(plan, ImportOutcome.REFUSED)
            _write(unit, plan, on_progress)
            report = ImportReport.of(plan, ImportOutcome.APPLIED, n_written=len(plan.records))
            unit.audit.append(self._entry(report, parsed, actor))
        return report

    def _entry(self, report: ImportReport, parsed: ParsedFile, actor: str) -> AuditEntry:
        return AuditEntry(
            at=self._now(),
            actor=actor,
            action=f"import:{parsed.table.subject}:apply",
            target=report.file,
            detail={
                "sha256": report.sha256,
                "n_rows": report.n_rows,
                "n_new": report.n_new,
                "n_changed": report.n_changed,
                "n_unchanged": report.n_unchanged,
                "n_duplicates": report.n_duplicates,
                "n_error_rows": report.n_error_rows,
                "n_warnings": report.n_warnings,
            },
        )


def _read(path: Path, table: TableSpec, sheet: str | None, on_progress: ImportProgress) -> ParsedFile:
    return read_file(path, table, sheet=sheet, on_rows=lambda done: on_progress(ImportStage.READ, done, None))


def _write(unit: UnitOfWork, plan: ImportPlan, on_progress: ImportProgress) -> None:
    repository = _repository(unit, plan.kind)
    records = plan.records
    for start in range(0, len(records), LIMITS.batch_rows):
        batch = records[start : start + LIMITS.batch_rows]
        repository.upsert(batch)
        on_progress(ImportStage.WRITE, start + len(batch), len(records))


def _repository(unit: UnitOfWork, kind: TableKind) -> Repository[Any]:
    repositories: dict[TableKind, Repository[Any]] = {
        TableKind.ENTERPRISES: unit.enterprises,
        TableKind.ENTERPRISE_FACTS: unit.enterprise_facts,
        TableKind.EXPERTS: unit.experts,
        TableKind.PLATFORMS: unit.platforms,
        TableKind.ACHIEVEMENTS: unit.achievements,
        TableKind.ACHIEVEMENT_PLATFORMS: unit.achievement_platforms,
        TableKind.NEEDS: unit.needs,
    }
    return repositories[kind]


class _StoredRecords:
    """The library as a plan looks at it."""

    def __init__(self, unit: UnitOfWork, kind: TableKind) -> None:
        self._unit = unit
        self._repository = _repository(unit, kind)

    def fingerprints(self, ids: Sequence[str]) -> Mapping[str, str]:
        return self._repository.fingerprints(ids)

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        return self._repository.get_many(ids)

    def known(self, kind: TableKind, ids: Sequence[str]) -> AbstractSet[str]:
        return _repository(self._unit, kind).fingerprints(ids).keys()
