from datetime import date, datetime

import pytest

from recommender.exchange.cells import CellProblem, as_text, excerpt, is_blank, tidy
from recommender.exchange.issues import BadValue


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  轴承 ", "轴承"),
        ("\u3000轴承\u00a0", "轴承"),
        ("\ufeff\u200b 轴承 \u200b", "轴承"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("内\u200b部", "内\u200b部"),
        ("#1 机组", "#1 机组"),
        ("'=1+1", "=1+1"),
        (" '\n@某人", "\n@某人"),
        ("''=1+1", "'=1+1"),
        ("'90 年代", "'90 年代"),
    ],
)
def test_edges_and_line_ends_are_tidied(raw: str, expected: str) -> None:
    assert tidy(raw) == (expected, 0)


def test_control_characters_are_dropped_and_counted() -> None:
    assert tidy("冷\x00挤\x07压\t成形\n") == ("冷挤压\t成形", 2)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", " #DIV/0! "])
def test_a_formula_error_is_no_value(error: str) -> None:
    with pytest.raises(BadValue) as refused:
        tidy(error)
    assert refused.value.code == "cell.formula_error"


def test_a_formula_without_result_is_no_value() -> None:
    with pytest.raises(BadValue) as refused:
        tidy(CellProblem.UNCACHED_FORMULA)
    assert refused.value.code == "cell.uncached_formula"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (123.0, "123"),
        (123, "123"),
        (0.1 + 0.2, "0.3"),
        (1.5, "1.5"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime.fromisoformat("2024-03-05 08:30"), "2024-03-05"),
    ],
)
def test_cells_read_as_a_spreadsheet_shows_them(cell: object, expected: str) -> None:
    assert as_text(cell) == expected  # type: ignore[arg-type]


def test_what_counts_as_blank() -> None:
    assert all(map(is_blank, ["", " ", "\u3000\n", "\ufeff", "\u200b "]))
    assert not any(map(is_blank, ["0", 0, 0.0, date(2024, 1, 1), CellProblem.UNCACHED_FORMULA]))


def test_an_excerpt_is_short() -> None:
    assert excerpt("长" * 41) == "长" * 40 + "…"
    assert excerpt("短" * 40) == "短" * 40
