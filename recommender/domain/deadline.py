"""Until when the work at hand is of use: set where a request comes in, looked at before work is begun."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from recommender.domain.errors import Unavailable

TOO_LATE: Final = "request.deadline"
"""Code of the error."""

_ends_at: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)


@contextmanager
def deadline(ends_at: float | None) -> Iterator[None]:
    """Give what is done inside, in threads too, until a moment of ``time.monotonic``; ``None`` is no deadline."""
    token = _ends_at.set(ends_at)
    try:
        yield
    finally:
        _ends_at.reset(token)


def remaining_s() -> float | None:
    """Seconds left, negative where it is too late; ``None`` where there is no deadline."""
    ends_at = _ends_at.get()
    return None if ends_at is None else ends_at - time.monotonic()


def check_deadline() -> None:
    """Stop before work that nobody waits for any more; transactions and rankings begin with this.

    Raises:
        Unavailable: it is too late.
    """
    remaining = remaining_s()
    if remaining is not None and remaining <= 0:
        raise Unavailable(TOO_LATE)
