"""The workbook that goes back to whoever sent a file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from recommender.domain.errors import Conflict
from recommender.exchange.annotated import MAX_KEPT_ISSUES, write_annotated
from recommender.exchange.issues import IssueLog
from recommender.exchange.limits import LIMITS
from recommender.exchange.plan import draft_plan
from recommender.exchange.reader import read_file
from recommender.exchange.sources import SourceTable
from recommender.exchange.tables import table_of

from .samples import Library, csv_file, parse, plan, xlsx_file

REMARKS = "错误说明"
HEADER = ("专家编号", "姓名", "单位", "容量")
RED, YELLOW = "FFFDE2E0", "FFFFF5D6"


def annotate(path: Path, kind: str = "experts", *, max_listed: int = MAX_KEPT_ISSUES) -> Path:
    """Check a file against an empty library and write the workbook beside it."""
    parsed = read_file(path, table_of(kind), max_listed_issues=max_listed)
    draft_plan(parsed, Library())
    out = path.with_name(f"annotated-{path.stem}.xlsx")
    write_annotated(path, out, parsed)
    return out


def sheet_of(path: Path) -> Any:
    return openpyxl.load_workbook(path).active


def values(path: Path) -> list[list[object]]:
    """What a spreadsheet program shows, ``None`` where nothing stands."""
    return [[None if cell == "" else cell for cell in row] for row in sheet_of(path).iter_rows(values_only=True)]


def fills(path: Path) -> list[str | None]:
    """The fill of the first cell of each row."""
    rows = sheet_of(path).iter_rows()
    return [row[0].fill.fgColor.rgb if row[0].fill.fill_type else None for row in rows]


def test_each_row_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    rows = (HEADER, ("Z1", "甲某", "示例大学", "3"), ("Z2", "", "", "两个"), ("Z3", "丙\x07某", "", ""))
    out = annotate(csv_file(tmp_path, rows))
    found = values(out)
    assert found[0] == [*HEADER, REMARKS]
    assert found[1] == ["Z1", "甲某", "示例大学", "3", None]
    assert found[2][:4] == ["Z2", None, None, "两个"]
    assert found[2][4] == (
        "【姓名】缺少“姓名”。填写“姓名”；不需要的行请整行删除。\n"
        "【容量】“两个”不是 0 到 10,000 之间的整数。写一个整数，例如 3；未知时留空。"
    )
    assert str(found[3][4]).startswith("【姓名】“姓名”含有 1 个不可见的控制字符")
    assert fills(out)[1:] == [None, RED, YELLOW]


def test_what_only_the_library_can_tell_is_told_too(tmp_path: Path) -> None:
    rows = (("成果编号", "平台编号"), ("CG1", "PT1"))
    found = values(annotate(csv_file(tmp_path, rows), "achievement-platforms"))
    assert "在库中没有" in str(found[1][2])


def test_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows: Sequence[Sequence[object]] = [
        ("专家一览表",),
        (),
        HEADER,
        ("Z1", "甲某", "", ""),
        (),
        (),
        ("Z2", "", "", ""),
    ]
    for path in (csv_file(tmp_path, rows), xlsx_file(tmp_path, {"专家": rows}, name="book.xlsx")):
        found = values(annotate(path))
        assert found[0][0] == "专家一览表"
        assert found[2] == [*HEADER, REMARKS]
        assert [row[0] for row in found[3:]] == ["Z1", None, None, "Z2"]
        assert "缺少“姓名”" in str(found[6][4])
        assert sheet_of(annotate_again(path)).freeze_panes == "A4"


def annotate_again(path: Path) -> Path:
    """The workbook that was written before."""
    return path.with_name(f"annotated-{path.stem}.xlsx")


def test_numbers_and_days_stay_what_they_are_and_ids_become_text(tmp_path: Path) -> None:
    header = ("需求编号", "需求名称", "预期投入(万元)", "截止日期", "提出企业")
    rows = (header, (20260001, "检测", 80.5, date(2027, 6, 30), 911))
    out = annotate(xlsx_file(tmp_path, {"需求": rows}), "needs")
    cells = sheet_of(out)[2]
    assert [cell.value for cell in cells[:3]] == ["20260001", "检测", 80.5]
    assert cells[3].value.date() == date(2027, 6, 30)
    assert cells[4].value == "911"
    assert [cell.data_type for cell in cells[:5]] == ["s", "s", "n", "d", "s"]
    assert cells[0].number_format == "@"


def test_nothing_in_it_is_a_formula(tmp_path: Path) -> None:
    rows = (HEADER, ("Z1", "=1+1", "＝cmd", "-2"), ("Z2", "'=1+1", "@x", "+1"), ("Z3", "丙", "=甲", ""))
    out = annotate(csv_file(tmp_path, rows))
    cells = [cell for row in sheet_of(out).iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    live = [cell for cell in cells if str(cell.value).lstrip("'")[:1] in "=＝@+-"]
    assert len(live) == 7
    assert all(cell.quotePrefix for cell in live)


def test_it_reads_as_the_file_it_came_from(tmp_path: Path) -> None:
    rows = (
        HEADER,
        ("Z1", "=1+1", "'=甲", "3"),
        ("Z2", "'90 年代", "_x000D_", ""),
        ("Z3", "a\nb", "\t@x", "2"),
        ("00012", "丁", "1e5", "0"),
    )
    path = csv_file(tmp_path, rows)
    again_path = annotate(path)
    again = plan(again_path)
    assert again.new == plan(path).new
    assert len(again.new) == len(rows) - 1
    parsed = read_file(again_path, SourceTable.of(table_of("experts")))
    assert (parsed.unknown_columns, parsed.layout.ignored) == ((), (REMARKS,))


def test_merged_cells_and_two_header_rows_read_the_same(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("专家编号", "姓名", "单位"), ("(必填)", "(必填)", ""), ("Z1", "甲", "示例大学"), ("Z2", "乙")):
        sheet.append(row)
    sheet.merge_cells("C3:C4")
    path = tmp_path / "merged.xlsx"
    book.save(path)
    again = plan(annotate(path))
    assert again.new == plan(path).new
    assert [getattr(record, "organisation", "") for record in again.new] == ["示例大学", "示例大学"]


def test_remarks_of_an_earlier_check_are_replaced(tmp_path: Path) -> None:
    once = annotate(csv_file(tmp_path, (HEADER, ("Z1", "", "", ""), ("Z2", "乙", "", "x"))))
    book = openpyxl.load_workbook(once)
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "甲"
    corrected = tmp_path / "corrected.xlsx"
    book.save(corrected)
    found = values(annotate(corrected))
    assert found[0] == [*HEADER, REMARKS]
    assert found[1] == ["Z1", "甲", None, None, None]
    assert str(found[2][4]).startswith("【容量】")


def test_remarks_stand_in_the_first_free_column(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名"), ("Z1", "", "", "旁注"), ("Z2", "乙"))
    found = values(annotate(xlsx_file(tmp_path, {"专家": rows})))
    assert found[0] == ["专家编号", "姓名", None, None, REMARKS]
    assert found[1][3] == "旁注"
    assert "缺少" in str(found[1][4])


def test_a_text_that_no_cell_holds_is_cut_and_said(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名", "简介"), ("Z1", "甲", "字" * 40_000))
    found = values(annotate(csv_file(tmp_path, rows)))
    assert len(str(found[1][2])) <= 32_767
    assert found[1][3] == "“简介”的内容超出单元格的上限，在本文件中被截断；请在原来的文件中修改这一行。"


def test_a_formula_without_result_leaves_an_empty_cell_and_a_remark(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"专家": (HEADER, ("Z1", "=A1", "", ""))})
    found = values(annotate(path))
    assert found[1][1] is None
    assert "公式" in str(found[1][4])


def test_with_more_errors_than_are_kept_every_row_is_still_marked(tmp_path: Path) -> None:
    rows = [HEADER, *((f"Z{n}", "", "", "") for n in range(4))]
    out = annotate(csv_file(tmp_path, rows), max_listed=2)
    remarks = [str(row[4]) for row in values(out)[1:]]
    assert ["缺少" in remark for remark in remarks] == [True, True, False, False]
    assert ["没有逐条列出" in remark for remark in remarks] == [False, False, True, True]


def test_a_file_is_replaced_only_if_told_to(tmp_path: Path) -> None:
    path = csv_file(tmp_path, (HEADER, ("Z1", "甲", "", "")))
    out = annotate(path)
    before = out.read_bytes()
    parsed = parse(path)
    with pytest.raises(Conflict) as refused:
        write_annotated(path, out, parsed)
    assert refused.value.code == "export.file_exists"
    assert out.read_bytes() == before
    write_annotated(path, out, parsed, replace=True)
    assert out.read_bytes() == before


def test_progress_is_told(tmp_path: Path) -> None:
    n_rows = LIMITS.batch_rows + 1
    path = csv_file(tmp_path, [HEADER[:2], *((f"Z{n}", "甲") for n in range(n_rows))])
    told: list[int] = []
    write_annotated(path, tmp_path / "out.xlsx", parse(path), on_rows=told.append)
    assert told == [LIMITS.batch_rows, n_rows + 1]


class TestIssuesByRow:
    def test_all_that_is_kept_and_no_more(self) -> None:
        log = IssueLog(2)
        for row in (3, 2, 3):
            log.error(row, "", "value.required")
        log.warn(9, "姓名", "value.placeholder", value="无")
        assert {row: len(issues) for row, issues in log.errors_by_row().items()} == {3: 1, 2: 1}
        assert list(log.warnings_by_row()) == [9]
        assert [error.row for error in log.errors] == [2, 3]
        assert log.is_faulty(3)
        assert not log.is_faulty(9)

    def test_lists_stay_short_however_much_is_kept(self) -> None:
        log = IssueLog(LIMITS.max_listed_issues + 2)
        for row in range(LIMITS.max_listed_issues + 2, 0, -1):
            log.error(row, "", "value.required")
        assert len(log.errors) == LIMITS.max_listed_issues
        assert log.errors[0].row == 1
