"""What is asked of the cockpit, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from api.console.messages import cockpit as zh
from recommender.domain.cockpit import CockpitScope
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.periods import Period, PeriodKind

_DAY: Final = timedelta(days=1)


class View(StrEnum):
    """Parts of the cockpit."""

    PROGRESS = "progress"
    SUPPLY = "supply"
    EXPOSURE = "exposure"
    GOALS = "goals"
    ALL = "all"
    """All of them on one page, to be printed."""

    @property
    def has_period(self) -> bool:
        """Whether it tells of a period, not of how things are now."""
        return self in {View.PROGRESS, View.ALL}


@dataclass(frozen=True, slots=True)
class Question:
    """A view of a scope; ``fault`` says what could not be read, the usual is shown in its place."""

    view: View
    scope: CockpitScope
    fault: MatchmakerError | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> "Question":
        """Read an address; what it does not say is this quarter of everything."""
        view = asked.get("view", "")
        fault = None
        try:
            period = _period(asked, today)
        except InvalidInput as error:
            period, fault = Period.present(PeriodKind.QUARTER, today), error
        scope = CockpitScope(
            period=period, town=asked.get("town", "").strip(), industry_chain=asked.get("chain", "").strip()
        )
        return cls(View(view) if view in set(View) else View.PROGRESS, scope, fault)

    def address(self) -> dict[str, str]:
        """The query that asks the same, but for the view."""
        period = self.scope.period
        found = {"period": period.kind.value}
        if period.kind is PeriodKind.CUSTOM:
            found |= {"since": period.since.isoformat(), "until": period.last.isoformat()}
        return found | {"town": self.scope.town, "chain": self.scope.industry_chain}


def _period(asked: Mapping[str, str], today: date) -> Period:
    kind = asked.get("period", "")
    if kind != PeriodKind.CUSTOM:
        return Period.present(PeriodKind(kind) if kind in set(PeriodKind) else PeriodKind.QUARTER, today)
    until = _day(asked.get("until", ""), zh.UNTIL) or today
    since = _day(asked.get("since", ""), zh.SINCE) or date(until.year, 1, 1)
    if until < since:
        raise InvalidInput("review.figures_period", since=since, until=until)
    return Period(PeriodKind.CUSTOM, since, until + _DAY)


def _day(text: str, label: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("form.day", label=label, text=text[:50]) from None
    if not 1900 <= found.year <= 9000:  # noqa: PLR2004 - so that the period before is a date as well
        raise InvalidInput("form.day", label=label, text=text[:50])
    return found
