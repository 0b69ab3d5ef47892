"""Steps that stand are asked for so that PostgreSQL expects them."""

from sqlalchemy import select

from recommender.store import Database
from recommender.store.standing import STANDS, STEPS, joined_undoing

from .postgres import Cluster


def test_postgresql_sees_that_steps_without_an_undoing_are_wanted(cluster: Cluster, template: str) -> None:
    """An outer join with a filter behind it is expected to leave one row, whatever is in the table."""
    database = Database.open(cluster.url(cluster.create_database(template=template)))
    with database.read() as unit:
        connection = unit.timeline._connection
        asked = select(STEPS.c.number).select_from(joined_undoing()).where(STANDS)
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked.compile(connection)}").scalars())
    database.close()
    assert "Anti Join" in plan
