"""Taking back one's own last decision, or a whole batch of them, for a while after it was made."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Subject, Transition
from recommender.domain.errors import BatchConflict, Conflict, NotFound
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import UNREVIEWED_CASE_STATES, CaseState, NeedState
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.services.access import need_for
from recommender.services.review.finding import case_for
from recommender.services.review.moves import Act, move_case, move_need, require_unclaimed, require_version
from recommender.services.review.needs import require_few
from recommender.services.review.options import ReviewSettings
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


class UndoService:
    """Use-cases of taking back. The step that takes back stands in the timeline like any other."""

    def __init__(self, database: Database, settings: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._transactions = Transactions(database)
        self._settings = settings
        self._now = now

    def undo_case(self, actor: Actor, id: str, *, version: int) -> Case:
        """Bring a match back to where it was before the actor's last decision, outcomes included.

        Raises:
            NotFound: there is no such match, or it is not for this actor.
            Forbidden: the actor may no longer take that step.
            Conflict: another version, nothing to take back, somebody else's step, or too late.
        """

        def work(unit: UnitOfWork) -> Case:
            act = Act(actor=actor, at=self._now())
            case = case_for(actor, unit, id)
            require_unclaimed(case, act)
            require_version(CASES.label, case.id, expected=version, present=case.version, state=case.state)
            return self._back(unit, case, act)

        return self._transactions.run(work)

    def undo_need(self, actor: Actor, need_id: str, *, version: int) -> NeedProgress:
        """Bring a need back to where it was before the actor's last step; matches it cancelled come back too.

        Raises:
            NotFound, Forbidden, Conflict: see :meth:`undo_case`.
            BatchConflict: a match that was cancelled along with it has moved on.
        """

        def work(unit: UnitOfWork) -> NeedProgress:
            return self._need_back(unit, need_id, Act(actor=actor, at=self._now()), version=version)

        return self._transactions.run(work)

    def undo_needs(self, actor: Actor, items: Sequence[tuple[str, int]]) -> list[NeedProgress]:
        """The same for needs that were put away together, all of them or none.

        Args:
            items: id and version of each, at most :data:`recommender.services.review.needs.MAX_TOGETHER`.

        Raises:
            InvalidInput: too many, none, or one of them twice.
            BatchConflict: names every need, or a match of it, that has moved on since.
        """
        require_few(items)

        def work(unit: UnitOfWork) -> list[NeedProgress]:
            act = Act(actor=actor, at=self._now())
            back, faults = [], []
            for need_id, version in sorted(items):
                try:
                    back.append(self._need_back(unit, need_id, act, version=version))
                except (Conflict, NotFound) as error:
                    faults.append((need_id, error.code, str(error)))
            if faults:
                raise BatchConflict("review.needs_conflicts", faults=faults)
            return back

        return self._transactions.run(work)

    def undo_batch(self, actor: Actor, batch_id: str) -> list[Case]:
        """Take back every decision of a batch, or none.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is no such batch, or somebody else made it.
            Conflict: it was taken back before, or it is too late.
            BatchConflict: names every match that has moved on since.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork) -> list[Case]:
            act = Act(actor=actor, at=self._now())
            batch = unit.timeline.batch(batch_id)
            if batch is None or batch.actor != actor.id or _is_of_need(unit, batch_id):
                raise NotFound("review.batch_not_found", id=batch_id)
            if batch.undone_at is not None:
                at = f"{batch.undone_at.astimezone():%Y-%m-%d %H:%M}"
                raise Conflict("review.batch_undone", id=batch_id, at=at)
            cases = self._cases_back(unit, batch_id, act)
            unit.timeline.mark_undone(batch_id, act.at)
            return cases

        return self._transactions.run(work)

    def _need_back(self, unit: UnitOfWork, need_id: str, act: Act, *, version: int) -> NeedProgress:
        need_for(act.actor, unit, need_id)
        progress = unit.needs_progress.get(need_id)
        require_version(NEEDS.label, need_id, expected=version, present=progress.version, state=progress.state)
        step = self._own(unit, Subject.NEED, need_id, state=progress.state, actor=act.actor)
        assert isinstance(step.from_state, NeedState)
        if step.batch_id:
            self._cases_back(unit, step.batch_id, act)
        return move_need(unit, progress, step.from_state, replace(act, undoes=step.number))

    def _cases_back(self, unit: UnitOfWork, batch_id: str, act: Act) -> list[Case]:
        steps = [step for step in unit.timeline.of_batch(batch_id) if step.subject is Subject.CASE]
        present = unit.cases.get_many([step.subject_id for step in steps if step.undone_by is None])
        back, faults = [], []
        for case in present.values():
            try:
                back.append(self._case_back(unit, case, batch_id, act))
            except Conflict as error:
                faults.append((case.id, error.code, str(error)))
        if faults:
            raise BatchConflict("review.batch_conflicts", faults=faults)
        return back

    def _case_back(self, unit: UnitOfWork, case: Case, batch_id: str, act: Act) -> Case:
        """Take back every step that a batch took with a match, the last one first."""
        step = unit.timeline.in_force(Subject.CASE, case.id)
        if step is None or step.batch_id != batch_id:
            raise Conflict("review.undo_not_own", label=CASES.label, id=case.id, actor=_who(step))
        require_unclaimed(case, act)
        while step is not None and step.batch_id == batch_id:
            case = self._back(unit, case, act, by_batch=True)
            step = unit.timeline.in_force(Subject.CASE, case.id)
        return case

    def _back(self, unit: UnitOfWork, case: Case, act: Act, *, by_batch: bool = False) -> Case:
        case = _without_answer(unit, case, act)
        step = self._own(unit, Subject.CASE, case.id, state=case.state, actor=act.actor, by_batch=by_batch)
        assert isinstance(step.from_state, CaseState)
        _forget_outcome(unit, case)
        return move_case(unit, _without(case, step), step.from_state, replace(act, undoes=step.number))

    def _own(
        self,
        unit: UnitOfWork,
        subject: Subject,
        id: str,
        *,
        state: NeedState | CaseState,
        actor: Actor,
        by_batch: bool = False,
    ) -> Transition:
        """The step in force, if the actor may take it back."""
        label = (CASES if subject is Subject.CASE else NEEDS).label
        step = unit.timeline.in_force(subject, id)
        if step is None or step.to_state != state:
            raise Conflict("review.undo_nothing", label=label, id=id)
        if step.actor != actor.id or (step.by_system and not by_batch):
            raise Conflict("review.undo_not_own", label=label, id=id, actor=_who(step))
        if self._now() > step.at + self._settings.undo:
            minutes = int(self._settings.undo.total_seconds() // 60)
            raise Conflict("review.undo_late", label=label, id=id, minutes=minutes)
        return step


def undo_until(
    step: Transition | None, state: NeedState | CaseState, actor: Actor, settings: ReviewSettings
) -> datetime | None:
    """Until when the actor may take a step in force back; ``None`` where it is not theirs to take back."""
    if step is None or step.to_state != state or step.actor != actor.id or step.by_system:
        return None
    return step.at + settings.undo


def _is_of_need(unit: UnitOfWork, batch_id: str) -> bool:
    """Whether the steps followed from that of a need, with which they come back."""
    return any(step.subject is Subject.NEED and not step.by_system for step in unit.timeline.of_batch(batch_id))


def _without_answer(unit: UnitOfWork, case: Case, act: Act) -> Case:
    """The match without the answer that a wish gave when it was pushed: it comes back with the push."""
    step = unit.timeline.in_force(Subject.CASE, case.id)
    if step is None or not step.by_system or step.to_state != case.state:
        return case
    if (step.from_state, step.to_state) != (CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED):
        return case
    return move_case(unit, case, CaseState.PUSHED, act.following().undoing(step.number))


def _who(step: Transition | None) -> str:
    return "--" if step is None else step.actor


def _without(case: Case, step: Transition) -> Case:
    """The match without what the step gave it beside its state."""
    first_push = step.to_state is CaseState.PUSHED and step.from_state is not CaseState.ENTERPRISE_DECLINED
    unreviewed = step.from_state in UNREVIEWED_CASE_STATES and step.actor == case.officer
    return replace(
        case,
        pushed_at=None if first_push else case.pushed_at,
        officer="" if unreviewed else case.officer,
    )


def _forget_outcome(unit: UnitOfWork, case: Case) -> None:
    if case.state is CaseState.SIGNED:
        unit.outcomes.forget_contract(unit.cases.number(case.id))
    elif case.state is CaseState.COMPLETED:
        unit.outcomes.complete(unit.cases.number(case.id), None)
