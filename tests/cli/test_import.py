"""``matchmaker import``: preview, annotated workbook, batches, undo, remembered columns."""

import json
import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from recommender.bootstrap import Application
from tests.cli.test_commands import Cli, cli
from tests.conftest import SAMPLES
from tests.unit.exchange.samples import csv_file

__all__ = ["cli"]

SAMPLE = str(SAMPLES / "experts.xlsx")
FOREIGN = (("人员编号", "真实姓名", "单位", "备注"), ("Z1", "甲某", "示例大学", "x"), ("Z2", "乙某", "", ""))
MAPPING = ("--map", "人员编号=专家编号", "--map", "真实姓名=姓名")


@pytest.fixture(params=[80, 120])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> int:
    """Columns of the terminal."""
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def widest_table_line(text: str) -> int:
    """Tables must fit; sentences are wrapped by the terminal, so that commands in them can be copied."""
    return max((cell_len(line) for line in text.splitlines() if line[:1] in "┏┃┡│└"), default=0)


class TestCheck:
    def test_a_preview_for_people(self, cli: Cli, width: int, tmp_path: Path) -> None:
        cli("init")
        rows = (
            ("专家编号", "专家姓名", "单位", "容量", "成果数", "星座"),
            ("Z1", "甲某", "示例大学机械工程学院" * 8, "3", "1", "白羊"),
            ("Z2", "", "", "两个", "", ""),
        )
        result = cli("import", "check", "experts", str(csv_file(tmp_path, rows)))
        assert result.code == 1
        assert "文件 file.csv（csv，utf-8-sig 编码），表头在第 1 行。" in result.out
        assert "表头一致的列：专家编号、单位、容量" in result.out
        assert re.search(r"专家姓名 .* 姓名 .* 同义的表头", result.out)
        assert "保留库中原有内容：院系、职称" in result.out
        assert re.search(r"2 +│ 新增 │ Z1 ", result.out)
        assert "姓名：甲某" in result.out
        assert "专家：共 2 行，新增 1，更新 0，未变 0，有误 1。仅检查，没有写入。" in result.out
        assert "星座" in result.err
        assert "成果数" in result.err
        assert "缺少“姓名”。" in result.err
        assert "接下来" not in result.err
        assert 0 < widest_table_line(result.out) <= width
        assert 0 < widest_table_line(result.err) <= width
        assert cli("import", "list").out == ""

    def test_where_nothing_is_wrong_the_next_command_is_given(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = csv_file(tmp_path, FOREIGN, name="专家 名单.csv")
        checked = cli("import", "check", "experts", str(path), *MAPPING)
        assert checked.code == 0
        (command,) = re.findall(r"接下来：matchmaker (.+)", checked.err)
        assert cli(*shlex.split(command)).code == 0
        again = cli("import", "check", "experts", str(path))
        assert (again.code, "接下来" in again.err) == (0, False)
        assert "上次的对应" in again.out

    def test_json_has_the_report_and_the_rows(self, cli: Cli) -> None:
        cli("init")
        checked = cli("import", "check", "experts", SAMPLE, "--json").json
        assert (checked["outcome"], checked["n_new"], checked["n_written"]) == ("checked", 60, 0)
        assert len(checked["preview"]["rows"]) == 60
        assert checked["preview"]["rows"][0]["state"] == "新增"
        assert checked["suspects"] == []
        assert checked == cli("import", "experts", SAMPLE, "--check", "--json").json

    @pytest.mark.parametrize(("rows", "n_shown"), [("0", 0), ("2", 2), ("100", 60)])
    def test_as_many_rows_as_asked_for(self, cli: Cli, rows: str, n_shown: int) -> None:
        cli("init")
        shown = cli("import", "check", "experts", SAMPLE, "--rows", rows).out
        assert shown.count("│ 新增 │") == n_shown

    def test_an_annotated_workbook(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = csv_file(tmp_path, (("专家编号", "姓名"), ("Z1", "甲"), ("Z2", "")))
        out = tmp_path / "错误.xlsx"
        result = cli("import", "check", "experts", str(path), "--annotated", str(out))
        assert result.code == 1
        assert str(out) in result.err
        sheet = openpyxl.load_workbook(out).active
        assert sheet is not None
        assert [cell.value for cell in sheet[1]] == ["专家编号", "姓名", "错误说明"]
        assert str(sheet["C3"].value).startswith("【姓名】缺少“姓名”。")
        there = cli("import", "check", "experts", str(path), "--annotated", str(out))
        assert there.code == 1
        assert "--force" in there.err
        forced = cli("import", "check", "experts", str(path), "--annotated", str(out), "--force", "--json")
        assert forced.json["annotated"] == str(out)


class TestApply:
    def test_named_or_not_and_options_first(self, cli: Cli) -> None:
        cli("init")
        first = cli("import", "apply", "experts", SAMPLE, "--json").json
        assert (first["n_new"], first["n_written"]) == (60, 60)
        assert cli("import", "experts", SAMPLE, "--json").json["n_unchanged"] == 60
        assert cli("import", "--json", "experts", SAMPLE).json["n_unchanged"] == 60

    def test_the_batch_and_the_way_back_are_named(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        result = cli("import", "experts", SAMPLE)
        (command,) = re.findall(r"可以撤销：matchmaker (.+)", result.err)
        assert "已撤销导入批次" in cli(*command.split()).out


class TestUndo:
    def test_the_last_batch_and_then_the_one_before(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        first = cli("import", "experts", SAMPLE, "--json").json["batch"]
        rows = (("专家编号", "姓名"), ("ZJ0001", "章某"), ("NEW", "新某"))
        second = cli("import", "experts", str(csv_file(tmp_path, rows)), "--json").json["batch"]
        refused = cli("import", "undo", first)
        assert (refused.code, refused.out) == (1, "")
        assert second in refused.err
        undone = cli("import", "undo", "--json").json
        assert (undone["batch"]["id"], undone["n_removed"], undone["n_restored"]) == (second, 1, 1)
        assert undone["summary"].startswith("已撤销导入批次")
        assert "移除当时新增的 60 条" in cli("import", "undo").out
        nothing = cli("import", "undo")
        assert nothing.code == 1
        assert "matchmaker import list" in nothing.err

    def test_an_unknown_batch(self, cli: Cli) -> None:
        cli("init")
        result = cli("import", "undo", "20260101T000000-abcdef")
        assert result.code == 1
        assert "没有编号为" in result.err


class TestList:
    def test_a_table_for_people(self, cli: Cli, width: int) -> None:
        cli("init")
        assert "还没有导入过文件" in cli("import", "list").err
        cli("import", "experts", SAMPLE)
        cli("import", "undo")
        cli("import", "experts", SAMPLE)
        listed = cli("import", "list").out
        assert listed.index("可以撤销") < listed.index("已撤销")
        assert re.search(r"\d{8}T\d{6}-[0-9a-f]{6} .*experts\.xlsx.* 60 .* 0 ", listed)
        assert 0 < widest_table_line(listed) <= width

    def test_json_and_a_limit(self, cli: Cli) -> None:
        cli("init")
        for name in ("experts", "platforms"):
            cli("import", name, str(SAMPLES / f"{name}.xlsx"))
        lines = cli("import", "list", "--json").json
        assert [(line["batch"]["kind"], line["label"], line["undo"]) for line in lines] == [
            ("platforms", "创新平台", "可以撤销"),
            ("experts", "专家", "可以撤销"),
        ]
        assert len(cli("import", "list", "--limit", "1", "--json").json) == 1


class TestMapping:
    def test_said_once_and_known_from_then_on(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = str(csv_file(tmp_path, FOREIGN))
        unknown = cli("import", "experts", path)
        assert unknown.code == 1
        assert "--map" in unknown.err
        report = cli("import", "experts", path, *MAPPING, "--map", "备注=", "--json").json
        assert (report["n_new"], report["ignored_columns"], report["unknown_columns"]) == (2, ["备注"], [])
        assert {match["written"]: match["origin"] for match in report["mapping"]} == {
            "人员编号": "这次指定",
            "真实姓名": "这次指定",
            "单位": "表头一致",
        }
        again = cli("import", "experts", path, "--json").json
        assert (again["n_unchanged"], again["mapping"][0]["origin"]) == (2, "上次的对应")
        forgotten = cli("import", "experts", path, "--forget-mapping")
        assert forgotten.code == 1
        assert "已忘掉" in forgotten.err
        assert "没有为这种表头记住的列对应" in cli("import", "check", "experts", path, "--forget-mapping").err

    def test_checking_remembers_nothing(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = str(csv_file(tmp_path, FOREIGN))
        assert cli("import", "check", "experts", path, *MAPPING).code == 0
        assert cli("import", "check", "experts", path).code == 1

    @pytest.mark.parametrize(
        "mapping", ["人员编号", "人员编号=星座", "没有=姓名"], ids=["no sign", "no field", "no header"]
    )
    def test_what_makes_no_sense_is_a_mistake_of_the_command(
        self, cli: Cli, tmp_path: Path, mapping: str
    ) -> None:
        cli("init")
        result = cli("import", "experts", str(csv_file(tmp_path, FOREIGN)), "--map", mapping)
        assert result.code == 2
        assert result.out == ""


class TestHelp:
    @pytest.mark.parametrize("command", ["apply", "check", "undo", "list"])
    def test_every_command_explains_itself_in_chinese(self, cli: Cli, command: str) -> None:
        result = cli("import", command, "--help")
        assert result.code == 0
        assert "用法" in result.out
        assert "--json" in result.out
        assert re.findall(r"Usage|Options|Arguments|Commands|Show this|\[default|\[required", result.out) == []

    def test_the_group_names_its_commands_and_the_short_way(self, cli: Cli) -> None:
        result = cli("import", "--help")
        for word in ("apply", "check", "undo", "list", "matchmaker import KIND FILE"):
            assert word in result.out

    def test_nothing_at_all_says_what_is_missing(self, cli: Cli) -> None:
        result = cli("import")
        assert (result.code, result.out) == (2, "")
        assert "KIND" in result.err


def test_suspects_are_shown_where_somebody_looks_for_them(
    cli: Cli, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a finder in place a check lists who may be meant; the file is valid all the same."""
    from collections.abc import Sequence

    from recommender.domain.entities import Record
    from recommender.exchange.suspects import Suspect
    from recommender.services.imports import ImportService

    class Everybody:
        def find(self, kind: object, records: Sequence[Record]) -> dict[str, list[Suspect]]:
            return {record.id: [Suspect("ZJ0001", "某某", "同名，单位相近" * 6)] for record in records}

    cli("init")

    def imports(application: Application) -> ImportService:
        from recommender.bootstrap import now

        return ImportService(application.database, now, suspects=lambda _: Everybody())

    monkeypatch.setattr(Application, "imports", property(imports))
    path = csv_file(tmp_path, (("专家编号", "姓名"), *((f"Z{n}", "甲") for n in range(25))))
    result = cli("import", "check", "experts", str(path))
    assert result.code == 0
    assert "疑似重复 25" in result.out
    assert "ZJ0001 某某" in result.out
    assert "另有 5 处未列出" in result.err
    assert widest_table_line(result.out) <= width
    assert json.loads(cli("import", "check", "experts", str(path), "--json").out)["n_suspects"] == 25
