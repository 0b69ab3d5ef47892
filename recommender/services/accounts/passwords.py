"""Hashing passwords, and checking them in a time that does not tell whether there is such an account."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from recommender.domain.errors import Unavailable

_AT_ONCE: Final = 2
"""Checks at a time in one process: each takes 19 MiB and a processor, and many at once would starve the rest."""

_PLACES: Final = 6
"""Attempts in one process that are checked or wait to be; fewer than the threads that work on requests, so that
a flood of them leaves some for everybody else."""


class PasswordHasher:
    """argon2id; by default with the least parameters that OWASP advises (19 MiB, two passes, one lane).

    Args:
        memory_kib, passes: what a hash costs.
        places: for attempts at a time, see :meth:`place`.
    """

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2, places: int = _PLACES) -> None:
        self._hash = PasswordHash([Argon2Hasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)])
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Room for one attempt, to be had before it is counted.

        Raises:
            Unavailable: too many are under way already.
        """
        if not self._places.acquire(blocking=False):
            raise Unavailable("account.sign_in_busy")
        try:
            yield
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """What to keep of a password."""
        with self._slots:
            return self._hash.hash(password.encode("utf-8", "surrogatepass"))

    def verify(self, password: str, password_hash: str) -> bool:
        """Whether a password is the one that was hashed; without a hash as slow, and no."""
        with self._slots:
            right = self._hash.verify(password.encode("utf-8", "surrogatepass"), password_hash or self._nobodys)
        return right and bool(password_hash)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than hashes are made with now."""
        return self._hash.current_hasher.check_needs_rehash(password_hash)

    @cached_property
    def _nobodys(self) -> str:
        return self._hash.hash("nobody has this password")
