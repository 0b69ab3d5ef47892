"""The time that a PostgreSQL server on this machine has computed."""

import os
from pathlib import Path
from typing import Final

from sqlalchemy import text

from recommender.store.address import Address
from recommender.store.engine import open_engine, reading

_PROCESSES: Final = Path("/proc")
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_NS_PER_S: Final = 1_000_000_000


class ServerClock:
    """Seconds of the processor that the server of a database has used, with all of its processes.

    What it does by itself meanwhile, such as cleaning up, is among them. Always 0 for SQLite, which computes in
    the process that asks.
    """

    def __init__(self, url: str) -> None:
        """Find the server.

        Raises:
            SystemExit: it runs on another machine, or this one does not tell.
        """
        address = Address.parse(url)
        self._server = 0 if address.is_sqlite else _server_of(address)

    def seconds(self) -> float:
        """So far."""
        if not self._server:
            return 0.0
        living = sum(_of_process(folder) for folder in _PROCESSES.iterdir() if self._is_part(folder))
        # Those that ended are kept in whole ticks.
        ended = sum(int(_fields(_PROCESSES / str(self._server))[place]) for place in (13, 14))
        return living + ended / _TICKS_PER_S

    def _is_part(self, folder: Path) -> bool:
        if not folder.name.isdecimal():
            return False
        try:
            return self._server in (int(folder.name), int(_fields(folder)[1]))
        except (FileNotFoundError, ProcessLookupError):
            return False


def _server_of(address: Address) -> int:
    engine = open_engine(address)
    with reading(engine).begin() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        try:
            found = int(_fields(_PROCESSES / str(backend))[1])
        except FileNotFoundError:
            raise SystemExit("the server's processes are not to be seen on this machine") from None
    engine.dispose()
    return found


def _fields(folder: Path) -> list[str]:
    """What the system says of a process, from its state on; its name may hold anything."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _of_process(folder: Path) -> float:
    try:
        return int((folder / "schedstat").read_text().split()[0]) / _NS_PER_S
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
