"""Headers that tell a browser to keep to this server."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DOCS_PATH: Final = "/docs"

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NO_CONTENT: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_DOCS: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# Answers may name persons: nothing on the way keeps a copy.
_API: Final = MappingProxyType(
    {**_EVERYWHERE, "Content-Security-Policy": _NO_CONTENT, "Cache-Control": "no-store"}
)
_PAGES: Final = MappingProxyType({**_EVERYWHERE, "Content-Security-Policy": _DOCS, "Cache-Control": "no-cache"})


def protective_headers(path: str) -> Mapping[str, str]:
    """Headers for an answer to a path."""
    is_docs = path == DOCS_PATH or path.startswith(f"{DOCS_PATH}/")
    return _PAGES if is_docs else _API
