"""A desk over a filled database, on SQLite and on PostgreSQL."""

import pytest

from recommender.store import Database
from tests.review import city
from tests.store.conftest import backend, cluster, database, template, template_file, url

__all__ = ["backend", "cluster", "database", "template", "template_file", "url"]


@pytest.fixture
def desk(database: Database) -> city.Desk:
    """Every service over the small city."""
    city.fill(database)
    return city.Desk(database)
