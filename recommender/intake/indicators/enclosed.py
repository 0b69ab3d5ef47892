"""Names that stand between their bounds: 0.3%≤碳当量≤0.6%, 硬度180≤HB＜240."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from recommender.domain.indicators import Comparator
from recommender.domain.match import Span
from recommender.intake.indicators.numerals import ARABIC, number
from recommender.intake.indicators.units import UNIT, normal_unit

_ENCLOSED: Final = re.compile(
    rf"(?<![0-9.A-Za-z/])(?P<low>-?(?:{ARABIC}))\s?(?P<low_unit>{UNIT})?\s?(?P<from>[≤<])\s?"
    r"(?P<name>[^\s，。;:!?、≤<>≥=\0]{1,16})\s?(?P<to>[≤<])\s?"
    rf"(?P<high>-?(?:{ARABIC}))\s?(?P<unit>{UNIT})?"
)
_HARDNESS: Final = frozenset({"HRA", "HRB", "HRC", "HB", "HBW", "HV", "HS"})
_LOWER: Final = {"≤": Comparator.AT_LEAST, "<": Comparator.MORE}
_UPPER: Final = {"≤": Comparator.AT_MOST, "<": Comparator.LESS}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A name with a bound on either side.

    Attributes:
        name_span: ``None`` where a unit stands in its place and the name before the first bound.
        lower, upper: comparison and value.
        value_span: from the first number to the last.
    """

    name_span: Span | None
    lower: tuple[Comparator, Decimal]
    upper: tuple[Comparator, Decimal]
    unit: str
    written_unit: str
    span: Span
    value_span: Span
    comparator_span: Span
    unit_span: Span | None


def enclosed_names(text: str) -> Iterator[Enclosed]:
    """All of them in a text whose disguises are covered, in order."""
    for found in _ENCLOSED.finditer(text):
        low, high = _value(found["low"]), _value(found["high"])
        if low is None or high is None or low > high:
            continue
        is_unit = found["name"] in _HARDNESS
        group = "name" if is_unit else "unit" if found["unit"] else "low_unit"
        written = found[group] or ""
        yield Enclosed(
            name_span=None if is_unit else Span(*found.span("name")),
            lower=(_LOWER[found["from"]], low),
            upper=(_UPPER[found["to"]], high),
            unit=normal_unit(written),
            written_unit=written,
            span=Span(*found.span()),
            value_span=Span(found.start("low"), found.end("high")),
            comparator_span=Span(*found.span("from")),
            unit_span=Span(*found.span(group)) if written else None,
        )


def _value(written: str) -> Decimal | None:
    value = number(written.removeprefix("-"))
    return -value if value is not None and written.startswith("-") else value
