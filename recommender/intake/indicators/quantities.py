"""Quantities of a text: a number or a range with its unit, wherever they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from recommender.domain.match import Span
from recommender.intake.indicators.disguises import WORD
from recommender.intake.indicators.numerals import NUMBER, number
from recommender.intake.indicators.units import COUNTED, UNIT, normal_unit

_QUANTITY: Final = re.compile(
    rf"(?<![0-9.A-Za-z/{WORD}])(?P<open>[(\[]\s*)?\s?"
    rf"(?:每\s?(?P<per>秒钟?|分钟?|小时|天|日|年|亩|吨|立方米|千克|公斤|次|批)\s?)?(?P<zero>零下\s?)?"
    rf"(?:(?P<prefix>HR[ABC]|HBW?|HV|HS|[φΦø])\s?)?"
    rf"(?P<low>(?:(?:(?<![-0-9])[-+]|±)\s?)?{NUMBER})(?P<close>\s?[)\]])?\s?(?P<low_unit>{UNIT})?"
    rf"(?:\s?(?:-{{1,4}}|~{{1,2}}|至|到)\s?(?P<high>[-+]?{NUMBER})"
    rf"|\s?(?:±|\+/-|\+-)\s?(?P<tolerance>{NUMBER}))?"
    rf"(?P<shut>\s?[)\]])?\s?(?P<unit>{UNIT})?"
)
_PERCENT: Final = {"百分之": "%", "千分之": "‰"}
_FOLLOWED: Final = re.compile(
    r"\s?[余多]?(?:元|人次?(?!工)|名|项|篇|家|户|所|位|份|种|类|代(?!谢)|栋|岁|期|届|册|部|门|万|亿|号|院士|步|方面|大|字|者|只有)"
)
"""What makes the number one of people, papers or things."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Attributes:
        low, high: both ends of a range, equal for a single number.
        is_range: whether two numbers, or one and a tolerance, are written.
        unit: its usual symbol, ``""`` where there is none; ``written_unit`` is as written.
        span, value_span, unit_span: where it stands; ``unit_span`` is ``None`` where there is no unit behind it.
    """

    low: Decimal
    high: Decimal
    is_range: bool
    unit: str
    written_unit: str
    span: Span
    value_span: Span
    unit_span: Span | None

    @property
    def is_counted(self) -> bool:
        """Whether the unit follows any number in any sentence."""
        return self.unit in COUNTED


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a text whose disguises are covered, in order, apart."""
    position = 0
    while (found := _QUANTITY.search(text, position)) is not None:
        quantity = _quantity(found, text)
        position = max(found.end(), found.start() + 1)
        if quantity is not None:
            position = max(quantity.span.end, found.start() + 1)
            yield quantity


def _quantity(found: re.Match[str], text: str) -> Quantity | None:
    low, high = _value(found["low"]), _value(found["high"])
    if low is None or (found["high"] and high is None):
        return None
    prefix = _PERCENT.get(found["low"].strip()[:3], "") or _hardness(found["prefix"])
    name = "unit" if found["unit"] else "low_unit"
    written = prefix or found[name] or ""
    if not written and (_FOLLOWED.match(text, found.end()) or not found["low"].strip(" -+±")[0].isascii()):
        return None
    if not prefix and not found["low"].strip(" -+±")[0].isascii() and normal_unit(written) in COUNTED:
        return None
    if found["zero"]:
        low, high = -low, None if high is None else -high
    first, last, is_range = _ends(found, low, high)
    per = f"/{normal_unit('吨/' + found['per'])[2:]}" if found["per"] and written else ""
    value_end = max(found.end("low"), found.end("high"), found.end("tolerance"))
    end = found.end(name) if found[name] else value_end
    closed = "shut" if found["shut"] else "close"
    is_enclosed = bool(found["open"] and found[closed])
    sign = min(found.start(group) for group in ("zero", "prefix", "low") if found[group])
    return Quantity(
        low=first,
        high=last,
        is_range=is_range,
        unit=normal_unit(written) + per,
        written_unit=written,
        span=Span(
            found.start() if is_enclosed or per else sign, max(end, found.end(closed)) if is_enclosed else end
        ),
        value_span=Span(sign, value_end),
        unit_span=Span(*found.span(name)) if found[name] else None,
    )


def _hardness(prefix: str | None) -> str:
    """The unit that stands in front, as in HRC60; a diameter sign is none."""
    return prefix if prefix and prefix.isascii() else ""


def _ends(found: re.Match[str], low: Decimal, high: Decimal | None) -> tuple[Decimal, Decimal, bool]:
    if high is not None:
        return min(low, high), max(low, high), True
    tolerance = _value(found["tolerance"])
    if tolerance is not None:
        return low - tolerance, low + tolerance, True
    if found["low"].strip().startswith("±"):
        return -low, low, True
    return low, low, False


def _value(written: str | None) -> Decimal | None:
    if not written:
        return None
    unsigned = written.strip().lstrip("+-±").strip()
    value = number(unsigned)
    return -value if value is not None and written.strip().startswith("-") else value
