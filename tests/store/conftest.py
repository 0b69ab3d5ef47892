"""Every test that asks for ``database`` runs on an SQLite file and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.store import Database
from recommender.store.vault import Vault

from .postgres import Cluster

SKIP_VARIABLE = "MATCHMAKER_SKIP_POSTGRES"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server. Where it cannot run the tests fail, unless they were told to do without."""
    if os.environ.get(SKIP_VARIABLE) == "1":
        pytest.skip(f"{SKIP_VARIABLE}=1: PostgreSQL is left out")
    server = Cluster()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Name of a PostgreSQL database with all tables, to be copied."""
    name = cluster.create_database()
    _migrate(cluster.url(name))
    return name


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database a test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables; on SQLite, of a file that is not there yet."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _temporary(request.getfixturevalue("cluster"), "template0")


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database with all tables and no rows."""
    if backend == "sqlite":
        path = tmp_path / "matchmaker.db"
        shutil.copy(request.getfixturevalue("template_file"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _temporary(request.getfixturevalue("cluster"), request.getfixturevalue("template"))


@pytest.fixture
def database(url: str, vault: Vault) -> Iterator[Database]:
    """An open database with all tables and no rows."""
    opened = Database.open(url, vault=vault)
    yield opened
    opened.close()


def _migrate(url: str) -> None:
    database = Database.open(url)
    database.upgrade()
    database.close()


def _temporary(cluster: Cluster, template: str) -> Iterator[str]:
    name = cluster.create_database(template=template)
    yield cluster.url(name)
    cluster.drop_database(name)
