"""What waits for somebody who reviews: the numbers of their first page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_groups import FOLLOWED_STATES, GROUP_OF, CaseGroup, StateCount
from recommender.domain.case_lists import RETURNED_CASE_STATES, CaseFilter, CaseView
from recommender.domain.figures import FigureRequest, Stage
from recommender.domain.need_lists import NeedFilter
from recommender.domain.runs import MatchRun, PublishedRun
from recommender.domain.workflow import CaseState, NeedState
from recommender.services.review.figures import local_offset, read_figures
from recommender.services.review.options import ReviewSettings
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MOST_COUNTED: Final = 1_000
"""Suggestions are counted up to here: who has more to look at does not need the exact number."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What came of matches since the year began; amounts in 万元."""

    counts: Mapping[Stage, int]
    amount_wan: float
    funding_wan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits within an officer's reach.

    Attributes:
        n_mine_due, n_mine_overdue: matches of the officer's that are due soon, or overdue.
        n_due, n_overdue: the same of everybody within reach.
        n_returned: matches to which one side said no, or nothing, and which can be taken up again.
        n_wished: what enterprises asked for and nobody has pushed.
        n_high_score, n_unreviewed: suggestions for needs that nobody has decided on, at most
            :data:`MOST_COUNTED`.
        needs: how many stand in each state.
        n_needs_overdue: needs of which something is overdue.
        groups: matches under way by column of the board.
        published: what readers see, ``None`` before the first night.
        last_run: the run that was started last.
        year: since when :attr:`figures` count.
    """

    n_mine_due: int
    n_mine_overdue: int
    n_due: int
    n_overdue: int
    n_returned: int
    n_wished: int
    n_high_score: int
    n_unreviewed: int
    needs: Mapping[NeedState, int]
    n_needs_overdue: int
    groups: Mapping[CaseGroup, StateCount]
    published: PublishedRun | None
    last_run: MatchRun | None
    year: date
    figures: YearFigures


class WaitingService:
    """Use-cases of the first page."""

    def __init__(self, database: Database, settings: ReviewSettings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now

    def of(self, actor: Actor) -> Waiting:
        """What waits for the actor, in one look at the database.

        Raises:
            Forbidden: the actor does not review.
        """
        actor.require(Permission.CASES_REVIEW)
        now = self._now()
        with self._database.read() as unit:
            counts = self._counts(unit, actor, now)
            mine = sum(self._counts(unit, actor, now, officer=actor.id).values(), StateCount())
            total = sum(counts.values(), StateCount())
            run, published = unit.runs.latest(), unit.runs.published()
            shown = unit.runs.get(published.run_id) if published else None
            return Waiting(
                n_mine_due=mine.n_due,
                n_mine_overdue=mine.n_overdue,
                n_due=total.n_due,
                n_overdue=total.n_overdue,
                n_returned=sum(counts[state].n for state in RETURNED_CASE_STATES if state in counts),
                n_wished=unit.case_list.asked.count(
                    actor, CaseFilter(view=CaseView.WISHED), now.astimezone().date(), most=MOST_COUNTED
                ),
                n_high_score=self._n_suggestions(unit, actor, shown, now, min_score=self._settings.high_score),
                n_unreviewed=self._n_suggestions(unit, actor, shown, now),
                needs=unit.need_list.states(actor, NeedFilter()),
                n_needs_overdue=sum(unit.need_list.states(actor, NeedFilter(due_before=now)).values()),
                groups=_groups(counts),
                published=published,
                last_run=run,
                year=(year := _year(now)),
                figures=_figures(unit, actor, year, now),
            )

    def _counts(
        self, unit: UnitOfWork, actor: Actor, now: datetime, officer: str = ""
    ) -> Mapping[CaseState, StateCount]:
        wanted = CaseFilter(view=CaseView.ALL, states=FOLLOWED_STATES, officer=officer)
        return unit.case_list.counts(actor, wanted, now, soon=now + self._settings.remind)

    def _n_suggestions(
        self, unit: UnitOfWork, actor: Actor, run: MatchRun | None, now: datetime, min_score: float | None = None
    ) -> int:
        if run is None:
            return 0
        wanted = CaseFilter(min_score=min_score)
        today = now.astimezone().date()
        return unit.case_list.count_suggestions(actor, wanted, run, today, most=MOST_COUNTED)


def _groups(counts: Mapping[CaseState, StateCount]) -> dict[CaseGroup, StateCount]:
    found = dict.fromkeys(CaseGroup, StateCount())
    for state, count in counts.items():
        found[GROUP_OF[state]] += count
    return found


def _year(now: datetime) -> date:
    return date(now.astimezone().year, 1, 1)


def _figures(unit: UnitOfWork, actor: Actor, since: date, now: datetime) -> YearFigures:
    found = read_figures(unit, actor, FigureRequest(since=since), local_offset(now))
    if not found:
        return YearFigures(dict.fromkeys(Stage, 0), 0.0, 0.0)
    (figures,) = found
    return YearFigures(figures.counts, figures.amount_wan, figures.funding_wan)
