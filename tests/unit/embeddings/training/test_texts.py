"""Training texts: reading them, and keeping held-out and repeated works out."""

import json
from pathlib import Path

import pytest

from embeddings.training.texts import (
    TrainingText,
    read_abstracts,
    read_held_out,
    read_papers,
    without,
)
from tests.unit.embeddings.training.works import work

ABSTRACT = "研究了冷轧硅钢薄板在不同压下率时的边部开裂行为，给出了热塑性窗口与相应的工艺参数，并在产线上验证。"


def papers(file: Path, *rows: str, header: str = "成果编号,成果名称,摘要,关键词", mark: str = "\ufeff") -> Path:
    file.write_text(mark + "\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


class TestReading:
    @pytest.mark.parametrize("mark", ["\ufeff", ""])
    def test_papers(self, tmp_path: Path, mark: str) -> None:
        file = papers(tmp_path / "p.csv", f"A1, 边裂 , {ABSTRACT} ,硅钢；边裂;; 硅钢 ；冷轧", mark=mark)
        assert read_papers(file) == [TrainingText("边裂", ABSTRACT, ("硅钢", "边裂", "冷轧"))]

    def test_papers_without_a_title_or_a_real_abstract_teach_nothing(self, tmp_path: Path) -> None:
        rows = (
            f"A1,,{ABSTRACT},硅钢",
            "A2,边裂,见正文。,硅钢",
            f"A3,边裂,{ABSTRACT[:39]},硅钢",
            f"A4,裂,{ABSTRACT[:40]},",
        )
        assert read_papers(papers(tmp_path / "p.csv", *rows)) == [TrainingText("裂", ABSTRACT[:40], ())]

    def test_papers_with_a_missing_column(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError, match="关键词"):
            read_papers(papers(tmp_path / "p.csv", f"边裂,{ABSTRACT}", header="成果名称,摘要"))

    def test_abstracts(self, tmp_path: Path) -> None:
        rows = [
            {"title": "边裂 ", "abstract": ABSTRACT, "keywords": ["硅钢", " ", "边裂", "硅钢"]},
            {"title": "短", "abstract": "略", "keywords": []},
        ]
        (tmp_path / "a.jsonl").write_text("\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
        assert read_abstracts(tmp_path / "a.jsonl") == [TrainingText("边裂", ABSTRACT, ("硅钢", "边裂"))]

    def test_held_out_queries(self, tmp_path: Path) -> None:
        rows = [{"_id": "q1", "title": "边裂", "text": "薄板"}, {"_id": "q2", "title": "断带"}]
        (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        assert read_held_out(tmp_path / "q.jsonl") == [
            TrainingText("边裂", "薄板", ()),
            TrainingText("断带", "", ()),
        ]

    def test_a_missing_file(self, tmp_path: Path) -> None:
        for read in (read_papers, read_abstracts, read_held_out):
            with pytest.raises(OSError, match="missing"):
                read(tmp_path / "missing")


class TestHeldOut:
    KEPT = work(0)
    TEXT = TrainingText("Fe-3%Si 钢：边部裂纹（第2报）的形成", ABSTRACT, ("硅钢",))

    @pytest.mark.parametrize(
        "title",
        [
            "Fe-3%Si 钢：边部裂纹（第2报）的形成",
            "Fe3Si钢边部裂纹第2报的形成",
            "fe 3 SI 钢，边部裂纹(第2报)的形成。",
            "Ｆｅ－３％Ｓｉ　钢——边部裂纹“第２报”的形成",
        ],
    )
    def test_a_title_tells_a_work_whatever_its_punctuation(self, title: str) -> None:
        assert without([self.TEXT, self.KEPT], [TrainingText(title, "", ())]) == [self.KEPT]

    @pytest.mark.parametrize(
        "opening",
        [
            ABSTRACT,
            ABSTRACT.replace("，", ", ").replace("的", " 的"),
            ABSTRACT[:42] + "此后的文字完全不同，因为网站把摘要截短并另加了说明。",
        ],
    )
    def test_the_opening_of_an_abstract_tells_a_work_under_another_title(self, opening: str) -> None:
        assert without([self.TEXT, self.KEPT], [TrainingText("另一个题名", opening, ())]) == [self.KEPT]

    def test_other_works_stay(self) -> None:
        other = TrainingText(self.TEXT.title + "机理", "另" + ABSTRACT, ())
        assert without([self.TEXT, self.KEPT], [other]) == [self.TEXT, self.KEPT]

    def test_a_held_out_work_without_an_abstract_holds_out_nothing_else(self) -> None:
        assert without([self.TEXT, self.KEPT], [TrainingText("", "", ()), TrainingText("！", "……", ())]) == [
            self.TEXT,
            self.KEPT,
        ]

    def test_a_repeated_work_is_taken_once(self) -> None:
        same_title = TrainingText(self.TEXT.title.replace("：", ""), self.KEPT.abstract[::-1], ())
        same_abstract = TrainingText("改过的题名", ABSTRACT + "补记。", ())
        assert without([self.TEXT, same_title, self.KEPT, same_abstract, self.KEPT], []) == [self.TEXT, self.KEPT]

    def test_works_are_linked_through_what_they_share(self) -> None:
        # The second has the first one's abstract, the third the second's title: neither is new.
        second = TrainingText("改过的题名", ABSTRACT, ())
        third = TrainingText("改过的题名。", "又" + ABSTRACT, ())
        assert without([second, third], [self.TEXT]) == [third]
        assert without([self.TEXT, second, self.KEPT], []) == [self.TEXT, self.KEPT]
