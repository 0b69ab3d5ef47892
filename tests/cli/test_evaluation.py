"""``matchmaker evaluate``: figures, runs, comparisons and sweeps on a small collection."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from recommender.bootstrap import Application
from recommender.cli.main import run
from recommender.evaluation.dataset import write_dataset
from recommender.evaluation.tuning import SWEEPS
from tests.cli.test_commands import Cli, cli
from tests.unit.evaluation.collections import STEEL

__all__ = ["cli"]


@pytest.fixture
def steel(tmp_path: Path) -> Path:
    """The small collection as a folder."""
    folder = tmp_path / "steel"
    write_dataset(folder, STEEL.queries, STEEL.passages, STEEL.qrels)
    return folder


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails the test if any encoder is opened."""

    def refuse(self: Application, spec: str) -> NoReturn:
        raise AssertionError(f"an encoder was opened: {spec}")

    monkeypatch.setattr(Application, "open_encoder", refuse)
    yield


class TestRun:
    def test_a_table_for_people(self, cli: Cli, steel: Path) -> None:
        result = cli("evaluate", str(steel))
        assert result.code == 0
        assert re.search(r"测试集 steel：3 条需求，4 段文本；语义与词语合用", result.out)
        for word in ("nDCG@10", "MRR@10", "R@100", "专家", "创新平台", "前十偏度"):
            assert word in result.out
        assert "nDCG@10 最低的需求" in result.out
        assert "冷轧硅钢边部裂口" in result.out
        assert re.search(r"第 \d 名 ZJ1（评为 3）冷轧硅钢边部裂纹的形成", result.out)
        assert "评为 1" not in re.sub(r"第 \d 名 ZJ4（评为 1）", "", result.out)

    def test_the_command_may_be_named_and_options_may_come_first(
        self, cli: Cli, steel: Path, no_model: None
    ) -> None:
        first = cli("evaluate", "--retriever", "lexical", "--json", str(steel))
        assert first.code == 0
        assert cli("evaluate", "run", str(steel), "--json", "--retriever", "lexical") == first

    def test_json_for_programs(self, cli: Cli, steel: Path) -> None:
        report = cli("evaluate", str(steel), "--json", "--retriever", "dense").json
        assert report["dataset"] == "steel"
        assert report["retriever"] == "dense"
        assert report["configuration"]["dense_weight"] == 1.0
        assert re.fullmatch(r"[0-9a-f]{12}", report["configuration_hash"])
        assert report["encoder_id"] not in {"", "none"}
        experts, platforms = report["kinds"]
        assert (experts["kind"], experts["n_queries"], platforms["kind"]) == ("expert", 2, "platform")
        assert set(experts["per_query"]["q1"]) == set(experts["figures"]) == {"nDCG@10", "MRR@10", "R@100"}
        assert experts["worst"][0]["text"]

    def test_words_alone_load_no_model(self, cli: Cli, steel: Path, no_model: None) -> None:
        report = cli("evaluate", str(steel), "--retriever", "lexical", "--json").json
        assert report["encoder_id"] == "none"
        assert report["kinds"][0]["figures"]["MRR@10"] == 1.0

    def test_a_run_is_written_with_its_report(
        self, cli: Cli, steel: Path, tmp_path: Path, no_model: None
    ) -> None:
        file = tmp_path / "new" / "lexical.run"
        result = cli("evaluate", str(steel), "--retriever", "lexical", "--json", "--run-out", str(file))
        assert result.code == 0
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
        assert [line[2] for line in lines if line[0] == "q2"] == ["ZJ2", "ZJ1", "ZJ3", "ZJ4"]
        assert len(lines) == 4 + 4 + 2
        assert {line[5] for line in lines} == {"matchmaker-lexical"}
        beside = file.with_name("lexical.run.json")
        assert json.loads(beside.read_text(encoding="utf-8")) == result.json
        assert str(beside) in result.err

    def test_another_encoder_is_opened_by_its_setting(self, cli: Cli, steel: Path) -> None:
        result = cli("evaluate", str(steel), "--encoder", "./no-such-model")
        assert result.code == 1
        assert "no-such-model" in result.err

    def test_what_is_wrong_with_the_folder_is_said(self, cli: Cli, steel: Path, tmp_path: Path) -> None:
        missing = cli("evaluate", str(tmp_path / "nowhere"))
        assert missing.code == 1
        assert "nowhere" in missing.err
        assert "corpus.jsonl" in missing.err
        (steel / "qrels" / "test.tsv").write_text("q1\tZJ1\t0\n", encoding="utf-8")
        nothing = cli("evaluate", str(steel))
        assert nothing.code == 1
        assert "无法度量" in nothing.err
        assert missing.out == nothing.out == ""

    @pytest.mark.parametrize(
        "arguments",
        [("evaluate", "--retriever", "magic", "."), ("evaluate", "run"), ("evaluate", ".", "--nonsense")],
    )
    def test_wrong_commands(self, cli: Cli, arguments: tuple[str, ...]) -> None:
        result = cli(*arguments)
        assert result.code == 2
        assert re.search(r"[\u4e00-\u9fff]{4}", result.err)

    @pytest.mark.parametrize("arguments", [(), ("run",), ("compare",), ("sweep",)])
    def test_every_command_explains_itself_in_chinese(self, cli: Cli, arguments: tuple[str, ...]) -> None:
        result = cli("evaluate", *arguments, "--help")
        assert result.code == 0
        assert "用法" in result.out
        assert re.findall(r"Usage|Options|Arguments|Commands|Show this|\[default|\[required", result.out) == []


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs and their reports, written once."""
    folder = tmp_path_factory.mktemp("measured")
    write_dataset(folder / "steel", STEEL.queries, STEEL.passages, STEEL.qrels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHMAKER_VAR_DIR", str(folder / "var"))
        for name in ("lexical", "dense"):
            options = ("--retriever", name, "--run-out", str(folder / f"{name}.run"))
            assert run(["evaluate", str(folder / "steel"), *options]) == 0
    return folder


@pytest.fixture
def runs(measured: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Copies of two runs with their reports beside them."""
    for name in ("lexical.run", "lexical.run.json", "dense.run", "dense.run.json"):
        shutil.copy(measured / name, tmp_path)
    return tmp_path / "lexical.run", tmp_path / "dense.run"


class TestCompare:
    def test_runs_and_reports_and_a_dataset_give_the_same(
        self, cli: Cli, steel: Path, runs: tuple[Path, Path]
    ) -> None:
        reports = [file.with_name(file.name + ".json") for file in runs]
        beside = cli("evaluate", "compare", *map(str, runs), "--json")
        assert beside.code == 0
        assert cli("evaluate", "compare", str(runs[0]), str(reports[1]), "--json").json == beside.json
        for report in reports:
            report.unlink()
        judged = cli("evaluate", "compare", *map(str, runs), "--dataset", str(steel), "--json")
        assert judged.json == beside.json
        assert [kind["kind"] for kind in judged.json] == ["expert", "platform"]
        assert [kind["n_queries"] for kind in judged.json] == [2, 1]

    def test_a_table_for_people(self, cli: Cli, runs: tuple[Path, Path]) -> None:
        result = cli("evaluate", "compare", str(runs[0]), str(runs[0]))
        assert result.code == 0
        assert "专家：2 条共同的需求" in result.out
        assert "p 值" in result.out
        assert re.search(
            r"MRR@10 .* 1\.000 .* 1\.000 .* \+0\.000 .*\[\+0\.000, \+0\.000\].* 1\.000 .* 0 / 0", result.out
        )

    def test_a_run_that_nobody_judged(self, cli: Cli, runs: tuple[Path, Path]) -> None:
        for file in runs:
            file.with_name(file.name + ".json").unlink()
        result = cli("evaluate", "compare", *map(str, runs))
        assert result.code == 2
        assert "--dataset" in result.err

    def test_files_that_are_neither(self, cli: Cli, steel: Path, tmp_path: Path, runs: tuple[Path, Path]) -> None:
        missing = cli("evaluate", "compare", str(runs[0]), str(tmp_path / "missing"))
        assert (missing.code, "missing" in missing.err) == (1, True)
        (tmp_path / "other.json").write_text('{"kinds": 3}', encoding="utf-8")
        other = cli("evaluate", "compare", str(runs[0]), str(tmp_path / "other.json"))
        assert (other.code, "evaluate --json" in other.err) == (1, True)
        (tmp_path / "prose").write_bytes(b"\xff\xfe\n")
        prose = cli("evaluate", "compare", str(runs[0]), str(tmp_path / "prose"), "--dataset", str(steel))
        assert (prose.code, "第 1 行" in prose.err) == (1, True)

    def test_nothing_in_common(self, cli: Cli, tmp_path: Path, runs: tuple[Path, Path]) -> None:
        other = tmp_path / "other"
        write_dataset(other, STEEL.queries, STEEL.passages, {"q3": {"ZJ3": 1}})
        assert (
            cli("evaluate", str(other), "--retriever", "lexical", "--run-out", str(tmp_path / "x.run")).code == 0
        )
        result = cli("evaluate", "compare", str(runs[0]), str(tmp_path / "x.run"))
        assert result.code == 1
        assert "没有共同的需求" in result.err


class TestSweep:
    def test_points_are_printed_and_written(self, cli: Cli, steel: Path, tmp_path: Path) -> None:
        out = tmp_path / "new" / "points.json"
        result = cli("evaluate", "sweep", str(steel), "--parameter", "dense_weight", "--out", str(out))
        assert result.code == 0
        written = json.loads(out.read_text(encoding="utf-8"))
        points = written["points"]
        assert [(p["value"], p["kind"]) for p in points] == [
            (value, kind) for value in SWEEPS["dense_weight"] for kind in ("expert", "platform")
        ]
        assert {p["parameter"] for p in points} == {"dense_weight"}
        assert {p["dataset"] for p in points} == {"steel"}
        assert set(points[0]["figures"]) == {"nDCG@10", "MRR@10", "R@100"}
        assert set(written) == {"encoder_id", "segmenter_id", "configuration", "points"}
        assert result.err.count("dense_weight=") == len(points)

    def test_an_unknown_parameter_names_those_there_are(self, cli: Cli, steel: Path, tmp_path: Path) -> None:
        out = tmp_path / "points.json"
        result = cli("evaluate", "sweep", str(steel), "--parameter", "nonsense", "--out", str(out))
        assert result.code == 2
        assert "nonsense" in result.err
        assert all(name in result.err for name in SWEEPS)
        assert not out.exists()

    def test_a_folder_without_judgements_is_refused_before_the_work(
        self, cli: Cli, steel: Path, tmp_path: Path, no_model: None
    ) -> None:
        (steel / "qrels" / "test.tsv").write_text("q1\tZJ1\t0\n", encoding="utf-8")
        result = cli("evaluate", "sweep", str(steel), "--out", str(tmp_path / "points.json"))
        assert result.code == 1
        assert "无法度量" in result.err
