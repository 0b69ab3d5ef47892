"""Columns that mean something else than their header says."""

from pathlib import Path

import pytest

from recommender.domain.entities import Expert
from recommender.domain.errors import InvalidData, InvalidInput
from recommender.exchange.plan import draft_plan
from recommender.exchange.reader import ParsedFile, read_file, read_headers
from recommender.exchange.sources import ColumnOrigin, SourceTable, parse_choices, source_of
from recommender.exchange.tables import table_of

from .samples import Library, csv_file, xlsx_file

EXPERTS = table_of("experts")
FOREIGN = (("人员编号", "真实姓名", "单位", "备注"), ("Z1", "甲某", "示例大学", "x"))


def read(path: Path, table: SourceTable, *, sheet: str | None = None) -> ParsedFile:
    return read_file(path, table, sheet=sheet)


def given(*written: str, remembered: dict[str, dict[str, str]] | None = None) -> SourceTable:
    return SourceTable.of(EXPERTS, given=parse_choices(written, EXPERTS), remembered=remembered)


class TestWhatIsSaid:
    def test_headers_and_fields_in_any_spelling(self) -> None:
        assert parse_choices(["人员 编号=专家编号", "单位（全称）*= 工作单位 ", "a=b=姓名"], EXPERTS) == {
            "人员编号": "id",
            "单位(全称)": "organisation",
            "a=b": "name",
        }

    def test_nothing_behind_the_sign_means_not_to_read(self) -> None:
        assert parse_choices(["备注="], EXPERTS) == {"备注": ""}

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            (["人员编号"], "import.map_malformed"),
            (["=姓名"], "import.map_malformed"),
            (["人员编号=星座"], "import.map_field_unknown"),
            (["人员编号=专家编号", "人员编号*=姓名"], "import.map_header_twice"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, written: list[str], code: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            parse_choices(written, EXPERTS)
        assert refused.value.code == code

    def test_an_unknown_field_names_those_there_are(self) -> None:
        with pytest.raises(InvalidInput, match=r"专家没有“星座”这一列.*专家编号、姓名"):
            parse_choices(["x=星座"], EXPERTS)


class TestSources:
    def test_known_by_their_headers_in_any_order_and_spelling(self) -> None:
        assert source_of(["姓名", "单位（全称）"]) == source_of(["单位(全称)", "", " 姓 名*", "姓名"])
        assert source_of(["姓名"]) != source_of(["姓名", "单位"])

    def test_our_own_remarks_do_not_make_it_another_source(self) -> None:
        assert source_of(["姓名", "单位", "错误说明"]) == source_of(["姓名", "单位"])


class TestReading:
    def test_chosen_columns_are_read(self, tmp_path: Path) -> None:
        parsed = read(csv_file(tmp_path, FOREIGN), given("人员编号=专家编号", "真实姓名=姓名", "备注="))
        assert [row.record for row in parsed.rows] == [Expert(id="Z1", name="甲某", organisation="示例大学")]
        assert parsed.layout.ignored == ("备注",)
        assert parsed.unknown_columns == ()

    def test_a_choice_goes_before_what_the_header_says(self, tmp_path: Path) -> None:
        rows = (("专家编号", "姓名", "单位"), ("Z1", "甲某", "机械学院"))
        parsed = read(csv_file(tmp_path, rows), given("单位=院系"))
        assert [row.record for row in parsed.rows] == [Expert(id="Z1", name="甲某", department="机械学院")]
        assert "单位" in parsed.layout.absent

    def test_of_two_columns_for_one_field_one_can_be_left_out(self, tmp_path: Path) -> None:
        rows = (("专家编号", "姓名", "单位", "工作单位"), ("Z1", "甲某", "旧", "新"))
        path = csv_file(tmp_path, rows)
        with pytest.raises(InvalidData, match="都表示“单位”"):
            read(path, given())
        (row,) = read(path, given("单位=")).rows
        assert row.record == Expert(id="Z1", name="甲某", organisation="新")

    def test_a_header_that_is_not_there_is_refused_with_those_that_are(self, tmp_path: Path) -> None:
        rows = (("专家编号", "姓名"), ("Z1", "甲某"))
        with pytest.raises(InvalidInput, match=r"没有表头“人员编号”.*专家编号、姓名"):
            read(csv_file(tmp_path, rows), given("人员编号=专家编号"))

    def test_a_required_column_that_is_not_to_be_read_is_missing(self, tmp_path: Path) -> None:
        rows = (("专家编号", "姓名"), ("Z1", "甲某"))
        with pytest.raises(InvalidData) as refused:
            read(csv_file(tmp_path, rows), given("姓名="))
        assert refused.value.code == "import.columns_missing"

    def test_chosen_headers_find_the_header_row_the_sheet_and_the_delimiter(self, tmp_path: Path) -> None:
        table = given("人员编号=专家编号", "真实姓名=姓名")
        book = xlsx_file(tmp_path, {"说明": [("填表", "须知")], "人员": [("表一",), *FOREIGN]})
        parsed = read(book, table)
        assert (parsed.source.sheet, parsed.layout.header_row) == ("人员", 2)
        path = tmp_path / "semicolons.csv"
        path.write_text("人员编号;真实姓名\nZ1;甲某\n", encoding="utf-8")
        assert [row.id for row in read(path, table).rows] == ["Z1"]


REMEMBERED = {source_of(FOREIGN[0]): {"人员编号": "id", "真实姓名": "name", "备注": ""}}


class TestRemembering:
    def test_a_known_source_is_read_as_before(self, tmp_path: Path) -> None:
        parsed = read(csv_file(tmp_path, FOREIGN), given(remembered=REMEMBERED))
        assert [row.record for row in parsed.rows] == [Expert(id="Z1", name="甲某", organisation="示例大学")]
        origins = {match.written: match.origin for match in draft_plan(parsed, Library()).mapping}
        assert origins == {
            "人员编号": ColumnOrigin.REMEMBERED,
            "真实姓名": ColumnOrigin.REMEMBERED,
            "单位": ColumnOrigin.OWN,
        }

    def test_columns_may_stand_in_another_order(self, tmp_path: Path) -> None:
        rows = [row[::-1] for row in FOREIGN]
        assert len(read(csv_file(tmp_path, rows), given(remembered=REMEMBERED)).rows) == 1

    def test_another_source_is_not_read_so(self, tmp_path: Path) -> None:
        rows = [row[:3] for row in FOREIGN]
        with pytest.raises(InvalidData) as refused:
            read(csv_file(tmp_path, rows), given(remembered=REMEMBERED))
        assert refused.value.code == "import.columns_missing"

    def test_what_is_said_now_goes_before_what_is_remembered(self, tmp_path: Path) -> None:
        table = given("单位=院系", remembered=REMEMBERED)
        parsed = read(csv_file(tmp_path, FOREIGN), table)
        assert [row.record for row in parsed.rows] == [Expert(id="Z1", name="甲某", department="示例大学")]
        (match,) = [match for match in draft_plan(parsed, Library()).mapping if match.header == "院系"]
        assert (match.position, match.written, match.origin) == (3, "单位", ColumnOrigin.GIVEN)

    def test_a_field_that_is_no_more_is_passed_over(self, tmp_path: Path) -> None:
        remembered = {source_of(FOREIGN[0]): {**REMEMBERED[source_of(FOREIGN[0])], "备注": "fax"}}
        parsed = read(csv_file(tmp_path, FOREIGN), given(remembered=remembered))
        assert parsed.layout.unknown == ("备注",)


def test_headers_alone_can_be_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [("表一",), *FOREIGN])
    assert read_headers(path, EXPERTS) == FOREIGN[0]
    assert read_headers(csv_file(tmp_path, [("",)], name="blank.csv"), EXPERTS) == ()


def test_an_alias_is_told_from_the_header_itself(tmp_path: Path) -> None:
    rows = (("专家编号", "专家姓名"), ("Z1", "甲某"))
    plan = draft_plan(read(csv_file(tmp_path, rows), given()), Library())
    assert [(match.written, match.header, match.origin) for match in plan.mapping] == [
        ("专家编号", "专家编号", ColumnOrigin.OWN),
        ("专家姓名", "姓名", ColumnOrigin.ALIAS),
    ]
