"""Key figures of matches: how many came how far, for how much money, and how long each step took."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from recommender.domain.workflow import CaseState


class FigureGroup(StrEnum):
    """What figures are given by."""

    ALL = "all"
    OFFICER = "officer"
    TOWN = "town"
    CHAIN = "chain"
    MONTH = "month"


class Stage(StrEnum):
    """How far a match came; it counts where it came there for the first time."""

    RECOMMENDED = "recommended"
    INTERESTED = "interested"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    SIGNED = "signed"
    COMPLETED = "completed"


STAGE_STATES: Final[dict[Stage, CaseState]] = {
    Stage.RECOMMENDED: CaseState.PUSHED,
    Stage.INTERESTED: CaseState.ENTERPRISE_INTERESTED,
    Stage.ACCEPTED: CaseState.EXPERT_ACCEPTED,
    Stage.CONTACTED: CaseState.CONTACT,
    Stage.SIGNED: CaseState.SIGNED,
    Stage.COMPLETED: CaseState.COMPLETED,
}
"""The state with which a match reaches a stage."""

INTERVALS: Final[tuple[tuple[Stage, Stage], ...]] = (
    (Stage.RECOMMENDED, Stage.INTERESTED),
    (Stage.INTERESTED, Stage.ACCEPTED),
    (Stage.ACCEPTED, Stage.CONTACTED),
    (Stage.CONTACTED, Stage.SIGNED),
    (Stage.SIGNED, Stage.COMPLETED),
    (Stage.RECOMMENDED, Stage.SIGNED),
)
"""Stages between which days are counted."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days between two stages over ``n`` matches: the median and the 90th percentile, by nearest rank."""

    n: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one group in a period.

    Attributes:
        key: the officer's account, the town, the chain, the month (``2026-11``), or ``""`` for all and for
            unknown.
        counts: matches that reached a stage in the period.
        amount_wan: of the contracts that were signed in it, in 万元.
        funding_wan, enterprise_spending_wan: 预研资金 paid in it, and the enterprises' own R&D for that.
        days: between two stages, for matches that reached the second one in the period.
    """

    key: str
    counts: dict[Stage, int]
    amount_wan: float = 0.0
    funding_wan: float = 0.0
    enterprise_spending_wan: float = 0.0
    days: dict[tuple[Stage, Stage], Days] = field(default_factory=dict)

    @property
    def leverage(self) -> float | None:
        """万元 of the enterprises' own R&D for each 万元 paid, ``None`` where nothing was paid."""
        return self.enterprise_spending_wan / self.funding_wan if self.funding_wan else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """Which figures are wanted; the period is half open, everything by default."""

    group: FigureGroup = FigureGroup.ALL
    since: date | None = None
    until: date | None = None
    town: str = ""
    industry_chain: str = ""
    officer: str = ""
