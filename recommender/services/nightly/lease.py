"""The claim to the night: one runner at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from recommender.services.background import lease
from recommender.services.background.lease import HeldLease
from recommender.store.database import Database

LEASE_NAME: Final = "nightly"
NightLease = HeldLease


def acquire(database: Database, holder: str, *, now: Callable[[], datetime], term: timedelta) -> NightLease:
    """Claim the night.

    Raises:
        Conflict: another runner has it; names it and says until when.
    """
    return lease.acquire(database, LEASE_NAME, holder, now=now, term=term)
