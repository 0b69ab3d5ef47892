"""Following matches on which somebody has decided: a board, counts, and one match with all about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final

from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.case_groups import FOLLOWED_STATES, GROUP_STATES, CaseGroup, StateCount
from recommender.domain.case_lists import RETURNED_CASE_STATES, CaseFilter, CaseLine, CaseSort, CaseView
from recommender.domain.cases import Case, Transition
from recommender.domain.entities import Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import MAX_PAGE_SIZE, PageRequest
from recommender.domain.workflow import AGREED_CASE_STATES, OPEN_CASE_STATES, CaseState
from recommender.services.personal.consents import expert_or_not_found, may_release_contact
from recommender.services.personal.sight import Sight
from recommender.services.review.cases import CaseDetail, CaseService
from recommender.services.review.explaining import ExplainedMatch, MatchExplainer
from recommender.services.review.options import ReviewSettings
from recommender.services.review.queue import QueueService
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MOST_EXPORTED: Final = 10_000
"""Matches in one exported table."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One group of states: all that stand there are counted, the first few are shown."""

    group: CaseGroup
    count: StateCount
    lines: tuple[CaseLine, ...]


class ContactGate(Enum):
    """Whether a match's contacts may be asked for."""

    NO_PERSON = auto()
    """It is not with an expert: there is nobody's contact to release."""
    NOT_AGREED = auto()
    NO_CONSENT = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedCase:
    """One match with all that its page shows.

    Attributes:
        explained: why it was suggested, as far as that can still be told.
        names: of accounts in the timeline, by id, as far as they are for the reader.
        undo_until: until when the reader may take back the last step; ``None`` where they may not.
        contact: whether contacts may be asked for.
    """

    detail: CaseDetail
    explained: ExplainedMatch
    names: Mapping[str, str]
    undo_until: datetime | None
    contact: ContactGate


class TrackingService:
    """Use-cases of following matches.

    Args:
        queue: reads lists.
        cases: reads single matches.
        explainer: opened when first needed.
    """

    def __init__(
        self,
        database: Database,
        queue: QueueService,
        cases: CaseService,
        explainer: Callable[[], MatchExplainer],
        *,
        settings: ReviewSettings,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._queue = queue
        self._cases = cases
        self._explainer = explainer
        self._settings = settings
        self._now = now

    def counts(self, actor: Actor, wanted: CaseFilter) -> dict[CaseState, StateCount]:
        """How many matches that the actor sees stand in each state.

        Raises:
            Forbidden: the actor may not read matches.
        """
        actor.require(Permission.CASES_READ)
        now = self._now()
        with self._database.read() as unit:
            shaped = self._queue.shaped(followed(wanted), now)
            return unit.case_list.counts(actor, shaped, now, soon=now + self._settings.remind)

    def views(self, actor: Actor, wanted: CaseFilter) -> dict[CaseView, int]:
        """How many matches each view would have, whatever the view and the states of the filter.

        Raises:
            Forbidden: the actor may not read matches.
        """
        everywhere = replace(wanted, states=frozenset())
        counts = self.counts(actor, replace(everywhere, view=CaseView.ALL))
        mine = self.counts(actor, replace(everywhere, view=CaseView.MINE))

        def summed(states: Iterable[CaseState]) -> StateCount:
            return sum((counts[state] for state in states if state in counts), StateCount())

        return {
            CaseView.OPEN: summed(OPEN_CASE_STATES).n,
            CaseView.MINE: sum(count.n for count in mine.values()),
            CaseView.DUE: summed(counts).n_due,
            CaseView.OVERDUE: summed(counts).n_overdue,
            CaseView.RETURNED: summed(RETURNED_CASE_STATES).n,
            CaseView.ALL: summed(counts).n,
        }

    def board(self, actor: Actor, wanted: CaseFilter, *, per_column: int) -> tuple[BoardColumn, ...]:
        """The matches of a view by group; an enterprise has no column of what it does not see yet.

        Args:
            per_column: matches shown of each group: what is due first, first; of what has ended, the latest.

        Raises:
            Forbidden: the actor may not read matches.
        """
        counts = self.counts(actor, wanted)
        hidden = {CaseGroup.PUSH} if actor.role is Role.ENTERPRISE else set()
        return tuple(
            self._column(actor, wanted, group, counts, per_column) for group in CaseGroup if group not in hidden
        )

    def export(self, actor: Actor, wanted: CaseFilter, *, sort: str = "") -> list[CaseLine]:
        """The matches of a view for a table, persons masked; that they were exported is in the audit trail.

        Returns:
            At most :data:`MOST_EXPORTED`, in the order asked for.

        Raises:
            Forbidden: the actor may not read matches.
            InvalidInput: an order that matches do not have.
        """
        request = PageRequest(limit=MAX_PAGE_SIZE, sort=sort)
        found: list[CaseLine] = []
        while len(found) < MOST_EXPORTED:
            page = self._queue.page(actor, followed(wanted), request)
            found += page.items
            if not page.next_cursor:
                break
            request = replace(request, cursor=page.next_cursor)
        entry = AuditEntry(
            at=self._now(), actor=actor.id, action="review:case:export", target="", detail={"n": len(found)}
        )
        with self._database.write() as unit:
            unit.audit.append(entry)
        return found

    def one(self, actor: Actor, id: str) -> TrackedCase:
        """One match.

        Raises:
            Forbidden: the actor may not read matches.
            NotFound: there is none, or it is not for this actor.
        """
        with self._database.read() as unit:
            detail = self._cases.detail(actor, unit, id)
            sight = Sight(actor, unit, self._now())
            return TrackedCase(
                detail=detail,
                explained=self._explainer().explain(actor, unit, sight, detail.case),
                names=_names(actor, unit, detail),
                undo_until=self._undo_until(actor, detail),
                contact=_contact(unit, detail.case),
            )

    def officers(self, actor: Actor) -> dict[str, str]:
        """Display names by id of the accounts that matches which the actor sees belong to, by name.

        Raises:
            Forbidden: the actor does not review.
        """
        actor.require(Permission.CASES_REVIEW)
        with self._database.read() as unit:
            accounts = unit.accounts.get_many(unit.case_list.officers(actor))
        by_name = sorted(accounts.values(), key=lambda account: (account.display_name, account.id))
        return {account.id: account.display_name for account in by_name}

    def _column(
        self,
        actor: Actor,
        wanted: CaseFilter,
        group: CaseGroup,
        counts: Mapping[CaseState, StateCount],
        per_column: int,
    ) -> BoardColumn:
        states = frozenset(GROUP_STATES[group]) & (wanted.states or FOLLOWED_STATES)
        count = sum((counts.get(state, StateCount()) for state in states), StateCount())
        if not count.n or not per_column:
            return BoardColumn(group, count, ())
        sort = CaseSort.UPDATED if group is CaseGroup.ENDED else CaseSort.DUE
        request = PageRequest(limit=per_column, sort=sort)
        page = self._queue.page(actor, replace(wanted, states=states), request)
        return BoardColumn(group, count, page.items)

    def _undo_until(self, actor: Actor, detail: CaseDetail) -> datetime | None:
        """The end of the time in which :class:`UndoService` would take the last step back for this actor."""
        step = _in_force(detail.timeline)
        case = detail.case
        if step is None or step.to_state != case.state or step.actor != actor.id or step.by_system:
            return None
        if case.claimed_by_other(actor.id, self._now()):
            return None
        until = step.at + self._settings.undo
        return until if self._now() <= until else None


def followed(wanted: CaseFilter) -> CaseFilter:
    """The filter, narrowed down to what is followed where no states are asked for."""
    return wanted if wanted.states else replace(wanted, states=FOLLOWED_STATES)


def _in_force(timeline: Sequence[Transition]) -> Transition | None:
    standing = [step for step in timeline if step.undoes is None and step.undone_by is None]
    return standing[-1] if standing else None


def _names(actor: Actor, unit: UnitOfWork, detail: CaseDetail) -> dict[str, str]:
    """Display names of who acted; an enterprise is told those of its own accounts only."""
    case = detail.case
    ids = {step.actor for step in detail.timeline} | {case.officer, case.claimed_by}
    ids |= {evaluation.by for evaluation in detail.outcome.evaluations}
    accounts = unit.accounts.get_many(sorted(ids - {""}))
    outside = actor.role is Role.ENTERPRISE
    return {
        id: account.display_name
        for id, account in accounts.items()
        if not outside or account.enterprise_code == actor.enterprise_code
    }


def _contact(unit: UnitOfWork, case: Case) -> ContactGate:
    if case.pair.target_kind is not EntityKind.EXPERT:
        return ContactGate.NO_PERSON
    if case.state not in AGREED_CASE_STATES:
        return ContactGate.NOT_AGREED
    expert: Expert = expert_or_not_found(unit, case.pair.target_id)
    return ContactGate.OPEN if may_release_contact(unit, expert) else ContactGate.NO_CONSENT
