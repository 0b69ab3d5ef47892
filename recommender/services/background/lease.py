"""Keeps a claim to work alone alive while its holder works."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from recommender.domain.errors import MatchmakerError
from recommender.domain.runs import Lease
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_log = logging.getLogger(__name__)

_RENEWALS_PER_TERM: Final = 4


class HeldLease:
    """One holder's claim, given back at the end of a ``with``. Whoever lost it cannot write.

    Args:
        database: where the claim is.
        lease: as it was given.
        now: current time.
        term: how long a sign of life holds.
    """

    def __init__(self, database: Database, lease: Lease, *, now: Callable[[], datetime], term: timedelta) -> None:
        self._database = database
        self._lease = lease
        self._now = now
        self._term = term
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=f"{lease.name}-lease", daemon=True)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit that is only committed while nobody else has the claim; it is a sign of life as well.

        Raises:
            Conflict: somebody else has taken over.
        """
        with self._database.write() as unit:
            # Not merely asked for: while others write much, SQLite lets no sign of life through in time.
            unit.leases.renew(self._lease, self._now(), self._term)
            yield unit

    def _keep(self) -> None:
        while not self._stop.wait(self._term.total_seconds() / _RENEWALS_PER_TERM):
            try:
                with self._database.write() as unit:
                    unit.leases.renew(self._lease, self._now(), self._term)
            except MatchmakerError as error:
                # The next write of the holder says so too, and stops it.
                _log.warning("the lease %s was not renewed: %s", self._lease.name, error)

    def __enter__(self) -> "HeldLease":
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._keeper.join()
        try:
            with self._database.write() as unit:
                unit.leases.release(self._lease)
        except MatchmakerError as error:
            # It ends by itself, and what was done is done.
            _log.warning("the lease %s was not given back: %s", self._lease.name, error)


def acquire(
    database: Database, name: str, holder: str, *, now: Callable[[], datetime], term: timedelta
) -> HeldLease:
    """Claim to work alone.

    Raises:
        Conflict: somebody else has the claim; names them and says until when.
    """
    with database.write() as unit:
        lease = unit.leases.acquire(name, holder, now(), term)
    return HeldLease(database, lease, now=now, term=term)
