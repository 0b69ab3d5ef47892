"""What a workbook says of itself: its worksheets, where their parts lie, which number formats are dates."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.exchange.xlsx_archive import WORKBOOK, open_small
from recommender.exchange.xlsx_xml import Attributes, Handler, Malformed, parse_small

_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_RELATION_SPACE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION_IDS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_DATE_FORMATS: Final = frozenset(map(str, (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))))
"""Built-in formats of dates and times, not of durations.

27 to 36 and 50 to 58 are those of Chinese, such as 2024年3月5日, which libraries know nothing of.
"""


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
    listed: list[Attributes] = []
    properties: list[Attributes] = []
    with open_small(archive, WORKBOOK) as part:
        parse_small(part, {"sheet": listed.append, "workbookPr": properties.append})
    by_kind = dict(relations.values())
    styles = by_kind.get("styles")
    return Book(
        worksheets=tuple(_worksheets(listed, relations)),
        strings=by_kind.get("sharedStrings"),
        date_styles=frozenset() if styles is None else _date_styles(archive, styles),
        from_1904=any(item.get("date1904") in ("1", "true") for item in properties),
    )


def _worksheets(listed: Sequence[Attributes], relations: Mapping[str, tuple[str, str]]) -> Iterator[Worksheet]:
    for attributes in listed:
        relation = next((attributes[key] for key in _RELATION_IDS if key in attributes), "")
        kind, member = relations.get(relation, ("", ""))
        if kind == "worksheet":
            hidden = attributes.get("state", "visible") != "visible"
            yield Worksheet(attributes.get("name", ""), member, hidden)


def _relations(archive: zipfile.ZipFile) -> Mapping[str, tuple[str, str]]:
    """Kind and member of what the workbook refers to inside the archive, by relation."""
    present = frozenset(archive.namelist())
    listed: list[Attributes] = []
    with open_small(archive, _RELATIONS) as part:
        parse_small(part, {"Relationship": listed.append}, spaces=[_RELATION_SPACE])
    found: dict[str, tuple[str, str]] = {}
    for attributes in listed:
        kind = attributes.get("Type", "").rpartition("/")[2]
        member = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
        if attributes.get("TargetMode") == "External":
            continue
        if member in present:
            found[attributes.get("Id", "")] = (kind, member)
        elif kind == "worksheet":
            raise Malformed(f"no part {member!r}")
    return found


def _date_styles(archive: zipfile.ZipFile, member: str) -> frozenset[str]:
    """Positions, as text, of the cell styles whose number format is a date."""
    collector = _DateStyles()
    with open_small(archive, member) as part:
        parse_small(part, collector.handlers)
    return frozenset(collector.found)


class _DateStyles:
    """Looks for the cell styles that show dates."""

    def __init__(self) -> None:
        self.found: Final[set[str]] = set()
        self._formats = set(_DATE_FORMATS)
        self._n_styles = 0
        self._is_inside = False

    @property
    def handlers(self) -> dict[str, Handler]:
        """For the elements of the part; the styles of cells are one of several lists of styles."""
        others = dict.fromkeys(("cellStyleXfs", "cellStyles", "dxfs"), self._leave)
        return {"numFmt": self._take_format, "cellXfs": self._enter, "xf": self._take_style, **others}

    def _take_format(self, attributes: Attributes) -> None:
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format

        code = attributes.get("formatCode")
        if is_date_format(code) and not is_timedelta_format(code):
            self._formats.add(attributes.get("numFmtId", ""))

    def _enter(self, _: Attributes) -> None:
        self._is_inside = True

    def _leave(self, _: Attributes) -> None:
        self._is_inside = False

    def _take_style(self, attributes: Attributes) -> None:
        if self._is_inside:
            if attributes.get("numFmtId") in self._formats:
                self.found.add(str(self._n_styles))
            self._n_styles += 1
