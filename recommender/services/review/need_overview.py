"""Needs as pages show them: lists with what waits beside each, and one need with all that is known of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Subject, Transition
from recommender.domain.entities import Enterprise
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedCounts, NeedFilter, NeedLine, NeedView
from recommender.domain.paging import Page, PageRequest
from recommender.services.access import need_for
from recommender.services.intake import IntakeService, NeedCheck
from recommender.services.personal.sight import Sight
from recommender.services.review.needs import NeedDetail, NeedService, detail_of
from recommender.services.review.options import ReviewSettings
from recommender.services.review.showing import seen_timeline
from recommender.services.review.undo import undo_until
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedOverview:
    """A line of a list.

    Attributes:
        completeness: 0 to 100, higher is better.
        n_days_late: whole days since what is expected was due, 0 where it is not late.
    """

    line: NeedLine
    completeness: int
    counts: NeedCounts
    is_overdue: bool
    n_days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDossier:
    """All that a page tells of one need.

    Attributes:
        enterprise_name, town: of its owner, ``""`` where there is none.
        timeline: every step, first to last; ``names`` says who the accounts in it are.
        last: the step in force, ``None`` where none was taken.
        undo_until: until when the actor may take that step back, ``None`` where it is too late or not theirs.
        is_masked: whether something of it is hidden from the actor.
    """

    detail: NeedDetail
    enterprise_name: str
    town: str
    check: NeedCheck
    counts: NeedCounts
    timeline: tuple[Transition, ...]
    names: dict[str, str]
    last: Transition | None
    undo_until: datetime | None
    is_masked: bool
    is_overdue: bool


class NeedOverviewService:
    """Use-cases of looking at needs. What is not for the actor is not there (404)."""

    def __init__(
        self,
        database: Database,
        needs: NeedService,
        intake: IntakeService,
        settings: ReviewSettings,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._needs = needs
        self._intake = intake
        self._settings = settings
        self._now = now

    def page(self, actor: Actor, conditions: NeedFilter, request: PageRequest) -> Page[NeedOverview]:
        """The needs that the actor sees and that fit.

        Raises:
            Forbidden, InvalidInput: see :meth:`NeedService.page`.
        """
        found = self._needs.page(actor, self._shaped(conditions), request)
        ids = [line.need.id for line in found.items]
        with self._database.read() as unit:
            counts = unit.need_counts.of(actor, ids, run_id=_published(unit)) if ids else {}
        return Page(tuple(self._overview(line, counts[line.need.id]) for line in found.items), found.next_cursor)

    def views(self, actor: Actor, conditions: NeedFilter) -> dict[NeedView, int]:
        """How many needs each view holds of those that the actor sees and that fit, whatever their state.

        Raises:
            Forbidden: the actor may not read needs.
        """
        actor.require(Permission.NEEDS_READ)
        with self._database.read() as unit:
            states = unit.need_list.states(actor, self._shaped(conditions))
        return {
            view: sum(states.get(state, 0) for state in of_view) for view, of_view in NEED_VIEW_STATES.items()
        }

    def get(self, actor: Actor, need_id: str) -> NeedDossier:
        """One need with all that is known of it.

        Raises:
            Forbidden: the actor may not read needs.
            NotFound: there is none, or it is not for this actor.
        """
        actor.require(Permission.NEEDS_READ)
        now = self._now()
        with self._database.read() as unit:
            need = need_for(actor, unit, need_id)
            detail = detail_of(unit, actor, need, now)
            owner = unit.enterprises.get(need.enterprise_code) if need.enterprise_code else None
            sight = Sight(actor, unit, now)
            timeline = seen_timeline(sight, unit.timeline.of(Subject.NEED, need_id))
            last = unit.timeline.in_force(Subject.NEED, need_id)
            return NeedDossier(
                detail=detail,
                enterprise_name=_shown_name(sight, owner),
                town=owner.town if owner is not None else "",
                check=self._intake.check(actor, detail.need, unit),
                counts=unit.need_counts.of(actor, [need_id], run_id=_published(unit))[need_id],
                timeline=tuple(timeline),
                names=_names(unit, timeline, detail.progress.filed_by),
                last=None if last is None else seen_timeline(sight, [last])[0],
                undo_until=self._undo_until(last, detail, actor),
                is_masked=need != detail.need,
                is_overdue=_is_over(detail.progress.due_at, now),
            )

    def _shaped(self, conditions: NeedFilter) -> NeedFilter:
        return replace(conditions, due_before=self._now()) if conditions.is_overdue else conditions

    def _overview(self, line: NeedLine, counts: NeedCounts) -> NeedOverview:
        now = self._now()
        return NeedOverview(
            line=line,
            completeness=self._intake.score(line.need),
            counts=counts,
            is_overdue=_is_over(line.progress.due_at, now),
            n_days_late=max(0, (now - line.progress.due_at).days) if line.progress.due_at else 0,
        )

    def _undo_until(self, step: Transition | None, detail: NeedDetail, actor: Actor) -> datetime | None:
        until = undo_until(step, detail.progress.state, actor, self._settings)
        return until if until is not None and until >= self._now() else None


def _published(unit: UnitOfWork) -> str:
    published = unit.runs.published()
    return published.run_id if published is not None else ""


def _names(unit: UnitOfWork, timeline: Sequence[Transition], filed_by: str) -> dict[str, str]:
    """Display names of accounts; what acts without one (the clock, the command line) is left out."""
    accounts = {id: unit.accounts.get(id) for id in {filed_by, *(step.actor for step in timeline)} - {""}}
    return {id: account.display_name for id, account in accounts.items() if account is not None}


def _shown_name(sight: Sight, owner: Enterprise | None) -> str:
    return "" if owner is None else sight.name(owner.kind, owner.code, owner.name)


def _is_over(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now
