"""What a person looks at before a file is applied."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from recommender.domain.entities import Expert, Record
from recommender.exchange.columns import TableKind
from recommender.exchange.plan import draft_plan
from recommender.exchange.preview import N_PREVIEW_ROWS, ImportPreview, PreviewRow, RowState, SuspectRow
from recommender.exchange.suspects import NoSuspects, Suspect, SuspectFinder

from .samples import Library, csv_file, parse

HEADER = ("专家编号", "姓名", "单位", "研究方向", "容量")


def preview(
    path: Path, library: Library | None = None, finder: SuspectFinder | None = None, kind: str = "experts"
) -> ImportPreview:
    parsed = parse(path, kind)
    return ImportPreview.of(parsed, draft_plan(parsed, library or Library()), finder or NoSuspects())


class Namesakes:
    """Finds everybody of a name in a list."""

    def __init__(self, *stored: Expert) -> None:
        self._stored = stored

    def find(self, kind: TableKind, records: Sequence[Record]) -> Mapping[str, Sequence[Suspect]]:
        assert kind is TableKind.EXPERTS
        found = {
            record.id: [
                Suspect(other.id, other.name, "同名") for other in self._stored if other.name == record.name
            ]
            for record in records
            if isinstance(record, Expert)
        }
        return {id_: suspects for id_, suspects in found.items() if suspects}


def test_rows_as_they_will_be_stored_with_what_becomes_of_them(tmp_path: Path) -> None:
    stored = (
        Expert(id="Z2", name="乙某", organisation="旧单位", department="机械系"),
        Expert(id="Z3", name="丙某", capacity=2),
    )
    rows = (
        HEADER,
        ("Z1", " 甲某 ", "示例大学", "铸造;焊接", "３"),
        ("Z2", "乙某", "新单位", "", ""),
        ("Z3", "丙某", "", "", "2"),
        ("Z1", "甲某", "示例大学", "铸造；焊接", "3"),
        ("Z4", "", "示例大学", "", ""),
        ("Z5", "戊某", "", "", "1"),
        ("Z5", "戊某", "", "", "2"),
        ("", "己某", "", "", ""),
    )
    found = preview(csv_file(tmp_path, rows), Library(stored))
    assert found.columns == HEADER
    assert found.rows == (
        PreviewRow(2, "Z1", RowState.NEW, ("Z1", "甲某", "示例大学", "铸造；焊接", "3")),
        PreviewRow(3, "Z2", RowState.CHANGED, ("Z2", "乙某", "新单位", "", "")),
        PreviewRow(4, "Z3", RowState.UNCHANGED, ("Z3", "丙某", "", "", "2")),
        PreviewRow(5, "Z1", RowState.DUPLICATE, ("Z1", "甲某", "示例大学", "铸造；焊接", "3")),
        PreviewRow(6, "Z4", RowState.ERROR, ()),
        PreviewRow(7, "Z5", RowState.ERROR, ("Z5", "戊某", "", "", "1")),
        PreviewRow(8, "Z5", RowState.ERROR, ("Z5", "戊某", "", "", "2")),
        PreviewRow(9, "", RowState.ERROR, ()),
    )
    report = found.report
    counts = (report.n_new, report.n_changed, report.n_unchanged, report.n_duplicates, report.n_error_rows)
    assert counts == (1, 1, 1, 1, 4)
    assert sum(counts) == len(rows) - 1


def test_a_short_row_shows_what_it_keeps(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("专家编号,姓名,单位\nZ1,甲某某\n", encoding="utf-8")
    found = preview(path, Library([Expert(id="Z1", name="甲某", organisation="示例大学")]))
    assert found.rows == (PreviewRow(2, "Z1", RowState.CHANGED, ("Z1", "甲某某", "示例大学")),)


def test_only_the_first_rows_are_shown(tmp_path: Path) -> None:
    rows = [HEADER[:2], *((f"Z{n}", "甲") for n in range(N_PREVIEW_ROWS + 1))]
    found = preview(csv_file(tmp_path, rows))
    assert [row.id for row in found.rows] == [f"Z{n}" for n in range(N_PREVIEW_ROWS)]
    assert found.report.n_new == N_PREVIEW_ROWS + 1


def test_suspects_of_new_records_are_named(tmp_path: Path) -> None:
    stored = Expert(id="Z9", name="甲某"), Expert(id="Z8", name="乙某")
    rows = (HEADER[:2], ("Z1", "甲某"), ("Z2", "丁某"), ("Z8", "乙某"), ("Z1", "甲某"))
    found = preview(csv_file(tmp_path, rows), Library(stored), Namesakes(*stored))
    assert found.suspects == (SuspectRow(2, "Z1", "甲某", (Suspect("Z9", "甲某", "同名"),)),)
    assert found.report.n_suspects == 1
    assert found.report.summary == (
        "专家：共 4 行，新增 2，更新 0，未变 1，重复 1，疑似重复 1。仅检查，没有写入。"
    )


def test_everything_goes_into_json(tmp_path: Path) -> None:
    stored = Expert(id="Z9", name="甲某")
    path = csv_file(tmp_path, (HEADER[:2], ("Z1", "甲某"), ("Z2", "")))
    document = json.loads(json.dumps(preview(path, Library(), Namesakes(stored)).to_dict(), ensure_ascii=False))
    assert document["preview"] == {
        "columns": ["专家编号", "姓名"],
        "rows": [
            {"row": 2, "id": "Z1", "state": "新增", "cells": ["Z1", "甲某"]},
            {"row": 3, "id": "Z2", "state": "错误", "cells": []},
        ],
    }
    assert document["suspects"][0]["suspects"] == [{"id": "Z9", "name": "甲某", "why": "同名"}]
    assert document["mapping"][1] == {"position": 2, "written": "姓名", "header": "姓名", "origin": "表头一致"}
    assert (document["n_new"], document["n_errors"], document["outcome"]) == (1, 1, "checked")
    assert document["errors"][0]["row"] == 3


def test_links_have_ids_but_no_names(tmp_path: Path) -> None:
    known = {TableKind.ACHIEVEMENTS: {"CG1"}, TableKind.PLATFORMS: {"PT1"}}
    path = csv_file(tmp_path, (("成果编号", "平台编号"), ("CG1", "PT1")))
    (row,) = preview(path, Library(known=known), kind="achievement-platforms").rows
    assert row == PreviewRow(2, "CG1|PT1", RowState.NEW, ("CG1", "PT1"))
