"""Files that still use ids which were merged away: what they say is said of the record that stayed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommender.domain.entities import Record
from recommender.domain.kinds import EntityKind
from recommender.exchange.rows import ParsedRow
from recommender.identity.links import named_ids, redirected
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Renamed:
    """A row whose own id was merged away.

    Attributes:
        is_taken: whether the row goes on under the present id. It does not where the file has a row of its own
            for that id, or an earlier one that goes on under it: then this row is left out.
    """

    row: int
    old_id: str
    present_id: str
    is_taken: bool


def under_present_ids(
    unit: UnitOfWork, rows: Sequence[ParsedRow]
) -> tuple[tuple[ParsedRow, ...], tuple[Renamed, ...]]:
    """The rows with every id in them under its present name, and the rows whose own id was another.

    To be called between reading a file and comparing it with the library: otherwise a file from before a merge
    would create the absorbed record again. Rows without a record pass through.
    """
    wanted: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for row in rows:
        if row.record is not None:
            for kind, id in named_ids(row.record):
                wanted[kind].add(id)
    aliases = {kind: unit.identity.resolve(kind, sorted(ids)) for kind, ids in wanted.items()}
    if not any(aliases.values()):
        return tuple(rows), ()
    changed = [row if row.record is None else _under(row, redirected(row.record, aliases)) for row in rows]
    taken = {row.id for row, original in zip(changed, rows, strict=True) if row.id == original.id}
    kept: list[ParsedRow] = []
    renamed: list[Renamed] = []
    for row, original in zip(changed, rows, strict=True):
        if row.id == original.id or row.id is None:
            kept.append(row)
            continue
        is_taken = row.id not in taken
        renamed.append(Renamed(row.row, original.id or "", row.id, is_taken))
        if is_taken:
            taken.add(row.id)
            kept.append(row)
    return tuple(kept), tuple(renamed)


def _under(row: ParsedRow, record: Record) -> ParsedRow:
    return row if record == row.record else replace(row, record=record, id=record.id)
