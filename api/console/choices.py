"""What stands in the address of a list: values of vocabularies and days, read or refused with a sentence."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from recommender.domain.errors import InvalidInput

V = TypeVar("V", bound=StrEnum)
_MAX_ECHO = 50


def chosen(text: str, vocabulary: type[V], *, label: str) -> V | None:
    """One value of a vocabulary, ``None`` where nothing was chosen.

    Raises:
        InvalidInput: it is none of them.
    """
    if not text:
        return None
    if text not in set(vocabulary):
        raise InvalidInput("form.choice", label=label, text=text[:_MAX_ECHO], known="、".join(vocabulary))
    return vocabulary(text)


def day_of(text: str, *, label: str) -> date | None:
    """A day, ``None`` where nothing was written.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("form.day", label=label, text=text[:_MAX_ECHO]) from None


def period(since: str, until: str, *, labels: tuple[str, str]) -> tuple[datetime | None, datetime | None]:
    """From the beginning of one day to the end of another, where the server stands; ``None`` for an open end.

    Raises:
        InvalidInput: one of them is no day.
    """
    first, last = (day_of(text, label=label) for text, label in zip((since, until), labels, strict=True))
    try:
        after = None if last is None else _midnight(last + timedelta(days=1))
        return (None if first is None else _midnight(first)), after
    except OverflowError:
        raise InvalidInput("form.day", label=labels[1], text=until[:_MAX_ECHO]) from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
