"""The same town on PostgreSQL: everything that happens in it, and every page."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.crawling import crawl
from tests.console.people import ADMIN, ENTERPRISE, Person
from tests.store.conftest import cluster
from tests.store.postgres import Cluster

__all__ = ["cluster"]


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The town, served."""
    name = cluster.create_database()
    folder = tmp_path_factory.mktemp("on-postgres") / "var"
    application = stage.build(folder, database_url=cluster.url(name))
    app = create_app(application)
    with TestClient(app):
        yield app
    application.database.close()


@pytest.mark.parametrize("person", [ADMIN, ENTERPRISE], ids=lambda person: person.login_name)
def test_every_page_opens(served: FastAPI, person: Person) -> None:
    answered = [(seen.response.status_code, seen.address) for seen in crawl(client_of(served, person), served)]
    assert [line for line in answered if line[0] != 200] == []
    assert len(answered) > 10
