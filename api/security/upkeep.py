"""What recognising an account leaves to be done around the answer: another cookie, and remembering the use."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.domain.errors import MatchmakerError

UPKEEP: Final = "upkeep"
"""Name under which a request's state holds its :class:`Upkeep`."""

_log = logging.getLogger("api.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What is left to do.

    Attributes:
        set_cookie: value of a ``Set-Cookie`` header, on whatever the answer turns out to be.
        touch: to be called once the answer is sent.
    """

    set_cookie: str = ""
    touch: Callable[[], None] | None = None


class SessionUpkeep:
    """Does it, around the whole application.

    Remembering a use waits for the database's writer, so it keeps no answer waiting, and while one waits the
    others are left out: what is a minute late does no harm.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._busy = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            upkeep = scope.get("state", {}).get(UPKEEP)
            if message["type"] == "http.response.start" and upkeep is not None and upkeep.set_cookie:
                MutableHeaders(scope=message).append("Set-Cookie", upkeep.set_cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)
        upkeep = scope.get("state", {}).get(UPKEEP)
        if upkeep is not None and upkeep.touch is not None and self._busy.acquire(blocking=False):
            try:
                await anyio.to_thread.run_sync(_quietly, upkeep.touch)
            finally:
                self._busy.release()


def _quietly(touch: Callable[[], None]) -> None:
    try:
        touch()
    except MatchmakerError as error:
        _log.info("a use is not remembered: %s", error.code)
