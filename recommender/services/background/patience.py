"""Writing something down although somebody else writes much at the moment."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from recommender.domain.errors import Unavailable

T = TypeVar("T")

_RETRY_SECONDS: Final = 0.5
_MAX_SECONDS: Final = 300.0


def patiently(write: Callable[[], T], *, is_stopping: Callable[[], bool]) -> T:
    """Do a short transaction, again and again while the database is busy; what it came to.

    Raises:
        Unavailable: it has been busy for five minutes, or the process is told to end.
    """
    ends_at = time.monotonic() + _MAX_SECONDS
    while True:
        try:
            return write()
        except Unavailable:
            if is_stopping() or time.monotonic() > ends_at:
                raise
            time.sleep(_RETRY_SECONDS)
