"""The charting library, from its own package: one file, sent compressed, kept by browsers for good."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.operations import CONSOLE_FILES
from api.security.access import open_to_all

_MEDIA_TYPE: Final = "text/javascript; charset=utf-8"
_FILE: Final = "plotly.min.js"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Library:
    """The file as it is and compressed; ``digest`` is that of the former."""

    plain: bytes
    compressed: bytes
    digest: str


@cache
def library() -> Library:
    """Read and compressed once in a process: a third of a second."""
    plain = files("plotly").joinpath("package_data", _FILE).read_bytes()
    return Library(plain, gzip.compress(plain, compresslevel=6, mtime=0), _digest(plain))


def plotly_address() -> str:
    """Where the library is; the address changes with its content."""
    return f"{CONSOLE_FILES}plotly-{digest()}/{_FILE}"


@cache
def digest() -> str:
    """Of the file, without keeping it."""
    return _digest(files("plotly").joinpath("package_data", _FILE).read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@router.get(f"{CONSOLE_FILES}plotly-{{version}}/{_FILE}", dependencies=[open_to_all()])
def plotly(request: Request, version: str) -> Response:  # noqa: ARG001 - part of the address
    """The library. Any version is answered with the one that is there: an open page asks for the former one."""
    found = library()
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(found.compressed, media_type=_MEDIA_TYPE, headers=headers)
    return Response(found.plain, media_type=_MEDIA_TYPE, headers={"Vary": "Accept-Encoding"})
