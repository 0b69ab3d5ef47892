"""Days and moments in requests: written as the documentation says, and no other way.

Pydantic also takes a number, for seconds since 1970: a slip of a program would become a day long ago.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*", re.ASCII)


def _day(value: Any) -> Any:
    if value is None or isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "a day is written as 2026-01-31")


def _moment(value: Any) -> Any:
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise PydanticCustomError("datetime_parsing", "a moment is written as 2026-01-31T08:00:00Z")


Day = Annotated[date, BeforeValidator(_day)]
"""``2026-01-31``."""

Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""``2026-01-31T08:00:00Z``, with its time zone."""
