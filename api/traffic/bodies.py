"""The body of a request, read before a slot is taken: whoever sends slowly keeps nobody waiting."""

import asyncio
from typing import Final

from starlette.types import Message, Receive

_DISCONNECT: Final = "http.disconnect"


class Body:
    """What was received of a request, to be handed on, and whether the caller is still there.

    Args:
        max_bytes: more is left to whoever refuses it.
    """

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._messages: list[Message] = []
        self._next: asyncio.Task[Message] | None = None
        self.is_cut = False
        """Whether there is more than was read."""

    async def read(self, ends_at: float) -> bool:
        """Receive the body; whether the caller is still there.

        Raises:
            TimeoutError: it did not come in time.
        """
        n_bytes = 0
        async with asyncio.timeout_at(ends_at):
            more = True
            while more and n_bytes <= self._max_bytes:
                message = await self._receive()
                if message["type"] == _DISCONNECT:
                    return False
                self._messages.append(message)
                n_bytes += len(message.get("body", b""))
                more = message.get("more_body", False)
        self._messages.reverse()
        self.is_cut = more
        return True

    @property
    def content(self) -> bytes:
        """What was read, before it is handed on."""
        return b"".join(message.get("body", b"") for message in reversed(self._messages))

    async def gone(self) -> None:
        """Return when the caller has gone; for use after a whole body only."""
        await asyncio.shield(self._following())

    async def receive(self) -> Message:
        """The messages again, then those that follow."""
        if self._messages:
            return self._messages.pop()
        following, self._next = self._following(), None
        return await following

    def _following(self) -> "asyncio.Task[Message]":
        if self._next is None:
            self._next = asyncio.ensure_future(self._message())
        return self._next

    async def _message(self) -> Message:
        return await self._receive()

    def forget(self) -> None:
        """Stop listening."""
        if self._next is not None:
            self._next.cancel()
