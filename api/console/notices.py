"""What a page says about what was just done: once, on the next page, with a way to take it back."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from recommender.domain.credentials import is_same

COOKIE: Final = "matchmaker-notice"
_SECONDS: Final = 60
_MAX_CHARS: Final = 3000
"""Browsers keep cookies of about four thousand bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A form that takes back what was done.

    Attributes:
        action: address under ``/console/``.
        fields: what is sent there beside the token.
    """

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    label: str = "撤销"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence; ``tone`` is ``good``, ``info``, ``warn`` or ``bad``."""

    text: str
    tone: str = "good"
    undo: Undo | None = None

    def to_dict(self) -> dict[str, object]:
        """As scripts read it."""
        return asdict(self)


def sealed(notice: Notice, key: str) -> str:
    """``Set-Cookie`` that carries a notice to the next page.

    Args:
        key: of the session; a notice that another session or nobody wrote is not shown.
    """
    body = base64.urlsafe_b64encode(json.dumps(notice.to_dict(), ensure_ascii=False).encode()).decode()
    value = f"{body}.{_mark(body, key)}"
    if len(value) > _MAX_CHARS:
        return deletion()
    return f"{COOKIE}={value}; Path=/console; Max-Age={_SECONDS}; HttpOnly; SameSite=Lax"


def deletion() -> str:
    """``Set-Cookie`` that forgets it."""
    return f"{COOKIE}=; Path=/console; Max-Age=0; HttpOnly; SameSite=Lax"


def opened(value: str, key: str) -> Notice | None:
    """The notice of a cookie, ``None`` where there is none that this session wrote."""
    body, _, mark = value.partition(".")
    if not mark or not is_same(mark, _mark(body, key)):
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(body))
        undo = found.pop("undo")
        return Notice(**found, undo=None if undo is None else Undo(**undo))
    except (ValueError, TypeError, KeyError, binascii.Error):
        return None


def _mark(body: str, key: str) -> str:
    return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()[:32]
