"""Keeps a runner's claim to the night alive while it works."""

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

LEASE_NAME: Final = "nightly"
_RENEWALS_PER_TERM: Final = 4


class NightLease:
    """One runner's claim. Whoever lost it cannot write: every transaction asks first.

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
        self._keeper = threading.Thread(target=self._keep, name="night-lease", daemon=True)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit that is only committed while the claim holds.

        Raises:
            Conflict: another runner has taken over.
        """
        with self._database.write() as unit:
            unit.leases.require(self._lease, self._now())
            yield unit

    def _keep(self) -> None:
        while not self._stop.wait(self._term.total_seconds() / _RENEWALS_PER_TERM):
            try:
                with self._database.write() as unit:
                    unit.leases.renew(self._lease, self._now(), self._term)
            except MatchmakerError as error:
                # The next write of the night says so too, and stops it.
                _log.warning("the lease of the night was not renewed: %s", error)

    def __enter__(self) -> "NightLease":
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._keeper.join()
        with self._database.write() as unit:
            unit.leases.release(self._lease)


def acquire(database: Database, holder: str, *, now: Callable[[], datetime], term: timedelta) -> NightLease:
    """Claim the night.

    Raises:
        Conflict: another runner has it; names it and says until when.
    """
    with database.write() as unit:
        lease = unit.leases.acquire(LEASE_NAME, holder, now(), term)
    return NightLease(database, lease, now=now, term=term)
