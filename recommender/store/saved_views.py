"""Views that accounts keep."""

from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.saved_views import SavedView
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_VIEWS: Final[Table] = tables.Base.metadata.tables["saved_view"]
_COLUMNS: Final = tuple(_VIEWS.c[field.name] for field in fields(SavedView))
_KEY: Final = ("account_id", "page", "name")


class SavedViewRepository(UnitPart):
    """Views by account and page."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def of(self, account_id: str, page: str) -> list[SavedView]:
        """An account's views of a page, oldest first."""
        own = (_VIEWS.c.account_id == account_id, _VIEWS.c.page == page)
        rows = self._connection.execute(select(*_COLUMNS).where(*own).order_by(_VIEWS.c.number))
        return [SavedView(**row._mapping) for row in rows]

    def put(self, view: SavedView) -> SavedView:
        """Keep a view; one of the same name on the same page is replaced. The same with its number.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(view)
        del row["number"]
        check_row(row, kind="视图", id=view.name)
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(_VIEWS).values(row)
        statement = statement.on_conflict_do_update(index_elements=_KEY, set_={"query": view.query})
        (number,) = self._connection.execute(statement.returning(_VIEWS.c.number)).one()
        return SavedView(**row, number=int(number))

    def drop(self, account_id: str, number: int) -> SavedView | None:
        """Forget one of an account's views; what it was, ``None`` where there is none."""
        self._require_write()
        own = (_VIEWS.c.account_id == account_id, _VIEWS.c.number == number)
        row = self._connection.execute(delete(_VIEWS).where(*own).returning(*_COLUMNS)).one_or_none()
        return None if row is None else SavedView(**row._mapping)
