"""Secrets that prove who somebody is: made at random, kept only as hashes."""

import hashlib
import hmac
import secrets
from typing import Final

_BYTES: Final = 32
"""256 random bits need no salt and no slow hash: nobody can guess them, so their sha256 tells nothing."""

TOKEN_PREFIX: Final = "smx_"  # noqa: S105 - it is no secret
"""Lets scanners of code and logs recognise a token that has got where it does not belong."""


def new_session_secret() -> str:
    """What a browser's cookie holds."""
    return secrets.token_urlsafe(_BYTES)


def new_token_secret() -> str:
    """What a program sends."""
    return TOKEN_PREFIX + secrets.token_urlsafe(_BYTES)


def new_id() -> str:
    """An id that tells nothing and is never used twice."""
    return secrets.token_hex(8)


def digest(secret: str) -> str:
    """The hash under which a secret is kept, hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_token(key: str, session_id: str) -> str:
    """What a page must send along, derived from the session; it stays the same while the cookie is renewed."""
    return hmac.new(bytes.fromhex(key), session_id.encode(), hashlib.sha256).hexdigest()


def new_csrf_key() -> str:
    """Key of a session's :func:`csrf_token`, hexadecimal."""
    return secrets.token_hex(_BYTES)


def is_same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
