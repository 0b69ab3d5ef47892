"""A browser's session: from signing in until it is ended, idle for too long, or old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MAX_USER_AGENT: Final = 200
"""Characters; enough to recognise one's own browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """How long sessions last.

    Attributes:
        idle: without a request.
        absolute: since signing in, whatever happens.
        rotation: how old a cookie may be before the next request gets another one.
        grace: how long the former cookie is still good, for requests that were on their way.
        touch: how exactly the last request is remembered; reading writes no more often than this.
    """

    idle: timedelta
    absolute: timedelta
    rotation: timedelta
    grace: timedelta = timedelta(seconds=60)
    touch: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session as its owner sees it.

    Attributes:
        seen_at: of a recent request, to the minute.
        rotated_at: when its present cookie was made.
        user_agent: what the browser calls itself, cut short.
    """

    id: str
    account_id: str
    created_at: datetime
    seen_at: datetime
    rotated_at: datetime
    expires_at: datetime
    user_agent: str

    def is_over(self, now: datetime, policy: SessionPolicy) -> bool:
        """Whether its time has run out."""
        return now >= self.expires_at or now >= self.seen_at + policy.idle

    def wants_touch(self, now: datetime, policy: SessionPolicy) -> bool:
        """Whether the last request is remembered too roughly."""
        return now >= self.seen_at + policy.touch

    def wants_rotation(self, now: datetime, policy: SessionPolicy) -> bool:
        """Whether its cookie is due to be replaced."""
        return now >= self.rotated_at + policy.rotation
