"""Lists in pages: a cursor says after which row to go on, so that rows which come and go shift nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from recommender.domain.errors import InvalidInput

T = TypeVar("T")

MAX_PAGE_SIZE: Final = 200
DEFAULT_PAGE_SIZE: Final = 50

_MAX_ECHO: Final = 40

Key = tuple[str | int | float | None, ...]
"""What orders a list, the last part being unique."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is wanted.

    Attributes:
        limit: rows, 1 to :data:`MAX_PAGE_SIZE`.
        cursor: the ``next_cursor`` of the page before; ``""`` for the first page.
        sort: name of the order, each list knows its own; a leading ``-`` turns it round; ``""`` is the usual.
    """

    limit: int = DEFAULT_PAGE_SIZE
    cursor: str = ""
    sort: str = ""

    def order(self, known: Sequence[str]) -> tuple[str, bool]:
        """Name of the order (the first known one by default) and whether it is turned round.

        Raises:
            InvalidInput: the list knows no such order.
        """
        name = self.sort.removeprefix("-") or known[0]
        if name not in known:
            raise InvalidInput("page.sort", sort=name[:_MAX_ECHO], known="、".join(known))
        return name, self.sort.startswith("-")

    def after(self, *types: type) -> Key | None:
        """The key after which to go on, ``None`` for the first page.

        Args:
            types: of the key's parts; a part may be ``None`` beside.

        Raises:
            InvalidInput: the cursor was not made by :func:`cursor_of` for such a key and this order.
        """
        if not self.cursor:
            return None
        try:
            sort, *key = json.loads(base64.urlsafe_b64decode(self.cursor.encode("ascii")))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise InvalidInput("page.cursor") from None
        fits = len(key) == len(types) and all(
            part is None or (isinstance(part, kind) and not isinstance(part, bool))
            for part, kind in zip(key, types, strict=False)
        )
        if sort != self.sort or not fits:
            raise InvalidInput("page.cursor")
        return tuple(key)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; ``next_cursor`` is ``""`` where it is the last."""

    items: tuple[T, ...]
    next_cursor: str = ""


def cursor_of(request: PageRequest, key: Key) -> str:
    """The cursor that goes on after a row with that key."""
    text = json.dumps([request.sort, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode("ascii")
