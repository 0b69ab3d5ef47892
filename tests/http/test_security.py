"""Protective headers, local names, request ids and the access log."""

import logging
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.lifecycle import MAX_CONCURRENT_REQUESTS
from recommender.bootstrap import Application
from tests.http.problems import problem_of

REQUESTS = [
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/docs", 200),
    ("GET", "/docs/assets/swagger-ui.css", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/v1/needs/XQ-1", 200),
    ("GET", "/v1/needs/none", 404),
    ("GET", "/nowhere", 404),
    ("DELETE", "/v1/match", 405),
    ("POST", "/v1/match", 415),
]


@pytest.fixture
def served(application: Application) -> FastAPI:
    """Not started: what it refuses by name needs no index."""
    return create_app(application)


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
def test_every_answer_carries_the_headers(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-frame-options"] == "DENY"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["x-request-id"])
    assert "server" not in response.headers
    assert "access-control-allow-origin" not in response.headers


def test_answers_about_persons_are_not_kept(client: TestClient) -> None:
    assert client.get("/v1/experts/ZJ-1").headers["cache-control"] == "no-store"


def test_a_harmless_request_id_is_taken_over(client: TestClient) -> None:
    response = client.get("/healthz", headers={"x-request-id": "trace-1.a_B"})
    assert response.headers["x-request-id"] == "trace-1.a_B"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a;b", "<script>", "é"])
def test_another_request_id_is_replaced(client: TestClient, given: str) -> None:
    response = client.get("/healthz", headers={b"x-request-id": given.encode("latin-1")})
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["x-request-id"])


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000", "127.0.0.2"])
def test_local_names_are_served_on_this_machine(served: FastAPI, host: str) -> None:
    with TestClient(served, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[::2]:8000"]
)
def test_foreign_names_are_refused_on_this_machine(served: FastAPI, host: str) -> None:
    with TestClient(served, base_url="http://127.0.0.1:8000") as client:
        response = client.get("/v1/needs/XQ-1", headers={"host": host})
        assert "127.0.0.1" in problem_of(response, 421, "request.host")["detail"]
        assert response.headers["x-content-type-options"] == "nosniff"


def test_names_are_not_judged_on_other_addresses(served: FastAPI) -> None:
    with TestClient(served, base_url="http://192.0.2.7:8000") as client:
        assert client.get("/healthz", headers={"host": "match.example"}).status_code == 200


def test_the_log_holds_no_query_and_no_body(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="api.access"):
        client.post("/v1/match", json={"text": "机密工艺参数"})
        client.get("/v1/needs/XQ-1/matches", params={"filter": "单位=机密单位"})
        client.get("/v1/experts/a%0Ab")
    lines = [record.getMessage() for record in caplog.records if record.name == "api.access"]
    assert len(lines) == 3
    assert re.fullmatch(r"[0-9a-f]{16} POST /v1/match 200 \d+\.\d ms", lines[0])
    assert re.fullmatch(r"[0-9a-f]{16} GET /v1/needs/{need_id}/matches 200 \d+\.\d ms", lines[1])
    assert re.fullmatch(r"[0-9a-f]{16} GET unmatched 404 \d+\.\d ms", lines[2])
    assert "机密" not in caplog.text


def test_no_request_waits_for_a_database_connection(application: Application) -> None:
    pool = application.database._engine.pool
    n_connections = pool.size() + pool._max_overflow  # type: ignore[attr-defined]
    assert n_connections > MAX_CONCURRENT_REQUESTS
