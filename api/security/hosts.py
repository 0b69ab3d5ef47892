"""Keeps foreign web pages from reading a service on this machine through a rebound host name."""

import ipaddress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import messages as zh
from api.problems import problem_response
from recommender.settings import Settings

_LOCAL_NAMES: Final = frozenset({"localhost", "localhost."})
_MISDIRECTED: Final = 421


def allowed_names(settings: Settings) -> frozenset[str]:
    """The host names beside this machine's own that requests may be sent to."""
    names = (name.strip().lower() for name in settings.allowed_hosts.split(","))
    return frozenset(name for name in names if name)


class LocalNamesOnly:
    """Refuses requests under names that are not this service's.

    A page on the web could point its own name to 127.0.0.1 and would then be of one origin with this service.
    So a loopback address answers to this machine's names and to those that the settings allow. Connections on
    other addresses are judged only where the settings allow some names, for otherwise theirs are not known.

    Args:
        allowed: host names in lower case, without ports.
    """

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not self._is_misdirected(scope):
            await self._app(scope, receive, send)
            return
        response = problem_response(scope, _MISDIRECTED, "request.host", detail=zh.DETAIL_HOST)
        await response(scope, receive, send)

    def _is_misdirected(self, scope: Scope) -> bool:
        server = scope.get("server")
        is_judged = bool(self._allowed) or bool(server and is_local(server[0]))
        name = _host_name(Headers(scope=scope).get("host", "")).lower()
        return is_judged and name not in self._allowed and not is_local(name)


def _host_name(header: str) -> str:
    """The name in a Host header: ``localhost:8000`` → ``localhost``, ``[::1]:8000`` → ``::1``."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def is_local(name: str) -> bool:
    """Whether a name or address is this machine's own."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() in _LOCAL_NAMES
