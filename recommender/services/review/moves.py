"""One step of a need or a match, inside a transaction that is under way: state, timeline and audit trail."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, DecisionBatch, Subject, Transition
from recommender.domain.errors import Conflict
from recommender.domain.match import AuditEntry
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.review.needs import ENDS_CASES, NEEDS
from recommender.store.unit_of_work import UnitOfWork

CANCELLABLE: Final = tuple(state for state in CaseState if CASES.follow(state, CaseState.CANCELLED) is not None)
"""States from which the system cancels a match: those without a contract on which somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who takes a step, when and why.

    Attributes:
        by_system: whether it follows from something else or from the clock; ``actor`` is then what caused it.
        undoes: number of the step that is taken back.
    """

    actor: Actor
    at: datetime
    reason: ReasonCode | None = None
    note: str = ""
    batch_id: str = ""
    by_system: bool = False
    undoes: int | None = None

    def following(self, reason: ReasonCode | None = None) -> "Act":
        """What the system does because of this."""
        return replace(self, by_system=True, reason=reason, note="", undoes=None)

    def undoing(self, number: int) -> "Act":
        """The same as what takes back a step."""
        return replace(self, undoes=number)


def move_case(unit: UnitOfWork, case: Case, to: CaseState, act: Act) -> Case:
    """Bring a match to another state; whoever calls has made sure that the step may be taken.

    A person's decision ends the claim, and makes the match that person's where it is nobody's.

    Raises:
        Conflict: somebody else was faster.
    """
    due_at, due = CASES.due(to, act.at)
    person = not act.by_system and to is not CaseState.SUGGESTED
    moved = replace(
        case,
        state=to,
        version=case.version + 1,
        officer=case.officer or (act.actor.id if person and to is not CaseState.IN_REVIEW else ""),
        claimed_by="",
        claimed_until=None,
        due_at=due_at,
        due=due,
        updated_at=act.at,
        pushed_at=(case.pushed_at or act.at) if to is CaseState.PUSHED else case.pushed_at,
    )
    put_case(unit, moved, before=case)
    _record(unit, Subject.CASE, case.id, act, ends=(case.state, to), version=moved.version)
    return moved


def put_case(unit: UnitOfWork, case: Case, *, before: Case) -> None:
    """Store a changed match.

    Raises:
        Conflict: somebody else was faster.
    """
    if not unit.cases.put(case, before=before.version):
        raise outdated(CASES.label, case.id, expected=before.version, present=0, state=before.state)


def move_need(unit: UnitOfWork, progress: NeedProgress, to: NeedState, act: Act) -> NeedProgress:
    """Bring a need to another state; where that ends it, its matches without a contract are cancelled.

    Raises:
        Conflict: somebody else was faster.
    """
    ended = unit.cases.of_need(progress.need_id, CANCELLABLE) if to in ENDS_CASES and act.undoes is None else []
    if ended and not act.batch_id:
        act = replace(act, batch_id=_start_batch(unit, act, n_steps=1 + len(ended)))
    due_at, due = NEEDS.due(to, act.at)
    moved = replace(progress, state=to, version=progress.version + 1, due_at=due_at, due=due, updated_at=act.at)
    if not unit.needs_progress.put(moved, before=progress.version):
        raise outdated(NEEDS.label, progress.need_id, expected=progress.version, present=0, state=progress.state)
    _record(unit, Subject.NEED, progress.need_id, act, ends=(progress.state, to), version=moved.version)
    cancel_cases(unit, ended, act.following(ReasonCode.STALE))
    return moved


def cancel_cases(unit: UnitOfWork, cases: Sequence[Case], act: Act) -> list[Case]:
    """Cancel matches that the system may cancel; others are left alone."""
    return [move_case(unit, case, CaseState.CANCELLED, act) for case in cases if case.state in CANCELLABLE]


def follow_need(unit: UnitOfWork, need_id: str, to: NeedState, act: Act) -> None:
    """Let a need follow what happens to its matches, where it may; otherwise it stays where it is."""
    if not need_id or need_id not in unit.needs.fingerprints([need_id]):
        return
    progress = unit.needs_progress.get(need_id)
    if NEEDS.follow(progress.state, to) is not None:
        move_need(unit, progress, to, act.following())


def require_version(label: str, id: str, *, expected: int, present: int, state: NeedState | CaseState) -> None:
    """Refuse a decision that was made while looking at another version.

    Raises:
        Conflict: names both.
    """
    if expected != present:
        raise outdated(label, id, expected=expected, present=present, state=state)


def outdated(label: str, id: str, *, expected: int, present: int, state: NeedState | CaseState) -> Conflict:
    """The refusal of a decision on another version than the present one."""
    return Conflict(
        "review.outdated",
        label=label,
        id=id,
        expected=expected,
        present=present or expected + 1,
        state=state.value,
    )


def require_unclaimed(case: Case, act: Act) -> None:
    """Refuse to work on what somebody else works on.

    Raises:
        Conflict: names who, and until when at most.
    """
    if case.claimed_by_other(act.actor.id, act.at):
        assert case.claimed_until is not None
        until = f"{case.claimed_until.astimezone():%Y-%m-%d %H:%M}"
        raise Conflict("review.claimed", id=case.id, holder=case.claimed_by, until=until)


def _start_batch(unit: UnitOfWork, act: Act, *, n_steps: int) -> str:
    batch = DecisionBatch(id=secrets.token_hex(8), actor=act.actor.id, at=act.at, n_steps=n_steps)
    unit.timeline.start_batch(batch)
    return batch.id


def _record(
    unit: UnitOfWork,
    subject: Subject,
    id: str,
    act: Act,
    *,
    ends: tuple[NeedState | CaseState, NeedState | CaseState],
    version: int,
) -> None:
    step = Transition(
        subject=subject,
        subject_id=id,
        actor=act.actor.id,
        at=act.at,
        from_state=ends[0],
        to_state=ends[1],
        version=version,
        reason=act.reason,
        note=act.note,
        by_system=act.by_system,
        batch_id=act.batch_id,
        undoes=act.undoes,
    )
    number = unit.timeline.add(step)
    detail: dict[str, object] = {
        "step": number,
        "from": ends[0].value,
        "to": ends[1].value,
        "version": version,
    }
    if act.reason is not None:
        detail["reason"] = act.reason.value
    if act.batch_id:
        detail["batch"] = act.batch_id
    if act.undoes is not None:
        detail["undoes"] = act.undoes
    kind = "need" if subject is Subject.NEED else "case"
    verb = "undo" if act.undoes is not None else "follow" if act.by_system else "decide"
    unit.audit.append(
        AuditEntry(at=act.at, actor=act.actor.id, action=f"review:{kind}:{verb}", target=id, detail=detail)
    )
