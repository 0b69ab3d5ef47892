"""What of a file is not for the account that imports it: rows on enterprises and needs beyond its reach."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from recommender.domain.accounts import Actor
from recommender.domain.entities import Enterprise, Need, Record
from recommender.domain.facts import EnterpriseFact
from recommender.exchange.reader import ParsedFile
from recommender.exchange.rows import ParsedRow
from recommender.store.unit_of_work import UnitOfWork


def within_reach(parsed: ParsedFile, actor: Actor, unit: UnitOfWork) -> ParsedFile:
    """The file with an error in each row that the actor may not write.

    A stored record must be within reach before, a new one after; who reaches the whole city writes everything.
    """
    if actor.reach.whole_city or parsed.table.record not in (Enterprise, EnterpriseFact, Need):
        return parsed
    reach = _Reach(actor, unit, [row for row in parsed.rows if row.record is not None])
    rows = []
    for row in parsed.rows:
        is_within = row.record is None or reach.covers(row, row.record)
        if not is_within:
            parsed.log.error(row.row, "", "reach.outside", id=row.id)
        rows.append(row if is_within else replace(row, record=None))
    return replace(parsed, rows=tuple(rows))


class _Reach:
    """What an actor reaches of the records that some rows speak of."""

    def __init__(self, actor: Actor, unit: UnitOfWork, rows: list[ParsedRow]) -> None:
        self._actor = actor
        ids = sorted({row.record.id for row in rows if isinstance(row.record, Need)})
        self._needs: Mapping[str, Need] = unit.needs.get_many(ids)
        codes = {code for row in rows for code in _codes(row.record)}
        codes.update(need.enterprise_code for need in self._needs.values() if need.enterprise_code)
        self._enterprises: Mapping[str, Enterprise] = unit.enterprises.get_many(sorted(codes))

    def covers(self, row: ParsedRow, record: Record) -> bool:
        """Whether the actor may write a row."""
        match record:
            case Enterprise():
                return self._actor.sees_enterprise(self._enterprises.get(record.code, record))
            case Need():
                stored = self._needs.get(record.id)
                written = record if stored is None else _over(stored, record, row)
                return all(self._sees(need) for need in (stored or written, written))
            case EnterpriseFact():
                owner = self._enterprises.get(record.enterprise_code)
                return owner is None or self._actor.sees_enterprise(owner)
        return True

    def _sees(self, need: Need) -> bool:
        return self._actor.sees_need(need, self._enterprises.get(need.enterprise_code))


def _codes(record: Record | None) -> tuple[str, ...]:
    match record:
        case Enterprise():
            return (record.code,)
        case Need() | EnterpriseFact():
            return (record.enterprise_code,) if record.enterprise_code else ()
    return ()


def _over(stored: Need, record: Need, row: ParsedRow) -> Need:
    """The need as it would be stored: the row's fields over the stored ones."""
    values: dict[str, Any] = {
        item.name: getattr(record, item.name) for item in fields(Need) if item.name in row.present
    }
    return replace(stored, **values)
