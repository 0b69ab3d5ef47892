"""The state of the tables, and the way from one state to the next."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from recommender.domain.errors import Unavailable
from recommender.store.engine import migrating

_SCRIPTS: Final = "recommender.store:migrations"
_UPGRADE_LOCK: Final = 5_181_025
"""Key of the PostgreSQL advisory lock that lets one process migrate at a time; any number would do."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Which revision the tables are at.

    Attributes:
        current: revision in the database, ``None`` where there are no tables yet.
        head: revision that this program needs.
    """

    current: str | None
    head: str

    @property
    def at_head(self) -> bool:
        """Whether the tables are what this program needs."""
        return self.current == self.head


@cache
def head_revision() -> str:
    """The newest revision of this program; it does not change while the program runs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def knows(revision: str) -> bool:
    """Whether this program has a revision of that name."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def current_revision(connection: Connection) -> str | None:
    """The revision of a database, ``None`` where it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, all of the way or not at all.

    Raises:
        Unavailable: the database was made by a newer program.
    """
    with migrating(engine).begin() as connection:
        upgrade_within(connection, revision)
        _check_foreign_keys(connection)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the tables back to a revision; what later ones added is lost."""
    with migrating(engine).begin() as connection:
        downgrade_within(connection, revision)
        _check_foreign_keys(connection)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """:func:`upgrade` as part of a transaction of :func:`recommender.store.engine.migrating`.

    Raises:
        Unavailable: the database was made by a newer program.
    """
    _lock(connection)
    try:
        command.upgrade(_config(connection), revision)
    except CommandError:
        raise Unavailable("store.schema_unknown", revision=current_revision(connection)) from None


def downgrade_within(connection: Connection, revision: str = "base") -> None:
    """:func:`downgrade` as part of a transaction of :func:`recommender.store.engine.migrating`.

    Raises:
        Unavailable: the database was made by a newer program.
    """
    _lock(connection)
    try:
        command.downgrade(_config(connection), revision)
    except CommandError:
        raise Unavailable("store.schema_unknown", revision=current_revision(connection)) from None


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")


def dangling(connection: Connection) -> tuple[str, str] | None:
    """A table with a row that points to nothing, and the table that it points into; PostgreSQL has none ever."""
    if connection.dialect.name != "sqlite":
        return None
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return None if broken is None else (broken[0], broken[2])


def _check_foreign_keys(connection: Connection) -> None:
    """SQLite migrates with foreign keys off; nothing may be committed that breaks one."""
    broken = dangling(connection)
    if broken is not None:
        raise RuntimeError(f"a migration left rows of {broken[0]} that point to nothing in {broken[1]}")
