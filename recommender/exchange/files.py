"""What a file is, judged by its content: workbook or text, in which encoding, and its sha256."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from recommender.domain.errors import InvalidData, InvalidInput
from recommender.exchange.limits import LIMITS

_CHUNK: Final = 1 << 20
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WIDE_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer ones first: that of UTF-32 begins with that of UTF-16."""
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"<div")
_ARCHIVES: Final = (b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"bzh", b"\xfd7zxz", b"\x28\xb5\x2f\xfd")
_NO_TABLES: Final = (b"%pdf", b"{\\rtf", b"\x89png", b"gif8", b"\xff\xd8\xff", b"sqlite format 3")
_JSON: Final = re.compile(rb"[\[{]\s*[\[{\"\]}]")
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\x1a\x1b"))
_MAX_CONTROLS: Final = 0.02
"""Share of control characters beyond which content is not text; random bytes have a tenth."""
_MIN_NULS: Final = 0.05
"""Share of NUL bytes from which content may be UTF-16 without its mark: separators, digits and line ends."""


class FileFormat(StrEnum):
    """What a file is inside, whatever its name ends with."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """A file before its rows are read. ``encoding`` is a Python codec, ``""`` for a workbook."""

    name: str
    sha256: str
    n_bytes: int
    format: FileFormat
    encoding: str = ""


def inspect(path: Path) -> FileFacts:
    """Look at a file: size, format, encoding, sha256.

    Raises:
        InvalidInput: there is no such file, or it is a folder, or it cannot be opened.
        InvalidData: it is empty, too large, or nothing that can be read as a table.
    """
    n_bytes = _size(path)
    try:
        head = next(_chunks(path), b"")
        file_format = _format_of(path, head)
        return FileFacts(
            name=path.name,
            sha256=_sha256(path),
            n_bytes=n_bytes,
            format=file_format,
            encoding=_encoding_of(path, head) if file_format is FileFormat.CSV else "",
        )
    except OSError as error:
        raise InvalidInput("import.file_unreadable", path=path, reason=error.strerror) from error


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            raise InvalidInput("import.file_is_folder", path=path)
        n_bytes = path.stat().st_size
    except FileNotFoundError:
        raise InvalidInput("import.file_not_found", path=path) from None
    except OSError as error:
        raise InvalidInput("import.file_unreadable", path=path, reason=error.strerror) from error
    except ValueError:
        raise InvalidInput("import.file_not_found", path=repr(str(path))) from None
    if not path.is_file():
        raise InvalidInput("import.file_unreadable", path=path, reason="不是普通文件")
    if n_bytes == 0:
        raise InvalidData("import.file_empty", name=path.name)
    if n_bytes > LIMITS.max_file_bytes:
        raise InvalidData(
            "import.file_too_large",
            name=path.name,
            size=n_bytes // 1_000_000,
            maximum=LIMITS.max_file_bytes // 1_000_000,
        )
    return n_bytes


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _format_of(path: Path, head: bytes) -> FileFormat:
    if head.startswith(_ZIP):
        return FileFormat.XLSX
    if head.startswith(_OLE):
        raise InvalidData(
            "import.file_encrypted" if _is_encrypted(path) else "import.file_is_xls", name=path.name
        )
    if _wide_encoding(head):
        return FileFormat.CSV
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:100].lower()
    if start.startswith(_MARKUP):
        raise InvalidData("import.file_is_markup", name=path.name)
    if start.startswith(_ARCHIVES):
        raise InvalidData("import.file_is_archive", name=path.name)
    if start.startswith(_NO_TABLES) or _JSON.match(start) or _is_binary(head):
        raise InvalidData("import.file_not_a_table", name=path.name)
    return FileFormat.CSV


def _is_binary(head: bytes) -> bool:
    """Whether content is no text; a stray NUL in a text is dropped later, with a warning."""
    n_controls = len(head) - len(head.translate(None, _CONTROLS))
    return n_controls > _MAX_CONTROLS * len(head)


def _wide_encoding(head: bytes) -> str:
    """UTF-16 or UTF-32, ``""`` for anything else. Some programs leave out the mark of UTF-16."""
    for mark, encoding in _WIDE_BOMS:
        if head.startswith(mark):
            return encoding
    n_even, n_odd = head[0::2].count(0), head[1::2].count(0)
    if n_even + n_odd < _MIN_NULS * len(head):
        return ""
    # The characters of a table that have a NUL byte are its separators, digits and line ends.
    for encoding, separators in (("utf-16-le", rb"[,;\t\n]\x00"), ("utf-16-be", rb"\x00[,;\t\n]")):
        if (n_odd > n_even) == (encoding == "utf-16-le") and re.search(separators, head):
            return encoding
    return ""


def _is_encrypted(path: Path) -> bool:
    """Whether an OLE container is a workbook with a password: the stream's name stands in its directory."""
    tail = b""
    for chunk in _chunks(path):
        if _ENCRYPTED in tail + chunk:
            return True
        tail = chunk[-len(_ENCRYPTED) :]
    return False


def _encoding_of(path: Path, head: bytes) -> str:
    """The encoding in which the whole file decodes without a fault.

    A mark decides. Otherwise UTF-8 is tried, then GB18030: one file is hardly ever valid in both.
    Where the first line that is not plain ASCII is valid UTF-8, a fault further down means damaged UTF-8;
    GB18030 might swallow it and return nonsense.
    """
    wide = _wide_encoding(head)
    if wide:
        candidates = [wide]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif _starts_as_utf8(head):
        candidates = ["utf-8"]
    else:
        candidates = ["utf-8", "gb18030"]
    faults = []
    for encoding in candidates:
        line = _first_bad_line(path, encoding)
        if line is None:
            return encoding
        faults.append(line)
    raise InvalidData("import.encoding", name=path.name, line=f"{max(faults):,}")


def _starts_as_utf8(head: bytes) -> bool:
    for line in head.split(b"\n")[:-1]:
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return False
            return True
    return False


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """Number, from 1, of the first line that does not decode; ``None`` where all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    n_lines = 0
    chunk = b""
    try:
        for chunk in _chunks(path):
            n_lines += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # The decoder reports positions in what it had kept from the last chunk plus this one.
        valid = error.object[: error.start].decode(encoding, errors="ignore")
        return n_lines + valid.count("\n") + 1
    return None
