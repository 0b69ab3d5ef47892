"""Who was shown whose data in full."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, false, insert, select

from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.personal import Reveal
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks, is_storable

_REVEALS: Final[Table] = tables.Base.metadata.tables["reveal"]
_COLUMNS: Final = tuple(_REVEALS.c[field.name] for field in fields(Reveal))
_CHUNK: Final = 2000


class RevealRepository(UnitPart):
    """Lines are added and read; what is older than it must be kept is dropped."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, reveal: Reveal) -> Reveal:
        """Add a line; the same with its number.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(reveal)
        del row["number"]
        check_row(row, kind="查看记录", id=reveal.person_id)
        (number,) = self._connection.execute(insert(_REVEALS).returning(_REVEALS.c.number), row).one()
        return Reveal(**{**row, "number": int(number)})

    def of(self, kind: EntityKind, person_id: str) -> list[Reveal]:
        """Every line about a person, oldest first."""
        own = (_REVEALS.c.person_kind == kind, _REVEALS.c.person_id == person_id)
        statement = select(*_COLUMNS).where(*own).order_by(_REVEALS.c.number)
        return [Reveal(**row._mapping) for row in self._connection.execute(statement)]

    def page(self, request: PageRequest, *, actor: str = "", person_id: str = "") -> Page[Reveal]:
        """Lines by whom and about whom, oldest first, or newest first for ``-number``.

        Raises:
            InvalidInput: the cursor or the order is not one of this list's.
        """
        _, reverse = request.order(("number",))
        order = turned([(_REVEALS.c.number, False)], reverse=reverse)
        statement = select(*_COLUMNS).order_by(*ordering(order)).limit(request.limit + 1)
        for column, value in ((_REVEALS.c.actor, actor), (_REVEALS.c.person_id, person_id)):
            if value:
                statement = statement.where(column == value if is_storable(value) else false())
        after = request.after(int)
        if after is not None:
            statement = statement.where(beyond(order, after))
        found = [Reveal(**row._mapping) for row in self._connection.execute(statement)]
        shown = tuple(found[: request.limit])
        return Page(shown, cursor_of(request, (shown[-1].number,)) if len(found) > request.limit else "")

    def open_to(self, actor: str, kind: EntityKind, ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of the people whom an actor may see in full at this moment."""
        found: set[str] = set()
        for chunk in chunks(sorted(set(ids)), _CHUNK):
            statement = select(_REVEALS.c.person_id).where(
                _REVEALS.c.actor == actor,
                _REVEALS.c.valid_until > now,
                _REVEALS.c.person_kind == kind,
                among(_REVEALS.c.person_id, chunk, self._connection.dialect),
            )
            found.update(self._connection.execute(statement).scalars())
        return frozenset(found)

    def drop(self, before: datetime) -> int:
        """Forget what is older; how many lines."""
        self._require_write()
        return self._connection.execute(delete(_REVEALS).where(_REVEALS.c.at < before)).rowcount
