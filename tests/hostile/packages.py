"""Workbooks put together by hand, so that any part of them can be wrong."""

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

HEADER = ("专家编号", "姓名", "单位")
ROWS = (("ZJ1", "甲某", "示例大学"), ("ZJ2", "乙某", "示例学院"))

Parts = dict[str, bytes]


def column(number: int) -> str:
    """Letters of a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def inline(reference: str, text: str) -> str:
    """A cell with its text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row(number: int, cells: Sequence[str | None]) -> str:
    """A row of text cells; ``None`` and what begins with ``<c`` stand for themselves."""
    written = []
    for position, cell in enumerate(cells, start=1):
        if cell is not None:
            written.append(cell if cell.startswith("<c") else inline(f"{column(position)}{number}", cell))
    return f'<row r="{number}">{"".join(written)}</row>'


def rows(*lines: Sequence[str | None], first: int = 1) -> str:
    """Consecutive rows."""
    return "".join(row(number, cells) for number, cells in enumerate(lines, start=first))


GOOD = rows(HEADER, *ROWS)
"""A header and two experts: what stands in every file that is otherwise broken."""


def sheet_xml(
    body: str = GOOD, *, after: str = "", before: str = "", space: str = MAIN, doctype: str = ""
) -> str:
    """A worksheet whose rows are ``body``."""
    return (
        f'{PROLOGUE}{doctype}<worksheet xmlns="{space}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'
    )


def strings_xml(texts: Sequence[str], *, doctype: str = "") -> str:
    """A table of shared strings."""
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{PROLOGUE}{doctype}<sst xmlns="{MAIN}" count="{len(texts)}">{items}</sst>'


def styles_xml(*format_ids: int, formats: Mapping[int, str] | None = None, doctype: str = "") -> str:
    """Cell styles 0, 1, … with these number formats."""
    own = "".join(
        f'<numFmt numFmtId="{id_}" formatCode="{escape(code)}"/>' for id_, code in (formats or {}).items()
    )
    styles = "".join(f'<xf numFmtId="{id_}"/>' for id_ in format_ids)
    return (
        f'{PROLOGUE}{doctype}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>'
    )


def workbook_xml(sheets: Mapping[str, str], *, properties: str = "", space: str = MAIN, doctype: str = "") -> str:
    """A list of sheets: state by name."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state) in enumerate(sheets.items(), start=1)
    )
    return (
        f'{PROLOGUE}{doctype}<workbook xmlns="{space}" xmlns:r="{OFFICE}">'
        f"<workbookPr {properties}/><sheets>{listed}</sheets></workbook>"
    )


def relations_xml(targets: Sequence[tuple[str, str]], *, doctype: str = "", more: str = "") -> str:
    """Relations rId1, rId2, … with kind and target of each."""
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{PROLOGUE}{doctype}<Relationships xmlns="{PACKAGE}">{listed}{more}</Relationships>'


def parts(
    *bodies: str,
    states: Mapping[str, str] | None = None,
    strings: Sequence[str] | None = None,
    styles: str | None = None,
    properties: str = "",
    after: str = "",
) -> Parts:
    """The parts of a whole workbook, one worksheet for each of the bodies (by default the good one)."""
    bodies = bodies or (GOOD,)
    names = states or {f"表{number}": "visible" for number in range(1, len(bodies) + 1)}
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(bodies) + 1)]
    made: Parts = {
        CONTENT_TYPES: f"{PROLOGUE}<Types/>".encode(),
        "_rels/.rels": relations_xml([("officeDocument", WORKBOOK)]).encode(),
        WORKBOOK: workbook_xml(names, properties=properties).encode(),
    }
    for number, body in enumerate(bodies, start=1):
        made[f"xl/worksheets/sheet{number}.xml"] = sheet_xml(body, after=after).encode()
    if strings is not None:
        targets.append(("sharedStrings", "sharedStrings.xml"))
        made[STRINGS] = strings_xml(strings).encode()
    if styles is not None:
        targets.append(("styles", "styles.xml"))
        made[STYLES] = styles.encode()
    made[RELATIONS] = relations_xml(targets).encode()
    return made


def pack(path: Path, members: Parts, *, level: int = 1) -> Path:
    """Parts as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def changed(members: Parts, **contents: str | bytes) -> Parts:
    """Parts with some of them replaced: ``sheet``, ``strings``, ``styles``, ``workbook``, ``relations``."""
    names = {
        "sheet": SHEET,
        "strings": STRINGS,
        "styles": STYLES,
        "workbook": WORKBOOK,
        "relations": RELATIONS,
    }
    replaced = {
        names[short]: content.encode() if isinstance(content, str) else content
        for short, content in contents.items()
    }
    return {**members, **replaced}
