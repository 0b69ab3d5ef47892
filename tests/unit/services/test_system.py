"""What an administrator is told of the system: checks with what mends them, the disk, the last backup."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.errors import Forbidden
from recommender.services.system import SystemState
from recommender.settings import Settings

ADMIN = Actor.trusted("cli:test")


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    built = Application(Settings(var_dir=tmp_path / "var", n_threads=1))
    built.database.upgrade()
    yield built
    built.database.close()


def checks(state: SystemState) -> dict[str, bool]:
    return {check.name: check.ok for check in state.checks}


def test_a_fresh_system_says_what_to_run(application: Application) -> None:
    state = application.system.state(ADMIN)
    assert checks(state) == {
        "schema": True,
        "index": False,
        "encoder": True,
        "keys": True,
        "disk": True,
        "backup": False,
    }
    assert state.n_faults == 2
    details = {check.name: check.detail for check in state.checks}
    assert "matchmaker index build" in details["index"]
    assert "matchmaker backup" in details["backup"]
    assert (state.database, state.generations, state.last_backup) == ("sqlite", (), None)
    sizes = {part.name: part.n_bytes for part in state.parts}
    assert sizes["database"] >= (application.settings.var_dir / "matchmaker.db").stat().st_size
    assert sizes["nights"] == sizes["snapshots"] == 0
    assert 0 < state.free_bytes < state.total_bytes


def test_a_backup_counts_until_it_is_a_week_old(application: Application, tmp_path: Path) -> None:
    application.backups.take(tmp_path / "a.zip", actor=ADMIN)
    state = application.system.state(ADMIN)
    assert checks(state)["backup"]
    assert state.last_backup is not None
    assert state.last_backup.entry.target == "a.zip"
    service = application.system
    service._now = lambda: state.at + timedelta(days=8)  # the clock stands still otherwise
    assert not checks(service.state(ADMIN))["backup"]


def test_a_missing_key_file_is_no_fault_while_nothing_is_sealed(tmp_path: Path) -> None:
    built = Application(Settings(var_dir=tmp_path / "var", n_threads=1))
    built.database.upgrade()
    (tmp_path / "var" / "keys" / "contacts.json").unlink()
    state = built.system.state(ADMIN)
    assert checks(state)["keys"]
    built.database.close()


def test_who_may(application: Application) -> None:
    officer = Actor(id="o", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(whole_city=True))
    with pytest.raises(Forbidden):
        application.system.state(officer)


def test_settings_are_told_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", "postgresql+psycopg://u:hush@h/d")
    monkeypatch.setenv("MATCHMAKER_PORT", "8001")
    monkeypatch.setenv("MATCHMAKER_HOST", "")
    told = {each.variable: each for each in Settings().described()}
    port, host = told["MATCHMAKER_PORT"], told["MATCHMAKER_HOST"]
    assert (port.value, port.default, port.is_set) == ("8001", "8000", True)
    assert (host.value, host.default, host.is_set) == ("127.0.0.1", "127.0.0.1", False)
    secret = told["MATCHMAKER_DATABASE_URL"]
    assert (secret.value, secret.default, secret.is_set, secret.is_secret) == ("", "", True, True)
    assert told["MATCHMAKER_SECURE_COOKIES"].value == "true"
    assert "hush" not in repr(told)
