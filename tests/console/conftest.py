"""The small town, built once, and who opens its pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from tests.console import stage
from tests.console.people import (
    ADMIN,
    ENTERPRISE,
    OFFICER,
    OTHER_ENTERPRISE,
    PASSWORD,
    TOWN_OFFICER,
    Person,
)

LOCAL = "http://127.0.0.1"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run-time folder of the small town; nobody has it open."""
    folder = tmp_path_factory.mktemp("town") / "var"
    stage.build(folder).database.close()
    return folder


@pytest.fixture(scope="session")
def application(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The town. Tests only read it."""
    built = stage.copy_of(town, tmp_path_factory.mktemp("console") / "var")
    yield built
    built.database.close()


@pytest.fixture(scope="session")
def app(application: Application) -> Iterator[FastAPI]:
    """The served town, started."""
    built = create_app(application)
    with TestClient(built):
        yield built


@pytest.fixture
def own(town: Path, application: Application, tmp_path: Path) -> Iterator[Application]:
    """A town of the test's own, to change."""
    built = stage.copy_of(town, tmp_path / "own")
    built.encoder = application.encoder
    yield built
    built.database.close()


@pytest.fixture
def own_app(own: Application) -> Iterator[FastAPI]:
    """The town of the test's own, served."""
    built = create_app(own)
    with TestClient(built):
        yield built


def client_of(app: FastAPI, person: Person | None = None) -> TestClient:
    """A browser without scripts, signed in as somebody by the page for that."""
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
    if person is not None:
        sent = {"login_name": person.login_name, "password": PASSWORD}
        response = client.post("/console/sign-in", data=sent, follow_redirects=False)
        assert response.status_code == 303, response.text
    return client


def _signed_in(person: Person | None) -> Any:
    @pytest.fixture(scope="session")
    def opened(app: FastAPI) -> TestClient:
        return client_of(app, person)

    return opened


admin = _signed_in(ADMIN)
officer = _signed_in(OFFICER)
town_officer = _signed_in(TOWN_OFFICER)
"""Whose reach is the town of the forge."""
enterprise = _signed_in(ENTERPRISE)
"""The forge, whose needs are in every state."""
other_enterprise = _signed_in(OTHER_ENTERPRISE)
stranger = _signed_in(None)
