"""Opening the work and trying one shard, the same in every executor."""

import time
from typing import Final

from recommender.domain.errors import Unavailable
from recommender.nightly.executors.protocol import Opener, Outcome, Work

_LONGEST_ERROR: Final = 500


def attempt(work: Work, shard: int) -> Outcome:
    """Do one shard; what it raises, and a payload that is not bytes, become the error of its outcome."""
    begun = time.monotonic()
    payload: bytes | None = None
    error = ""
    try:
        payload = _bytes_only(work(shard))
    except Exception as raised:
        error = described(raised)
    return Outcome(shard=shard, payload=payload, error=error, seconds=time.monotonic() - begun)


def opened(opener: Opener, n_threads: int) -> Work:
    """The work of an opener, in this process.

    Raises:
        Unavailable: opening raised.
    """
    try:
        return opener.open(n_threads)
    except Exception as raised:
        raise cannot_open(described(raised)) from raised


def cannot_open(reason: str) -> Unavailable:
    """The error of a run whose workers cannot begin; ``reason`` is technical text."""
    return Unavailable("nightly.cannot_open", reason=reason)


def described(raised: Exception) -> str:
    """Type and message of an exception, at most 500 characters.

    >>> described(KeyError("e7"))
    "KeyError: 'e7'"
    """
    return f"{type(raised).__name__}: {raised}"[:_LONGEST_ERROR]


def _bytes_only(payload: object) -> bytes:
    if not isinstance(payload, bytes):
        msg = f"a payload is bytes, not {type(payload).__name__}"
        raise TypeError(msg)
    return payload
