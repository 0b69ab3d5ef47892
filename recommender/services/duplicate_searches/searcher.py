"""Does searches for duplicates, on a thread of its own or at the command line.

Which search waits stands in the database, so any process may take it. Who works on it holds a lease; pairs are
replaced kind by kind, each together with what the search came to and only while the lease holds. So a process may
be killed at any moment: the next one takes the search up where it was left, and nothing is written twice.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from recommender.domain.duplicate_searches import DuplicateSearch, Found, SearchState
from recommender.domain.errors import Conflict, MatchmakerError
from recommender.domain.identity import MERGEABLE_KINDS, Proposal
from recommender.domain.jobs import JobFault
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.runs import Lease
from recommender.identity.progress import Phase
from recommender.services.background.lease import HeldLease
from recommender.services.background.patience import patiently
from recommender.services.background.progress import ProgressFile, Teller
from recommender.services.background.worker import Stopped, Worker
from recommender.services.duplicate_search import compare, gather
from recommender.services.duplicate_searches.searches import KEPT, LEASE_NAME, TERM, busy, wished
from recommender.services.identity import check_kind
from recommender.services.messages import FIND_STAGE
from recommender.store.database import Database

_log = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3
"""A search at which so many processes died is given up: it may be what kills them."""

FindProgress = Callable[[str, int, int | None], None]
"""Told what is done with which kind, how much of it is done and how much there is."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


class DuplicateSearcher:
    """Looks through the library.

    Args:
        progress: where it is told how far a search is.
        holder: name of this process, for others to see.
    """

    def __init__(
        self, database: Database, progress: ProgressFile, now: Callable[[], datetime], *, holder: str
    ) -> None:
        self._database = database
        self._progress = progress
        self._now = now
        self._holder = holder
        self.worker = Worker("duplicates", self.run_waiting)
        """Does searches on a thread of its own."""

    def run_waiting(self) -> int:
        """Do the search that waits, or whose process died, in the caller's thread; how many were done."""
        claimed = self._claim()
        if claimed is None:
            return 0
        started = time.monotonic()
        try:
            self._carry_out(*claimed, silent)
        except Stopped:
            pass
        except MatchmakerError as error:
            _log.info("a search for duplicates came to nothing: %s", error.code)
        except Exception:
            _log.exception("a search for duplicates ended in an error")
        _log.info("search %s: %.1f s", claimed[0].id, time.monotonic() - started)
        return 1

    def run(
        self,
        kinds: Sequence[EntityKind] = MERGEABLE_KINDS,
        *,
        actor: str,
        again: bool = False,
        on_progress: FindProgress = silent,
    ) -> DuplicateSearch:
        """Look through the library at once, after whatever waited; what is found replaces the open pairs.

        Args:
            again: propose pairs as well that a person has said are different.

        Raises:
            InvalidInput: a kind whose records are not merged.
            Conflict: a search is under way elsewhere, or took over.
        """
        for kind in kinds:
            check_kind(kind)
        self.run_waiting()
        return self._carry_out(*self._begin(wished(actor, kinds, self._now(), again=again)), on_progress)

    def _claim(self) -> tuple[DuplicateSearch, HeldLease] | None:
        """The right to do the search under way, if nobody has it."""
        with self._database.read() as unit:
            found = unit.duplicate_searches.under_way()
            lease = unit.leases.find(LEASE_NAME)
        if found is None or (lease is not None and lease.expires_at > self._now()):
            return None
        try:
            with self._database.write() as unit:
                lease = unit.leases.acquire(LEASE_NAME, self._holder, self._now(), TERM)
                present = unit.duplicate_searches.under_way()
                if present is None:
                    unit.leases.release(lease)
                    return None
                search = self._begun(present)
                unit.duplicate_searches.put(search)
                if not search.is_under_way:
                    unit.leases.release(lease)
                    return None
        except Conflict:
            # Another process was quicker.
            return None
        return search, self._held(lease)

    def _begin(self, search: DuplicateSearch) -> tuple[DuplicateSearch, HeldLease]:
        """Claim a search that nobody has waited for."""
        search = self._begun(search)
        with self._database.write() as unit:
            try:
                lease = unit.leases.acquire(LEASE_NAME, self._holder, self._now(), TERM)
            except Conflict:
                raise busy(unit) from None
            if not unit.duplicate_searches.add(search):
                raise busy(unit)
            unit.duplicate_searches.keep(KEPT)
        return search, self._held(lease)

    def _held(self, lease: Lease) -> HeldLease:
        return HeldLease(self._database, lease, now=self._now, term=TERM)

    def _begun(self, search: DuplicateSearch) -> DuplicateSearch:
        now = self._now()
        if search.attempt >= MAX_ATTEMPTS:
            return replace(search, state=SearchState.INTERRUPTED, ended_at=now)
        return replace(search, state=SearchState.RUNNING, attempt=search.attempt + 1, began_at=now)

    def _carry_out(self, search: DuplicateSearch, lease: HeldLease, on_progress: FindProgress) -> DuplicateSearch:
        """Look through the kinds that are left."""
        teller = Teller(self._progress.tell, lambda: self.worker.is_stopping)

        def tell(stage: str, done: int, total: int | None) -> None:
            teller(stage, done, total)
            on_progress(stage, done, total)

        with lease:
            try:
                for kind in search.left:
                    search = self._look_through(search, kind, lease, tell)
            except BaseException as error:
                self._give_up(search, lease, error)
                raise
            finally:
                self._progress.forget()
        return search

    def _look_through(
        self, search: DuplicateSearch, kind: EntityKind, lease: HeldLease, tell: FindProgress
    ) -> DuplicateSearch:
        def watch(phase: Phase, done: int, total: int) -> None:
            tell(FIND_STAGE.format(phase=phase.value, kind=KIND_LABELS[kind]), done, total)

        with self._database.read() as unit:
            material = gather(unit, kind, watch=watch)
        proposals = compare(material, watch=watch)
        n_records = len(material.records)
        return patiently(
            lambda: self._keep(search, kind, n_records, proposals, lease),
            is_stopping=lambda: self.worker.is_stopping,
        )

    def _keep(
        self,
        search: DuplicateSearch,
        kind: EntityKind,
        n_records: int,
        proposals: Sequence[Proposal],
        lease: HeldLease,
    ) -> DuplicateSearch:
        """Put what was found in the place of what was open, and note it; the last kind ends the search."""
        with lease.write() as unit:
            now = self._now()
            # Merged or deleted while the comparison ran.
            there = unit.of(kind).get_many(sorted({id for item in proposals for id in item.pair}))
            pairs = [item for item in proposals if there.keys() >= set(item.pair)]
            done = unit.duplicates.replace_open(kind, pairs, found_at=now, again=search.again)
            found = Found(
                kind=kind,
                at=now,
                n_records=n_records,
                n_open=done.n_open,
                n_new=done.n_new,
                n_kept=done.n_kept,
                n_gone=done.n_gone,
                n_rejected=len(pairs) - done.n_open,
            )
            search = replace(search, found=(*search.found, found))
            if not search.left:
                search = replace(search, state=SearchState.DONE, ended_at=now)
            unit.duplicate_searches.put(search)
            detail: dict[str, object] = {
                "n_records": n_records,
                "n_open": done.n_open,
                "n_new": done.n_new,
                "n_gone": done.n_gone,
                "again": search.again,
            }
            action = f"identity:{kind}:find"
            unit.audit.append(AuditEntry(at=now, actor=search.actor, action=action, target="", detail=detail))
        return search

    def _give_up(self, search: DuplicateSearch, lease: HeldLease, error: BaseException) -> None:
        """Note why a search came to nothing, unless somebody else has taken it over."""

        def note() -> None:
            with lease.write() as unit:
                unit.duplicate_searches.put(self._given_up(search, error))

        try:
            patiently(note, is_stopping=lambda: self.worker.is_stopping)
        except MatchmakerError as other:
            # It is taken up when the lease ends.
            _log.info("the end of search %s was not noted: %s", search.id, other.code)

    def _given_up(self, search: DuplicateSearch, error: BaseException) -> DuplicateSearch:
        match error:
            case Stopped():
                # The next process begins at once, and nobody is to blame.
                return replace(search, state=SearchState.WAITING, attempt=search.attempt - 1)
            case MatchmakerError():
                fault = JobFault(error.code, {name: str(value) for name, value in error.context.items()})
            case Exception():
                fault = JobFault("identity.search_broken", {})
            case _:
                return replace(search, state=SearchState.INTERRUPTED, ended_at=self._now())
        return replace(search, state=SearchState.FAULTY, fault=fault, ended_at=self._now())
