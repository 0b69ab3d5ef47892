"""``matchmaker world``: a city in files that can be imported and measured, whole or not at all."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.exchange.columns import TableKind
from recommender.exchange.files import FileFormat
from recommender.exchange.tables import TABLES
from recommender.services.world import WorldService
from recommender.world.plan import WorldSize
from tests.cli.test_commands import Cli, cli
from tests.unit.world.material import FOLDER

__all__ = ["cli"]

ROOT = FOLDER.parents[1]
SCALE = 0.002
SIZE = WorldSize.at(SCALE)


def write(out: Path, *, scale: float = SCALE, seed: int = 7, file_format: FileFormat = FileFormat.CSV) -> Path:
    WorldService(FOLDER).write(
        out, scale=scale, seed=seed, file_format=file_format, on_progress=lambda stage, done, total: None
    )
    return out


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city; tests only read it."""
    return write(tmp_path_factory.mktemp("world") / "city")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def labels(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    _, *lines = (folder / "topics.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        kind, id_, topics = line.split("\t")
        yield kind, id_, topics.split(";")


def relation_lines(folder: Path) -> list[str]:
    return (folder / "relations.tsv").read_text(encoding="utf-8").splitlines()[1:]


class TestCommand:
    def test_what_was_written_is_said(self, cli: Cli, tmp_path: Path) -> None:
        result = cli("world", "--scale", str(SCALE), "--out", str(tmp_path / "new" / "city"))
        assert result.code == 0
        assert f"企业 {SIZE.n_enterprises}、企业年度数据" in result.out
        assert f"{SIZE.n_enterprises} 条查询" in result.out
        assert "matchmaker evaluate" in result.err
        assert (tmp_path / "new" / "city" / "enterprises.csv").is_file()

    def test_json_has_the_counts_and_nothing_else_is_printed(self, cli: Cli, tmp_path: Path) -> None:
        result = cli("world", "--scale", str(SCALE), "--seed", "3", "--out", str(tmp_path / "city"), "--json")
        summary = result.json
        assert (summary["scale"], summary["seed"], summary["n_queries"]) == (SCALE, 3, SIZE.n_enterprises)
        assert summary["files"]["experts"] == SIZE.n_experts
        assert summary["files"]["platforms"] == SIZE.n_platforms
        assert summary["files"]["achievements"] == SIZE.n_achievements
        assert result.err == ""

    def test_help_is_chinese(self, cli: Cli) -> None:
        result = cli("world", "--help")
        assert result.code == 0
        assert "合成城市" in result.out and "--seed" in result.out
        assert "Usage" not in result.out and "[default" not in result.out

    def test_a_folder_with_something_in_it_is_left_alone(self, cli: Cli, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
        result = cli("world", "--scale", str(SCALE), "--out", str(tmp_path))
        assert result.code == 1
        assert "不是空的" in result.err and "请换一个文件夹" in result.err
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_an_empty_folder_is_filled(self, cli: Cli, tmp_path: Path) -> None:
        out = tmp_path / "empty"
        out.mkdir()
        assert cli("world", "--scale", str(SCALE), "--out", str(out)).code == 0
        assert (out / "README.md").is_file()
        assert [path.name for path in tmp_path.iterdir() if path.name != "var"] == ["empty"]

    @pytest.mark.parametrize("scale", ["0", "-1", "50", "nan"])
    def test_impossible_scales_are_named(self, cli: Cli, tmp_path: Path, scale: str) -> None:
        result = cli("world", "--scale", scale, "--out", str(tmp_path / "city"))
        assert result.code == 2
        assert "规模" in result.err
        assert not (tmp_path / "city").exists()

    def test_a_file_in_the_way_is_named(self, cli: Cli, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        result = cli("world", "--scale", str(SCALE), "--out", str(tmp_path / "file"))
        assert result.code == 2
        assert "无法写入" in result.err
        assert [path.name for path in tmp_path.iterdir() if path.name != "var"] == ["file"]

    def test_missing_material_is_named(self, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(tmp_path / "nowhere"))
        result = cli("world", "--scale", str(SCALE), "--out", str(tmp_path / "city"))
        assert result.code == 1
        assert "MATCHMAKER_DATA_DIR" in result.err
        assert not (tmp_path / "city").exists()


class TestFiles:
    def test_the_same_scale_and_seed_give_the_same_bytes(self, city: Path, tmp_path: Path) -> None:
        assert digests(write(tmp_path / "again")) == digests(city)

    def test_the_bytes_do_not_depend_on_the_order_in_which_a_process_hashes(
        self, city: Path, tmp_path: Path
    ) -> None:
        command = [sys.executable, "-m", "recommender.cli.main", "world", "--scale", str(SCALE), "--out"]
        for hash_seed in ("1", "2"):
            out = tmp_path / hash_seed
            environment = os.environ | {"PYTHONHASHSEED": hash_seed}
            subprocess.run(
                [*command, str(out)], cwd=FOLDER.parents[1], env=environment, check=True, capture_output=True
            )
            assert digests(out) == digests(city)

    def test_another_seed_gives_another_city(self, city: Path, tmp_path: Path) -> None:
        first, second = digests(city), digests(write(tmp_path / "other", seed=8))
        same = {name for name in first if first[name] == second.get(name)}
        assert same == {"relations.tsv"}

    def test_workbooks_too_have_the_same_bytes(self, tmp_path: Path) -> None:
        first, second = (write(tmp_path / name, file_format=FileFormat.XLSX) for name in ("a", "b"))
        assert digests(first) == digests(second)
        assert (first / "enterprise_facts.xlsx").is_file()

    @pytest.mark.parametrize("scale", [0.001, 0.005])
    def test_rows_are_as_many_as_the_scale_says(self, tmp_path: Path, scale: float) -> None:
        folder, size = write(tmp_path / "city", scale=scale), WorldSize.at(scale)
        for name, n in (
            ("enterprises", size.n_enterprises),
            ("experts", size.n_experts),
            ("platforms", size.n_platforms),
            ("achievements", size.n_achievements),
        ):
            assert (folder / f"{name}.csv").read_bytes().count(b"\r\n") == 1 + n

    def test_headers_are_those_of_the_columns_and_excel_sees_utf8(self, city: Path) -> None:
        for kind, table in TABLES.items():
            content = (city / f"{kind.value.replace('-', '_')}.csv").read_bytes()
            assert content.startswith(b"\xef\xbb\xbf")
            header = content.decode("utf-8-sig").splitlines()[0]
            assert header == ",".join(column.header for column in table.columns)

    def test_a_run_that_fails_leaves_nothing(self, tmp_path: Path) -> None:
        def stop(stage: str, done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            WorldService(FOLDER).write(
                tmp_path / "city", scale=SCALE, seed=7, file_format=FileFormat.CSV, on_progress=stop
            )
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(self: Path, target: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "rename", refuse)
        with pytest.raises(InvalidInput, match="无法写入"):
            write(tmp_path / "city")
        assert list(tmp_path.iterdir()) == []

    def test_everything_is_labelled_with_known_topics(self, city: Path) -> None:
        known = {line.split("\t")[0] for line in relation_lines(city)}
        counts = Counter(kind for kind, _, _ in labels(city))
        assert counts["enterprise"] == counts["query"] == SIZE.n_enterprises
        assert (counts["expert"], counts["platform"]) == (SIZE.n_experts, SIZE.n_platforms)
        assert counts["achievement"] == SIZE.n_achievements
        assert {topic for _, _, topics in labels(city) for topic in topics} <= known
        assert {line.rsplit("\t", 1)[1] for line in relation_lines(city)} == {"0", "1"}

    def test_the_readme_says_how_it_was_made(self, city: Path) -> None:
        text = (city / "README.md").read_text(encoding="utf-8")
        assert f"matchmaker world --scale {SCALE} --seed 7" in text
        assert "虚构" in text and f"| 专家 | {SIZE.n_experts} |" in text


def test_all_files_import_without_an_error_or_a_warning_and_twice_change_nothing(cli: Cli, city: Path) -> None:
    assert cli("init").code == 0
    for turn in ("first", "again"):
        for kind in TableKind:
            file = city / f"{kind.value.replace('-', '_')}.csv"
            report = cli("import", kind.value, str(file), "--json").json
            assert (report["n_errors"], report["n_warnings"]) == (0, 0), (kind, report["errors"][:3])
            assert report["n_rows"] > 0
            assert report["n_new"] == (report["n_rows"] if turn == "first" else 0)
            assert report["n_changed"] == 0


class TestCollection:
    def test_every_enterprise_asks_one_query(self, city: Path) -> None:
        dataset = Dataset.read(city / "collection")
        assert len(dataset.queries) == len({query.id for query in dataset.queries}) == SIZE.n_enterprises
        assert all(query.title and query.text for query in dataset.queries)

    def test_grades_are_those_of_the_labels(self, city: Path) -> None:
        dataset = Dataset.read(city / "collection")
        topics = {(kind, id_): topics for kind, id_, topics in labels(city)}
        relations = (
            line.split("\t") for line in (city / "relations.tsv").read_text(encoding="utf-8").splitlines()
        )
        siblings = {(one, other) for one, _, other, _, grade in relations if grade == "1"}
        assert dataset.qrels.keys() == {query.id for query in dataset.queries}
        for query, grades in dataset.qrels.items():
            (asked,) = topics["query", query]
            for entity, grade in grades.items():
                worked_on = topics[dataset.kind_of(entity).value, entity]
                expected = 3 if asked in worked_on else 1 if any((asked, t) in siblings for t in worked_on) else 0
                assert grade == expected

    def test_judged_entities_are_in_the_corpus(self, city: Path) -> None:
        dataset = Dataset.read(city / "collection")
        owners: dict[str, set[str]] = {}
        for passage in dataset.passages:
            for kind, ids in passage.owners.items():
                owners.setdefault(kind, set()).update(ids)
        assert set(owners) == {EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT}
        judged = {entity for grades in dataset.qrels.values() for entity in grades}
        assert judged <= set().union(*owners.values())

    def test_words_alone_leave_room(self, cli: Cli, tmp_path: Path) -> None:
        city = write(tmp_path / "city", scale=0.002)
        result = cli("evaluate", str(city / "collection"), "--retriever", "lexical", "--json")
        assert result.code == 0
        figures = {kind["kind"]: kind["figures"] for kind in json.loads(result.out)["kinds"]}
        assert set(figures) == {"expert", "platform", "achievement"}
        for kind in ("expert", "achievement"):
            assert 0.2 < figures[kind]["nDCG@10"] < 0.85
            assert 0.2 < figures[kind]["MRR@10"] < 0.95
