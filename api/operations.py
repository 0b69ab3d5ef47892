"""Which operation a request is for, known before it is routed: its address as a template, and its lane."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.types import Scope

from api.traffic.lanes import LANE, QUICK

V1_PREFIX: Final = "/v1/"
_ONCE: Final = "x-answered-once"

SECRET_ANSWER: Final[dict[str, Any]] = {_ONCE: True}
"""The ``openapi_extra`` of an operation that shows a secret or unmasked personal data: no copy of its answer is
kept, see :mod:`api.idempotency`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked for.

    Attributes:
        template: the address with ``{name}`` in place of ids, so that it names nobody.
        lane: in which it waits for its turn.
        is_secret: whether its answer holds what is shown once only.
    """

    template: str
    lane: str = QUICK
    is_secret: bool = False


UNKNOWN: Final = Operation("unmatched")


class Operations:
    """All operations of an application, looked through in the order of its routes."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._known: tuple[tuple[re.Pattern[str], frozenset[str], Operation], ...] = ()

    def find(self, scope: Scope) -> Operation:
        """The operation of a request, :data:`UNKNOWN` where there is none; kept in the scope."""
        state: dict[str, Any] = scope.setdefault("state", {})
        found = state.get("operation")
        if found is None:
            found = state["operation"] = self._look_up(scope["path"], scope["method"])
        assert isinstance(found, Operation)
        return found

    def _look_up(self, path: str, method: str) -> Operation:
        if not self._known:
            self._known = tuple(_known(self._app))
        other_method = UNKNOWN
        for pattern, methods, operation in self._known:
            if pattern.match(path):
                if not methods or method in methods:
                    return operation
                if other_method is UNKNOWN:
                    other_method = operation
        return other_method


def _known(app: FastAPI) -> Iterator[tuple[re.Pattern[str], frozenset[str], Operation]]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount):
            path = route.original_route.path
            yield re.compile(re.escape(path)), frozenset(), Operation(path)
        elif route.path_format is not None:
            said = getattr(route.original_route, "openapi_extra", None) or {}
            operation = Operation(route.path_format, said.get(LANE, QUICK), said.get(_ONCE, False))
            yield route.path_regex, frozenset(route.methods or ()), operation
