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
CONSOLE_PREFIX: Final = "/console/"
CONSOLE_FILES: Final = "/console/assets/"
"""Under the console's addresses, but read from disk without an account."""

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
        other_methods: where the method of the request is none of the address's, those that are.
    """

    template: str
    lane: str = QUICK
    is_secret: bool = False
    other_methods: tuple[str, ...] = ()


UNKNOWN: Final = Operation("unmatched")


@dataclass(frozen=True, slots=True)
class _Address:
    """One template; ``operations`` by method, ``""`` for all."""

    pattern: re.Pattern[str]
    template: str
    operations: dict[str, Operation]

    def operation(self, method: str) -> Operation:
        """What a method asks for here."""
        found = self.operations.get(method) or self.operations.get("")
        return found or Operation(self.template, other_methods=tuple(sorted(self.operations)))


class Operations:
    """All operations of an application by address, looked through in the order of its routes.

    An id may contain a slash, so several templates may fit an address; the first is meant.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._addresses: tuple[_Address, ...] = ()

    def find(self, scope: Scope) -> Operation:
        """The operation of a request, :data:`UNKNOWN` where there is no such address; kept in the scope."""
        state: dict[str, Any] = scope.setdefault("state", {})
        found = state.get("operation")
        if found is None:
            found = state["operation"] = self._look_up(scope["path"], scope["method"])
        assert isinstance(found, Operation)
        return found

    def _look_up(self, path: str, method: str) -> Operation:
        if not self._addresses:
            self._addresses = _addresses(self._app)
        fitting = (address for address in self._addresses if address.pattern.match(path))
        address = next(fitting, None)
        return UNKNOWN if address is None else address.operation(method)


def _addresses(app: FastAPI) -> tuple[_Address, ...]:
    found: dict[str, _Address] = {}
    for template, pattern, operations in _routes(app):
        found.setdefault(template, _Address(pattern, template, {})).operations.update(operations)
    return tuple(found.values())


def _routes(app: FastAPI) -> Iterator[tuple[str, re.Pattern[str], dict[str, Operation]]]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount):
            path = route.original_route.path
            yield path, re.compile(re.escape(path)), {"": Operation(path)}
        elif route.path_format is not None:
            said = getattr(route.original_route, "openapi_extra", None) or {}
            operation = Operation(route.path_format, said.get(LANE, QUICK), bool(said.get(_ONCE)))
            yield route.path_format, route.path_regex, dict.fromkeys(route.methods or ("",), operation)
