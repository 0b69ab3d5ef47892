"""Workbooks that are well made but hold what people and programs put into tables."""

from collections.abc import Callable
from pathlib import Path

from .cases import Case, Reads, Refused, RowErrors
from .packages import (
    CONTENT_TYPES,
    GOOD,
    HEADER,
    RELATIONS,
    ROWS,
    WORKBOOK,
    Parts,
    changed,
    column,
    pack,
    parts,
    relations_xml,
    row,
    rows,
    sheet_xml,
    styles_xml,
    workbook_xml,
)

BROKEN = Refused("import.workbook_broken")
GOOD_READS = Reads(rows=ROWS)
WIDE = Refused("import.too_many_columns")
DATED = ("专家编号", "姓名", "最近核验日期")


def _book(*bodies: str, **options: object) -> Callable[[Path], Path]:
    return lambda folder: pack(folder / "book.xlsx", parts(*bodies, **options))  # type: ignore[arg-type]


def _lazy(build: Callable[[], Parts]) -> Callable[[Path], Path]:
    return lambda folder: pack(folder / "book.xlsx", build())


def _numbers(n_rows: int, n_columns: int) -> Callable[[], Parts]:
    """A sheet of numbers and nothing else."""

    def build() -> Parts:
        letters = [column(number) for number in range(1, n_columns + 1)]
        body = "".join(
            f'<row r="{n}">' + "".join(f'<c r="{at}{n}"><v>{n}</v></c>' for at in letters) + "</row>"
            for n in range(1, n_rows + 1)
        )
        return parts(body)

    return build


def _cell(reference: str, kind: str, value: str) -> str:
    return f'<c r="{reference}" t="{kind}"><v>{value}</v></c>'


def _number(reference: str, value: str, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def _formula(reference: str, formula: str) -> str:
    return f'<c r="{reference}"><f>{formula}</f></c>'


def _dated(value: str, format_id: int = 14, **options: object) -> Callable[[Path], Path]:
    """One expert whose date is a number in a format."""
    body = rows(DATED, ("ZJ1", "甲某", _number("C2", value, 1)))
    return _book(body, styles=styles_xml(0, format_id, formats={200: 'yyyy"年"m"月"d"日"'}), **options)


def _charts_only(folder: Path) -> Path:
    members = {
        CONTENT_TYPES: b"<Types/>",
        WORKBOOK: workbook_xml({"图": "visible"}).encode(),
        RELATIONS: relations_xml([("chartsheet", "chartsheets/sheet1.xml")]).encode(),
        "xl/chartsheets/sheet1.xml": b"<chartsheet/>",
    }
    return pack(folder / "charts.xlsx", members)


def _no_sheets(folder: Path) -> Path:
    return pack(folder / "none.xlsx", changed(parts(), workbook=workbook_xml({})))


def _merged(*areas: str) -> str:
    listed = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return f"<mergeCells>{listed}</mergeCells>"


DDE = "=cmd|' /C calc'!A0"
OTHER = rows(("专家编号", "姓名"), ("ZJ9", "旧表"))

CASES = (
    # Size
    Case(
        name="million-cells-of-numbers",
        make=_lazy(_numbers(100_000, 10)),
        expected=Refused("import.columns_missing", says=("专家编号", "姓名")),
    ),
    Case(name="million-cells-sixty-rows", make=_lazy(_numbers(62, 16_384)), expected=WIDE),
    Case(
        name="million-cells-under-a-header",
        make=_lazy(
            lambda: parts(
                row(1, HEADER)
                + "".join(
                    f'<row r="{n}">'
                    + "".join(f'<c r="{column(c)}{n}"><v>1</v></c>' for c in range(1, 1_001))
                    + "</row>"
                    for n in range(2, 1_002)
                )
            )
        ),
        expected=WIDE,
    ),
    Case(
        name="header-of-16384-columns",
        make=_lazy(lambda: parts(row(1, [*HEADER, *(f"列{n}" for n in range(16_381))]) + row(2, ROWS[0]))),
        expected=WIDE,
    ),
    Case(
        name="last-cell-of-all",
        make=_book(GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        expected=Refused("import.too_many_columns", says=("1,048,576", "16,384")),
    ),
    Case(
        name="last-row-of-all",
        make=_book(GOOD + row(1_048_576, ("ZJ3", "丙某"))),
        expected=Reads(rows=(*ROWS, ("ZJ3", "丙某", ""))),
    ),
    Case(
        name="formatted-to-the-last-column",
        make=_book(GOOD.replace("</row>", '<c r="XFD1" s="1"/></row>', 1)),
        expected=GOOD_READS,
    ),
    Case(
        name="hundred-thousand-blank-rows",
        make=_lazy(
            lambda: parts(GOOD + "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(4, 100_000)))
        ),
        expected=GOOD_READS,
    ),
    Case(
        name="dimension-too-large",
        make=_lazy(lambda: changed(parts(), sheet=sheet_xml(before='<dimension ref="A1:XFD1048576"/>'))),
        expected=GOOD_READS,
    ),
    Case(
        name="dimension-too-small",
        make=_lazy(lambda: changed(parts(), sheet=sheet_xml(before='<dimension ref="A1"/>'))),
        expected=GOOD_READS,
    ),
    Case(
        name="two-thousand-sheets",
        make=_lazy(lambda: parts(*[rows(("目录",))] * 2_000)),
        expected=Refused("import.columns_missing"),
    ),
    # Sheets
    Case(name="charts-only", make=_charts_only, expected=Refused("import.workbook_empty")),
    Case(name="no-sheets", make=_no_sheets, expected=Refused("import.workbook_empty")),
    Case(name="empty-sheet", make=_book(""), expected=Refused("import.workbook_empty")),
    Case(
        name="blank-cells",
        make=_book(rows((" ", "\u3000"), ("\u200b",))),
        expected=Refused("import.workbook_empty"),
    ),
    Case(
        name="hidden-sheet-is-not-taken",
        make=_book(OTHER, GOOD, states={"旧表": "hidden", "专家": "visible"}),
        expected=GOOD_READS,
    ),
    Case(
        name="only-a-hidden-sheet-fits",
        make=_book(GOOD, rows(("说明",), ("请按说明填写",)), states={"旧表": "veryHidden", "说明": "visible"}),
        expected=Refused("import.sheet_hidden", says=("旧表", "--sheet")),
    ),
    # Order of rows and cells
    Case(name="rows-out-of-order", make=_book(GOOD + row(2, ("ZJ3", "丙某"))), expected=BROKEN),
    Case(
        name="row-beyond-the-last",
        make=_book(GOOD + row(1_048_577, ("ZJ3", "丙某"))),
        expected=BROKEN,
    ),
    Case(name="row-zero", make=_book(row(0, HEADER) + GOOD), expected=BROKEN),
    Case(name="row-of-no-number", make=_book(GOOD.replace('r="3"', 'r="三"')), expected=BROKEN),
    Case(name="cells-out-of-order", make=_book(GOOD.replace('r="B2"', 'r="A2"')), expected=BROKEN),
    Case(name="no-such-column", make=_book(GOOD.replace('r="B2"', 'r="XFE2"')), expected=BROKEN),
    Case(
        name="no-such-reference",
        make=_book(GOOD.replace('r="B2"', 'r="#REF!"')),
        expected=BROKEN,
    ),
    Case(name="no-such-type", make=_book(GOOD.replace("inlineStr", "picture", 1)), expected=BROKEN),
    # Shared strings
    Case(
        name="string-out-of-range",
        make=_book(rows(HEADER, (_cell("A2", "s", "7"),)), strings=("ZJ1",)),
        expected=BROKEN,
    ),
    Case(
        name="string-below-range",
        make=_book(rows(HEADER, (_cell("A2", "s", "-1"),)), strings=("ZJ1",)),
        expected=BROKEN,
    ),
    Case(
        name="string-of-no-number",
        make=_book(rows(HEADER, (_cell("A2", "s", "one"),)), strings=("ZJ1",)),
        expected=BROKEN,
    ),
    # Cells
    Case(
        name="formulas-without-results",
        make=_book(rows(HEADER, ("ZJ1", _formula("B2", "A1"), _formula("C2", "1+1")), ROWS[1])),
        expected=RowErrors(((2, "姓名", "cell.uncached_formula"), (2, "单位", "cell.uncached_formula"))),
    ),
    Case(
        name="formulas-with-errors",
        make=_book(
            rows(
                HEADER,
                ("ZJ1", _cell("B2", "e", "#REF!")),
                ("ZJ2", _cell("B3", "e", "#NEW?"), "#N/A"),
                ("ZJ3", "丙某"),
            )
        ),
        expected=RowErrors(
            (
                (2, "姓名", "cell.formula_error"),
                (3, "姓名", "cell.formula_error"),
                (3, "单位", "cell.formula_error"),
            )
        ),
    ),
    Case(
        name="commands-as-text",
        make=_book(rows(HEADER, ("ZJ1", DDE, '=HYPERLINK("http://127.0.0.1:9/","x")'), ROWS[1])),
        expected=Reads(rows=(("ZJ1", DDE, '=HYPERLINK("http://127.0.0.1:9/","x")'), ROWS[1])),
    ),
    Case(
        name="commands-as-formulas",
        make=_book(rows(HEADER, ("ZJ1", _formula("B2", "cmd|' /C calc'!A0")))),
        expected=RowErrors(((2, "姓名", "cell.uncached_formula"),)),
    ),
    Case(
        name="numbers-stored-as-text",
        make=_book(rows(("专家编号", "姓名", "容量"), ("001", "甲某", " 3 "))),
        expected=Reads(rows=(("001", "甲某", "3"),)),
    ),
    Case(
        name="numbers-beyond-numbers",
        make=_book(
            rows(
                HEADER,
                ("ZJ1", _number("B2", "1e309")),
                ("ZJ2", _number("B3", "NaN")),
                ("ZJ3", _number("B4", "-INF")),
                (_number("A5", "9" * 400), "丁某"),
                (_number("A6", "1234567890123456789"), "戊某"),
            )
        ),
        expected=RowErrors(
            (
                (2, "姓名", "cell.formula_error"),
                (3, "姓名", "cell.formula_error"),
                (4, "姓名", "cell.formula_error"),
                (5, "专家编号", "cell.formula_error"),
                (6, "专家编号", "id.lost_digits"),
            )
        ),
    ),
    Case(
        name="words-as-numbers",
        make=_book(rows(HEADER, ("ZJ1", _number("B2", "甲某")))),
        expected=BROKEN,
    ),
    Case(
        name="truth-as-text",
        make=_book(rows(HEADER, ("ZJ1", _cell("B2", "b", "1"), _cell("C2", "b", "0")))),
        expected=Reads(rows=(("ZJ1", "TRUE", "FALSE"),)),
    ),
    # Dates; day 45,000 is 2023-03-15, as 45,000 = 25,569 (1970-01-01) + 19,431
    Case(
        name="date-as-number",
        make=_dated("45000"),
        expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),)),
    ),
    Case(
        name="date-unformatted",
        make=_dated("45000", 0),
        expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),)),
    ),
    Case(
        name="date-in-chinese", make=_dated("45000.75", 31), expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),))
    ),
    Case(
        name="date-in-own-format",
        make=_dated("45000", 200),
        expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),)),
    ),
    Case(
        name="date-from-1904",
        make=_dated(str(45_000 - 1_462), properties='date1904="1"'),
        expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),)),
    ),
    Case(
        name="date-by-standard",
        make=_book(rows(DATED, ("ZJ1", "甲某", _cell("C2", "d", "2023-03-15T00:00:00Z")))),
        expected=Reads(rows=(("ZJ1", "甲某", "2023-03-15"),)),
    ),
    Case(
        name="date-before-all",
        make=_dated("-1"),
        expected=RowErrors(((2, "最近核验日期", "date.form"),)),
    ),
    Case(
        name="date-after-all",
        make=_dated("1e12"),
        expected=RowErrors(((2, "最近核验日期", "date.form"),)),
    ),
    Case(
        name="date-for-an-id",
        make=_book(rows(HEADER, (_number("A2", "45000", 1), "甲某")), styles=styles_xml(0, 14)),
        expected=RowErrors(((2, "专家编号", "id.became_date"),)),
    ),
    # Headers
    Case(
        name="title-and-remarks-above",
        make=_book(
            row(1, ("专家名册（2026 年）",))
            + row(3, ("填表单位：示例局", "", "填表日期："))
            + rows(HEADER, *ROWS, first=5),
            after=_merged("A1:C1"),
        ),
        expected=Reads(rows=ROWS, header_row=5),
    ),
    Case(
        name="header-far-down",
        make=_book(rows(HEADER, *ROWS, first=40)),
        expected=Reads(rows=ROWS, header_row=40),
    ),
    Case(
        name="merged-header-of-two-rows",
        make=_book(
            rows(
                ("专家编号", "姓名", "基本情况", None, "备注"),
                (None, None, "单位", "职称"),
                ("ZJ1", "甲某", "示例大学", "教授", "无"),
            ),
            after=_merged("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
        ),
        expected=Reads(
            rows=(("ZJ1", "甲某", "示例大学", "教授"),), warnings=("header.second_row",), unknown=("备注",)
        ),
    ),
    Case(
        name="second-row-of-hints",
        make=_book(rows(HEADER, ("必填", "必填", "50字以内"), *ROWS)),
        expected=Reads(rows=ROWS, warnings=("header.second_row",)),
    ),
    Case(
        name="second-row-of-units",
        make=_book(rows(("需求编号", "需求名称", "预期投入"), (None, None, "(万元)"), ("XQ1", "检测", "80"))),
        expected=Reads(rows=(("XQ1", "检测", "80"),), warnings=("header.second_row",)),
        kind="needs",
    ),
    Case(
        name="second-row-of-another-unit",
        make=_book(rows(("需求编号", "需求名称", "预期投入"), (None, None, "元"), ("XQ1", "检测", "800000"))),
        expected=Refused("import.unit_differs", says=("元", "万元")),
        kind="needs",
    ),
    Case(
        name="header-with-another-unit",
        make=_book(rows(("需求编号", "需求名称", "预期投入（亿元）"), ("XQ1", "检测", "8"))),
        expected=Refused("import.unit_differs", says=("亿元", "万元")),
        kind="needs",
    ),
    Case(
        name="header-again-further-down",
        make=_book(rows(HEADER, ROWS[0], HEADER, ROWS[1])),
        expected=Reads(rows=ROWS, warnings=("header.repeated",)),
    ),
    Case(
        name="empty-header-cells",
        make=_book(rows(("专家编号", None, "姓名"), ("ZJ1", "旁注", "甲某"))),
        expected=Reads(rows=(("ZJ1", "甲某"),), unknown=("第 2 列（无表头）",)),
    ),
    Case(
        name="duplicate-headers",
        make=_book(rows(("专家编号", "姓名", "姓名"), ("ZJ1", "甲某", "乙某"))),
        expected=Refused("import.columns_repeated", says=("第 2 列", "第 3 列")),
    ),
    Case(
        name="formulas-as-headers",
        make=_book(rows((_formula("A1", "A2"), "姓名"), ROWS[0])),
        expected=Refused("import.columns_missing", says=("专家编号",)),
    ),
    Case(name="only-a-header", make=_book(row(1, HEADER)), expected=Refused("import.no_rows")),
    Case(
        name="another-kind-of-table",
        make=_book(rows(("平台编号", "平台名称"), ("PT1", "示例中心"))),
        expected=Refused("import.columns_of_other_kind", says=("matchmaker import platforms",)),
    ),
    # Merged cells
    Case(
        name="merged-cells-of-several-rows",
        make=_book(
            rows(HEADER, ("ZJ1", "甲某", "示例大学"), ("ZJ2", "乙某"), ("ZJ3", "丙某"), ("ZJ4", "丁某")),
            after=_merged("C2:C4"),
        ),
        expected=Reads(
            rows=(
                *((id_, name, "示例大学") for id_, name in (("ZJ1", "甲某"), ("ZJ2", "乙某"), ("ZJ3", "丙某"))),
                ("ZJ4", "丁某", ""),
            ),
            warnings=("cell.merged",),
        ),
    ),
    Case(
        name="merged-without-end",
        make=_book(GOOD, after=_merged(*["A1:XFD1048576"] * 20_000)),
        expected=Reads(rows=ROWS),
    ),
    Case(
        name="hundred-thousand-merges",
        make=_lazy(lambda: parts(after=_merged(*(f"F{n}:G{n}" for n in range(1, 150_000))))),
        expected=Refused("import.workbook_unsafe", says=("合并单元格",)),
    ),
)
