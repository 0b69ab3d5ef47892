"""Workbooks: types of cells, sheets, formulas, and archives that are not what they seem."""

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from recommender.domain.entities import Achievement, Enterprise
from recommender.domain.errors import InvalidData, InvalidInput
from recommender.exchange.limits import LIMITS

from .samples import CODE, EXPERTS, Library, csv_file, parse, plan, xlsx_file

CONTENT = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def repacked(path: Path, **members: bytes) -> Path:
    """The same archive with members replaced; a name is given by its last part without ending."""
    target = path.with_name("repacked.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for member in source.namelist():
            out.writestr(member, members.get(Path(member).stem, source.read(member)))
    return target


def with_sheet_xml(path: Path, body: str) -> Path:
    """The same workbook with another first sheet."""
    xml = f'<?xml version="1.0"?><worksheet xmlns="{CONTENT}"><sheetData>{body}</sheetData></worksheet>'
    return repacked(path, sheet1=xml.encode())


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def hidden(path: Path, *names: str) -> Path:
    """The same workbook with sheets hidden."""
    book = openpyxl.load_workbook(path)
    for name in names:
        book[name].sheet_state = "hidden"
    book.save(path)
    return path


HEADER_XML = f'<row r="1">{inline("A1", "专家编号")}{inline("B1", "姓名")}{inline("C1", "简介")}</row>'


def test_ids_that_excel_made_numbers_are_text_again(tmp_path: Path) -> None:
    rows = [["专家编号", "姓名"], [123, "甲"], [124.0, "乙"], ["00125", "丙"]]
    assert [record.id for record in plan(xlsx_file(tmp_path, {"专家": rows})).new] == ["123", "124", "00125"]


def test_a_long_code_stored_as_number_is_an_error(tmp_path: Path) -> None:
    rows = [["企业名称", "统一社会信用代码"], ["甲", 913205820000000000], ["乙", CODE]]
    drafted = plan(xlsx_file(tmp_path, {"企业": rows}), "enterprises")
    assert [record.id for record in drafted.new] == [CODE]
    assert [(error.row, error.code) for error in drafted.errors] == [(2, "id.lost_digits")]


def test_dates_and_numbers_keep_their_meaning(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "统一社会信用代码", "成立日期", "注册资本"],
        ["甲", CODE, datetime.fromisoformat("2012-06-18 09:30"), 500],
    ]
    (record,) = plan(xlsx_file(tmp_path, {"企业": rows}), "enterprises").new
    assert record == Enterprise(code=CODE, name="甲", founded_on=date(2012, 6, 18), registered_capital="500")


def test_numbers_are_read_where_numbers_belong(tmp_path: Path) -> None:
    rows = [["成果编号", "成果类型", "成果名称", "年份", "成熟度"], ["CG1", "专利", 3.14, 2024, "中试"]]
    (record,) = plan(xlsx_file(tmp_path, {"成果": rows}), "achievements").new
    assert record == Achievement(id="CG1", type="专利", title="3.14", year=2024, trl=6)


def test_a_workbook_and_a_text_file_with_the_same_rows_are_the_same(tmp_path: Path) -> None:
    assert plan(xlsx_file(tmp_path, {"专家": EXPERTS})).new == plan(csv_file(tmp_path, EXPERTS)).new


class TestSheets:
    def test_the_first_sheet_with_a_known_header_is_read(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"空": [], "填写说明": [["请按说明填写"], ["单位"]], "专家": EXPERTS})
        drafted = plan(book)
        assert drafted.source.sheet == "专家"
        assert len(drafted.new) == 2
        assert drafted.notes == ()

    def test_further_sheets_of_the_same_kind_are_mentioned(self, tmp_path: Path) -> None:
        other = (EXPERTS[0], ("ZJ9", "丁某", "", ""))
        book = xlsx_file(tmp_path, {"一": EXPERTS, "二": other})
        drafted = plan(book)
        assert drafted.source.sheet == "一"
        assert "“二”" in drafted.notes[0]
        assert "--sheet" in drafted.notes[0]
        assert [row.record.name for row in parse(book, sheet="二").rows] == ["丁某"]  # type: ignore[union-attr]

    def test_an_unknown_sheet_is_refused_with_those_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match="没有名为“三”的工作表。工作簿中有：一、二"):
            parse(xlsx_file(tmp_path, {"一": EXPERTS, "二": []}), sheet="三")

    def test_hidden_sheets_are_read_only_if_asked_for(self, tmp_path: Path) -> None:
        other = (EXPERTS[0], ("ZJ9", "丁某", "", ""))
        book = hidden(xlsx_file(tmp_path, {"旧": other, "说明": [["说明"]], "新": EXPERTS}), "旧")
        drafted = plan(book)
        assert (drafted.source.sheet, drafted.notes) == ("新", ())
        assert [row.id for row in parse(book, sheet="旧").rows] == ["ZJ9"]
        with pytest.raises(InvalidData, match="只有隐藏的工作表“旧”带有专家的表头") as refused:
            parse(hidden(book, "新"))
        assert refused.value.code == "import.sheet_hidden"

    def test_a_sheet_that_is_no_table_does_not_hide_another(self, tmp_path: Path) -> None:
        wide = [[f"列{number}" for number in range(LIMITS.max_columns + 1)]]
        assert plan(xlsx_file(tmp_path, {"矩阵": wide, "专家": EXPERTS})).source.sheet == "专家"

    def test_a_text_file_has_no_sheets(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match="没有工作表"):
            parse(csv_file(tmp_path, EXPERTS), sheet="一")

    def test_a_workbook_without_content_is_empty(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidData, match="各个工作表都没有内容"):
            parse(xlsx_file(tmp_path, {"一": [], "二": [[None, " "]]}))

    def test_a_sheet_that_states_a_false_size_is_read_whole(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"专家": EXPERTS})
        with zipfile.ZipFile(book) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml")
        for stated in (b'ref="A1:B2"', b'ref="A1:XFD1048576"'):
            changed = re.sub(rb'(?<=<dimension )ref="[^"]*"', stated, xml)
            assert changed != xml
            assert len(parse(repacked(book, sheet1=changed)).rows) == 2


class TestFormulas:
    def test_the_stored_result_is_read(self, tmp_path: Path) -> None:
        row = (
            '<row r="2"><c r="A2" t="str"><f>"ZJ"&amp;1</f><v>ZJ1</v></c>'
            '<c r="B2" t="str"><f>D2</f><v>甲某</v></c><c r="C2" t="str"><f>""</f><v></v></c></row>'
        )
        drafted = plan(with_sheet_xml(xlsx_file(tmp_path, {"专家": EXPERTS}), HEADER_XML + row))
        assert drafted.errors == ()
        (record,) = drafted.new
        assert (record.id, record.name, record.biography) == ("ZJ1", "甲某", "")  # type: ignore[union-attr]

    def test_a_formula_without_result_is_an_error_not_an_empty_cell(self, tmp_path: Path) -> None:
        rows = [["专家编号", "姓名", "简介"], ["ZJ1", "甲某", '="从"&"业"'], ["ZJ2", "乙某", "无公式"]]
        drafted = plan(xlsx_file(tmp_path, {"专家": rows}))
        assert [record.id for record in drafted.new] == ["ZJ2"]
        (error,) = drafted.errors
        assert (error.row, error.column, error.code) == (2, "简介", "cell.uncached_formula")

    def test_the_result_of_a_wrong_formula_is_an_error(self, tmp_path: Path) -> None:
        row = f'<row r="2">{inline("A2", "ZJ1")}<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        drafted = plan(with_sheet_xml(xlsx_file(tmp_path, {"专家": EXPERTS}), HEADER_XML + row))
        assert [(error.row, error.column, error.code) for error in drafted.errors] == [
            (2, "姓名", "cell.formula_error")
        ]

    def test_cells_without_references_are_counted(self, tmp_path: Path) -> None:
        row = "<row>" + inline("A2", "ZJ1") + inline("B2", "甲某") + "<c><f>NOW()</f></c></row>"
        body = (HEADER_XML + row).replace(' r="A2"', "").replace(' r="B2"', "")
        drafted = plan(with_sheet_xml(xlsx_file(tmp_path, {"专家": EXPERTS}), body))
        assert [(error.row, error.column) for error in drafted.errors] == [(2, "简介")]


def test_line_ends_that_excel_escapes_are_line_ends(tmp_path: Path) -> None:
    row = f'<row r="2">{inline("A2", "ZJ1")}{inline("B2", "甲")}{inline("C2", "一_x000D_&#10;二_x4e00_")}</row>'
    (record,) = plan(with_sheet_xml(xlsx_file(tmp_path, {"专家": EXPERTS}), HEADER_XML + row)).new
    assert record.biography == "一\n二_x4e00_"  # type: ignore[union-attr]


def test_rows_that_end_early_have_empty_cells_there(tmp_path: Path) -> None:
    book = xlsx_file(tmp_path, {"专家": [["专家编号", "姓名", "单位"], ["ZJ1", "甲"], ["ZJ2"]]})
    drafted = plan(book)
    assert [record.id for record in drafted.new] == ["ZJ1"]
    assert [(error.row, error.column, error.code) for error in drafted.errors] == [(3, "姓名", "value.required")]
    assert drafted.warnings == ()


class TestArchives:
    def test_a_truncated_workbook_is_broken(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"专家": EXPERTS})
        data = book.read_bytes()
        for size in (40, len(data) // 2, len(data) - 10):
            book.write_bytes(data[:size])
            with pytest.raises(InvalidData, match="已损坏或不完整"):
                parse(book)

    def test_flipped_bytes_are_never_read_as_something_else(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"专家": EXPERTS})
        data = bytearray(book.read_bytes())
        expected = [row.record for row in parse(book).rows]
        for position in range(0, len(data), 97):
            flipped = bytearray(data)
            flipped[position] ^= 0x10
            book.write_bytes(flipped)
            try:
                assert [row.record for row in parse(book).rows] == expected
            except InvalidData as error:
                assert error.code.startswith("import.")

    def test_a_document_that_is_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", "<document/>")
        with pytest.raises(InvalidData, match="不是可以导入的表格"):
            parse(path)

    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"专家": EXPERTS})
        bomb = repacked(book, sheet1=b" " * (LIMITS.min_suspect_bytes + 1))
        with pytest.raises(InvalidData, match="展开后大得异常"):
            parse(bomb)

    def test_a_bomb_that_lies_about_its_size_is_broken(self, tmp_path: Path) -> None:
        real = b" " * (LIMITS.min_suspect_bytes + 1)
        bomb = repacked(xlsx_file(tmp_path, {"专家": EXPERTS}), sheet1=real)
        stated = len(real).to_bytes(4, "little")
        assert stated in bomb.read_bytes()
        bomb.write_bytes(bomb.read_bytes().replace(stated, (1000).to_bytes(4, "little")))
        with pytest.raises(InvalidData, match="已损坏或不完整"):
            parse(bomb)

    @pytest.mark.parametrize(
        "declaration",
        ['<!ENTITY a "aaaaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'],
    )
    def test_entities_are_not_resolved(self, tmp_path: Path, declaration: str) -> None:
        xml = (
            f'<?xml version="1.0"?><!DOCTYPE x [{declaration}]><worksheet xmlns="{CONTENT}"><sheetData>'
            f'{HEADER_XML}<row r="2">{inline("A2", "ZJ1")}{inline("B2", "&a;")}</row></sheetData></worksheet>'
        )
        book = repacked(xlsx_file(tmp_path, {"专家": EXPERTS}), sheet1=xml.encode())
        with pytest.raises(InvalidData, match="含有 DTD 声明"):
            parse(book)

    def test_the_file_is_closed_afterwards(self, tmp_path: Path) -> None:
        book = xlsx_file(tmp_path, {"专家": EXPERTS})
        parse(book)
        still_open = [link for link in Path("/proc/self/fd").iterdir() if link.exists() and link.samefile(book)]
        assert still_open == []


def test_an_empty_cell_at_the_end_clears_what_is_stored(tmp_path: Path) -> None:
    before = plan(xlsx_file(tmp_path, {"专家": EXPERTS})).new
    rows = [EXPERTS[0], ["ZJ1", "甲某", "示例大学"], EXPERTS[2]]
    drafted = plan(xlsx_file(tmp_path, {"专家": rows}), library=Library(before))
    assert [(change.record.id, change.columns) for change in drafted.changed] == [("ZJ1", ("研究方向",))]
