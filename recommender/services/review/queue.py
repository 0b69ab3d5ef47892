"""The lists that officers work from, and what an enterprise sees of its own matches."""

from collections import defaultdict
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
)
from recommender.domain.cases import Case
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need, Platform
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest
from recommender.domain.reminders import Reminder
from recommender.services.review.options import ReviewSettings
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

ORDERS: Final = tuple(dict.fromkeys((*SuggestionSort, *CaseSort)))
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
            Forbidden: the actor may not read matches; or, of suggestions, does not review.
            InvalidInput: a cursor of another list, or an order or a source that the view does not have.
        """
        actor.require(Permission.CASES_READ)
        now = self._now()
        shaped = self._shaped(wanted, now)
        with self._database.read() as unit:
            if wanted.view not in SUGGESTION_VIEWS:
                return _lines(unit, unit.case_list.page(actor, shaped, request, now))
            actor.require(Permission.CASES_REVIEW)
            if (wanted.source_kind or EntityKind.NEED) not in _SOURCES:
                raise InvalidInput("review.queue_source", known="、".join(_SOURCES))
            published = unit.runs.published()
            run = unit.runs.get(published.run_id) if published else None
            if run is None:
                return Page(())
            today = now.astimezone().date()
            return _lines(unit, unit.case_list.suggestions(actor, shaped, request, run, today))

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

    def _shaped(self, wanted: CaseFilter, now: datetime) -> CaseFilter:
        """The filter with what its view adds."""
        settings = self._settings
        match wanted.view:
            case CaseView.HIGH_SCORE:
                return replace(wanted, min_score=max(wanted.min_score or 0.0, settings.high_score))
            case CaseView.LOW_CONFIDENCE:
                highest = settings.low_score if wanted.max_score is None else wanted.max_score
                return replace(wanted, max_score=min(highest, settings.low_score))
            case CaseView.DUE:
                return replace(wanted, due_after=now, due_before=now + settings.remind)
        return wanted


def _lines(unit: UnitOfWork, page: Page[Case]) -> Page[CaseLine]:
    """The matches with the names of whom they are about, each kind of record read once."""
    wanted: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for case in page.items:
        wanted[case.pair.source_kind].add(case.pair.source_id)
        wanted[case.pair.target_kind].add(case.pair.target_id)
        wanted[EntityKind.NEED].add(case.need_id)
        wanted[EntityKind.ENTERPRISE].add(case.enterprise_code)
    found = {kind: unit.of(kind).get_many(sorted(ids - {""})) for kind, ids in wanted.items()}
    return Page(tuple(_line(case, found) for case in page.items), page.next_cursor)


def _line(case: Case, found: dict[EntityKind, dict[str, Entity]]) -> CaseLine:
    pair = case.pair
    source = found[pair.source_kind].get(pair.source_id)
    target = found[pair.target_kind].get(pair.target_id)
    need = found[EntityKind.NEED].get(case.need_id)
    owner = found[EntityKind.ENTERPRISE].get(case.enterprise_code)
    chains: Sequence[str] = [
        record.industry_chain for record in (need, owner) if isinstance(record, Need | Enterprise)
    ]
    return CaseLine(
        case=case,
        source_name=source.name if source else "",
        target_name=target.name if target else "",
        target_organisation=_organisation(target),
        enterprise_name=owner.name if owner else "",
        town=owner.town if isinstance(owner, Enterprise) else "",
        industry_chain=next(filter(None, chains), ""),
    )


def _organisation(entity: Entity | None) -> str:
    match entity:
        case Platform(host_organisation=organisation):
            return organisation
        case Expert(organisation=organisation) | Achievement(organisation=organisation):
            return organisation
    return ""
