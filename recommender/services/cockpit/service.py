"""The cockpit: key figures of a period and of the published run, for what an actor reaches."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cockpit import (
    Choices,
    CockpitScope,
    CoverageLine,
    ExposureLine,
    FunnelStep,
    GoalLine,
    Progress,
    Supply,
    Tile,
)
from recommender.domain.errors import InvalidInput
from recommender.domain.measures import Goal
from recommender.services.cockpit.exposure import exposure_of
from recommender.services.cockpit.progress import Reading
from recommender.services.cockpit.supply import coverage_of, supply_of
from recommender.services.personal.sight import Sight
from recommender.services.review.figures import local_offset
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


class CockpitService:
    """Use-cases of the cockpit; all of them read.

    Args:
        high_score: from which a match is good, in [0, 1].
        now: UTC.
    """

    def __init__(self, database: Database, *, high_score: float, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self.high_score = high_score

    def tiles(self, actor: Actor, scope: CockpitScope) -> tuple[Tile, ...]:
        """Counts of every stage, amounts and leverage of a period, each beside the period before.

        Raises:
            Forbidden: the actor may not read figures.
            InvalidInput: the period ends before it begins.
        """
        self._require(actor, scope)
        with self._database.read() as unit:
            return self._read(unit, actor, scope).tiles()

    def funnel(self, actor: Actor, scope: CockpitScope) -> tuple[FunnelStep, ...]:
        """How far the matches came that were decided on in the period; errors as of :meth:`tiles`."""
        self._require(actor, scope)
        with self._database.read() as unit:
            return self._read(unit, actor, scope).funnel()

    def progress(self, actor: Actor, scope: CockpitScope) -> Progress:
        """Everything about matches in a period; errors as of :meth:`tiles`."""
        self._require(actor, scope)
        with self._database.read() as unit:
            return self._read(unit, actor, scope).all()

    def supply(self, actor: Actor, scope: CockpitScope) -> Supply:
        """Coverage and gaps in the published run; the period is not looked at. Errors as of :meth:`tiles`."""
        self._require(actor, scope)
        with self._database.read() as unit:
            sight = Sight(actor, unit, self._now())
            today = self._now().astimezone().date()
            return supply_of(unit, actor, scope, sight=sight, high_score=self.high_score, today=today)

    def coverage(self, actor: Actor, scope: CockpitScope) -> CoverageLine | None:
        """How many enterprises and open needs have a good match in the published run, ``None`` without one.

        The period is not looked at; errors as of :meth:`tiles`.
        """
        self._require(actor, scope)
        today = self._now().astimezone().date()
        with self._database.read() as unit:
            return coverage_of(unit, actor, scope, high_score=self.high_score, today=today)

    def choices(self, actor: Actor) -> Choices:
        """What figures may be limited to.

        Raises:
            Forbidden: the actor may not read figures.
        """
        actor.require(Permission.FIGURES_READ)
        towns: Counter[str] = Counter()
        chains: Counter[str] = Counter()
        with self._database.read() as unit:
            for town, chain, n in unit.coverage.places(actor):
                towns[town] += n
                chains[chain] += n
        return Choices(_by_size(towns), _by_size(chains))

    def exposure(self, actor: Actor, n: int = 14) -> tuple[ExposureLine, ...]:
        """How evenly experts were suggested in the last whole runs, first to last: of the city, for everybody.

        Raises:
            Forbidden: the actor may not read figures.
        """
        actor.require(Permission.FIGURES_READ)
        with self._database.read() as unit:
            return exposure_of(unit, n)

    def goals(self, actor: Actor, scope: CockpitScope) -> tuple[GoalLine, ...]:
        """Where the city's goals stand; the period is not looked at. Errors as of :meth:`tiles`."""
        self._require(actor, scope)
        town, chain = scope.town, scope.industry_chain
        with self._database.read() as unit:
            bodies = unit.goals.research_bodies(actor, town=town, chain=chain)
            cooperation = unit.goals.cooperation(actor, town=town, chain=chain)
            talents = unit.goals.talent_spending(actor, town=town, chain=chain)
        return (
            GoalLine(Goal.RESEARCH_BODIES, bodies.n_all, bodies.n_known, bodies.n_met),
            GoalLine(Goal.COOPERATION, cooperation.n_all, cooperation.n_known, cooperation.n_met),
            # What the library holds of patents is supply, not the city's statistics.
            GoalLine(Goal.PATENTS, 0, 0, 0),
            GoalLine(Goal.TALENT_SPENDING, talents.n_all, talents.n_known, talents.n_met),
        )

    def _require(self, actor: Actor, scope: CockpitScope) -> None:
        actor.require(Permission.FIGURES_READ)
        period = scope.period
        if period.until <= period.since:
            raise InvalidInput("review.figures_period", since=period.since, until=period.until)

    def _read(self, unit: UnitOfWork, actor: Actor, scope: CockpitScope) -> Reading:
        now = self._now()
        return Reading(unit, actor, scope, today=now.astimezone().date(), offset=local_offset(now))


def _by_size(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted((name for name in counts if name), key=lambda name: (-counts[name], name)))
