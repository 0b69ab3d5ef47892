"""Versions over HTTP: what an answer shows is marked by an ETag, and a change names the one that it changes."""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response

from api import messages as zh
from recommender.domain.errors import InvalidInput, VersionMissing

ETAG_HEADER: Final = "ETag"
IF_MATCH_HEADER: Final = "If-Match"
_ETAG: Final = re.compile(r'"(\d{1,18})(?:-[0-9a-f]{8})?"')
_MAX_HEADER: Final = 1000

NOT_MODIFIED: Final[Mapping[int | str, dict[str, Any]]] = {304: {"description": zh.NOT_MODIFIED}}
"""To be added to the ``responses`` of an operation that takes ``If-None-Match``."""


class NotModified(Exception):
    """The caller has the present version; answered by 304 without a body."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def etag_of(version: int, *shown: str) -> str:
    """The strong ETag of a version, with its quotes.

    Args:
        version: of the record, as the store counts it.
        shown: whatever else decides what the answer shows (a mask, a role); ``If-Match`` takes no notice of it.
    """
    if not shown:
        return f'"{version}"'
    digest = hashlib.sha256("\n".join(shown).encode()).hexdigest()[:8]
    return f'"{version}-{digest}"'


async def _expected_version(
    if_match: Annotated[
        str,
        Header(
            alias=IF_MATCH_HEADER,
            title="要修改的版本",
            description="读取时所得响应头 ETag 的值，原样填写（带双引号）；内容在此期间被别人改过则答复 412",
            examples=['"3"'],
            json_schema_extra={"pattern": '^"[0-9]{1,9}"$'},
        ),
    ] = "",
) -> int:
    if not if_match:
        raise VersionMissing("version.missing")
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise InvalidInput("version.malformed")
    return int(found[1])


ExpectedVersion = Annotated[int, Depends(_expected_version)]
"""The version that ``If-Match`` names: 428 where it is missing, 422 where it is none of ours.

Hand it to the service, which compares it with the present one by
:func:`recommender.domain.versions.require_version` (412).
"""


class Versions:
    """Marks the answer of one request with what it shows."""

    def __init__(self, response: Response, known: str) -> None:
        self._response = response
        self._known = known

    def show(self, version: int, *shown: str) -> None:
        """Set the ETag, see :func:`etag_of`; call it before the body is built.

        Raises:
            NotModified: the caller already has it; becomes 304.
        """
        etag = etag_of(version, *shown)
        if etag in _known_tags(self._known):
            raise NotModified(etag)
        self._response.headers[ETAG_HEADER] = etag


def _known_tags(header: str) -> frozenset[str]:
    """The tags of ``If-None-Match``. A weak one matches too: that is how this header is compared."""
    return frozenset(part.strip().removeprefix("W/") for part in header[:_MAX_HEADER].split(","))


async def _changed_versions(response: Response) -> Versions:
    return Versions(response, "")


async def _read_versions(
    response: Response,
    if_none_match: Annotated[
        str,
        Header(
            alias="If-None-Match",
            title="已有的版本",
            description="已取得的 ETag；内容没有变化时答复 304，不带正文",
            examples=['"3"'],
        ),
    ] = "",
) -> Versions:
    return Versions(response, if_none_match)


ReadVersions = Annotated[Versions, Depends(_read_versions)]
"""For operations that read: ``versions.show(need.version)`` sets the ETag or answers 304."""

ChangedVersions = Annotated[Versions, Depends(_changed_versions)]
"""For operations that change: ``versions.show(need.version)`` sets the ETag of what they answer."""


def require_if_match(document: dict[str, Any]) -> None:
    """Say in an OpenAPI document that ``If-Match`` is obligatory where it is taken.

    FastAPI would answer 422 for want of a header that it knows to be required; the answer here is 428.
    """
    for methods in document.get("paths", {}).values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "header" and parameter["name"] == IF_MATCH_HEADER:
                    parameter["required"] = True
                    parameter["schema"].pop("default", None)


async def not_modified(_request: Request, error: Exception) -> Response:
    """The answer to :class:`NotModified`."""
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={ETAG_HEADER: error.etag})
