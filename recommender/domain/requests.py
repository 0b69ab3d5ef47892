"""Requests that carry a key, so that sending one twice does it once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class RequestState(StrEnum):
    """How far a request with a key is."""

    RUNNING = "处理中"
    COMMITTED = "已生效"
    """What it does is done; its answer is not kept (yet, or at all)."""
    ANSWERED = "已答复"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRequest:
    """What is known of one; neither the key nor anything that was asked or answered can be read from it.

    Attributes:
        id: made from account, operation and key.
        mark: made from what was asked; another one is another request.
        holder: the attempt that may do it.
        expires_at: when a running attempt may be overtaken, and when the rest may be forgotten.
        answer: sealed; ``b""`` where none is kept.
    """

    id: str
    mark: str
    holder: str
    state: RequestState
    expires_at: datetime
    answer: bytes = b""


@dataclass(slots=True)
class Attempt:
    """One attempt at a request with a key.

    Attributes:
        id, holder: see :class:`KeyedRequest`.
        keep_until: how long what was done is remembered.
        has_committed: whether a transaction of it was.
    """

    id: str
    holder: str
    keep_until: datetime
    has_committed: bool = False


@dataclass(slots=True)
class AttemptSlot:
    """Where the attempt of the work at hand stands, once there is one."""

    attempt: Attempt | None = None


_slot: Final[ContextVar[AttemptSlot | None]] = ContextVar("attempt", default=None)


@contextmanager
def attempts() -> Iterator[AttemptSlot]:
    """A slot for what is done inside, in threads too: what is committed there is the attempt's that is in it."""
    slot = AttemptSlot()
    token = _slot.set(slot)
    try:
        yield slot
    finally:
        _slot.reset(token)


def present_slot() -> AttemptSlot | None:
    """The slot of the work at hand."""
    return _slot.get()


def present_attempt() -> Attempt | None:
    """The attempt that the work at hand belongs to."""
    slot = _slot.get()
    return None if slot is None else slot.attempt
