"""The clock of services that are not given another."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Current time, UTC."""
    return datetime.now(UTC)
