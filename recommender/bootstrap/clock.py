"""The clocks of the whole program."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Current time, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Current date where the server stands."""
    return datetime.now(UTC).astimezone().date()
