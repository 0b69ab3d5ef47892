"""Objections: somebody asks that a person looks again at what was suggested, decided, or kept about people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

MAX_OBJECTION_CHARS: Final = 2000
MIN_OBJECTION_CHARS: Final = 10
MAX_ANSWER_CHARS: Final = 2000
MAX_ABOUT_CHARS: Final = 200

_SATURDAY: Final = 5


class ObjectionSubject(StrEnum):
    """What an objection is about."""

    SUGGESTION = "自动推荐"
    DECISION = "审核决定"
    PERSONAL_DATA = "个人信息"
    OTHER = "其他"


class ObjectionState(StrEnum):
    """How far an objection is."""

    OPEN = "待处理"
    IN_REVIEW = "复核中"
    ANSWERED = "已答复"
    WITHDRAWN = "已撤回"


OPEN_OBJECTION_STATES: Final = frozenset({ObjectionState.OPEN, ObjectionState.IN_REVIEW})
"""Objections on whose answer somebody waits."""


class ObjectionOutcome(StrEnum):
    """What came of the second look."""

    ACCEPTED = "采纳"
    PARTLY = "部分采纳"
    REJECTED = "维持原结果"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDraft:
    """What somebody says who objects.

    Attributes:
        about: id of the need or match it is about, ``""`` where it is about none in particular.
        text: what is wrong, and what is wished for instead.
    """

    subject: ObjectionSubject
    about: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One objection, as its author and administrators see it.

    Attributes:
        id: such as ``YY-20261128-1a2b3c4d``.
        account_id: who objects.
        due_on: day by the end of which it is to be answered; the operator's own term.
        outcome: ``None`` until it is answered.
        handled_by: who took it on or answered it, ``""`` before.
        closed_at: when it was answered or withdrawn, UTC.
        version: counts the changes, from 1.
    """

    id: str
    account_id: str
    subject: ObjectionSubject
    about: str
    text: str
    state: ObjectionState
    at: datetime
    due_on: date
    outcome: ObjectionOutcome | None = None
    answer: str = ""
    handled_by: str = ""
    closed_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for an answer."""
        return self.state in OPEN_OBJECTION_STATES

    def is_overdue(self, today: date) -> bool:
        """Whether the answer is late."""
        return self.is_open and today > self.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFilter:
    """Which objections a list shows; empty means all.

    Attributes:
        account_id: of whom; ``""`` for everybody's.
        open_only: only those on whose answer somebody waits.
        overdue_on: only open ones whose term ended before that day.
    """

    account_id: str = ""
    open_only: bool = False
    state: ObjectionState | None = None
    subject: ObjectionSubject | None = None
    overdue_on: date | None = None


def working_days_after(start: date, n: int) -> date:
    """The day ``n`` working days after another; Monday to Friday, public holidays are not known here.

    >>> working_days_after(date(2026, 11, 27), 1), working_days_after(date(2026, 11, 28), 15)
    (datetime.date(2026, 11, 30), datetime.date(2026, 12, 18))
    """
    day = start
    while n > 0:
        day += timedelta(days=1)
        n -= day.weekday() < _SATURDAY
    return day
