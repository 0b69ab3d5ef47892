"""Private copies of the sample library for nights, which write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.settings import Settings
from tests.journeys import nights


class _Copies:
    """Copies of a folder, closed at the end of a test."""

    def __init__(self, template: Path, folder: Path, lender: Application) -> None:
        self._template = template
        self._folder = folder
        self._lender = lender
        self.made: list[Application] = []

    def __call__(self, **settings: object) -> Application:
        folder = self._folder / f"var-{len(self.made)}"
        application = nights.copied(self._template, folder, **settings)
        # Loading the model takes a second, and its vectors are the same for all.
        application.encoder = self._lender.encoder
        self.made.append(application)
        return application

    def close(self) -> None:
        for application in self.made:
            application.database.close()


@pytest.fixture
def libraries(
    before_any_night: Path, sample_application: Application, tmp_path: Path
) -> Iterator[nights.Libraries]:
    """Copies of the library before any night."""
    copies = _Copies(before_any_night, tmp_path / "before", sample_application)
    yield copies
    copies.close()


@pytest.fixture
def later(after_a_night: Path, sample_application: Application, tmp_path: Path) -> Iterator[nights.Libraries]:
    """Copies of the library after a night was published."""
    copies = _Copies(after_a_night, tmp_path / "after", sample_application)
    yield copies
    copies.close()


@pytest.fixture
def undisturbed(after_a_night: Path) -> str:
    """What a night from nothing suggests, as a hash."""
    application = Application(Settings(var_dir=after_a_night))
    run_id = nights.published(application)
    assert run_id is not None
    found = nights.content(application, run_id)
    application.database.close()
    return found
