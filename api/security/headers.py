"""Headers that tell a browser to keep to this server."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.operations import CONSOLE_FILES, CONSOLE_PREFIX

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
_CONSOLE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
# Browsers give no Origin with a form where no referrer may be told, and the forms of the console need one.
_CONSOLE: Final = MappingProxyType(
    {
        **_EVERYWHERE,
        "Referrer-Policy": "same-origin",
        "Content-Security-Policy": _CONSOLE_POLICY.format(styles=""),
        "Cache-Control": "no-store",
    }
)
_CHARTS: Final = MappingProxyType(
    {**_CONSOLE, "Content-Security-Policy": _CONSOLE_POLICY.format(styles=" 'unsafe-inline'")}
)
# Their address changes with their content.
_FILES: Final = MappingProxyType({**_CONSOLE, "Cache-Control": "public, max-age=31536000, immutable"})
_CHARTS_PATH: Final = "/console/cockpit"
"""The charts are drawn by a library that styles what it draws inline."""


def protective_headers(path: str) -> Mapping[str, str]:
    """Headers for an answer to a path."""
    if path.startswith(CONSOLE_FILES):
        return _FILES
    if path == _CHARTS_PATH:
        return _CHARTS
    if path.startswith(CONSOLE_PREFIX):
        return _CONSOLE
    is_docs = path == DOCS_PATH or path.startswith(f"{DOCS_PATH}/")
    return _PAGES if is_docs else _API
