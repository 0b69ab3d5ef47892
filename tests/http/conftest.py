"""A served library, built once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.settings import Settings
from tests.http import library


def settings_in(folder: Path) -> Settings:
    """Settings with all run-time files in a folder and the shipped model."""
    return Settings(var_dir=folder, database_url="", encoder="default", n_threads=1, max_body_bytes=500_000)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The library in SQLite, indexed with the shipped model. Tests only read it."""
    built = Application(settings_in(tmp_path_factory.mktemp("http") / "var"))
    library.fill(built.database)
    built.indexing.build(actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="session")
def client(application: Application) -> Iterator[TestClient]:
    """A client of the served library."""
    with TestClient(create_app(application), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def empty_application(tmp_path: Path) -> Iterator[Application]:
    """Tables without content and no index."""
    built = Application(settings_in(tmp_path / "var"))
    built.database.upgrade()
    yield built
    built.database.close()
