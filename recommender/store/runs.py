"""Match runs, their suggestions, and which of them readers see."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, delete, insert, select, tuple_, update

from recommender.domain.errors import InvalidData, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.runs import MatchRun, Publication, PublishedRun, RunState, Suggestion, SuggestionRow
from recommender.store import best_scores, bulk, publications, suggestions, tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_RUN_COLUMNS: Final = tuple(_RUNS.c[field.name] for field in fields(MatchRun))
_AGE: Final = (_RUNS.c.started_at, _RUNS.c.id)
_IDS_PER_STATEMENT: Final = 2000
_NEWEST_FIRST: Final = (_RUNS.c.started_at.desc(), _RUNS.c.id.desc())


class RunRepository(UnitPart):
    """The batches of matching that were run, newest first."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def start(self, run: MatchRun) -> None:
        """Record a run.

        Raises:
            InvalidData: its id is in use, or a value cannot be stored.
        """
        self._require_write()
        row = asdict(run)
        check_row(row, kind="批次", id=run.id)
        self._connection.execute(insert(_RUNS), row)

    def finish(
        self, run_id: str, state: RunState, finished_at: datetime, *, report: dict[str, object] | None = None
    ) -> None:
        """Record how a run ended; ``report`` takes the place of the present one where it is given.

        Raises:
            NotFound: no run has that id.
            InvalidData: the report cannot be stored.
        """
        self._require_write()
        values: dict[str, object] = {"state": state, "finished_at": finished_at}
        if report is not None:
            values["report"] = report
        check_row(values, kind="批次", id=run_id)
        if self._connection.execute(update(_RUNS).where(_RUNS.c.id == run_id).values(values)).rowcount == 0:
            raise NotFound("store.run_not_found", id=run_id)
        if state in (RunState.DONE, RunState.PARTIAL):
            best_scores.compute(self._connection, self._number(run_id))

    def get(self, run_id: str) -> MatchRun | None:
        """The run with that id, or ``None``."""
        return self._first(select(*_RUN_COLUMNS).where(_RUNS.c.id == run_id))

    def latest(self, *, state: RunState | None = None) -> MatchRun | None:
        """The run that was started last, of those in ``state`` where one is given."""
        statement = select(*_RUN_COLUMNS).order_by(*_NEWEST_FIRST).limit(1)
        return self._first(statement if state is None else statement.where(_RUNS.c.state == state))

    def newest(self, n: int) -> list[MatchRun]:
        """The ``n`` runs that were started last, newest first."""
        statement = select(*_RUN_COLUMNS).order_by(*_NEWEST_FIRST).limit(n)
        return [MatchRun(**row._mapping) for row in self._connection.execute(statement)]

    def page(self, request: PageRequest) -> Page[MatchRun]:
        """Runs in pages, newest first.

        Raises:
            InvalidInput: a cursor of another list, or an order that runs do not have.
        """
        request.order(("newest",))
        statement = select(*_RUN_COLUMNS, _RUNS.c.number).order_by(_RUNS.c.number.desc()).limit(request.limit + 1)
        after = request.after(int)
        if after is not None:
            statement = statement.where(_RUNS.c.number < after[0])
        rows = self._connection.execute(statement).all()
        items = tuple(
            MatchRun(**{field.name: getattr(row, field.name) for field in fields(MatchRun)}) for row in rows
        )
        more = len(rows) > request.limit
        cursor = cursor_of(request, (rows[request.limit - 1].number,)) if more else ""
        return Page(items[: request.limit], cursor)

    def add(self, items: Sequence[Suggestion]) -> None:
        """Record suggestions of runs that were started.

        Raises:
            InvalidData: an unknown run, a position or a target that is there already, or a value that cannot
                be stored.
        """
        self._require_write()
        by_run = attrgetter("run_id")
        for run_id, of_run in groupby(sorted(items, key=by_run), key=by_run):
            number = self._find_number(run_id)
            if number is None:
                raise InvalidData("store.rejected", constraint="suggestion_run")
            suggestions.add(self._connection, number, list(of_run))

    def store_rows(self, run_id: str, rows: Sequence[SuggestionRow]) -> None:
        """Record many suggestions without reasons, as fast as the driver can.

        Best in the order of sources that the run is read in, some ten thousand a call. Texts must be such as
        the library holds; they are not looked at.

        Raises:
            NotFound: no run has that id.
            InvalidData: a score is not a number, a list names a target twice, or a position is taken.
        """
        self._require_write()
        bulk.store(self._connection, self._number(run_id), rows)

    def clear(self, run_id: str, source_kind: EntityKind, source_ids: Sequence[str]) -> int:
        """Delete what a run holds for these sources; how many suggestions that was.

        Raises:
            NotFound: no run has that id.
        """
        self._require_write()
        return suggestions.clear(self._connection, self._number(run_id), source_kind, source_ids)

    def suggestions(
        self,
        run_id: str | None = None,
        source_id: str | None = None,
        target_kind: EntityKind | None = None,
        *,
        source_kind: EntityKind | None = None,
        target_id: str | None = None,
    ) -> list[Suggestion]:
        """Suggestions by source, kind of target and position, those that fit what is given.

        Args:
            run_id: a run; ``None`` is the published one.
            target_id: with ``target_kind`` it asks the other way round: to whom was this proposed.
        """
        if run_id is None:
            shown = self.published()
            if shown is None:
                return []
            run_id = shown.run_id
        number = self._find_number(run_id)
        if number is None:
            return []
        return suggestions.read(
            self._connection,
            number,
            run_id,
            source_kind=source_kind,
            source_id=source_id,
            target_kind=target_kind,
            target_id=target_id,
        )

    def lists(self, run_id: str, source_kind: EntityKind, source_ids: Sequence[str]) -> Iterator[SuggestionRow]:
        """The suggestions for many sources, as plain tuples, by source, kind of target and position.

        Raises:
            NotFound: no run has that id.
        """
        return suggestions.lists(self._connection, self._number(run_id), source_kind, source_ids)

    def count(self, run_id: str) -> int:
        """How many suggestions a run has.

        Raises:
            NotFound: no run has that id.
        """
        return suggestions.count(self._connection, self._number(run_id))

    def content_hash(self, run_id: str) -> str:
        """Hex sha256 of a run's suggestions in order; equal for runs that suggest the same.

        Raises:
            NotFound: no run has that id.
        """
        return suggestions.content_hash(self._connection, self._number(run_id))

    def gone(self, run_id: str) -> dict[EntityKind, list[str]]:
        """Ids that a run's suggestions name and that are not in the library, by kind.

        What is removed while a run is computed comes back with the suggestions that are stored afterwards;
        :meth:`forget` takes it out before the run is published.

        Raises:
            NotFound: no run has that id.
        """
        return suggestions.gone(self._connection, self._number(run_id))

    def forget(self, kind: EntityKind, ids: Sequence[str]) -> None:
        """Delete the suggestions for and of these entities, whatever the run."""
        self._require_write()
        for chunk in chunks(ids, _IDS_PER_STATEMENT):
            suggestions.forget(self._connection, kind, chunk)

    def publish(self, run_id: str, at: datetime, actor: str) -> PublishedRun:
        """Let readers see this run from now on; nothing changes where they do already.

        Raises:
            NotFound: no run has that id.
            Conflict: it has not ended, or ended without a result.
        """
        self._require_write()
        return publications.publish(self._connection, run_id, at, actor)

    def published(self) -> PublishedRun | None:
        """What readers see, ``None`` before anything was published."""
        return publications.newest(self._connection)

    def publications(self, limit: int) -> list[Publication]:
        """The last changes of what readers see, newest first; those of runs that were pruned are gone."""
        return publications.history(self._connection, limit)

    def roll_back(self, at: datetime, actor: str) -> PublishedRun:
        """Let readers see again what they saw before the present run; done again, what they saw before that.

        Raises:
            Conflict: nothing was published before, or it was pruned.
        """
        self._require_write()
        return publications.roll_back(self._connection, at, actor)

    def prunable(self, keep: int) -> list[str]:
        """Ids of the runs that :meth:`prune` would delete, oldest first."""
        return [id for _, id in self._prunable(keep)]

    def prune(self, keep: int, *, at_most: int | None = None) -> int:
        """Delete what is older than the ``keep`` newest ended runs, suggestions included.

        A run that still runs is spared; one that is older than all that are kept is the remains of a crash. The
        published run and the one before it are spared at any age.

        Args:
            at_most: how many suggestions to delete before ending; a city's run is millions, and SQLite
                admits no other writer meanwhile. Call again, in a new unit, until :meth:`prunable` is empty;
                a run that is half deleted counts as failed. PostgreSQL ends with the run that reaches it.

        Returns:
            How many runs were deleted.
        """
        self._require_write()
        asked = [number for number, _ in self._prunable(keep)]
        # Waits for whoever still adds to one of them, or publishes it; hence they are asked for again.
        self._connection.execute(select(_RUNS.c.number).where(_RUNS.c.number.in_(asked)).with_for_update())
        doomed = [number for number, _ in self._prunable(keep) if number in asked]
        # What is half deleted must not be published.
        self._connection.execute(update(_RUNS).where(_RUNS.c.number.in_(doomed)).values(state=RunState.FAILED))
        empty = list(suggestions.emptied(self._connection, doomed, at_most))
        self._connection.execute(delete(_RUNS).where(_RUNS.c.number.in_(empty)))
        return len(empty)

    def _prunable(self, keep: int) -> list[tuple[int, str]]:
        if keep < 1:
            raise ValueError("keep at least one run")
        ended = select(*_AGE).where(_RUNS.c.state != RunState.RUNNING).order_by(*_NEWEST_FIRST)
        oldest_kept = self._connection.execute(ended.offset(keep - 1).limit(1)).one_or_none()
        if oldest_kept is None:
            return []
        shown = publications.spared(self._connection)
        old = select(_RUNS.c.number, _RUNS.c.id).where(
            tuple_(*_AGE) < tuple_(*oldest_kept), _RUNS.c.number.not_in(shown)
        )
        return [(number, id) for number, id in self._connection.execute(old.order_by(*_AGE))]

    def _first(self, statement: Select[Any]) -> MatchRun | None:
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else MatchRun(**row._mapping)

    def _find_number(self, run_id: str) -> int | None:
        statement = select(_RUNS.c.number).where(_RUNS.c.id == run_id)
        if self._writable:
            # So that the run is not pruned while suggestions are added to it.
            statement = statement.with_for_update(key_share=True, read=True)
        return self._connection.execute(statement).scalar()

    def _number(self, run_id: str) -> int:
        number = self._find_number(run_id)
        if number is None:
            raise NotFound("store.run_not_found", id=run_id)
        return number
