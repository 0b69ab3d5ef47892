"""How the lists of two runs differ, list by list, worked out by the database."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select, union_all

from recommender.domain.accounts import Actor
from recommender.domain.kinds import DEMAND_KINDS, EntityKind
from recommender.domain.run_lists import SourceChange
from recommender.store import tables
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.visibility import enterprise_visible, need_visible

_RUNS: Final = tables.Base.metadata.tables["match_run"]
_AFTER: Final = tables.Base.metadata.tables["suggestion"].alias("after_run")
_BEFORE: Final = tables.Base.metadata.tables["suggestion"].alias("before_run")
_LIST: Final = ("source_kind", "source_id", "target_kind")
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c


class RunChanges:
    """Differences between runs, for the enterprises and needs that an actor may see."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lists(self, actor: Actor, before_id: str, after_id: str, *, rise: float) -> list[SourceChange]:
        """Every list of needs and enterprises in one of two runs, by kind, source and kind of target.

        Args:
            rise: by so much a score must rise to count as better.
        """
        numbers = {
            run.id: run.number
            for run in self._connection.execute(
                select(_RUNS.c.id, _RUNS.c.number).where(_RUNS.c.id.in_([before_id, after_id]))
            )
        }
        before, after = numbers.get(before_id, 0), numbers.get(after_id, 0)
        found = []
        for kind in DEMAND_KINDS:
            merged = union_all(_kept(kind, before, after, rise), _gone(kind, before, after)).subquery("merged")
            found += self._of_kind(kind, actor, merged)
        return sorted(found, key=lambda change: (change.source_kind, change.source_id, change.target_kind))

    def _of_kind(self, kind: EntityKind, actor: Actor, merged: Any) -> list[SourceChange]:
        columns = merged.c
        if kind is EntityKind.NEED:
            joined = merged.join(NEEDS.table, NEEDS.key == columns.source_id)
            joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
            visible = need_visible(actor)
        else:
            joined = merged.join(ENTERPRISES.table, ENTERPRISES.key == columns.source_id)
            visible = enterprise_visible(actor)
        group = (columns.source_id, columns.target_kind, _OWNER.code, _OWNER.town)
        sums = (func.sum(columns[name]) for name in ("n_after", "n_new", "n_better", "n_gone"))
        statement = select(*group, *sums).select_from(joined).where(visible).group_by(*group)
        return [_change(kind, *row) for row in self._connection.execute(statement)]


def _change(
    kind: EntityKind, source_id: str, target_kind: EntityKind, code: str | None, town: str | None, *sums: int
) -> SourceChange:
    n_after, n_new, n_better, n_gone = map(int, sums)
    return SourceChange(
        source_kind=kind,
        source_id=source_id,
        enterprise_code=code or "",
        town=town or "",
        target_kind=target_kind,
        n_before=n_after - n_new + n_gone,
        n_after=n_after,
        n_new=n_new,
        n_better=n_better,
        n_gone=n_gone,
    )


def _kept(kind: EntityKind, before: int, after: int, rise: float) -> Select[Any]:
    """Of each list that is there: how long it is, what is new in it and what rose."""
    joined = _AFTER.outerjoin(_BEFORE, and_(*_same(_BEFORE, _AFTER), _BEFORE.c.run_number == before))
    is_new = _BEFORE.c.target_id.is_(None)
    is_better = and_(_BEFORE.c.target_id.is_not(None), _AFTER.c.score - _BEFORE.c.score >= rise)
    figures = (
        func.count().label("n_after"),
        func.sum(_one(is_new)).label("n_new"),
        func.sum(_one(is_better)).label("n_better"),
        literal(0).label("n_gone"),
    )
    return _grouped(select(*_list_of(_AFTER), *figures).select_from(joined), _AFTER, kind, after)


def _gone(kind: EntityKind, before: int, after: int) -> Select[Any]:
    """Of each list that was there: how much of it is there no more."""
    joined = _BEFORE.outerjoin(_AFTER, and_(*_same(_AFTER, _BEFORE), _AFTER.c.run_number == after))
    nothing = (literal(0).label(name) for name in ("n_after", "n_new", "n_better"))
    statement = select(*_list_of(_BEFORE), *nothing, func.count().label("n_gone")).select_from(joined)
    return _grouped(statement.where(_AFTER.c.target_id.is_(None)), _BEFORE, kind, before)


def _grouped(statement: Select[Any], table: Any, kind: EntityKind, number: int) -> Select[Any]:
    own = (table.c.run_number == number, table.c.source_kind == kind)
    return statement.where(*own).group_by(*_list_of(table))


def _list_of(table: Any) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in _LIST]


def _same(one: Any, other: Any) -> list[ColumnElement[bool]]:
    """The same target in the list of the same source; led by the key, so that each is found at once."""
    return [one.c[name] == other.c[name] for name in (*_LIST, "target_id")]


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
