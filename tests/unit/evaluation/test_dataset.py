"""Reading and writing test collections."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from embeddings.passages.passage import Passage
from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset, write_dataset
from recommender.evaluation.dataset import TestQuery as Query

QUERY = {"_id": "q1", "title": "边裂", "text": "薄板边上老是裂"}
ENTRY = {"_id": "CG1", "title": "边部裂纹", "text": "热塑性窗口"}


def folder_with(
    folder: Path,
    *,
    queries: Sequence[Mapping[str, object]] = (QUERY,),
    corpus: Sequence[Mapping[str, object]] = (ENTRY,),
    qrels: str = "query-id\tcorpus-id\tscore\nq1\tCG1\t1\n",
) -> Path:
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("queries.jsonl", queries), ("corpus.jsonl", corpus)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(lines, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def passage(identifier: str, owners: dict[str, tuple[str, ...]], *, text: str = "热塑性窗口") -> Passage:
    return Passage(id=identifier, title="边部裂纹", text=text, label="", year=None, owners=owners)


class TestReading:
    def test_all_three_files(self, tmp_path: Path) -> None:
        dataset = Dataset.read(folder_with(tmp_path / "small"))
        assert dataset.name == "small"
        assert dataset.queries == (Query("q1", "边裂", "薄板边上老是裂", None),)
        assert dataset.passages == (passage("CG1", {"achievement": ("CG1",)}),)
        assert dataset.qrels == {"q1": {"CG1": 1}}

    def test_the_name_is_the_folders_however_it_is_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder_with(tmp_path / "small"))
        assert Dataset.read(Path()).name == "small"

    def test_byte_order_marks_windows_lines_and_blank_lines(self, tmp_path: Path) -> None:
        folder = folder_with(tmp_path / "small")
        plain = Dataset.read(folder)
        for name in ("queries.jsonl", "corpus.jsonl", "qrels/test.tsv"):
            content = (folder / name).read_bytes()
            (folder / name).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n\r\n"))
        assert Dataset.read(folder) == plain

    @pytest.mark.parametrize("header", ["", "query-id\tcorpus-id\tscore\n", "需求\t对象\t等级\n"])
    def test_judgements_with_any_header_or_none(self, tmp_path: Path, header: str) -> None:
        folder = folder_with(tmp_path / "small", qrels=header + "q1\tCG1\t2\nq1\tCG2\t0\nq2\tCG1\t-1\n")
        assert Dataset.read(folder).qrels == {"q1": {"CG1": 2, "CG2": 0}, "q2": {"CG1": 0}}

    def test_a_missing_field_is_empty_text(self, tmp_path: Path) -> None:
        folder = folder_with(tmp_path / "small", queries=[{"_id": "q1", "title": None}], corpus=[{"_id": "CG1"}])
        dataset = Dataset.read(folder)
        assert dataset.queries == (Query("q1", "", "", None),)
        assert dataset.passages[0].content == ""


class TestKinds:
    @pytest.mark.parametrize(
        ("entry", "owners"),
        [
            ({"_id": "ZJ1"}, {"expert": ("ZJ1",)}),
            ({"_id": "PT1"}, {"platform": ("PT1",)}),
            ({"_id": "A1"}, {"achievement": ("A1",)}),
            ({"_id": "A1", "kind": "need"}, {"need": ("A1",)}),
            ({"_id": "ZJ1", "kind": "platform"}, {"platform": ("ZJ1",)}),
            ({"_id": "A1", "entities": []}, {"achievement": ("A1",)}),
            ({"_id": "A1", "entities": ["ZJ2", "PT1", "ZJ1"]}, {"expert": ("ZJ2", "ZJ1"), "platform": ("PT1",)}),
            ({"_id": "A1", "entities": ["X1", "X2"], "kind": "expert"}, {"expert": ("X1", "X2")}),
            (
                {"_id": "A1", "entities": ["X1", "X2", "ZJ1"], "kinds": {"X1": "expert", "X2": "platform"}},
                {"expert": ("X1", "ZJ1"), "platform": ("X2",)},
            ),
        ],
    )
    def test_of_the_entities_of_a_passage(
        self, tmp_path: Path, entry: dict[str, object], owners: dict[str, tuple[str, ...]]
    ) -> None:
        assert Dataset.read(folder_with(tmp_path / "d", corpus=[entry])).passages[0].owners == owners

    def test_of_what_a_query_seeks(self, tmp_path: Path) -> None:
        folder = folder_with(tmp_path / "d", queries=[QUERY | {"kind": "platform"}])
        assert Dataset.read(folder).queries[0].kind is EntityKind.PLATFORM

    def test_of_an_entity_as_the_corpus_has_it_before_its_id(self, tmp_path: Path) -> None:
        corpus = [{"_id": "A1", "entities": ["X1"], "kind": "expert"}]
        dataset = Dataset.read(folder_with(tmp_path / "d", corpus=corpus))
        assert dataset.kind_of("X1") is EntityKind.EXPERT
        assert dataset.kind_of("PT9") is EntityKind.PLATFORM
        assert dataset.kind_of("X9") is EntityKind.ACHIEVEMENT


class TestComplaints:
    @pytest.mark.parametrize("name", ["queries.jsonl", "corpus.jsonl", "qrels/test.tsv"])
    def test_a_missing_file_is_named(self, tmp_path: Path, name: str) -> None:
        folder = folder_with(tmp_path / "small")
        (folder / name).unlink()
        with pytest.raises(InvalidData, match=name) as caught:
            Dataset.read(folder)
        assert caught.value.code == "evaluation.file_missing"

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidData, match="nowhere"):
            Dataset.read(tmp_path / "nowhere")

    @pytest.mark.parametrize("name", ["queries.jsonl", "corpus.jsonl"])
    @pytest.mark.parametrize(
        "line",
        [
            b"{",
            b"[]",
            b'"q2"',
            b"{}",
            b'{"_id": ""}',
            b'{"_id": 7}',
            '{"_id": "需求"}'.encode("gb18030"),
        ],
    )
    def test_a_malformed_line_is_named_by_its_number(self, tmp_path: Path, name: str, line: bytes) -> None:
        folder = folder_with(tmp_path / "small")
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n" + line + b"\n")
        with pytest.raises(InvalidData, match=f"{name} 第 3 行") as caught:
            Dataset.read(folder)
        assert caught.value.code == "evaluation.line_malformed"

    @pytest.mark.parametrize(
        "fields",
        [
            {"entities": "ZJ1"},
            {"entities": ["ZJ1", 2]},
            {"entities": [""]},
            {"kinds": ["expert"]},
            {"kinds": "a"},
        ],
    )
    def test_entities_that_are_no_list_of_ids(self, tmp_path: Path, fields: dict[str, object]) -> None:
        with pytest.raises(InvalidData, match=r"corpus\.jsonl 第 2 行"):
            Dataset.read(folder_with(tmp_path / "small", corpus=[ENTRY, {"_id": "A2"} | fields]))

    @pytest.mark.parametrize("line", ["q1", "q1\tCG1", "q1\tCG1\tyes", "q1\t0\tCG1\t1", "q1\tCG1\t0.5"])
    def test_a_malformed_judgement(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(InvalidData, match=r"qrels/test\.tsv 第 2 行"):
            Dataset.read(folder_with(tmp_path / "small", qrels=f"q1\tCG1\t1\n{line}\n"))

    @pytest.mark.parametrize("corpus", [{"kind": "robot"}, {"entities": ["X1"], "kinds": {"X1": "robot"}}])
    def test_an_unknown_kind_lists_those_there_are(self, tmp_path: Path, corpus: dict[str, object]) -> None:
        with pytest.raises(InvalidData, match=r"corpus\.jsonl 第 1 行.*robot.*expert、platform") as caught:
            Dataset.read(folder_with(tmp_path / "a", corpus=[ENTRY | corpus]))
        assert caught.value.code == "evaluation.kind_unknown"
        with pytest.raises(InvalidData, match=r"queries\.jsonl 第 1 行"):
            Dataset.read(folder_with(tmp_path / "b", queries=[QUERY | {"kind": "robot"}]))


class TestRelevance:
    @pytest.mark.parametrize(("grades", "relevant_from"), [((0, 1), 1), ((0, 1, 2), 2), ((3,), 2), ((), 1)])
    def test_starts_at_two_where_grades_go_beyond_one(self, grades: tuple[int, ...], relevant_from: int) -> None:
        qrels = {"q1": {f"CG{position}": grade for position, grade in enumerate(grades)}}
        assert Dataset("d", (), (), qrels).relevant_from == relevant_from

    @pytest.mark.parametrize(
        ("qrels", "expected"),
        [
            ({"q1": {"CG1": 1}}, True),
            ({"q1": {"CG1": 0}}, False),
            ({"q9": {"CG1": 1}}, False),
            ({"q1": {"CG1": 1}, "q9": {"CG1": 3}}, False),
            ({}, False),
        ],
    )
    def test_counts_only_for_queries_that_are_asked(
        self, qrels: dict[str, dict[str, int]], expected: bool
    ) -> None:
        assert Dataset("d", (Query("q1", "边裂", "", None),), (), qrels).has_relevant is expected


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    dataset = Dataset(
        name="written",
        queries=(Query("q1", "边裂", "“薄板”\n老是裂", None), Query("q2", "", "断带", EntityKind.EXPERT)),
        passages=(
            passage("p1", {"achievement": ("CG1",), "expert": ("Z1", "Z2"), "platform": ("P1",)}),
            passage("p2", {"need": ("XQ1",), "enterprise": ("91320000",)}, text="换行\u2028制表\t结束"),
            passage("ZJ3", {"expert": ("ZJ3",)}),
        ),
        qrels={"q1": {"CG1": 3, "Z2": 0}, "q2": {'Z"1': 1}},
    )
    write_dataset(tmp_path / "written", dataset.queries, dataset.passages, dataset.qrels)
    assert Dataset.read(tmp_path / "written") == dataset
