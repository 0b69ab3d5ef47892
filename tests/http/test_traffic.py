"""Rates, lanes, slow callers and deadlines, each with the application that meets them."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.traffic.bodies import Body
from api.traffic.lanes import STANDING_S, Lane, Slot
from api.traffic.rates import Rates, address_name
from recommender.bootstrap import Application
from recommender.domain.deadline import check_deadline, deadline, remaining_s
from recommender.domain.errors import Unavailable
from recommender.services.matching import MatchService
from tests.http.people import token_headers
from tests.http.problems import problem_of
from tests.http.server import Server, running_server

BODY = {"text": "薄板冷轧边裂", "k": 1}


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def served(application: Application, *, known: bool = True, **changed: object) -> Iterator[TestClient]:
    """A program, or a stranger, before the library under other settings."""
    other = Application(application.settings.model_copy(update=changed))
    for part in ("database", "encoder", "index_server", "matching", "tokens"):
        other.__dict__[part] = getattr(application, part)
    headers = token_headers(application) if known else {}
    with TestClient(create_app(other), raise_server_exceptions=False, headers=headers) as client:
        yield client


class TestRates:
    """Token buckets."""

    def test_a_burst_then_the_pace(self) -> None:
        clock = Clock()
        rates = Rates(60, clock=clock)
        assert [rates.take("甲") for _ in range(17)] == [0] * 15 + [1, 1]
        clock.now += 1
        assert [rates.take("甲") for _ in range(2)] == [0, 1]
        assert rates.take("乙") == 0

    def test_slow_rates_say_how_long(self) -> None:
        clock = Clock()
        rates = Rates(1, clock=clock)
        assert [rates.take("甲") for _ in range(2)] == [0, 60]
        clock.now += 45
        assert rates.take("甲") == 15

    def test_no_limit(self) -> None:
        rates = Rates(0)
        assert {rates.take("甲") for _ in range(1000)} == {0}

    def test_many_names_take_no_more_memory(self) -> None:
        rates = Rates(60, clock=Clock())
        for number in range(30_000):
            rates.take(str(number))
        assert len(rates._buckets) == 20_000

    def test_names_of_addresses(self) -> None:
        assert address_name("192.0.2.7") == "192.0.2.7"
        assert address_name("2001:db8:1:2:3::4") == address_name("2001:db8:1:2::9") == "2001:db8:1:2::/64"
        assert address_name("testclient") == "testclient"


class TestLane:
    """Slots and the queue before them."""

    def test_slots_are_handed_on_in_order(self) -> None:
        async def scenario() -> list[str]:
            lane, order = Lane(1, 2), []

            async def work(name: str) -> None:
                slot = await lane.enter(time.monotonic() + 5, never)
                assert slot is not None
                order.append(name)
                await asyncio.sleep(0)
                slot.give_back()
                slot.give_back()

            first = await lane.enter(time.monotonic() + 5, never)
            tasks = [asyncio.create_task(work(name)) for name in "甲乙"]
            await asyncio.sleep(0)
            assert (lane.n_running, lane.n_waiting) == (1, 2)
            with pytest.raises(Unavailable) as caught:
                await lane.enter(time.monotonic() + 5, never)
            assert caught.value.code == "request.overloaded"
            assert first is not None
            first.give_back()
            await asyncio.gather(*tasks)
            assert (lane.n_running, lane.n_waiting) == (0, 0)
            return order

        assert asyncio.run(scenario()) == ["甲", "乙"]

    def test_a_queue_that_stands_is_halved_until_it_is_empty(self) -> None:
        async def scenario() -> None:
            clock = Clock()
            lane = Lane(1, 4, clock=clock)
            slots = [await lane.enter(time.monotonic() + 5, never)]
            queue: list[asyncio.Task[Slot | None]] = []

            async def come() -> None:
                queue.append(asyncio.create_task(lane.enter(time.monotonic() + 5, never)))
                await asyncio.sleep(0)

            async def next_one() -> None:
                slot = slots.pop()
                assert slot is not None
                slot.give_back()
                slots.append(await queue.pop(0))

            for _ in range(4):
                await come()
            assert lane.n_waiting == 4
            clock.now += STANDING_S
            await next_one()
            await next_one()
            assert lane.n_waiting == 2
            with pytest.raises(Unavailable):
                await lane.enter(time.monotonic() + 5, never)
            await next_one()
            await come()
            assert lane.n_waiting == 2
            await next_one()
            await next_one()
            assert lane.n_waiting == 0
            for _ in range(4):
                await come()
            assert lane.n_waiting == 4
            for _ in range(4):
                await next_one()

        asyncio.run(scenario())

    def test_who_waits_too_long_or_leaves_frees_their_place(self) -> None:
        async def scenario() -> None:
            lane = Lane(1, 1)
            first = await lane.enter(time.monotonic() + 5, never)
            with pytest.raises(Unavailable) as caught:
                await lane.enter(time.monotonic() + 0.02, never)
            assert caught.value.code == "request.deadline"
            assert await lane.enter(time.monotonic() + 5, at_once) is None
            waiting = asyncio.create_task(lane.enter(time.monotonic() + 5, never))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (lane.n_running, lane.n_waiting) == (1, 0)
            assert first is not None
            first.give_back()
            assert lane.n_running == 0

        asyncio.run(scenario())

    def test_a_slot_that_comes_with_the_caller_gone_is_handed_on(self) -> None:
        async def scenario() -> None:
            lane = Lane(1, 2)
            first = await lane.enter(time.monotonic() + 5, never)
            leaving = asyncio.Event()

            async def gone() -> None:
                await leaving.wait()

            lost = asyncio.create_task(lane.enter(time.monotonic() + 5, gone))
            next_one = asyncio.create_task(lane.enter(time.monotonic() + 5, never))
            await asyncio.sleep(0.01)
            assert first is not None
            leaving.set()
            first.give_back()
            assert await lost is None
            assert await next_one is not None
            assert (lane.n_running, lane.n_waiting) == (1, 0)

        asyncio.run(scenario())


async def never() -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    return


class TestBody:
    """Bodies that are read before anything else."""

    def test_it_is_handed_on_as_it_came(self) -> None:
        messages = [
            {"type": "http.request", "body": b"a", "more_body": True},
            {"type": "http.request", "body": b"b"},
            {"type": "http.disconnect"},
        ]

        async def scenario() -> None:
            body = Body(feed(messages), 10)
            assert await body.read(time.monotonic() + 1)
            assert not body.is_cut
            await body.gone()
            assert [await body.receive() for _ in messages] == messages

        asyncio.run(scenario())

    def test_too_much_is_left_to_be_refused(self) -> None:
        messages = [{"type": "http.request", "body": b"a" * 6, "more_body": True} for _ in range(4)]

        async def scenario() -> None:
            body = Body(feed(messages), 10)
            assert await body.read(time.monotonic() + 1)
            assert body.is_cut
            assert [await body.receive() for _ in messages] == messages

        asyncio.run(scenario())

    def test_who_leaves_while_sending(self) -> None:
        async def scenario() -> None:
            body = Body(
                feed([{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]), 10
            )
            assert not await body.read(time.monotonic() + 1)

        asyncio.run(scenario())


def feed(messages: list[dict[str, Any]]) -> Any:
    following = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(following)

    return receive


class TestDeadline:
    """Work that comes too late is not begun."""

    def test_it_holds_inside(self) -> None:
        check_deadline()
        assert remaining_s() is None
        with deadline(time.monotonic() + 60):
            check_deadline()
            with deadline(time.monotonic() - 1), pytest.raises(Unavailable) as caught:
                check_deadline()
            assert caught.value.code == "request.deadline"
            check_deadline()

    def test_no_transaction_begins_after_it(self, application: Application) -> None:
        with deadline(time.monotonic() - 1):
            for begin in (application.database.read, application.database.write):
                with pytest.raises(Unavailable), begin():
                    pytest.fail("a transaction was begun")


class TestServed:
    """The same over HTTP."""

    def test_actors_are_counted(self, application: Application) -> None:
        with served(application, rate_per_minute=8) as client:
            answers = [client.get("/v1/runs") for _ in range(4)]
            assert [answer.status_code for answer in answers[:2]] == [200, 200]
            for refused in answers[2:]:
                assert "秒后重试" in problem_of(refused, 429, "request.too_many")["detail"]
                assert 1 <= int(refused.headers["retry-after"]) <= 8
            assert client.get("/healthz").status_code == 200

    def test_strangers_are_counted_by_address(self, application: Application) -> None:
        with served(application, known=False, address_rate_per_minute=8) as client:
            statuses = [client.get("/v1/nowhere").status_code for _ in range(4)]
            assert statuses == [404, 404, 429, 429]

    def test_the_address_is_what_a_trusted_proxy_says(self, application: Application) -> None:
        def statuses(proxies: str) -> list[int]:
            with served(application, known=False, address_rate_per_minute=4, trusted_proxies=proxies) as client:
                headers = [{"x-forwarded-for": f"192.0.2.{number}"} for number in (1, 1, 2)]
                return [client.get("/v1/nowhere", headers=one).status_code for one in headers]

        assert statuses("") == [404, 429, 429]
        assert statuses("192.0.2.0/24, testclient") == [404, 429, 404]

    def test_matches_wait_without_keeping_others(
        self, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go = threading.Event()
        match_text = MatchService.match_text

        def slow(self: MatchService, *arguments: Any, **named: Any) -> Any:
            assert go.wait(30)
            return match_text(self, *arguments, **named)

        monkeypatch.setattr(MatchService, "match_text", slow)
        with served(application, match_slots=1, match_queue=1) as client, ThreadPoolExecutor(4) as pool:
            running = [pool.submit(client.post, "/v1/match", json=BODY) for _ in range(2)]
            lane = client.app.state.traffic.lanes["matching"]  # type: ignore[attr-defined]
            wait_until(lambda: (lane.n_running, lane.n_waiting) == (1, 1))
            refused = client.post("/v1/match", json=BODY)
            problem_of(refused, 503, "request.overloaded")
            assert refused.headers["retry-after"] == "5"
            assert client.get("/v1/needs/XQ-1").status_code == 200
            go.set()
            assert [answer.result().status_code for answer in running] == [200, 200]
            assert (lane.n_running, lane.n_waiting) == (0, 0)

    def test_what_waited_too_long_is_not_begun(
        self, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = []
        go = threading.Event()

        def slow(_self: MatchService, *arguments: Any, **_named: Any) -> Any:
            begun.append(arguments)
            assert go.wait(30)
            check_deadline()

        monkeypatch.setattr(MatchService, "match_text", slow)
        changed = {"match_slots": 1, "match_queue": 1, "deadline_seconds": 3}
        with served(application, **changed) as client, ThreadPoolExecutor(2) as pool:
            first = pool.submit(client.post, "/v1/match", json=BODY)
            wait_until(lambda: len(begun) == 1)
            problem_of(client.post("/v1/match", json=BODY), 503, "request.deadline")
            go.set()
            problem_of(first.result(), 503, "request.deadline")
            assert len(begun) == 1


def wait_until(condition: Any) -> None:
    deadline_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline_at
        time.sleep(0.01)


@pytest.fixture(scope="module")
def program(application: Application) -> dict[str, str]:
    return token_headers(application)


@pytest.fixture(scope="module")
def server(application: Application) -> Iterator[Server]:
    settings = {"match_slots": "1", "match_queue": "40", "deadline_seconds": "2", "n_threads": "1"}
    with running_server(application.settings.var_dir, **settings) as started:
        yield started


def half_sent(server: Server, program: dict[str, str], n_bytes: int) -> socket.socket:
    """A connection with a match request, of whose body so much was sent."""
    content = json.dumps(BODY).encode()
    head = (
        f"POST /v1/match HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: {program['Authorization']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(head.encode() + content[:n_bytes])
    return connection


def test_slow_senders_keep_nobody_waiting(server: Server, program: dict[str, str]) -> None:
    slow = [half_sent(server, program, 4) for _ in range(20)]
    try:
        assert httpx2.post(f"{server.url}/v1/match", json=BODY, headers=program, timeout=30).status_code == 200
        assert slow[0].recv(10_000).startswith(b"HTTP/1.1 408 ")
    finally:
        for connection in slow:
            connection.close()


def test_who_leaves_while_waiting_costs_nothing(server: Server, program: dict[str, str]) -> None:
    for _ in range(30):
        half_sent(server, program, 1000).close()
    assert httpx2.post(f"{server.url}/v1/match", json=BODY, headers=program, timeout=30).status_code == 200
