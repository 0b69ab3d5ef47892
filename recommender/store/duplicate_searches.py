"""Searches for duplicates: kept, and never two at once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.duplicate_searches import DuplicateSearch, Found
from recommender.domain.jobs import JobFault
from recommender.domain.kinds import EntityKind
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_SEARCHES: Final[Table] = tables.Base.metadata.tables["duplicate_search"]
_TAKEN: Final = 1


class DuplicateSearchRepository(UnitPart):
    """Searches by id."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, search: DuplicateSearch) -> bool:
        """Add a search; whether it was added. One that is under way is not where another one is.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(_SEARCHES).values(_row(search)).on_conflict_do_nothing(index_elements=["slot"])
        return self._connection.execute(statement.returning(_SEARCHES.c.number)).one_or_none() is not None

    def put(self, search: DuplicateSearch) -> None:
        """Put a search in the place of the one of that id.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        self._connection.execute(update(_SEARCHES).where(_SEARCHES.c.id == search.id).values(**_row(search)))

    def get(self, search_id: str) -> DuplicateSearch | None:
        """One search; in a unit that writes it stays locked until the end."""
        return self._one(_SEARCHES.c.id == search_id)

    def under_way(self) -> DuplicateSearch | None:
        """The one that waits or is worked on, if any; in a unit that writes it stays locked until the end."""
        return self._one(_SEARCHES.c.slot == _TAKEN)

    def newest(self, limit: int) -> list[DuplicateSearch]:
        """The last searches, newest first."""
        statement = select(_SEARCHES).order_by(_SEARCHES.c.number.desc()).limit(limit)
        return [_search(row) for row in self._connection.execute(statement)]

    def keep(self, n: int) -> None:
        """Forget all but the last ``n``."""
        self._require_write()
        last = select(_SEARCHES.c.number).order_by(_SEARCHES.c.number.desc()).limit(n)
        self._connection.execute(delete(_SEARCHES).where(_SEARCHES.c.number.not_in(last)))

    def _one(self, condition: Any) -> DuplicateSearch | None:
        statement = select(_SEARCHES).where(condition)
        if self._writable:
            statement = statement.with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _search(row)


def _row(search: DuplicateSearch) -> dict[str, Any]:
    row = asdict(search)
    found = [{**item, "at": item["at"].isoformat()} for item in row["found"]]
    row |= {"found": found, "slot": _TAKEN if search.is_under_way else None}
    check_row(row, kind="重复的比较", id=search.id)
    return row


def _search(row: Row[Any]) -> DuplicateSearch:
    values = {name: value for name, value in row._mapping.items() if name not in {"number", "slot"}}
    found, fault = values.pop("found"), values.pop("fault")
    return DuplicateSearch(
        **values,
        found=tuple(map(_found, found)),
        fault=None if fault is None else JobFault(**fault),
    )


def _found(stored: dict[str, Any]) -> Found:
    kind, at = EntityKind(stored["kind"]), datetime.fromisoformat(stored["at"])
    return Found(**{**stored, "kind": kind, "at": at})
