"""An enterprise's first page: what waits for it, its needs, what it asked for, and what is under way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseSort, CaseView
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedFilter, NeedSort, NeedView
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import WishLine, WishProgress
from recommender.domain.workflow import OPEN_CASE_STATES, CaseState
from recommender.services.review.need_overview import NeedOverview, NeedOverviewService
from recommender.services.review.queue import QueueService
from recommender.services.review.wishes import wish_lines
from recommender.store.database import Database

N_SHOWN: Final = 6
_UNDER_WAY: Final = OPEN_CASE_STATES - {CaseState.PUSHED, CaseState.COMPLETED}
_NEEDS: Final = NEED_VIEW_STATES[NeedView.REVIEW] | NEED_VIEW_STATES[NeedView.OPEN]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Something the enterprise said, and the title of the need it was said for."""

    line: WishLine
    need_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseHome:
    """Everything on the page, each list the first :data:`N_SHOWN`.

    Attributes:
        unanswered: matches that wait for a yes or no, due first.
        unwritten: needs that wait to be written on: returned ones and drafts.
        unjudged: matches that were completed and wait for how it went.
        needs: those that are reviewed or looked after, due first.
        views: how many needs each view holds.
        asked_for: what was asked for and not pushed yet, latest first.
        under_way: matches that the enterprise wants, latest first.
        at: the moment of all this.
    """

    unanswered: tuple[CaseLine, ...]
    unwritten: tuple[NeedOverview, ...]
    unjudged: tuple[CaseLine, ...]
    needs: tuple[NeedOverview, ...]
    views: Mapping[NeedView, int]
    asked_for: tuple[AskedFor, ...]
    under_way: tuple[CaseLine, ...]
    at: datetime

    @property
    def n_needs(self) -> int:
        """Of any state."""
        return self.views[NeedView.ALL]

    @property
    def n_waiting(self) -> int:
        """How many things wait for the enterprise, as far as they are listed."""
        return len(self.unanswered) + len(self.unwritten) + len(self.unjudged)


class EnterpriseHomeService:
    """The use-case of an enterprise's first page."""

    def __init__(
        self,
        database: Database,
        needs: NeedOverviewService,
        queue: QueueService,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._needs = needs
        self._queue = queue
        self._now = now

    def of(self, actor: Actor) -> EnterpriseHome:
        """What an enterprise's account sees first.

        Raises:
            Forbidden: the actor may not read needs or matches.
        """
        actor.require(Permission.NEEDS_READ)
        return EnterpriseHome(
            unanswered=self._cases(actor, frozenset({CaseState.PUSHED}), CaseSort.DUE),
            unwritten=self._page(actor, NeedView.OWNER, NeedSort.DUE),
            unjudged=self._cases(actor, frozenset({CaseState.COMPLETED}), CaseSort.DUE),
            needs=self._needs_of(actor),
            views=self._needs.views(actor, NeedFilter()),
            asked_for=self._asked_for(actor),
            under_way=self._cases(actor, _UNDER_WAY, CaseSort.UPDATED),
            at=self._now(),
        )

    def _cases(self, actor: Actor, states: frozenset[CaseState], sort: CaseSort) -> tuple[CaseLine, ...]:
        wanted = CaseFilter(view=CaseView.ALL, states=states)
        return self._queue.page(actor, wanted, PageRequest(limit=N_SHOWN, sort=sort)).items

    def _page(self, actor: Actor, view: NeedView, sort: NeedSort) -> tuple[NeedOverview, ...]:
        wanted = NeedFilter(states=NEED_VIEW_STATES[view])
        return self._needs.page(actor, wanted, PageRequest(limit=N_SHOWN, sort=sort)).items

    def _needs_of(self, actor: Actor) -> tuple[NeedOverview, ...]:
        request = PageRequest(limit=N_SHOWN, sort=NeedSort.DUE)
        return self._needs.page(actor, NeedFilter(states=_NEEDS), request).items

    def _asked_for(self, actor: Actor) -> tuple[AskedFor, ...]:
        with self._database.read() as unit:
            wishes = [wish for wish in unit.wishes.of_enterprise(actor.enterprise_code) if wish.is_wanted]
            lines = wish_lines(actor, unit, wishes[: 3 * N_SHOWN], self._now())
            waiting = [line for line in lines if line.progress is not WishProgress.PUSHED][:N_SHOWN]
            needs = unit.needs.get_many([line.wish.pair.source_id for line in waiting])
        return tuple(AskedFor(line, needs[line.wish.pair.source_id].title) for line in waiting)
