"""Worker processes on this machine, of which any may die without the others noticing.

A pool of our own rather than :class:`concurrent.futures.ProcessPoolExecutor`, which breaks with the first worker
that dies: see ``docs/decisions/0015-executors.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from operator import length_hint
from typing import Final

from recommender.nightly.executors.attempt import cannot_open
from recommender.nightly.executors.child import Child
from recommender.nightly.executors.protocol import Opener, Outcome, Outcomes

_OPENING_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessExecutor:
    """See the module. At most one finished shard a worker waits in here, and one more in each worker.

    A worker that dies costs the shard it held, and another takes its place. One that dies before it has opened
    the work, or cannot open it, is replaced unless that happened three times in a row: the run then goes on with
    the workers there are, and is given up if there are none.

    Attributes:
        n_workers: processes at work at the same time, at least 1; never more than a known number of shards.
        n_threads: threads of each, at least 1.
    """

    n_workers: int
    n_threads: int

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        """See :meth:`recommender.nightly.executors.protocol.Executor.run`."""
        n_workers = min(self.n_workers, length_hint(shards, self.n_workers))
        crew = _Crew(bytes(ForkingPickler.dumps(opener)), shards, n_threads=self.n_threads)
        try:
            crew.hire(n_workers)
            while crew.children:
                yield from crew.outcomes()
        finally:
            crew.end()
        crew.raise_if_undone()


class _Crew:
    """The workers of one run and the shards that none of them has had yet."""

    def __init__(self, opener: bytes, shards: Iterable[int], *, n_threads: int) -> None:
        self.children: list[Child] = []
        self._opener = opener
        self._shards = iter(shards)
        self._all_given = False
        self._n_threads = n_threads
        self._n_not_opened = 0
        self._why_not_opened = ""

    def hire(self, n: int) -> None:
        for _ in range(n):
            self.children.append(Child(self._opener, self._n_threads))

    def outcomes(self) -> list[Outcome]:
        """Wait for news, hand out new shards, and return the outcomes of old ones; there may be none."""
        heard = Child.heard(self.children)
        settled = [self._settle(child) for child in heard if child in self.children]
        return [outcome for outcome in settled if outcome is not None]

    def end(self) -> None:
        for child in self.children:
            child.kill()
        for child in self.children:
            child.end()

    def raise_if_undone(self) -> None:
        """Raises: Unavailable, if shards may be left that nobody could be found for."""
        if self._why_not_opened and not self._all_given:
            raise cannot_open(self._why_not_opened)

    def _settle(self, child: Child) -> Outcome | None:
        reply = child.answer()
        outcome = child.outcome(reply)
        if reply is None or (reply.error and not child.has_opened):
            self._replace(child, reply.error if reply else "")
            return outcome
        if not child.has_opened:
            child.has_opened, self._n_not_opened = True, 0
        self._employ(child)
        return outcome

    def _employ(self, child: Child) -> None:
        """Give the next shard, or dismiss: with nothing left to give, so are those who are still opening."""
        shard = None if self._all_given else next(self._shards, None)
        if shard is not None:
            child.give(shard)
            return
        self._all_given = True
        for idle in [other for other in self.children if other.shard is None]:
            self._dismiss(idle)

    def _replace(self, child: Child, error: str) -> None:
        code = self._dismiss(child)
        if not child.has_opened:
            self._n_not_opened += 1
            self._why_not_opened = error or f"the worker ended with code {code}"
        if not self._all_given and self._n_not_opened < _OPENING_ATTEMPTS:
            self.hire(1)

    def _dismiss(self, child: Child) -> int:
        self.children.remove(child)
        return child.end()
