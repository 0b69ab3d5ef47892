"""A workbook, written one worksheet after the other, straight to the disk.

Written without a library: three to five times as fast, in the memory of a few rows, and with nothing in it that
could write a formula or a link (``docs/decisions/0010-written-files.md`` has the figures). The same rows give the
same bytes.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from recommender.exchange.writing_rules import CellRule
from recommender.exchange.writing_sheet import (
    MAIN_NAMESPACE,
    XML_HEAD,
    LongText,
    OutCell,
    OutColumn,
    SheetWriter,
)
from recommender.exchange.writing_styles import styles_xml
from recommender.exchange.writing_text import xml_text

_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TIMESTAMP: Final = (1980, 1, 1, 0, 0, 0)
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]")
_MAX_NAME: Final = 31
_CELL: Final = re.compile(r"([A-Z]+)(\d+)")


class BookWriter:
    """A workbook under construction."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names: list[str] = []
        self._filters: list[str] = []

    @contextmanager
    def sheet(
        self,
        name: str,
        columns: Sequence[OutColumn],
        *,
        above: Sequence[Sequence[OutCell]] = (),
        long: LongText = LongText.REFUSE,
        rules: Sequence[CellRule] = (),
    ) -> Iterator[SheetWriter]:
        """Add a worksheet with frozen header and filters.

        Args:
            name: of its tab; what names may not hold is replaced, and it is cut to 31 characters.
            above, long, rules: see :class:`SheetWriter`.
        """
        tab = _NOT_IN_NAMES.sub("_", name).strip("'")[:_MAX_NAME] or "Sheet"
        self._names.append(tab)
        with self._archive.open(_member(self._part), "w", force_zip64=True) as part:
            writer = SheetWriter(part, columns, above=above, long=long, rules=rules)
            yield writer
            writer.close()
        first, last = (_CELL.sub(r"$\1$\2", cell) for cell in writer.filtered)
        quoted = tab.replace("'", "''")
        self._filters.append(f"'{quoted}'!{first}:{last}")

    def close(self) -> None:
        """Write the parts that describe the sheets."""
        for name, xml in self._descriptions().items():
            self._archive.writestr(_member(name), XML_HEAD + xml)

    @property
    def _part(self) -> str:
        return f"xl/worksheets/sheet{len(self._names)}.xml"

    def _descriptions(self) -> Mapping[str, str]:
        numbers = range(1, len(self._names) + 1)
        worksheets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
        return {
            "xl/styles.xml": styles_xml(),
            "xl/workbook.xml": self._workbook(),
            "xl/_rels/workbook.xml.rels": _relations([*worksheets, ("styles", "styles.xml")]),
            "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _content_types([target for _, target in worksheets]),
        }

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name="{_attribute(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in enumerate(self._names, start=1)
        )
        # Programs keep the range of a filter under this name as well; without it some drop the filter.
        filters = "".join(
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{xml_text(cells)}'
            "</definedName>"
            for number, cells in enumerate(self._filters)
        )
        return (
            f'<workbook xmlns="{MAIN_NAMESPACE}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets><definedNames>{filters}</definedNames></workbook>"
        )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _content_types(worksheets: Sequence[str]) -> str:
    kinds = [
        ("workbook.xml", "sheet.main"),
        ("styles.xml", "styles"),
        *((name, "worksheet") for name in worksheets),
    ]
    overrides = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in kinds
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _attribute(text: str) -> str:
    return xml_text(text).replace('"', "&quot;")


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIMESTAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
