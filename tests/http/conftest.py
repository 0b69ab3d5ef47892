"""A served library, built once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.settings import Settings
from tests.http import library
from tests.http.people import (
    ADMIN,
    CITY_OFFICER,
    ENTERPRISE,
    FAR_OFFICER,
    OFFICER,
    OTHER_ENTERPRISE,
    Person,
    client_of,
    session_headers,
    token_headers,
)


def settings_in(folder: Path) -> Settings:
    """Settings with all run-time files in a folder and the shipped model."""
    return Settings(
        var_dir=folder,
        database_url="",
        encoder="default",
        n_threads=1,
        max_body_bytes=500_000,
        # Tests ask more often than anybody would.
        rate_per_minute=0,
        address_rate_per_minute=0,
    )


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The library in SQLite, indexed with the shipped model. Tests only read it."""
    built = Application(settings_in(tmp_path_factory.mktemp("http") / "var"))
    library.fill(built.database)
    built.indexing.build(actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="session")
def app(application: Application) -> Iterator[FastAPI]:
    """The served library, started."""
    built = create_app(application)
    with TestClient(built):
        yield built


def _signed_in(person: Person) -> Any:
    @pytest.fixture(scope="session")
    def opened(app: FastAPI, application: Application) -> TestClient:
        return client_of(app, session_headers(application, person))

    return opened


client = _signed_in(ADMIN)
"""A client of the served library that may do everything."""
officer = _signed_in(OFFICER)
far_officer = _signed_in(FAR_OFFICER)
city_officer = _signed_in(CITY_OFFICER)
enterprise = _signed_in(ENTERPRISE)
other_enterprise = _signed_in(OTHER_ENTERPRISE)


@pytest.fixture(scope="session")
def anonymous(app: FastAPI) -> TestClient:
    """A client that has proved nothing."""
    return client_of(app)


@pytest.fixture(scope="session")
def service(app: FastAPI, application: Application) -> TestClient:
    """A program with a token for all that a program may do."""
    return client_of(app, token_headers(application))


@pytest.fixture
def empty_application(tmp_path: Path) -> Iterator[Application]:
    """Tables without content and no index."""
    built = Application(settings_in(tmp_path / "var"))
    built.database.upgrade()
    yield built
    built.database.close()
