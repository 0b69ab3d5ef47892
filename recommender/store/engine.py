"""Engines whose transactions mean the same on both databases.

A unit that reads sees one snapshot; a unit that writes never overwrites what it has not seen. SQLAlchemy's
defaults promise neither on SQLite, so transactions are begun here.
"""

from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from recommender.domain.errors import Unavailable
from recommender.store.address import Address
from recommender.store.values import from_json, to_json

BUSY_TIMEOUT_MS: Final = 5000
"""How long a writer waits for another one, on both databases."""

CONNECT_TIMEOUT_S: Final = 5

_SAFE_SQLITE: Final = (3, 51, 3)
"""3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write and checkpoint at once."""

_MODE: Final = "store_mode"
_READ: Final = "read"
_WRITE: Final = "write"
_MIGRATE: Final = "migrate"


def open_engine(address: Address) -> Engine:
    """An engine for the address; connects to nothing yet.

    Raises:
        Unavailable: the only SQLite at hand is unsafe.
    """
    return _sqlite_engine(address) if address.is_sqlite else _postgresql_engine(address)


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that see one snapshot and change nothing."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_MODE: _READ})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that change data.

    SQLite admits one at a time (``BEGIN IMMEDIATE``). PostgreSQL admits many: each locks the rows it reads
    by id, so ``READ COMMITTED`` loses no update and raises no serialisation error that callers would retry.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_MODE: _WRITE})
    return engine.execution_options(isolation_level="READ COMMITTED")


def migrating(engine: Engine) -> Engine:
    """The same engine for schema changes.

    SQLite changes a table by building it anew and dropping the old one, which with foreign keys in force
    would delete the rows that point to it. They are off for such a transaction; the caller checks them.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_MODE: _MIGRATE})
    return writing(engine)


def sqlite_module() -> ModuleType:
    """The SQLite driver: the one that brings its own library where installed, else Python's.

    Raises:
        Unavailable: its library is one of those that can corrupt a database in WAL mode.
    """
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        import sqlite3 as module
    return checked_sqlite(module)


def checked_sqlite(module: ModuleType) -> ModuleType:
    """The module itself, unless its library is unsafe.

    Raises:
        Unavailable: names the version.
    """
    if module.sqlite_version_info < _SAFE_SQLITE:
        minimum = ".".join(map(str, _SAFE_SQLITE))
        raise Unavailable("store.sqlite_version", version=module.sqlite_version, minimum=minimum)
    return module


def _sqlite_engine(address: Address) -> Engine:
    module = sqlite_module()
    # mode=rw: connecting never creates the file; a wrong path is an error, not an empty database.
    source = ":memory:" if address.path is None else f"{address.path.as_uri()}?mode=rw"

    def connect() -> Any:
        return module.connect(
            source,
            uri=address.path is not None,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_MS / 1000,
            check_same_thread=False,
        )

    engine = create_engine(
        "sqlite://",
        module=module,
        creator=connect,
        poolclass=StaticPool if address.path is None else QueuePool,
        hide_parameters=True,
        json_serializer=to_json,
        json_deserializer=from_json,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        _prepare_sqlite(connection, address)

    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, address: Address) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    if address.path is not None:
        (journal_mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        if journal_mode != "wal":
            raise Unavailable("store.sqlite_wal", place=address.label, mode=journal_mode)
    # FULL: a commit survives a power cut. Decisions, withdrawn consent and the audit trail must not vanish,
    # and commits are few, so NORMAL would save nothing that anyone notices.
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE, _READ)
    # The switch for foreign keys works outside transactions only, hence here.
    connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if mode == _MIGRATE else 'ON'}")
    connection.exec_driver_sql("BEGIN" if mode == _READ else "BEGIN IMMEDIATE")


def _postgresql_engine(address: Address) -> Engine:
    engine = create_engine(
        address.url,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=to_json,
        # The encoding is named so that text comes back as text even from a database that check refuses.
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "client_encoding": "utf8"},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"SET lock_timeout TO {BUSY_TIMEOUT_MS}")
        # A plan made while a table was empty would be kept while an import fills it: every look-up of ids
        # would read all rows and compare each with all ids.
        connection.execute("SET plan_cache_mode TO force_custom_plan")
        connection.commit()

    return engine


def check_postgresql(engine: Engine) -> None:
    """Refuse a database that cannot hold Chinese text or does not know its characters.

    Raises:
        Unavailable: the encoding is not UTF8, or the character type is not a UTF-8 locale.
    """
    with reading(engine).begin() as connection:
        encoding, locale = connection.exec_driver_sql(
            "SELECT pg_encoding_to_char(encoding), coalesce(to_jsonb(d)->>'datlocale', datctype) "
            "FROM pg_database d WHERE datname = current_database()"
        ).one()
        provider = connection.exec_driver_sql(
            "SELECT coalesce(to_jsonb(d)->>'datlocprovider', 'c') FROM pg_database d "
            "WHERE datname = current_database()"
        ).scalar_one()
    if encoding != "UTF8":
        raise Unavailable("store.encoding", encoding=encoding)
    # ICU ('i') works on Unicode whatever the locale is called.
    if provider != "i" and not locale.lower().replace("-", "").endswith("utf8"):
        raise Unavailable("store.locale", locale=locale)
