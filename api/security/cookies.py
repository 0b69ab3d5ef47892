"""The cookie of a session: what it is called, when it is sent, and who can read it (no script)."""

from typing import Final

from fastapi import Request

from api.security.hosts import is_local
from recommender.domain.errors import Forbidden
from recommender.settings import Settings

SECURE_NAME: Final = "__Host-matchmaker"
"""Browsers take this prefix only over HTTPS, for this host alone and for all its paths."""

PLAIN_NAME: Final = "matchmaker-session"


class SessionCookie:
    """Reads and writes the cookie as the settings say.

    ``SameSite=Lax`` lets a link in a mail open a page signed in; whatever changes something is protected by the
    token of :mod:`api.security.origins` besides.
    """

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.secure_cookies
        self._seconds = settings.session_hours * 3600

    @property
    def name(self) -> str:
        """What it is called."""
        return SECURE_NAME if self._secure else PLAIN_NAME

    def read(self, request: Request) -> str:
        """What the browser's cookie holds; ``""`` where it has none, or one that came over an open network."""
        if not self._is_private(request):
            return ""
        return request.cookies.get(self.name, "")

    def require_private(self, request: Request) -> None:
        """Refuse to give a cookie to who would send it over an open network.

        Raises:
            Forbidden: cookies go over plain HTTP, and this request does not come from this machine.
        """
        if not self._is_private(request):
            raise Forbidden("session.needs_https")

    def header(self, secret: str) -> str:
        """``Set-Cookie`` for a session."""
        return self._header(secret, self._seconds)

    def deletion(self) -> str:
        """``Set-Cookie`` that makes the browser forget."""
        return self._header("", 0)

    def _header(self, value: str, seconds: int) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{self.name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"

    def _is_private(self, request: Request) -> bool:
        """A secure cookie is kept by the browser itself; a plain one is for this machine only."""
        server = request.scope.get("server")
        return self._secure or bool(server and is_local(server[0]))
