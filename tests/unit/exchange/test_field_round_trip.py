"""What a column writes it reads as the same value: every field, from a workbook's cells and from text."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain.facts import FACT_MEASURES, EnterpriseFact, FactIndicator, FactStatus
from recommender.exchange.cells import Cell, is_blank, tidy
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.issues import Flagged
from recommender.exchange.renderers import Rendered, plain_text
from recommender.exchange.tables import TABLES

from .field_values import values_of

COLUMNS = [
    pytest.param(column, id=f"{table.kind}-{column.field}")
    for table in TABLES.values()
    for column in table.columns
]
WRITTEN = pytest.mark.parametrize("written", [lambda cell: cell, plain_text], ids=["workbook", "text"])


def read(column: ColumnSpec, cell: Cell) -> object:
    """A cell as the reader of rows takes it."""
    tidied, n_dropped = tidy(cell)
    assert n_dropped == 0
    value = column.parse(tidied)
    return value.value if isinstance(value, Flagged) else value


@pytest.mark.parametrize("column", COLUMNS)
@WRITTEN
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(data=st.data())
def test_a_field_comes_back_as_it_was(
    column: ColumnSpec, written: Callable[[Rendered], Any], data: st.DataObject
) -> None:
    value = data.draw(values_of(column))
    cell = written(column.render(value))
    assert cell is not None
    assert not is_blank(cell)
    back = read(column, cell)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("nothing", [None, "", ()])
def test_an_empty_field_is_an_empty_cell(column: ColumnSpec, nothing: object) -> None:
    assert column.render(nothing) is None
    assert plain_text(column.render(nothing)) == ""


def records_of(table: TableSpec) -> st.SearchStrategy[Any]:
    """Records with some fields filled."""
    if table.kind is TableKind.ENTERPRISE_FACTS:
        return facts(table)
    optional = {item.name: item.default for item in fields(table.record) if item.default is not MISSING}
    values = {
        column.field: st.just(optional[column.field]) | values_of(column)
        if column.field in optional
        else values_of(column)
        for column in table.columns
    }
    return st.builds(table.record, **values)


def facts(table: TableSpec) -> st.SearchStrategy[EnterpriseFact]:
    """Facts whose value suits their indicator."""

    def fact(code: str, year: int, indicator: FactIndicator, n: int, evidence: str) -> EnterpriseFact:
        measure = FACT_MEASURES[indicator]
        value = n % 6 if measure.maximum is not None else n if measure.whole else n / 64
        return EnterpriseFact(
            enterprise_code=code,
            year=year,
            indicator=indicator,
            value=None if n == 0 else float(value),
            evidence=evidence,
            status=FactStatus.MISSING if n == 0 else FactStatus.CONFLICT if n % 7 == 0 else FactStatus.CONFIRMED,
        )

    by_field = table.by_field
    return st.builds(
        fact,
        values_of(by_field["enterprise_code"]),
        values_of(by_field["year"]),
        st.sampled_from(FactIndicator),
        st.integers(0, 10**6),
        st.just("") | values_of(by_field["evidence"]),
    )


def ignore(field: str, code: str, **context: object) -> None:
    """Warnings do not matter here."""


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
@WRITTEN
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_record_comes_back_as_it_was(
    table: TableSpec, written: Callable[[Rendered], Any], data: st.DataObject
) -> None:
    record = data.draw(records_of(table))
    row = zip(table.columns, map(written, table.render_row(record)), strict=True)
    values = {
        column.field: table.defaults[column.field] if cell is None or cell == "" else read(column, cell)
        for column, cell in row
    }
    assert table.build(values, ignore) == record


def test_some_columns_can_be_chosen() -> None:
    table = TABLES[TableKind.ENTERPRISE_FACTS]
    fact = EnterpriseFact(enterprise_code="C", year=2025, indicator=FactIndicator.STAFF, value=12.0)
    chosen = [table.by_field[name] for name in ("value", "unit", "indicator", "evidence")]
    assert table.render_row(fact, chosen) == (12.0, "人", "职工人数", None)
