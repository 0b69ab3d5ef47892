"""Failures that are not the request's fault, and addresses that do not exist."""

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from embeddings.encoders.cache import CachedEncoder
from embeddings.encoders.checks import unit_rows
from embeddings.encoders.protocol import ProgressCallback, TextRole
from embeddings.encoders.vector_cache import VectorCache
from embeddings.types import FloatMatrix
from recommender.bootstrap import Application
from recommender.services.library import LibraryService
from recommender.settings import Settings
from tests.http.conftest import settings_in
from tests.http.library import EXPERTS
from tests.http.people import ADMIN, token_headers
from tests.http.problems import problem_of


@pytest.mark.parametrize("path", ["/v1", "/v2/match", "/healthz/", "/docs/", "/redoc", "/v1/match/x"])
def test_no_such_address(client: TestClient, path: str) -> None:
    assert "/docs" in problem_of(client.get(path), 404, "request.no_such_path")["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/match", "POST"),
        ("DELETE", "/v1/needs/XQ-1", "GET, PATCH"),
        ("POST", "/healthz", "GET"),
        ("PUT", "/v1/needs/XQ-1/matches", "GET"),
        ("PATCH", "/v1/needs/XQ-1/matches", "GET"),
    ],
)
def test_another_method(client: TestClient, method: str, path: str, allowed: str) -> None:
    response = client.request(method, path)
    document = problem_of(response, 405, "request.method")
    assert method in document["detail"]
    assert allowed in document["detail"]
    assert response.headers["allow"] == allowed


UNKNOWN = {"Authorization": "Bearer smx_unknown"}


class BreakingLibrary(LibraryService):
    """Breaks the way a bug would."""

    def get_versioned(self, *_: object) -> None:  # type: ignore[override]
        raise RuntimeError("secret of 张某 in the message")


class BreakingApplication(Application):
    """An application with a bug."""

    @cached_property
    def library(self) -> LibraryService:
        """Breaks on every look-up."""
        return BreakingLibrary(self.database)


def test_a_bug_is_logged_with_its_id_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    breaking = BreakingApplication(settings_in(tmp_path))
    breaking.database.upgrade()
    headers = token_headers(breaking, ADMIN)
    with TestClient(create_app(breaking), headers=headers) as client, caplog.at_level(logging.ERROR):
        response = client.get("/v1/enterprises/none")
    document = problem_of(response, 500, "internal")
    assert document["request_id"] in document["detail"]
    assert "张某" not in response.text
    assert "RuntimeError" not in response.text
    records = [record for record in caplog.records if record.name == "api.errors"]
    assert len(records) == 1
    assert document["request_id"] in records[0].getMessage()
    assert records[0].exc_info is not None
    assert response.headers["x-content-type-options"] == "nosniff"


class NanEncoder:
    """Claims to be the shipped model; its numbers are none, which the gate of every encoder finds."""

    def __init__(self, encoder_id: str, dimension: int) -> None:
        self.encoder_id = encoder_id
        self.dimension = dimension

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        """Not a number, for every text."""
        return unit_rows(np.full((len(texts), self.dimension), np.nan, dtype=np.float32))


class NanApplication(Application):
    """An application whose model breaks after its index was built."""

    sound: Application

    @cached_property
    def encoder(self) -> CachedEncoder:
        """The broken model behind an empty cache."""
        encoder = self.sound.encoder
        cache = VectorCache(self.settings.var_dir / "empty-cache")
        return CachedEncoder(NanEncoder(encoder.encoder_id, encoder.dimension), cache)


def test_nan_from_the_encoder(application: Application, tmp_path: Path) -> None:
    broken = NanApplication(settings_in(tmp_path))
    broken.sound = application
    broken.__dict__["database"] = application.database
    broken.__dict__["snapshots"] = application.snapshots
    with TestClient(create_app(broken), headers=token_headers(application)) as client:
        response = client.post("/v1/match", json={"text": "冷轧边裂"})
    document = problem_of(response, 503, "encoder.not_finite")
    assert "MATCHMAKER_ENCODER" in document["detail"]


def test_no_index(empty_application: Application) -> None:
    with empty_application.database.write() as unit:
        unit.experts.upsert(EXPERTS)
    with TestClient(create_app(empty_application), headers=token_headers(empty_application)) as client:
        document = problem_of(client.post("/v1/match", json={"text": "冷轧"}), 503, "snapshot.none")
        assert "matchmaker index build" in document["detail"]
        assert client.get("/v1/experts/ZJ-1").status_code == 200


def test_no_tables(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with TestClient(create_app(Application(settings_in(tmp_path / "nothing"))), headers=UNKNOWN) as client:
        document = problem_of(client.get("/v1/experts/ZJ-1"), 503, "account.cannot_check")
    assert "matchmaker doctor" in document["detail"]
    assert str(tmp_path) not in document["detail"]
    assert "store.missing" in caplog.text
    assert not (tmp_path / "nothing" / "matchmaker.db").exists()


def test_a_setting_that_is_wrong(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, database_url="mysql://host/name", encoder="default")
    with TestClient(create_app(Application(settings)), headers=UNKNOWN) as client:
        problem_of(client.get("/v1/experts/ZJ-1"), 503, "account.cannot_check")
        assert "matchmaker doctor" in client.get("/readyz").json()["detail"]
