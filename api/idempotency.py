"""``Idempotency-Key``: a POST that carries one is done once, however often it is sent.

One mechanism for all operations. The middleware puts the answer aside on its way out; what finds out who asks
calls :func:`begin`, which reserves the key for that account, or ends the request with the answer it had before.
"""

import hashlib
import logging
import time
from typing import Final

import anyio.to_thread
from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.operations import V1_PREFIX, Operations
from api.traffic.bodies import Body
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.deadline import deadline
from recommender.domain.errors import MatchmakerError
from recommender.domain.requests import Attempt, AttemptSlot, attempts, present_slot
from recommender.services.idempotency import MAX_ANSWER_BYTES, Answer, Question

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
_KEPT_HEADERS: Final = ("content-type", "etag", "location")
_CONTENT: Final = "idempotent_content"
_QUESTION: Final = "idempotent_question"
_log = logging.getLogger("api.errors")


class Replay(Exception):
    """The request was done before; this is what was answered then."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


async def replay(_request: Request, error: Exception) -> Response:
    """The answer to :class:`Replay`."""
    assert isinstance(error, Replay)
    answer = error.answer
    return Response(answer.body, answer.status, headers={**answer.headers, REPLAYED_HEADER: "true"})


def begin(request: Request, actor: Actor) -> None:
    """Reserve the key of a request, if it has one; to be called when the actor may do what they ask.

    Raises:
        Replay: it was done before.
        InvalidInput, StillRunning, Conflict: see :meth:`IdempotencyService.begin`.
    """
    slot, content = present_slot(), getattr(request.state, _CONTENT, None)
    if slot is None or slot.attempt is not None or content is None:
        return
    application: Application = request.app.state.application
    operations: Operations = request.app.state.traffic.operations
    question = Question(
        actor_id=actor.id,
        operation=f"{request.method} {operations.find(request.scope).template}",
        key=request.headers[KEY_HEADER],
        content=content,
    )
    found = application.idempotency.begin(question)
    if isinstance(found, Answer):
        raise Replay(found)
    setattr(request.state, _QUESTION, question)
    slot.attempt = found


class Idempotency:
    """The middleware, inside the one that takes requests in."""

    def __init__(self, app: ASGIApp, application: Application, operations: Operations) -> None:
        self._app = app
        self._application = application
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if not _has_key(scope):
            await self._app(scope, receive, send)
            return
        body = Body(receive, self._application.settings.max_body_bytes)
        if not await body.read(time.monotonic() + self._application.settings.deadline_seconds):
            return
        if not body.is_cut:
            scope["state"][_CONTENT] = _content(scope, body)
        with attempts() as slot:
            answer = _AnswerAside(send)
            try:
                await self._app(scope, body.receive, answer.send)
            finally:
                body.forget()
                await self._conclude(scope, slot, answer)
        await answer.pass_on()

    async def _conclude(self, scope: Scope, slot: AttemptSlot, answer: "_AnswerAside") -> None:
        """Keep the answer or free the key, before the caller learns how it went."""
        attempt, slot.attempt = slot.attempt, None
        if attempt is None:
            return
        question = scope["state"][_QUESTION]
        kept = None if self._operations.find(scope).is_secret else answer.kept()
        try:
            # What was done must be remembered, however late it is.
            with deadline(None):
                await anyio.to_thread.run_sync(self._remember, attempt, question, kept)
        except MatchmakerError as error:
            _log.warning("an answer is not kept: %s", error.code)

    def _remember(self, attempt: Attempt, question: Question, kept: Answer | None) -> None:
        if not attempt.has_committed:
            self._application.idempotency.release(attempt)
        elif kept is not None:
            self._application.idempotency.keep_answer(attempt, question, kept)


class _AnswerAside:
    """An answer that waits until it is known whether it may be sent; a long one is not waited for."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._messages: list[Message] = []
        self._n_bytes = 0
        self._is_passing = False

    async def send(self, message: Message) -> None:
        """Put a part of the answer aside."""
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > MAX_ANSWER_BYTES:
            await self.pass_on()
        if self._is_passing:
            await self._send(message)
        else:
            self._messages.append(message)

    async def pass_on(self) -> None:
        """Send what was put aside."""
        self._is_passing = True
        messages, self._messages = self._messages, []
        for message in messages:
            await self._send(message)

    def kept(self) -> Answer | None:
        """The answer, where it is whole and has nothing that only its first receiver may have."""
        if self._is_passing or not self._messages:
            return None
        start, *rest = self._messages
        headers = Headers(raw=start["headers"])
        if "set-cookie" in headers:
            return None
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        return Answer(start["status"], kept, b"".join(part.get("body", b"") for part in rest))


def _has_key(scope: Scope) -> bool:
    is_post = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(V1_PREFIX)
    return is_post and KEY_HEADER in Headers(scope=scope)


def _content(scope: Scope, body: Body) -> bytes:
    """A digest of all that is asked: the address with its ids, the query and the body."""
    digest = hashlib.sha256()
    for part in (scope["path"].encode("utf-8", "surrogatepass"), scope["query_string"], body.content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
