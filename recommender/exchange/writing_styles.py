"""How cells of a written workbook look: one style for each combination that is used, by number."""

from enum import Enum, auto
from itertools import product
from typing import Final


class RowLook(Enum):
    """How a row is set apart."""

    PLAIN = auto()
    HEADER = auto()
    REQUIRED_HEADER = auto()
    ERROR = auto()
    WARNING = auto()


class CellFormat(Enum):
    """How a spreadsheet program shows and keeps a cell; the value is the number format's id."""

    GENERAL = 0
    TEXT = 49
    DAY = 164
    MOMENT = 165


_FORMAT_CODES: Final = {CellFormat.DAY: "yyyy\\-mm\\-dd", CellFormat.MOMENT: "yyyy\\-mm\\-dd\\ hh:mm:ss"}
_FILLS: Final = {
    RowLook.HEADER: "FFE7EEF7",
    RowLook.REQUIRED_HEADER: "FFFFE8A3",
    RowLook.ERROR: "FFFDE2E0",
    RowLook.WARNING: "FFFFF5D6",
}
_FIRST_FILL: Final = 2
"""The first two fills of a workbook are none and grey, whatever stands there."""

_STYLES: Final = {
    key: number for number, key in enumerate(product(RowLook, CellFormat, (False, True), (False, True)))
}


def style_number(look: RowLook, cell_format: CellFormat, *, quoted: bool = False, wrapped: bool = False) -> int:
    """The number by which a cell names its style; the plain one is 0.

    Args:
        quoted: the text begins with what would make a formula of it, if somebody typed it.
        wrapped: long text is broken into lines.
    """
    return _STYLES[look, cell_format, quoted, wrapped]


def styles_xml() -> str:
    """The part ``xl/styles.xml``."""
    formats = "".join(
        f'<numFmt numFmtId="{item.value}" formatCode="{code}"/>' for item, code in _FORMAT_CODES.items()
    )
    fills = "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
        for colour in _FILLS.values()
    )
    cells = "".join(_cell_xml(*key) for key in _STYLES)
    font = '<sz val="11"/><name val="等线"/><family val="2"/>'
    return (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts count="{len(_FORMAT_CODES)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        f'<fills count="{_FIRST_FILL + len(_FILLS)}"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill>{fills}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_STYLES)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _cell_xml(look: RowLook, cell_format: CellFormat, quoted: bool, wrapped: bool) -> str:  # noqa: FBT001
    fill = _FIRST_FILL + list(_FILLS).index(look) if look in _FILLS else 0
    font = 1 if look in (RowLook.HEADER, RowLook.REQUIRED_HEADER) else 0
    attributes = f'numFmtId="{cell_format.value}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
    if cell_format is not CellFormat.GENERAL:
        attributes += ' applyNumberFormat="1"'
    if font:
        attributes += ' applyFont="1"'
    if fill:
        attributes += ' applyFill="1"'
    if quoted:
        attributes += ' quotePrefix="1"'
    if not wrapped:
        return f"<xf {attributes}/>"
    return f'<xf {attributes} applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
