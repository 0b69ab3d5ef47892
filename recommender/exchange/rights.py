"""What a file may not do: bring back who was erased, or undo that somebody withdrew."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Any, Final

from recommender.domain.entities import Expert
from recommender.exchange.columns import TableSpec
from recommender.exchange.issues import IssueLog
from recommender.exchange.reader import ParsedFile
from recommender.exchange.rows import ParsedRow

Erased = Callable[[Iterable[str], Iterable[tuple[str, str, str]]], AbstractSet[str]]
"""Those of the ids, and of the people by id, name and organisation, that belong to erased people."""

Withdrawals = Callable[[Sequence[str]], Mapping[str, date]]
"""Since when those of the experts who withdrew consent have done so, by id."""

_NAMING: Final = ("author_ids", "intended_experts")
"""Fields that name experts."""
_WITHDRAWN_ON: Final = "consent_withdrawn_on"


def within_rights(parsed: ParsedFile, erased: Erased, withdrawals: Withdrawals) -> ParsedFile:
    """The file without what it may not do, and a warning in each row where that was something."""
    if parsed.table.record is Expert:
        rows = _without_people(parsed.rows, parsed.log, erased)
        return replace(parsed, rows=_keeping(rows, parsed.log, withdrawals))
    fields = [field for field in _NAMING if field in parsed.table.by_field]
    if not fields:
        return parsed
    return replace(parsed, rows=_without_names(parsed.rows, parsed.table, fields, parsed.log, erased))


def _without_people(rows: Sequence[ParsedRow], log: IssueLog, erased: Erased) -> tuple[ParsedRow, ...]:
    experts = [row.record for row in rows if isinstance(row.record, Expert)]
    gone = erased((), ((expert.id, expert.name, expert.organisation) for expert in experts))
    for row in rows:
        if row.id in gone:
            log.warn(row.row, "", "person.erased", id=row.id)
    return tuple(row for row in rows if row.id not in gone)


def _keeping(rows: Sequence[ParsedRow], log: IssueLog, withdrawals: Withdrawals) -> tuple[ParsedRow, ...]:
    """An empty cell takes back no withdrawal; only the person does."""
    silent = [
        row.record.id
        for row in rows
        if isinstance(row.record, Expert)
        and row.record.consent_withdrawn_on is None
        and _WITHDRAWN_ON in row.present
    ]
    since = withdrawals(silent) if silent else {}
    return tuple(_kept(row, since, log) for row in rows) if since else tuple(rows)


def _kept(row: ParsedRow, since: Mapping[str, date], log: IssueLog) -> ParsedRow:
    record = row.record
    if not isinstance(record, Expert) or record.id not in since or record.consent_withdrawn_on is not None:
        return row
    log.warn(row.row, "", "consent.kept", id=record.id, on=since[record.id])
    return replace(row, record=replace(record, consent_withdrawn_on=since[record.id]))


def _without_names(
    rows: Sequence[ParsedRow], table: TableSpec, fields: Sequence[str], log: IssueLog, erased: Erased
) -> tuple[ParsedRow, ...]:
    named = {id for row in rows if row.record for field in fields for id in getattr(row.record, field)}
    gone = erased(sorted(named), ())
    if not gone:
        return tuple(rows)
    kept = []
    for row in rows:
        left: dict[str, Any] = {}
        for field in fields if row.record else ():
            ids = getattr(row.record, field)
            dropped = [id for id in ids if id in gone]
            if dropped:
                header = table.by_field[field].header
                log.warn(row.row, header, "person.erased_reference", ids="、".join(dropped))
                left[field] = tuple(id for id in ids if id not in gone)
        kept.append(replace(row, record=replace(row.record, **left)) if row.record and left else row)
    return tuple(kept)
