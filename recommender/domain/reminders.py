"""What is due, and what is overdue."""

from dataclasses import dataclass
from datetime import datetime

from recommender.domain.cases import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """That something is expected of a need or a match.

    Attributes:
        number: ascending, never used twice.
        officer: of the match, ``""`` for nobody and for needs.
        due_at, due: until when, and what (zh-CN).
        overdue: whether that time is over; before it, one reminder is given as well.
        at: when it was given.
    """

    number: int
    subject: Subject
    subject_id: str
    officer: str
    due_at: datetime
    due: str
    overdue: bool
    at: datetime
