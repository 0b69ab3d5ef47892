"""Workbooks to fill in: the columns of a kind of file, lists to choose from, and what belongs where."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from recommender.domain.facts import FACT_MEASURES
from recommender.exchange import messages as zh
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.export_columns import out_column
from recommender.exchange.forms import CellKind
from recommender.exchange.tables import TABLES
from recommender.exchange.writing import BookWriter, OutColumn, open_book
from recommender.exchange.writing_rules import CellRule, Expected
from recommender.exchange.writing_sheet import column_letters

_NOTE_WIDTHS: Final = (20, 10, 10, 50, 14, 8, 50, 36, 24)
_INDICATOR_WIDTHS: Final = (22, 8, 60)
_LIST_WIDTH: Final = 22
_MAX_LISTED_IN_PROMPT: Final = 12


def write_template(table: TableSpec, path: Path, *, replace: bool = False) -> None:
    """Write the workbook: a sheet to fill in, notes with an example of every column, and the lists.

    The first sheet holds nothing but the header, so that no example is imported by mistake.

    Raises:
        Conflict: there is a file of that name, and it may not be replaced.
        InvalidInput: the file cannot be written there.
    """
    columns = [_fillable(column) for column in table.columns]
    with open_book(path, replace=replace) as book:
        with book.sheet(table.label, columns, rules=_rules(table)):
            pass
        _write_notes(book, table)
        _write_lists(book, table)
        if table.kind is TableKind.ENTERPRISE_FACTS:
            _write_indicators(book)


def template_name(table: TableSpec) -> str:
    """What the file is called where nobody says."""
    return zh.TEMPLATE_FILE.format(label=table.label)


def _fillable(column: ColumnSpec) -> OutColumn:
    return out_column(column, f"{column.header}*" if column.required else column.header)


def _with_lists(table: TableSpec) -> list[ColumnSpec]:
    return [column for column in table.columns if column.choices]


def _rules(table: TableSpec) -> list[CellRule]:
    places = {column.field: place for place, column in enumerate(_with_lists(table), start=1)}
    return [
        _rule(column, column_letters(number), places.get(column.field))
        for number, column in enumerate(table.columns, start=1)
    ]


def _rule(column: ColumnSpec, letters: str, list_place: int | None) -> CellRule:
    """The hint on a column; ``list_place`` is that of its list on the sheet of lists."""
    expected = _expected(column)
    choices = ""
    if expected is Expected.CHOICE and list_place is not None:
        letter = column_letters(list_place)
        choices = f"'{zh.TEMPLATE_LISTS}'!${letter}$2:${letter}${len(column.choices) + 1}"
    return CellRule(
        letters=letters,
        expected=expected,
        title=column.header,
        prompt=_prompt(column),
        remark=_remark(column, expected),
        choices=choices,
        is_firm=expected is Expected.CHOICE and column.form.is_closed,
    )


def _expected(column: ColumnSpec) -> Expected:
    if column.choices:
        return Expected.ANYTHING if column.form.is_list else Expected.CHOICE
    if column.form.kind is CellKind.DAY:
        return Expected.DAY
    # Where the example is a word, as of 成熟度, words belong there as well as numbers.
    is_number = column.form.kind is CellKind.NUMBER and column.example.replace(".", "", 1).isdecimal()
    return Expected.NUMBER if is_number else Expected.ANYTHING


def _prompt(column: ColumnSpec) -> str:
    parts = [zh.FIELDS_REQUIRED] if column.required else []
    parts.append(column.note.rstrip("。"))
    if column.choices and column.form.is_list:
        template = zh.FIELDS_CHOICES if column.form.is_closed else zh.FIELDS_SUGGESTIONS
        parts.append(template.format(choices="、".join(column.choices[:_MAX_LISTED_IN_PROMPT])))
    parts.append(zh.TEMPLATE_EXAMPLE.format(example=column.example))
    return "。".join(parts)


def _remark(column: ColumnSpec, expected: Expected) -> str:
    match expected:
        case Expected.NUMBER:
            return zh.TEMPLATE_NOT_A_NUMBER
        case Expected.DAY:
            return zh.TEMPLATE_NOT_A_DAY
        case Expected.CHOICE:
            template = zh.TEMPLATE_NOT_LISTED if column.form.is_closed else zh.TEMPLATE_NOT_USUAL
            return template.format(sheet=zh.TEMPLATE_LISTS)
    return ""


def _write_notes(book: BookWriter, table: TableSpec) -> None:
    columns = [
        OutColumn(header=header, width=width, is_wrapped=True)
        for header, width in zip(zh.TEMPLATE_NOTE_COLUMNS, _NOTE_WIDTHS, strict=True)
    ]
    with book.sheet(zh.TEMPLATE_NOTES, columns, above=[[line] for line in _introduction(table)]) as sheet:
        for column in table.columns:
            sheet.write(_note(column))


def _introduction(table: TableSpec) -> list[str]:
    facts = {"label": table.label, "kind": table.kind.value}
    lines = [line.format(**facts) for line in zh.TEMPLATE_INTRODUCTION]
    first = dict.fromkeys(column.references for column in table.columns if column.references is not None)
    if first:
        labels = "、".join(f"{TABLES[kind].label}（{kind.value}）" for kind in first)
        lines.append(zh.TEMPLATE_IMPORT_FIRST.format(labels=labels))
    return lines


def _note(column: ColumnSpec) -> Sequence[str]:
    note = column.note
    if column.personal is not None:
        note = f"{note.rstrip('。')}。{zh.FIELDS_PERSONAL}"
    return (
        column.header,
        zh.FIELDS_REQUIRED if column.required else zh.FIELDS_MUST_EXIST if column.must_exist else "",
        column.group,
        note,
        _type(column),
        column.unit,
        "、".join(column.choices),
        column.example,
        column.form.on_bad.value,
    )


def _type(column: ColumnSpec) -> str:
    form = column.form
    if column.choices:
        closed, several = form.is_closed, form.is_list
        return zh.TEMPLATE_CHOICE_TYPES[closed, several]
    return zh.TEMPLATE_SEVERAL if form.is_list else zh.TEMPLATE_TYPES[form.kind.value]


def _write_lists(book: BookWriter, table: TableSpec) -> None:
    """One column for each list; the drop-down lists of the first sheet read them."""
    listed = _with_lists(table)
    if not listed:
        return
    columns = [OutColumn(header=column.header, width=_LIST_WIDTH, is_text=True) for column in listed]
    with book.sheet(zh.TEMPLATE_LISTS, columns) as sheet:
        for row in range(max(len(column.choices) for column in listed)):
            sheet.write([column.choices[row] if row < len(column.choices) else None for column in listed])


def _write_indicators(book: BookWriter) -> None:
    columns = [
        OutColumn(header=header, width=width, is_wrapped=True)
        for header, width in zip(zh.TEMPLATE_INDICATOR_COLUMNS, _INDICATOR_WIDTHS, strict=True)
    ]
    with book.sheet(zh.TEMPLATE_INDICATORS, columns) as sheet:
        for indicator, measure in FACT_MEASURES.items():
            sheet.write((indicator.value, measure.unit.value, measure.meaning))
