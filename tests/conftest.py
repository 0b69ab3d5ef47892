"""Fixtures of the whole suite: the sample library, imported, indexed and matched for a night, each once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.settings import Settings
from recommender.store.vault import Vault
from tests.actors import TESTER
from tests.journeys import nights
from tests.keys import vault_in

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SAMPLE_FILES = (
    ("enterprises", "enterprises.xlsx"),
    ("experts", "experts.xlsx"),
    ("platforms", "platforms.xlsx"),
    ("achievements", "achievements.xlsx"),
    ("achievement-platforms", "achievement_platforms.xlsx"),
    ("needs", "needs.xlsx"),
)


def pytest_configure() -> None:
    """Forget the width that workers are given: a console that is made while it is named keeps it for good."""
    os.environ.pop("COLUMNS", None)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults, not what the developer's shell exports."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MATCHMAKER_{name.upper()}", raising=False)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """Seals contacts with keys of its own."""
    return vault_in(tmp_path_factory.mktemp("keys"))


def import_samples(application: Application) -> None:
    """Create the tables and import the sample workbooks."""
    application.database.upgrade()
    for kind, name in SAMPLE_FILES:
        report = application.imports.apply(kind, SAMPLES / name, actor=TESTER)
        assert report.applied, report.errors


@pytest.fixture(scope="session")
def sample_application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The sample library on SQLite, indexed. Tests only read it."""
    application = Application(Settings(var_dir=tmp_path_factory.mktemp("samples") / "var"))
    import_samples(application)
    application.indexing.build(actor="test")
    yield application
    application.database.close()


@pytest.fixture(scope="session")
def before_any_night(sample_application: Application, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run-time folder of the sample library with its index; nobody has it open."""
    folder = tmp_path_factory.mktemp("library") / "var"
    built = Application(Settings(var_dir=folder))
    built.encoder = sample_application.encoder
    import_samples(built)
    built.indexing.build(actor="test")
    built.database.close()
    return folder


@pytest.fixture(scope="session")
def after_a_night(
    sample_application: Application, before_any_night: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same with a published night."""
    folder = tmp_path_factory.mktemp("night") / "var"
    application = nights.copied(before_any_night, folder)
    application.encoder = sample_application.encoder
    nights.run(application)
    application.database.close()
    return folder
