"""Key figures of matches: how many came how far, for how much money, and how long each step took."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from recommender.domain.workflow import CaseState, ReasonCode


class FigureGroup(StrEnum):
    """What figures are given by."""

    ALL = "all"
    OFFICER = "officer"
    TOWN = "town"
    CHAIN = "chain"
    MONTH = "month"


class Stage(StrEnum):
    """How far a match came; it counts where it came there for the first time."""

    OPENED = "opened"
    """An officer decided on the suggestion (推荐): confirmed, adjusted or rejected it."""
    CONFIRMED = "confirmed"
    """Confirmed, or adjusted and so confirmed."""
    RECOMMENDED = "recommended"
    """Pushed to the enterprise (推送)."""
    INTERESTED = "interested"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    SIGNED = "signed"
    COMPLETED = "completed"


STAGE_STATES: Final[dict[Stage, frozenset[CaseState]]] = {
    Stage.OPENED: frozenset(CaseState) - {CaseState.SUGGESTED, CaseState.IN_REVIEW, CaseState.CANCELLED},
    Stage.CONFIRMED: frozenset({CaseState.CONFIRMED, CaseState.ADJUSTED}),
    Stage.RECOMMENDED: frozenset({CaseState.PUSHED}),
    Stage.INTERESTED: frozenset({CaseState.ENTERPRISE_INTERESTED}),
    Stage.ACCEPTED: frozenset({CaseState.EXPERT_ACCEPTED}),
    Stage.CONTACTED: frozenset({CaseState.CONTACT}),
    Stage.SIGNED: frozenset({CaseState.SIGNED}),
    Stage.COMPLETED: frozenset({CaseState.COMPLETED}),
}
"""The states with any of which a match reaches a stage."""

STAGE_LABELS: Final[dict[Stage, str]] = {
    Stage.OPENED: "推荐",
    Stage.CONFIRMED: "确认",
    Stage.RECOMMENDED: "推送",
    Stage.INTERESTED: "企业有意",
    Stage.ACCEPTED: "专家接受",
    Stage.CONTACTED: "接洽",
    Stage.SIGNED: "签约",
    Stage.COMPLETED: "结题",
}

INTERVALS: Final[tuple[tuple[Stage, Stage], ...]] = (
    (Stage.OPENED, Stage.CONFIRMED),
    (Stage.CONFIRMED, Stage.RECOMMENDED),
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """How many matches of a chain (``""`` where unknown) ended or went back for a reason.

    ``by_system`` tells what the clock did, such as 无回应, from what somebody decided.
    """

    reason: ReasonCode
    chain: str
    by_system: bool
    n: int
