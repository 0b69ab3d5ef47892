"""What the OpenAPI document says of access: how to prove who one is, and what each operation asks for."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from api import messages as zh
from api.problems import documented
from api.security.access import PUBLIC, declared
from api.security.cookies import PLAIN_NAME, SECURE_NAME
from api.security.credentials import SAFE_METHODS
from api.security.origins import CSRF_HEADER
from recommender.domain.accounts import Permission
from recommender.domain.tokens import TOKEN_PERMISSIONS
from recommender.settings import Settings

BEARER: Final = "bearer"
SESSION: Final = "session"
CSRF: Final = "csrf"
PERMISSION_KEY: Final = "x-permission"
_PERMISSIONS: Final = frozenset(Permission)


def describe_access(document: dict[str, Any], routes: Sequence[BaseRoute], settings: Settings) -> None:
    """Add security schemes, and to each operation what it asks for and how it refuses."""
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes.update(_schemes(settings))
    for route in described_routes(routes):
        asked = asked_by(route)
        for method in route.methods or ():
            operation = document["paths"][route.path_format].get(method.lower())
            if operation is not None:
                _describe(operation, asked, method)


def described_routes(routes: Sequence[BaseRoute]) -> Iterator[RouteContext]:
    """The routes of operations, those that the OpenAPI document leaves out aside."""
    for route in iter_route_contexts(routes):
        if getattr(route, "include_in_schema", False) and getattr(route, "dependant", None) is not None:
            yield route


def asked_by(route: RouteContext) -> str:
    """The one thing that an operation declares; ``""`` where it declares none, or several."""
    found = declared(route.dependant)
    return found.pop() if len(found) == 1 else ""


def _schemes(settings: Settings) -> dict[str, Any]:
    cookie = SECURE_NAME if settings.secure_cookies else PLAIN_NAME
    return {
        BEARER: {"type": "http", "scheme": "bearer", "description": zh.SECURITY_BEARER},
        SESSION: {"type": "apiKey", "in": "cookie", "name": cookie, "description": zh.SECURITY_SESSION},
        CSRF: {"type": "apiKey", "in": "header", "name": CSRF_HEADER, "description": zh.SECURITY_CSRF},
    }


def _describe(operation: dict[str, Any], asked: str, method: str) -> None:
    operation[PERMISSION_KEY] = asked
    if asked == PUBLIC:
        operation["security"] = []
        return
    by_cookie: dict[str, list[str]] = {SESSION: []} if method in SAFE_METHODS else {SESSION: [], CSRF: []}
    takes_token = asked not in _PERMISSIONS or Permission(asked) in TOKEN_PERMISSIONS
    operation["security"] = [{BEARER: []}, by_cookie] if takes_token else [by_cookie]
    refusals = documented(401, 403)
    answers = operation["responses"]
    answers.update({str(status): answer for status, answer in refusals.items() if str(status) not in answers})
