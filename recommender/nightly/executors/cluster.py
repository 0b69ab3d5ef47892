"""The shards that the workers of a Dask cluster hold for one run."""

import queue
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from distributed import Client, Future, KilledWorker

from recommender.domain.errors import Unavailable
from recommender.nightly.executors.attempt import cannot_open, described
from recommender.nightly.executors.protocol import WORKER_LOST, Outcome
from recommender.nightly.executors.scheduler import reaching, unreachable
from recommender.nightly.executors.shared_work import OpeningFailed, SharedWork, attempt_there

_LOOK_EVERY_S: Final = 5.0
_LOOK_FOR_WORKERS_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A shard that was handed over, and the monotonic time of it."""

    shard: int
    future: Future[Outcome]
    at: float


class Cluster:
    """See the module.

    Args:
        client: connected to the scheduler.
        address: the scheduler's.
        patience_s: how long to wait for a worker while there is none, in seconds.
    """

    def __init__(self, client: Client, *, address: str, patience_s: float) -> None:
        self._client = client
        self._address = address
        self._patience_s = patience_s
        self._name = f"night-{uuid.uuid4().hex}"
        self._held: dict[Future[Outcome], Handed] = {}
        self._finished: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()

    @contextmanager
    def sharing(self, work: SharedWork) -> Iterator[None]:
        """Every worker has the work inside the block, and lets go of it after.

        Raises:
            Unavailable: a worker cannot take it, for instance because it lacks this package.
        """
        try:
            self._register(work)
            yield
        finally:
            # A client that has lost its scheduler would try for seconds to find it again.
            if self._client.status == "running":
                with suppress(Exception):  # a worker's, of whatever type; the run has its outcomes
                    self._client.unregister_worker_plugin(self._name)

    @property
    def is_busy(self) -> bool:
        """Whether any shard that was handed over has not finished."""
        return bool(self._held)

    def fill(self, waiting: Iterator[int]) -> None:
        """Hand over shards while there is room: one for every thread, and a quarter so that none need wait.

        Raises:
            Unavailable: the scheduler is lost, or has no workers.
        """
        n_threads = self._n_threads()
        for shard in islice(waiting, max(0, n_threads + n_threads // 4 + 1 - len(self._held))):
            with reaching(self._address):
                key = f"shard-{self._name}-{shard}"
                future = self._client.submit(attempt_there, self._name, shard, key=key, pure=False)
                self._held[future] = Handed(shard=shard, future=future, at=time.monotonic())
                future.add_done_callback(self._finished.put)

    def finished(self) -> Handed | None:
        """The next shard that has finished, its payload still over there; None if none did for some seconds.

        Raises:
            Unavailable: the scheduler is lost.
        """
        try:
            future = self._finished.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            return None
        if future.status not in {"finished", "error"}:
            raise unreachable(self._address)
        return self._held.pop(future)

    def outcome(self, finished: Handed) -> Outcome:
        """Fetch what became of a shard that has finished.

        Raises:
            Unavailable: the scheduler is lost, or the worker could not open the work.
        """
        with reaching(self._address):
            error = finished.future.exception()
            if error is None:
                outcome: Outcome = finished.future.result()
                return outcome
        if isinstance(error, OpeningFailed):
            raise cannot_open(str(error))
        text = WORKER_LOST if isinstance(error, KilledWorker) else described(error)
        return Outcome(shard=finished.shard, payload=None, error=text, seconds=time.monotonic() - finished.at)

    def _register(self, work: SharedWork) -> None:
        try:
            with reaching(self._address):
                self._client.register_plugin(work, name=self._name)
        except Unavailable:
            raise
        except Exception as error:  # what a worker raised on reading the opener comes back as a bare Exception
            raise cannot_open(described(error)) from error

    def _n_threads(self) -> int:
        """Threads of all workers; waits while there are none."""
        deadline = time.monotonic() + self._patience_s
        while True:
            with reaching(self._address):
                of_workers: dict[str, int] = self._client.nthreads()
            if of_workers:
                return sum(of_workers.values())
            if time.monotonic() > deadline:
                raise Unavailable("nightly.no_workers", address=self._address)
            time.sleep(_LOOK_FOR_WORKERS_EVERY_S)
