"""The columns agree with the records, with each other and with their own examples."""

from collections import Counter
from dataclasses import MISSING, fields

import pytest

from recommender.domain.errors import InvalidInput
from recommender.exchange.columns import TableKind, TableSpec, normal_header
from recommender.exchange.issues import Flagged
from recommender.exchange.tables import TABLES, table_of


def no_warning(field: str, code: str, **context: object) -> None:
    raise AssertionError(f"{field}: {code}")


EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


@EVERY_TABLE
def test_every_field_has_one_column(table: TableSpec) -> None:
    assert sorted(column.field for column in table.columns) == sorted(item.name for item in fields(table.record))


@EVERY_TABLE
def test_a_column_is_required_exactly_where_the_record_has_no_default(table: TableSpec) -> None:
    without_default = {item.name for item in fields(table.record) if item.default is MISSING}
    assert {column.field for column in table.columns if column.required} == without_default
    assert set(table.key) <= without_default


@EVERY_TABLE
def test_no_header_means_two_columns(table: TableSpec) -> None:
    names = [name for column in table.columns for name in (column.header, *column.aliases)] + list(table.derived)
    assert [name for name, n in Counter(map(normal_header, names)).items() if n > 1] == []


@EVERY_TABLE
def test_examples_are_taken_by_their_own_column_and_make_a_record(table: TableSpec) -> None:
    values = {column.field: column.parse(column.example) for column in table.columns}
    assert not [field for field, value in values.items() if isinstance(value, Flagged)]
    assert table.build(values, no_warning).id == "|".join(str(values[field]) for field in table.key)


@EVERY_TABLE
def test_every_choice_is_taken(table: TableSpec) -> None:
    for column in table.columns:
        values = [column.parse(choice) for choice in column.choices]
        assert not any(isinstance(value, Flagged) for value in values)


@EVERY_TABLE
def test_what_is_referred_to_can_be_imported_first(table: TableSpec) -> None:
    order = list(TABLES)
    for column in table.columns:
        if column.references is not None:
            assert order.index(column.references) < order.index(table.kind)


def test_headers_are_compared_without_decoration() -> None:
    assert normal_header(" 预期投入（万元）* ") == normal_header("预期投入(万元)")
    assert normal_header("期望 trl") == normal_header("期望TRL")
    assert normal_header("姓名\n") == "姓名"


def test_kinds_are_known_by_the_names_of_the_command_line() -> None:
    assert list(TABLES) == [
        "enterprises",
        "enterprise-facts",
        "experts",
        "platforms",
        "achievements",
        "achievement-platforms",
        "needs",
    ]
    assert table_of("experts") is TABLES[TableKind.EXPERTS]
    with pytest.raises(InvalidInput, match=r"没有“expert”这种文件.*achievement-platforms"):
        table_of("expert")
