"""Matches under way (对接): what was shown, where each stands, every step it took, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, ContractType, EntityKind
from recommender.domain.workflow import CaseState, NeedState, ReasonCode

_SEPARATOR: Final = "!"
_N_PARTS: Final = 4

DETERMINISTIC: Final = 1.0
"""Propensity of what a list without chance shows: it would have been shown in any case."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who was suggested to whom; it gives a match its id, before and after anybody decides on it.

    The source is a need, an enterprise or an achievement; the target an expert, a platform, an achievement or,
    for an achievement, an enterprise.
    """

    source_kind: EntityKind
    source_id: str
    target_kind: EntityKind
    target_id: str

    @property
    def id(self) -> str:
        """``need!XQ-1!expert!ZJ-1``; ``!`` and ``~`` in an id are written ``~1`` and ``~0``."""
        parts = (self.source_kind.value, self.source_id, self.target_kind.value, self.target_id)
        return _SEPARATOR.join(part.replace("~", "~0").replace(_SEPARATOR, "~1") for part in parts)

    @property
    def fits(self) -> bool:
        """Whether somebody who needs is paired with somebody who supplies."""
        if self.source_kind is EntityKind.ACHIEVEMENT:
            return self.target_kind in DEMAND_KINDS
        return self.source_kind in DEMAND_KINDS and self.target_kind in SUPPLY_KINDS

    @classmethod
    def parse(cls, id: str) -> "Pair | None":
        """The pair with that id, ``None`` where no pair can have it."""
        parts = [part.replace("~1", _SEPARATOR).replace("~0", "~") for part in id.split(_SEPARATOR)]
        if len(parts) != _N_PARTS or not {parts[0], parts[2]} <= set(EntityKind):
            return None
        pair = cls(EntityKind(parts[0]), parts[1], EntityKind(parts[2]), parts[3])
        return pair if pair.id == id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown when the match was first acted on, and by which model.

    Attributes:
        position: place in the list of its kind, from 1.
        score: higher is better, in [0, 1].
        parts: what each part contributes to the score, by name.
        propensity: probability in (0, 1] that this place of the list showed this target. Lists are
            deterministic, so it is 1; the place itself still decides how likely somebody looked.
    """

    run_id: str
    snapshot_id: str
    encoder_id: str
    configuration_hash: str
    position: int
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    reason: str = ""
    evidence_ids: tuple[str, ...] = ()
    propensity: float = DETERMINISTIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One match.

    Attributes:
        id: of the pair that was suggested; it stays where a record is later merged into another.
        need_id, enterprise_code: whom it is for, ``""`` where there is none.
        version: 0 while it is a suggestion that nobody has acted on, then one more with every change.
        officer: who decided on it first or was given it; ``""`` for nobody.
        claimed_by, claimed_until: who works on it alone at the moment, and how long at most.
        due_at, due: until when something is expected, and what (zh-CN); ``None`` and ``""`` for nothing.
        pushed_at: since when the enterprise sees it, ``None`` before that.
        shown: ``None`` for a match that an officer proposed without the system.
    """

    id: str
    pair: Pair
    need_id: str
    enterprise_code: str
    state: CaseState
    version: int
    officer: str = ""
    claimed_by: str = ""
    claimed_until: datetime | None = None
    due_at: datetime | None = None
    due: str = ""
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    pushed_at: datetime | None = None
    shown: Shown | None = None

    def claimed_by_other(self, actor_id: str, now: datetime) -> bool:
        """Whether somebody else holds it at this moment."""
        held = self.claimed_until is not None and self.claimed_until > now
        return held and self.claimed_by != actor_id


class Subject(StrEnum):
    """Whose step a line of the timeline is."""

    NEED = "需求"
    CASE = "对接"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One step of a need or a match; lines are added, never changed.

    Attributes:
        number: ascending, never used twice; 0 before it is stored.
        subject_id: of the need or the match.
        from_state, to_state: values of :class:`NeedState` or :class:`CaseState`.
        version: of the subject after this step.
        by_system: whether it followed from something else or from the clock.
        batch_id: of the decisions that were made together, ``""`` for none.
        undoes: number of the step that this one takes back, ``None`` for none.
        undone_by: number of the step that took this one back, ``None`` for none.
    """

    subject: Subject
    subject_id: str
    actor: str
    at: datetime
    from_state: NeedState | CaseState
    to_state: NeedState | CaseState
    version: int
    reason: ReasonCode | None = None
    note: str = ""
    by_system: bool = False
    batch_id: str = ""
    undoes: int | None = None
    undone_by: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionBatch:
    """Steps that were made together and can be taken back together."""

    id: str
    actor: str
    at: datetime
    n_steps: int
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One step of a match with what was shown: what learning from feedback reads."""

    case_id: str
    pair: Pair
    enterprise_code: str
    officer: str
    step: Transition
    shown: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What was signed; the amount is in 万元, ``None`` where it is not known yet."""

    kind: ContractType
    signed_on: date
    registration_number: str = ""
    amount_wan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One thing that carrying out the contract is measured by; ``number`` counts from 1 within the match."""

    title: str
    due_on: date | None = None
    done_on: date | None = None
    note: str = ""
    number: int = 0


class Side(StrEnum):
    """Who judges how it went."""

    ENTERPRISE = "企业"
    EXPERT = "专家"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How one side judges the cooperation; ``grade`` is 1 (bad) to 5 (good)."""

    side: Side
    grade: int
    text: str = ""
    by: str = ""
    at: datetime | None = None


class Instalment(StrEnum):
    """预研资金: the first goes to the research side (前道), the second to the enterprise (后道)."""

    FIRST = "第一笔"
    SECOND = "第二笔"


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """One instalment of 预研资金, in 万元, and the R&D that the enterprise itself spent for it."""

    instalment: Instalment
    paid_on: date
    amount_wan: float
    enterprise_spending_wan: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that came of a match."""

    contract: Contract | None = None
    completed_on: date | None = None
    milestones: tuple[Milestone, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    funding: tuple[Funding, ...] = ()

    @property
    def leverage(self) -> float | None:
        """万元 of the enterprise's own R&D for each 万元 paid, ``None`` before anything was paid."""
        paid = sum(part.amount_wan for part in self.funding)
        return sum(part.enterprise_spending_wan for part in self.funding) / paid if paid else None
