"""Columns by what they hold."""

from api.console.charts import Cell, Column
from api.console.messages import cockpit as zh


def column(name: str, cell: Cell = Cell.TEXT) -> Column:
    """The column that is called so; its label and unit are messages."""
    label, unit = zh.COLUMNS[name]
    return Column(label, cell, unit)
