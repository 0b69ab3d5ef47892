"""Numbers as they are written."""

import re
from decimal import Decimal

import pytest

from recommender.intake.indicators.numerals import NUMBER, number, plain_text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.10", "0.10"),
        ("1,200.5", "1200.5"),
        ("5万", "50000"),
        ("3.5亿", "350000000"),
        ("1.5×10^3", "1500"),
        ("2×10⁻³", "0.002"),
        ("10⁵", "100000"),
        ("1e-5", "0.00001"),
        ("十", "10"),
        ("二十五", "25"),
        ("一百二十", "120"),
        ("三千八百", "3800"),
        ("两万", "20000"),
        ("二点五", "2.5"),
        ("百分之五", "5"),
    ],
)
def test_a_number_has_its_value(written: str, value: str) -> None:
    assert re.fullmatch(NUMBER, written)
    found = number(written)
    assert found is not None
    assert found == Decimal(value)
    assert "E" not in plain_text(found)


@pytest.mark.parametrize("written", ["", "abc", "1e99", "点五", "10^", "1.2.3"])
def test_what_is_no_number_has_none(written: str) -> None:
    assert number(written) is None


def test_written_zeros_stay() -> None:
    found = number("0.10")
    assert found is not None
    assert plain_text(found) == "0.10"
