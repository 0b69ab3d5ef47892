"""Use-cases that write, tried again while the database is busy."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from recommender.domain.errors import Unavailable
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

T = TypeVar("T")

PATIENCE_S: Final = 15.0
"""How long one use-case is tried again, in seconds."""

_FIRST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.5
_BUSY: Final = "store.busy"


class Transactions:
    """Runs one use-case in one transaction.

    Somebody else's lock, a deadlock or a full pool passes by itself, so the use-case is begun anew from nothing:
    what was rolled back has had no effect. Its errors pass through at once.
    """

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        self._database = database
        self._patience_s = patience_s

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """What ``work`` returns, once it is committed.

        Raises:
            Unavailable: the database cannot be used, or was busy for too long.
        """
        deadline = time.monotonic() + self._patience_s
        pause = _FIRST_PAUSE_S
        while True:
            try:
                with self._database.write() as unit:
                    return work(unit)
            except Unavailable as error:
                if error.code != _BUSY or time.monotonic() + pause > deadline:
                    raise
            # Not all at the same moment again.
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE_S)
