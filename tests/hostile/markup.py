"""Workbooks whose XML attacks whoever parses it, or is none."""

import re
from collections.abc import Callable
from pathlib import Path

from .cases import Case, Reads, Refused
from .packages import (
    GOOD,
    HEADER,
    OFFICE,
    PROLOGUE,
    ROWS,
    STRICT,
    Parts,
    changed,
    inline,
    pack,
    parts,
    relations_xml,
    rows,
    sheet_xml,
    strings_xml,
    styles_xml,
    workbook_xml,
)

BROKEN = Refused("import.workbook_broken")
DECLARES = Refused("import.workbook_unsafe", says=("含有 DTD 声明",))
UNSAFE = Refused("import.workbook_unsafe")
GOOD_READS = Reads(rows=ROWS)

TO_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
TO_URL = '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/a">]>'
TO_DECLARATIONS = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/a.dtd">'
BY_PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
LAUGHING = GOOD.replace("甲某", "&j;")
SHARED = rows(HEADER[:2], ('<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>'))
STYLED = rows(HEADER, ('<c r="A2" s="1"><v>1</v></c>', "甲某"))


def _book(**contents: str | bytes) -> Callable[[Path], Path]:
    members = parts(SHARED if "strings" in contents else GOOD, strings=(), styles=styles_xml(0))
    return lambda folder: pack(folder / "book.xlsx", changed(members, **contents))


def _sheet(body: str) -> Callable[[Path], Path]:
    return lambda folder: pack(folder / "book.xlsx", parts(body))


def _lazy(build: Callable[[], Parts]) -> Callable[[Path], Path]:
    return lambda folder: pack(folder / "book.xlsx", build())


def _with_outside(folder: Path) -> Path:
    """Links to other workbooks and to the web beside good rows, whose formulas carry their results."""
    body = rows(
        HEADER,
        ("ZJ1", '<c r="B2" t="str"><f>[1]Sheet1!$A$1</f><v>甲某</v></c>', "示例大学"),
        ("ZJ2", '<c r="B3" t="str"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>乙某</v></c>', "示例学院"),
    )
    link = f'<Relationship Id="rId9" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    web = (
        f'<Relationship Id="rId8" Type="{OFFICE}/worksheet" '
        'Target="http://127.0.0.1:9/s.xml" TargetMode="External"/>'
    )
    members = changed(
        parts(body), relations=relations_xml([("worksheet", "worksheets/sheet1.xml")], more=link + web)
    )
    outside = "<externalLink><externalBook><sheetNames/></externalBook></externalLink>"
    return pack(folder / "links.xlsx", {**members, "xl/externalLinks/externalLink1.xml": outside.encode()})


def _pretty(xml: str) -> str:
    return xml.replace("><", ">\n  <")


def _row_with_attributes(n_attributes: int) -> str:
    attributes = " ".join(f'a{number}=""' for number in range(n_attributes))
    return f"<row {attributes}>{GOOD}</row>"


def _prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


CASES = (
    Case(
        name="entity-to-file",
        make=_book(sheet=sheet_xml(LAUGHING, doctype=TO_FILE)),
        expected=DECLARES,
    ),
    Case(
        name="entity-to-address", make=_book(strings=strings_xml(("&a;", "b"), doctype=TO_URL)), expected=DECLARES
    ),
    Case(
        name="declarations-elsewhere",
        make=_book(sheet=sheet_xml(doctype=TO_DECLARATIONS)),
        expected=DECLARES,
    ),
    Case(
        name="parameter-entity",
        make=_book(sheet=sheet_xml(doctype=BY_PARAMETER)),
        expected=DECLARES,
    ),
    Case(
        name="billion-laughs-sheet",
        make=_book(sheet=sheet_xml(LAUGHING, doctype=LAUGHS)),
        expected=DECLARES,
    ),
    Case(
        name="billion-laughs-strings",
        make=_book(strings=strings_xml(("ZJ1", "&j;"), doctype=LAUGHS)),
        expected=DECLARES,
    ),
    Case(
        name="billion-laughs-styles",
        make=_book(styles=styles_xml(0, doctype=LAUGHS)),
        expected=DECLARES,
    ),
    Case(
        name="billion-laughs-relations",
        make=_book(relations=relations_xml([("worksheet", "worksheets/sheet1.xml")], doctype=LAUGHS)),
        expected=DECLARES,
    ),
    Case(
        name="billion-laughs-workbook",
        make=_book(workbook=workbook_xml({"表1": "visible"}, doctype=LAUGHS)),
        expected=DECLARES,
    ),
    Case(
        name="declarations-in-utf-16",
        make=_book(sheet=sheet_xml(doctype=TO_FILE).replace("UTF-8", "UTF-16").encode("utf-16")),
        expected=DECLARES,
    ),
    Case(
        name="sheet-in-utf-16",
        make=_book(sheet=sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16")),
        expected=GOOD_READS,
    ),
    Case(
        name="unknown-encoding",
        make=_book(sheet=sheet_xml().replace("UTF-8", "UTF-7")),
        expected=BROKEN,
    ),
    Case(
        name="style-sheet-elsewhere",
        make=_book(sheet=sheet_xml().replace("?><", '?><?xml-stylesheet href="http://127.0.0.1:9/"?><', 1)),
        expected=GOOD_READS,
    ),
    Case(name="links-outside", make=_with_outside, expected=GOOD_READS),
    Case(
        name="nested-a-million-deep",
        make=_lazy(lambda: changed(parts(), sheet=f"{PROLOGUE}<worksheet>{'<a>' * 1_000_000}")),
        expected=UNSAFE,
    ),
    Case(
        name="nested-strings",
        make=_lazy(lambda: changed(parts(SHARED, strings=()), strings="<sst>" + "<si>" * 1_000_000)),
        expected=UNSAFE,
    ),
    Case(
        name="endless-attribute",
        make=_lazy(lambda: changed(parts(), sheet=f'{PROLOGUE}<worksheet a="{"a" * 9_000_000}"/>')),
        expected=UNSAFE,
    ),
    Case(
        name="endless-comment",
        make=_lazy(lambda: changed(parts(), sheet=sheet_xml(f"<!--{'a' * 9_000_000}-->"))),
        expected=UNSAFE,
    ),
    Case(
        name="hundred-thousand-attributes",
        make=_lazy(lambda: changed(parts(), sheet=sheet_xml(_row_with_attributes(200_000)))),
        expected=UNSAFE,
    ),
    Case(
        name="endless-cell", make=_lazy(lambda: parts(rows(HEADER, ("ZJ1", "长" * 3_000_000)))), expected=UNSAFE
    ),
    Case(
        name="endless-shared-string",
        make=_lazy(lambda: parts(SHARED, strings=("ZJ1", "长" * 3_000_000))),
        expected=UNSAFE,
    ),
    Case(
        name="million-styles",
        make=_lazy(lambda: parts(styles=styles_xml(*[14] * 700_000))),
        expected=UNSAFE,
    ),
    Case(name="null-character", make=_sheet(GOOD.replace("甲某", "甲&#0;某")), expected=BROKEN),
    Case(name="control-character", make=_sheet(GOOD.replace("甲某", "甲\x01某")), expected=BROKEN),
    Case(
        name="half-a-character",
        make=_book(sheet=sheet_xml().encode().replace("甲".encode(), b"\xe7\x94")),
        expected=BROKEN,
    ),
    Case(
        name="tags-crossed",
        make=_sheet(GOOD.replace("</is></c>", "</c></is>", 1)),
        expected=BROKEN,
    ),
    Case(name="markup-ends-early", make=_book(sheet=sheet_xml()[:-30]), expected=BROKEN),
    Case(name="no-markup", make=_book(sheet="not xml at all"), expected=BROKEN),
    Case(name="empty-part", make=_book(sheet=""), expected=BROKEN),
    Case(name="strict-variant", make=_book(sheet=sheet_xml(space=STRICT)), expected=GOOD_READS),
    Case(name="pretty-printed", make=_book(sheet=_pretty(sheet_xml())), expected=GOOD_READS),
    Case(
        name="prefixed-elements",
        make=_book(sheet=_prefixed(sheet_xml())),
        expected=GOOD_READS,
    ),
    Case(
        name="runs-and-phonetic-guides",
        make=_lazy(
            lambda: parts(
                rows(
                    HEADER,
                    (
                        "ZJ1",
                        '<c r="B2" t="inlineStr"><is>\n <r><rPr><b/></rPr><t>甲</t></r>\n <r><t>某</t></r>'
                        "\n <rPh sb='0' eb='1'><t>ㄐㄧㄚ</t></rPh></is></c>",
                        '<c r="C2" t="inlineStr"><is><t>示例大学</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
                    ),
                    ("ZJ2", "乙某", inline("C3", "示例_x000D_\n学院")),
                )
            )
        ),
        expected=Reads(rows=(("ZJ1", "甲某", "示例大学"), ("ZJ2", "乙某", "示例\n学院"))),
    ),
)
