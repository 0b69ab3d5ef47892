"""The reference of all fields, written from the columns themselves.

``python -m recommender.exchange.field_reference docs/fields.md`` writes it anew.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from recommender.domain.facts import FACT_MEASURES
from recommender.exchange import codes
from recommender.exchange import messages as zh
from recommender.exchange.columns import ColumnSpec, TableSpec
from recommender.exchange.tables import TABLES
from recommender.exchange.vocabularies import FACT_INDICATORS


def field_reference() -> str:
    """All kinds of file with their columns, as Markdown in zh-CN."""
    parts = [zh.FIELDS_INTRODUCTION, *map(_table, TABLES.values()), _indicators(), _towns()]
    return "\n".join(parts)


def _table(table: TableSpec) -> str:
    lines = [zh.FIELDS_TABLE.format(label=table.label, kind=table.kind.value)]
    for group in dict.fromkeys(column.group for column in table.columns):
        columns = [column for column in table.columns if column.group == group]
        lines.append(zh.FIELDS_GROUP.format(group=group))
        lines.extend(_grid(zh.FIELDS_COLUMNS, map(_cells, columns)))
    if table.derived:
        lines.append(zh.FIELDS_DERIVED.format(headers="、".join(table.derived)))
    return "\n".join(lines)


def _cells(column: ColumnSpec) -> tuple[str, ...]:
    return (
        column.header,
        zh.FIELDS_REQUIRED if column.required else zh.FIELDS_MUST_EXIST if column.must_exist else "",
        _note(column),
        column.form.on_bad.value,
        column.example,
        "、".join(column.aliases),
    )


def _note(column: ColumnSpec) -> str:
    sentences = [column.note]
    if column.unit and column.unit not in column.header:
        sentences.append(zh.FIELDS_UNIT.format(unit=column.unit))
    # The indicators of a year have a list of their own at the end.
    if column.form.choices and column.form.choices != tuple(FACT_MEASURES):
        template = zh.FIELDS_CHOICES if column.form.is_closed else zh.FIELDS_SUGGESTIONS
        sentences.append(template.format(choices="、".join(column.form.choices)))
    if column.personal is not None:
        sentences.append(zh.FIELDS_PERSONAL)
    return "。".join(sentence.rstrip("。") for sentence in sentences)


def _indicators() -> str:
    rows = (
        (indicator.value, measure.unit.value, measure.meaning, "、".join(FACT_INDICATORS[indicator].split()))
        for indicator, measure in FACT_MEASURES.items()
    )
    return "\n".join([zh.FIELDS_INDICATORS, *_grid(zh.FIELDS_INDICATOR_COLUMNS, rows)])


def _towns() -> str:
    return zh.FIELDS_TOWNS.format(towns="、".join(codes.towns().names))


def _grid(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(field_reference(), encoding="utf-8")
