"""Requests with keys: done once by however many, on both databases, also when an attempt ends in the middle."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recommender.domain.errors import Conflict, InvalidInput, MatchmakerError, StillRunning
from recommender.domain.match import AuditEntry
from recommender.domain.requests import Attempt, attempts
from recommender.services.idempotency import Answer, IdempotencyService, Question
from recommender.store import Database

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
LEASE = timedelta(seconds=40)
KEEP = timedelta(hours=24)
QUESTION = Question("A1", "POST /v1/needs", "3f8c2a9e-1b7d-4c55-9f0a", b"content")
ANSWER = Answer(201, {"etag": '"1"'}, "张工，13800001234".encode())


def service(database: Database, now: datetime = NOW) -> IdempotencyService:
    return IdempotencyService(database, lambda: now, lease=LEASE, keep=KEEP)


def begun(database: Database, question: Question = QUESTION, now: datetime = NOW) -> Attempt:
    found = service(database, now).begin(question)
    assert isinstance(found, Attempt)
    return found


def work(database: Database, attempt: Attempt, action: str = "done") -> None:
    """A transaction of an attempt."""
    with attempts() as slot:
        slot.attempt = attempt
        with database.write() as unit:
            unit.audit.append(AuditEntry(at=NOW, actor="A1", action=action, target="x", detail={}))


def actions(database: Database) -> list[str]:
    with database.read() as unit:
        return [entry.action for entry in unit.audit.tail(100)]


def test_the_answer_is_given_again(database: Database) -> None:
    attempt = begun(database)
    work(database, attempt)
    assert attempt.has_committed
    service(database).keep_answer(attempt, QUESTION, ANSWER)
    assert service(database, NOW + KEEP - timedelta(seconds=1)).begin(QUESTION) == ANSWER
    assert isinstance(service(database, NOW + KEEP + timedelta(seconds=1)).begin(QUESTION), Attempt)


def test_it_can_be_read_by_nobody_else(database: Database) -> None:
    attempt = begun(database)
    work(database, attempt)
    service(database).keep_answer(attempt, QUESTION, ANSWER)
    with database.read() as unit:
        stored = unit.requests.find(attempt.id)
    assert stored is not None
    everything = repr(stored).encode() + stored.answer
    assert QUESTION.key.encode() not in everything
    assert b"13800001234" not in everything
    for other in (replace(QUESTION, actor_id="A2"), replace(QUESTION, operation="POST /v1/cases")):
        assert begun(database, other).id != attempt.id


def test_another_question_under_the_same_key(database: Database) -> None:
    begun(database)
    with pytest.raises(InvalidInput) as caught:
        service(database).begin(replace(QUESTION, content=b"other"))
    assert caught.value.code == "idempotency.other_request"


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 129, "with space in the key", "钥匙钥匙钥匙钥匙钥匙钥匙钥匙钥匙"]
)
def test_keys_that_are_none(database: Database, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        service(database).begin(replace(QUESTION, key=key))
    assert caught.value.code == "idempotency.key"


def test_one_that_committed_nothing_is_free_at_once(database: Database) -> None:
    attempt = begun(database)
    with pytest.raises(StillRunning):
        service(database).begin(QUESTION)
    service(database).release(attempt)
    assert begun(database).holder != attempt.holder


def test_one_that_was_killed_before_committing_is_free_when_its_time_is_over(database: Database) -> None:
    killed = begun(database)
    with pytest.raises(StillRunning):
        service(database, NOW + LEASE).begin(QUESTION)
    later = NOW + LEASE + timedelta(seconds=1)
    second = begun(database, now=later)
    with pytest.raises(Conflict) as caught:
        work(database, killed, "late")
    assert caught.value.code == "idempotency.overtaken"
    assert not killed.has_committed
    service(database, later).release(killed)
    work(database, second)
    assert actions(database) == ["done"]


def test_one_that_was_killed_after_committing_is_never_done_again(database: Database) -> None:
    work(database, begun(database))
    for late in (NOW, NOW + LEASE + timedelta(seconds=1), NOW + KEEP - timedelta(seconds=1)):
        with pytest.raises(Conflict) as caught:
            service(database, late).begin(QUESTION)
        assert caught.value.code == "idempotency.answer_not_kept"


def test_a_transaction_that_fails_leaves_it_undone(database: Database) -> None:
    attempt = begun(database)
    with attempts() as slot:
        slot.attempt = attempt
        with pytest.raises(ZeroDivisionError), database.write() as unit:
            unit.audit.append(AuditEntry(at=NOW, actor="A1", action="failed", target="x", detail={}))
            raise ZeroDivisionError
    assert not attempt.has_committed
    service(database).release(attempt)
    work(database, begun(database))
    assert actions(database) == ["done"]


def test_several_transactions_are_one_attempt(database: Database) -> None:
    attempt = begun(database)
    work(database, attempt, "first")
    work(database, attempt, "second")
    service(database).keep_answer(attempt, QUESTION, ANSWER)
    assert service(database).begin(QUESTION) == ANSWER
    assert actions(database) == ["first", "second"]


def test_answers_can_be_forgotten(database: Database) -> None:
    attempt = begun(database)
    work(database, attempt)
    service(database).keep_answer(attempt, QUESTION, ANSWER)
    with database.write() as unit:
        assert unit.requests.forget_answers() == 1
    with pytest.raises(Conflict):
        service(database).begin(QUESTION)


def test_of_many_at_once_one_does_it(database: Database) -> None:
    def attempt(_number: int) -> str:
        try:
            found = service(database).begin(QUESTION)
        except MatchmakerError as error:
            return error.code
        assert isinstance(found, Attempt)
        work(database, found)
        return "done"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(attempt, range(24)))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "idempotency.running", "idempotency.answer_not_kept"}
    assert actions(database) == ["done"]
