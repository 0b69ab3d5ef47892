"""Templates: filled in as they say, they are imported without an error; left as they are, they say so."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from recommender.domain.errors import Conflict, InvalidData, InvalidInput
from recommender.domain.facts import FACT_MEASURES
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.issues import Flagged
from recommender.exchange.messages import TEMPLATE_INDICATORS, TEMPLATE_LISTS, TEMPLATE_NOTES
from recommender.exchange.tables import TABLES
from recommender.exchange.template import template_name, write_template
from recommender.exchange.writing_sheet import column_letters
from recommender.services.templates import TemplateService

from .samples import Library, parse, plan

EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def template(table: TableSpec, tmp_path: Path) -> Path:
    path = tmp_path / "template.xlsx"
    write_template(table, path)
    return path


def rules_of(path: Path) -> Mapping[str, ElementTree.Element]:
    """The rules of the first sheet by the name of their column."""
    with zipfile.ZipFile(path) as archive:
        xml = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rules = list(xml.iter(f"{NAMESPACE}dataValidation"))
    return {rule.attrib["sqref"].split("2:")[0]: rule for rule in rules}


def rule_of(path: Path, table: TableSpec, column: ColumnSpec) -> ElementTree.Element:
    return rules_of(path)[column_letters(table.columns.index(column) + 1)]


def choices_of(book: Workbook, rule: ElementTree.Element) -> list[str]:
    """The words of a drop-down list, from the cells that its rule names."""
    sheet, _, cells = (rule.findtext(f"{NAMESPACE}formula1") or "").rpartition("!")
    return [str(cell.value) for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]


def known_references(table: TableSpec) -> dict[TableKind, set[str]]:
    known: dict[TableKind, set[str]] = {}
    for column in table.columns:
        if column.references is not None:
            known.setdefault(column.references, set()).update(column.example.split("；"))
    return known


@EVERY_TABLE
def test_filled_with_its_own_examples_it_is_imported_without_a_remark(table: TableSpec, template: Path) -> None:
    book = openpyxl.load_workbook(template)
    notes = book[TEMPLATE_NOTES]
    examples = {row[0]: row[7] for row in notes.iter_rows(values_only=True)}
    sheet = book.worksheets[0]
    sheet.append([examples[str(cell.value).rstrip("*")] for cell in sheet[1]])
    book.save(template)
    drafted = plan(template, table.kind, Library(known=known_references(table)))
    assert (drafted.errors, drafted.warnings, drafted.notes) == ((), (), ())
    assert drafted.source.sheet == table.label
    assert (drafted.unknown_columns, drafted.absent_columns) == ((), ())
    (record,) = drafted.new
    for column in table.columns:
        expected = column.parse(column.example)
        assert not isinstance(expected, Flagged)
        assert getattr(record, column.field) == expected


@EVERY_TABLE
def test_as_it_is_it_has_no_rows(table: TableSpec, template: Path) -> None:
    with pytest.raises(InvalidData, match=r"只有表头（第 1 行），没有数据行。请填入数据"):
        parse(template, table.kind)


@EVERY_TABLE
def test_every_choice_of_a_list_is_taken(table: TableSpec, template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for column in table.columns:
        rule = rule_of(template, table, column)
        if column.choices and not column.form.is_list:
            assert rule.get("type") == "list"
            assert tuple(choices_of(book, rule)) == column.choices
            assert rule.get("errorStyle") == ("warning" if column.form.is_closed else "information")
            for choice in choices_of(book, rule):
                column.parse(choice)
        else:
            assert rule.get("type") != "list"


@EVERY_TABLE
def test_lists_of_several_choices_are_told_beside_the_cell(table: TableSpec, template: Path) -> None:
    for column in table.columns:
        prompt = rule_of(template, table, column).get("prompt") or ""
        assert prompt.endswith(f"例如：{column.example}") or len(prompt) == 255
        if column.choices and column.form.is_list:
            assert "、".join(column.choices[:2]) in prompt


@EVERY_TABLE
def test_hints_keep_to_what_programs_show_and_never_stop_anybody(table: TableSpec, template: Path) -> None:
    rules = rules_of(template)
    assert len(rules) == len(table.columns)
    for rule in rules.values():
        assert len(rule.attrib["promptTitle"]) <= 32
        assert len(rule.attrib["prompt"]) <= 255
        assert len(rule.attrib["error"]) <= 255
        assert rule.attrib["errorStyle"] in {"warning", "information"}
        assert rule.attrib["showErrorMessage"] == ("1" if "type" in rule.attrib else "0")


@EVERY_TABLE
def test_an_example_never_makes_a_remark(table: TableSpec, template: Path) -> None:
    for column in table.columns:
        kind = rule_of(template, table, column).get("type")
        if kind == "decimal":
            float(column.example)
        elif kind == "date":
            assert column.parse(column.example) is not None


@EVERY_TABLE
def test_the_header_shows_what_is_required_and_stays_in_sight(table: TableSpec, template: Path) -> None:
    sheet = openpyxl.load_workbook(template).worksheets[0]
    headers = {str(cell.value): cell.fill.fgColor.rgb for cell in sheet[1]}
    assert list(headers) == [column.header + "*" * column.required for column in table.columns]
    assert sheet.freeze_panes == "A2"
    starred = {colour for header, colour in headers.items() if header.endswith("*")}
    others = {colour for header, colour in headers.items() if not header.endswith("*")}
    assert len(starred) == 1
    assert len(others) <= 1
    assert starred != others


@EVERY_TABLE
def test_cells_to_be_filled_in_keep_ids_as_text_and_show_days_as_days(table: TableSpec, template: Path) -> None:
    sheet = openpyxl.load_workbook(template).worksheets[0]
    for number, column in enumerate(table.columns, start=1):
        width, shown = (
            getattr(sheet.column_dimensions[column_letters(number)], name) for name in ("width", "number_format")
        )
        assert width > max(column.form.width, 2 * len(column.header))
        if column.field in table.key and column.form.kind == "text":
            assert shown == "@"
        if column.form.kind == "day":
            assert shown.replace("\\", "") == "yyyy-mm-dd"
        if column.form.kind == "number":
            assert shown == "General"


@EVERY_TABLE
def test_the_notes_tell_of_every_column(table: TableSpec, template: Path) -> None:
    rows: list[tuple[Any, ...]] = list(
        openpyxl.load_workbook(template)[TEMPLATE_NOTES].iter_rows(values_only=True)
    )
    header = next(number for number, row in enumerate(rows) if row[0] == "列名")
    notes = rows[header + 1 :]
    assert [row[0] for row in notes] == [column.header for column in table.columns]
    for row, column in zip(notes, table.columns, strict=True):
        assert (row[1] == "必填") == column.required
        assert column.note in row[3]
        assert (row[5] or "") == column.unit
        assert (row[6] or "") == "、".join(column.choices)
        assert (row[7], row[8]) == (column.example, column.form.on_bad.value)
    introduction = "\n".join(str(row[0]) for row in rows[:header])
    assert table.label in introduction
    assert all(kind.value in introduction for kind in known_references(table))


def test_the_type_of_a_column_says_how_to_fill_it(tmp_path: Path) -> None:
    write_template(TABLES[TableKind.EXPERTS], tmp_path / "t.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "t.xlsx")[TEMPLATE_NOTES].iter_rows(values_only=True)
    types = {row[0]: row[4] for row in rows}
    expected = {
        "姓名": "文本",
        "容量": "数字",
        "采集日期": "日期",
        "意愿": "单选",
        "可接受合作方式": "多选",
        "研究方向": "文本，可多项",
    }
    assert {header: types[header] for header in expected} == expected


def test_yearly_facts_have_a_list_of_their_indicators(tmp_path: Path) -> None:
    write_template(TABLES[TableKind.ENTERPRISE_FACTS], tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = list(book[TEMPLATE_INDICATORS].iter_rows(min_row=2, values_only=True))
    assert rows == [(item.value, measure.unit.value, measure.meaning) for item, measure in FACT_MEASURES.items()]


def test_without_lists_there_is_no_sheet_of_them(tmp_path: Path) -> None:
    write_template(TABLES[TableKind.ACHIEVEMENT_PLATFORMS], tmp_path / "t.xlsx")
    assert TEMPLATE_LISTS not in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames


class TestService:
    def test_it_has_a_name_of_its_own(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert TemplateService().write("experts") == Path("专家导入模板.xlsx")
        assert (tmp_path / "专家导入模板.xlsx").is_file()
        assert len({template_name(table) for table in TABLES.values()}) == len(TABLES)

    def test_a_file_is_replaced_only_if_that_is_said(self, tmp_path: Path) -> None:
        path = TemplateService().write("needs", tmp_path / "t.xlsx")
        before = path.read_bytes()
        with pytest.raises(Conflict, match="--force"):
            TemplateService().write("experts", path)
        assert path.read_bytes() == before
        TemplateService().write("experts", path, replace=True)
        assert path.read_bytes() != before

    def test_what_is_wrong_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match=r"\.xlsx 结尾"):
            TemplateService().write("experts", tmp_path / "t.csv")
        with pytest.raises(InvalidInput, match="可选"):
            TemplateService().write("robots", tmp_path / "t.xlsx")
        assert list(tmp_path.iterdir()) == []
