from pathlib import Path

import pytest

from recommender.domain.errors import InvalidData

from .samples import EXPERTS, csv_file, parse, plan, xlsx_file


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
