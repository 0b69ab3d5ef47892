"""Sentences: every pattern can be filled from every topic, figures read as people write them."""

import re
import string
import tomllib
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from recommender.world.sentences import Slots, Wording, drawn, rounded, with_unit
from recommender.world.topics import IndicatorRange
from tests.unit.world.material import FOLDER, MATERIAL

WORDING = Wording.of(MATERIAL)
TOPIC = MATERIAL.topics["slab-corner-crack"]
FROM_ELSEWHERE = {
    "state", "market", "cap", "share", "products", "chain", "org", "province", "city", "core", "field", "prefix",
    "day", "name", "v",
}  # fmt: skip
"""Slots that only some patterns have, each filled by the part of the city that uses the pattern."""


def patterns() -> Iterator[tuple[str, str]]:
    for file in sorted(FOLDER.glob("*.toml")):
        yield from ((file.stem, text) for text in _texts(tomllib.loads(file.read_text(encoding="utf-8"))))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | dict):
        for item in content.values() if isinstance(content, dict) else content:
            yield from _texts(item)


def slots_of(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def test_every_slot_of_every_pattern_can_be_filled() -> None:
    seen: set[str] = set()
    for file, pattern in patterns():
        slots = Slots(Random(1), TOPIC, WORDING)
        for name in slots_of(pattern) - FROM_ELSEWHERE:
            assert slots[name], (file, pattern)
        seen |= slots_of(pattern)
    assert seen >= FROM_ELSEWHERE
    assert {"m", "m2", "s", "k", "r", "o", "p", "p2", "e", "v", "x", "i", "want", "aim", "n", "money"} <= seen


def test_an_unknown_slot_is_an_error() -> None:
    slots = Slots(Random(1), TOPIC, WORDING)
    for name in ("nonsense", "M", "q2"):
        with pytest.raises(KeyError):
            slots[name]


def test_one_text_speaks_of_one_thing() -> None:
    slots = Slots(Random(3), TOPIC, WORDING)
    title, body = slots.fill(("{m}、{m2}与{x}",)), slots.fill(("{m2}、{m}与{x}",))
    method, _, rest = title.partition("、")
    other, _, indicator = rest.partition("与")
    assert method != other
    assert body == f"{other}、{method}与{indicator}"
    assert {method, other} < set(TOPIC.methods)


def test_figures_of_a_text_belong_to_the_indicator_it_names() -> None:
    for seed in range(30):
        slots = Slots(Random(seed), TOPIC, WORDING)
        named = slots["x"]
        assert slots["want"].startswith(named)
        assert slots["i"].startswith(named)
        assert slots["aim"].endswith(named)


def test_numbers_are_drawn_anew() -> None:
    slots = Slots(Random(1), TOPIC, WORDING)
    assert len({slots.fill(("{num}",)) for _ in range(50)}) > 30


def test_shared_words_can_be_held_back() -> None:
    named = ("给{o}用的",)
    for reserve, allowed in ((0.0, {"给", "关"}), (1.0, {"关"})):
        slots = Slots(Random(1), TOPIC, WORDING, reserve=reserve)
        assert {slots.fill((*named, "关于{k}"))[0] for _ in range(60)} == allowed
    assert Slots(Random(1), TOPIC, WORDING, reserve=1.0).fill(named)[0] == "给"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [("0.5", "%", "0.5%"), ("3", "‰", "3‰"), ("980", "MPa", "980 MPa"), ("8", "次", "8 次"), ("1.2", "", "1.2")],
)
def test_units(value: str, unit: str, written: str) -> None:
    assert with_unit(value, unit) == written


@pytest.mark.parametrize(
    ("name", "at_least", "aim"),
    [
        ("断面收缩率", True, "提高断面收缩率"),
        ("漏检率", False, "降低漏检率"),
        ("冻干周期", False, "缩短冻干周期"),
        ("模具寿命", True, "延长模具寿命"),
        ("同步误差", False, "减小同步误差"),
    ],
)
def test_aims(name: str, at_least: bool, aim: str) -> None:
    assert WORDING.aim(IndicatorRange(name, at_least, 1, 2, "%", 0)) == aim


def test_bounds_are_worded_in_their_direction() -> None:
    least, most = (IndicatorRange("指标", at_least, 10, 90, "MPa", 0) for at_least in (True, False))
    rng = Random(1)
    assert not [
        text
        for text in (WORDING.want(least, rng) for _ in range(40))
        if re.search("不超过|以内|以下|不大于", text)
    ]
    assert not [
        text for text in (WORDING.want(most, rng) for _ in range(40)) if re.search("不低于|以上|达到", text)
    ]
    assert WORDING.want(most, rng, value="12").count("12 MPa") == 1
    assert "MPa以" not in "".join(WORDING.want(least, rng) for _ in range(40))


def test_drawn_values_stay_in_their_range() -> None:
    for topic in MATERIAL.topics:
        for indicator in topic.indicators:
            for make in (drawn, rounded):
                value = make(indicator, Random(indicator.name))
                assert indicator.low <= float(value) <= indicator.high, (topic.id, indicator.name, value)
                assert len(value.partition(".")[2]) == indicator.digits


def test_large_values_that_are_asked_for_are_round() -> None:
    indicator = IndicatorRange("盐雾时间", at_least=True, low=240, high=1200, unit="h", digits=0)
    values = {int(rounded(indicator, Random(seed))) for seed in range(200)}
    assert len(values) > 5
    assert all(value % 100 == 0 or value == 240 for value in values)
