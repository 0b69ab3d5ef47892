"""The steps that a reader may take with a need, as buttons and forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.console.messages import needs as zh
from recommender.domain.workflow import NeedState, ReasonCode
from recommender.review.workflow import Step

_USUAL_REASONS: Final[Mapping[NeedState, tuple[ReasonCode, ...]]] = {
    NeedState.RETURNED: (ReasonCode.UNCLEAR, ReasonCode.INDICATORS, ReasonCode.DUPLICATE, ReasonCode.STALE),
    NeedState.DIAGNOSIS: (ReasonCode.UNCLEAR, ReasonCode.INDICATORS, ReasonCode.FIELD, ReasonCode.STAGE),
    NeedState.WITHDRAWN: (ReasonCode.STALE, ReasonCode.COOPERATING, ReasonCode.BUDGET, ReasonCode.TIME),
    NeedState.UNSOLVED: (ReasonCode.NO_ANSWER, ReasonCode.INDICATORS, ReasonCode.BUDGET, ReasonCode.FIELD),
}
_ASKING: Final = frozenset({NeedState.RETURNED, NeedState.DIAGNOSIS})
"""Steps with which the enterprise is asked for something."""

_FIRST: Final[Mapping[NeedState, tuple[NeedState, ...]]] = {
    NeedState.DRAFT: (NeedState.SUBMITTED,),
    NeedState.RETURNED: (NeedState.SUBMITTED,),
    NeedState.SUBMITTED: (NeedState.PUBLISHED,),
    NeedState.DIAGNOSIS: (NeedState.PUBLISHED, NeedState.SUBMITTED),
    NeedState.SOLVED: (NeedState.CLOSED,),
    NeedState.UNSOLVED: (NeedState.CLOSED,),
}
"""What usually comes next, the first of these that the reader may take; elsewhere matching goes on by itself."""

_KEYS: Final[Mapping[NeedState, str]] = {
    NeedState.PUBLISHED: "p",
    NeedState.RETURNED: "r",
    NeedState.DIAGNOSIS: "d",
    NeedState.SUBMITTED: "s",
    NeedState.CLOSED: "c",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One step.

    Attributes:
        to: value of the state it leads to.
        key: that presses it, ``""`` for none.
        usual, further: reasons to choose from; none where the step takes none.
        asks: whether what is missing in the need can be asked for with it.
    """

    to: str
    label: str
    effect: str
    key: str
    usual: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    asks: bool = False

    @property
    def needs_reason(self) -> bool:
        """Whether a reason has to be chosen."""
        return bool(self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be done now.

    Attributes:
        first: what usually comes next, ``None`` where nothing does.
        plain: further steps that take no reason.
        reasoned: steps that take one.
    """

    first: Choice | None
    plain: tuple[Choice, ...]
    reasoned: tuple[Choice, ...]


def choices_of(steps: Sequence[Step[NeedState]]) -> Choices:
    """Steps in the order in which they are offered."""
    by_target = {step.target: _choice(step) for step in steps}
    usual = _FIRST.get(steps[0].source, ()) if steps else ()
    first = next((by_target.pop(target) for target in usual if target in by_target), None)
    rest = tuple(by_target.values())
    return Choices(
        first=first,
        plain=tuple(choice for choice in rest if not choice.needs_reason),
        reasoned=tuple(choice for choice in rest if choice.needs_reason),
    )


def step_label(source: NeedState, target: NeedState) -> str:
    """What a step is called."""
    return zh.STEP_LABELS_FROM.get((source, target), zh.STEP_LABELS.get(target, target.value))


def _choice(step: Step[NeedState]) -> Choice:
    usual = _USUAL_REASONS.get(step.target, tuple(ReasonCode)[:4]) if step.negative else ()
    further = tuple(reason for reason in ReasonCode if reason not in usual) if step.negative else ()
    return Choice(
        to=step.target.value,
        label=step_label(step.source, step.target),
        effect=zh.STEP_EFFECTS.get(step.target, ""),
        key=_KEYS.get(step.target, ""),
        usual=tuple(reason.value for reason in usual),
        further=tuple(reason.value for reason in further),
        asks=step.target in _ASKING,
    )
