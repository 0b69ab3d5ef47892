"""Technical indicators: one way to write them, whatever way they were written in."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain import indicators
from recommender.domain.indicators import Comparator, Indicator

NAMES = st.text("边裂率冲击功温度ab（）- ", min_size=1, max_size=8).map(str.strip).filter(bool)
UNITS = st.sampled_from(["", "%", "mm", "℃", "MPa", "kJ/(m·K)", "万次"])
NUMBERS = st.from_regex(r"[+-]?\d{1,5}(\.\d{1,3})?", fullmatch=True)


def test_examples_in_docstrings() -> None:
    result = doctest.testmod(indicators)
    assert (result.attempted, result.failed) == (1, 0)


@given(NAMES, st.sampled_from(Comparator), NUMBERS, UNITS)
def test_what_is_written_is_read_again(name: str, comparator: Comparator, value: str, unit: str) -> None:
    indicator = Indicator(name, comparator, value, unit)
    assert Indicator.parse(str(indicator)) == indicator
    assert Indicator.parse(f"{name}{comparator}{value}{unit}") == indicator


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("淬后椭圆度不大于3mm", Indicator("淬后椭圆度", Comparator.AT_MOST, "3", "mm")),
        ("硬度>=60 HRC", Indicator("硬度", Comparator.AT_LEAST, "60", "HRC")),
        ("漏检率＜0.10%", Indicator("漏检率", Comparator.LESS, "0.10", "%")),
        ("温度不低于-20℃", Indicator("温度", Comparator.AT_LEAST, "-20", "℃")),
        ("寿命超过 8000 次", Indicator("寿命", Comparator.MORE, "8000", "次")),
        ("低于室温时强度 ≥ 3 MPa", Indicator("低于室温时强度", Comparator.AT_LEAST, "3", "MPa")),
        ("头数 = 4", Indicator("头数", Comparator.EQUAL, "4")),
    ],
)
def test_ways_of_writing(text: str, indicator: Indicator) -> None:
    assert Indicator.parse(text) == indicator


@pytest.mark.parametrize(
    "text",
    ["", "≥3", "边裂率降到 1% 以下", "3 ≤ 厚度 ≤ 5 mm", "10^6 次", "a≥b", "厚度 ≥ 3；宽度 ≥ 5", "厚度 ≥ 3 5"],
)
def test_what_is_not_one_bound(text: str) -> None:
    assert Indicator.parse(text) is None
