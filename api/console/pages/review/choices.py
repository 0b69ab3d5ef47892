"""What an officer may do next, as buttons: each names a step, a reason where one is needed, and its key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.console.messages import review as zh
from recommender.domain.cases import Case
from recommender.domain.errors import InvalidInput
from recommender.domain.workflow import OPEN_CASE_STATES, CaseState, ReasonCode
from recommender.review.workflow import Step
from recommender.services.review.cases import Choice

_PUSH: Final = "+"
_REASON: Final = "|"
_BEFORE_PUSH: Final = (CaseState.CONFIRMED, CaseState.ADJUSTED)
_ELSEWHERE: Final = CaseState.SIGNED
"""A contract is written down on the page of the match."""

_USUAL: Final = {CaseState.EXPERT_SILENT: CaseState.ENTERPRISE_INTERESTED.value}
"""What is usually done, where it is not the first step of the table: who was silent is asked again."""

_OWN: Final = (CaseState.CONFIRMED, CaseState.ADJUSTED, CaseState.PUSHED, CaseState.IN_REVIEW)
_OWN_REFUSALS: Final = (CaseState.REJECTED, CaseState.CANCELLED, CaseState.TERMINATED)
"""What officers decide themselves has keys; what others said is written down with care, by its button."""

_CLAIMING: Final = (CaseState.SUGGESTED, CaseState.IN_REVIEW)
"""Between these one goes by claiming and releasing, but for what was rejected and is taken up again."""

_REASON_KEYS: Final = (*"1234567890", "", "", "")
_KEYS: Final = {
    CaseState.CONFIRMED.value: "c",
    f"{CaseState.ADJUSTED.value}{_PUSH}": "e",
}
"""Of steps that are not the usual one, which has ``a``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One button.

    Attributes:
        value: what the form sends as ``choice``; see :func:`chosen`.
        done: what a line of the queue says afterwards.
        needs_note: whether it must be said in words what was changed.
    """

    label: str
    value: str
    key: str = ""
    done: str = ""
    needs_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A step that needs a reason: one button for each."""

    label: str
    key: str
    reasons: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that may be done with a match.

    Attributes:
        main: the usual way on, ``None`` where there is none.
        further: other steps without a reason.
        refusals: steps with one.
        can_claim, can_release: whether it can be kept for oneself, or given back.
        elsewhere: whether steps are left that only the page of the match can take, such as a contract.
    """

    main: Action | None = None
    further: tuple[Action, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    can_claim: bool = False
    can_release: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: a step, and whether the match is pushed right after it."""

    choice: Choice
    push: bool


def choices_of(case: Case, steps: Sequence[Step[CaseState]], actor_id: str) -> Choices:
    """The buttons for the steps that the service allows, and no others.

    Args:
        case: the match.
        steps: what the actor may do next with it.
        actor_id: who looks.
    """
    offered = [step for step in steps if step.target not in _CLAIMING or case.state is CaseState.REJECTED]
    refusals = [
        _refusal(step.target, key="r" if step.target in _OWN_REFUSALS else "")
        for step in offered
        if step.negative
    ]
    plain = [
        action
        for step in offered
        if not step.negative and step.target is not _ELSEWHERE
        for action in _actions(step)
    ]
    is_held = bool(case.claimed_by) and case.claimed_by == actor_id
    main = next((item for item in plain if item.value == _USUAL.get(case.state)), plain[0] if plain else None)
    is_own = case.state in _USUAL or (main is not None and chosen(main.value, "").choice.to in _OWN)
    return Choices(
        main=None if main is None else replace(main, key="a" if is_own else ""),
        further=tuple(item for item in plain if item is not main),
        refusals=tuple(refusals),
        can_claim=bool(steps) and not is_held and case.state in OPEN_CASE_STATES,
        can_release=is_held,
        elsewhere=any(step.target is _ELSEWHERE for step in offered),
    )


def reject_choices() -> Refusal:
    """The buttons that reject several suggestions at once."""
    return _refusal(CaseState.REJECTED, key="")


def chosen(value: str, note: str) -> Chosen:
    """What a button meant.

    Raises:
        InvalidInput: nothing that a button means.
    """
    text, _, reason = value.partition(_REASON)
    push = text.endswith(_PUSH)
    target = text.removesuffix(_PUSH)
    if target not in set(CaseState) or (reason and reason not in set(ReasonCode)):
        raise InvalidInput("review.choice_unknown")
    choice = Choice(to=CaseState(target), reason=ReasonCode(reason) if reason else None, note=note)
    return Chosen(choice, push)


def step_label(state: CaseState, *, push: bool = False) -> str:
    """What a step is called on its button."""
    label = zh.STEP_LABELS.get(state, state.value)
    return zh.AND_PUSH.format(step=label) if push else label


def _actions(step: Step[CaseState]) -> list[Action]:
    """The buttons of a step; what waits for nothing but the push is usually taken with it."""
    state = step.target
    label = zh.STEP_LABELS_FROM.get((step.source, state), step_label(state))
    if state not in _BEFORE_PUSH:
        return [Action(label=label, value=state.value, done=label, needs_note=step.note)]
    both, alone = f"{state.value}{_PUSH}", state.value
    pushed = step_label(state, push=True)
    only = zh.ONLY.format(step=label)
    return [
        Action(label=pushed, value=both, key=_KEYS.get(both, ""), done=pushed, needs_note=step.note),
        Action(label=only, value=alone, key=_KEYS.get(alone, ""), done=label, needs_note=step.note),
    ]


def _refusal(state: CaseState, *, key: str) -> Refusal:
    reasons = tuple(
        Action(label=reason.value, value=f"{state.value}{_REASON}{reason.value}", key=digit, done=state.value)
        for reason, digit in zip(zh.REASONS, _REASON_KEYS, strict=True)
    )
    return Refusal(label=step_label(state), key=key, reasons=reasons)
