"""Rows: what was read once is not read again, and that makes no difference."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from recommender.exchange import rows
from recommender.exchange.cells import Cell
from recommender.exchange.columns import TableSpec
from recommender.exchange.headers import Header, match_columns
from recommender.exchange.issues import IssueLog
from recommender.exchange.rows import ParsedRow, RowParser
from recommender.exchange.tables import table_of

from .samples import csv_file, parse

EXPERTS = table_of("experts")
HEADER = ("专家编号", "姓名", "单位", "最近核验日期", "容量")


def parser(log: IssueLog, table: TableSpec = EXPERTS) -> RowParser:
    return RowParser(table, match_columns(Header(1, 1, HEADER), table), log, strict_width=False)


def parsed(cells: list[Cell], subject: RowParser) -> ParsedRow:
    row = subject.parse((2, cells))
    assert row is not None
    return row


def counting(table: TableSpec, field: str, calls: list[Cell]) -> TableSpec:
    """The table with a parser for one field that notes what it is asked."""

    def noted(parse: Callable[[Cell], object]) -> Callable[[Cell], object]:
        def parse_noted(cell: Cell) -> object:
            calls.append(cell)
            return parse(cell)

        return parse_noted

    columns = []
    for column in table.columns:
        copy = replace(column)
        if column.field == field:
            object.__setattr__(copy, "parse", noted(column.parse))
        columns.append(copy)
    return replace(table, columns=tuple(columns))


def test_a_text_that_was_read_before_is_not_read_again() -> None:
    calls: list[Cell] = []
    subject = parser(IssueLog(), counting(EXPERTS, "organisation", calls))
    records = [parsed([f"ZJ{n}", "甲某", "示例大学"], subject).record for n in range(5)]
    assert calls == ["示例大学"]
    assert {record.organisation for record in records} == {"示例大学"}  # type: ignore[union-attr]


def test_long_texts_and_too_many_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_MAX_REMEMBERED", 3)
    calls: list[Cell] = []
    subject = parser(IssueLog(), counting(EXPERTS, "organisation", calls))
    for name in ("长" * 65, "甲", "乙", "丙", "长" * 65, "甲", "乙", "丙"):
        parsed(["ZJ1", "甲某", name], subject)
    # "" is known from the start, so that two names find room.
    assert calls == ["长" * 65, "甲", "乙", "丙", "长" * 65, "丙"]


def test_remarks_and_errors_are_made_each_time() -> None:
    log = IssueLog()
    subject = parser(log)
    for number in range(3):
        parsed([f"ZJ{number}", "甲某", "示例\x07大学", "无", "三"], subject)
    assert [warning.code for warning in log.warnings] == ["text.control_characters", "value.placeholder"] * 3
    assert [error.code for error in log.errors] == ["count.form"] * 3


def test_equal_keys_are_not_equal_cells() -> None:
    subject = parser(IssueLog())
    read = [parsed(["ZJ1", "甲某", cell], subject).record for cell in ("1", 1, 1.0, "TRUE", date(2024, 3, 5))]
    assert [record.organisation for record in read] == ["1", "1", "1", "TRUE", "2024-03-05"]  # type: ignore[union-attr]


def test_a_value_and_its_text_with_blanks_are_one_value_in_two_cells() -> None:
    subject = parser(IssueLog())
    for cell in ("示例大学", " 示例大学 ", "示例大学\u200b", " 示例大学 "):
        assert parsed(["ZJ1", "甲某", cell], subject).record.organisation == "示例大学"  # type: ignore[union-attr]


def test_the_same_file_gives_the_same_records_with_and_without_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [(f"ZJ{n}", f"名{n % 7}", f"校{n % 3}", f"2024-03-{n % 28 + 1:02d}", n % 5) for n in range(300)]
    path = csv_file(tmp_path, [HEADER, *lines])
    with_memory = [row.record for row in parse(path).rows]
    monkeypatch.setattr(rows, "_MAX_REMEMBERED", 0)
    assert [row.record for row in parse(path).rows] == with_memory
