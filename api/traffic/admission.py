"""Lets requests of the API in: by rate, with their body read, through a lane, and with a deadline."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import messages as zh
from api.observability import metrics
from api.operations import CONSOLE_FILES, CONSOLE_PREFIX, V1_PREFIX, Operation, Operations
from api.problems import error_response, note_code, problem_response
from api.traffic.bodies import Body
from api.traffic.lanes import MATCHING, QUICK, UPLOADS, Lane, Slot
from api.traffic.rates import Rates, address_name
from recommender.domain.deadline import deadline
from recommender.domain.errors import MatchmakerError, TooMany, Unavailable

_METHOD_NOT_ALLOWED: Final = 405
_REQUEST_TIMEOUT: Final = 408
_NOT_SIGNED_IN: Final = 401
MAX_READING: Final = 256
"""Requests of a process whose bodies are received or that wait, all together: what bounds its memory."""

MAX_UPLOADS: Final = 2
"""Files that a process receives at once; hardly any of that time is work."""

UPLOAD_SECONDS: Final = 600
"""How long a file may take to come."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """How a process takes requests.

    Attributes:
        operations: of the application.
        lanes: by name.
        actors, addresses: rates of those who are known, and of addresses behind which nobody is.
        deadline_s: from the arrival of a request, in seconds.
        max_body_bytes: of one request.
    """

    operations: Operations
    lanes: Mapping[str, Lane]
    actors: Rates
    addresses: Rates
    deadline_s: float
    max_body_bytes: int


class Admission:
    """The middleware; operations and pages pass through it, files and what watches the server do not."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic
        self._n_inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not _takes_work(scope["path"]):
            await self._app(scope, receive, send)
            return
        self._n_inside += 1
        try:
            refusal = await self._admit(scope, receive, send)
        except MatchmakerError as error:
            refusal = error_response(Request(scope), error)
        finally:
            self._n_inside -= 1
        if refusal is not None:
            await refusal(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        ends_at = time.monotonic() + self._traffic.deadline_s
        if self._n_inside > MAX_READING:
            raise Unavailable("request.overloaded")
        self._charge_stranger(scope)
        operation = self._traffic.operations.find(scope)
        if operation.other_methods:
            return _other_method(scope, operation)
        if operation.lane == UPLOADS:
            return await self._stream(scope, receive, send, ends_at)
        body = Body(receive, self._traffic.max_body_bytes)
        try:
            is_there = await body.read(ends_at)
        except TimeoutError:
            return _too_slow(scope)
        try:
            if is_there:
                await self._work(scope, body, send, ends_at)
        finally:
            body.forget()
        return None

    async def _stream(self, scope: Scope, receive: Receive, send: Send, ends_at: float) -> Response | None:
        """Let a file in, which is not read ahead: it is kept on disk as it comes."""
        slot = await self._traffic.lanes[UPLOADS].enter(ends_at, _forever)
        assert slot is not None, "nobody leaves who cannot be seen to"
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                await self._app(scope, receive, self._watched(scope, send, slot))
        except TimeoutError:
            return _too_slow(scope)
        finally:
            slot.give_back()
        return None

    async def _work(self, scope: Scope, body: Body, send: Send, ends_at: float) -> None:
        if body.is_cut:
            # It will be refused for its size, which takes no time.
            await self._app(scope, body.receive, send)
            return
        lane = self._traffic.lanes[self._traffic.operations.find(scope).lane]
        slot = await lane.enter(ends_at, body.gone)
        if slot is None:
            return
        try:
            with deadline(ends_at):
                await self._app(scope, body.receive, self._watched(scope, send, slot))
        finally:
            slot.give_back()

    def _watched(self, scope: Scope, send: Send, slot: Slot) -> Send:
        """``send``, giving the slot back as soon as there is an answer: the rest is the network's pace."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                slot.give_back()
                if message["status"] == _NOT_SIGNED_IN and _has_credentials(scope):
                    self._traffic.addresses.take(_address(scope))
            await send(message)

        return watched

    def _charge_stranger(self, scope: Scope) -> None:
        """Count a request without credentials; the others are counted when it is known whose they are."""
        if _has_credentials(scope):
            return
        retry_after_s = self._traffic.addresses.take(_address(scope))
        if retry_after_s:
            raise TooMany("request.too_many", retry_after_s=retry_after_s)


async def _forever() -> None:
    await asyncio.Event().wait()


def lanes(*, n_threads: int, n_matches: int, n_waiting: int) -> dict[str, Lane]:
    """The lanes of a process.

    Args:
        n_threads: that work on requests, all together.
        n_matches: of them, those that may rank at once.
        n_waiting: matches that may wait; of quick requests, which take milliseconds, ten for each thread may.
    """
    n_quick = n_threads - n_matches
    sizes = {
        MATCHING: (n_matches, n_waiting),
        QUICK: (n_quick, 10 * n_quick),
        UPLOADS: (MAX_UPLOADS, 4 * MAX_UPLOADS),
    }
    return {name: Lane(*size, on_change=partial(metrics.occupied, name)) for name, size in sizes.items()}


def _takes_work(path: str) -> bool:
    return path.startswith((V1_PREFIX, CONSOLE_PREFIX)) and not path.startswith(CONSOLE_FILES)


def _has_credentials(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "authorization" in headers or "cookie" in headers


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return address_name(client[0]) if client else ""


def _other_method(scope: Scope, operation: Operation) -> Response:
    allowed = ", ".join(operation.other_methods)
    detail = zh.DETAIL_METHOD.format(method=scope["method"], allowed=allowed)
    return _refusal(scope, _METHOD_NOT_ALLOWED, "request.method", detail, headers={"Allow": allowed})


def _too_slow(scope: Scope) -> Response:
    return _refusal(scope, _REQUEST_TIMEOUT, "request.body_slow", zh.DETAIL_BODY_SLOW)


def _refusal(
    scope: Scope, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> Response:
    note_code(Request(scope), code)
    return problem_response(scope, status, code, detail=detail, headers=headers)
