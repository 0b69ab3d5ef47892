"""The rows of the library as they lie in the tables, to compare a whole database before and after."""

from typing import Any

from sqlalchemy import select

from recommender.store.address import Address
from recommender.store.engine import open_engine, reading, writing
from recommender.store.tables import Base

LIBRARY = (
    "enterprise",
    "enterprise_fact",
    "need",
    "expert",
    "platform",
    "achievement",
    "achievement_author",
    "achievement_platform",
)


def library_rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every entity and link table, with versions and times, in the order of the keys."""
    engine = open_engine(Address.parse(url))
    found = {}
    with reading(engine).begin() as connection:
        for name in LIBRARY:
            table = Base.metadata.tables[name]
            rows = connection.execute(select(table).order_by(*table.primary_key.columns))
            found[name] = [dict(row._mapping) for row in rows]
    engine.dispose()
    return found


def n_rows(url: str, table: str) -> int:
    """How many rows a table has."""
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        n = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
    engine.dispose()
    return int(n)


def empty(url: str) -> None:
    """Delete every row but the revision of the tables."""
    engine = open_engine(Address.parse(url))
    with writing(engine).begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
