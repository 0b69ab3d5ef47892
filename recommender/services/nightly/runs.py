"""Looking at runs, publishing them and going back, and what changed from one to the next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Conflict, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest
from recommender.domain.runs import (
    MatchRun,
    PublishedRun,
    QuarantinedShard,
    RunState,
    ShardStage,
    StageProgress,
)
from recommender.nightly.digest import ChangedSuggestion, changes, counts
from recommender.nightly.sources import Scope
from recommender.services.access import enterprise_for
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_SOURCES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as lists show it."""

    run: MatchRun
    is_published: bool


@dataclass(frozen=True, slots=True)
class RunDetail:
    """Everything about a run but its suggestions; ``progress`` says how far its stages are."""

    run: MatchRun
    is_published: bool
    n_suggestions: int
    progress: Mapping[ShardStage, StageProgress]
    quarantined: tuple[QuarantinedShard, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What changed for some enterprises between two runs.

    Attributes:
        run_id, former_id: the later run and the one it is compared with.
        n_sources: sources that were compared.
        counts: by kind of target and change.
        items: the changes, source by source, at most as many as were asked for.
        n_items: how many there are in all.
    """

    run_id: str
    former_id: str
    n_sources: int
    counts: dict[str, dict[str, int]]
    items: tuple[ChangedSuggestion, ...]
    n_items: int


class RunService:
    """Use-cases around runs."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def newest(self, n: int = 20) -> list[RunLine]:
        """The last ``n`` runs, newest first."""
        with self._database.read() as unit:
            published = unit.runs.published()
            shown = published.run_id if published else None
            return [RunLine(run, run.id == shown) for run in unit.runs.newest(n)]

    def page(self, actor: Actor, request: PageRequest) -> Page[RunLine]:
        """Runs in pages, newest first.

        Raises:
            Forbidden: runs are not for this actor.
            InvalidInput: the page is not one of this list.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            published = unit.runs.published()
            shown = published.run_id if published else None
            page = unit.runs.page(request)
        return Page(tuple(RunLine(run, run.id == shown) for run in page.items), page.next_cursor)

    def show(self, run_id: str | None = None) -> RunDetail:
        """One run; the published one by default.

        Raises:
            NotFound: there is no such run, or nothing is published.
        """
        with self._database.read() as unit:
            run = run_or_published(unit, run_id)
            published = unit.runs.published()
            return RunDetail(
                run,
                published is not None and published.run_id == run.id,
                unit.runs.count(run.id),
                unit.shards.progress(run.id),
                tuple(unit.shards.quarantined(run.id)),
            )

    def publish(self, run_id: str, *, actor: Actor, replacing: str | None = None) -> PublishedRun:
        """Let readers see a run.

        Args:
            replacing: the run that the actor thinks is published, ``""`` for none; not looked at by default.

        Raises:
            Forbidden: the actor may not publish.
            NotFound: there is no such run.
            Conflict: it has not ended, is about a part of the city (whoever is not in it would have nothing), or
                another run was published meanwhile.
        """
        actor.require(Permission.RUNS_MANAGE)
        with self._database.write() as unit:
            run = run_or_published(unit, run_id)
            _require_published(unit, replacing)
            if run.scope:
                raise Conflict("nightly.scoped_run", run=run.id, scope=run.scope)
            published = unit.runs.publish(run.id, self._now(), actor.id)
            self._record(unit, actor, "nightly:run:publish", published)
        return published

    def roll_back(self, *, actor: Actor, replacing: str | None = None) -> PublishedRun:
        """Let readers see again what they saw before.

        Args:
            replacing: the run that the actor thinks is published; not looked at by default.

        Raises:
            Forbidden: the actor may not publish.
            Conflict: nothing was published before, or another run was published meanwhile.
        """
        actor.require(Permission.RUNS_MANAGE)
        with self._database.write() as unit:
            _require_published(unit, replacing)
            published = unit.runs.roll_back(self._now(), actor.id)
            self._record(unit, actor, "nightly:run:rollback", published)
        return published

    def digest(
        self,
        run_id: str | None = None,
        *,
        enterprise: str | None = None,
        scope: Scope | None = None,
        limit: int = 200,
        former_id: str | None = None,
        actor: Actor,
    ) -> Digest:
        """What changed for one enterprise, or for all in a scope (an officer's 区镇 or 产业链).

        Args:
            run_id: the later run; the published one by default.
            enterprise: its code.
            scope: which enterprises; all by default.
            limit: of the items.
            former_id: the run to compare with; the last whole one before it by default.
            actor: who asks; of enterprises and needs that are not for them nothing is said.

        Raises:
            Forbidden: runs are not for this actor.
            NotFound: no such run or enterprise, or no earlier run to compare with.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            run = run_or_published(unit, run_id)
            former = former_run(unit, run) if former_id is None else run_or_published(unit, former_id)
            sources = _sources_of(unit, actor, enterprise, scope or Scope())
            found = [
                item
                for kind, ids in sources.items()
                for start in range(0, len(ids), _SOURCES_AT_ONCE)
                for item in _changes(unit, former, run, kind, ids[start : start + _SOURCES_AT_ONCE])
            ]
        return Digest(
            run.id, former.id, sum(map(len, sources.values())), counts(found), tuple(found[:limit]), len(found)
        )

    def _record(self, unit: UnitOfWork, actor: Actor, action: str, published: PublishedRun) -> None:
        detail: dict[str, object] = {"previous": published.previous_run_id}
        unit.audit.append(
            AuditEntry(at=self._now(), actor=actor.id, action=action, target=published.run_id, detail=detail)
        )


def run_or_published(unit: UnitOfWork, run_id: str | None) -> MatchRun:
    """The run with that id, the published one where none is named.

    Raises:
        NotFound: there is no such run, or nothing is published.
    """
    if run_id is None:
        published = unit.runs.published()
        if published is None:
            raise NotFound("nightly.nothing_published")
        run_id = published.run_id
    run = unit.runs.get(run_id)
    if run is None:
        raise NotFound("store.run_not_found", id=run_id)
    return run


def _require_published(unit: UnitOfWork, expected: str | None) -> None:
    """Refuse to replace another run than the one that was looked at.

    Raises:
        Conflict: names what is published now.
    """
    published = unit.runs.published()
    present = published.run_id if published else ""
    if expected is not None and present != expected:
        raise Conflict("nightly.published_meanwhile", present=present or "--")


def former_run(unit: UnitOfWork, run: MatchRun) -> MatchRun:
    """The newest whole run that began before this one; one that lacks shards only where readers saw it."""
    published = unit.runs.published()
    seen = {published.run_id, published.previous_run_id} if published else set()
    for other in unit.runs.newest(100):
        ended = other.state is RunState.DONE or (other.state is RunState.PARTIAL and other.id in seen)
        if ended and other.kind is run.kind and not other.scope and other.started_at < run.started_at:
            return other
    raise NotFound("nightly.nothing_before", run=run.id)


def _sources_of(
    unit: UnitOfWork, actor: Actor, enterprise: str | None, scope: Scope
) -> dict[EntityKind, Sequence[str]]:
    """Ids of the needs and enterprises that a digest is about, as far as they are for the actor."""
    if enterprise is not None:
        enterprise_for(actor, unit, enterprise)
        codes = {enterprise}
    else:
        seen = (record for record in unit.enterprises.iterate() if actor.sees_enterprise(record))
        codes = {record.code for record in seen if scope.covers(record)}
    needs = [need.id for need in unit.needs.iterate() if need.enterprise_code in codes]
    return {EntityKind.NEED: needs, EntityKind.ENTERPRISE: sorted(codes)}


def _changes(
    unit: UnitOfWork, former: MatchRun, run: MatchRun, kind: EntityKind, ids: Sequence[str]
) -> list[ChangedSuggestion]:
    before, tonight = (list(unit.runs.lists(each.id, kind, ids)) for each in (former, run))
    if run.scope:
        # Whoever was not asked for has lost nothing.
        asking = {row[:2] for row in tonight}
        before = [row for row in before if row[:2] in asking]
    return changes(before, tonight)
