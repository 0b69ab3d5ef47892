"""The database: opens it, hands out transactions, keeps its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine

from recommender.domain.deadline import check_deadline
from recommender.domain.errors import Conflict, Unavailable
from recommender.domain.requests import present_attempt
from recommender.store import schema, sealing
from recommender.store.address import Address
from recommender.store.engine import check_postgresql, migrating, open_engine, reading, writing
from recommender.store.failures import explained
from recommender.store.keys import Keyring
from recommender.store.portable.dump import Dump
from recommender.store.portable.load import Load
from recommender.store.schema import SchemaState
from recommender.store.sealing import Sealing
from recommender.store.unit_of_work import UnitOfWork
from recommender.store.vault import WITHOUT_KEYS, Vault


class Database:
    """An SQLite file or a PostgreSQL database. Safe to share between threads, not between forked processes.

    A database in memory (``sqlite://``) is one connection and serves one thread.
    """

    def __init__(self, engine: Engine, address: Address, vault: Vault = WITHOUT_KEYS) -> None:
        self._engine = engine
        self._address = address
        self._vault = vault
        self._reading = reading(engine)
        self._writing = writing(engine)

    @classmethod
    def open(cls, url: str, *, vault: Vault = WITHOUT_KEYS) -> "Database":
        """Open ``sqlite:///path`` or ``postgresql+psycopg://user:password@host/name``.

        An SQLite file need not exist before :meth:`upgrade`.

        Args:
            vault: seals and opens contacts; without one none can be written, and sealed ones stay sealed.

        Raises:
            InvalidInput: the URL is malformed or of another kind.
            Unavailable: PostgreSQL cannot be reached or is not in UTF-8; SQLite is of an unsafe version.
        """
        address = Address.parse(url)
        engine = open_engine(address)
        if not address.is_sqlite:
            try:
                with explained(address):
                    check_postgresql(engine)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine, address, vault)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit that changes nothing and sees the data as they were at its first look.

        Raises:
            Unavailable: the database cannot be used; the sentence says what to do. Or the deadline of the work
                is over.
        """
        check_deadline()
        with explained(self._address), self._reading.begin() as connection:
            yield UnitOfWork(connection, writable=False, vault=self._vault)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit that is committed at the end and rolled back on any exception.

        Raises:
            Unavailable: the database cannot be used, or another writer held it for over five seconds.
            InvalidData: a constraint of the tables refuses the data.
            Conflict: the work belongs to a request with a key that another attempt has taken over.
        """
        check_deadline()
        attempt = present_attempt()
        with explained(self._address), self._writing.begin() as connection:
            unit = UnitOfWork(connection, writable=True, vault=self._vault)
            yield unit
            if attempt is not None:
                unit.requests.commit(attempt)
        if attempt is not None:
            attempt.has_committed = True

    @contextmanager
    def dump(self) -> Iterator[Dump]:
        """Everything as it is now, for a backup; others go on writing meanwhile.

        Raises:
            Unavailable: the database cannot be used, or its tables are not those of this program.
        """
        with explained(self._address), self._reading.begin() as connection:
            found = Dump(connection)
            if found.revision != schema.head_revision():
                raise Unavailable("store.not_initialised", place=self._address.label)
            yield found

    @contextmanager
    def load(self, revision: str) -> Iterator[Load]:
        """Take the content of a backup with tables of a revision; nothing changes unless the block ends well.

        An SQLite file and its folder are created where absent.

        Raises:
            Unavailable: the database cannot be created or changed, or is in use.
        """
        self._create_file()
        with explained(self._address), migrating(self._engine).begin() as connection:
            yield Load(connection, revision)

    @staticmethod
    def knows(revision: str) -> bool:
        """Whether this program knows a revision of the tables; of a newer program it does not."""
        return schema.knows(revision)

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def upgrade(self) -> None:
        """Create the tables or bring them up to date; an SQLite file and its folder are created where absent.

        The key file is created where there is none and nothing was sealed with a lost one, and contacts that an
        earlier version left in clear are sealed.

        Raises:
            Unavailable: the database cannot be created or changed, or was made by a newer program.
        """
        self._create_file()
        with explained(self._address):
            schema.upgrade(self._engine)
        self._prepare_keys()

    @property
    def vault(self) -> Vault:
        """What seals and opens contacts here."""
        return self._vault

    def reseal(self) -> Sealing:
        """Bring every contact under the present key, in one transaction.

        Raises:
            Unavailable: there are no keys.
        """
        with explained(self._address), self._writing.begin() as connection:
            return sealing.reseal(connection, self._vault)

    def compact(self) -> None:
        """Give back the space of what was deleted, so that nothing of it is left in the files.

        On SQLite the file is written anew; others wait meanwhile. On PostgreSQL the space is freed for new rows.

        Raises:
            Unavailable: somebody is in the way; the database is as it was.
        """
        with explained(self._address):
            connection = self._engine.raw_connection()
            try:
                _compact(connection.driver_connection, is_sqlite=self._address.is_sqlite)
            finally:
                connection.invalidate()
                connection.close()

    def holds_sealed(self) -> bool:
        """Whether any record holds a sealed contact."""
        with explained(self._address), self._reading.begin() as connection:
            return sealing.holds_sealed(connection)

    def schema_state(self) -> SchemaState:
        """Which revision the tables are at and which one is needed.

        Raises:
            Unavailable: the database cannot be read.
        """
        head = schema.head_revision()
        path = self._address.path
        if path is not None and not path.exists():
            return SchemaState(None, head)
        with explained(self._address), self._reading.begin() as connection:
            return SchemaState(schema.current_revision(connection), head)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def __repr__(self) -> str:
        return f"Database({self._address.label})"

    def _prepare_keys(self) -> None:
        file = self._vault.file
        if file is None:
            return
        if not file.exists and not self.holds_sealed():
            with suppress(Conflict):  # another process was faster
                file.create(Keyring.fresh())
        with explained(self._address), self._reading.begin() as connection:
            waiting = file.exists and sealing.holds_plain(connection)
        if waiting:
            self.reseal()

    def _create_file(self) -> None:
        path = self._address.path
        if path is None or path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # An empty file is an empty database. It will hold personal data, so it is the owner's alone.
            path.touch(mode=0o600)
        except OSError:
            raise Unavailable("store.cannot_open", place=self._address.label) from None


def _compact(connection: Any, *, is_sqlite: bool) -> None:
    """Outside of any transaction, which is why this goes past the engine's ways of beginning one."""
    if is_sqlite:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        connection.rollback()
        connection.autocommit = True
        connection.execute("VACUUM")
