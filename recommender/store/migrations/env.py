"""Runs the revisions inside the transaction that :mod:`recommender.store.schema` opened."""

from alembic import context
from sqlalchemy import Connection

from recommender.store.tables import Base


def run(connection: Connection) -> None:
    """Run what the command asked for; the caller commits."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
