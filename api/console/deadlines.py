"""How long something waits, and until when, in words."""

from dataclasses import dataclass
from datetime import datetime

from api.console.messages import cases as zh
from recommender.domain.cases import Case
from recommender.review.cases import CASES


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something is expected.

    Attributes:
        text: in days from today.
        tone: of its chip: ``bad`` once it is over, ``warn`` on the last two days, ``""`` before.
    """

    text: str
    tone: str

    @classmethod
    def of(cls, due_at: datetime | None, now: datetime, *, is_ours: bool = True) -> "Deadline | None":
        """By local days; ``None`` where nothing is expected.

        Args:
            is_ours: whether the reader is to act; what others are late with is said without alarm.
        """
        if due_at is None:
            return None
        n_days = (due_at.astimezone().date() - now.astimezone().date()).days
        if due_at <= now and not is_ours:
            return cls(zh.DAYS_OVER_ELSEWHERE.format(n=-n_days) if n_days else zh.JUST_OVER, "")
        if due_at <= now:
            return cls(zh.DAYS_OVER.format(n=-n_days) if n_days else zh.JUST_OVER, "bad")
        return cls(
            zh.DAYS_LEFT.format(n=n_days) if n_days else zh.TODAY, "warn" if is_ours and n_days <= 1 else ""
        )


def waited(case: Case, now: datetime) -> str:
    """Since how many days a match stands where it stands; ``""`` where nobody waits."""
    since = CASES.entered(case.state, case.due_at)
    if since is None:
        return ""
    n_days = (now.astimezone().date() - since.astimezone().date()).days
    return zh.WAITED.format(n=n_days) if n_days > 0 else zh.WAITED_TODAY
