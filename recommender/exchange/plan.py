"""What an import would change: the rows of a file against what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Protocol

from recommender.domain.entities import Record
from recommender.domain.import_jobs import ImportMode
from recommender.domain.mentions import is_hidden_form
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.issues import IssueLog, RowError
from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import LISTED_IDS, NOTE_ISSUES_CUT, NOTE_OTHER_SHEETS
from recommender.exchange.reader import ParsedFile, SheetFacts
from recommender.exchange.rows import ParsedRow
from recommender.exchange.sources import ColumnMatch, SourceTable
from recommender.exchange.tables import TABLES

_MASK: Final = "*"


class Stored(Protocol):
    """What a plan asks about the stored records; ids that are not stored are left out of the answers."""

    def fingerprints(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Fingerprint by id, of the kind that is imported."""

    def fingerprint_of(self, record: Record) -> str:
        """The fingerprint it would have if it were stored."""

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        """Record by id, of the kind that is imported."""

    def known(self, kind: TableKind, ids: Sequence[str]) -> AbstractSet[str]:
        """Those of the ids that are stored in another kind."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stored record that the file changes.

    Attributes:
        row: row number in the file.
        record: the record as it will be stored: the file's fields over the stored ones.
        before: the record as it is stored now.
        columns: headers of the fields that differ.
    """

    row: int
    record: Record
    before: Record
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What a file would do to the store.

    Attributes:
        source: the file and where in it the rows stand.
        header_row: row number of the header.
        columns: headers that are read.
        mapping: which column of the file is which of ours, and why.
        absent_columns: headers the file does not have; what is stored there stays.
        ignored_columns: headers that are known but counted by the system itself.
        unknown_columns: headers that belong to no field.
        n_rows: rows with content below the header.
        new: records to be added.
        changed: records to be replaced.
        unchanged: ids of records that are stored exactly so.
        skipped: ids of records that are left as they are because only new or only stored ones are wanted.
        n_duplicates: rows that repeat an earlier row exactly; taken once.
        errors, warnings: what is wrong with rows, by row; at most ``LIMITS.max_listed_issues`` of each.
        n_errors, n_warnings: how many there are in all.
        n_error_rows: rows with at least one error; none of them is among the records above.
        notes: zh-CN sentences about the file as a whole.
    """

    kind: TableKind
    label: str
    source: SheetFacts
    header_row: int
    columns: tuple[str, ...]
    mapping: tuple[ColumnMatch, ...]
    absent_columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    n_rows: int
    new: tuple[Record, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[str, ...]
    n_duplicates: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    n_errors: int
    n_warnings: int
    n_error_rows: int
    notes: tuple[str, ...]
    skipped: tuple[str, ...] = ()

    def limited(self, mode: ImportMode) -> "ImportPlan":
        """The plan without the records that a mode leaves out."""
        if mode is ImportMode.NEW:
            return replace(self, changed=(), skipped=tuple(change.record.id for change in self.changed))
        if mode is ImportMode.CHANGED:
            return replace(self, new=(), skipped=tuple(record.id for record in self.new))
        return self

    @property
    def records(self) -> tuple[Record, ...]:
        """Everything to be written: new records, then changed ones, each in the order of the file."""
        return self.new + tuple(change.record for change in self.changed)


def draft_plan(parsed: ParsedFile, stored: Stored) -> ImportPlan:
    """Compare a file with what is stored. Writes nothing; asks ``stored`` in batches."""
    log = parsed.log
    candidates, n_duplicates = _single_rows(parsed.rows, log)
    comparison = _Comparison(parsed.table, stored)
    for batch in _batches(candidates, LIMITS.batch_rows):
        comparison.add(_with_known_references(batch, parsed.table, stored, log))
    by_field = parsed.table.by_field
    return ImportPlan(
        kind=parsed.table.kind,
        label=parsed.table.label,
        source=parsed.source,
        header_row=parsed.layout.header_row,
        columns=tuple(by_field[item.field].header for item in parsed.layout.matched),
        mapping=_mapping(parsed),
        absent_columns=parsed.layout.absent,
        ignored_columns=parsed.layout.ignored,
        unknown_columns=parsed.unknown_columns,
        n_rows=len(parsed.rows),
        new=tuple(comparison.new),
        changed=tuple(comparison.changed),
        unchanged=tuple(comparison.unchanged),
        n_duplicates=n_duplicates,
        errors=log.errors,
        warnings=log.warnings,
        n_errors=log.n_errors,
        n_warnings=log.n_warnings,
        n_error_rows=log.n_error_rows,
        notes=_notes(parsed),
    )


def _mapping(parsed: ParsedFile) -> tuple[ColumnMatch, ...]:
    table = parsed.table if isinstance(parsed.table, SourceTable) else SourceTable.of(parsed.table)
    headers = parsed.layout.headers
    return tuple(
        ColumnMatch(
            position=item.position,
            written=item.header,
            header=table.by_field[item.field].header,
            origin=table.origin(item.header, table.by_field[item.field], headers),
        )
        for item in parsed.layout.matched
    )


def _single_rows(rows: Sequence[ParsedRow], log: IssueLog) -> tuple[list[ParsedRow], int]:
    """The rows whose id stands for one record only, and how many exact repeats were dropped.

    Rows with the same id and different content are all refused: the file does not say which one is right.
    """
    by_id: dict[str, list[ParsedRow]] = defaultdict(list)
    for row in rows:
        if row.id is not None:
            by_id[row.id].append(row)
    single: list[ParsedRow] = []
    n_duplicates = 0
    for id_, given in by_id.items():
        same = _own_rows(given, log)
        n_duplicates += len(given) - len(same)
        first = same[0]
        if any(row.record != first.record or row.present != first.present for row in same):
            numbers = "、".join(str(row.row) for row in same)
            for row in same:
                log.error(row.row, "", "duplicate.conflict", id=id_, rows=numbers)
        elif first.record is not None:
            single.append(first)
            n_duplicates += len(same) - 1
            for row in same[1:]:
                log.warn(row.row, "", "duplicate.identical", id=id_, first=first.row)
    return single, n_duplicates


def _own_rows(same: list[ParsedRow], log: IssueLog) -> list[ParsedRow]:
    """Rows of one id without those under ids that were merged into it, unless there are no others.

    A file from before the merge has both; then each goes on saying what it said, and the record's own row counts.
    """
    if not any(row.old_id for row in same):
        return same
    own = [row for row in same if not row.old_id]
    code = "id.merged_beside" if own else "id.merged"
    for row in same:
        if row.old_id:
            log.warn(row.row, "", code, old=row.old_id, id=row.id)
    return own or same


def _with_known_references(
    batch: Sequence[ParsedRow], table: TableSpec, stored: Stored, log: IssueLog
) -> list[ParsedRow]:
    """The rows all of whose references are stored; an error for each of the others."""
    dangling: set[int] = set()
    for column in table.columns:
        if column.references is None:
            continue
        named = {row.row: _ids(getattr(row.record, column.field)) for row in batch if column.field in row.present}
        known = stored.known(column.references, sorted({id_ for ids in named.values() for id_ in ids}))
        for row, ids in named.items():
            unknown = [id_ for id_ in ids if id_ not in known]
            if unknown:
                dangling.add(row)
                log.error(
                    row,
                    column.header,
                    "reference.unknown",
                    ids=_listed(unknown),
                    label=TABLES[column.references].label,
                    kind=column.references.value,
                )
    return [row for row in batch if row.row not in dangling]


def _listed(ids: Sequence[str], n_shown: int = 5) -> str:
    """The first few ids, and how many there are if more."""
    shown = "、".join(ids[:n_shown])
    return shown if len(ids) <= n_shown else LISTED_IDS.format(shown=shown, count=len(ids))


def _ids(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return value


class _Comparison:
    """Sorts rows into new, changed and unchanged, batch by batch."""

    def __init__(self, table: TableSpec, stored: Stored) -> None:
        self._table = table
        self._stored = stored
        self.new: list[Record] = []
        self.changed: list[Change] = []
        self.unchanged: list[str] = []

    def add(self, batch: Sequence[ParsedRow]) -> None:
        """Compare rows that have a record each."""
        pairs = [(row, row.record) for row in batch if row.record is not None]
        fingerprints = self._stored.fingerprints([record.id for _, record in pairs])
        known = []
        for row, record in pairs:
            stored = fingerprints.get(record.id)
            if stored is None:
                self.new.append(record)
            elif stored == self._stored.fingerprint_of(record):
                self.unchanged.append(record.id)
            else:
                known.append((row, record))
        before = self._stored.records([record.id for _, record in known])
        for row, record in known:
            self._compare(row, record, before[record.id])

    def _compare(self, row: ParsedRow, record: Record, before: Record) -> None:
        """Lay the fields the row speaks about over the stored record."""
        differing = [
            field
            for field in row.present
            if getattr(record, field) != getattr(before, field) and not _is_its_mask(record, before, field)
        ]
        if not differing:
            self.unchanged.append(record.id)
            return
        merged = replace(before, **{field: getattr(record, field) for field in differing})
        headers = tuple(column.header for column in self._table.columns if column.field in differing)
        self.changed.append(Change(row.row, merged, before, headers))


def _is_its_mask(record: Record, before: Record, field: str) -> bool:
    """Whether a file says of a text what an export showed of it, with persons masked: it says nothing new."""
    shown, stored = _texts(getattr(record, field)), _texts(getattr(before, field))
    if not any(_MASK in text for text in shown) or len(shown) != len(stored):
        return False
    return all(one == other or is_hidden_form(one, other) for one, other in zip(shown, stored, strict=True))


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _notes(parsed: ParsedFile) -> tuple[str, ...]:
    notes = []
    if parsed.source.other_sheets:
        notes.append(NOTE_OTHER_SHEETS.format(sheets="”“".join(parsed.source.other_sheets)))
    log = parsed.log
    if max(log.n_errors, log.n_warnings) > LIMITS.max_listed_issues:
        notes.append(
            NOTE_ISSUES_CUT.format(listed=LIMITS.max_listed_issues, errors=log.n_errors, warnings=log.n_warnings)
        )
    return tuple(notes)


def _batches(rows: Iterable[ParsedRow], size: int) -> Iterator[list[ParsedRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
