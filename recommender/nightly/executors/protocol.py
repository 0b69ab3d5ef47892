"""What the night's work and whoever does it agree on: numbers go out, bytes come back."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

Work = Callable[[int], bytes]
"""The number of a shard → its payload; the same bytes whoever calls it, wherever and however often."""

WORKER_LOST: Final = "worker lost"
"""The error of a shard whose worker died; whether the shard was to blame is not known."""


class Opener(Protocol):
    """A small picklable object, of a class at module level: it crosses to every worker in place of the data."""

    def open(self, n_threads: int) -> Work:
        """Load what the work needs; called once in every worker.

        Args:
            n_threads: threads the work may use, at least 1; native libraries are told here.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt at one shard ended.

    Attributes:
        shard: its number.
        payload: what the work gave; None exactly if there is an error.
        error: "" when all is well, else a short technical text for the log: the exception's type and message,
            or :data:`WORKER_LOST`.
        seconds: wall time the worker spent on it, without waiting and transport, if it was not lost; at least 0.
    """

    shard: int
    payload: bytes | None
    error: str
    seconds: float


Outcomes = Generator[Outcome, None, None]


class Executor(Protocol):
    """Does shards, several at a time."""

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        """The outcome of every shard, each exactly once, as they finish, in any order.

        Nothing happens before the first outcome is asked for. ``shards`` are distinct; the next is taken, in the
        caller's thread, only when a worker is there to do it, so a lazy iterable learns when a shard begins.
        Workers wait with their results while the caller does not ask, so memory stays flat. Closing the
        generator, or any exception in it, stops the work at once and leaves no process of ours behind.

        Raises:
            Unavailable: no worker can open the work, or there is none to be had.
        """
        ...
