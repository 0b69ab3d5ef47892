from pathlib import Path

import openpyxl
import pytest

from recommender.domain.errors import InvalidData
from recommender.exchange.limits import LIMITS

from .samples import EXPERTS, csv_file, parse, plan, xlsx_file


def merged(path: Path, *areas: str) -> Path:
    """The same workbook with merged cells in its first sheet."""
    book = openpyxl.load_workbook(path)
    for area in areas:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    rows = [["张家港市专家名册", "", ""], [], ["填表日期：2026-05-01"], *EXPERTS]
    parsed = parse(csv_file(tmp_path, rows))
    assert parsed.layout.header_row == 4
    assert [row.row for row in parsed.rows] == [5, 6]


def test_the_tenth_row_may_be_the_header_and_the_eleventh_may_not(tmp_path: Path) -> None:
    assert parse(csv_file(tmp_path, [*[["名册"]] * 9, *EXPERTS])).layout.header_row == 10
    with pytest.raises(InvalidData, match="缺少必需的列：专家编号、姓名。文件中的列：名册。"):
        parse(csv_file(tmp_path, [*[["名册"]] * 10, *EXPERTS]))


def test_order_width_and_decoration_of_headers_do_not_matter(tmp_path: Path) -> None:
    rows = [["工作单位", " 姓 名* ", "专家编号＊"], ["示例大学", "甲某", "ZJ1"]]
    expert = parse(csv_file(tmp_path, rows)).rows[0].record
    assert (expert.id, expert.name, expert.organisation) == ("ZJ1", "甲某", "示例大学")  # type: ignore[union-attr]


def test_a_missing_required_column_is_named_with_those_found(tmp_path: Path) -> None:
    rows = [["专家编号", "单位", "备注"], ["ZJ1", "示例大学", ""]]
    with pytest.raises(InvalidData) as refused:
        parse(csv_file(tmp_path, rows))
    assert refused.value.code == "import.columns_missing"
    assert "缺少必需的列：姓名。文件中的列：专家编号、单位、备注。" in str(refused.value)


def test_a_file_of_another_kind_is_recognised(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="看起来这是专家文件，请改用 matchmaker import experts"):
        parse(csv_file(tmp_path, EXPERTS), "platforms")


def test_achievements_given_as_links_are_recognised(tmp_path: Path) -> None:
    rows = [["成果编号", "成果类型", "成果名称"], ["CG1", "论文", "题"]]
    with pytest.raises(InvalidData, match=r"缺少必需的列：平台编号.*matchmaker import achievements"):
        parse(csv_file(tmp_path, rows), "achievement-platforms")


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    rows = [["专家编号", "姓名", "单位", "工作单位"], ["ZJ1", "甲某", "甲校", "乙校"]]
    with pytest.raises(InvalidData, match="第 3 列“单位”和第 4 列“工作单位”都表示“单位”"):
        parse(csv_file(tmp_path, rows))


def test_unknown_columns_are_listed_and_ignored(tmp_path: Path) -> None:
    rows = [["专家编号", "备注", "姓名", "成果数", "微信"], ["ZJ1", "熟人", "甲某", "12", "x"]]
    drafted = plan(csv_file(tmp_path, rows))
    assert drafted.unknown_columns == ("备注", "微信")
    assert drafted.ignored_columns == ("成果数",)
    assert drafted.columns == ("专家编号", "姓名")
    assert "单位" in drafted.absent_columns
    assert len(drafted.new) == 1
    assert drafted.n_errors == 0


def test_content_without_header_is_listed_too(tmp_path: Path) -> None:
    sheet = [["专家编号", None, "姓名"], ["ZJ1", "旁注", "甲某", None, "另注"], ["ZJ2", None, "乙某"]]
    drafted = plan(xlsx_file(tmp_path, {"专家": sheet}))
    assert drafted.unknown_columns == ("第 2 列（无表头）", "第 5 列（无表头）")
    assert len(drafted.new) == 2


class TestTwoRows:
    def test_groups_above_columns(self, tmp_path: Path) -> None:
        rows = [
            ["专家编号", "姓名", "工作情况", "", "备注"],
            ["", "", "单位", "职称", ""],
            ["ZJ1", "甲某", "示例大学", "教授", "无"],
        ]
        parsed = parse(csv_file(tmp_path, rows))
        (row,) = parsed.rows
        assert (parsed.layout.header_row, parsed.layout.last_header_row, row.row) == (1, 2, 3)
        assert [column.header for column in parsed.layout.matched] == ["专家编号", "姓名", "单位", "职称"]
        assert row.record.job_title == "教授"  # type: ignore[union-attr]
        assert [(warning.row, warning.code) for warning in parsed.log.warnings] == [(2, "header.second_row")]

    def test_merged_cells_above_and_beside(self, tmp_path: Path) -> None:
        rows = [
            ["专家名册"],
            ["专家编号", "姓名", "工作情况"],
            [None, None, "单位", "职称"],
            ["ZJ1", "甲某", "示例大学", "教授"],
        ]
        parsed = parse(merged(xlsx_file(tmp_path, {"专家": rows}), "A1:D1", "A2:A3", "B2:B3", "C2:D2"))
        assert (parsed.layout.header_row, parsed.layout.last_header_row) == (2, 3)
        assert [row.record.job_title for row in parsed.rows] == ["教授"]  # type: ignore[union-attr]

    def test_a_header_and_its_unit_make_one(self, tmp_path: Path) -> None:
        rows = [["需求编号", "需求名称", "期望"], ["", "", "TRL"], ["XQ1", "检测", "中试"]]
        (record,) = plan(csv_file(tmp_path, rows), "needs").new
        assert record.target_trl == 6  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "hint", ["必填", "（必填）", "单位：万元", "万元", "yyyy-MM-dd", "文本", "50字以内", "选填项"]
    )
    def test_hints_and_units_are_no_content(self, tmp_path: Path, hint: str) -> None:
        rows = [["专家编号", "姓名"], ["必填", hint], ["ZJ1", "甲某"]]
        assert [row.id for row in parse(csv_file(tmp_path, rows)).rows] == ["ZJ1"]

    @pytest.mark.parametrize(
        "first", [["ZJ1", "必填"], ["必填", "甲某"], ["ZJ1", ""], ["", "甲某"], ["", "元某"], ["100", "项"]]
    )
    def test_content_is_never_taken_for_a_second_row(self, tmp_path: Path, first: list[str]) -> None:
        drafted = plan(csv_file(tmp_path, [["专家编号", "姓名"], first, ["ZJ2", "乙某"]]))
        assert drafted.n_rows == 2
        assert [warning.code for warning in drafted.warnings] == []

    def test_a_number_under_a_header_is_content(self, tmp_path: Path) -> None:
        rows = [["专家编号", "姓名", "备注"], [None, None, 3], ["ZJ2", "乙某", None]]
        assert [error.row for error in plan(xlsx_file(tmp_path, {"专家": rows})).errors] == [2, 2]

    def test_a_blank_row_ends_the_header(self, tmp_path: Path) -> None:
        rows = [["专家编号", "姓名"], ["", ""], ["必填", "必填"], ["ZJ1", "甲某"]]
        assert plan(csv_file(tmp_path, rows)).n_rows == 2

    def test_a_title_with_a_known_word_does_not_hide_the_header(self, tmp_path: Path) -> None:
        parsed = parse(csv_file(tmp_path, [["单位", "示例局"], *EXPERTS]))
        assert [row.id for row in parsed.rows] == ["ZJ1", "ZJ2"]
        assert parsed.layout.last_header_row == 2


class TestUnits:
    @pytest.mark.parametrize("unit", ["万元", "（万元）", "单位：万元", "万"])
    def test_the_own_unit_is_right(self, tmp_path: Path, unit: str) -> None:
        rows = [["需求编号", "需求名称", "预期投入"], ["", "", unit], ["XQ1", "检测", "80"]]
        (record,) = plan(csv_file(tmp_path, rows), "needs").new
        assert record.budget_wan == 80  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "header", [[["预期投入（元）"]], [["预期投入"], ["元"]], [["预期投入(万元)"], ["亿元"]]]
    )
    def test_another_unit_is_refused_before_it_is_a_thousand_fold(
        self, tmp_path: Path, header: list[list[str]]
    ) -> None:
        start = [["需求编号", "需求名称"], ["", ""]]
        rows = [[*left, *right] for left, right in zip(start, header, strict=False)]
        with pytest.raises(InvalidData, match="以“万元”计") as refused:
            parse(csv_file(tmp_path, [*rows, ["XQ1", "检测", "80"]]), "needs")
        assert refused.value.code == "import.unit_differs"
        assert refused.value.context["position"] == 3


def test_a_header_that_comes_again_is_skipped_with_a_warning(tmp_path: Path) -> None:
    parsed = parse(csv_file(tmp_path, [*EXPERTS, EXPERTS[0], ("ZJ3", "丙某", "", "")]))
    assert [row.id for row in parsed.rows] == ["ZJ1", "ZJ2", "ZJ3"]
    assert [(warning.row, warning.code) for warning in parsed.log.warnings] == [(4, "header.repeated")]


def test_more_columns_than_any_table_has_are_refused(tmp_path: Path) -> None:
    header = [*EXPERTS[0], *(f"列{number}" for number in range(LIMITS.max_columns - len(EXPERTS[0])))]
    assert len(parse(csv_file(tmp_path, [header, EXPERTS[1]])).layout.unknown) == LIMITS.max_columns - 4
    with pytest.raises(InvalidData, match=f"到了第 {LIMITS.max_columns + 1} 列"):
        parse(csv_file(tmp_path, [[*header, "多"], EXPERTS[1]]))


class TestMergedCells:
    ROWS = (
        EXPERTS[0],
        *(
            ("ZJ" + str(number), name, school)
            for number, name, school in (
                (1, "甲某", "示例大学"),
                (2, "乙某", None),
                (3, "丙某", None),
                (4, "丁某", None),
            )
        ),
    )

    def test_each_row_of_a_merged_cell_has_its_value(self, tmp_path: Path) -> None:
        parsed = parse(merged(xlsx_file(tmp_path, {"专家": self.ROWS}), "C2:C4"))
        schools = [row.record.organisation for row in parsed.rows]  # type: ignore[union-attr]
        assert schools == ["示例大学"] * 3 + [""]
        (warning,) = parsed.log.warnings
        assert (warning.row, warning.column, warning.code) == (2, "单位", "cell.merged")
        assert "第 2 到 4 行" in warning.message

    def test_a_value_merged_over_columns_stays_in_the_first(self, tmp_path: Path) -> None:
        rows = [EXPERTS[0], ("ZJ1", "甲某", "示例大学", None)]
        (record,) = plan(merged(xlsx_file(tmp_path, {"专家": rows}), "C2:D2")).new
        assert (record.organisation, record.research_fields) == ("示例大学", ())  # type: ignore[union-attr]

    def test_merged_cells_outside_the_table_change_nothing(self, tmp_path: Path) -> None:
        rows = [(*EXPERTS[0], None, "备注"), (*EXPERTS[1], None, "旁注"), EXPERTS[2]]
        parsed = parse(merged(xlsx_file(tmp_path, {"专家": rows}), "F2:F3", "A1:A1", "H1:H9"))
        assert [row.record for row in parsed.rows] == [
            row.record for row in parse(csv_file(tmp_path, EXPERTS)).rows
        ]
        assert parsed.log.warnings == ()

    def test_a_merged_id_is_one_id_for_two_rows(self, tmp_path: Path) -> None:
        drafted = plan(merged(xlsx_file(tmp_path, {"专家": self.ROWS}), "A2:A3"))
        assert {error.code for error in drafted.errors} == {"duplicate.conflict"}
        assert [error.row for error in drafted.errors] == [2, 3]
