"""Turns what a database driver says into errors of the product.

Driver texts may quote whole rows (PostgreSQL's ``DETAIL``), so they are neither shown nor chained.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import exc

from recommender.domain.errors import InvalidData, MatchmakerError, Unavailable
from recommender.store.address import Address

_SQLITE: Final[dict[str, str]] = {
    "SQLITE_BUSY": "store.busy",
    "SQLITE_LOCKED": "store.busy",
    "SQLITE_CANTOPEN": "store.cannot_open",
    "SQLITE_PERM": "store.not_writable",
    "SQLITE_READONLY": "store.not_writable",
    "SQLITE_NOTADB": "store.not_a_database",
    "SQLITE_CORRUPT": "store.damaged",
    "SQLITE_FULL": "store.full",
    "SQLITE_IOERR": "store.disk",
}
_POSTGRESQL: Final[dict[str, str]] = {
    "42P01": "store.not_initialised",  # undefined table
    "42703": "store.not_initialised",  # undefined column
    "55P03": "store.busy",  # lock not available
    "40P01": "store.busy",  # deadlock
    "40001": "store.busy",  # serialisation failure
    "42501": "store.not_permitted",  # insufficient privilege
    "25006": "store.not_permitted",  # read-only transaction: a standby server
    "53100": "store.full",  # disk full
    "XX001": "store.damaged",
    "XX002": "store.damaged",
}


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Raise errors of the product in place of the driver's.

    Raises:
        Unavailable: the database cannot be reached, opened, read or written, or has no tables yet.
        InvalidData: a constraint of the tables refuses the data.
    """
    try:
        yield
    except exc.TimeoutError:
        raise Unavailable("store.busy", place=address.label) from None
    except exc.DBAPIError as error:
        known = _explain(error, address)
        if known is None:
            raise
        raise known from None


def _explain(error: exc.DBAPIError, address: Address) -> MatchmakerError | None:
    if isinstance(error, exc.IntegrityError | exc.DataError):
        return InvalidData("store.rejected", constraint=_constraint(error))
    if address.is_sqlite:
        return _explain_sqlite(error, address)
    return _explain_postgresql(error, address)


def _explain_sqlite(error: exc.DBAPIError, address: Address) -> MatchmakerError | None:
    name = getattr(error.orig, "sqlite_errorname", "")
    if name == "SQLITE_CANTOPEN" and address.path is not None and not address.path.exists():
        return Unavailable("store.missing", place=address.label)
    if name == "SQLITE_ERROR" and "no such" in str(error.orig):
        return Unavailable("store.not_initialised", place=address.label)
    # Extended names carry a suffix: SQLITE_READONLY_DIRECTORY, SQLITE_IOERR_WRITE.
    code = _SQLITE.get("_".join(name.split("_")[:2]))
    return Unavailable(code, place=address.label) if code else None


def _explain_postgresql(error: exc.DBAPIError, address: Address) -> MatchmakerError | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return Unavailable(_POSTGRESQL[state], place=address.label)
    # Failures to connect carry no state; 08 and 57P are broken connections and a server that shuts down.
    lost = state is None or state.startswith(("08", "57P")) or error.connection_invalidated
    if isinstance(error, exc.OperationalError) and lost:
        return Unavailable("store.unreachable", place=address.label, reason=_reason(error, address))
    return None


def _reason(error: exc.DBAPIError, address: Address) -> str:
    """The driver's last line, which tells a refused password from a closed port."""
    lines = str(error.orig).strip().splitlines() or ["--"]
    reason = lines[-1].rpartition("FATAL:")[2].strip()
    return reason.replace(address.url.password, "***") if address.url.password else reason


def _constraint(error: exc.DBAPIError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or diagnosis.column_name or diagnosis.sqlstate or "--"
    # SQLite: "CHECK constraint failed: ck_need_target_trl_range"; names of tables and columns, no values.
    return str(error.orig).rpartition(": ")[2]
