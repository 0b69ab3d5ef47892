"""What goes around every request: an id, protective headers, a log line, and a last resort for failures."""

import logging
import re
import secrets
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observability import metrics
from api.observability.logs import EVENT
from api.problems import CODE_STATE, problem_response, too_large_detail
from api.security.headers import protective_headers
from api.traffic.admission import Traffic
from api.traffic.arrivals import ACTOR_STATE

REQUEST_ID_HEADER: Final = "X-Request-ID"
_ACCEPTED_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOO_LARGE: Final = 413
_access = logging.getLogger("api.access")
_errors = logging.getLogger("api.errors")


class Envelope:
    """Wraps the whole application, the framework's own error and size-limit answers included.

    Logs the method, the template of the address, status, duration and whose account asked; never an id in an
    address, a query, a header or a body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            # The answer is sent already; raising further would only log it twice, without the id.
            event = {"request_id": exchange.request_id}
            _errors.exception("request %s: unexpected error", exchange.request_id, extra={EVENT: event})
        finally:
            exchange.log()


class _Exchange:
    """One request and its answer on the way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._started = time.perf_counter()
        self._status = 0
        self._replaced = False
        self.request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Pass a message on; the head of an answer gets its headers."""
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if message["status"] == _TOO_LARGE and headers.get("content-type", "").startswith("text/plain"):
                await self._replace_too_large()
                return
            self._status = message["status"]
            headers[REQUEST_ID_HEADER] = self.request_id
            for name, value in protective_headers(self._scope["path"]).items():
                headers[name] = value
        await self._send(message)

    async def _replace_too_large(self) -> None:
        """Starlette answers a body whose announced length is too large in plain English text."""
        response = problem_response(
            self._scope, _TOO_LARGE, "request.too_large", detail=too_large_detail(self._scope["app"])
        )
        await response(self._scope, self._receive, self.send)
        self._replaced = True

    def log(self) -> None:
        """One line for the access log, and one more in the figures."""
        seconds = time.perf_counter() - self._started
        method, route = self._scope["method"], self._route()
        state = self._scope["state"]
        code = state.get(CODE_STATE, "")
        metrics.answered(route, method, self._status, seconds, code)
        event = {
            "request_id": self.request_id,
            "method": method,
            "route": route,
            "status": self._status,
            "ms": round(seconds * 1000, 1),
            "actor": state.get(ACTOR_STATE, ""),
            "code": code,
        }
        _access.info(
            "%s %s %s %d %.1f ms", self.request_id, method, route, self._status, event["ms"], extra={EVENT: event}
        )

    def _route(self) -> str:
        traffic: Traffic = self._scope["app"].state.traffic
        return traffic.operations.find(self._scope).template


def _request_id(scope: Scope) -> str:
    """The caller's id where it is harmless, else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
    return given if _ACCEPTED_ID.fullmatch(given) else secrets.token_hex(8)
