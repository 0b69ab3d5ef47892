"""``matchmaker template``: a workbook to fill in, without a database."""

from pathlib import Path

import openpyxl
import pytest

from recommender.exchange.tables import TABLES
from tests.cli.test_commands import Cli, cli

__all__ = ["cli"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    path = tmp_path / "here"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_has_one(cli: Cli, folder: Path, kind: str) -> None:
    result = cli("template", kind)
    assert result.code == 0
    (written,) = folder.iterdir()
    assert written.name in result.out
    assert f"matchmaker import check {kind}" in result.out
    book = openpyxl.load_workbook(written)
    assert book.sheetnames[:2] == [TABLES[kind].label, "填写说明"]  # type: ignore[index]


def test_no_database_is_needed_or_made(cli: Cli, folder: Path, tmp_path: Path) -> None:
    assert cli("template", "experts").code == 0
    assert not (tmp_path / "var").exists()


def test_for_programs(cli: Cli, folder: Path) -> None:
    assert cli("template", "needs", "a.xlsx", "--json").json == {"kind": "needs", "file": "a.xlsx"}


def test_unfilled_it_is_answered_clearly(cli: Cli, folder: Path) -> None:
    cli("init")
    cli("template", "experts", "a.xlsx")
    result = cli("import", "experts", "a.xlsx")
    assert result.code == 1
    assert "没有数据行" in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("experts", "a.csv"), 2, ".xlsx 结尾"),
        (("robots",), 2, "可选"),
        ((), 2, "缺少必填"),
        (("experts", "there.xlsx"), 1, "--force"),
    ],
)
def test_wrong_commands(cli: Cli, folder: Path, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    (folder / "there.xlsx").write_bytes(b"old")
    result = cli("template", *arguments)
    assert (result.code, result.out) == (code, "")
    assert sentence in result.err
    assert (folder / "there.xlsx").read_bytes() == b"old"
    assert len(list(folder.iterdir())) == 1


def test_it_explains_itself_in_chinese(cli: Cli) -> None:
    result = cli("template", "--help")
    assert result.code == 0
    assert "用法：matchmaker template" in result.out
    assert not [word for word in ("Usage", "Options", "[default", "[required") if word in result.out]
