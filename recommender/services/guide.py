"""What the guide says of how matching and review work, read from what they really do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.matching.config import MatchConfig
from recommender.matching.messages import PART_LABELS
from recommender.matching.ranking import CIRCUMSTANCES
from recommender.review import messages as zh
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.review.workflow import Step, Workflow

S = TypeVar("S", NeedState, CaseState)

_TEXT: Final = "text"
_FRESHNESS: Final = "freshness"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step that may be taken; ``who`` are zh-CN names of the parties."""

    to: str
    who: tuple[str, ...]
    needs_reason: bool
    needs_note: bool


@dataclass(frozen=True, slots=True)
class GuideState:
    """One state, what it waits for and for how many days (``None`` for nobody), and where it leads."""

    name: str
    waits_for: str
    days: int | None
    steps: tuple[GuideStep, ...]


@dataclass(frozen=True, slots=True)
class GuideWorkflow:
    """A workflow as the guide tells it, in the order of its states."""

    label: str
    states: tuple[GuideState, ...]


@dataclass(frozen=True, slots=True)
class GuidePart:
    """One part of a score.

    Attributes:
        share_ratio: of its kind's whole score, in [0, 1], by kind; kinds that have no such part are left out.
    """

    name: str
    label: str
    share_ratio: Mapping[EntityKind, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Everything of the guide that is read from tables and settings.

    Attributes:
        parts: of the score, in the order in which they are shown.
        dense_ratio: share of meaning, the rest is words, by kind.
        n_evidence: passages shown for each candidate.
        half_life_years: age at which evidence counts half.
        shortlist_size: candidates chosen by content alone before everything else is looked at.
        high_score, low_score: from where a score counts as high, and below which as unsure.
        exclusions: why somebody who fits is not recommended.
        reasons: of negative steps.
    """

    needs: GuideWorkflow
    cases: GuideWorkflow
    parts: tuple[GuidePart, ...]
    dense_ratio: Mapping[EntityKind, float]
    n_evidence: int
    half_life_years: float
    shortlist_size: int
    high_score: float
    low_score: float
    exclusions: tuple[str, ...]
    reasons: tuple[str, ...]


class GuideService:
    """Tells how the system works, for whoever is signed in."""

    def __init__(self, config: MatchConfig, *, high_score: float, low_score: float) -> None:
        self._config = config
        self._high_score = high_score
        self._low_score = low_score

    def guide(self) -> Guide:
        """What holds now."""
        config = self._config
        return Guide(
            needs=_workflow(NEEDS, tuple(NeedState)),
            cases=_workflow(CASES, tuple(CaseState)),
            parts=_parts(config),
            dense_ratio={kind: config.dense_share(kind) for kind in SUPPLY_KINDS},
            n_evidence=config.n_evidence,
            half_life_years=config.freshness_half_life_years,
            shortlist_size=config.shortlist_size,
            high_score=self._high_score,
            low_score=self._low_score,
            exclusions=tuple(code.value for code in ExclusionCode),
            reasons=tuple(reason.value for reason in ReasonCode),
        )


def _parts(config: MatchConfig) -> tuple[GuidePart, ...]:
    """The parts of the score of whatever can be found for a need, with their shares."""
    kinds_of: dict[str, tuple[EntityKind, ...]] = {_TEXT: SUPPLY_KINDS, _FRESHNESS: SUPPLY_KINDS}
    kinds_of |= {each.name: tuple(kind for kind in SUPPLY_KINDS if kind in each.kinds) for each in CIRCUMSTANCES}
    weights = {name: float(getattr(config.weights, name)) for name in kinds_of}
    totals = {
        kind: sum(weight for name, weight in weights.items() if kind in kinds_of[name]) for kind in SUPPLY_KINDS
    }
    return tuple(
        GuidePart(name, label, {kind: weights[name] / totals[kind] for kind in kinds_of[name]})
        for name, label in PART_LABELS.items()
    )


def _workflow(workflow: Workflow[S], states: tuple[S, ...]) -> GuideWorkflow:
    return GuideWorkflow(workflow.label, tuple(_state(workflow, state) for state in states))


def _state(workflow: Workflow[S], state: S) -> GuideState:
    wait = workflow.waits.get(state)
    return GuideState(
        name=state.value,
        waits_for="" if wait is None else wait.what,
        days=None if wait is None else wait.days,
        steps=tuple(map(_step, workflow.from_state(state))),
    )


def _step(step: Step[S]) -> GuideStep:
    people: tuple[str, ...] = ()
    if step.permission is not None:
        people = tuple(zh.PARTIES[step.permission].split("、"))
    who = (*people, zh.SYSTEM) if step.by_system else people
    return GuideStep(step.target.value, who, step.negative, step.note)
