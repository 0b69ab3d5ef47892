"""Lanes: how many requests of a kind are worked on at once, and how many may wait for that."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from recommender.domain.errors import Unavailable

LANE: Final = "x-lane"
MATCHING: Final = "matching"
QUICK: Final = "quick"

UPLOADS: Final = "uploads"
"""Of operations that take files: they read the body themselves, piece by piece, as slowly as it comes."""

MATCHES: Final[dict[str, str]] = {LANE: MATCHING}
"""The ``openapi_extra`` of an operation that ranks: it waits in a lane of its own, so that others do not."""

FILES: Final[dict[str, str]] = {LANE: UPLOADS}
"""The ``openapi_extra`` of an operation that takes files."""


STANDING_S: Final = 1.0
"""A queue that has not been empty for so long takes no burst any more: it only makes everybody wait."""


class Lane:
    """A number of slots, and a queue of a number of places in front of them. For one event loop.

    All places are for bursts. Once the queue has stood for :data:`STANDING_S` seconds, half of them are closed
    until it is empty: as many requests are answered as before, each in about half the time.

    Args:
        n_slots: requests worked on at once.
        n_places: requests that wait; one more is sent away at once.
        clock: seconds that only grow.
        on_change: told how many are worked on and how many wait, whenever that has changed.
    """

    def __init__(
        self,
        n_slots: int,
        n_places: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[int, int], None] = lambda _running, _waiting: None,
    ) -> None:
        self._clock = clock
        self._stands_since: float | None = None
        self._on_change = on_change
        self._n_slots = n_slots
        self._n_places = n_places
        self._n_running = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def n_running(self) -> int:
        """Requests that hold a slot."""
        return self._n_running

    @property
    def n_waiting(self) -> int:
        """Requests in the queue."""
        return len(self._waiting)

    @property
    def _n_open(self) -> int:
        """Places that may be taken at this moment."""
        since = self._stands_since
        stands = since is not None and self._clock() - since >= STANDING_S
        return (self._n_places + 1) // 2 if stands else self._n_places

    async def enter(self, ends_at: float, gone: Callable[[], Coroutine[Any, Any, None]]) -> "Slot | None":
        """Take a slot, waiting for one if need be.

        Args:
            ends_at: how long to wait, as a moment of ``time.monotonic``.
            gone: returns when the caller has gone; then there is no slot.

        Raises:
            Unavailable: the queue is full, or the time is over.
        """
        if self._n_running < self._n_slots:
            self._n_running += 1
            self._changed()
            return Slot(self)
        if len(self._waiting) >= self._n_open:
            raise Unavailable("request.overloaded")
        leaving = asyncio.create_task(gone())
        try:
            return await self._wait(ends_at, leaving)
        finally:
            leaving.cancel()

    async def _wait(self, ends_at: float, leaving: "asyncio.Task[None]") -> "Slot | None":
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._changed()
        has_slot = False
        try:
            timeout = ends_at - time.monotonic()
            await asyncio.wait((turn, leaving), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            has_slot = turn.done() and not leaving.done()
        finally:
            if not has_slot:
                self._withdraw(turn)
        if has_slot:
            return Slot(self)
        if leaving.done():
            return None
        raise Unavailable("request.deadline")

    def _withdraw(self, turn: "asyncio.Future[None]") -> None:
        """Leave the queue, handing on a slot that came too late."""
        if turn.done():
            self.hand_on()
        else:
            self._waiting.remove(turn)
            self._changed()

    def hand_on(self) -> None:
        """Give a slot to the next in the queue; called by the :class:`Slot`."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._n_running -= 1
        self._changed()

    def _changed(self) -> None:
        if not self._waiting:
            self._stands_since = None
        elif self._stands_since is None:
            self._stands_since = self._clock()
        self._on_change(self._n_running, len(self._waiting))


class Slot:
    """The right to be worked on."""

    def __init__(self, lane: Lane) -> None:
        self._lane: Lane | None = lane

    def give_back(self) -> None:
        """Let the next one in; a second time does nothing."""
        if self._lane is not None:
            self._lane.hand_on()
            self._lane = None
