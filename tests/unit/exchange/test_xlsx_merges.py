"""Merged ranges are found wherever they stand in a part, and filled down within bounds."""

import io

import pytest

from recommender.exchange import xlsx_merges
from recommender.exchange.cells import RawRow
from recommender.exchange.limits import LIMITS
from recommender.exchange.merges import MergedRange, fill_down
from recommender.exchange.xlsx_merges import find_merges
from recommender.exchange.xlsx_xml import Suspicious
from tests.hostile.packages import GOOD, sheet_xml

TWO = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:B4"/></mergeCells>'
FOUND = (
    MergedRange(first_row=1, last_row=1, first_column=1, last_column=3),
    MergedRange(first_row=2, last_row=4, first_column=2, last_column=2),
)


def found(xml: str) -> tuple[MergedRange, ...]:
    return find_merges(io.BytesIO(xml.encode()))


@pytest.mark.parametrize(
    "written",
    [
        TWO,
        TWO.replace('"', "'"),
        TWO.replace("<merge", "<x:merge").replace("</merge", "</x:merge"),
        TWO.replace("><", ">\n  <"),
        TWO.replace(' ref="A1:C1"/>', ' ref = "A1:C1" ></mergeCell>'),
    ],
)
def test_ranges_are_found_however_they_are_written(written: str) -> None:
    assert found(sheet_xml(GOOD, after=written)) == FOUND


@pytest.mark.parametrize("n_blanks", range(60))
def test_ranges_are_found_across_pieces(monkeypatch: pytest.MonkeyPatch, n_blanks: int) -> None:
    monkeypatch.setattr(xlsx_merges, "_CHUNK", 64)
    assert found(sheet_xml(GOOD + " " * n_blanks, after=TWO)) == FOUND


def test_words_in_cells_are_no_ranges() -> None:
    assert found(sheet_xml(GOOD.replace("甲某", 'mergeCells ref="A1:B2" &lt;mergeCells&gt; ref="A1:B2"'))) == ()


def test_the_part_is_read_to_its_end() -> None:
    part = io.BytesIO(sheet_xml(GOOD, after=TWO + " " * 5_000_000).encode())
    find_merges(part)
    assert part.read() == b""


def test_ranges_right_of_all_tables_are_left_out_and_wide_ones_cut() -> None:
    listed = '<mergeCells><mergeCell ref="XFC1:XFD9"/><mergeCell ref="A2:XFD3"/></mergeCells>'
    (area,) = found(sheet_xml(GOOD, after=listed))
    assert (area.first_column, area.last_column) == (1, LIMITS.max_columns)


def test_more_ranges_than_anybody_merges_are_refused() -> None:
    ranges = '<mergeCell ref="A1000001:C1000002" xmlns:x="urn:x-y-z"/>' * LIMITS.max_merges
    assert len(found(sheet_xml(after=f"<mergeCells>{ranges[: len(ranges) // 2]}"))) == LIMITS.max_merges // 2
    with pytest.raises(Suspicious):
        found(sheet_xml(after=f"<mergeCells>{ranges * 2}</mergeCells>"))


def test_filling_down_costs_no_more_than_one_value_a_column() -> None:
    rows: list[RawRow] = [(number, [f"{number}", ""]) for number in range(1, 5)]
    merged = [MergedRange(1, 2**20, 2, 2), MergedRange(1, 3, 1, 1), *[MergedRange(2, 9, 2, 2)] * 1_000]
    rows[0] = (1, ["1", "值"])
    assert list(fill_down(rows, merged)) == [
        (1, ["1", "值"]),
        (2, ["2", "值"]),
        (3, ["3", "值"]),
        (4, ["4", "值"]),
    ]


def test_a_merged_cell_without_value_and_rows_left_out_change_nothing() -> None:
    rows: list[RawRow] = [(2, ["", "乙"]), (5, ["丙"]), (9, ["丁"])]
    merged = [MergedRange(2, 4, 1, 1), MergedRange(3, 6, 1, 1), MergedRange(1, 9, 2, 2)]
    assert list(fill_down(rows, merged)) == rows
