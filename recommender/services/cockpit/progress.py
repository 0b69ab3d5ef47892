"""How matches went in a period: read once as columns, summed in many ways."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.case_times import CaseTimes, Payment
from recommender.domain.cockpit import CockpitScope, FunnelStep, Progress, StepDays, Tile
from recommender.domain.figures import INTERVALS, FigureGroup, FigureRequest, Figures, Refusal, Stage
from recommender.domain.measures import STAGE_MEASURES, Measure
from recommender.domain.periods import Period
from recommender.review.figures import bounds, cohort, grouped
from recommender.store.unit_of_work import UnitOfWork

N_MONTHS: Final = 12
_LABELS: Final = (FigureGroup.TOWN, FigureGroup.CHAIN)


class Reading:
    """The matches of one question.

    Args:
        today: the last of the twelve months is its month.
        offset: of local time from UTC.
    """

    def __init__(
        self, unit: UnitOfWork, actor: Actor, scope: CockpitScope, *, today: date, offset: timedelta
    ) -> None:
        self._unit = unit
        self._actor = actor
        self._offset = offset
        self._period = scope.period
        self._months = _months_until(today)
        self._wanted = FigureRequest(town=scope.town, industry_chain=scope.industry_chain)

    def all(self) -> Progress:
        """Everything."""
        return Progress(
            period=self._period,
            tiles=self.tiles(),
            funnel=self.funnel(),
            months=self.months(),
            towns=_most_pushed(self._counted(FigureGroup.TOWN, self._period)),
            chains=_most_pushed(self._counted(FigureGroup.CHAIN, self._period)),
            days=self.days(),
            refusals=self.refusals(),
        )

    def tiles(self) -> tuple[Tile, ...]:
        """Counts by stage, then money."""
        now, before = self._now, self._before
        counts = [Tile(STAGE_MEASURES[stage], now.counts[stage], before.counts[stage]) for stage in Stage]
        return (
            *counts,
            Tile(Measure.AMOUNT, now.amount_wan, before.amount_wan),
            Tile(Measure.FUNDING, now.funding_wan, before.funding_wan),
            Tile(Measure.SPENDING, now.enterprise_spending_wan, before.enterprise_spending_wan),
            Tile(Measure.LEVERAGE, now.leverage, before.leverage),
        )

    def funnel(self) -> tuple[FunnelStep, ...]:
        """How far those came that were decided on in the period."""
        reached = cohort(self._cases, *self._bounds(self._period))
        first = reached[Stage.OPENED]
        steps, former = [], 0
        for stage, n in reached.items():
            of_former = n / former if former else None
            steps.append(FunnelStep(stage, n, of_former, n / first if first else None))
            former = n
        return tuple(steps)

    def months(self) -> tuple[Figures, ...]:
        """The last twelve months."""
        period = Period(self._period.kind, self._months[0], self._months[-1])
        by_key = {each.key: each for each in self._counted(FigureGroup.MONTH, period)}
        keys = [f"{month:%Y-%m}" for month in self._months[:-1]]
        return tuple(by_key.get(key) or _nothing(key) for key in keys)

    def days(self) -> tuple[StepDays, ...]:
        """How long each step took."""
        now, before = self._now.days, self._before.days
        return tuple(StepDays(*each, now.get(each), before.get(each)) for each in INTERVALS)

    def refusals(self) -> tuple[Refusal, ...]:
        """Why matches did not go on."""
        since, until = (datetime.fromtimestamp(at, UTC) for at in self._bounds(self._period))
        return tuple(self._unit.figures.refusals(self._actor, self._wanted, since, until))

    @cached_property
    def _now(self) -> Figures:
        return self._whole(self._period)

    @cached_property
    def _before(self) -> Figures:
        return self._whole(self._period.before)

    @cached_property
    def _window(self) -> tuple[date, date]:
        """The days that anything here looks at."""
        since = min(self._period.since, self._period.before.since, self._months[0])
        return since, max(self._period.until, self._months[-1])

    @cached_property
    def _cases(self) -> CaseTimes:
        since, until = bounds(*self._window, self._offset)
        return self._unit.figures.times(self._actor, self._wanted, _LABELS, since=since, until=until)

    @cached_property
    def _payments(self) -> Sequence[Payment]:
        since, until = self._window
        request = FigureRequest(
            since=since, until=until, town=self._wanted.town, industry_chain=self._wanted.industry_chain
        )
        return self._unit.figures.payments(self._actor, request)

    def _whole(self, period: Period) -> Figures:
        since, until = self._bounds(period)
        found = grouped(self._cases, self._paid(period), FigureGroup.ALL, since=since, until=until)
        return found[0] if found else _nothing("")

    def _counted(self, group: FigureGroup, period: Period) -> list[Figures]:
        """Without how long steps took; money that was paid by month only."""
        since, until = self._bounds(period)
        paid = self._paid(period) if group is FigureGroup.MONTH else []
        return grouped(self._cases, paid, group, since=since, until=until, offset=self._offset, with_days=False)

    def _paid(self, period: Period) -> list[Payment]:
        return [one for one in self._payments if period.since <= one.paid_on < period.until]

    def _bounds(self, period: Period) -> tuple[float, float]:
        return bounds(period.since, period.until, self._offset)


def _months_until(day: date) -> list[date]:
    """First days of the twelve months that end with the one of a day, and of the one after."""
    last = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - N_MONTHS + 1, last + 2)]


def _most_pushed(found: Sequence[Figures]) -> tuple[Figures, ...]:
    return tuple(sorted(found, key=lambda each: (-each.counts[Stage.RECOMMENDED], each.key)))


def _nothing(key: str) -> Figures:
    return Figures(key=key, counts=dict.fromkeys(Stage, 0))
