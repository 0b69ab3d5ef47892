"""What comes of matches: contracts corrected, milestones, evaluations by both sides, instalments of funding."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.cases import Case, Contract, Evaluation, Funding, Milestone, Outcome, Side
from recommender.domain.errors import Conflict, Forbidden, NotFound
from recommender.domain.match import AuditEntry
from recommender.domain.workflow import SIGNED_CASE_STATES, CaseState
from recommender.services.personal.sight import Sight
from recommender.services.review.finding import case_for
from recommender.services.review.showing import seen_outcome
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_EVALUATED: Final = frozenset({CaseState.IMPLEMENTATION, CaseState.COMPLETED, CaseState.EVALUATED})


class OutcomeService:
    """Use-cases around outcomes. They belong to a contract: before ``签约`` there is nothing to record."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._transactions = Transactions(database)
        self._now = now

    def get(self, actor: Actor, id: str) -> Outcome:
        """Everything that came of a match.

        Raises:
            Forbidden: the actor may not read matches.
            NotFound: there is none, or it is not for this actor.
        """
        actor.require(Permission.CASES_READ)
        with self._database.read() as unit:
            case = case_for(actor, unit, id)
            outcome = unit.outcomes.get(unit.cases.number(case.id)) if case.version else Outcome()
            return seen_outcome(Sight(actor, unit, self._now()), outcome)

    def correct_contract(self, actor: Actor, id: str, contract: Contract) -> Outcome:
        """Write the contract anew: a registration number, or the amount that was not known at first.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is no such match, or it is not for this actor.
            Conflict: it has no contract.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork, case: Case, number: int) -> None:
            if case.state not in SIGNED_CASE_STATES:
                raise _too_early(case)
            unit.outcomes.sign(number, contract)

        return self._record(actor, id, "contract", work)

    def add_milestone(self, actor: Actor, id: str, milestone: Milestone) -> Outcome:
        """Add something that carrying out the contract is measured by.

        Raises:
            Forbidden, NotFound, Conflict: see :meth:`correct_contract`.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork, case: Case, number: int) -> None:
            if case.state not in SIGNED_CASE_STATES:
                raise _too_early(case)
            unit.outcomes.add_milestone(number, milestone)

        return self._record(actor, id, "milestone", work)

    def change_milestone(self, actor: Actor, id: str, number: int, changes: Mapping[str, Any]) -> Outcome:
        """Change a milestone: most often, that it was reached.

        Args:
            number: of the milestone within the match.
            changes: fields of :class:`Milestone` by name; others stay.

        Raises:
            Forbidden, NotFound, Conflict: see :meth:`correct_contract`; there is no such milestone.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork, case: Case, case_number: int) -> None:
            known = {item.number: item for item in unit.outcomes.get(case_number).milestones}
            if number not in known:
                raise NotFound("review.milestone_not_found", number=number, id=case.id)
            unit.outcomes.put_milestone(case_number, replace(known[number], **changes, number=number))

        return self._record(actor, id, "milestone", work)

    def evaluate(self, actor: Actor, id: str, evaluation: Evaluation) -> Outcome:
        """Record how one side judges the cooperation. An enterprise judges for itself, officers write for both.

        Raises:
            Forbidden: the actor may not answer, or the judgement is the other side's.
            NotFound: there is no such match, or it is not for this actor.
            Conflict: it is not that far.
        """
        actor.require(Permission.CASES_ANSWER)
        if actor.role is Role.ENTERPRISE and evaluation.side is not Side.ENTERPRISE:
            raise Forbidden("review.evaluation_of_other")

        def work(unit: UnitOfWork, case: Case, number: int) -> None:
            if case.state not in _EVALUATED:
                raise _too_early(case)
            unit.outcomes.evaluate(number, replace(evaluation, by=actor.id, at=self._now()))

        return self._record(actor, id, "evaluation", work)

    def pay(self, actor: Actor, id: str, funding: Funding) -> Outcome:
        """Record one instalment of 预研资金, or correct it.

        Raises:
            Forbidden, NotFound, Conflict: see :meth:`correct_contract`.
        """
        actor.require(Permission.CASES_REVIEW)

        def work(unit: UnitOfWork, case: Case, number: int) -> None:
            if case.state not in SIGNED_CASE_STATES:
                raise _too_early(case)
            unit.outcomes.pay(number, funding)

        return self._record(actor, id, "funding", work)

    def _record(self, actor: Actor, id: str, what: str, work: Callable[[UnitOfWork, Case, int], None]) -> Outcome:
        """Do the work on a match that was acted on, and say so in the audit trail."""

        def recorded(unit: UnitOfWork) -> Outcome:
            case = case_for(actor, unit, id)
            if not case.version:
                raise _too_early(case)
            number = unit.cases.number(case.id)
            work(unit, case, number)
            entry = AuditEntry(
                at=self._now(),
                actor=actor.id,
                action="review:outcome:record",
                target=case.id,
                detail={"what": what},
            )
            unit.audit.append(entry)
            return seen_outcome(Sight(actor, unit, self._now()), unit.outcomes.get(number))

        return self._transactions.run(recorded)


def _too_early(case: Case) -> Conflict:
    return Conflict("review.outcome_too_early", id=case.id, state=case.state.value)
