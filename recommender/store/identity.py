"""Merges with what they changed, and the ids that they took away."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, insert, or_, select, update

from recommender.domain.errors import NotFound
from recommender.domain.identity import Merge, MergeState
from recommender.domain.kinds import EntityKind
from recommender.store import journal, tables
from recommender.store.conditions import among
from recommender.store.duplicates import json_signals, read_signals
from recommender.store.journal import RowChange, RowRef
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks

_MERGES: Final[Table] = tables.Base.metadata.tables["record_merge"]
_CHANGES: Final[Table] = tables.Base.metadata.tables["merge_change"]
_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_ALIASES: Final[Table] = tables.Base.metadata.tables["merged_id"]
_CHUNK: Final = 2000


class IdentityRepository(UnitPart):
    """Which records were made one."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def snapshot(self, kind: EntityKind, ids: Sequence[str]) -> journal.Snapshot:
        """Every row that is one of the records or names one of them."""
        return journal.rows_naming(self._connection, kind, ids)

    def start(self, merge: Merge) -> None:
        """Record a merge, and its absorbed id as another name of the survivor; its changes follow.

        Raises:
            InvalidData: its id is in use, or a value cannot be stored.
        """
        self._require_write()
        row = json_signals(asdict(merge))
        check_row(row, kind="合并记录", id=merge.id)
        self._connection.execute(insert(_MERGES), row)
        alias = {"kind": merge.kind, "old_id": merge.absorbed_id}
        # A survivor answers for itself, also where its id had been merged away and came back.
        own = _ALIASES.c.old_id.in_((merge.absorbed_id, merge.survivor_id))
        self._connection.execute(delete(_ALIASES).where(_ALIASES.c.kind == merge.kind, own))
        values = alias | {"survivor_id": merge.survivor_id, "merge_number": self._number(merge.id)}
        self._connection.execute(insert(_ALIASES), values)

    def finish(self, merge: Merge, before: journal.Snapshot) -> int:
        """Record what the merge has changed since a snapshot of both records.

        Returns:
            How many rows.
        """
        self._require_write()
        after = dict(journal.rows_at(self._connection, before))
        after.update(self.snapshot(merge.kind, [merge.survivor_id, merge.absorbed_id]))
        changes = journal.changes_between(before, after)
        number = self._number(merge.id)
        rows = [
            {
                "merge_number": number,
                "position": position,
                "table_name": change.ref.table,
                "row_key": change.ref.named_key,
                "before": change.before,
                "after": change.after,
            }
            for position, change in enumerate(changes, start=1)
        ]
        for chunk in chunks(rows, _CHUNK):
            self._connection.execute(insert(_CHANGES), chunk)
        return len(rows)

    def changes(self, merge_id: str) -> tuple[RowChange, ...]:
        """What a merge did to rows, apart from the suggestions of runs that have been pruned since."""
        statement = select(_CHANGES).where(_CHANGES.c.merge_number == self._number(merge_id))
        found = self._connection.execute(statement.order_by(_CHANGES.c.position))
        runs = {None, *self._connection.execute(select(_RUNS.c.number)).scalars()}
        return tuple(
            RowChange(RowRef.named(row.table_name, row.row_key), row.before, row.after)
            for row in found
            if row.row_key.get("run_number") in runs
        )

    def changed_since(self, merge_id: str) -> list[RowRef]:
        """Rows that are no longer what the merge made of them."""
        changes = self.changes(merge_id)
        present = journal.rows_at(self._connection, [change.ref for change in changes])
        return [
            change.ref
            for change in changes
            if (journal.row_hash(present[change.ref]) if change.ref in present else None) != change.after
        ]

    def missing_references(self, merge_id: str) -> list[tuple[str, str]]:
        """Table and id of what rows would refer to once put back, and that is gone."""
        return list(journal.missing_references(self._connection, self.changes(merge_id)))

    def put_back(self, merge_id: str, *, at: datetime, by: str) -> None:
        """Make every row what it was before the merge, and record that it is undone.

        Raises:
            NotFound: no merge has that id.
        """
        self._require_write()
        number = self._number(merge_id)
        journal.put_back(self._connection, self.changes(merge_id))
        values = {"state": MergeState.UNDONE, "undone_at": at, "undone_by": by}
        self._connection.execute(update(_MERGES).where(_MERGES.c.number == number).values(**values))
        # What was put back is in the records again; to keep it twice would keep personal data for nothing.
        self._connection.execute(delete(_CHANGES).where(_CHANGES.c.merge_number == number))

    def forget(self, kind: EntityKind, ids: Sequence[str]) -> None:
        """Forget what merges of these ids have replaced; they can no longer be undone."""
        self._require_write()
        of_these = or_(_MERGES.c.survivor_id.in_(ids), _MERGES.c.absorbed_id.in_(ids))
        numbers = select(_MERGES.c.number).where(_MERGES.c.kind == kind, of_these)
        self._connection.execute(delete(_CHANGES).where(_CHANGES.c.merge_number.in_(numbers)))

    def merge(self, merge_id: str) -> Merge | None:
        """The merge with that id, or ``None``."""
        row = self._connection.execute(select(_MERGES).where(_MERGES.c.id == merge_id)).one_or_none()
        return None if row is None else _merge(row)

    def merges(self, n: int) -> list[Merge]:
        """The last ``n`` merges, newest first, those that were undone among them."""
        statement = select(_MERGES).order_by(_MERGES.c.number.desc()).limit(n)
        return [_merge(row) for row in self._connection.execute(statement)]

    def merges_of(self, kind: EntityKind, id: str) -> list[Merge]:
        """Merges that a record took part in, newest first."""
        named = or_(_MERGES.c.survivor_id == id, _MERGES.c.absorbed_id == id)
        statement = select(_MERGES).where(_MERGES.c.kind == kind, named).order_by(_MERGES.c.number.desc())
        return [_merge(row) for row in self._connection.execute(statement)]

    def later_merge(self, merge: Merge) -> Merge | None:
        """The newest merge after this one that is in force and has to do with one of its records."""
        ids = [merge.survivor_id, merge.absorbed_id]
        statement = select(_MERGES).where(
            _MERGES.c.kind == merge.kind,
            _MERGES.c.state == MergeState.DONE,
            _MERGES.c.number > self._number(merge.id),
            or_(_MERGES.c.survivor_id.in_(ids), _MERGES.c.absorbed_id.in_(ids)),
        )
        row = self._connection.execute(statement.order_by(_MERGES.c.number.desc()).limit(1)).one_or_none()
        return None if row is None else _merge(row)

    def resolve(self, kind: EntityKind, ids: Sequence[str]) -> dict[str, str]:
        """Ids that were merged away, each with the id that answers for it now; others are left out.

        A chain of merges is followed to its end. An id that is in use again answers for itself.
        """
        # Imports ask for every id of a city; most libraries have merged nothing.
        if (
            self._connection.execute(select(_ALIASES.c.kind).where(_ALIASES.c.kind == kind).limit(1)).first()
            is None
        ):
            return {}
        table = tables.Base.metadata.tables[kind.value]
        (key,) = table.primary_key.columns
        found: dict[str, str] = {}
        pending = {id: id for id in set(ids)}
        while pending:
            steps = self._steps(kind, sorted(set(pending.values())))
            reached = {id: steps[current] for id, current in pending.items() if current in steps}
            found.update(reached)
            pending = reached
        used: set[str] = set()
        for chunk in chunks(sorted(found), _CHUNK):
            rows = self._connection.execute(select(key).where(among(key, chunk, self._connection.dialect)))
            used.update(rows.scalars())
        return {id: present for id, present in found.items() if id not in used}

    def _steps(self, kind: EntityKind, ids: Sequence[str]) -> dict[str, str]:
        steps: dict[str, str] = {}
        for chunk in chunks(ids, _CHUNK):
            own = among(_ALIASES.c.old_id, chunk, self._connection.dialect)
            statement = select(_ALIASES.c.old_id, _ALIASES.c.survivor_id).where(_ALIASES.c.kind == kind, own)
            steps.update((old, new) for old, new in self._connection.execute(statement))
        return steps

    def _number(self, merge_id: str) -> int:
        number = self._connection.execute(select(_MERGES.c.number).where(_MERGES.c.id == merge_id)).scalar()
        if number is None:
            raise NotFound("identity.merge_not_found", id=merge_id)
        return int(number)


def _merge(row: Row[Any]) -> Merge:
    values = {name: value for name, value in row._mapping.items() if name != "number"}
    return Merge(**{**values, "signals": read_signals(row.signals)})
