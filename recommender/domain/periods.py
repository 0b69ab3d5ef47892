"""Periods that figures are read for, and what each is compared with."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """Which days a period takes in."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


PERIOD_LABELS: dict[PeriodKind, str] = {
    PeriodKind.MONTH: "本月",
    PeriodKind.QUARTER: "本季度",
    PeriodKind.YEAR: "本年",
    PeriodKind.CUSTOM: "自选",
}

_MONTHS: dict[PeriodKind, int] = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from ``since`` until before ``until``."""

    kind: PeriodKind
    since: date
    until: date

    @classmethod
    def present(cls, kind: PeriodKind, today: date) -> "Period":
        """The month, quarter or year in which a day lies, from its beginning until the end of that day.

        >>> Period.present(PeriodKind.QUARTER, date(2026, 11, 28)).since
        datetime.date(2026, 10, 1)
        """
        n = _MONTHS[kind]
        return cls(kind, date(today.year, (today.month - 1) // n * n + 1, 1), today + _DAY)

    @property
    def n_days(self) -> int:
        """How many days it takes in."""
        return (self.until - self.since).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - _DAY

    @property
    def before(self) -> "Period":
        """What it is compared with: as many days from the beginning of the period before, or just before it.

        >>> Period.present(PeriodKind.MONTH, date(2026, 11, 28)).before.until
        datetime.date(2026, 10, 29)
        """
        n = _MONTHS.get(self.kind)
        if n is None:
            return Period(self.kind, self.since - timedelta(days=self.n_days), self.since)
        months = self.since.year * 12 + self.since.month - 1 - n
        since = date(months // 12, months % 12 + 1, 1)
        return Period(self.kind, since, min(since + timedelta(days=self.n_days), self.since))
