"""Keeps foreign web pages from reading a service on this machine through a rebound host name."""

import ipaddress
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api import messages as zh
from api.problems import problem_response, request_id_of

_LOCAL_NAMES: Final = frozenset({"localhost", "localhost."})
_MISDIRECTED: Final = 421


class LocalNamesOnly:
    """Refuses requests that reach a loopback address under a name that is not this machine's.

    Without accounts a page on the web could point its own name to 127.0.0.1 and, being then of one origin
    with this service, read everything. Connections on other addresses are not judged: their names are not
    known here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not _is_misdirected(scope):
            await self._app(scope, receive, send)
            return
        response = problem_response(
            _MISDIRECTED,
            "request.host",
            detail=zh.DETAIL_HOST,
            request_id=request_id_of(Request(scope)),
        )
        await response(scope, receive, send)


def _is_misdirected(scope: Scope) -> bool:
    server = scope.get("server")
    if not server or not _is_local(server[0]):
        return False
    return not _is_local(_host_name(Headers(scope=scope).get("host", "")))


def _host_name(header: str) -> str:
    """The name in a Host header: ``localhost:8000`` → ``localhost``, ``[::1]:8000`` → ``::1``."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def _is_local(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() in _LOCAL_NAMES
