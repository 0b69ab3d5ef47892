"""Runs as those who watch over them see them: how far, how healthy, what they suggest, who published them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import CaseLine
from recommender.domain.cases import Pair
from recommender.domain.errors import NotFound
from recommender.domain.paging import Page, PageRequest
from recommender.domain.run_lists import RunLineFilter
from recommender.domain.runs import (
    MatchRun,
    Publication,
    QuarantinedShard,
    RunState,
    ShardStage,
    StageProgress,
)
from recommender.services.nightly.lease import LEASE_NAME
from recommender.services.nightly.runs import former_run, run_or_published
from recommender.services.personal.sight import Sight
from recommender.services.review.finding import shown_of, unopened
from recommender.services.review.showing import shown_lines
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

HISTORY: Final = 50
"""Changes of the published run that are shown."""


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """A run as the list shows it.

    Attributes:
        published: when readers last began to see it, ``None`` where they never did.
        is_interrupted: whether it was begun, has not ended, and nobody works on it.
    """

    run: MatchRun
    is_published: bool
    published: Publication | None
    is_interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStory:
    """One run with all that its page shows but its suggestions.

    Attributes:
        line: as the list shows it.
        former: the whole run before it, ``None`` for the first.
        n_suggestions: as counted at its end, or now while it is computed.
        names: display names of accounts, by id.
    """

    line: WatchedRun
    former: MatchRun | None
    n_suggestions: int
    progress: Mapping[ShardStage, StageProgress]
    quarantined: tuple[QuarantinedShard, ...]
    publications: tuple[Publication, ...]
    names: Mapping[str, str]

    @property
    def run(self) -> MatchRun:
        """The run itself."""
        return self.line.run


class RunWatchService:
    """Use-cases of watching runs. What is said of enterprises and needs is for whom the actor sees."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def page(self, actor: Actor, request: PageRequest) -> Page[WatchedRun]:
        """Runs, newest first.

        Raises:
            Forbidden: runs are not for this actor.
            InvalidInput: the page is not one of this list.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            page = unit.runs.page(request)
            return Page(tuple(self._lines(unit, page.items)), page.next_cursor)

    def one(self, actor: Actor, run_id: str) -> RunStory:
        """One run.

        Raises:
            Forbidden: runs are not for this actor.
            NotFound: there is no such run.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            run = run_or_published(unit, run_id)
            publications = unit.runs.publications(HISTORY)
            (line,) = self._lines(unit, [run])
            counted = run.report.get("n_suggestions")
            return RunStory(
                line=line,
                former=_former(unit, run),
                n_suggestions=counted if isinstance(counted, int) else unit.runs.count(run.id),
                progress=unit.shards.progress(run.id),
                quarantined=tuple(unit.shards.quarantined(run.id)),
                publications=tuple(
                    each for each in publications if run.id in (each.run_id, each.replaced_run_id)
                ),
                names=_names(
                    unit, [*(each.actor for each in publications), str(run.report.get("started_by", ""))]
                ),
            )

    def history(self, actor: Actor) -> tuple[tuple[Publication, ...], Mapping[str, str]]:
        """The last changes of what readers see, newest first, and the names of who made them.

        Raises:
            Forbidden: runs are not for this actor.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            found = unit.runs.publications(HISTORY)
            return tuple(found), _names(unit, [each.actor for each in found])

    def below(self, actor: Actor) -> tuple[MatchRun, MatchRun] | None:
        """The published run and the one that a roll-back returns to; ``None`` where there is no way back.

        Raises:
            Forbidden: runs are not for this actor.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            published = unit.runs.published()
            if published is None or published.previous_run_id is None:
                return None
            present, below = unit.runs.get(published.run_id), unit.runs.get(published.previous_run_id)
            return None if present is None or below is None else (present, below)

    def published(self, actor: Actor) -> MatchRun | None:
        """The run that readers see.

        Raises:
            Forbidden: runs are not for this actor.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            published = unit.runs.published()
            return None if published is None else unit.runs.get(published.run_id)

    def suggestions(
        self, actor: Actor, run_id: str, wanted: RunLineFilter, request: PageRequest
    ) -> Page[CaseLine]:
        """What a run suggested, list by list, as matches on which nobody has acted.

        Raises:
            Forbidden: runs are not for this actor.
            NotFound: there is no such run.
            InvalidInput: a cursor of another list, or an order that suggestions do not have.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            run = run_or_published(unit, run_id)
            page = unit.run_lines.page(actor, run.id, wanted, request)
            cases = [
                unopened(
                    unit,
                    Pair(item.source_kind, item.source_id, item.target_kind, item.target_id),
                    shown_of(item, run),
                )
                for item in page.items
            ]
            return Page(tuple(shown_lines(unit, Sight(actor, unit, self._now()), cases)), page.next_cursor)

    def _lines(self, unit: UnitOfWork, runs: Iterable[MatchRun]) -> list[WatchedRun]:
        published = unit.runs.published()
        shown = published.run_id if published else None
        last: dict[str, Publication] = {}
        for each in unit.runs.publications(HISTORY):
            last.setdefault(each.run_id, each)
        lease = unit.leases.find(LEASE_NAME)
        idle = lease is None or lease.expires_at <= self._now()
        return [
            WatchedRun(run, run.id == shown, last.get(run.id), run.state is RunState.RUNNING and idle)
            for run in runs
        ]


def _former(unit: UnitOfWork, run: MatchRun) -> MatchRun | None:
    try:
        return former_run(unit, run)
    except NotFound:
        return None


def _names(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    accounts = unit.accounts.get_many(sorted({id for id in ids if id}))
    return {id: account.display_name for id, account in accounts.items()}
