"""Where the database is: a parsed URL that never shows its password."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from recommender.domain.errors import InvalidInput

MEMORY: Final = ":memory:"
_POSTGRESQL_SCHEMES: Final = frozenset({"postgresql", "postgresql+psycopg"})


@dataclass(frozen=True, slots=True)
class Address:
    """A database of either kind.

    Attributes:
        url: with driver and password; its ``repr`` masks the password.
        path: the SQLite file, absolute; ``None`` for a database in memory and for PostgreSQL.
        label: what messages show, without user and password.
    """

    url: URL
    path: Path | None
    label: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql+psycopg://user:password@host/name``.

        Raises:
            InvalidInput: the text is no URL, or names another kind of database.
        """
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            # The text may hold a password, so nothing of it is repeated.
            raise InvalidInput("store.url_malformed") from None
        if url.drivername in {"sqlite", "sqlite+pysqlite"}:
            return cls._sqlite(url)
        if url.drivername in _POSTGRESQL_SCHEMES:
            return cls._postgresql(url.set(drivername="postgresql+psycopg"))
        raise InvalidInput("store.url_unsupported", scheme=url.drivername)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, in a file or in memory."""
        return self.url.get_backend_name() == "sqlite"

    @classmethod
    def _sqlite(cls, url: URL) -> "Address":
        if url.host or url.query:
            raise InvalidInput("store.url_malformed")
        if url.database in {None, "", MEMORY}:
            return cls(url, None, MEMORY)
        path = Path(str(url.database)).absolute()
        return cls(url, path, str(path))

    @classmethod
    def _postgresql(cls, url: URL) -> "Address":
        if not url.database:
            raise InvalidInput("store.url_malformed")
        host = url.host or url.query.get("host") or "localhost"
        return cls(url, None, f"{host}:{url.port or 5432}/{url.database}")
