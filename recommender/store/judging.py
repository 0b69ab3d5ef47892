"""Pools of candidates for blind judging, and what people said of them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.errors import Conflict, NotFound
from recommender.domain.judging import Judgement, JudgingPool, PoolItem, PoolProgress, System
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks

_POOLS: Final[Table] = tables.Base.metadata.tables["judging_pool"]
_ITEMS: Final[Table] = tables.Base.metadata.tables["judging_item"]
_JUDGEMENTS: Final[Table] = tables.Base.metadata.tables["judgement"]
_POOL_COLUMNS: Final = tuple(_POOLS.c[field.name] for field in fields(JudgingPool))
_CHUNK: Final = 2000
_SORTS: Final = ("created",)
_JUDGED: Final = ("number", "judge", "grade", "note", "at")


class JudgingRepository(UnitPart):
    """Pools, their items and their judgements."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def create(self, pool: JudgingPool, items: Sequence[PoolItem]) -> None:
        """Keep a pool with its items.

        Raises:
            InvalidData: its id is in use, an item is there twice, or a value cannot be stored.
        """
        self._require_write()
        row = {field.name: getattr(pool, field.name) for field in fields(pool)}
        check_row(row, kind="评判池", id=pool.id)
        number = self._connection.execute(insert(_POOLS).returning(_POOLS.c.number), row).scalar_one()
        rows = [_row(item, number) for item in items]
        for line in rows:
            check_row(line, kind="评判项", id=str(line["target_id"]))
        for chunk in chunks(rows, _CHUNK):
            self._connection.execute(insert(_ITEMS), list(chunk))

    def page(self, request: PageRequest) -> Page[JudgingPool]:
        """Pools, newest first.

        Raises:
            InvalidInput: a cursor or an order that this list does not know.
        """
        _, turned = request.order(_SORTS)
        statement = select(_POOLS.c.number, *_POOL_COLUMNS).limit(request.limit + 1)
        statement = statement.order_by(_POOLS.c.number if turned else _POOLS.c.number.desc())
        after = request.after(int)
        if after is not None:
            statement = statement.where(_POOLS.c.number > after[0] if turned else _POOLS.c.number < after[0])
        rows = self._connection.execute(statement).all()
        shown = rows[: request.limit]
        next_cursor = cursor_of(request, (shown[-1].number,)) if len(rows) > request.limit else ""
        return Page(tuple(map(_pool, shown)), next_cursor)

    def get(self, pool_id: str) -> JudgingPool:
        """A pool; in a unit that writes it cannot be closed meanwhile.

        Raises:
            NotFound: there is none with that id.
        """
        return _pool(self._pool_row(pool_id))

    def close(self, pool_id: str, at: datetime) -> JudgingPool:
        """Let nothing more be judged; closing again changes nothing.

        Raises:
            NotFound: there is none with that id.
        """
        self._require_write()
        if self.get(pool_id).closed_at is None:
            closed = update(_POOLS).where(_POOLS.c.id == pool_id).values(closed_at=at)
            self._connection.execute(closed)
        return self.get(pool_id)

    def item(self, pool_id: str, number: int) -> PoolItem:
        """One item.

        Raises:
            NotFound: no such pool or item.
        """
        statement = _items().where(_POOLS.c.id == pool_id, _ITEMS.c.number == number)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound("judging.no_item", pool=pool_id, number=number)
        return _item(row)

    def items(self, pool_id: str) -> list[PoolItem]:
        """All items of a pool, by number."""
        rows = self._connection.execute(_items().where(_POOLS.c.id == pool_id).order_by(_ITEMS.c.number))
        return [_item(row) for row in rows]

    def open_items(self, pool_id: str, judge: str) -> list[PoolItem]:
        """Items that still want a judgement and that this person has not seen, by number."""
        of_item = and_(_JUDGEMENTS.c.pool_number == _ITEMS.c.pool_number, _JUDGEMENTS.c.number == _ITEMS.c.number)
        graded = select(func.count()).where(of_item, _JUDGEMENTS.c.grade.is_not(None)).scalar_subquery()
        seen = select(_JUDGEMENTS.c.judge).where(of_item, _JUDGEMENTS.c.judge == judge).exists()
        statement = _items().where(_POOLS.c.id == pool_id, graded < _ITEMS.c.n_wanted, ~seen)
        return [_item(row) for row in self._connection.execute(statement.order_by(_ITEMS.c.number))]

    def judge(self, judgement: Judgement) -> None:
        """Keep what somebody said; what they said of the item before is replaced.

        Raises:
            NotFound: no such pool or item.
            Conflict: the pool is closed.
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        pool = self._pool_row(judgement.pool_id)
        if pool.closed_at is not None:
            raise Conflict("judging.closed", pool=judgement.pool_id)
        self.item(judgement.pool_id, judgement.number)
        row = {name: getattr(judgement, name) for name in _JUDGED}
        check_row(row, kind="评判", id=str(judgement.number))
        row["pool_number"] = pool.number
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(_JUDGEMENTS)
        replaced = {name: statement.excluded[name] for name in ("grade", "note", "at")}
        keys = list(_JUDGEMENTS.primary_key.columns)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=replaced),
            {**row, "pool_number": pool.number},
        )

    def judgements(self, pool_id: str) -> list[Judgement]:
        """All judgements of a pool, by item and judge."""
        statement = (
            select(_POOLS.c.id.label("pool_id"), *(_JUDGEMENTS.c[name] for name in _JUDGED))
            .join(_POOLS, _POOLS.c.number == _JUDGEMENTS.c.pool_number)
            .where(_POOLS.c.id == pool_id)
            .order_by(_JUDGEMENTS.c.number, _JUDGEMENTS.c.judge)
        )
        return [Judgement(**row._mapping) for row in self._connection.execute(statement)]

    def progress(self, pool_id: str) -> PoolProgress:
        """How far a pool is.

        Raises:
            NotFound: there is none with that id.
        """
        self.get(pool_id)
        wanted = {item.number: item.n_wanted for item in self.items(pool_id)}
        graded: dict[int, int] = {}
        by_judge: dict[str, int] = {}
        n_skipped = 0
        for judgement in self.judgements(pool_id):
            if judgement.grade is None:
                n_skipped += 1
                continue
            graded[judgement.number] = graded.get(judgement.number, 0) + 1
            by_judge[judgement.judge] = by_judge.get(judgement.judge, 0) + 1
        n_done = sum(min(n, graded.get(number, 0)) for number, n in wanted.items())
        return PoolProgress(len(wanted), sum(wanted.values()), n_done, n_skipped, by_judge)

    def repoint(self, kind: EntityKind, absorbed_id: str, survivor_id: str) -> None:
        """Let items name the survivor of a merge, with what was said of them.

        An item that the pool has for the survivor already stays; that of the absorbed one goes with the record.
        """
        self._require_write()
        columns = [_ITEMS.c.target_id] if kind is not EntityKind.NEED else [_ITEMS.c.need_id, _ITEMS.c.target_id]
        twin = _ITEMS.alias()
        for column in columns:
            same = [twin.c.pool_number == _ITEMS.c.pool_number, twin.c[column.name] == survivor_id]
            others = {"need_id", "target_kind", "target_id"} - {column.name}
            same += [twin.c[name] == _ITEMS.c[name] for name in sorted(others)]
            conditions = [column == absorbed_id, ~exists().where(*same)]
            if column is _ITEMS.c.target_id:
                conditions.append(_ITEMS.c.target_kind == kind)
            self._connection.execute(update(_ITEMS).where(*conditions).values({column.name: survivor_id}))

    def _pool_row(self, pool_id: str) -> Row[Any]:
        statement = select(_POOLS.c.number, *_POOL_COLUMNS).where(_POOLS.c.id == pool_id)
        if self._writable:
            # A share: judges do not wait for each other, who closes the pool waits for all of them.
            statement = statement.with_for_update(read=True)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound("judging.no_pool", pool=pool_id)
        return row


def forget(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> None:
    """Delete the items, with their judgements, for and of entities that are removed."""
    named = and_(_ITEMS.c.target_kind == kind, among(_ITEMS.c.target_id, ids, connection.dialect))
    if kind is EntityKind.NEED:
        named = or_(named, among(_ITEMS.c.need_id, ids, connection.dialect))
    connection.execute(delete(_ITEMS).where(named))


def _items() -> Select[Any]:
    columns = [column for column in _ITEMS.c if column.name != "pool_number"]
    return select(_POOLS.c.id.label("pool_id"), *columns).join(_POOLS, _POOLS.c.number == _ITEMS.c.pool_number)


def _row(item: PoolItem, number: int) -> dict[str, object]:
    row = {field.name: getattr(item, field.name) for field in fields(item) if field.name != "pool_id"}
    return {**row, "pool_number": number, "ranks": {system.value: rank for system, rank in item.ranks.items()}}


def _item(row: Row[Any]) -> PoolItem:
    ranks = {System(system): rank for system, rank in row.ranks.items()}
    return PoolItem(**{**row._mapping, "ranks": ranks})


def _pool(row: Row[Any]) -> JudgingPool:
    values = {name: value for name, value in row._mapping.items() if name != "number"}
    return JudgingPool(**values)
