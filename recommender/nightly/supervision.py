"""Which shards are tried again, which are tried alone, and which are given up.

A shard that raises has itself to blame and is tried again in the next round. A shard that was at work when a
worker or the whole coordinator died is only a suspect: from then on it is tried alone, so that whatever dies
next has died of it. Suspects come last, when all others are through.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from recommender.nightly.executors.protocol import WORKER_LOST, Executor, Opener, Outcome

_log = logging.getLogger(__name__)

Begin = Callable[[Sequence[int]], None]
"""These shards begin. Returns when one attempt more is on record for each, which outlives this process."""
Done = Callable[[int, bytes, float], None]
"""A shard is done: its payload, and the seconds it took."""
Failed = Callable[[int, str], None]
"""An attempt at a shard failed, for a technical reason."""
Release = Callable[[Sequence[int]], None]
"""These shards were stopped through no fault of theirs; the attempt on record may be taken back."""

_NO_ATTEMPTS_LEFT: Final = "not finished in {attempts} attempts"


def supervise(
    executor: Executor,
    opener: Opener,
    pending: Mapping[int, int],
    *,
    max_attempts: int = 3,
    on_begin: Begin,
    on_done: Done,
    on_failed: Failed,
    on_quarantine: Failed,
    on_release: Release = lambda _: None,
) -> None:
    """Have every pending shard done, or given up.

    Each shard that begins ends with exactly one of ``on_done``, ``on_failed`` (it will begin again) and
    ``on_quarantine`` (it will not), unless this function raises: those at work are then released. Callbacks run
    in the caller's thread, one at a time.

    Args:
        executor: who does the work.
        opener: what the work is.
        pending: shard → attempts on record. One with any was at work when an earlier coordinator ended, or
            failed under it, and is a suspect.
        max_attempts: failed attempts after which a shard is given up, at least 1. One with so many on record is
            given up without another, since it ended its coordinators. Losing a worker beside others is not
            enough: a suspect is given up only for what it did alone, be it with one attempt more. With 1, all
            that were at work when a coordinator ended are given up, so 2 is the least that spares the innocent.
        on_begin: see :data:`Begin`; called for a shard when a worker is there to do it.
        on_done: see :data:`Done`.
        on_failed: see :data:`Failed`.
        on_quarantine: see :data:`Failed`; the last failure.
        on_release: see :data:`Release`.

    Raises:
        ValueError: ``max_attempts`` is below 1.
        Unavailable: see :meth:`recommender.nightly.executors.protocol.Executor.run`.
        Exception: whatever a callback raised. The work has been stopped.
    """
    if max_attempts < 1:
        msg = f"max_attempts is {max_attempts}; at least 1 is needed"
        raise ValueError(msg)
    callbacks = _Callbacks(on_begin, on_done, on_failed, on_quarantine, on_release)
    night = _Night(callbacks, attempts=dict(pending), max_attempts=max_attempts)
    night.sort_out()
    while night.together or night.suspects:
        _do(executor, opener, night.next_round())


@dataclass(frozen=True, slots=True)
class _Callbacks:
    """The parameters of :func:`supervise` of these names."""

    begin: Begin
    done: Done
    failed: Failed
    quarantine: Failed
    release: Release


class _Night:
    """Attempts so far and what is still to do.

    Attributes:
        together: shards that may be done side by side.
        suspects: shards that are done alone.
    """

    def __init__(self, callbacks: _Callbacks, *, attempts: dict[int, int], max_attempts: int) -> None:
        self.together: list[int] = []
        self.suspects: list[int] = []
        self.callbacks = callbacks
        self._attempts = attempts
        self._max_attempts = max_attempts

    def sort_out(self) -> None:
        """At the beginning: give up those with no attempts left, suspect those that have any behind them."""
        for shard, attempts in sorted(self._attempts.items()):
            if attempts >= self._max_attempts:
                self.callbacks.quarantine(shard, _NO_ATTEMPTS_LEFT.format(attempts=attempts))
            else:
                (self.suspects if attempts else self.together).append(shard)

    def next_round(self) -> "_Round":
        """All that may be done together, else the suspect with the fewest attempts; taken from what is to do."""
        if self.together:
            shards, self.together = self.together, []
            return _Round(self, shards, alone=False)
        suspect = min(self.suspects, key=lambda shard: (self._attempts[shard], shard))
        self.suspects.remove(suspect)
        return _Round(self, [suspect], alone=True)

    def begin(self, shard: int) -> None:
        """Put one more attempt on record."""
        self.callbacks.begin([shard])
        self._attempts[shard] += 1

    def fail(self, shard: int, error: str, *, alone: bool) -> None:
        """Give the shard up if it has had its attempts and is to blame, else keep it for later."""
        to_blame = alone or error != WORKER_LOST
        if to_blame and self._attempts[shard] >= self._max_attempts:
            self.callbacks.quarantine(shard, error)
            return
        self.callbacks.failed(shard, error)
        (self.together if to_blame and not alone else self.suspects).append(shard)


class _Round:
    """Shards for one run of the executor, which begin as it takes them."""

    def __init__(self, night: _Night, shards: list[int], *, alone: bool) -> None:
        self._night = night
        self._shards = shards
        self._alone = alone
        self._at_work: set[int] = set()
        self._n_settled = 0

    def __length_hint__(self) -> int:
        """So that no more workers are started than there are shards."""
        return len(self._shards)

    def __iter__(self) -> Iterator[int]:
        for shard in self._shards:
            self._night.begin(shard)
            self._at_work.add(shard)
            yield shard

    def settle(self, outcome: Outcome) -> None:
        """Report how an attempt ended; a shard whose report cannot be taken is still at work."""
        if outcome.payload is None:
            self._night.fail(outcome.shard, outcome.error, alone=self._alone)
        else:
            self._night.callbacks.done(outcome.shard, outcome.payload, outcome.seconds)
        self._at_work.remove(outcome.shard)
        self._n_settled += 1

    def check(self) -> None:
        """Raise RuntimeError if the executor ended without telling of every shard: none may be lost quietly."""
        if missing := len(self._shards) - self._n_settled:
            msg = f"the executor ended and said nothing of {missing} shards"
            raise RuntimeError(msg)

    def release(self) -> None:
        """Report what is still at work; the reason why is on its way to the caller and must not be lost."""
        if not self._at_work:
            return
        try:
            self._night.callbacks.release(sorted(self._at_work))
        except Exception:
            _log.exception("could not release the shards that were at work")


def _do(executor: Executor, opener: Opener, shards: _Round) -> None:
    try:
        with closing(executor.run(opener, shards)) as outcomes:
            for outcome in outcomes:
                shards.settle(outcome)
        shards.check()
    finally:
        shards.release()
