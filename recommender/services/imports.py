"""Importing files into the library: look first, then write all of a file or nothing."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.batches import ImportBatch
from recommender.domain.entities import Expert, Record
from recommender.domain.import_jobs import ImportMode
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.exchange.annotated import MAX_KEPT_ISSUES, write_annotated
from recommender.exchange.columns import TableKind
from recommender.exchange.limits import LIMITS
from recommender.exchange.plan import ImportPlan, draft_plan
from recommender.exchange.preview import ImportPreview
from recommender.exchange.reader import ParsedFile, read_headers
from recommender.exchange.redirects import under_present_ids
from recommender.exchange.report import ImportOutcome, ImportReport
from recommender.exchange.rights import within_rights
from recommender.exchange.sources import SourceTable, parse_choices, source_of
from recommender.exchange.suspects import NoSuspects, SuspectFinder
from recommender.exchange.tables import table_of
from recommender.matching.generations import Generation
from recommender.services.import_reach import within_reach
from recommender.services.import_source import ImportSource
from recommender.services.import_stages import ImportProgress, ImportStage, silent
from recommender.services.indexed import Indexed
from recommender.services.personal.messages import DEFAULT_PURPOSES
from recommender.services.repositories import repository_of
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_ABOUT_PERSONS: Final = frozenset({TableKind.EXPERTS, TableKind.PLATFORMS})

__all__ = ["ImportProgress", "ImportService", "ImportStage"]


AlongWith = Callable[[UnitOfWork, ImportReport], None]
"""What else belongs to the transaction that writes a file."""


def _nothing_else(unit: UnitOfWork, report: ImportReport) -> None:
    """Only the file."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A file that was read and compared with the library, before anything is written."""

    parsed: ParsedFile
    plan: ImportPlan
    preview: ImportPreview


def _no_suspects(unit: UnitOfWork) -> SuspectFinder:  # noqa: ARG001
    return NoSuspects()


class ImportService:
    """Takes files of all kinds into the library.

    A field whose column a file lacks keeps what is stored; an empty cell in a column it has clears the
    field. Importing never removes a record. What a file says of an id that was merged away is said of the record
    that stayed.

    Args:
        generations: the finished index generations; what even the oldest of them holds cannot be taken back
            any more, and what it replaced is forgotten at the next import.
        suspects: who looks for stored records that new ones may repeat, in the unit that is being read.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        *,
        generations: Callable[[], Sequence[Generation]] = tuple,
        suspects: Callable[[UnitOfWork], SuspectFinder] = _no_suspects,
    ) -> None:
        self._database = database
        self._now = now
        self._generations = generations
        self._suspects = suspects

    def check(
        self,
        kind: TableKind | str,
        path: Path,
        *,
        actor: Actor,
        sheet: str | None = None,
        mapping: Sequence[str] = (),
        annotated: Path | None = None,
        replace: bool = False,
        on_progress: ImportProgress = silent,
    ) -> ImportPreview:
        """What importing a file would do. Writes nothing into the library.

        Args:
            sheet: worksheet to read; by default the first whose header is known.
            mapping: columns that mean something else than their header says, each as ``文件表头=字段表头``;
                they go before what is remembered for files with these headers.
            annotated: where to write a workbook with the same rows and what is wrong with each.
            replace: whether that file may be there already.

        Raises:
            Forbidden: the actor does not write the library.
            InvalidInput: the kind, the path, the sheet or the mapping is wrong, or ``annotated`` cannot be
                written.
            InvalidData: the file as a whole cannot be taken; errors of single rows are in the preview instead.
            Conflict: ``annotated`` is there already.
        """
        source = ImportSource(path, sheet=sheet, mapping=tuple(mapping))
        max_listed = LIMITS.max_listed_issues if annotated is None else MAX_KEPT_ISSUES
        found = self.examine(kind, source, actor=actor, max_listed_issues=max_listed, on_progress=on_progress)
        if annotated is None:
            return found.preview
        self.annotate(found, source, annotated, replace=replace, on_progress=on_progress)
        return replaced(found.preview, annotated=str(annotated))

    def examine(
        self,
        kind: TableKind | str,
        source: ImportSource,
        *,
        actor: Actor,
        mode: ImportMode = ImportMode.BOTH,
        max_listed_issues: int = MAX_KEPT_ISSUES,
        on_progress: ImportProgress = silent,
    ) -> Examination:
        """Read a file and compare it with the library.

        Args:
            mode: which records are wanted.
            max_listed_issues: errors, and likewise warnings, that are kept.

        Raises:
            Forbidden, InvalidInput, InvalidData: as for :meth:`check`.
        """
        actor.require(Permission.LIBRARY_WRITE)
        table = self._table(kind, source.mapping)
        parsed = source.read(table, on_progress, max_listed_issues=max_listed_issues)
        with self._database.read() as unit:
            parsed, plan = _planned(parsed, unit, actor, mode)
            preview = ImportPreview.of(parsed, plan, self._suspects(unit))
        return Examination(parsed, plan, preview)

    @staticmethod
    def annotate(
        found: Examination,
        source: ImportSource,
        out: Path,
        *,
        replace: bool = False,
        on_progress: ImportProgress = silent,
    ) -> None:
        """Write a workbook with the rows of a file and what is wrong with each.

        Raises:
            Conflict: ``out`` is there already.
            InvalidInput: it cannot be written.
        """
        write_annotated(
            source.path,
            out,
            found.parsed,
            replace=replace,
            on_rows=lambda done: on_progress(ImportStage.ANNOTATE, done, None),
        )

    def apply(
        self,
        kind: TableKind | str,
        path: Path,
        *,
        actor: Actor,
        valid_only: bool = False,
        sheet: str | None = None,
        mapping: Sequence[str] = (),
        on_progress: ImportProgress = silent,
    ) -> ImportReport:
        """Import a file in one transaction: everything that is new or changed, or nothing.

        What was written is a batch, which can be taken back until the next index build. The mapping is
        remembered for files with the same headers.

        Args:
            actor: who imports.
            valid_only: leave out the rows with errors and take the others, rather than refuse the file.
            sheet, mapping: as for :meth:`check`.

        Returns:
            the report. Its ``outcome`` is ``REFUSED``, with the errors, where rows have errors and
            ``valid_only`` is not set; then nothing is written, nor added to the audit trail.

        Raises:
            Forbidden, InvalidInput, InvalidData: as for :meth:`check`; nothing is written.
        """
        source = ImportSource(path, sheet=sheet, mapping=tuple(mapping))
        return self.write(kind, source, actor=actor, valid_only=valid_only, on_progress=on_progress)

    def write(
        self,
        kind: TableKind | str,
        source: ImportSource,
        *,
        actor: Actor,
        mode: ImportMode = ImportMode.BOTH,
        valid_only: bool = False,
        along: AlongWith = _nothing_else,
        on_progress: ImportProgress = silent,
    ) -> ImportReport:
        """The same for a file of which more is said.

        Args:
            mode: which records are wanted.
            along: what else belongs to the transaction; not called where the file is refused.

        Raises:
            Forbidden, InvalidInput, InvalidData: as for :meth:`apply`.
        """
        actor.require(Permission.LIBRARY_WRITE)
        table = self._table(kind, source.mapping)
        parsed = source.read(table, on_progress)
        oldest_index = Indexed.of(self._generations()).oldest_at
        # Planned inside the writing transaction: nobody can change the library between comparing and writing.
        with self._database.write() as unit:
            unit.batches.lock()
            parsed, plan = _planned(parsed, unit, actor, mode)
            if plan.n_errors and not valid_only:
                return ImportReport.of(plan, ImportOutcome.REFUSED)
            batch = self._write(unit, plan, actor.id, on_progress) if plan.records else ""
            report = ImportReport.of(plan, ImportOutcome.APPLIED, n_written=len(plan.records), batch=batch)
            self._remember(unit, table, parsed, actor.id)
            if oldest_index is not None:
                unit.batches.seal(oldest_index)
            unit.audit.append(self._entry(report, parsed, actor.id))
            if table.kind in _ABOUT_PERSONS and plan.records:
                unit.processing.add(self._processing(report, plan, actor.id))
            along(unit, report)
        return report

    def remembered(self, actor: Actor, kind: TableKind | str, mapping: Sequence[str] = ()) -> SourceTable:
        """A kind of file with what is remembered about its sources, and what is said about one now.

        Raises:
            Forbidden: the actor does not write the library.
            InvalidInput: the kind or the mapping is wrong.
        """
        actor.require(Permission.LIBRARY_WRITE)
        return self._table(kind, mapping)

    def forget_mapping(
        self, kind: TableKind | str, path: Path, *, actor: Actor, sheet: str | None = None
    ) -> bool:
        """Forget what is remembered about files with the same headers; whether there was anything.

        Raises:
            Forbidden: the actor does not write the library.
            InvalidInput, InvalidData: the kind, the path or the sheet is wrong, or the file cannot be read.
        """
        actor.require(Permission.LIBRARY_WRITE)
        table = self._table(kind, ())
        source = source_of(read_headers(path, table, sheet=sheet))
        with self._database.write() as unit:
            return unit.column_mappings.forget(table.kind, source)

    def _table(self, kind: TableKind | str, mapping: Sequence[str]) -> SourceTable:
        table = table_of(kind)
        given = parse_choices(mapping, table)
        with self._database.read() as unit:
            return SourceTable.of(table, given=given, remembered=unit.column_mappings.of_kind(table.kind))

    def _remember(self, unit: UnitOfWork, table: SourceTable, parsed: ParsedFile, actor: str) -> None:
        if table.given:
            headers = parsed.layout.headers
            choices = {**table.recalled(headers), **table.given}
            unit.column_mappings.remember(
                table.kind, source_of(headers), choices, headers=headers, at=self._now(), actor=actor
            )

    def _write(self, unit: UnitOfWork, plan: ImportPlan, actor: str, on_progress: ImportProgress) -> str:
        """Write the records as a batch, and return its id."""
        batch = self._batch(plan, actor)
        unit.batches.start(batch)
        _write_records(unit, plan, batch.id, on_progress)
        unit.batches.finish(batch.id, self._now())
        withdrawn = _newly_withdrawn(plan)
        if withdrawn:
            # Like a withdrawal that is recorded: nobody comes across them in what was suggested before.
            unit.runs.forget(EntityKind.EXPERT, withdrawn)
        return batch.id

    def _batch(self, plan: ImportPlan, actor: str) -> ImportBatch:
        started = self._now()
        return ImportBatch(
            id=f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
            kind=plan.kind.value,
            file_name=plan.source.file.name,
            sha256=plan.source.file.sha256,
            actor=actor,
            at=started,
            n_rows=plan.n_rows,
            n_new=len(plan.new),
            n_changed=len(plan.changed),
            n_unchanged=len(plan.unchanged),
            n_duplicates=plan.n_duplicates,
            n_error_rows=plan.n_error_rows,
        )

    def _processing(self, report: ImportReport, plan: ImportPlan, actor: str) -> Processing:
        return Processing(
            at=self._now(),
            actor=actor,
            activity=Activity.IMPORT,
            purpose=DEFAULT_PURPOSES[Activity.IMPORT],
            basis=LegalBasis.PUBLIC_DATA,
            categories=plan.columns,
            n_persons=len(plan.records),
            detail={"batch": report.batch},
        )

    def _entry(self, report: ImportReport, parsed: ParsedFile, actor: str) -> AuditEntry:
        return AuditEntry(
            at=self._now(),
            actor=actor,
            action=f"import:{parsed.table.subject}:apply",
            target=report.file,
            detail={
                "batch": report.batch,
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


def _planned(
    parsed: ParsedFile, unit: UnitOfWork, actor: Actor, mode: ImportMode
) -> tuple[ParsedFile, ImportPlan]:
    """What a file would do that somebody imports: the rows they may write, against what is stored."""
    parsed = under_present_ids(parsed, unit.identity.resolve)
    parsed = within_rights(parsed, unit.erasures.suppressed, unit.experts.withdrawals)
    parsed = within_reach(parsed, actor, unit)
    return parsed, draft_plan(parsed, _StoredRecords(unit, parsed.table.kind)).limited(mode)


def _write_records(unit: UnitOfWork, plan: ImportPlan, batch_id: str, on_progress: ImportProgress) -> None:
    repository = repository_of(unit, plan.kind)
    changes = unit.batches.changes(batch_id, type(plan.records[0]))
    n_new, records = len(plan.new), plan.records
    for start in range(0, len(records), LIMITS.batch_rows):
        end = start + LIMITS.batch_rows
        replaced = plan.changed[max(0, start - n_new) : max(0, end - n_new)]
        changes.note_replaced([(change.before, change.record) for change in replaced])
        repository.upsert(records[start:end])
        changes.note_added([record.id for record in plan.new[start:end]])
        on_progress(ImportStage.WRITE, min(end, len(records)), len(records))


def _newly_withdrawn(plan: ImportPlan) -> list[str]:
    """Experts of whom the file says that they withdrew consent, and the library did not."""
    return [
        change.record.id
        for change in plan.changed
        if isinstance(change.record, Expert)
        and isinstance(change.before, Expert)
        and change.record.consent_withdrawn_on is not None
        and change.before.consent_withdrawn_on is None
    ]


class _StoredRecords:
    """The library as a plan looks at it."""

    def __init__(self, unit: UnitOfWork, kind: TableKind) -> None:
        self._unit = unit
        self._repository = repository_of(unit, kind)

    def fingerprints(self, ids: Sequence[str]) -> Mapping[str, str]:
        return self._repository.fingerprints(ids)

    def fingerprint_of(self, record: Record) -> str:
        return self._repository.fingerprint_of(record)

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        return self._repository.get_many(ids)

    def known(self, kind: TableKind, ids: Sequence[str]) -> AbstractSet[str]:
        return repository_of(self._unit, kind).fingerprints(ids).keys()
