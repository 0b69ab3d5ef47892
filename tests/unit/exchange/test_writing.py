"""Written files: whole or not at all, and no cell of theirs comes alive."""

import csv
import random
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.entities import Need
from recommender.domain.errors import Conflict, InvalidData, InvalidInput
from recommender.exchange import writing_sheet
from recommender.exchange.files import FileFormat
from recommender.exchange.guards import guarded_for_csv, guarded_for_workbook, looks_live, unguarded
from recommender.exchange.writing import LongText, OutCell, OutColumn, RowLook, open_book, open_table
from recommender.exchange.writing_sheet import MAX_CHARACTERS, column_letters

from .samples import parse

COLUMNS = (OutColumn(header="编号", is_text=True, is_required=True, width=16), OutColumn(header="内容", width=30))
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TRIGGERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
EVERY_FORMAT = pytest.mark.parametrize("format", FileFormat)


def write(path: Path, rows: Sequence[Sequence[OutCell]], **options: object) -> Path:
    """A table of two columns; the format follows from the ending."""
    with open_table(path, COLUMNS, format=FileFormat(path.suffix[1:]), name="表", **options) as table:  # type: ignore[arg-type]
        for row in rows:
            table.write(row)
    return path


def sheet_xml(path: Path) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


def unescaped(text: str) -> str:
    """Text of a workbook's cell, by the rule of the format."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def texts_of(path: Path) -> list[str]:
    """The second column below the header, as a reader gets it."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [unguarded(row[1]) for row in csv.reader(file)][1:]
    rows = sheet_xml(path).iter(f"{NAMESPACE}row")
    cells = [row.findtext(f"{NAMESPACE}c[2]/{NAMESPACE}is/{NAMESPACE}t") or "" for row in rows]
    return [unguarded(unescaped(text)) for text in cells][1:]


def random_texts(n: int) -> list[str]:
    """Texts of the kinds that have broken exports before, and any others."""
    drawn = random.Random(7)
    letters = "轴承裂纹abcXYZ0189 ,;\"'<>&|%$#!(){}[]\\/_x000D_~`^*?:.\u3000"
    odd = "".join(
        map(chr, (*range(32), *range(0x7F, 0xA0), 0x200B, 0x200F, 0x202E, 0x2066, 0xFEFF, 0xFFFE, 0xFFFF))
    )
    wide = "😀🧵𠮷👨‍👩‍👧e\u0301שלוםمرحبا"
    payloads = (
        "=1+1",
        "=cmd|' /C calc'!A0",
        '+HYPERLINK("http://x.cn")',
        "-2+3",
        "@SUM(A1)",
        "＝1＋1",
        "_x003D_1",
    )
    texts = []
    for _ in range(n):
        body = "".join(drawn.choices(letters * 4 + odd + wide, k=drawn.randint(0, 60)))
        front = drawn.choice(("", "", *TRIGGERS, *payloads, " =", "\u200b=", "\ufeff+", "'=", "''@"))
        texts.append(front + body)
    texts[::1000] = ["=" + "长" * 30_000] * len(texts[::1000])
    return texts


N_TEXTS = 10_000


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return random_texts(N_TEXTS)


@pytest.fixture(scope="module")
def book(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    return write(folder / "out.xlsx", [(f"{n}", text) for n, text in enumerate(texts)])


class TestNoFormulas:
    def test_no_cell_of_a_workbook_is_a_formula(self, book: Path, texts: list[str]) -> None:
        xml = sheet_xml(book)
        assert [
            element.tag for element in xml.iter() if element.tag in (f"{NAMESPACE}f", f"{NAMESPACE}hyperlinks")
        ] == []
        cells = list(xml.iter(f"{NAMESPACE}c"))
        assert len(cells) == 2 * (N_TEXTS + 1) - texts.count("")
        assert {cell.get("t") for cell in cells} == {"inlineStr"}

    def test_openpyxl_reads_text_only(self, book: Path) -> None:
        sheet = openpyxl.load_workbook(book).active
        assert sheet is not None
        kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
        assert kinds == {"s"}
        assert all(
            cell.quotePrefix
            for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2)
            if str(cell.value).startswith(TRIGGERS[:8])
        )

    def test_the_text_of_a_workbook_comes_back_equal(self, book: Path, texts: list[str]) -> None:
        assert texts_of(book) == texts

    def test_text_files_hold_nothing_live_and_lose_nothing(self, tmp_path: Path, texts: list[str]) -> None:
        path = write(tmp_path / "out.csv", [(f"{n}", text) for n, text in enumerate(texts)])
        with path.open(encoding="utf-8-sig", newline="") as file:
            written = [row[1] for row in csv.reader(file)]
        assert [text for text in written if text.startswith(TRIGGERS[:-1])] == []
        assert texts_of(path) == texts

    def test_the_sample_has_every_kind(self, texts: list[str]) -> None:
        starts = {text[:1] for text in texts}
        assert starts.issuperset(TRIGGERS)
        categories = {unicodedata.category(letter) for text in texts for letter in text}
        assert categories.issuperset({"Cc", "Cf", "Cn", "Lo", "So", "Mn", "Zs"})


class TestGuards:
    ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
        "'=+@\t\r\n \u200b－", max_size=6
    )

    @given(ANY)
    def test_a_guard_is_taken_away_exactly(self, text: str) -> None:
        assert unguarded(guarded_for_csv(text)) == text
        assert unguarded(guarded_for_workbook(text)) == text

    @given(ANY)
    def test_what_is_guarded_begins_with_an_apostrophe(self, text: str) -> None:
        guarded = guarded_for_csv(text)
        assert guarded == text or guarded == "'" + text
        assert (guarded != text) == looks_live(text)
        assert not text.startswith(TRIGGERS[:-1]) or guarded != text

    @pytest.mark.parametrize("text", ["冷挤压", "a=b", "1-2", "'90 年代", "3+2", "邮箱 a@b.cn", "·=", ""])
    def test_harmless_text_stays_as_it_is(self, text: str) -> None:
        assert guarded_for_csv(text) == text


class TestCells:
    def test_numbers_are_numbers_and_days_are_days(self, tmp_path: Path) -> None:
        rows: list[list[OutCell]] = [["1", -12.5], ["2", date(2026, 3, 15)], ["3", datetime(2026, 3, 15, 12, 30)]]  # noqa: DTZ001
        sheet = openpyxl.load_workbook(write(tmp_path / "a.xlsx", rows)).active
        assert sheet is not None
        values = [cell.value for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2)]
        assert values == [-12.5, datetime(2026, 3, 15), datetime(2026, 3, 15, 12, 30)]  # noqa: DTZ001
        assert sheet["B3"].number_format.replace("\\", "") == "yyyy-mm-dd"
        assert write(tmp_path / "a.csv", rows).read_text(encoding="utf-8-sig").split() == [
            "编号,内容", "1,-12.5", "2,2026-03-15", "3,2026-03-15", "12:30:00",
        ]  # fmt: skip

    @given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
    def test_numbers_lose_nothing(self, number: float) -> None:
        from recommender.exchange.writing import csv_text

        assert float(csv_text(number)) == number
        assert "e" not in csv_text(number)

    @pytest.mark.parametrize("day", [date(1900, 2, 28), date(1899, 12, 31), date(1, 1, 1)])
    def test_days_that_workbooks_count_wrongly_are_text(self, tmp_path: Path, day: date) -> None:
        assert texts_of(write(tmp_path / "a.xlsx", [["1", day]])) == [day.isoformat()]

    def test_the_first_day_that_workbooks_count_rightly(self, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(tmp_path / "a.xlsx", [["1", date(1900, 3, 1)]])).active
        assert sheet is not None
        assert sheet["B2"].value == datetime(1900, 3, 1)  # noqa: DTZ001

    @EVERY_FORMAT
    @pytest.mark.parametrize("value", [True, b"x", ("a",)])
    def test_what_is_no_cell_is_refused(self, tmp_path: Path, format: FileFormat, value: object) -> None:
        with pytest.raises((TypeError, ArithmeticError)):
            write(tmp_path / f"a.{format}", [["1", value]])  # type: ignore[list-item]
        assert list(tmp_path.iterdir()) == []

    def test_ids_stay_text_in_the_cells_that_are_there_and_those_to_come(self, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(tmp_path / "a.xlsx", [["00012", "x"]])).active
        assert sheet is not None
        assert (sheet["A2"].value, sheet["A2"].number_format) == ("00012", "@")
        assert sheet.column_dimensions["A"].number_format == "@"
        assert sheet.column_dimensions["B"].number_format == "General"


class TestLongTexts:
    FITS = "长" * (MAX_CHARACTERS - 2) + "😀"
    TOO_LONG = "长" * (MAX_CHARACTERS - 1) + "😀"

    def test_the_longest_text_of_a_cell_comes_back(self, tmp_path: Path) -> None:
        assert texts_of(write(tmp_path / "a.xlsx", [["1", self.FITS]])) == [self.FITS]

    def test_a_longer_one_is_refused_and_the_text_file_named(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidData, match=r"第 3 行的“内容”有 32,767 个字.*CSV"):
            write(tmp_path / "a.xlsx", [["1", "短"], ["2", self.TOO_LONG]])
        assert list(tmp_path.iterdir()) == []
        assert texts_of(write(tmp_path / "a.csv", [["2", self.TOO_LONG]])) == [self.TOO_LONG]

    def test_a_longer_one_can_be_cut_where_the_file_is_only_read(self, tmp_path: Path) -> None:
        (text,) = texts_of(write(tmp_path / "a.xlsx", [["1", "😀" * 99_999]], long=LongText.CUT))
        assert text.endswith("原文共 99,999 个字）")
        assert MAX_CHARACTERS - 1 <= len(text.encode("utf-16-le")) // 2 <= MAX_CHARACTERS


class TestLooks:
    def test_header_rows_above_and_fills(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with open_table(path, COLUMNS, format=FileFormat.XLSX, name="表", above=[["标题"], []]) as table:
            table.write(["1", "甲", "旁边"])
            table.write(["2", None], look=RowLook.ERROR)
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        assert (sheet["A1"].value, sheet["A3"].value, sheet["C4"].value) == ("标题", "编号", "旁边")
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:B5")
        assert [sheet.column_dimensions[letter].width for letter in "AB"] == [16.7, 30.7]
        colours = {name: sheet[name].fill.fgColor.rgb for name in ("A3", "B3", "A4", "A5", "B5")}
        assert colours["A5"] == colours["B5"] != colours["A4"]
        assert colours["A3"] != colours["B3"]
        assert sheet["A3"].font.b
        assert not sheet["A4"].font.b

    def test_several_sheets_with_names_that_programs_take(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with open_book(path) as book:
            for name in ("企业's [一]", "说" * 40):
                with book.sheet(name, COLUMNS) as sheet:
                    sheet.write(["1", name])
        read = openpyxl.load_workbook(path)
        assert read.sheetnames == ["企业's _一_", "说" * 31]
        assert [sheet["B2"].value for sheet in read] == ["企业's [一]", "说" * 40]

    def test_columns_are_named_as_spreadsheets_name_them(self) -> None:
        assert [column_letters(n) for n in (1, 26, 27, 52, 53, 702, 703, 16_384)] == [
            "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
        ]  # fmt: skip


class TestFiles:
    @EVERY_FORMAT
    def test_the_same_rows_give_the_same_bytes(self, tmp_path: Path, format: FileFormat) -> None:
        first, second = (write(tmp_path / f"{name}.{format}", [["1", "甲"]]).read_bytes() for name in "ab")
        assert first == second

    @EVERY_FORMAT
    def test_a_file_is_replaced_only_if_that_is_said(self, tmp_path: Path, format: FileFormat) -> None:
        path = tmp_path / f"a.{format}"
        path.write_text("früher", encoding="utf-8")
        with pytest.raises(Conflict, match="--force"):
            write(path, [["1", "甲"]])
        assert path.read_text(encoding="utf-8") == "früher"
        assert texts_of(write(path, [["1", "甲"]], replace=True)) == ["甲"]

    @EVERY_FORMAT
    def test_an_error_leaves_the_old_file_and_no_other(self, tmp_path: Path, format: FileFormat) -> None:
        path = write(tmp_path / f"a.{format}", [["1", "甲"]])
        before = path.read_bytes()
        with (
            pytest.raises(RuntimeError),
            open_table(path, COLUMNS, format=format, name="表", replace=True) as table,
        ):
            table.write(["2", "乙"])
            raise RuntimeError
        assert (list(tmp_path.iterdir()), path.read_bytes()) == ([path], before)

    @EVERY_FORMAT
    def test_a_file_that_appears_meanwhile_is_not_replaced(self, tmp_path: Path, format: FileFormat) -> None:
        path = tmp_path / f"a.{format}"
        with pytest.raises(Conflict), open_table(path, COLUMNS, format=format, name="表") as table:
            table.write(["1", "甲"])
            path.write_text("other", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "other"

    @EVERY_FORMAT
    def test_a_place_that_is_none_is_named(self, tmp_path: Path, format: FileFormat) -> None:
        with pytest.raises(InvalidInput, match="文件夹是否存在"):
            write(tmp_path / "none" / f"a.{format}", [])
        (tmp_path / f"folder.{format}").mkdir()
        with pytest.raises(InvalidInput, match="是文件夹"):
            write(tmp_path / f"folder.{format}", [])

    def test_more_rows_than_a_worksheet_has_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing_sheet, "MAX_ROWS", 3)
        write(tmp_path / "a.xlsx", [["1", "甲"]] * 2)
        with pytest.raises(InvalidData, match=r"上限 3 行.*CSV"):
            write(tmp_path / "b.xlsx", [["1", "甲"]] * 3)

    def test_text_files_are_what_spreadsheet_programs_expect(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", [["00012", '甲,"乙"\n丙'], ["2", None]])
        assert path.read_bytes() == '\ufeff编号,内容\r\n00012,"甲,""乙""\n丙"\r\n2,\r\n'.encode()


@pytest.mark.parametrize("text", ["_x000D_", "_x005F_x000D_", "_x0041_", "a_x005F_", "_x", "_x4E2D_", "_xa_"])
def test_text_that_looks_like_an_escape_comes_back_through_the_import(tmp_path: Path, text: str) -> None:
    columns = [OutColumn(header="需求编号"), OutColumn(header="需求名称")]
    with open_table(tmp_path / "a.xlsx", columns, format=FileFormat.XLSX, name="需求") as table:
        table.write(["XQ1", text])
    (row,) = parse(tmp_path / "a.xlsx", "needs").rows
    assert row.record == Need(id="XQ1", title=text)
