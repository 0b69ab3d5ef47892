"""What the OpenAPI document says of every operation alike, since one mechanism does it for all of them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from api import messages as zh
from api.etags import require_if_match
from api.idempotency import KEY_HEADER
from api.operations import V1_PREFIX
from api.problems import documented
from api.v1.paging import PageOut
from recommender.services.idempotency import KEY_PATTERN

_EVERY: Final = (429, 500, 503)
_WITH_BODY: Final = (408,)


def complete(document: dict[str, Any]) -> None:
    """Add to an OpenAPI document what no operation says of itself."""
    for method, operation in _v1_operations(document):
        statuses = (*_EVERY, *(_WITH_BODY if "requestBody" in operation else ()))
        for status, described in documented(*statuses).items():
            operation["responses"].setdefault(str(status), described)
        if method == "post" and operation.get("security"):
            _describe_key(operation)
        operation["responses"] = dict(sorted(operation["responses"].items()))
    require_if_match(document)
    schemas: dict[str, dict[str, Any]] = document.get("components", {}).get("schemas", {})
    _tell_apart(schemas)
    for schema in schemas.values():
        _drop_default_of_absence(schema)


def _tell_apart(schemas: dict[str, dict[str, Any]]) -> None:
    """Generators of clients name their classes by the titles of schemas, so no two may have the same."""
    for name, schema in schemas.items():
        shown = schema.get("properties", {}).get("items", {}).get("items", {}).get("$ref", "").rpartition("/")[2]
        if name.startswith(PageOut.__name__) and shown:
            schema["title"] = zh.PAGE_OF.format(title=schemas[shown]["title"])
    titles = Counter(schema.get("title") for schema in schemas.values())
    for name, schema in schemas.items():
        if titles[schema.get("title")] > 1 and name.endswith("In"):
            schema["title"] = zh.TITLE_IN.format(title=schema["title"])


def _drop_default_of_absence(schema: dict[str, Any]) -> None:
    """A field that may be left out but not emptied has ``""`` for what is left out; as a value it is none."""
    for field in schema.get("properties", {}).values():
        if field.get("default") == "" and field.get("minLength", 0) > 0:
            del field["default"]


def _describe_key(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(
        {
            "name": KEY_HEADER,
            "in": "header",
            "required": False,
            "description": zh.IDEMPOTENCY_KEY,
            "schema": {"type": "string", "title": "幂等键", "pattern": f"^{KEY_PATTERN}$"},
            "example": "3f8c2a9e-1b7d-4c55-9f0a-6a2d1e7b8c90",
        }
    )
    for status, described in documented(409, 422).items():
        operation["responses"].setdefault(str(status), described)


def _v1_operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document.get("paths", {}).items():
        if path.startswith(V1_PREFIX):
            yield from methods.items()
