"""``matchmaker feedback`` and ``matchmaker judging`` on the samples."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from tests.cli.test_commands import Cli, cli
from tests.journeys import nights

__all__ = ["cli"]

POOL = ("judging", "pool", "第一轮", "--need", "XQ2026001", "--kind", "expert", "--depth", "2", "--overlap", "0")


@pytest.fixture
def samples(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    before_any_night: Path,
    sample_application: Application,
    tmp_path: Path,
) -> Iterator[Cli]:
    """A private copy of the indexed samples."""
    copy = nights.copied(before_any_night, tmp_path / "copy")
    copy.database.close()
    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(tmp_path / "copy"))
    yield cli


@pytest.mark.parametrize(
    "arguments",
    [
        ("feedback",),
        ("feedback", "export"),
        ("judging",),
        ("judging", "pool"),
        ("judging", "progress"),
        ("judging", "export"),
        ("judging", "close"),
    ],
)
def test_every_command_explains_itself_in_chinese(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli(*arguments, "--help")
    assert result.code == 0
    assert any("\u4e00" <= character <= "\u9fff" for character in result.out)


def test_from_pool_to_export(samples: Cli, tmp_path: Path) -> None:
    assert "还没有评判池" in samples("judging", "progress").err
    made = samples(*POOL, "--json")
    assert made.code == 0, made.err
    pool = made.json["pool"]["id"]
    n_items = made.json["progress"]["n_items"]
    assert made.json["progress"]["n_wanted"] == n_items
    assert pool in samples("judging", "progress").out
    shown = samples("judging", "progress", pool)
    assert f"0 / {n_items} 次评判" in shown.out
    exported = samples("judging", "export", pool, str(tmp_path / "pool"))
    assert exported.code == 0
    assert (tmp_path / "pool" / "qrels" / "test.tsv").is_file()
    assert "已结束" in samples("judging", "close", pool).out
    assert "已结束" in samples("judging", "progress").out


def test_decisions_are_exported_and_nothing_is_overwritten(samples: Cli, tmp_path: Path) -> None:
    folder = str(tmp_path / "feedback")
    first = samples("feedback", "export", folder)
    assert first.code == 0, first.err
    assert "0 个决定" in first.out
    again = samples("feedback", "export", folder)
    assert again.code == 1
    assert "--force" in again.err
    forced = samples("feedback", "export", folder, "--force", "--eta", "1", "--json")
    assert forced.json["eta"] == 1
    assert forced.json["n_passages"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("feedback", "export", "x", "--eta", "9"), 2, "eta"),
        (("judging", "progress", "PC-9"), 1, "没有编号为“PC-9”的评判池"),
        (("judging", "pool", "池", "--need", "XQ-9"), 1, "XQ-9"),
        (("judging", "pool", "池", "--need", "XQ2026001", "--depth", "99"), 2, "depth=99"),
    ],
)
def test_what_is_wrong_is_said(samples: Cli, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    result = samples(*arguments)
    assert result.code == code
    assert sentence in result.err
