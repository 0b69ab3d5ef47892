"""The processing log (处理活动记录): what was done with personal data, on which basis, and how many people's."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, insert, select

from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.personal import Activity, Processing
from recommender.store import tables
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_LINES: Final[Table] = tables.Base.metadata.tables["processing"]
_COLUMNS: Final = tuple(_LINES.c[field.name] for field in fields(Processing))


class ProcessingRepository(UnitPart):
    """Lines are added and read; what is older than it must be kept is dropped."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, line: Processing) -> None:
        """Add a line.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(line)
        del row["number"]
        check_row(row, kind="处理活动记录", id=line.activity.value)
        self._connection.execute(insert(_LINES), row)

    def page(self, request: PageRequest, activity: Activity | None = None) -> Page[Processing]:
        """Lines of one activity or of all, oldest first, or newest first for ``-number``."""
        _, reverse = request.order(("number",))
        order = turned([(_LINES.c.number, False)], reverse=reverse)
        statement = select(*_COLUMNS).order_by(*ordering(order)).limit(request.limit + 1)
        if activity is not None:
            statement = statement.where(_LINES.c.activity == activity)
        after = request.after(int)
        if after is not None:
            statement = statement.where(beyond(order, after))
        found = [Processing(**row._mapping) for row in self._connection.execute(statement)]
        shown = tuple(found[: request.limit])
        more = len(found) > request.limit
        return Page(shown, cursor_of(request, (shown[-1].number,)) if more else "")

    def drop(self, before: datetime) -> int:
        """Forget what is older; how many lines."""
        self._require_write()
        return self._connection.execute(delete(_LINES).where(_LINES.c.at < before)).rowcount
