"""Text files in every encoding and shape, and files that are no table at all."""

import gzip
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from .cases import Case, Reads, Refused, RowErrors
from .packages import HEADER, ROWS, pack, parts

GOOD_READS = Reads(rows=ROWS)
NOT_A_TABLE = Refused("import.file_not_a_table")
TOO_LONG = Refused("import.csv_row_too_long")
TEXT = "\n".join(",".join(line) for line in (HEADER, *ROWS)) + "\n"
DDE = "=cmd|' /C calc'!A0"


def _file(content: bytes, name: str = "table.csv") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _text(content: str, encoding: str = "utf-8", name: str = "table.csv") -> Callable[[Path], Path]:
    return _file(content.encode(encoding), name)


def _repeated(head: bytes, piece: bytes, n_times: int, tail: bytes = b"") -> Callable[[Path], Path]:
    """A large file, written piece by piece."""

    def make(folder: Path) -> Path:
        path = folder / "large.csv"
        with path.open("wb") as file:
            file.write(head)
            for _ in range(n_times):
                file.write(piece)
            file.write(tail)
        return path

    return make


def _workbook_called_text(folder: Path) -> Path:
    return pack(folder / "book.csv", parts())


def _picture() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    pixels = zlib.compress(b"".join(b"\x00" + bytes((n * 7 + m) % 256 for m in range(192)) for n in range(64)))
    header = struct.pack(">2L5B", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


MIXED = TEXT.encode() + "ZJ3,丙某,示例研究院\n".encode("gb18030") * 3
STRAY = ("专家编号,姓名,单位\n" + "ZJ1,甲某,示例大学\n" * 9).encode("gb18030") + b"ZJ2,\xff\xfe,x\n"
MIB = 2**20

CASES = (
    # Names and formats that do not fit
    Case(name="text-called-workbook", make=_text(TEXT, name="table.xlsx"), expected=GOOD_READS),
    Case(name="workbook-called-text", make=_workbook_called_text, expected=GOOD_READS),
    Case(name="picture", make=_file(_picture(), "table.xlsx"), expected=NOT_A_TABLE),
    Case(
        name="printed-document",
        make=_file(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "table.xlsx"),
        expected=NOT_A_TABLE,
    ),
    Case(name="rich-text", make=_file(b"{\\rtf1\\ansi ZJ1}", "table.csv"), expected=NOT_A_TABLE),
    Case(
        name="program",
        make=_file(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20),
        expected=NOT_A_TABLE,
    ),
    Case(
        name="database",
        make=_file(b"SQLite format 3\x00" + b"\x10\x00\x02" * 300),
        expected=NOT_A_TABLE,
    ),
    Case(
        name="json",
        make=_text(json.dumps([{"专家编号": "ZJ1"}], ensure_ascii=False)),
        expected=NOT_A_TABLE,
    ),
    Case(
        name="web-page-called-old-workbook",
        make=_text("<html><table><tr><td>专家编号</td></tr></table></html>", name="table.xls"),
        expected=Refused("import.file_is_markup"),
    ),
    Case(
        name="workbook-in-one-xml",
        make=_text('<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
        expected=Refused("import.file_is_markup"),
    ),
    Case(
        name="packed-text",
        make=_file(gzip.compress(TEXT.encode()), "table.csv.gz"),
        expected=Refused("import.file_is_archive"),
    ),
    # Nothing in it
    Case(name="empty", make=_file(b""), expected=Refused("import.file_empty")),
    Case(name="only-a-mark", make=_file(b"\xef\xbb\xbf"), expected=Refused("import.file_empty")),
    Case(
        name="only-blank-lines",
        make=_file(b"\r\n \n\t\n,,,\n\n"),
        expected=Refused("import.file_empty"),
    ),
    Case(
        name="only-a-header",
        make=_text(",".join(HEADER) + "\n"),
        expected=Refused("import.no_rows"),
    ),
    Case(
        name="half-a-million-blank-lines",
        make=_repeated(TEXT.encode(), b",,\n" * 1_000, 500),
        expected=GOOD_READS,
    ),
    # Encodings
    Case(name="utf-16-with-mark", make=_text(TEXT, "utf-16"), expected=GOOD_READS),
    Case(name="utf-16-le-without-mark", make=_text(TEXT, "utf-16-le"), expected=GOOD_READS),
    Case(name="utf-16-be-without-mark", make=_text(TEXT, "utf-16-be"), expected=GOOD_READS),
    Case(
        name="utf-16-cut-in-half",
        make=_file(TEXT.encode("utf-16")[:-1]),
        expected=Refused("import.encoding"),
    ),
    Case(name="utf-32", make=_text(TEXT, "utf-32"), expected=GOOD_READS),
    Case(name="gb18030", make=_text(TEXT, "gb18030"), expected=GOOD_READS),
    Case(
        name="gb18030-with-stray-bytes",
        make=_file(STRAY),
        expected=Refused("import.encoding", says=("第 11 行", "另存为")),
    ),
    Case(
        name="mixed-encodings",
        make=_file(MIXED),
        expected=Refused("import.encoding", says=("第 4 行",)),
    ),
    Case(
        name="utf-8-with-a-null",
        make=_text(TEXT.replace("甲某", "甲\0某")),
        expected=Reads(rows=ROWS, warnings=("text.control_characters",)),
    ),
    Case(
        name="utf-8-full-of-nulls",
        make=_file(TEXT.encode() + b"\0" * 4_096),
        expected=NOT_A_TABLE,
    ),
    # Lines, separators and quotes
    Case(
        name="line-of-100-megabytes",
        make=_repeated(TEXT.encode(), b"a" * MIB, 100),
        expected=TOO_LONG,
    ),
    Case(
        name="only-line-of-100-megabytes",
        make=_repeated(b"", b"a" * MIB, 100),
        expected=TOO_LONG,
    ),
    Case(
        name="line-of-a-million-quotes",
        make=_repeated(TEXT.encode(), b'"' * MIB, 5, b'"'),
        expected=TOO_LONG,
    ),
    Case(
        name="quote-never-closed",
        make=_text(TEXT + 'ZJ3,"丙某,示例研究院\nZJ4,丁某,示例研究院\n'),
        expected=Refused("import.csv_quotes", says=("第 4 行",)),
    ),
    Case(
        name="quote-never-closed-in-50-megabytes",
        make=_repeated((TEXT + 'ZJ3,"丙某,示例研究院\n').encode(), "ZJ4,丁某,示例研究院\n".encode() * 30_000, 50),
        expected=Refused("import.csv_row_too_long", says=("第 4 行", "双引号")),
    ),
    Case(
        name="ten-thousand-columns",
        make=_text(",".join((*HEADER, *(f"列{n}" for n in range(10_000)))) + "\nZJ1,甲某\n"),
        expected=Refused("import.too_many_columns", says=("256",)),
    ),
    Case(
        name="ten-thousand-columns-in-a-row",
        make=_text(TEXT + "ZJ3,丙某,x" + ",y" * 10_000 + "\n"),
        expected=RowErrors(((4, "", "row.surplus_cells"),)),
    ),
    Case(
        name="mixed-line-ends",
        make=_text("专家编号,姓名,单位\r\nZJ1,甲某,示例大学\rZJ2,乙某,示例学院\n"),
        expected=GOOD_READS,
    ),
    Case(name="semicolons", make=_text(TEXT.replace(",", ";")), expected=GOOD_READS),
    Case(name="tabs", make=_text(TEXT.replace(",", "\t"), "utf-16"), expected=GOOD_READS),
    Case(
        name="commands-in-text",
        make=_text(f'专家编号,姓名,单位\nZJ1,"{DDE}",@SUM(A1)\n'),
        expected=Reads(rows=(("ZJ1", DDE, "@SUM(A1)"),)),
    ),
    Case(
        name="errors-of-formulas-in-text",
        make=_text("专家编号,姓名,单位\nZJ1,#REF!,示例大学\n"),
        expected=RowErrors(((2, "姓名", "cell.formula_error"),)),
    ),
    Case(
        name="ids-that-became-numbers",
        make=_text("专家编号,姓名,单位\n9.13206E+17,甲某,示例大学\n"),
        expected=RowErrors(((2, "专家编号", "id.lost_digits"),)),
    ),
    Case(
        name="same-id-twice",
        make=_text("专家编号,姓名,单位\nZJ1,甲某,示例大学\nZJ1,乙某,示例学院\n"),
        expected=RowErrors(((2, "", "duplicate.conflict"), (3, "", "duplicate.conflict"))),
    ),
)
