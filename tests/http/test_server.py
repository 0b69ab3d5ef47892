"""Over a real socket: sizes, headers and an orderly end."""

import json
import signal
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from recommender.bootstrap import Application
from tests.http.people import token_headers
from tests.http.problems import problem_of
from tests.http.server import Server, running_server

BODY = json.dumps({"text": "薄板冷轧边裂", "k": 1}).encode()


@pytest.fixture(scope="module")
def server(application: Application) -> Iterator[Server]:
    with running_server(application.settings.var_dir, n_threads="1", max_body_bytes="100000") as started:
        yield started


def test_it_answers_and_does_not_name_itself(server: Server, application: Application) -> None:
    headers = token_headers(application)
    response = httpx2.post(f"{server.url}/v1/match", json={"text": "薄板冷轧边裂", "k": 1}, headers=headers)
    assert response.status_code == 200
    assert [len(part["matches"]) for part in response.json()["lists"]] == [1, 1, 1]
    assert "server" not in response.headers


def test_a_chunked_body_over_the_limit(server: Server) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(150):
            yield b"a" * 1000
        yield b'"}'

    headers = {"content-type": "application/json"}
    response = httpx2.post(f"{server.url}/v1/match", content=chunks(), headers=headers)
    assert response.request.headers["transfer-encoding"] == "chunked"
    assert "100000 字节" in problem_of(response, 413, "request.too_large")["detail"]


def test_an_announced_body_over_the_limit(server: Server) -> None:
    response = httpx2.post(f"{server.url}/v1/match", json={"text": "a" * 100_000})
    problem_of(response, 413, "request.too_large")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert httpx2.get(f"{server.url}/healthz").status_code == 200


def test_a_foreign_host_name(server: Server) -> None:
    response = httpx2.get(f"{server.url}/v1/needs/XQ-1", headers={"host": "evil.example"})
    problem_of(response, 421, "request.host")


def test_what_is_not_http(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert httpx2.get(f"{server.url}/healthz").status_code == 200


def test_a_running_request_is_answered_before_the_end(application: Application) -> None:
    with running_server(application.settings.var_dir, n_threads="1") as server:
        head = (
            f"POST /v1/match HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
            f"Authorization: {token_headers(application)['Authorization']}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(head.encode() + BODY[:5])
            # An answer on another connection shows that the server has read what came before.
            assert httpx2.get(f"{server.url}/healthz").status_code == 200
            server.process.send_signal(signal.SIGTERM)
            _wait_until_closed_to_others(server)
            connection.sendall(BODY[5:])
            answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["lists"][0]["matches"][0]["position"] == 1
        # uvicorn drains, then ends by the signal it was sent.
        assert server.process.wait(timeout=30) in {0, -signal.SIGTERM}
        assert "Traceback" not in server.log()


def _wait_until_closed_to_others(server: Server) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.05)
    raise AssertionError("the server still takes new connections")
