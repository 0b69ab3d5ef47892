"""What the OpenAPI document says of every operation alike, since one mechanism does it for all of them."""

from collections.abc import Iterator
from typing import Any, Final

from api.etags import require_if_match
from api.operations import V1_PREFIX
from api.problems import documented

_EVERY: Final = (429, 500, 503)
_WITH_BODY: Final = (408,)


def complete(document: dict[str, Any]) -> None:
    """Add to an OpenAPI document what no operation says of itself."""
    for operation in _v1_operations(document):
        statuses = (*_EVERY, *(_WITH_BODY if "requestBody" in operation else ()))
        for status, described in documented(*statuses).items():
            operation["responses"].setdefault(str(status), described)
        operation["responses"] = dict(sorted(operation["responses"].items()))
    require_if_match(document)


def _v1_operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document.get("paths", {}).items():
        if path.startswith(V1_PREFIX):
            yield from methods.values()
