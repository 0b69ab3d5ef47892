"""Hints on the cells of a column: what to fill in, a list to choose from, a remark on what looks wrong.

A remark never stops anybody: the import takes more ways of writing a value than a spreadsheet can check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from recommender.exchange.writing_text import xml_text

_MAX_TITLE: Final = 32
_MAX_MESSAGE: Final = 255
_LAST_ROW: Final = 1_048_576


class Expected(Enum):
    """What the cells of a column should hold; the value is the rule as workbooks write it."""

    ANYTHING = ""
    NUMBER = 'type="decimal" operator="between"'
    DAY = 'type="date" operator="between"'
    CHOICE = 'type="list"'


_BOUNDS: Final = {
    Expected.NUMBER: "<formula1>-1000000000000</formula1><formula2>1000000000000</formula2>",
    # Days of a workbook: 1900-03-01 to 2199-12-31.
    Expected.DAY: "<formula1>61</formula1><formula2>109574</formula2>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRule:
    """The hint on one column.

    Attributes:
        letters: name of the column.
        expected: what its cells should hold.
        title, prompt: shown beside a selected cell; cut to what programs show.
        remark: shown after something else was entered; it can be kept.
        choices: the cells that hold the list, such as ``'可选值'!$A$2:$A$4``; for :attr:`Expected.CHOICE`.
        is_firm: whether programs ask before they keep something else, rather than only remark on it.
    """

    letters: str
    expected: Expected
    title: str
    prompt: str
    remark: str = ""
    choices: str = ""
    is_firm: bool = False


def rules_xml(rules: Sequence[CellRule], first_row: int) -> str:
    """The rules of a worksheet, for all rows from ``first_row`` on."""
    if not rules:
        return ""
    items = "".join(_rule_xml(rule, first_row) for rule in rules)
    return f'<dataValidations count="{len(rules)}">{items}</dataValidations>'


def _rule_xml(rule: CellRule, first_row: int) -> str:
    bounds = _BOUNDS.get(rule.expected, "")
    if rule.expected is Expected.CHOICE:
        bounds = f"<formula1>{xml_text(rule.choices)}</formula1>"
    style = "warning" if rule.is_firm else "information"
    return (
        f'<dataValidation {rule.expected.value} errorStyle="{style}" allowBlank="1" showInputMessage="1"'
        f' showErrorMessage="{int(rule.expected is not Expected.ANYTHING)}"'
        f' errorTitle="{_attribute(rule.title, _MAX_TITLE)}" error="{_attribute(rule.remark, _MAX_MESSAGE)}"'
        f' promptTitle="{_attribute(rule.title, _MAX_TITLE)}" prompt="{_attribute(rule.prompt, _MAX_MESSAGE)}"'
        f' sqref="{rule.letters}{first_row}:{rule.letters}{_LAST_ROW}">{bounds}</dataValidation>'
    )


def _attribute(text: str, max_characters: int) -> str:
    cut = text if len(text) <= max_characters else text[: max_characters - 1] + "…"
    return xml_text(cut).replace('"', "&quot;").replace("\n", "&#10;")
