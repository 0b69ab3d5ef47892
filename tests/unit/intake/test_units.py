"""Units and their usual symbols."""

import re

import pytest

from recommender.intake.indicators.units import UNIT, normal_unit


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("兆帕", "MPa"),
        ("Mpa", "MPa"),
        ("摄氏度", "℃"),
        ("°C", "℃"),
        ("度", "度"),
        ("m3/h", "m³/h"),
        ("毫克/千克", "mg/kg"),
        ("吨/年", "t/a"),
        ("转/分", "r/min"),
        ("次/分", "次/min"),
        ("W/(m·K)", "W/(m·K)"),
        ("wt%", "wt%"),
        ("‰", "‰"),
        ("分贝", "dB"),
        ("N·m", "N·m"),
        ("个小时", "h"),
    ],
)
def test_a_unit_has_one_symbol(written: str, symbol: str) -> None:
    assert re.fullmatch(UNIT, written)
    assert normal_unit(written) == symbol


@pytest.mark.parametrize("text", ["瓦斯", "安全阀", "欧洲", "牛奶", "焦炭", "米粉", "度假", "Mbs", "ABC"])
def test_words_that_begin_like_a_unit_are_none(text: str) -> None:
    assert re.match(UNIT, text) is None
