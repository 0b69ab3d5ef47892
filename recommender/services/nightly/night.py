"""One night from beginning to end, or from where it was cut off."""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from recommender.domain.errors import Conflict, InvalidData, SearchUnavailable
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.domain.runs import MatchRun, RunKind, RunState, ShardStage
from recommender.nightly.executors.open import open_executor
from recommender.nightly.executors.protocol import Executor
from recommender.nightly.night import Night, NightPlan, night_hash
from recommender.nightly.planner import FormerNight, NightPlanner, PlannedNight
from recommender.nightly.shard import ShardCandidates
from recommender.nightly.supervision import supervise
from recommender.nightly.work import NightOpener
from recommender.services.indexing import IndexService
from recommender.services.nightly.housekeeping import Housekeeping, unfinished
from recommender.services.nightly.lease import NightLease, acquire
from recommender.services.nightly.ledger import CandidateLedger
from recommender.services.nightly.options import (
    NightOptions,
    NightPreview,
    NightProgress,
    NightSettings,
    NightStage,
    silent,
)
from recommender.services.nightly.reading import asking, read_library
from recommender.services.nightly.results import NightResults
from recommender.services.personal.messages import DEFAULT_PURPOSES, SUGGESTED_CATEGORIES
from recommender.store.database import Database

_log = logging.getLogger(__name__)


@dataclass
class _Course:
    """How a night is going: what it reports at the end.

    Attributes:
        report: figures by name; JSON.
        on_progress: told how far the night is.
    """

    report: dict[str, Any]
    on_progress: NightProgress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, stage: NightStage) -> Iterator[Callable[[int, int], None]]:
        """Time a stage; gives what to tell its progress to."""
        start = time.perf_counter()
        yield lambda done, total: self.on_progress(stage, done, total)
        name = stage.name.lower()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


class NightService:
    """Runs nights.

    Args:
        database: of the library and of the runs.
        index: brings the index up to date.
        planner: of nights over the index.
        settings: numbers.
        root: folder of the nights' folders.
        holder: name of this runner, for others to see.
        now: current time.
    """

    def __init__(
        self,
        database: Database,
        index: IndexService,
        planner: NightPlanner,
        settings: NightSettings,
        root: Path,
        *,
        holder: str,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._index = index
        self._planner = planner
        self._settings = settings
        self._root = root
        self._holder = holder
        self._now = now
        self._housekeeping = Housekeeping(root, keep_runs=settings.keep_runs)

    def run(
        self, options: NightOptions, *, actor: str, resume: bool = False, on_progress: NightProgress = silent
    ) -> MatchRun:
        """Run a night and publish it.

        Args:
            options: how.
            actor: who, for the audit trail.
            resume: go on with a night that was cut off, if there is one; its own options hold then, all but
                the executor.
            on_progress: told how far it is.

        Returns:
            The ended run. Its state is ``部分完成`` where shards had to be set aside; such a run, and one about a
            part of the city, is stored but not published.

        Raises:
            InvalidInput: there is no such executor, or the ranking's settings are not for nights.
            Conflict: another runner is at work or has taken over, or what the night worked on is gone.
            SearchUnavailable, Unavailable: the index, the encoder or the executor cannot be used.
        """
        executor = self._executor(options)
        self._planner.check_settings()
        course = _Course({}, on_progress)
        term = timedelta(seconds=self._settings.lease_seconds)
        with acquire(self._database, self._holder, now=self._now, term=term) as lease:
            run = self._unfinished() if resume else None
            if run is None:
                run = self._begin(lease, options, actor, course)
            else:
                self._take_up(lease, run)
            course.report |= run.report
            self._find_candidates(lease, run, executor, course)
            self._store_lists(lease, run, course)
            return self._end(lease, run, actor, course)

    def preview(self, options: NightOptions) -> NightPreview:
        """What a night with these options would be about; nothing is written, nobody is kept waiting."""
        with self._database.read() as unit:
            library = read_library(unit)
        sources = Counter(
            query.source_kind
            for queries in asking(library, options, max_chars=self._settings.max_need_chars).values()
            for query in queries
        )
        return NightPreview(
            as_of=options.as_of,
            scope=options.scope.label,
            needs=sources[EntityKind.NEED],
            enterprises=sources[EntityKind.ENTERPRISE],
            achievements=sources[EntityKind.ACHIEVEMENT],
            experts=len(library.experts),
            platforms=len(library.platforms),
        )

    def _executor(self, options: NightOptions) -> Executor:
        return open_executor(
            options.executor,
            n_workers=self._settings.n_threads,
            n_threads=self._settings.n_threads,
            scheduler=options.scheduler,
        )

    def _unfinished(self) -> MatchRun | None:
        with self._database.read() as unit:
            return next(iter(unfinished(unit)), None)

    def _take_up(self, lease: NightLease, run: MatchRun) -> None:
        """See that all is there that the night works on; have shards searched again whose candidates are damaged.

        Raises:
            Conflict: the night's folder or its index generation is gone or was changed.
        """
        if not self._has_inputs(run):
            raise Conflict("nightly.inputs_lost", run=run.id)
        while True:
            try:
                self._candidates(run.id)
                return
            except InvalidData as damaged:
                _log.warning("a shard is done again: %s", damaged)
                number = damaged.context["number"]
                assert isinstance(number, int)
                with lease.write() as unit:
                    unit.shards.reopen(run.id, ShardStage.CANDIDATES, [number])

    def _has_inputs(self, run: MatchRun) -> bool:
        try:
            self._index.verify(run.snapshot_id)
        except SearchUnavailable as error:
            _log.warning("the index of night %s cannot be used: %s", run.id, error)
            return False
        return night_hash(self._folder(run.id)) == run.inputs_hash

    def _begin(self, lease: NightLease, options: NightOptions, actor: str, course: _Course) -> MatchRun:
        """Bring the index up to date, plan, and put the plan into the database."""
        started = self._now()
        with lease.write() as unit:
            for run in unfinished(unit):
                unit.runs.finish(run.id, RunState.FAILED, self._now())
        self._housekeeping.tidy(lease.write)
        if options.refresh_index:
            with course.stage(NightStage.INDEX) as progress:
                built = self._index.build(actor=actor, on_progress=lambda _, done, total: progress(done, total))
            course.report["n_encoded"] = built.n_encoded
        run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        planned = self._plan(run_id, options, course)
        run = MatchRun(
            id=run_id,
            started_at=started,
            finished_at=None,
            state=RunState.RUNNING,
            snapshot_id=planned.manifest.generation,
            encoder_id=planned.manifest.encoder_id,
            configuration_hash=planned.plan.config.hash,
            n_sources=planned.n_sources,
            kind=RunKind.NIGHTLY,
            as_of=options.as_of,
            scope=options.scope.label,
            inputs_hash=planned.inputs_hash,
            report=course.report | _plan_report(planned) | {"started_by": actor},
        )
        numbers = range(len(planned.plan.shards))
        with lease.write() as unit:
            unit.runs.start(run)
            for stage in ShardStage:
                unit.shards.plan(run.id, stage, numbers)
            for number, candidates in planned.carried.items():
                unit.shards.complete(run.id, ShardStage.CANDIDATES, number, candidates.to_bytes())
        return run

    def _plan(self, run_id: str, options: NightOptions, course: _Course) -> PlannedNight:
        with course.stage(NightStage.PREPARE):
            with self._database.read() as unit:
                library = read_library(unit)
            return self._planner.plan(
                self._folder(run_id),
                library,
                asking(library, options, max_chars=self._settings.max_need_chars),
                self._former(),
                current_year=options.as_of.year,
                on_progress=lambda done, total: course.on_progress(NightStage.ENCODE, done, total),
            )

    def _former(self) -> FormerNight | None:
        """The published night, where its folder is still what it worked on."""
        with self._database.read() as unit:
            published = unit.runs.published()
            run = unit.runs.get(published.run_id) if published else None
        if run is None or night_hash(self._folder(run.id)) != run.inputs_hash:
            return None
        return FormerNight(NightPlan.read(self._folder(run.id)), partial(self._sound_candidates, run.id))

    def _sound_candidates(self, run_id: str) -> dict[int, ShardCandidates]:
        """The candidates of a night; none where any of them is damaged, so that nothing hangs on the others."""
        try:
            return self._candidates(run_id)
        except InvalidData as damaged:
            _log.warning("nothing is carried over: %s", damaged)
            return {}

    def _candidates(self, run_id: str) -> dict[int, ShardCandidates]:
        with self._database.read() as unit:
            return {
                number: ShardCandidates.from_bytes(payload)
                for number, payload in unit.shards.payloads(run_id, ShardStage.CANDIDATES)
            }

    def _find_candidates(self, lease: NightLease, run: MatchRun, executor: Executor, course: _Course) -> None:
        with self._database.read() as unit:
            pending = unit.shards.pending(run.id, ShardStage.CANDIDATES)
        with course.stage(NightStage.CANDIDATES) as progress:
            ledger = CandidateLedger(lease, run.id, len(pending), progress)
            supervise(
                executor,
                NightOpener(self._folder(run.id)),
                {shard.number: shard.attempts for shard in pending},
                max_attempts=self._settings.max_attempts,
                on_begin=ledger.begin,
                on_done=ledger.done,
                on_failed=ledger.failed,
                on_quarantine=ledger.quarantine,
                on_release=ledger.release,
            )

    def _store_lists(self, lease: NightLease, run: MatchRun, course: _Course) -> None:
        with self._database.read() as unit:
            pending = [shard.number for shard in unit.shards.pending(run.id, ShardStage.STORE)]
        with course.stage(NightStage.ALLOCATE):
            results = NightResults(Night.open(self._folder(run.id)), self._candidates(run.id))
            course.report["exposure"] = results.figures
        stored = [number for number in pending if results.has(number)]
        with course.stage(NightStage.STORE) as progress:
            for n_done, number in enumerate(stored, start=1):
                rows = list(results.rows(number))
                with lease.write() as unit:
                    for kind, ids in results.source_ids(number).items():
                        unit.runs.clear(run.id, EntityKind(kind), ids)
                    unit.runs.store_rows(run.id, rows)
                    unit.shards.complete(run.id, ShardStage.STORE, number)
                progress(n_done, len(stored))

    def _end(self, lease: NightLease, run: MatchRun, actor: str, course: _Course) -> MatchRun:
        self._drop_what_is_gone(lease, run, course)
        with self._database.read() as unit:
            quarantined = unit.shards.quarantined(run.id)
            course.report["n_suggestions"] = unit.runs.count(run.id)
        course.report["quarantined_shards"] = [shard.number for shard in quarantined]
        course.report["seconds"] = {name: round(value, 2) for name, value in course.seconds.items()}
        state = RunState.PARTIAL if quarantined else RunState.DONE
        at = self._now()
        with course.stage(NightStage.PUBLISH), lease.write() as unit:
            unit.runs.finish(run.id, state, at, report=course.report)
            if state is RunState.DONE and not run.scope:
                unit.runs.publish(run.id, at, actor)
                detail = {"n_suggestions": course.report["n_suggestions"]}
                unit.audit.append(
                    AuditEntry(at=at, actor=actor, action="nightly:run:publish", target=run.id, detail=detail)
                )
            n_experts = unit.experts.count()
            unit.processing.add(
                Processing(
                    at=at,
                    actor=actor,
                    activity=Activity.MATCH_RUN,
                    purpose=DEFAULT_PURPOSES[Activity.MATCH_RUN],
                    basis=LegalBasis.PUBLIC_DATA,
                    categories=SUGGESTED_CATEGORIES,
                    n_persons=n_experts,
                    detail={"run": run.id},
                )
            )
            ended = unit.runs.get(run.id)
        assert ended is not None
        try:
            self._housekeeping.tidy(lease.write)
        except Conflict as error:
            _log.warning("the next night tidies up: %s", error)
        return ended

    def _drop_what_is_gone(self, lease: NightLease, run: MatchRun, course: _Course) -> None:
        """Nobody who was removed from the library while the night worked comes back with its lists."""
        with course.stage(NightStage.PUBLISH):
            with self._database.read() as unit:
                gone = unit.runs.gone(run.id)
            for kind, ids in gone.items():
                with lease.write() as unit:
                    unit.runs.forget(kind, ids)
        course.report["n_gone"] = sum(map(len, gone.values()))

    def _folder(self, run_id: str) -> Path:
        return self._root / run_id


def _plan_report(planned: PlannedNight) -> dict[str, Any]:
    """What is known before the work begins."""
    by_kind: dict[str, int] = {}
    for roll in planned.plan.rolls.values():
        for kind, _ in roll.keys:
            by_kind[kind] = by_kind.get(kind, 0) + 1
    why: dict[str, int] = {}
    for reasons in planned.reasons.values():
        for reason, count in reasons.items():
            why[reason.value] = why.get(reason.value, 0) + count
    n_computed = sum(why.values())
    return {
        "sources": by_kind,
        "n_computed": n_computed,
        "n_carried": planned.n_sources - n_computed,
        "computed_because": why,
        "n_shards": len(planned.plan.shards),
    }
