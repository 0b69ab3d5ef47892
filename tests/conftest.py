"""Fixtures of the whole suite: the sample library, imported and indexed once with the shipped model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.settings import Settings

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SAMPLE_FILES = (
    ("enterprises", "enterprises.xlsx"),
    ("experts", "experts.xlsx"),
    ("platforms", "platforms.xlsx"),
    ("achievements", "achievements.xlsx"),
    ("achievement-platforms", "achievement_platforms.xlsx"),
    ("needs", "needs.xlsx"),
)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults, not what the developer's shell exports."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MATCHMAKER_{name.upper()}", raising=False)


def import_samples(application: Application) -> None:
    """Create the tables and import the sample workbooks."""
    application.database.upgrade()
    for kind, name in SAMPLE_FILES:
        report = application.imports.apply(kind, SAMPLES / name, actor="test")
        assert report.applied, report.errors


@pytest.fixture(scope="session")
def sample_application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The sample library on SQLite, indexed. Tests only read it."""
    application = Application(Settings(var_dir=tmp_path_factory.mktemp("samples") / "var"))
    import_samples(application)
    application.indexing.build(actor="test")
    yield application
    application.database.close()
