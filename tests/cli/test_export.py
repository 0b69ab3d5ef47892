"""``matchmaker export``: a list in a file, and what is not in it said."""

from pathlib import Path

import openpyxl
import pytest

from recommender.bootstrap import Application
from recommender.settings import Settings
from tests.cli.test_commands import Cli, cli
from tests.unit.exchange.samples import EXPERT_HEADER, csv_file

__all__ = ["cli"]

CONTACTS = ("手机", "邮箱")


@pytest.fixture
def library(cli: Cli, tmp_path: Path) -> Cli:
    """The command line on two experts."""
    rows = [
        (*EXPERT_HEADER, *CONTACTS),
        ("ZJ1", "甲某", "示例大学", "铸造", "13812345678", "jia@x.edu.cn"),
        ("ZJ2", "乙某", "示例学院", "电池", "", ""),
    ]
    cli("init")
    cli("import", "experts", str(csv_file(tmp_path, rows)))
    return cli


def test_a_list_is_written_and_comes_back_unchanged(library: Cli, tmp_path: Path) -> None:
    out = tmp_path / "名单.xlsx"
    result = library("export", "experts", str(out), "--names", "--purpose", "维护名单")
    assert result.code == 0
    assert "专家：已写出 2 行、" in result.out
    assert "已遮盖：手机、邮箱、同意记录" in result.out
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert (sheet.title, sheet["A2"].value, sheet.max_row) == ("专家", "ZJ1", 3)
    assert "未变 2" in library("import", "experts", str(out)).out


def test_filters_and_columns(library: Cli, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    result = library(
        "export", "experts", str(out), "--filter", "单位=大学", "--columns", "手机， 姓名、单位", "--json"
    )
    assert result.json["columns"] == ["手机（已遮盖）", "姓名（已遮盖）", "单位"]
    assert (result.json["n_rows"], result.json["disclosure"]) == (1, "masked")
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["手机（已遮盖）,姓名（已遮盖）,单位", "138****5678,甲**,示例大学"]


def test_contacts_are_shown_for_a_purpose_which_is_recorded(
    library: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "a.csv"
    refused = library("export", "experts", str(out), "--reveal")
    assert refused.code == 2
    assert "--purpose" in refused.err
    assert not out.exists()
    shown = library("export", "experts", str(out), "--reveal", "--purpose", "邀请参加对接会", "--columns", "手机")
    assert shown.code == 0
    assert "13812345678" in out.read_text(encoding="utf-8-sig")
    application = Application(Settings())
    with application.database.read() as unit:
        (entry,) = unit.audit.tail(1)
    application.database.close()
    assert (entry.action, entry.detail["purpose"]) == ("export:expert:write", "邀请参加对接会")


def test_a_file_stays_unless_it_is_forced(library: Cli, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("old", encoding="utf-8")
    refused = library("export", "experts", str(out))
    assert (refused.code, refused.out) == (1, "")
    assert "--force" in refused.err
    assert library("export", "experts", str(out), "--force").code == 0
    assert out.read_text(encoding="utf-8-sig") != "old"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("robots", "a.csv"), "可选"),
        (("experts", "a.txt"), ".xlsx 或 .csv"),
        (("experts", "a.csv", "--columns", "电话簿"), "没有“电话簿”这一列"),
        (("experts", "a.csv", "--columns", ""), "没有写出要导出的列"),
        (("experts", "a.csv", "--filter", "区域"), "区域=苏州"),
        (("experts", "a.csv", "--filter", "年份起=2020"), "不适用于专家"),
        (("experts", "none/a.csv"), "文件夹是否存在"),
        (("experts",), "缺少必填"),
    ],
)
def test_wrong_commands_write_nothing(
    library: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    result = library("export", *arguments)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert list(folder.iterdir()) == []


def test_it_explains_itself_in_chinese(cli: Cli) -> None:
    result = cli("export", "--help")
    assert result.code == 0
    assert "用法：matchmaker export" in result.out
    assert not [word for word in ("Usage", "Options", "[default", "[required") if word in result.out]
