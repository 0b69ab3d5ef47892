"""Matches: read, claimed, decided on one by one or many at once, and taken back."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import CaseLine
from recommender.domain.cases import Case, Contract, DecisionBatch, Outcome, Pair, Subject, Transition
from recommender.domain.entities import Expert
from recommender.domain.errors import BatchConflict, Conflict, InvalidInput, MatchmakerError, NotFound
from recommender.domain.kinds import KIND_LABELS
from recommender.domain.match import AuditEntry
from recommender.domain.workflow import RUNNING_CASE_STATES, CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.review.workflow import Step
from recommender.services.access import sees
from recommender.services.personal.sight import Sight
from recommender.services.review.finding import (
    case_for,
    require_eligible,
    require_open_need,
    suggested,
    unopened,
)
from recommender.services.review.moves import (
    Act,
    follow_need,
    move_case,
    put_case,
    require_unclaimed,
    require_version,
)
from recommender.services.review.options import ReviewSettings
from recommender.services.review.showing import (
    seen_case,
    seen_outcome,
    seen_timeline,
    shown_lines,
    timeline_for,
)
from recommender.services.review.wishing import answered_by_wish, require_not_unwanted
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_BATCH: Final = 200
"""Matches that are decided on at once."""

_PROPOSING: Final = frozenset({CaseState.CONFIRMED, CaseState.ADJUSTED, CaseState.PUSHED})
_NEED_FOLLOWS: Final = {
    CaseState.CONFIRMED: NeedState.MATCHING,
    CaseState.ADJUSTED: NeedState.MATCHING,
    CaseState.EXPERT_ACCEPTED: NeedState.BROKERING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision on a match.

    Attributes:
        to: the state it goes to.
        reason: obligatory for negative steps, and only for them.
        contract: obligatory for ``签约``.
        completed_on: for ``结题``; the day of the decision by default.
    """

    to: CaseState
    reason: ReasonCode | None = None
    note: str = ""
    contract: Contract | None = None
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Everything about a match.

    Attributes:
        line: the match and the names of whom it is about, as the actor sees them.
        steps: what the actor may do next.
        timeline: first to last; an enterprise sees it from when the match was pushed to it.
    """

    line: CaseLine
    steps: tuple[Step[CaseState], ...]
    timeline: tuple[Transition, ...]
    outcome: Outcome

    @property
    def case(self) -> Case:
        """The match itself."""
        return self.line.case


class CaseService:
    """Use-cases around matches. What is not for the actor is not there (404)."""

    def __init__(self, database: Database, settings: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._transactions = Transactions(database)
        self._settings = settings
        self._now = now

    def get(self, actor: Actor, id: str) -> CaseDetail:
        """One match with its timeline, its outcome and what the actor may do next.

        Raises:
            Forbidden: the actor may not read matches.
            NotFound: there is none, or it is not for this actor.
        """
        with self._database.read() as unit:
            return self.detail(actor, unit, id)

    def detail(self, actor: Actor, unit: UnitOfWork, id: str) -> CaseDetail:
        """The same within a unit, so that what is shown beside it is of the same moment.

        Raises:
            Forbidden, NotFound: see :meth:`get`.
        """
        actor.require(Permission.CASES_READ)
        case = case_for(actor, unit, id)
        timeline = unit.timeline.of(Subject.CASE, case.id)
        outcome = unit.outcomes.get(unit.cases.number(case.id)) if case.version else Outcome()
        sight = Sight(actor, unit, self._now()).about(case.pair.target_kind, case.pair.target_id)
        return CaseDetail(
            line=shown_lines(unit, sight, [seen_case(sight, case)])[0],
            steps=self.steps(actor, case),
            timeline=tuple(seen_timeline(sight, timeline_for(actor, timeline))),
            outcome=seen_outcome(sight, outcome),
        )

    def steps(self, actor: Actor, case: Case) -> tuple[Step[CaseState], ...]:
        """What the actor may do next with a match; nothing while somebody else works on it."""
        return () if case.claimed_by_other(actor.id, self._now()) else CASES.possible(case.state, actor)

    def claim(self, actor: Actor, id: str, *, version: int) -> Case:
        """Take a match to work on it alone for a while; one's own claim begins anew.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is none, or it is not for this actor.
            Conflict: somebody else works on it, or it is at another version.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork) -> Case:
            act = Act(actor=actor, at=self._now())
            case = self._opened(unit, actor, id, version=version, act=act)
            if case.state is CaseState.SUGGESTED:
                case = move_case(unit, case, CaseState.IN_REVIEW, act)
            until = act.at + self._settings.claim
            held = replace(case, version=case.version + 1, claimed_by=actor.id, claimed_until=until)
            put_case(unit, held, before=case)
            _audit(unit, act, "claim", case)
            return held

        return self._transactions.run(work)

    def release(self, actor: Actor, id: str, *, version: int) -> Case:
        """Give a match back; undecided, it waits for anybody again.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is none, or it is not for this actor.
            Conflict: somebody else works on it, it is at another version, or nobody works on it.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork) -> Case:
            act = Act(actor=actor, at=self._now())
            case = case_for(actor, unit, id)
            _require(case, version, act)
            if case.claimed_by != actor.id:
                raise Conflict("review.not_claimed", id=case.id)
            if case.state is CaseState.IN_REVIEW:
                return move_case(unit, case, CaseState.SUGGESTED, act)
            free = replace(case, version=case.version + 1, claimed_by="", claimed_until=None)
            put_case(unit, free, before=case)
            _audit(unit, act, "release", case)
            return free

        return self._transactions.run(work)

    def decide(self, actor: Actor, id: str, choice: Choice, *, version: int) -> Case:
        """Take a match one step further.

        Raises:
            Forbidden: the step is for others.
            NotFound: there is no such match, or it is not for this actor.
            InvalidInput: a reason, a note or a contract is missing or has no place.
            Conflict: another version, somebody else works on it, the step does not exist (the sentence names what
                does), the need looks for nobody, or the other side may not be proposed now.
        """

        def work(unit: UnitOfWork) -> Case:
            act = Act(actor=actor, at=self._now(), reason=choice.reason, note=choice.note)
            return self._decide(unit, id, choice, version=version, act=act)

        return self._transactions.run(work)

    def decide_and_push(self, actor: Actor, id: str, choice: Choice, *, version: int) -> tuple[str, Case]:
        """Confirm or adjust a suggestion and push it to the enterprise: two steps that are taken back as one.

        What is confirmed waits for nothing but being pushed, so both are usually one decision.

        Returns:
            The batch that the two steps make, and the match.

        Raises:
            Forbidden, NotFound, InvalidInput, Conflict: see :meth:`decide`.
        """

        def work(unit: UnitOfWork) -> tuple[str, Case]:
            act = _begin_batch(unit, Act(actor=actor, at=self._now(), reason=choice.reason, note=choice.note), 2)
            return act.batch_id, self._decide(unit, id, choice, version=version, act=act, push=True)

        return self._transactions.run(work)

    def decide_many(
        self, actor: Actor, items: Sequence[tuple[str, int]], choice: Choice, *, push: bool = False
    ) -> tuple[str, list[Case]]:
        """Take several matches the same step further, all of them or none; the batch's id and the matches.

        Args:
            items: id and version of each, at most :data:`MAX_BATCH`.
            push: whether each is pushed to its enterprise right after the step.

        Raises:
            InvalidInput: too many, none, one of them twice, or what :meth:`decide` refuses for all alike.
            BatchConflict: names every match that stands in the way, and why.
        """
        actor.require(Permission.CASES_REVIEW)
        if not 1 <= len(items) <= MAX_BATCH or len({id for id, _ in items}) < len(items):
            raise InvalidInput("review.batch_size", n=len(items), maximum=MAX_BATCH)
        if choice.contract is not None or choice.to is CaseState.SIGNED:
            raise InvalidInput("review.batch_contract")

        def work(unit: UnitOfWork) -> tuple[str, list[Case]]:
            act = Act(actor=actor, at=self._now(), reason=choice.reason, note=choice.note)
            act = _begin_batch(unit, act, len(items) * (2 if push else 1))
            moved, conflicts = {}, []
            # In one order everywhere, so that two batches never wait for each other in a ring.
            for id, version in sorted(items):
                try:
                    moved[id] = self._decide(unit, id, choice, version=version, act=act, push=push)
                except (Conflict, NotFound) as error:
                    conflicts.append((id, error))
            if conflicts:
                raise _batch_conflict(conflicts)
            return act.batch_id, [moved[id] for id, _ in items]

        return self._transactions.run(work)

    def propose(self, actor: Actor, pair: Pair) -> Case:
        """Open a match that an officer thinks of, whether or not the system suggests it; it is in review.

        Raises:
            Forbidden: the actor does not review.
            NotFound: one of the two is not there, or is not for this actor.
            InvalidInput: such a pair makes no match.
            Conflict: there is one already, the need looks for nobody, or the other side may not be proposed now.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork) -> Case:
            act = Act(actor=actor, at=self._now())
            _require_sides(actor, unit, pair)
            case = suggested(unit, pair) or unopened(unit, pair, None)
            if not unit.cases.is_for(actor, case):
                raise NotFound("review.case_not_found", id=pair.id)
            if unit.cases.of_pair(pair) is not None:
                raise Conflict("review.case_exists", id=pair.id)
            require_open_need(unit, case)
            require_eligible(unit, case)
            opened = self._open(unit, case, act)
            return move_case(unit, opened, CaseState.IN_REVIEW, act)

        return self._transactions.run(work)

    def _decide(
        self, unit: UnitOfWork, id: str, choice: Choice, *, version: int, act: Act, push: bool = False
    ) -> Case:
        moved = self._step(unit, id, choice, version=version, act=act)
        if not push:
            return moved
        further = replace(act, reason=None, note="")
        return self._step(unit, moved.id, Choice(to=CaseState.PUSHED), version=moved.version, act=further)

    def _step(self, unit: UnitOfWork, id: str, choice: Choice, *, version: int, act: Act) -> Case:
        actor = act.actor
        found = case_for(actor, unit, id)
        _require(found, version, act)
        CASES.decide(found.state, choice.to, actor, reason=choice.reason, note=choice.note)
        _check_outcome(unit, found, choice)
        if choice.to in _PROPOSING:
            require_open_need(unit, found)
        if choice.to in _PROPOSING or _begins(found, choice.to):
            require_eligible(unit, found)
        if choice.to is CaseState.PUSHED:
            require_not_unwanted(unit, found)
        case = found if found.version else self._open(unit, found, act)
        moved = move_case(unit, case, choice.to, act)
        _keep_outcome(unit, moved, choice, act)
        if choice.to in _NEED_FOLLOWS:
            follow_need(unit, case.need_id, _NEED_FOLLOWS[choice.to], act)
        is_first_push = choice.to is CaseState.PUSHED and found.pushed_at is None
        return answered_by_wish(unit, moved, act) if is_first_push else moved

    def _opened(self, unit: UnitOfWork, actor: Actor, id: str, *, version: int, act: Act) -> Case:
        case = case_for(actor, unit, id)
        _require(case, version, act)
        return case if case.version else self._open(unit, case, act)

    def _open(self, unit: UnitOfWork, case: Case, act: Act) -> Case:
        """Store a suggestion as a match."""
        opened = replace(case, version=1, opened_at=act.at, updated_at=act.at)
        if not unit.cases.open(opened):
            # Somebody was faster; what they made of it is what counts.
            present = unit.cases.of_pair(case.pair)
            assert present is not None
            require_version(
                CASES.label, case.id, expected=case.version, present=present.version, state=present.state
            )
        return opened


def _begin_batch(unit: UnitOfWork, act: Act, n_steps: int) -> Act:
    """The same act as part of a new batch."""
    batch = DecisionBatch(id=secrets.token_hex(8), actor=act.actor.id, at=act.at, n_steps=n_steps)
    unit.timeline.start_batch(batch)
    return replace(act, batch_id=batch.id)


def _require(case: Case, version: int, act: Act) -> None:
    require_unclaimed(case, act)
    require_version(CASES.label, case.id, expected=version, present=case.version, state=case.state)


def _check_outcome(unit: UnitOfWork, case: Case, choice: Choice) -> None:
    """Refuse a step without what it is about, or with what belongs to another one."""
    if (choice.to is CaseState.SIGNED) != (choice.contract is not None):
        code = "review.contract_missing" if choice.contract is None else "review.contract_unfitting"
        raise InvalidInput(code, to=choice.to.value)
    if choice.to is CaseState.EVALUATED and not unit.outcomes.get(unit.cases.number(case.id)).evaluations:
        raise Conflict("review.evaluation_missing", id=case.id)


def _keep_outcome(unit: UnitOfWork, case: Case, choice: Choice, act: Act) -> None:
    if choice.contract is not None:
        unit.outcomes.sign(unit.cases.number(case.id), choice.contract)
    if choice.to is CaseState.COMPLETED:
        day = choice.completed_on or act.at.astimezone().date()
        unit.outcomes.complete(unit.cases.number(case.id), day)


def _batch_conflict(found: Sequence[tuple[str, MatchmakerError]]) -> BatchConflict:
    faults = [(id, error.code, str(error)) for id, error in found]
    return BatchConflict("review.batch_conflicts", faults=faults)


def _begins(case: Case, to: CaseState) -> bool:
    return to in RUNNING_CASE_STATES and case.state not in RUNNING_CASE_STATES


def _require_sides(actor: Actor, unit: UnitOfWork, pair: Pair) -> None:
    if not pair.fits:
        raise InvalidInput(
            "review.pair_unfitting", source=KIND_LABELS[pair.source_kind], target=KIND_LABELS[pair.target_kind]
        )
    for kind, id in ((pair.source_kind, pair.source_id), (pair.target_kind, pair.target_id)):
        entity = unit.of(kind).get(id)
        withdrawn = isinstance(entity, Expert) and entity.consent_withdrawn_on is not None
        if entity is None or withdrawn or not sees(actor, unit, entity):
            raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=id)


def _audit(unit: UnitOfWork, act: Act, verb: str, case: Case) -> None:
    entry = AuditEntry(
        at=act.at,
        actor=act.actor.id,
        action=f"review:case:{verb}",
        target=case.id,
        detail={"version": case.version + 1},
    )
    unit.audit.append(entry)
