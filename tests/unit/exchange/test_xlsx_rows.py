"""Cells of workbooks: read as openpyxl reads them, where that one is right, and in bounded memory."""

import io
import zipfile
import zlib
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from recommender.exchange.cells import Cell, RawRow
from recommender.exchange.xlsx_archive import open_archive
from recommender.exchange.xlsx_book import read_book
from recommender.exchange.xlsx_rows import column_number, read_rows
from recommender.exchange.xlsx_strings import SharedStrings
from recommender.exchange.xlsx_xml import Malformed
from tests.hostile.packages import HEADER, ROWS, pack, parts, rows, styles_xml

SAMPLES = sorted((Path(__file__).parents[3] / "data" / "samples").glob("*.xlsx"))


def read(path: Path, sheet: int = 0) -> list[RawRow]:
    """All rows of a worksheet."""
    with open_archive(path) as archive, ExitStack() as opened:
        book = read_book(archive)
        strings = None if book.strings is None else opened.enter_context(archive.open(book.strings))
        part = opened.enter_context(archive.open(book.worksheets[sheet].member))
        return list(read_rows(part, book, SharedStrings(strings)))


def as_openpyxl(path: Path, sheet: int = 0) -> list[RawRow]:
    """The same by openpyxl, in the form of our rows."""
    found: list[RawRow] = []
    values = openpyxl.load_workbook(path, data_only=True).worksheets[sheet].iter_rows(values_only=True)
    for number, row in enumerate(values, start=1):
        cells = [_ours(value) for value in row]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            found.append((number, cells))
    return found


def _ours(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    if isinstance(value, str):
        return value.replace("_x000D_", "\r")
    assert isinstance(value, int | float | date)
    return value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_read_as_openpyxl_reads_them(path: Path) -> None:
    n_sheets = len(openpyxl.load_workbook(path, read_only=True).worksheets)
    for sheet in range(n_sheets):
        assert read(path, sheet) == as_openpyxl(path, sheet)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff_"), max_size=20)
VALUES = st.one_of(
    st.none(),
    TEXTS.filter(lambda text: not text.startswith("=") and text == text.strip()),
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15, allow_nan=False).map(lambda number: float(f"{number:.10g}")),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
)


@settings(max_examples=60, deadline=None)
@given(table=st.lists(st.lists(VALUES, max_size=6), min_size=1, max_size=8))
def test_any_workbook_is_read_as_openpyxl_reads_it(
    table: list[list[object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(table, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                sheet.cell(number * 2, column, value)
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    book.save(path)
    assert read(path) == as_openpyxl(path)


def test_columns_are_numbered_as_spreadsheets_name_them() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "AZ", "BA", "XFD")] == [
        1,
        26,
        26 + 1,
        26 + 26,
        2 * 26 + 1,
        (24 * 26 + 6) * 26 + 4,
    ]
    for wrong in ("", "XFE", "AAAA", "a", "A1", "Ａ"):
        with pytest.raises(Malformed):
            column_number(wrong)


class TestMoments:
    @pytest.mark.parametrize(
        ("days", "format_id", "expected"),
        [
            ("1", 14, date(1900, 1, 1)),
            ("61", 14, date(1900, 3, 1)),
            ("45000", 14, date(2023, 3, 15)),
            ("45000", 31, date(2023, 3, 15)),
            ("45000", 57, date(2023, 3, 15)),
            ("45000.5", 22, datetime(2023, 3, 15, 12)),  # noqa: DTZ001 - cells have no time zone
            ("0.25", 20, "06:00:00"),
            ("45000", 0, 45000),
            ("45000", 2, 45000),
            ("45000", 46, 45000),
            ("45000", 170, 45000),
            ("45000", 171, date(2023, 3, 15)),
            ("-1", 14, -1.0),
            ("1e10", 14, 1e10),
        ],
    )
    def test_a_number_is_a_moment_where_its_format_says_so(
        self, tmp_path: Path, days: str, format_id: int, expected: Cell
    ) -> None:
        styles = styles_xml(0, format_id, formats={170: '0.00"天"', 171: '[$-804]yyyy"年"m"月"d"日"'})
        body = rows((f'<c r="A1" s="1"><v>{days}</v></c>',))
        assert read(pack(tmp_path / "book.xlsx", parts(body, styles=styles))) == [(1, [expected])]

    def test_the_other_epoch_is_four_years_and_a_day_later(self, tmp_path: Path) -> None:
        body = rows(('<c r="A1" s="1"><v>0.0</v></c>', '<c r="B1" s="1"><v>1</v></c>'))
        book = parts(body, styles=styles_xml(0, 14), properties='date1904="1"')
        assert read(pack(tmp_path / "book.xlsx", book))[0][1][1] == date(1904, 1, 2)


class TestStrings:
    def test_only_as_much_of_the_table_is_read_as_is_asked_for(self) -> None:
        table = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        items = b"".join(b"<si><t>text %d</t></si>" % number for number in range(100_000))
        part = io.BytesIO(table + items + b"</sst>")
        strings = SharedStrings(part)
        assert strings.load(3) == "text 3"
        assert part.tell() < 2**17
        assert strings.load(99_999) == "text 99999"
        with pytest.raises(Malformed):
            strings.load(100_000)

    def test_what_was_not_asked_for_is_still_verified(self, tmp_path: Path) -> None:
        body = rows(HEADER, ('<c r="A2" t="s"><v>0</v></c>', "甲某"))
        path = pack(tmp_path / "book.xlsx", parts(body, strings=("ZJ1", *(f"{n}" * 9 for n in range(50_000)))))
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo("xl/sharedStrings.xml")
        data = bytearray(path.read_bytes())
        data[member.header_offset + 50 + member.compress_size * 9 // 10] ^= 0x10
        path.write_bytes(data)
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            read(path)


def test_rows_come_before_the_sheet_is_read_to_its_end(tmp_path: Path) -> None:
    path = pack(tmp_path / "book.xlsx", parts(rows(HEADER, *ROWS * 50_000)))
    with open_archive(path) as archive:
        book = read_book(archive)
        with archive.open(book.worksheets[0].member) as part:
            first = next(read_rows(part, book, SharedStrings(None)))
            assert first == (1, list(HEADER))
            assert part.tell() < 2**18
