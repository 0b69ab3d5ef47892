"""How long somebody has to wait who keeps giving wrong passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """What is remembered of failed attempts for one name or from one address."""

    failures: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottlePolicy:
    """Exponential pauses.

    Attributes:
        free: failures without a pause.
        first: the first pause; each further failure doubles it.
        longest: no pause is longer.
        memory: after so long without an attempt everything is forgotten.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta

    def pause_after(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        over = failures - self.free
        if over <= 0:
            return timedelta(0)
        # Beyond this power the pause is the longest anyway, and the product would overflow.
        return min(self.first * (1 << min(over - 1, 30)), self.longest)

    def wait(self, attempts: Attempts | None, now: datetime) -> timedelta:
        """How much longer to wait; zero where an attempt is admitted."""
        if attempts is None:
            return timedelta(0)
        return max(attempts.last_at + self.pause_after(attempts.failures) - now, timedelta(0))

    def counted(self, attempts: Attempts | None, now: datetime) -> Attempts:
        """The memory after one more attempt."""
        forgotten = attempts is None or now >= attempts.last_at + self.memory
        before = 0 if forgotten or attempts is None else attempts.failures
        return Attempts(failures=before + 1, last_at=now)


BY_NAME: Final = ThrottlePolicy(
    free=5, first=timedelta(seconds=2), longest=timedelta(minutes=15), memory=timedelta(hours=24)
)
BY_ADDRESS: Final = ThrottlePolicy(
    free=50, first=timedelta(seconds=2), longest=timedelta(minutes=15), memory=timedelta(hours=1)
)
"""More generous: a whole office may stand behind one address."""
