"""``matchmaker duplicates`` as a person uses it, from finding to taking back."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.test_commands import Cli, cli

__all__ = ["cli"]

EXPERTS = (
    "专家编号,姓名,单位,院系,职称,研究方向,手机\n"
    "Z1,李建国,江南理工大学,材料学院,教授,冷轧薄板板形控制；轧辊磨损,13812345678\n"
    "Z2,李 建国,江南理工大学,,,冷轧薄板板形控制,\n"
    "Z3,王芳,滨海大学,,副教授,锂电池隔膜,\n"
)


@pytest.fixture
def library(cli: Cli, tmp_path: Path) -> Cli:
    """A library with two records of one expert."""
    cli("init")
    path = tmp_path / "experts.csv"
    path.write_text(EXPERTS, encoding="utf-8")
    assert cli("import", "experts", str(path)).code == 0
    return cli


@pytest.mark.parametrize("command", ["find", "list", "merge", "reject", "undo", "history"])
def test_every_command_explains_itself_in_chinese(cli: Cli, command: str) -> None:
    result = cli("duplicates", command, "--help")
    assert result.code == 0
    assert "用法" in result.out
    assert "--json" in result.out
    assert re.findall(r"Usage|Options|Arguments|Commands|\[default|\[required", result.out) == []


def test_from_finding_to_taking_back(library: Cli) -> None:
    found = library("duplicates", "find")
    assert found.code == 0
    assert "专家：比较 3 条，疑似重复 1 对待定" in found.out
    assert "duplicates list" in found.err

    listed = library("duplicates", "list")
    for expected in ("Z1", "Z2", "单位相同", "姓名相同", "研究方向重合", "材料学院", "--"):
        assert expected in listed.out
    assert "13812345678" not in listed.out
    assert "138****5678" in listed.out
    assert max(map(cell_len, listed.out.splitlines())) <= 120

    merged = library("duplicates", "merge", "Z1", "Z2", "--keep", "Z2", "--field", "职称=研究员", "--json").json
    merge_id = merged["merge"]["id"]
    assert (merged["merge"]["survivor_id"], merged["merge"]["absorbed_id"]) == ("Z2", "Z1")
    assert merged["merge"]["chosen"] == {"职称": "另填"}
    assert library("duplicates", "list").out == ""

    history = library("duplicates", "history")
    assert "已合并" in history.out
    assert "Z1 → Z2" in history.out

    undone = library("duplicates", "undo", merge_id)
    assert undone.code == 0
    assert "恢复原状" in undone.out
    (line,) = library("duplicates", "history", "--json").json
    assert (line["id"], line["state"]) == (merge_id, "已撤销")
    again = library("duplicates", "undo", merge_id)
    assert again.code == 1
    assert "撤销" in again.err


def test_a_sentence_says_what_was_merged_and_how_to_take_it_back(library: Cli) -> None:
    merged = library("duplicates", "merge", "Z1", "Z2")
    assert merged.code == 0
    assert "“Z2”已并入“Z1”（李建国）" in merged.out
    assert re.search(r"duplicates undo \d{8}T\d{6}-[0-9a-f]{6}", merged.err)


def test_what_was_said_to_be_different_is_not_listed_again(library: Cli) -> None:
    library("duplicates", "find")
    assert library("duplicates", "reject", "Z2", "Z1").code == 0
    found = library("duplicates", "find", "--kind", "expert")
    assert "疑似重复 0 对" in found.out
    assert "1 对此前已标为不同" in found.err
    assert "没有" in library("duplicates", "list").err
    (rejected,) = library("duplicates", "list", "--rejected", "--json").json
    assert rejected["decision"]["state"] == "不同"
    assert library("duplicates", "find", "--again", "--json").json[1]["n_open"] == 1


def test_lists_stop_where_they_were_told_to(library: Cli, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text(EXPERTS.replace("Z", "Y"), encoding="utf-8")
    library("import", "experts", str(path))
    library("duplicates", "find", "--kind", "expert")
    pairs = library("duplicates", "list", "--json").json
    # Four records of one expert and two of another: six pairs and one.
    assert len(pairs) == 6 + 1
    assert [pair["decision"]["score"] for pair in pairs] == sorted(
        (pair["decision"]["score"] for pair in pairs), reverse=True
    )
    listed = library("duplicates", "list", "-n", "2")
    assert listed.out.count("分值") == 2
    assert "共 7 对" in listed.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("find", "--kind", "robot"), 2),
        (("find", "--kind", "need"), 2),
        (("merge", "Z1"), 2),
        (("merge", "Z1", "Z1"), 2),
        (("merge", "Z1", "没有"), 1),
        (("merge", "Z1", "Z2", "--keep", "Z3"), 2),
        (("merge", "Z1", "Z2", "--field", "手机号码"), 2),
        (("merge", "Z1", "Z2", "--field", "意愿=开放"), 2),
        (("reject", "Z1", "没有"), 1),
        (("undo", "没有"), 1),
        (("list", "-n", "0"), 2),
    ],
)
def test_mistakes_are_answered_with_what_to_do(library: Cli, arguments: tuple[str, ...], code: int) -> None:
    result = library("duplicates", *arguments)
    assert result.code == code
    assert result.out == ""
    assert re.search(r"请|可选|用法", result.err)
    assert "Traceback" not in result.err


@pytest.mark.parametrize("columns", [80, 120])
def test_pairs_fit_the_terminal(library: Cli, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    library("duplicates", "find")
    library("duplicates", "merge", "Z1", "Z3")
    for command in ("list", "history"):
        lines = library("duplicates", command).out.splitlines()
        assert max(map(cell_len, lines), default=0) <= columns
