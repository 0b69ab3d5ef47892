"""What a request brings to prove who sends it: a bearer token, or the cookie of a session."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import Request

from api.security.cookies import SessionCookie
from api.security.origins import check_csrf_token, check_origin
from api.security.upkeep import UPKEEP, Upkeep
from recommender.bootstrap import Application
from recommender.domain.deadline import TOO_LATE
from recommender.domain.errors import Forbidden, MatchmakerError, NotSignedIn, TooMany, Unavailable
from recommender.services.accounts.signed_in import SignedIn

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER: Final = "bearer"
_SIGNED_IN: Final = "signed_in"
TOKEN_IN_FORM: Final = "csrf_token_in_form"  # noqa: S105 - the name of a mark
"""Set on a request whose token is checked when its form is read: forms cannot send headers."""

_errors = logging.getLogger("api.errors")
_log = logging.getLogger("api.access")


def signed_in_of(request: Request) -> SignedIn:
    """The account behind a request, looked up once for each request, by one read.

    A token in the ``Authorization`` header goes before a cookie. A cookie alone does not prove that the user
    wanted this: browsers send it whoever asks, so whatever is not a mere reading must come from a page of ours.

    Raises:
        NotSignedIn: nothing was brought, or nothing that is good.
        Unavailable: the database cannot say.
        Forbidden: the cookie is good, but the request does not come from a page of this service.
    """
    found: SignedIn | None = getattr(request.state, _SIGNED_IN, None)
    if found is None:
        header = request.headers.get("authorization")
        with telling_strangers_little():
            found = _by_cookie(request) if header is None else _by_token(request, header)
        setattr(request.state, _SIGNED_IN, found)
    return found


def known(request: Request) -> SignedIn | None:
    """The account behind a request, ``None`` where there is none or it cannot be told."""
    try:
        return signed_in_of(request)
    except MatchmakerError:
        return None


@contextmanager
def telling_strangers_little() -> Iterator[None]:
    """Whoever is not known yet learns nothing about the database: its errors name places.

    Raises:
        Unavailable: in their stead; the log has the code.
    """
    try:
        yield
    except (NotSignedIn, Forbidden, TooMany):
        raise
    except MatchmakerError as error:
        if error.code == TOO_LATE:
            raise
        _errors.warning("nobody can be recognised: %s", error.code)
        raise Unavailable("account.cannot_check") from None


def _by_token(request: Request, header: str) -> SignedIn:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != _BEARER or not secret:
        raise NotSignedIn("account.credentials_over")
    tokens = _application(request).tokens
    found = tokens.resume(secret.strip())
    if found.wants_touch:
        token_id = found.actor.session
        setattr(request.state, UPKEEP, Upkeep(touch=lambda: tokens.touch(token_id)))
    return found


def _by_cookie(request: Request) -> SignedIn:
    application = _application(request)
    cookie = SessionCookie(application.settings)
    secret = cookie.read(request)
    if not secret:
        raise NotSignedIn("account.not_signed_in")
    found = application.sessions.resume(secret)
    if request.method not in SAFE_METHODS:
        check_origin(request, application.settings)
        if not getattr(request.state, TOKEN_IN_FORM, False):
            check_csrf_token(request, found.csrf_token)
    _keep_up(request, application, cookie, found, secret)
    return found


def _keep_up(
    request: Request, application: Application, cookie: SessionCookie, found: SignedIn, secret: str
) -> None:
    session_id = found.actor.session
    if found.wants_rotation:
        try:
            fresh = application.sessions.rotate(session_id, secret)
        except MatchmakerError as error:
            # A busy database must not keep anybody from reading; the next request tries again.
            _log.info("a session keeps its cookie for now: %s", error.code)
            return
        if fresh is not None:
            setattr(request.state, UPKEEP, Upkeep(set_cookie=cookie.header(fresh)))
    elif found.wants_touch:
        setattr(request.state, UPKEEP, Upkeep(touch=lambda: application.sessions.touch(session_id)))


def _application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application
