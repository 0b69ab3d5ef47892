"""Keeps pages of other sites from acting through a user's browser (cross-site request forgery).

Two things are asked of a request that changes something by the right of a cookie. Its ``Sec-Fetch-Site`` and
``Origin``, which no page can set, must name this service. And ``X-CSRF-Token`` must hold the token that signing
in and ``GET /v1/me`` give: an HMAC of the session's id under a key that is kept with the session, so a page that
cannot read our answers cannot know it. Requests with a bearer token need neither: no browser adds it by itself.
"""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from api.security.hosts import allowed_names
from recommender.domain.credentials import is_same
from recommender.domain.errors import Forbidden
from recommender.settings import Settings

CSRF_HEADER: Final = "X-CSRF-Token"


def check_origin(request: Request, settings: Settings) -> None:
    """Refuse what a browser says comes from a page of another site.

    Browsers always say so; what is no browser says nothing and has no user's cookie to misuse.

    Raises:
        Forbidden: it does.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in {None, "same-origin"} or (origin is not None and not _is_own(origin, request, settings)):
        raise Forbidden("session.foreign_page")


def check_csrf_token(request: Request, expected: str) -> None:
    """Refuse what does not hold the session's token.

    Raises:
        Forbidden: it is missing or another one.
    """
    if not is_same(request.headers.get(CSRF_HEADER, ""), expected):
        raise Forbidden("session.csrf")


def _is_own(origin: str, request: Request, settings: Settings) -> bool:
    try:
        parts = urlsplit(origin)
        name = (parts.hostname or "").lower()
    except ValueError:
        return False
    if not name:
        return False
    return parts.netloc.lower() == request.headers.get("host", "").lower() or name in allowed_names(settings)
