"""Value, unit and status of a yearly fact, settled together."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.facts import FACT_MEASURES, EnterpriseFact, FactIndicator, FactStatus, FactUnit
from recommender.exchange.columns import BadRow, TableKind
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.tables import TABLES

TABLE = TABLES[TableKind.ENTERPRISE_FACTS]


def settle(
    indicator: str, value: object, unit: str = "", status: str = ""
) -> tuple[EnterpriseFact, list[tuple[str, str]]]:
    """The fact of a row with these cells, and the warnings as column and code."""
    warnings: list[tuple[str, str]] = []

    def warn(field: str, code: str, **context: object) -> None:
        warnings.append((field, code))

    values: dict[str, Any] = {"enterprise_code": "C", "year": 2025}
    for field, cell in (("indicator", indicator), ("value", value), ("unit", unit), ("status", status)):
        parsed = TABLE.by_field[field].parse(cell) if cell != "" else TABLE.defaults[field]  # type: ignore[arg-type]
        values[field] = parsed.value if isinstance(parsed, Flagged) else parsed
    fact = TABLE.build(values, warn)
    assert isinstance(fact, EnterpriseFact)
    return fact, warnings


def refused(indicator: str, value: object, unit: str = "", status: str = "") -> tuple[str, str]:
    """Column and code with which a row is refused."""
    with pytest.raises(BadRow) as caught:
        settle(indicator, value, unit, status)
    return caught.value.field, caught.value.code


@pytest.mark.parametrize(
    ("value", "unit", "wan"),
    [
        (8560.5, "万元", 8560.5),
        ("8,560.5", "万元", 8560.5),
        ("85605000", "元", 85_605_000 / 10_000),
        ("1.2", "亿元", 1.2 * 10_000),
        ("1.2亿", "", 1.2 * 10_000),
        ("1.2亿元", "亿元", 1.2 * 10_000),
        ("300万元", "万", 300.0),
        ("45", "百万元", 45.0 * 100),
        ("12", "千元", 12 / 10),
        ("500元", "", 500 / 10_000),
        ("１２３４万元", "", 1234.0),
        (0, "万元", 0.0),
    ],
)
def test_amounts_are_kept_in_wan(value: object, unit: str, wan: float) -> None:
    fact, warnings = settle("营业收入", value, unit)
    assert fact.value == pytest.approx(wan, rel=1e-15)
    assert (fact.unit, fact.status, warnings) == (FactUnit.WAN, FactStatus.CONFIRMED, [])


@given(st.integers(0, 10**12))
def test_amounts_in_yuan_are_exact(yuan: int) -> None:
    assert settle("研发费用", str(yuan), "元")[0].value == float(f"{yuan // 10_000}.{yuan % 10_000:04}")


def test_an_amount_without_unit_is_taken_with_a_warning() -> None:
    fact, warnings = settle("营业收入", "8560.5")
    assert (fact.value, warnings) == (8560.5, [("unit", "unit.assumed")])
    assert settle("职工人数", "120")[1] == []


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "refusal"),
    [
        ("营业收入", "8560万元", "元", ("unit", "unit.conflict")),
        ("营业收入", "1亿", "万元", ("unit", "unit.conflict")),
        ("营业收入", "8560", "人", ("unit", "unit.not_of_indicator")),
        ("营业收入", "8560人", "", ("unit", "unit.not_of_indicator")),
        ("职工人数", "120", "万元", ("unit", "unit.not_of_indicator")),
        ("职工人数", "120", "件", ("unit", "unit.not_of_indicator")),
        ("职工人数", "120.5", "人", ("value", "fact.whole")),
        ("职工人数", "-1", "人", ("value", "fact.range")),
        ("研发费用", "-0.01", "万元", ("value", "fact.range")),
        ("研发费用", "100000001", "万元", ("value", "fact.range")),
        ("研发机构级别", "6", "级", ("value", "fact.range")),
        ("研发机构级别", "省级", "人", ("unit", "unit.not_of_indicator")),
        ("营业收入", "省级", "万元", ("unit", "unit.not_of_indicator")),
    ],
)
def test_what_does_not_go_together_is_refused(
    indicator: str, value: str, unit: str, refusal: tuple[str, str]
) -> None:
    assert refused(indicator, value, unit) == refusal


def test_losses_are_negative() -> None:
    assert settle("净利润", "-120.5", "万元")[0].value == -120.5
    assert settle("净资产", "−3亿元")[0].value == -3 * 10_000.0


@pytest.mark.parametrize(
    ("word", "rank"), [("无", 0), ("企业自建", 1), ("县市级", 2), ("苏州市级", 3), ("省级", 4), ("国家级", 5)]
)
def test_levels_may_be_words(word: str, rank: int) -> None:
    fact, warnings = settle("研发机构级别", word)
    assert (fact.value, fact.unit, warnings) == (float(rank), FactUnit.LEVEL, [])


def test_counting_words_stand_for_each_other() -> None:
    assert settle("产学研项目", "3个")[0].unit is FactUnit.ITEMS
    assert settle("Ⅰ类知识产权", "3", "项")[0].unit is FactUnit.PIECES
    assert settle("职工人数", "12名", "人")[0].value == 12.0


@pytest.mark.parametrize(
    ("value", "status", "expected"),
    [
        ("", "", FactStatus.MISSING),
        ("--", "", FactStatus.MISSING),
        ("", "已确认", FactStatus.MISSING),
        ("", "缺失", FactStatus.MISSING),
        ("", "有冲突", FactStatus.CONFLICT),
        ("5", "", FactStatus.CONFIRMED),
        ("5", "存疑", FactStatus.CONFLICT),
    ],
)
def test_the_status_goes_with_the_value(value: str, status: str, expected: FactStatus) -> None:
    fact, _ = settle("科技人员", value, "人", status)
    assert fact.status is expected
    assert fact.value == (5.0 if value == "5" else None)


def test_a_value_that_is_said_to_be_missing_is_refused() -> None:
    assert refused("科技人员", "5", "人", "缺失") == ("status", "fact.value_but_missing")


def test_a_row_that_ends_before_its_value_is_refused() -> None:
    with pytest.raises(BadRow) as caught:
        TABLE.build(
            {"enterprise_code": "C", "year": 2025, "indicator": FactIndicator.STAFF}, lambda *_, **__: None
        )
    assert (caught.value.field, caught.value.code) == ("value", "value.required")


@pytest.mark.parametrize(
    "cell", ["约 80", "12%", "80万美元", "三", "1e5", "12,34", date(2024, 1, 1), "1-2", "10000亿亿"]
)
def test_what_is_not_a_number(cell: object) -> None:
    with pytest.raises(BadValue) as caught:
        TABLE.by_field["value"].parse(cell)  # type: ignore[arg-type]
    assert caught.value.code == "fact.value_form"


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(BadValue) as caught:
        TABLE.by_field["unit"].parse("美元")
    assert caught.value.code == "unit.unknown"


@pytest.mark.parametrize("indicator", FactIndicator)
def test_every_indicator_has_a_measure_and_takes_its_own_unit(indicator: FactIndicator) -> None:
    measure = FACT_MEASURES[indicator]
    fact, warnings = settle(indicator.value, "3", measure.unit.value)
    assert (fact.value, fact.unit, fact.id, warnings) == (3.0, measure.unit, f"C|2025|{indicator.value}", [])


def test_a_fact_is_not_kept_in_another_unit() -> None:
    with pytest.raises(ValueError, match="营业收入"):
        EnterpriseFact(enterprise_code="C", year=2025, indicator=FactIndicator.REVENUE, unit=FactUnit.PERSONS)
