"""What the cockpit shows: figures of a period beside those before, and how supply meets demand now."""

from dataclasses import dataclass
from datetime import datetime

from recommender.domain.figures import Days, Figures, Refusal, Stage
from recommender.domain.measures import Goal, Measure
from recommender.domain.periods import Period
from recommender.domain.runs import PublishedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class CockpitScope:
    """What figures are wanted of: a period, and within the actor's reach a town and a chain (``""`` for all)."""

    period: Period
    town: str = ""
    industry_chain: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Towns and chains of the enterprises within reach, those with the most first."""

    towns: tuple[str, ...]
    chains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, and what it was in the period before; ``None`` where there is nothing to count."""

    measure: Measure
    value: float | None
    before: float | None = None

    @property
    def change(self) -> float | None:
        """How much larger it is than before, in its own unit; ``None`` where one of both is not known."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def growth(self) -> float | None:
        """The change as a share of what was before; ``None`` where that is not known or nothing."""
        return None if self.change is None or not self.before else self.change / self.before


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many matches came at least so far.

    Attributes:
        n: never more than at the step before.
        of_former: share of those at the step before, ``None`` where that has none.
        of_first: share of those at the first step.
    """

    stage: Stage
    n: int
    of_former: float | None
    of_first: float | None


@dataclass(frozen=True, slots=True)
class StepDays:
    """How long a step took, now and in the period before; ``None`` where no match took it."""

    earlier: Stage
    later: Stage
    now: Days | None
    before: Days | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How matches went in a period.

    Attributes:
        months: the last twelve, first to last, whatever the period; a month without anything is there.
        towns, chains: the figures of each, most pushed first.
    """

    period: Period
    tiles: tuple[Tile, ...]
    funnel: tuple[FunnelStep, ...]
    months: tuple[Figures, ...]
    towns: tuple[Figures, ...]
    chains: tuple[Figures, ...]
    days: tuple[StepDays, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """How many enterprises and open needs of a town or a chain have a good match in the published run."""

    key: str
    n_enterprises: int = 0
    n_enterprises_served: int = 0
    n_needs: int = 0
    n_needs_served: int = 0

    @property
    def enterprises(self) -> float | None:
        """Share of the enterprises, ``None`` where there are none."""
        return self.n_enterprises_served / self.n_enterprises if self.n_enterprises else None

    @property
    def needs(self) -> float | None:
        """Share of the open needs, ``None`` where there are none."""
        return self.n_needs_served / self.n_needs if self.n_needs else None


@dataclass(frozen=True, slots=True)
class UnservedNeed:
    """An open need without a good expert; ``best`` is the score of the best one, ``None`` where it has none."""

    id: str
    title: str
    best: float | None


@dataclass(frozen=True, slots=True)
class GapLine:
    """Demand and supply of one field.

    Attributes:
        field: a chain or a technical field, ``""`` where needs name none.
        n_needs: open needs; ``n_without_expert`` have no good expert, ``n_without_any`` no good match at all.
        n_experts, n_platforms: different ones that are a good match for one of them.
        unserved: needs without a good expert, worst first, a few.
    """

    field: str
    n_needs: int
    n_without_expert: int
    n_without_any: int
    n_experts: int
    n_platforms: int
    unserved: tuple[UnservedNeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """How supply meets demand in the published run.

    Attributes:
        run: ``None`` before anything was published.
        total, whole: of everything within the scope, as coverage and as a gap.
        gaps, fields: by chain and by technical field, those with the most needs without a good expert first.
    """

    run: PublishedRun | None
    high_score: float
    total: CoverageLine
    whole: GapLine
    towns: tuple[CoverageLine, ...]
    chains: tuple[CoverageLine, ...]
    gaps: tuple[GapLine, ...]
    fields: tuple[GapLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureLine:
    """How evenly the experts of one run were suggested; shares and Gini in [0, 1], ``None`` where not counted."""

    run_id: str
    at: datetime
    is_published: bool
    gini: float | None = None
    coverage: float | None = None
    congestion: float | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class GoalLine:
    """Where a goal stands.

    Attributes:
        n_all: whom it is about; of these ``n_known`` have the data and ``n_met`` meet it.
    """

    goal: Goal
    n_all: int
    n_known: int
    n_met: int

    @property
    def share(self) -> float | None:
        """Share of those with data that meet it; ``None`` where data of half of them or more are missing."""
        return self.n_met / self.n_known if self.n_known and 2 * self.n_known > self.n_all else None
