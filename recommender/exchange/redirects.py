"""Files that still name records by ids that were merged away: what they say is said of the record that stayed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from recommender.domain.entities import Record
from recommender.domain.identity import MERGEABLE_KINDS
from recommender.domain.kinds import EntityKind
from recommender.exchange.columns import TableSpec
from recommender.exchange.issues import IssueLog
from recommender.exchange.reader import ParsedFile
from recommender.exchange.rows import ParsedRow
from recommender.identity.links import Aliases, redirected

Resolve = Callable[[EntityKind, Sequence[str]], Mapping[str, str]]
"""From ids of a kind to the ids that answer for those of them that were merged away."""

_FIELDS: Final[Mapping[str, EntityKind]] = {
    "enterprise_code": EntityKind.ENTERPRISE,
    "avoided_enterprises": EntityKind.ENTERPRISE,
    "author_ids": EntityKind.EXPERT,
    "intended_experts": EntityKind.EXPERT,
    "platform_id": EntityKind.PLATFORM,
}
"""Fields that name records of the kinds that can be merged."""


def under_present_ids(parsed: ParsedFile, resolve: Resolve) -> ParsedFile:
    """The file with every id under its present name, and a warning in each row where that is another one."""
    aliases = _aliases(parsed, resolve)
    if not aliases:
        return parsed
    rows = tuple(_redirected(row, parsed.table, aliases, parsed.log) for row in parsed.rows)
    return replace(parsed, rows=rows)


def _aliases(parsed: ParsedFile, resolve: Resolve) -> Aliases:
    """Those ids of the file that were merged away, by kind."""
    fields = _fields(parsed.table)
    named: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for row in parsed.rows:
        if row.record is not None:
            for field, kind in fields:
                named[kind].update(_ids(row.record, field))
    found = {kind: resolve(kind, sorted(ids)) for kind, ids in named.items()}
    return {kind: present for kind, present in found.items() if present}


def _fields(table: TableSpec) -> list[tuple[str, EntityKind]]:
    """Fields of a kind of file that name records which can be merged, its own id among them."""
    own = [("id", kind) for kind in MERGEABLE_KINDS if kind is getattr(table.record, "kind", None)]
    return own + [(field, kind) for field, kind in _FIELDS.items() if field in table.by_field]


def _ids(record: Record, field: str) -> tuple[str, ...]:
    value = getattr(record, field)
    return value if isinstance(value, tuple) else (value,)


def _redirected(row: ParsedRow, table: TableSpec, aliases: Aliases, log: IssueLog) -> ParsedRow:
    record = row.record
    if record is None:
        return row
    present = redirected(record, aliases)
    if present == record:
        return row
    for field, kind in _FIELDS.items():
        if field in table.by_field and field not in table.key:
            old = [id_ for id_ in _ids(record, field) if id_ in aliases.get(kind, {})]
            if old:
                new = "、".join(aliases[kind][id_] for id_ in old)
                log.warn(row.row, table.by_field[field].header, "reference.merged", old="、".join(old), new=new)
    if present.id == record.id:
        return replace(row, record=present)
    return replace(row, id=present.id, record=present, old_id=record.id)
