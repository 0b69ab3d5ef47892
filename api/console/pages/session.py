"""Signing in and out, and how pages look."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.console.access import form
from api.console.errors import OWN_ACCOUNT, SIGN_IN
from api.console.forms import Form
from api.console.messages import frame as zh
from api.console.navigation import HOME
from api.console.templating import whole
from api.console.theme import Theme, chosen
from api.console.visit import Submission, frame_of
from api.operations import CONSOLE_PREFIX
from api.problems import note_code
from api.security.access import open_to_all
from api.security.cookies import SessionCookie
from api.security.credentials import known, telling_strangers_little
from api.security.origins import check_origin
from api.security.upkeep import UPKEEP, Upkeep
from api.v1.dependencies import Served, client_address
from recommender.domain.accounts import Permission
from recommender.domain.errors import MatchmakerError

router = APIRouter()
_TEMPLATE: Final = "session/sign_in.html"


async def _read_form(request: Request) -> Form:
    return Form(await request.form())


SentForm = Annotated[Form, Depends(_read_form)]


@router.get("/sign-in", dependencies=[open_to_all()])
def sign_in_page(request: Request, next: str = "", again: str = "") -> Response:
    """Where one signs in."""
    if known(request) is not None:
        return RedirectResponse(_own_page(next), HTTPStatus.SEE_OTHER)
    return _page(request, next=next, login_name="", hint=zh.SIGN_IN_AGAIN if again else "")


@router.post("/sign-in", dependencies=[open_to_all()])
def sign_in(request: Request, fields: SentForm, served: Served) -> Response:
    """Begin a session."""
    cookie = SessionCookie(served.settings)
    login_name, next = fields.text("login_name"), fields.text("next")
    try:
        cookie.require_private(request)
        check_origin(request, served.settings)
        with telling_strangers_little():
            new = served.sign_in.sign_in(
                login_name,
                fields.secret("password"),
                address=client_address(request),
                user_agent=request.headers.get("user-agent", ""),
                former_secret=cookie.read(request),
            )
    except MatchmakerError as error:
        note_code(request, error.code)
        return _page(request, error, next=next, login_name=login_name, hint="")
    setattr(request.state, UPKEEP, Upkeep(set_cookie=cookie.header(new.secret)))
    to = OWN_ACCOUNT if new.signed_in.account.must_change_password else _own_page(next)
    return RedirectResponse(to, HTTPStatus.SEE_OTHER)


@router.post("/sign-out")
def sign_out(sent: Annotated[Submission, form(Permission.ACCOUNT_OWN)]) -> Response:
    """End the session."""
    sent.served.sessions.sign_out(sent.actor)
    deletion = SessionCookie(sent.served.settings).deletion()
    setattr(sent.request.state, UPKEEP, Upkeep(set_cookie=deletion))
    return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)


@router.post("/theme", dependencies=[open_to_all()])
def choose_theme(request: Request, fields: SentForm, served: Served) -> Response:
    """Light, dark, or as the system says."""
    check_origin(request, served.settings)
    value = fields.text("theme")
    response = RedirectResponse(_own_page(fields.text("next")), HTTPStatus.SEE_OTHER)
    if value in set(Theme):
        response.headers.append("Set-Cookie", chosen(Theme(value)))
    return response


def _page(
    request: Request, error: MatchmakerError | None = None, *, next: str, login_name: str, hint: str
) -> Response:
    context = frame_of(request, None) | {
        "next": _own_page(next),
        "login_name": login_name,
        "hint": hint,
        "error": error,
    }
    status = error.status if error else HTTPStatus.OK
    return HTMLResponse(whole(_TEMPLATE, context), status)


def _own_page(address: str) -> str:
    """An address of the console, the home page in place of any other: nobody is sent to another site."""
    is_own = address.startswith(CONSOLE_PREFIX) and "\\" not in address and "//" not in address.partition("?")[0]
    return address if is_own and address.isprintable() and not address.startswith(SIGN_IN) else HOME
