"""A request for a page: who asks, and how it is answered."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.console import notices
from api.console.forms import Form
from api.console.navigation import Menu, menu_of
from api.console.notices import Notice, Undo
from api.console.templating import part, token_field, whole
from api.console.theme import theme_of
from api.problems import note_code
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.errors import MatchmakerError
from recommender.services.accounts.signed_in import SignedIn

PART_HEADER: Final = "X-Console-Part"
"""Sent by scripts that want a part of a page, or to be told what came of a form instead of being sent on."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody signed in who opens a page."""

    request: Request
    served: Application
    signed_in: SignedIn

    @property
    def actor(self) -> Actor:
        """Who asks, as services want to know it."""
        return self.signed_in.actor

    @property
    def wants_part(self) -> bool:
        """Whether a script asks for the part that changes."""
        return wants_part(self.request)

    def render(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
        """A page, or its ``main`` block for a script.

        Args:
            template: path under ``templates/``.
            context: what it shows, beside what :func:`frame_of` gives.
        """
        key = self.signed_in.csrf_token
        notice = None
        if not self.wants_part:
            notice = notices.opened(self.request.cookies.get(notices.COOKIE, ""), key)
        shown = frame_of(self.request, self.signed_in) | {"notice": notice} | context
        if self.wants_part:
            return HTMLResponse(part(template, shown), status)
        response = HTMLResponse(whole(template, shown), status)
        if notices.COOKIE in self.request.cookies:
            response.headers.append("Set-Cookie", notices.deletion())
        return response


@dataclass(frozen=True, slots=True)
class Submission(Visit):
    """Somebody signed in who sends a form."""

    fields: Form

    def go(self, to: str, *, notice: str | Notice = "", undo: Undo | None = None) -> Response:
        """Send them on to a page after something was done, with a word about it.

        Args:
            to: address under ``/console/``.
            notice: said on that page; ``""`` for nothing.
            undo: the way to take it back.
        """
        said = Notice(text=notice, undo=undo) if isinstance(notice, str) else notice
        if self.wants_part:
            return JSONResponse({"to": to, "notice": said.to_dict() if said.text else None})
        response = Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": location(to)})
        if said.text:
            response.headers.append("Set-Cookie", notices.sealed(said, self.signed_in.csrf_token))
        return response

    def again(self, template: str, error: MatchmakerError, **context: Any) -> Response:
        """The page of the form once more, with what was typed and what stands in the way.

        The template shows ``error`` (the sentence) by ``ui.problem(error)``; the status is the error's.
        """
        note_code(self.request, error.code)
        return self.render(template, status=error.status, error=error, **context)


def location(address: str) -> str:
    """An address as a header may hold it: what is not ASCII, and line ends, in percent."""
    return quote(address, safe=":/%#?=@[]!$&'()*+,;~")


def wants_part(request: Request) -> bool:
    """Whether a script asks for a part."""
    return PART_HEADER in request.headers


def frame_of(request: Request, signed_in: SignedIn | None) -> dict[str, Any]:
    """What every template is given: the reader, the navigation, the theme, the token, and no error yet."""
    actor = signed_in.actor if signed_in else None
    token = signed_in.csrf_token if signed_in else ""
    path = request.url.path
    return {
        "account": signed_in.account if signed_in else None,
        "actor": actor,
        "menu": menu_of(actor, path) if actor else Menu(),
        "theme": theme_of(request),
        "path": path,
        "here": f"{path}?{request.url.query}" if request.url.query else path,
        "asked": dict(request.query_params),
        "csrf": lambda: token_field(token),
        "csrf_token": token,
        "notice": None,
        "error": None,
    }
