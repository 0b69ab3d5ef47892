"""``matchmaker backup`` and ``restore``: one command each, and what is left to do is said."""

from pathlib import Path

import pytest

from tests.cli.test_commands import Cli, cli
from tests.unit.exchange.samples import EXPERT_HEADER, csv_file

__all__ = ["cli"]


@pytest.fixture
def library(cli: Cli, tmp_path: Path) -> Cli:
    """The command line on one expert."""
    cli("init")
    cli("import", "experts", str(csv_file(tmp_path, [EXPERT_HEADER, ("ZJ1", "甲某", "示例大学", "铸造")])))
    return cli


def test_one_command_each(library: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "备份.zip"
    taken = library("backup", str(file))
    assert taken.code == 0, taken.err
    assert f"到 {file}" in taken.out
    assert "contacts.json" in taken.err
    assert "备份完好" in library("restore", str(file), "--check").out

    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(tmp_path / "another"))
    monkeypatch.setenv("MATCHMAKER_MAX_K", "77")
    restored = library("restore", str(file))
    assert restored.code == 0, restored.err
    assert "逐表核对一致" in restored.out
    assert "matchmaker index build" in restored.err
    assert "MATCHMAKER_MAX_K：当时 1000，现在 77" in restored.err
    assert "MATCHMAKER_VAR_DIR" in restored.err
    assert library("export", "experts", str(tmp_path / "a.csv")).code == 0
    assert "ZJ1,甲**,示例大学" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


def test_what_is_there_stays(library: Cli, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    assert library("backup", str(file), "--json").json["tables"]["expert"]["n_rows"] == 1
    refused = library("restore", str(file))
    assert (refused.code, "--force" in refused.err) == (1, True)
    assert library("backup", str(file)).code == 1
    assert library("restore", str(file), "--force", "--json").json["tables"]["expert"]["n_rows"] == 1
    assert library("restore", str(tmp_path / "nowhere.zip")).code == 1
