"""Requests that carry a key: who attempts one, and what came of it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.errors import Conflict
from recommender.domain.requests import Attempt, KeyedRequest, RequestState
from recommender.store import tables
from recommender.store.part import UnitPart

_REQUESTS: Final[Table] = tables.Base.metadata.tables["keyed_request"]


class RequestRepository(UnitPart):
    """Requests by id."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def find(self, request_id: str) -> KeyedRequest | None:
        """One request; in a unit that writes it stays locked until the end."""
        statement = select(_REQUESTS).where(_REQUESTS.c.id == request_id)
        if self._writable:
            statement = statement.with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else KeyedRequest(**row._mapping)

    def add(self, request: KeyedRequest) -> bool:
        """Add a request unless there is one of that id; whether it was added. Waits for who adds it now."""
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        statement = insert(_REQUESTS).on_conflict_do_nothing().returning(_REQUESTS.c.id)
        return self._changing().execute(statement, [asdict(request)]).first() is not None

    def replace(self, request: KeyedRequest) -> None:
        """Put a request in the place of the one of that id."""
        statement = update(_REQUESTS).where(_REQUESTS.c.id == request.id).values(**asdict(request))
        self._changing().execute(statement)

    def commit(self, attempt: Attempt) -> None:
        """Note in a transaction that it belongs to an attempt, so that both are committed or neither.

        Raises:
            Conflict: another attempt has overtaken this one; nothing of this transaction may be committed.
        """
        values = {"state": RequestState.COMMITTED, "expires_at": attempt.keep_until}
        if not self._update(attempt, values):
            raise Conflict("idempotency.overtaken")

    def keep_answer(self, attempt: Attempt, answer: bytes) -> bool:
        """Keep the answer of an attempt that has committed; whether it is still the one that may."""
        return self._update(attempt, {"state": RequestState.ANSWERED, "answer": answer})

    def release(self, attempt: Attempt) -> None:
        """Forget an attempt that has committed nothing: the request may be tried again at once."""
        statement = delete(_REQUESTS).where(
            _REQUESTS.c.id == attempt.id,
            _REQUESTS.c.holder == attempt.holder,
            _REQUESTS.c.state == RequestState.RUNNING,
        )
        self._changing().execute(statement)

    def forget_expired(self, now: datetime) -> int:
        """Remove what need not be remembered any longer; returns how many."""
        return self._changing().execute(delete(_REQUESTS).where(_REQUESTS.c.expires_at < now)).rowcount

    def forget_answers(self) -> int:
        """Remove all answers, for when somebody in them is erased; what was done stays known. How many."""
        statement = update(_REQUESTS).where(_REQUESTS.c.state == RequestState.ANSWERED)
        values = {"state": RequestState.COMMITTED, "answer": b""}
        return self._changing().execute(statement.values(**values)).rowcount

    def _update(self, attempt: Attempt, values: dict[str, Any]) -> bool:
        statement = update(_REQUESTS).where(_REQUESTS.c.id == attempt.id, _REQUESTS.c.holder == attempt.holder)
        return self._changing().execute(statement.values(**values)).rowcount == 1

    def _changing(self) -> Connection:
        self._require_write()
        return self._connection
