"""The command line: answers on stdout, the rest on stderr, exit codes 0, 1 and 2, everything in zh-CN."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recommender.bootstrap import Application
from recommender.cli.main import run
from tests.conftest import SAMPLES


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Result]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line in an empty var folder."""
    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> Result:
        code = run(list(arguments))
        return Result(code, *capfd.readouterr())

    return call


@pytest.fixture
def on_samples(cli: Cli, monkeypatch: pytest.MonkeyPatch, sample_application: Application) -> Cli:
    """Run a command line on the indexed samples; such tests only read."""
    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(sample_application.settings.var_dir))
    return cli


class TestHelp:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("init",),
            ("import",),
            ("index",),
            ("index", "build"),
            ("index", "list"),
            ("index", "verify"),
            ("index", "use"),
            ("match",),
            ("serve",),
            ("doctor",),
            ("demo",),
        ],
    )
    def test_every_command_explains_itself_in_chinese(self, cli: Cli, arguments: tuple[str, ...]) -> None:
        result = cli(*arguments, "--help")
        assert result.code == 0
        assert "用法" in result.out
        english = re.findall(r"Usage|Options|Arguments|Commands|Show this|\[default|\[required", result.out)
        assert english == []

    def test_machine_readable_everywhere_an_answer_is_printed(self, cli: Cli) -> None:
        for arguments in (("init",), ("import",), ("index", "build"), ("index", "list"), ("match",), ("doctor",)):
            assert "--json" in cli(*arguments, "--help").out


class TestWrongCommands:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("import",),
            ("import", "experts"),
            ("match", "--nonsense"),
            ("match", "-k", "many"),
            ("serve", "--port", "0"),
            ("match",),
            ("match", "--need", "A", "--text", "B"),
            ("match", "--text", "边裂", "--kind", "robot"),
            ("match", "--text", "边裂", "--kind", "need"),
            ("match", "--text", "边裂", "--filter", "区域"),
            ("match", "--text", "边裂", "-k", "0"),
            ("match", "--text", "边裂", "-k", "10000"),
            ("match", "--text", "  "),
            ("import", "robots", "x.csv"),
            ("import", "experts", "missing.csv"),
        ],
    )
    def test_exit_code_2_and_a_chinese_sentence(self, on_samples: Cli, arguments: tuple[str, ...]) -> None:
        result = on_samples(*arguments)
        assert result.code == 2
        assert result.out == ""
        assert re.search(r"[\u4e00-\u9fff]{4}", result.err)
        assert "Traceback" not in result.err

    def test_a_bad_setting_is_named(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHMAKER_PORT", "abc")
        result = cli("init")
        assert result.code == 2
        assert "MATCHMAKER_PORT" in result.err


class TestWrongData:
    def test_before_init_the_next_command_is_named(self, cli: Cli) -> None:
        result = cli("match", "--text", "边裂")
        assert result.code == 1
        assert "matchmaker init" in result.err

    def test_before_a_build_the_next_command_is_named(self, cli: Cli) -> None:
        assert cli("init").code == 0
        result = cli("match", "--text", "边裂")
        assert result.code == 1
        assert "matchmaker index build" in result.err

    def test_unknown_ids(self, on_samples: Cli) -> None:
        for option in ("--need", "--achievement"):
            result = on_samples("match", option, "没有")
            assert result.code == 1
            assert "没有编号为" in result.err

    def test_a_refused_file_writes_nothing_and_names_the_rows(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = tmp_path / "experts.csv"
        path.write_text("专家编号,姓名,容量\nZ1,甲,3\nZ2,,两个\n", encoding="utf-8")
        refused = cli("import", "experts", str(path))
        assert refused.code == 1
        assert "姓名" in refused.err
        assert "容量" in refused.err
        assert cli("import", "experts", str(path), "--json").json["n_written"] == 0
        partly = cli("import", "experts", str(path), "--valid-only", "--json")
        assert (partly.code, partly.json["n_written"]) == (0, 1)

    def test_check_writes_nothing(self, cli: Cli) -> None:
        cli("init")
        checked = cli("import", "experts", str(SAMPLES / "experts.xlsx"), "--check", "--json")
        assert (checked.code, checked.json["n_new"], checked.json["n_written"]) == (0, 60, 0)
        assert cli("import", "experts", str(SAMPLES / "experts.xlsx"), "--check", "--json").json["n_new"] == 60

    def test_unknown_columns_are_listed_and_ignored(self, cli: Cli, tmp_path: Path) -> None:
        cli("init")
        path = tmp_path / "experts.csv"
        path.write_text("专家编号,姓名,星座,成果数\nZ1,甲,白羊,3\n", encoding="utf-8")
        result = cli("import", "experts", str(path))
        assert result.code == 0
        assert "星座" in result.err
        assert "成果数" in result.err


class TestMatch:
    def test_a_table_for_people(self, on_samples: Cli) -> None:
        result = on_samples("match", "--need", "XQ2026005", "--kind", "expert", "-k", "2")
        assert result.code == 0
        assert "匹配度" in result.out
        assert "主要理由" in result.out
        assert max(map(_cells, result.out.splitlines())) <= 120

    def test_json_for_programs(self, on_samples: Cli) -> None:
        answer = on_samples("match", "--text", "薄板边裂", "--title", "边裂", "-k", "3", "--json").json
        assert [part["kind"] for part in answer["lists"]] == ["expert", "platform", "achievement"]
        first = answer["lists"][0]["matches"][0]
        assert first["position"] == 1
        assert {"id", "name", "organisation", "score", "reasons", "evidence", "gaps", "parts"} <= set(first)

    def test_filters_apply_to_the_kinds_they_fit(self, on_samples: Cli) -> None:
        answer = on_samples("match", "--text", "边裂", "--filter", "区域=江苏", "-k", "100", "--json").json
        counts = [len(part["matches"]) for part in answer["lists"]]
        assert 0 < counts[0] < 60
        assert counts[2] == 100

    def test_a_filter_that_leaves_nothing_says_so(self, on_samples: Cli) -> None:
        result = on_samples("match", "--text", "边裂", "--kind", "expert", "--filter", "区域=火星")
        assert result.code == 0
        assert "没有符合条件的专家" in result.out

    def test_the_other_side_lists_enterprises_and_open_needs(self, on_samples: Cli) -> None:
        answer = on_samples("match", "--achievement", "CG0011", "--kind", "enterprise", "--json").json
        assert [part["kind"] for part in answer["lists"]] == ["enterprise", "need"]
        assert answer["lists"][1]["matches"][0]["id"] == "XQ2026001"


class TestIndex:
    def test_list_and_verify(self, on_samples: Cli, sample_application: Application) -> None:
        current = sample_application.snapshots.current()
        assert current in on_samples("index", "list").out
        verified = on_samples("index", "verify", "--json")
        assert (verified.code, verified.json["name"]) == (0, current)

    def test_using_an_unknown_generation(self, on_samples: Cli) -> None:
        result = on_samples("index", "use", "20000101T000000-000")
        assert result.code == 1
        assert "matchmaker index list" in result.err

    def test_an_empty_library_and_an_empty_list(self, cli: Cli) -> None:
        cli("init")
        assert cli("index", "build").code == 1
        listed = cli("index", "list")
        assert (listed.code, listed.out) == (0, "")
        assert "matchmaker index build" in listed.err


class TestDoctor:
    def test_all_well(self, on_samples: Cli) -> None:
        result = on_samples("doctor", "--json")
        assert result.code == 0
        assert {check["name"] for check in result.json["checks"]} == {
            "schema",
            "index",
            "encoder",
            "var_dir",
            "keys",
        }
        assert "MATCHMAKER_DATABASE_URL" not in result.json["settings"]

    def test_not_ready(self, cli: Cli) -> None:
        result = cli("doctor")
        assert result.code == 1
        assert "matchmaker init" in result.out

    def test_a_missing_model_is_named(self, on_samples: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHMAKER_ENCODER", "./no-such-model")
        result = on_samples("doctor")
        assert result.code == 1
        assert "MATCHMAKER_ENCODER" in result.out


def _cells(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


class TestDemo:
    def test_walks_the_samples_and_is_quick_the_second_time(
        self, on_samples: Cli, sample_application: Application
    ) -> None:
        before = sample_application.snapshots.generations()
        result = on_samples("demo")
        assert result.code == 0
        assert "15 条需求" in result.out
        assert result.out.count("匹配度") == 3 * 3
        assert "接下来" in result.out
        assert sample_application.snapshots.generations() == before
