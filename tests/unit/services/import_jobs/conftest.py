"""A town for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.store import Database
from tests.keys import vault_in
from tests.unit.services.import_jobs.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = Database.open(f"sqlite:///{tmp_path / 'library.db'}", vault=vault_in(tmp_path))
    database.upgrade()
    yield Town(database, tmp_path)
    database.close()
