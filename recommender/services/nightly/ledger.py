"""Writes down what becomes of a night's shards, each line in a transaction of its own."""

from collections.abc import Callable, Sequence

from recommender.domain.runs import ShardStage
from recommender.services.nightly.lease import NightLease

_STAGE = ShardStage.CANDIDATES


class CandidateLedger:
    """The callbacks of :func:`recommender.nightly.supervision.supervise` for the search of one run.

    Args:
        lease: asked before every line.
        run_id: whose shards.
        n_shards: how many are to be done.
        progress: told how many of them are.
    """

    def __init__(
        self, lease: NightLease, run_id: str, n_shards: int, progress: Callable[[int, int], None]
    ) -> None:
        self._lease = lease
        self._run_id = run_id
        self._n_shards = n_shards
        self._n_done = 0
        self._progress = progress
        progress(0, n_shards)

    def begin(self, numbers: Sequence[int]) -> None:
        """Count an attempt of each, before it is made."""
        with self._lease.write() as unit:
            unit.shards.begin(self._run_id, _STAGE, numbers)

    def done(self, number: int, payload: bytes, seconds: float) -> None:  # noqa: ARG002
        """Keep what a shard found."""
        with self._lease.write() as unit:
            unit.shards.complete(self._run_id, _STAGE, number, payload)
        self._n_done += 1
        self._progress(self._n_done, self._n_shards)

    def failed(self, number: int, error: str) -> None:
        """Keep why an attempt failed."""
        with self._lease.write() as unit:
            unit.shards.fail(self._run_id, _STAGE, number, error)

    def quarantine(self, number: int, error: str) -> None:
        """Set a shard aside."""
        with self._lease.write() as unit:
            unit.shards.quarantine(self._run_id, _STAGE, number, error)

    def release(self, numbers: Sequence[int]) -> None:
        """Take back attempts that were stopped through no fault of the shards."""
        with self._lease.write() as unit:
            unit.shards.reopen(self._run_id, _STAGE, numbers)
