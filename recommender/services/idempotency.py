"""Doing a request with a key once, however often it is sent, also by several workers and after a crash.

An attempt reserves the key. Each transaction of the attempt notes in the same commit that it belongs to it, so a
worker that is killed leaves either a reservation that nothing came of, which is free again when its time is over,
or one whose work is done, which is never done again. An attempt that was overtaken can commit nothing.

Answers are sealed by the key itself, which only the caller has: the table alone opens none of them.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recommender.domain.errors import Conflict, InvalidInput, StillRunning
from recommender.domain.requests import Attempt, KeyedRequest, RequestState
from recommender.store.database import Database

KEY_PATTERN: Final = r"[A-Za-z0-9_-]{16,128}"
MAX_ANSWER_BYTES: Final = 256_000
"""Longer answers are not kept."""

_KEY: Final = re.compile(KEY_PATTERN)
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status, some headers and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A request with a key.

    Attributes:
        actor_id: who asks; others may use the same key.
        operation: what for, a name.
        key: chosen by the caller, at random.
        content: all that was asked besides.
    """

    actor_id: str
    operation: str
    key: str
    content: bytes


class IdempotencyService:
    """Reservations and answers.

    Args:
        lease: how long an attempt may take before another one may overtake it.
        keep: how long answers are kept.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], *, lease: timedelta, keep: timedelta
    ) -> None:
        self._database = database
        self._now = now
        self._lease = lease
        self._keep = keep

    def begin(self, question: Question) -> Attempt | Answer:
        """Reserve the key for an attempt, or give the answer of the one that did it.

        Raises:
            InvalidInput: the key is malformed, or was used for another request.
            StillRunning: another attempt is under way.
            Conflict: it was done, and its answer is not kept.
        """
        if not _KEY.fullmatch(question.key):
            raise InvalidInput("idempotency.key")
        now = self._now()
        wanted = KeyedRequest(
            id=_hex(question, "id"),
            mark=hmac.new(_secret(question, "mark"), question.content, hashlib.sha256).hexdigest(),
            holder=secrets.token_hex(16),
            state=RequestState.RUNNING,
            expires_at=now + self._lease,
        )
        with self._database.write() as unit:
            unit.requests.forget_expired(now)
            if not unit.requests.add(wanted):
                found = unit.requests.find(wanted.id)
                assert found is not None, "requests are removed in transactions like this one only"
                answer = _answered(found, wanted, question)
                if answer is not None:
                    return answer
                unit.requests.replace(wanted)
        return Attempt(id=wanted.id, holder=wanted.holder, keep_until=now + self._keep)

    def keep_answer(self, attempt: Attempt, question: Question, answer: Answer) -> None:
        """Keep what an attempt that has committed was answered."""
        sealed = _sealed(question, answer)
        with self._database.write() as unit:
            unit.requests.keep_answer(attempt, sealed)

    def release(self, attempt: Attempt) -> None:
        """Free the key of an attempt that has committed nothing."""
        with self._database.write() as unit:
            unit.requests.release(attempt)


def _answered(found: KeyedRequest, wanted: KeyedRequest, question: Question) -> Answer | None:
    """The answer of a request that was done; ``None`` where its attempt came to nothing."""
    if not hmac.compare_digest(found.mark, wanted.mark):
        raise InvalidInput("idempotency.other_request")
    match found.state:
        case RequestState.ANSWERED:
            return _opened(question, found.answer)
        case RequestState.COMMITTED:
            raise Conflict("idempotency.answer_not_kept")
        case RequestState.RUNNING:
            raise StillRunning("idempotency.running")


def _secret(question: Question, purpose: str) -> bytes:
    """A key of 32 bytes for a purpose, from the caller's key; different for each account and operation."""
    scope = "\0".join((purpose, question.actor_id, question.operation))
    return hmac.new(question.key.encode(), scope.encode(), hashlib.sha256).digest()


def _hex(question: Question, purpose: str) -> str:
    return _secret(question, purpose).hex()


def _sealed(question: Question, answer: Answer) -> bytes:
    head = json.dumps([answer.status, dict(answer.headers)]).encode()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_secret(question, "seal")).encrypt(nonce, head + b"\n" + answer.body, None)


def _opened(question: Question, sealed: bytes) -> Answer:
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    head, _, body = AESGCM(_secret(question, "seal")).decrypt(nonce, rest, None).partition(b"\n")
    status, headers = json.loads(head)
    return Answer(status, headers, body)
