"""The lists that officers work from, and what an enterprise sees of its own matches."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import (
    SUGGESTION_VIEWS,
    CaseFilter,
    CaseLine,
    CaseSort,
    CaseView,
    SuggestionSort,
    WishSort,
)
from recommender.domain.cases import Case, Subject
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest
from recommender.domain.reminders import Reminder
from recommender.domain.runs import MatchRun
from recommender.services.personal.sight import Sight
from recommender.services.review.options import ReviewSettings
from recommender.services.review.showing import seen_case, seen_timeline, shown_lines
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

ORDERS: Final = tuple(dict.fromkeys((*SuggestionSort, *CaseSort, *WishSort)))
"""Every order that some view has; ``""`` is each view's own."""

_SOURCES: Final = (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)


class QueueService:
    """Use-cases of lists."""

    def __init__(self, database: Database, settings: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now

    def page(self, actor: Actor, wanted: CaseFilter, request: PageRequest) -> Page[CaseLine]:
        """The matches of a view that the actor sees and that fit.

        Raises:
            Forbidden: the actor may not read matches; or, of suggestions and wishes, does not review.
            InvalidInput: a cursor of another list, or an order or a source that the view does not have.
        """
        self._check(actor, wanted)
        now = self._now()
        shaped = self.shaped(wanted, now)
        with self._database.read() as unit:
            if wanted.view not in SUGGESTION_VIEWS and wanted.view is not CaseView.WISHED:
                page = self._shown(actor, unit, unit.case_list.page(actor, shaped, request, now))
                return page if wanted.view is not CaseView.RETURNED else self._with_steps(actor, unit, page)
            run = _published(unit)
            today = now.astimezone().date()
            if wanted.view is CaseView.WISHED:
                return self._shown(actor, unit, unit.case_list.asked.page(actor, shaped, request, run, today))
            return self._shown(actor, unit, unit.case_list.suggestions(actor, shaped, request, run, today))

    def counts(self, actor: Actor, wanted: Sequence[CaseFilter], *, most: int) -> list[int]:
        """How many matches each of these filters leaves; counting ends at ``most``, which says that many or more.

        Raises:
            Forbidden, InvalidInput: see :meth:`page`.
        """
        for one in wanted:
            self._check(actor, one)
        now = self._now()
        today = now.astimezone().date()
        with self._database.read() as unit:
            run = _published(unit)

            def count(one: CaseFilter) -> int:
                shaped = self.shaped(one, now)
                if one.view is CaseView.WISHED:
                    return unit.case_list.asked.count(actor, shaped, today, most=most)
                if one.view not in SUGGESTION_VIEWS:
                    return unit.case_list.count(actor, shaped, now, most=most)
                return unit.case_list.count_suggestions(actor, shaped, run, today, most=most)

            return [count(one) for one in wanted]

    def usual_view(self, actor: Actor) -> CaseView:
        """What is shown where no view is asked for: to reviewers what waits for them, to others all of theirs."""
        return CaseView.UNREVIEWED if actor.may(Permission.CASES_REVIEW) else CaseView.ALL

    def reminders(
        self, actor: Actor, request: PageRequest, *, overdue: bool | None = None, mine: bool = False
    ) -> Page[Reminder]:
        """Reminders that still hold, of what the actor sees.

        Raises:
            Forbidden: the actor may not read matches.
            InvalidInput: a cursor of another list, or an order that reminders do not have.
        """
        actor.require(Permission.CASES_READ)
        with self._database.read() as unit:
            return unit.reminders.page(actor, request, overdue=overdue, mine=mine)

    @staticmethod
    def _check(actor: Actor, wanted: CaseFilter) -> None:
        actor.require(Permission.CASES_READ)
        if wanted.view in SUGGESTION_VIEWS or wanted.view is CaseView.WISHED:
            actor.require(Permission.CASES_REVIEW)
            if (wanted.source_kind or EntityKind.NEED) not in _SOURCES:
                raise InvalidInput("review.queue_source", known="、".join(_SOURCES))

    def _shown(self, actor: Actor, unit: UnitOfWork, page: Page[Case]) -> Page[CaseLine]:
        sight = Sight(actor, unit, self._now())
        lines = shown_lines(unit, sight, [seen_case(sight, case) for case in page.items])
        return Page(tuple(lines), page.next_cursor)

    def _with_steps(self, actor: Actor, unit: UnitOfWork, page: Page[CaseLine]) -> Page[CaseLine]:
        """The same with what was said when each match came where it is."""
        steps = unit.timeline.last_of(Subject.CASE, [line.case.id for line in page.items])
        sight = Sight(actor, unit, self._now())

        def shown(line: CaseLine) -> CaseLine:
            step, pair = steps.get(line.case.id), line.case.pair
            if step is None or not step.note:
                return replace(line, last=step)
            (seen,) = seen_timeline(sight.about(pair.target_kind, pair.target_id), [step])
            return replace(line, last=seen)

        return Page(tuple(map(shown, page.items)), page.next_cursor)

    def shaped(self, wanted: CaseFilter, now: datetime) -> CaseFilter:
        """The filter with what its view adds: limits of scores and of time."""
        settings = self._settings
        match wanted.view:
            case CaseView.HIGH_SCORE:
                return replace(wanted, min_score=max(wanted.min_score or 0.0, settings.high_score))
            case CaseView.LOW_CONFIDENCE:
                highest = settings.low_score if wanted.max_score is None else wanted.max_score
                return replace(wanted, max_score=min(highest, settings.low_score))
            case CaseView.DUE:
                return replace(wanted, due_after=now, due_before=now + settings.remind)
            case CaseView.MY_DUE:
                return replace(wanted, due_before=now + settings.remind)
        return wanted


def _published(unit: UnitOfWork) -> MatchRun | None:
    published = unit.runs.published()
    return unit.runs.get(published.run_id) if published else None
