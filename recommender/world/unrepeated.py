"""Keeps the texts of the city apart: what was written once is not written again in the same words."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final, TypeVar

T = TypeVar("T")

_MAX_ATTEMPTS: Final = 60
_DIGEST_BYTES: Final = 8


class Unrepeated:
    """Remembers texts by a short digest, so that a city of them takes little memory."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def first_new(self, make: Callable[[], T], text_of: Callable[[T], str]) -> T:
        """The first of what ``make`` draws whose text was not there before; after 60 attempts the last one."""
        for _ in range(_MAX_ATTEMPTS):
            made = make()
            digest = blake2b(text_of(made).encode(), digest_size=_DIGEST_BYTES).digest()
            if digest not in self._seen:
                self._seen.add(digest)
                return made
        return made
