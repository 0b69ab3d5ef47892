"""Which column of a source is which field, as someone once said it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from recommender.store import tables
from recommender.store.part import UnitPart

_MAPPINGS: Final[Table] = tables.Base.metadata.tables["import_mapping"]


class ColumnMappingRepository(UnitPart):
    """Remembered mappings by kind of file and source; a source is known by its headers."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def of_kind(self, kind: str) -> dict[str, dict[str, str]]:
        """All mappings of a kind of file: by source, from header to field."""
        statement = select(_MAPPINGS.c.source, _MAPPINGS.c.columns).where(_MAPPINGS.c.kind == kind)
        rows = self._connection.execute(statement.order_by(_MAPPINGS.c.source))
        return {source: dict(columns) for source, columns in rows}

    def remember(
        self,
        kind: str,
        source: str,
        columns: Mapping[str, str],
        *,
        headers: Sequence[str],
        at: datetime,
        actor: str,
    ) -> None:
        """Keep a mapping in place of an earlier one of the same source."""
        self.forget(kind, source)
        row: dict[str, Any] = {
            "kind": kind,
            "source": source,
            "columns": dict(columns),
            "headers": tuple(headers),
            "at": at,
            "actor": actor,
        }
        self._connection.execute(insert(_MAPPINGS), row)

    def forget(self, kind: str, source: str) -> bool:
        """Drop a mapping; whether there was one."""
        self._require_write()
        statement = delete(_MAPPINGS).where(_MAPPINGS.c.kind == kind, _MAPPINGS.c.source == source)
        return self._connection.execute(statement).rowcount > 0
