"""Text files: delimiters, quotes, ragged rows, long cells."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.entities import Need
from recommender.domain.errors import InvalidData
from recommender.exchange import csv_sheet
from recommender.exchange.limits import Limits

from .samples import EXPERTS, csv_file, csv_text, parse, plan

NEEDS_HEADER = ("需求编号", "需求名称", "需求描述")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text("sep=" + delimiter + "\n" + csv_text(EXPERTS, delimiter=delimiter), encoding="utf-8")
    parsed = parse(path)
    assert parsed.source.delimiter == delimiter
    assert parsed.rows[0].record.research_fields == ("铸造", "焊接")  # type: ignore[union-attr]


def test_cells_keep_line_breaks_quotes_and_delimiters(tmp_path: Path) -> None:
    text = '难点：\n1. "裂纹"，2, 孔\r\n预期'
    drafted = plan(csv_file(tmp_path, [NEEDS_HEADER, ("XQ1", "检测", text)]), "needs")
    assert drafted.new == (Need(id="XQ1", title="检测", description=text.replace("\r\n", "\n")),)


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    rows = [NEEDS_HEADER, ("XQ1", "多行", "一\n二\n三"), (), ("XQ2", "", "缺名称")]
    (error,) = plan(csv_file(tmp_path, rows), "needs").errors
    assert (error.row, error.column, error.code) == (4, "需求名称", "value.required")


def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('需求编号,需求名称\nXQ1,好\nXQ2,"没有结尾\nXQ3,好\n', encoding="utf-8")
    with pytest.raises(InvalidData, match="从第 3 行开始，双引号没有成对"):
        parse(path, "needs")


def test_a_quote_closed_by_a_later_row_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('需求编号,需求名称\nXQ1,"好\nXQ2,"坏"\n', encoding="utf-8")
    with pytest.raises(InvalidData, match="从第 2 行开始"):
        parse(path, "needs")


def test_a_shifted_row_is_an_error_and_the_others_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("需求编号,需求名称,需求描述\nXQ1,检测,难点,裂纹\nXQ2,焊接,难点,,\n", encoding="utf-8")
    drafted = plan(path, "needs")
    assert [record.id for record in drafted.new] == ["XQ2"]
    (error,) = drafted.errors
    assert (error.row, error.code) == (2, "row.surplus_cells")
    assert "多出 1 格" in error.message


def test_a_cell_far_beyond_all_limits_costs_only_its_row(tmp_path: Path) -> None:
    rows = [NEEDS_HEADER, ("XQ1", "长", "长" * 300_000), ("XQ2", "好", "长" * 99_999)]
    drafted = plan(csv_file(tmp_path, rows), "needs")
    assert [record.id for record in drafted.new] == ["XQ2"]
    (error,) = drafted.errors
    assert (error.row, error.column, error.code) == (2, "需求描述", "text.too_long")
    assert "“需求描述”有 300,000 个字，超过上限 99,999 个字" in error.message


def test_one_hundred_thousand_characters_are_answered_clearly(tmp_path: Path) -> None:
    drafted = plan(csv_file(tmp_path, [NEEDS_HEADER, ("XQ1", "长", "长" * 100_000)]), "needs")
    assert [error.code for error in drafted.errors] == ["text.too_long"]


def test_a_row_beyond_all_measure_is_stopped_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_sheet, "LIMITS", Limits(max_record_characters=1_000))
    path = tmp_path / "file.csv"
    lines = [",".join(NEEDS_HEADER), "XQ1,检测,好", *["XQ2,检测,好"] * 200]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert parse(path, "needs").layout.header_row == 1, "only one row is measured at a time"
    lines[2] = 'XQ2,"检测,好'
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidData, match="从第 3 行开始的一行数据超过 1,000 个字") as refused:
        parse(path, "needs")
    assert refused.value.code == "import.csv_row_too_long"


@pytest.mark.parametrize("n_more", [0, 1])
def test_the_longest_row_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_more: int) -> None:
    monkeypatch.setattr(csv_sheet, "LIMITS", Limits(max_record_characters=100))
    head = "XQ1,检测,"
    path = tmp_path / "file.csv"
    path.write_text(
        ",".join(NEEDS_HEADER) + "\n" + head + "长" * (98 - len(head) + n_more) + "\n", encoding="utf-8"
    )
    if n_more == 0:
        assert len(parse(path, "needs").rows) == 1
    else:
        with pytest.raises(InvalidData, match="从第 2 行开始"):
            parse(path, "needs")


PRINTABLE = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf"), exclude_characters="#")


@given(
    titles=st.lists(st.text(PRINTABLE, min_size=1, max_size=30), min_size=1, max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_any_text_survives_any_encoding(
    titles: list[str], encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    rows = [NEEDS_HEADER, *((f"XQ{n}", title, "描述") for n, title in enumerate(titles))]
    parsed = parse(csv_file(folder, rows, encoding=encoding), "needs")
    assert [row.record.title for row in parsed.rows] == titles  # type: ignore[union-attr]
