"""A file is judged by its content, and whatever cannot be read is answered with one sentence."""

import hashlib
import re
from pathlib import Path

import pytest

from recommender.domain.errors import InvalidData, InvalidInput, MatchmakerError
from recommender.exchange import files, reader
from recommender.exchange.files import FileFormat, inspect
from recommender.exchange.limits import Limits

from .samples import EXPERTS, csv_file, csv_text, parse, xlsx_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONG_ENOUGH = (*EXPERTS, *((f"ZJ{n}", "丙某", "示例研究院", "硫化；炼钢") for n in range(3, 40)))


def refusal(path: Path, kind: str = "experts") -> MatchmakerError:
    with pytest.raises(MatchmakerError) as refused:
        parse(path, kind)
    assert re.search("[\u4e00-\u9fff].*。$", str(refused.value)), "a zh-CN sentence"
    return refused.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_the_encoding_is_found_and_nothing_is_lost(tmp_path: Path, encoding: str) -> None:
    parsed = parse(csv_file(tmp_path, EXPERTS, encoding=encoding))
    assert [row.record.name for row in parsed.rows] == ["甲某", "乙某"]  # type: ignore[union-attr]
    assert parsed.source.file.encoding == {"gbk": "gb18030"}.get(encoding, encoding)


def test_rare_characters_survive_gb18030(tmp_path: Path) -> None:
    rows = (EXPERTS[0], ("ZJ1", "𠮷某", "示例大学", "铸造"))
    parsed = parse(csv_file(tmp_path, rows, encoding="gb18030"))
    assert parsed.rows[0].record.name == "𠮷某"  # type: ignore[union-attr]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("row", [2, 20, 40])
@pytest.mark.parametrize("stray", [b"\xff", b"\x80\x0a", b"\x81\x20"])
def test_a_stray_byte_is_named_by_its_line(tmp_path: Path, encoding: str, row: int, stray: bytes) -> None:
    lines = csv_text(LONG_ENOUGH).encode(encoding).split(b"\r\n")
    lines[row - 1] += stray
    path = tmp_path / "damaged.csv"
    path.write_bytes(b"\r\n".join(lines))
    error = refusal(path)
    assert error.code == "import.encoding"
    assert f"第 {row} 行" in str(error)
    assert "另存为" in str(error)


def test_a_stray_null_is_dropped_with_a_warning(tmp_path: Path) -> None:
    rows = (EXPERTS[0], ("ZJ1", "甲\0某", "示例大学", "铸造"), *LONG_ENOUGH[3:])
    parsed = parse(csv_file(tmp_path, rows))
    assert parsed.rows[0].record.name == "甲某"  # type: ignore[union-attr]
    assert [(warning.row, warning.code) for warning in parsed.log.warnings] == [(2, "text.control_characters")]


def test_brackets_and_words_at_the_start_are_no_json(tmp_path: Path) -> None:
    parsed = parse(csv_file(tmp_path, [["[专家名册]"], ["{2026}"], *EXPERTS], encoding="utf-8"))
    assert parsed.layout.header_row == 3


def test_half_a_character_of_utf16_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "damaged.csv"
    path.write_bytes(csv_text(LONG_ENOUGH).encode("utf-16-le")[:-1])
    assert refusal(path).code == "import.encoding"


def test_the_line_is_right_far_into_a_large_file(tmp_path: Path) -> None:
    line = "ZJ,甲某,示例大学,铸造\n".encode()
    head = ",".join(EXPERTS[0]).encode() + b"\n"
    n_lines = 3 * files._CHUNK // len(line)
    path = tmp_path / "large.csv"
    path.write_bytes(head + line * n_lines + "甲".encode()[:2] + b"\n" + line * 5)
    assert f"第 {1 + n_lines + 1:,} 行" in str(refusal(path))


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    # A byte lost in the middle of a character may leave something that GB18030 reads without complaint.
    good = "专家编号,姓名\nZJ1,甲某某\n".encode()
    data = good.replace("甲".encode(), "甲".encode()[:2])
    path = tmp_path / "damaged.csv"
    path.write_bytes(data)
    assert refusal(path).code == "import.encoding"


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = csv_file(tmp_path, EXPERTS)
    assert inspect(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert inspect(path).n_bytes == path.stat().st_size


@pytest.mark.parametrize("name", ["experts.csv", "experts.xls", "experts.txt", "experts"])
def test_the_ending_of_the_name_does_not_matter(tmp_path: Path, name: str) -> None:
    book = xlsx_file(tmp_path, {"专家": EXPERTS}).rename(tmp_path / f"book-{name}")
    text = csv_file(tmp_path, EXPERTS, name=f"text-{name}.xlsx")
    assert inspect(book).format is FileFormat.XLSX
    assert inspect(text).format is FileFormat.CSV
    assert [row.record for row in parse(book).rows] == [row.record for row in parse(text).rows]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.file_empty"),
        (b"\xef\xbb\xbf", "import.file_empty"),
        (b"\n \r\n\t\n,,\n", "import.file_empty"),
        (b"\n" * 12 + "专家编号,姓名\nZJ1,甲\n".encode(), "import.no_header"),
        ("专家编号,姓名\n".encode(), "import.no_rows"),
        ("专家编号,姓名\n,\n  ,\n".encode(), "import.no_rows"),
        (OLE + b"\x00" * 600, "import.file_is_xls"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "import.file_encrypted"),
        (
            OLE + b"\x00" * (files._CHUNK - 15) + "EncryptedPackage".encode("utf-16-le"),
            "import.file_encrypted",
        ),
        (b"<html><body><table><tr><td>1</td></tr></table>", "import.file_is_markup"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><Workbook/>", "import.file_is_markup"),
        (b"%PDF-1.7 ...", "import.file_not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import.file_not_a_table"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "import.file_not_a_table"),
        (b'[ {"\xe5\x90\x8d": 1}]', "import.file_not_a_table"),
        (b'{"rows": []}', "import.file_not_a_table"),
        (b"\x1f\x8b\x08\x00", "import.file_is_archive"),
        (b"Rar!\x1a\x07\x01", "import.file_is_archive"),
        (b"7z\xbc\xaf\x27\x1c", "import.file_is_archive"),
        (b"PK\x05\x06" + b"\x00" * 18, "import.file_is_archive"),
        (bytes(range(32)) * 40, "import.file_not_a_table"),
        (b"PK\x03\x04 but nothing else", "import.workbook_broken"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    error = refusal(path)
    assert error.code == code
    assert isinstance(error, InvalidData)


def test_a_missing_file_and_a_folder_are_mistakes_of_the_command(tmp_path: Path) -> None:
    missing, folder = refusal(tmp_path / "none.csv"), refusal(tmp_path)
    assert (missing.code, folder.code) == ("import.file_not_found", "import.file_is_folder")
    assert isinstance(missing, InvalidInput)
    assert isinstance(folder, InvalidInput)
    assert str(tmp_path) in str(missing)
    assert refusal(Path("a\0b.csv")).code == "import.file_not_found"


def test_special_files_are_not_read(tmp_path: Path) -> None:
    assert refusal(Path("/dev/zero")).code == "import.file_unreadable"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(Limits().max_file_bytes + 1)
    monkeypatch.setattr(files, "_chunks", lambda path: pytest.fail("read"))
    error = refusal(path)
    assert error.code == "import.file_too_large"
    assert "上限 500 MB" in str(error)


def test_rows_over_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, LONG_ENOUGH)
    n_rows = len(LONG_ENOUGH) - 1
    monkeypatch.setattr(reader, "LIMITS", Limits(max_rows=n_rows))
    assert len(parse(path).rows) == n_rows
    monkeypatch.setattr(reader, "LIMITS", Limits(max_rows=n_rows - 1))
    assert refusal(path).code == "import.too_many_rows"


def test_the_number_of_rows_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(reader, "LIMITS", Limits(batch_rows=10))
    reader.read_file(csv_file(tmp_path, LONG_ENOUGH), reader_table(), on_rows=told.append)
    assert told == [10, 20, 30, len(LONG_ENOUGH) - 1]


def reader_table():  # type: ignore[no-untyped-def]
    from recommender.exchange.tables import table_of

    return table_of("experts")
