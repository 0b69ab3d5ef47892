"""Problems as pages, for who reads pages."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.types import Scope

from api.console import notices
from api.console.filters import size
from api.console.messages import frame as zh
from api.console.messages import imports as imports_zh
from api.console.notices import Notice
from api.console.templating import part, whole
from api.console.visit import frame_of, wants_part
from api.operations import CONSOLE_FILES, CONSOLE_PREFIX
from api.problems import Problem, render
from api.security.credentials import SAFE_METHODS
from recommender.bootstrap import Application
from recommender.services.accounts.signed_in import SignedIn

SIGN_IN: Final = "/console/sign-in"
OWN_ACCOUNT: Final = "/console/account"
UPLOADS: Final = "/console/imports"
_TEMPLATE: Final = "error.html"


def error_page(scope: Scope, problem: Problem) -> Response | None:
    """The page of a problem; ``None`` where another kind of answer was asked for."""
    path = scope["path"]
    if not f"{path}/".startswith(CONSOLE_PREFIX) or path.startswith(CONSOLE_FILES):
        return None
    request = Request(scope)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return _to_sign_in(request, problem)
    signed_in: SignedIn | None = getattr(request.state, "signed_in", None)
    if problem.code == "account.change_password_first" and not wants_part(request):
        return _sent_on(OWN_ACCOUNT, Notice(text=zh.CHANGE_PASSWORD_FIRST, tone="info"), signed_in)
    context = frame_of(request, signed_in) | {
        "problem": problem,
        "heading": zh.ERROR_TITLES.get(problem.status, zh.ERROR_TITLE),
        "detail": _detail(problem, request),
    }
    make = part if wants_part(request) else whole
    return HTMLResponse(make(_TEMPLATE, context), problem.status)


def _to_sign_in(request: Request, problem: Problem) -> Response:
    """Where to sign in, and back to the page that was asked for."""
    if wants_part(request):
        return render(problem)
    is_reading = request.method in SAFE_METHODS
    query = {"next": _address(request)} if is_reading else {"again": "1"}
    return _sent_on(f"{SIGN_IN}?{urlencode(query)}", None, None)


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _sent_on(to: str, notice: Notice | None, signed_in: SignedIn | None) -> Response:
    response = Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": to})
    if notice is not None and signed_in is not None:
        response.headers.append("Set-Cookie", notices.sealed(notice, signed_in.csrf_token))
    return response


def _detail(problem: Problem, request: Request) -> str:
    match problem.code:
        case "request.no_such_path":
            return zh.NO_SUCH_PAGE
        case "request.method":
            return zh.WRONG_METHOD
        case "request.too_large" if request.url.path == UPLOADS:
            served: Application = request.app.state.application
            return imports_zh.TOO_LARGE.format(maximum=size(served.settings.max_upload_bytes))
    return problem.detail
