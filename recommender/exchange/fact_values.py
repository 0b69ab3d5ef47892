"""Numbers of yearly facts: the cells of a row become one value in the unit of its indicator."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from recommender.domain.facts import FACT_MEASURES, FactIndicator, FactStatus, FactUnit, ResearchBodyLevel
from recommender.exchange.cells import Cell, as_text, excerpt, half_width
from recommender.exchange.columns import BadRow
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.parsers import PLACEHOLDERS
from recommender.exchange.vocabularies import RESEARCH_BODY_LEVELS
from recommender.exchange.word_parsers import one_of


class _Quantity(Enum):
    """Units of one quantity can be converted into each other, or are used for each other."""

    MONEY = "金额"
    PERSONS = "人数"
    PIECES = "件数"
    LEVEL = "级别"


_QUANTITIES: Final[Mapping[FactUnit, _Quantity]] = {
    FactUnit.WAN: _Quantity.MONEY,
    FactUnit.PERSONS: _Quantity.PERSONS,
    **dict.fromkeys((FactUnit.PIECES, FactUnit.ITEMS, FactUnit.BODIES, FactUnit.EVENTS), _Quantity.PIECES),
    FactUnit.LEVEL: _Quantity.LEVEL,
}


@dataclass(frozen=True, slots=True)
class WrittenUnit:
    """A unit as it is written, such as 亿元: ``factor`` times the unit in which the quantity is kept."""

    text: str
    quantity: _Quantity
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A number whose unit stands in the same cell."""

    number: Decimal
    unit: WrittenUnit


_WAN_IN: Final = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "百万元": Decimal(100),
    "千万元": Decimal(1_000),
    "亿元": Decimal(10_000),
}
_UNITS: Final[Mapping[str, WrittenUnit]] = {
    **{text: WrittenUnit(text, _Quantity.MONEY, factor) for text, factor in _WAN_IN.items()},
    "万": WrittenUnit("万元", _Quantity.MONEY),
    "亿": WrittenUnit("亿元", _Quantity.MONEY, _WAN_IN["亿元"]),
    "人民币元": WrittenUnit("元", _Quantity.MONEY, _WAN_IN["元"]),
    "人民币万元": WrittenUnit("万元", _Quantity.MONEY),
    **{text: WrittenUnit(text, _Quantity.PERSONS) for text in ("人", "名", "位")},
    **{text: WrittenUnit(text, _Quantity.PIECES) for text in ("件", "项", "个", "起", "家", "次", "篇")},
    "级": WrittenUnit("级", _Quantity.LEVEL),
}
_KEPT: Final[Mapping[str, FactUnit]] = {unit.value: unit for unit in FactUnit}

_NUMBER: Final = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?P<part>\.\d+)?(?P<unit>\D*)")
_MINUS: Final = str.maketrans({"−": "-", "–": "-", "—": "-"})
_FEN_IN_WAN: Final = Decimal("0.000001")
_LIMIT: Final = Decimal(10**8)
"""In 万元, or pieces: beyond it somebody has mistaken the unit."""

_level = one_of(ResearchBodyLevel, RESEARCH_BODY_LEVELS)


def fact_unit(cell: Cell) -> FactUnit | WrittenUnit:
    """A unit in which facts are kept, or another one that can be converted into it."""
    text = half_width(as_text(cell)).replace(" ", "")
    if text in _KEPT:
        return _KEPT[text]
    if text not in _UNITS:
        raise BadValue(
            "unit.unknown", value=excerpt(text), allowed="、".join((*_WAN_IN, "人", "件", "项", "个", "起", "级"))
        )
    return _UNITS[text]


def fact_value(cell: Cell) -> object:
    """A number, a number with its unit, or the word of a level of R&D bodies."""
    if isinstance(cell, date):
        raise BadValue("fact.value_form", value=as_text(cell))
    text = half_width(as_text(cell)).replace(" ", "").translate(_MINUS)
    if text in PLACEHOLDERS - {"无"}:
        return Flagged(None, "value.placeholder", {"value": text})
    if isinstance(cell, int | float):
        text = format(Decimal(repr(cell)), "f")
    parts = _NUMBER.fullmatch(text)
    if parts is None or (parts["unit"] and parts["unit"] not in _UNITS):
        return _level_of(cell)
    number = Decimal(parts["sign"] + parts["whole"].replace(",", "") + (parts["part"] or ""))
    if abs(number) > _LIMIT * 10_000:
        raise BadValue("fact.value_form", value=excerpt(text))
    return WrittenValue(number, _UNITS[parts["unit"]]) if parts["unit"] else float(number.quantize(_FEN_IN_WAN))


def _level_of(cell: Cell) -> WrittenValue:
    try:
        level = _level(cell)
    except BadValue:
        raise BadValue("fact.value_form", value=excerpt(as_text(cell))) from None
    assert isinstance(level, ResearchBodyLevel)
    return WrittenValue(Decimal(level.rank), _UNITS["级"])


def settle_fact(values: dict[str, object], warn: Callable[..., None]) -> dict[str, object]:
    """Value, unit and status of a row together.

    The unit may stand in its own column, behind the number, or in both if they agree; without any it is that of
    the indicator, with a warning for amounts, which are often kept in 元. No value means 缺失, whatever else
    the row says, except where the status is 有冲突.

    Raises:
        BadRow: units contradict each other or do not belong to the indicator, the value is out of range, or the
            status says that there is none.
    """
    indicator = values["indicator"]
    assert isinstance(indicator, FactIndicator)
    value, status = values.get("value"), values.get("status", FactStatus.CONFIRMED)
    column = _as_written(values.get("unit"))
    _check_quantity(indicator, column)
    if "value" not in values:
        # The row ends before that column: not a number that is missing, but a row that is not whole.
        raise BadRow("value", "value.required")
    if value is None:
        status = status if status is FactStatus.CONFLICT else FactStatus.MISSING
        return {**values, "unit": None, "status": status}
    if status is FactStatus.MISSING:
        raise BadRow("status", "fact.value_but_missing")
    settled = _settled_value(indicator, value, column, warn)
    return {**values, "value": settled, "unit": None, "status": status}


def _as_written(unit: object) -> WrittenUnit | None:
    if isinstance(unit, FactUnit):
        return _UNITS[unit.value]
    assert unit is None or isinstance(unit, WrittenUnit)
    return unit


def _check_quantity(indicator: FactIndicator, unit: WrittenUnit | None) -> None:
    kept = FACT_MEASURES[indicator].unit
    if unit is not None and unit.quantity is not _QUANTITIES[kept]:
        raise BadRow("unit", "unit.not_of_indicator", value=unit.text, indicator=indicator.value, unit=kept.value)


def _settled_value(
    indicator: FactIndicator, value: object, column: WrittenUnit | None, warn: Callable[..., None]
) -> float:
    measure = FACT_MEASURES[indicator]
    number, unit = value, column
    if isinstance(value, WrittenValue):
        number, unit = value.number, value.unit
        _check_quantity(indicator, unit)
        if column is not None and column.factor != unit.factor:
            raise BadRow("unit", "unit.conflict", cell=unit.text, column_unit=column.text)
    elif unit is None and measure.unit is FactUnit.WAN:
        warn("unit", "unit.assumed", indicator=indicator.value, unit=measure.unit.value)
    assert isinstance(number, Decimal | float)
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    kept = (exact * (unit.factor if unit is not None else 1)).quantize(_FEN_IN_WAN)
    _check_range(indicator, kept)
    return float(kept)


def _check_range(indicator: FactIndicator, value: Decimal) -> None:
    measure = FACT_MEASURES[indicator]
    if measure.whole and value != value.to_integral_value():
        raise BadRow("value", "fact.whole", indicator=indicator.value)
    minimum = -_LIMIT if measure.minimum is None else Decimal(measure.minimum)
    maximum = _LIMIT if measure.maximum is None else Decimal(measure.maximum)
    if not minimum <= value <= maximum:
        raise BadRow(
            "value",
            "fact.range",
            indicator=indicator.value,
            minimum=f"{minimum:,f}",
            maximum=f"{maximum:,f}",
            unit=measure.unit.value,
        )
