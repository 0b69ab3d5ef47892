"""The log and the figures: complete, and without anything of what was asked or answered."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.observability.logs import EVENT, JsonLines, TextLines
from recommender.bootstrap import Application
from tests.http.people import OFFICER, account_id, session_headers


def record(**extra: object) -> logging.LogRecord:
    logger = logging.getLogger("tests")
    return logger.makeRecord(
        "tests", logging.WARNING, __file__, 1, "it %s", ("happened",), sys.exc_info(), extra=extra
    )


def fail() -> None:
    """Fail the way that quotes a value, because of another failure that does."""
    try:
        raise KeyError("张某的手机 13800001234")
    except KeyError as error:
        raise ValueError("z@x.edu.cn") from error


class TestLines:
    """Formats of a line."""

    def test_json_has_its_fields_and_those_of_the_event(self) -> None:
        fields = json.loads(
            JsonLines().format(record(**{EVENT: {"route": "/v1/needs/{need_id}", "status": 200}}))
        )
        assert fields["message"] == "it happened"
        assert (fields["level"], fields["logger"]) == ("WARNING", "tests")
        assert (fields["route"], fields["status"]) == ("/v1/needs/{need_id}", 200)
        assert fields["time"].endswith("+00:00")
        assert fields["pid"] > 0

    @pytest.mark.parametrize("style", [JsonLines(), TextLines("%(message)s")])
    def test_tracebacks_tell_places_and_no_values(self, style: logging.Formatter) -> None:
        try:
            fail()
        except ValueError:
            line = style.format(record())
        assert "ValueError" in line
        assert "KeyError" in line
        assert "tests/http/test_observability.py" in line
        assert " fail" in line
        assert "1380000" not in line
        assert "edu.cn" not in line


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    """What the API writes to its log as JSON."""
    written: list[dict[str, object]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(JsonLines().format(record)))

    logger = logging.getLogger("api")
    handler = Kept()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_a_request_is_one_line(application: Application, lines: list[dict[str, object]]) -> None:
    headers = session_headers(application, OFFICER)
    with TestClient(create_app(application), base_url="https://testserver", headers=headers) as client:
        lines.clear()
        response = client.get("/v1/needs/XQ-none?filter=机密")
    (line,) = lines
    assert line["route"] == "/v1/needs/{need_id}"
    assert (line["method"], line["status"], line["code"]) == ("GET", 404, "entity.not_found")
    assert line["actor"] == account_id(application, OFFICER)
    assert line["request_id"] == response.headers["x-request-id"]
    assert isinstance(line["ms"], float)
    assert "XQ-none" not in json.dumps(line, ensure_ascii=False)
    assert "机密" not in json.dumps(line, ensure_ascii=False)


class TestFigures:
    """What Prometheus reads."""

    def test_what_was_counted(self, client: TestClient) -> None:
        for _ in range(3):
            client.get("/v1/needs/XQ-none-at-all")
        client.post("/v1/match", json={"text": "冷轧边裂", "k": 1, "kinds": ["expert"]})
        client.request("BREW", "/v1/teapot")
        client.request("BREW", "/v1/match")
        client.post("/v1/match", json={"k": "many"})
        response = client.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=")
        text = response.text
        assert 'matchmaker_requests_total{method="GET",route="/v1/needs/{need_id}",status="404"}' in text
        assert 'matchmaker_request_seconds_bucket{le="0.1",method="POST",route="/v1/match"}' in text
        assert 'matchmaker_errors_total{code="entity.not_found"}' in text
        assert 'matchmaker_errors_total{code="request.method"}' in text
        assert 'matchmaker_errors_total{code="request.invalid"}' in text
        assert 'matchmaker_ranking_seconds_count{kind="expert"}' in text
        assert 'matchmaker_requests_running{lane="quick"}' in text
        assert 'matchmaker_requests_waiting{lane="matching"} 0.0' in text
        assert 'method="other",route="unmatched"' in text
        assert "matchmaker_index_workers{" in text
        assert "XQ-none-at-all" not in text
        assert "BREW" not in text

    def test_they_are_for_those_who_may(
        self, anonymous: TestClient, officer: TestClient, service: TestClient
    ) -> None:
        assert anonymous.get("/metrics").status_code == 401
        assert officer.get("/metrics").status_code == 403
        assert service.get("/metrics").status_code == 200

    def test_this_machine_may_where_a_setting_says_so(self, application: Application) -> None:
        other = Application(application.settings.model_copy(update={"local_metrics": True}))
        app = create_app(other)

        def status(host: str, **headers: str) -> int:
            with TestClient(app, client=(host, 50_000), base_url="http://127.0.0.1") as client:
                return client.get("/metrics", headers=headers).status_code

        assert status("127.0.0.1") == 200
        assert status("::1") == 200
        assert status("192.0.2.7") == 401
        assert status("127.0.0.1", forwarded="for=192.0.2.7") == 401
        other.database.close()
