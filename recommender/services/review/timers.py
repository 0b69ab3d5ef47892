"""What the clock does: frees claims, counts silence, lets needs expire, cancels what is gone, and reminds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, Pair
from recommender.domain.match import AuditEntry
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.services.review.finding import parties
from recommender.services.review.moves import CANCELLABLE, Act, cancel_cases, move_case, move_need, put_case
from recommender.services.review.options import ReviewSettings
from recommender.services.review.wishing import void_gone
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200
"""Steps in one transaction: short enough that nobody waits for it."""

_EXPIRING: Final = tuple(state for state in NeedState if NEEDS.follow(state, NeedState.EXPIRED) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerReport:
    """What the clock did.

    Attributes:
        n_claims_freed: matches that wait for anybody again.
        n_silent: experts who did not answer in time.
        n_expired: needs whose deadline is over.
        n_cancelled: matches and wishes one side of which left the library, or was merged into another record.
        n_reminders: reminders that are new.
    """

    n_claims_freed: int
    n_silent: int
    n_expired: int
    n_cancelled: int
    n_reminders: int


class TimerService:
    """Use-cases of the clock. Done twice, the second time does nothing."""

    def __init__(self, database: Database, settings: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._transactions = Transactions(database)
        self._settings = settings
        self._now = now

    def run(self, *, actor: str) -> TimerReport:
        """Do everything whose time has come.

        Args:
            actor: who started it, for the timeline and the audit trail.

        Raises:
            Unavailable: the database cannot be used.
        """
        act = Act(actor=Actor.trusted(actor), at=self._now(), by_system=True)
        return TimerReport(
            n_claims_freed=self._all(act, _claims_over, _free),
            n_silent=self._all(act, _silent, _count_silence),
            n_expired=self._all(act, _past_deadline, _expire),
            n_cancelled=self._all(act, _gone, _cancel) + self._void(act),
            n_reminders=self._remind(act),
        )

    def _all(
        self,
        act: Act,
        find: Callable[[UnitOfWork, datetime], Sequence[str]],
        do: Callable[[UnitOfWork, Sequence[str], Act], int],
    ) -> int:
        """Find and do, a few at a time, until nothing is left that can be done."""
        total = 0
        while True:

            def work(unit: UnitOfWork) -> tuple[int, int]:
                found = find(unit, act.at)
                return len(found), do(unit, found, act)

            n_found, n_done = self._transactions.run(work)
            total += n_done
            if n_found < _AT_ONCE or not n_done:
                return total

    def _void(self, act: Act) -> int:
        total = 0
        while True:

            def work(unit: UnitOfWork) -> int:
                found = unit.wishes.gone(_AT_ONCE)
                for wish in found:
                    void_gone(unit, wish, act)
                return len(found)

            n_done = self._transactions.run(work)
            total += n_done
            if n_done < _AT_ONCE:
                return total

    def _remind(self, act: Act) -> int:
        def work(unit: UnitOfWork) -> int:
            n_new = unit.reminders.remind(act.at, act.at + self._settings.remind)
            if n_new:
                detail: dict[str, object] = {"n": n_new}
                unit.audit.append(
                    AuditEntry(
                        at=act.at, actor=act.actor.id, action="review:reminder:give", target="", detail=detail
                    )
                )
            return n_new

        return self._transactions.run(work)


def _claims_over(unit: UnitOfWork, now: datetime) -> Sequence[str]:
    return unit.cases.claims_over(now, _AT_ONCE)


def _silent(unit: UnitOfWork, now: datetime) -> Sequence[str]:
    return unit.cases.overdue(CaseState.ENTERPRISE_INTERESTED, now, _AT_ONCE)


def _past_deadline(unit: UnitOfWork, now: datetime) -> Sequence[str]:
    return unit.needs_progress.past_deadline(now.astimezone().date(), _EXPIRING, _AT_ONCE)


def _gone(unit: UnitOfWork, _now: datetime) -> Sequence[str]:
    return unit.cases.gone(CANCELLABLE, _AT_ONCE)


def _free(unit: UnitOfWork, ids: Sequence[str], act: Act) -> int:
    n_freed = 0
    for case in unit.cases.get_many(ids).values():
        if case.claimed_until is None or case.claimed_until > act.at:
            continue
        n_freed += 1
        if case.state is CaseState.IN_REVIEW and CASES.follow(case.state, CaseState.SUGGESTED):
            move_case(unit, case, CaseState.SUGGESTED, act)
        else:
            put_case(unit, _unclaimed(case, act.at), before=case)
    return n_freed


def _unclaimed(case: Case, at: datetime) -> Case:
    """The match without anybody who works on it."""
    return replace(case, version=case.version + 1, claimed_by="", claimed_until=None, updated_at=at)


def _count_silence(unit: UnitOfWork, ids: Sequence[str], act: Act) -> int:
    n_silent = 0
    for case in unit.cases.get_many(ids).values():
        waiting = case.state is CaseState.ENTERPRISE_INTERESTED and case.due_at is not None
        if waiting and case.due_at is not None and case.due_at <= act.at:
            move_case(unit, case, CaseState.EXPERT_SILENT, act.following(ReasonCode.NO_ANSWER))
            n_silent += 1
    return n_silent


def _expire(unit: UnitOfWork, ids: Sequence[str], act: Act) -> int:
    n_expired = 0
    today = act.at.astimezone().date()
    for need in unit.needs.get_many(ids).values():
        progress = unit.needs_progress.get(need.id)
        over = need.deadline is not None and need.deadline < today
        if over and NEEDS.follow(progress.state, NeedState.EXPIRED) is not None:
            move_need(unit, progress, NeedState.EXPIRED, act.following(ReasonCode.STALE))
            n_expired += 1
    return n_expired


def _cancel(unit: UnitOfWork, ids: Sequence[str], act: Act) -> int:
    """Cancel matches one side of which is gone; the successor of one that was merged away takes its place."""
    n_done = 0
    for case in unit.cases.get_many(ids).values():
        successor = _succeeded(unit, case)
        if successor == case.pair:
            n_done += len(cancel_cases(unit, [case], act.following(ReasonCode.STALE)))
        elif unit.cases.of_pair(successor) is not None:
            n_done += len(cancel_cases(unit, [case], act.following(ReasonCode.DUPLICATE)))
        else:
            need_id, enterprise_code = parties(unit, successor)
            changed = replace(
                case,
                pair=successor,
                need_id=need_id,
                enterprise_code=enterprise_code,
                version=case.version + 1,
                updated_at=act.at,
            )
            put_case(unit, changed, before=case)
            n_done += 1
    return n_done


def _succeeded(unit: UnitOfWork, case: Case) -> Pair:
    """The pair with the ids that answer now for those that were merged away."""
    pair = case.pair
    source = unit.identity.resolve(pair.source_kind, [pair.source_id]).get(pair.source_id, pair.source_id)
    target = unit.identity.resolve(pair.target_kind, [pair.target_id]).get(pair.target_id, pair.target_id)
    return replace(pair, source_id=source, target_id=target)
