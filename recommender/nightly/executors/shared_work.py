"""The opener as every Dask worker holds it: sent once, opened once in each, at its first shard."""

import threading

from distributed import Worker, WorkerPlugin, get_worker

from recommender.nightly.executors.attempt import attempt, described
from recommender.nightly.executors.protocol import Opener, Outcome, Work


class OpeningFailed(Exception):
    """A worker could not open the work; the text says why."""


class SharedWork(WorkerPlugin):
    """Registered with the scheduler, which sends it to every worker, also to those that join later.

    Args:
        opener: see :class:`recommender.nightly.executors.protocol.Opener`.
        n_threads: threads one shard may use, at least 1.
    """

    def __init__(self, opener: Opener, n_threads: int) -> None:
        self._opener = opener
        self._n_threads = n_threads
        self._work: Work | None = None
        self._opening: threading.Lock | None = None

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 — Dask's signature
        """Only a lock is made here: opening takes seconds, and this thread must answer the scheduler."""
        self._opening = threading.Lock()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 — as above
        """Let go of what was opened."""
        self._work = None

    def work(self) -> Work:
        """What the opener gave in this worker.

        Raises:
            OpeningFailed: it raised; the next call tries again.
        """
        assert self._opening is not None, "set up by Dask"
        with self._opening:
            if self._work is None:
                try:
                    self._work = self._opener.open(self._n_threads)
                except Exception as raised:
                    raise OpeningFailed(described(raised)) from None
            return self._work


def attempt_there(name: str, shard: int) -> Outcome:
    """Do one shard with the plugin of that name, in a Dask worker.

    Raises:
        OpeningFailed: the worker cannot do any shard.
    """
    plugin = get_worker().plugins.get(name)
    if not isinstance(plugin, SharedWork):
        msg = "the worker was not sent the work"
        raise OpeningFailed(msg)
    return attempt(plugin.work(), shard)
