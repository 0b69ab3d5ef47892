"""What a workbook says of itself: its worksheets, where their parts lie, which number formats are dates."""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.exchange.xlsx_archive import WORKBOOK, open_small
from recommender.exchange.xlsx_xml import Malformed, elements

_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_RELATION_IDS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_DATE_FORMATS: Final = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""Built-in formats of dates and times; 27 to 36 and 50 to 58 are those of Chinese, such as 2024年3月5日."""


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet; ``hidden`` ones are not shown to who opens the workbook."""

    name: str
    member: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook without its cells.

    Attributes:
        worksheets: in the order of their tabs; charts and macro sheets are none.
        strings: member with the shared strings, if there are any.
        date_styles: cell styles, as cells name them, that show a number as date or time.
        from_1904: whether days are counted from 1904 rather than 1900.
    """

    worksheets: tuple[Worksheet, ...]
    strings: str | None
    date_styles: frozenset[str]
    from_1904: bool


def read_book(archive: zipfile.ZipFile) -> Book:
    """Read what is needed to find and understand the cells.

    Raises:
        Malformed: the workbook names parts that are not there.
        Suspicious, ExpatError: see :mod:`recommender.exchange.xlsx_xml`.
    """
    relations = _relations(archive)
    worksheets: list[Worksheet] = []
    from_1904 = False
    with open_small(archive, WORKBOOK) as part:
        for name, attributes in elements(part):
            if name == "workbookPr":
                from_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet":
                relation = next((attributes[key] for key in _RELATION_IDS if key in attributes), "")
                kind, member = relations.get(relation, ("", ""))
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    worksheets.append(Worksheet(attributes.get("name", ""), member, hidden))
    by_kind = dict(relations.values())
    styles = by_kind.get("styles")
    return Book(
        worksheets=tuple(worksheets),
        strings=by_kind.get("sharedStrings"),
        date_styles=frozenset() if styles is None else _date_styles(archive, styles),
        from_1904=from_1904,
    )


def _relations(archive: zipfile.ZipFile) -> Mapping[str, tuple[str, str]]:
    """Kind and member of what the workbook refers to inside the archive, by relation."""
    present = frozenset(archive.namelist())
    found: dict[str, tuple[str, str]] = {}
    with open_small(archive, _RELATIONS) as part:
        for name, attributes in elements(part):
            if name != "Relationship" or attributes.get("TargetMode") == "External":
                continue
            kind = attributes.get("Type", "").rpartition("/")[2]
            member = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            if kind == "worksheet" and member not in present:
                raise Malformed(f"no part {member!r}")
            if member in present:
                found[attributes.get("Id", "")] = (kind, member)
    return found


def _date_styles(archive: zipfile.ZipFile, member: str) -> frozenset[str]:
    """Positions, as text, of the cell styles whose number format is a date."""
    from openpyxl.styles.numbers import is_date_format

    dates = set(_DATE_FORMATS)
    found: set[str] = set()
    n_styles = 0
    container = ""
    with open_small(archive, member) as part:
        for name, attributes in elements(part):
            if name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                container = name
            elif name == "numFmt" and is_date_format(attributes.get("formatCode")):
                dates.add(attributes.get("numFmtId", ""))
            elif name == "xf" and container == "cellXfs":
                if attributes.get("numFmtId") in dates:
                    found.add(str(n_styles))
                n_styles += 1
    return frozenset(found)
