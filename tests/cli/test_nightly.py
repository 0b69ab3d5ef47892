"""``matchmaker nightly`` and ``matchmaker runs`` as a person uses them."""

import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from recommender.bootstrap import Application
from recommender.nightly.work import ShardWorker
from recommender.settings import Settings
from tests.cli.test_commands import Cli, cli
from tests.journeys import nights

__all__ = ["cli"]

RUN = r"\d{8}T\d{6}-[0-9a-f]{6}"
DAY = ("--as-of", "2026-11-28")
COMMANDS = [
    ("nightly",),
    ("runs", "list"),
    ("runs", "show"),
    ("runs", "publish"),
    ("runs", "rollback"),
    ("runs", "digest"),
    ("runs", "explain"),
]


@pytest.fixture
def library(cli: Cli, after_a_night: Path, sample_application: Application, tmp_path: Path) -> Cli:
    """A private copy of the sample library after a night, and vectors of all its texts."""
    shutil.copytree(after_a_night, tmp_path / "var")
    shutil.copytree(sample_application.settings.vector_cache_dir, tmp_path / "var" / "vector-cache")
    return cli


def first_run(library: Cli) -> str:
    found: str = library("runs", "list", "--json").json[-1]["run"]["id"]
    return found


def rewrite_a_need(tmp_path: Path) -> None:
    """So that a list changes."""
    application = Application(Settings(var_dir=tmp_path / "var"))
    with application.database.read() as unit:
        need = unit.needs.get("XQ2026001")
    assert need is not None
    nights.change(application, need, title="针织布起毛起球", description="")
    application.database.close()


class TestHelp:
    @pytest.mark.parametrize("arguments", COMMANDS)
    def test_every_command_explains_itself_in_chinese(self, cli: Cli, arguments: tuple[str, ...]) -> None:
        result = cli(*arguments, "--help")
        assert result.code == 0
        assert "用法" in result.out
        assert "--json" in result.out
        assert re.findall(r"Usage|Options|Arguments|Commands|\[default|\[required|%Y", result.out) == []

    def test_the_group_lists_its_commands(self, cli: Cli) -> None:
        result = cli("runs")
        text = result.out + result.err
        assert "用法" in text
        for _, command in COMMANDS[1:]:
            assert command in text

    def test_options_of_the_night(self, cli: Cli) -> None:
        out = cli("nightly", "--help").out
        for option in (
            "--as-of",
            "--resume",
            "--executor",
            "--scheduler",
            "--scope",
            "--keep-index",
            "--dry-run",
        ):
            assert option in out


class TestNight:
    def test_dry_run(self, library: Cli) -> None:
        told = library("nightly", "--dry-run", *DAY)
        assert told.code == 0
        assert "15 条需求、2 家没有需求的企业、150 项成果" in told.out
        assert "60 位专家、15 个创新平台" in told.out
        assert len(library("runs", "list", "--json").json) == 1
        preview = library("nightly", "--dry-run", "--scope", "来源=need", *DAY, "--json").json
        assert preview == {
            "as_of": "2026-11-28",
            "scope": "来源=need",
            "needs": 15,
            "enterprises": 0,
            "achievements": 0,
            "experts": 60,
            "platforms": 15,
        }

    def test_it_says_what_was_done(self, library: Cli, tmp_path: Path) -> None:
        rewrite_a_need(tmp_path)
        result = library("nightly", *DAY)
        assert result.code == 0, result.err
        assert re.search(
            rf"批次 {RUN} 完成：167 个来源，其中重新计算 151、沿用 16，共 1,260 条推荐。", result.out
        )
        assert "重新计算的原因：内容、意向或对接有变化 1" in result.out
        assert "重新计算的原因：资源库或设置有变化 150" in result.out
        assert "已发布" in result.out
        for label in ("专家", "创新平台", "成果", "企业", "基尼系数"):
            assert label in result.out

    def test_as_json(self, library: Cli) -> None:
        run = library("nightly", "--keep-index", "--executor", "processes", *DAY, "--json").json
        assert (run["state"], run["kind"], run["scope"], run["as_of"]) == ("完成", "夜间", "", "2026-11-28")
        assert run["report"]["n_carried"] == 167
        assert set(run["report"]["exposure"]) == {"expert", "platform", "achievement", "enterprise"}
        assert library("runs", "list", "--json").json[0] == {"run": run, "is_published": True}

    def test_a_part_of_the_city(self, library: Cli) -> None:
        result = library("nightly", "--scope", "来源=need", "--scope", "产业链=纺织", *DAY)
        assert result.code == 0
        assert "只针对 来源=need 产业链=纺织" in result.err
        assert "没有发布" in result.err
        assert "已发布" not in result.out
        run = library("runs", "list", "--json").json[0]["run"]["id"]
        refused = library("runs", "publish", run)
        assert refused.code == 1
        assert "只针对一部分" in refused.err

    def test_resume_with_nothing_unfinished(self, library: Cli) -> None:
        before = first_run(library)
        result = library("nightly", "--resume", *DAY)
        assert result.code == 0
        assert library("runs", "list", "--json").json[0]["run"]["id"] != before

    def test_interrupted_and_resumed(self, library: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        rewrite_a_need(tmp_path)
        work = ShardWorker.work

        def interrupted(self: ShardWorker, number: int) -> bytes:
            if number == 1:
                raise KeyboardInterrupt
            return work(self, number)

        monkeypatch.setenv("MATCHMAKER_SHARD_SIZE", "16")
        with monkeypatch.context() as patched:
            patched.setattr(ShardWorker, "work", interrupted)
            result = library("nightly", *DAY)
        assert result.code == 130
        begun = library("runs", "list", "--json").json[0]
        assert (begun["run"]["state"], begun["is_published"]) == ("运行中", False)
        assert library("nightly", "--resume", *DAY, "--json").json["id"] == begun["run"]["id"]

    def test_set_aside(self, library: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        rewrite_a_need(tmp_path)
        shown = first_run(library)
        work = ShardWorker.work

        def failing(self: ShardWorker, number: int) -> bytes:
            if number == 0:
                raise MemoryError("no room")
            return work(self, number)

        monkeypatch.setattr(ShardWorker, "work", failing)
        result = library("nightly", *DAY)
        assert result.code == 1
        assert "部分完成" in result.out
        assert "1 份工作多次失败后搁置" in result.err
        found = re.search(rf"matchmaker runs publish ({RUN})", result.err)
        assert found is not None
        assert library("runs", "show", "--json").json["run"]["id"] == shown
        told = library("runs", "show", found[1])
        assert "第 0 份工作（候选）已搁置：MemoryError: no room" in told.err
        assert library("runs", "publish", found[1]).code == 0
        assert library("runs", "show", "--json").json["run"]["id"] == found[1]


class TestRuns:
    def test_none_yet(self, cli: Cli) -> None:
        cli("init")
        result = cli("runs", "list")
        assert (result.code, result.out) == (0, "")
        assert "matchmaker nightly" in result.err
        assert cli("runs", "list", "--json").json == []
        for command in (("show",), ("digest",), ("explain", "XQ2026001")):
            refused = cli("runs", *command)
            assert refused.code == 1
            assert "matchmaker nightly" in refused.err

    def test_list_and_show(self, library: Cli) -> None:
        run = first_run(library)
        listed = library("runs", "list")
        for expected in (run, "夜间", "全市", "完成（已发布）", "167"):
            assert expected in listed.out
        told = library("runs", "show", run)
        assert told.code == 0
        for expected in ("索引版本", "设置", "保存了 1,260 条推荐", "检索与排序", "分配名额", "保存推荐"):
            assert expected in told.out
        detail = library("runs", "show", "--json").json
        assert (detail["run"]["id"], detail["is_published"], detail["n_suggestions"]) == (run, True, 1260)
        assert detail["quarantined"] == []

    def test_back_and_forth(self, library: Cli, tmp_path: Path) -> None:
        first = first_run(library)
        rewrite_a_need(tmp_path)
        second = library("nightly", *DAY, "--json").json["id"]
        back = library("runs", "rollback")
        assert back.code == 0
        assert f"现在看到的是批次 {first}（此前是 --）" in back.out
        forth = library("runs", "publish", second)
        assert f"现在看到的是批次 {second}（此前是 {first}）" in forth.out
        again = library("runs", "rollback", "--json").json
        assert (again["run_id"], again["previous_run_id"]) == (first, None)
        nowhere = library("runs", "rollback")
        assert nowhere.code == 1
        assert "没有可以退回的批次" in nowhere.err

    def test_digest(self, library: Cli, tmp_path: Path) -> None:
        alone = library("runs", "digest")
        assert alone.code == 1
        assert "没有可以比较的批次" in alone.err
        first = first_run(library)
        rewrite_a_need(tmp_path)
        second = library("nightly", *DAY, "--json").json["id"]
        told = library("runs", "digest")
        assert told.code == 0
        assert f"批次 {second} 与 {first} 相比" in told.out
        for expected in ("XQ2026001", "新增", "不再推荐", "第 1 名", "--"):
            assert expected in told.out
        found = library("runs", "digest", second, "-n", "3", "--json").json
        assert len(found["items"]) == 3 < found["n_items"]
        assert sum(sum(row.values()) for row in found["counts"].values()) == found["n_items"]
        cut = library("runs", "digest", "-n", "3")
        assert f"只列出前 3 条，共 {found['n_items']:,} 条" in cut.err
        elsewhere = library("runs", "digest", "--scope", "区镇=没有这个镇", "--json").json
        assert (elsewhere["n_sources"], elsewhere["items"]) == (0, [])
        need_owner = "91320582000001337K"
        own = library("runs", "digest", "--enterprise", need_owner, "--json").json
        assert {item["source_id"] for item in own["items"]} == {"XQ2026001"}

    def test_explain(self, library: Cli) -> None:
        run = first_run(library)
        told = library("runs", "explain", "XQ2026001")
        assert told.code == 0, told.err
        assert run in told.out
        found = library("runs", "explain", "XQ2026001", "--run", run, "--json").json
        assert found["run"]["id"] == run
        stored = {part["kind"]: [match["id"] for match in part["matches"]] for part in found["lists"]}
        assert {kind: len(ids) for kind, ids in stored.items()} == dict.fromkeys(
            ("expert", "platform", "achievement"), 10
        )

    @pytest.mark.parametrize("columns", [80, 120])
    def test_tables_fit_the_terminal(self, library: Cli, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        run = first_run(library)
        for arguments in (("list",), ("show",)):
            result = library("runs", *arguments)
            assert run in result.out
            tables = [line for line in result.out.splitlines() if line[:1] in "┏┃┡│├└"]
            assert max(map(cell_len, tables)) <= columns


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "code", "expected"),
        [
            (("nightly", "--scope", "杨舍"), 2, "区镇"),
            (("nightly", "--scope", "来源=expert"), 2, "need、enterprise、achievement"),
            (("nightly", "--executor", "spark"), 2, "serial、processes、dask"),
            (("nightly", "--executor", "dask"), 2, "tcp://"),
            (("nightly", "--as-of", "昨天"), 2, "请"),
            (("nightly", "--as-of", "2026-13-01"), 2, "请"),
            (("runs", "show", "没有"), 1, "没有"),
            (("runs", "publish", "没有"), 1, "没有"),
            (("runs", "publish"), 2, "请|用法"),
            (("runs", "digest", "没有"), 1, "没有"),
            (("runs", "digest", "--scope", "镇=杨舍"), 2, "区镇"),
            (("runs", "digest", "-n", "0"), 2, "请|用法"),
            (("runs", "explain", "没有"), 1, "没有"),
            (("runs", "explain"), 2, "请|用法"),
            (("runs", "nonsense"), 2, "请|用法"),
        ],
    )
    def test_are_answered_with_what_to_do(
        self, library: Cli, arguments: tuple[str, ...], code: int, expected: str
    ) -> None:
        result = library(*arguments)
        assert result.code == code
        assert result.out == ""
        assert re.search(expected, result.err)
        assert re.search(r"请|可选|用法", result.err)
        assert "Traceback" not in result.err
        assert len(library("runs", "list", "--json").json) == 1

    def test_an_unknown_enterprise(self, library: Cli) -> None:
        library("nightly", *DAY)
        result = library("runs", "digest", "--enterprise", "没有")
        assert result.code == 1
        assert "没有编号为“没有”的企业" in result.err

    def test_an_empty_library(self, cli: Cli) -> None:
        cli("init")
        result = cli("nightly")
        assert result.code == 1
        assert "matchmaker import" in result.err
        assert cli("runs", "list", "--json").json == []

    def test_an_index_that_is_not_there(self, library: Cli, tmp_path: Path) -> None:
        shutil.rmtree(tmp_path / "var" / "snapshots")
        result = library("nightly", "--keep-index", *DAY)
        assert result.code == 1
        assert "matchmaker index build" in result.err
