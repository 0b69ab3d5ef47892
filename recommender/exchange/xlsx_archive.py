"""The zip archive that a workbook is: harmless, a workbook at all, and which formulas have no result."""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from defusedxml.ElementTree import fromstring, iterparse

from recommender.domain.errors import InvalidData
from recommender.exchange.limits import LIMITS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK: Final = "xl/workbook.xml"
_CHUNK: Final = 1 << 20


def check_archive(path: Path) -> None:
    """Refuse what only looks like a workbook, before anything is unpacked.

    Raises:
        InvalidData: no zip archive, no workbook inside, or it would unpack to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise InvalidData("import.workbook_broken", name=path.name) from None
    if _WORKBOOK not in {member.filename for member in members}:
        raise InvalidData("import.file_not_a_table", name=path.name)
    if any(member.flag_bits & 1 for member in members):
        raise InvalidData("import.file_encrypted", name=path.name)
    if sum(member.file_size for member in members) > LIMITS.max_unpacked_bytes or any(map(_is_bomb, members)):
        raise InvalidData("import.workbook_bomb", name=path.name, maximum=LIMITS.max_unpacked_bytes // 1_000_000)


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    if member.file_size < LIMITS.min_suspect_bytes:
        return False
    return member.file_size > LIMITS.max_unpack_ratio * max(member.compress_size, 1)


def formulas_without_result(path: Path, sheet: str) -> frozenset[tuple[int, int]]:
    """Row and column, from 1, of formula cells for which the file holds no value at all.

    Programs write such files; Excel always saves the result, be it empty text. Reading such cells as empty
    would lose what the formula stands for. A sheet without formulas costs one look for ``<f``.
    """
    with zipfile.ZipFile(path) as archive:
        member = _member_of(archive, sheet)
        if member is None:
            return frozenset()
        with archive.open(member) as file:
            if not _contains(file, (b"<f>", b"<f ", b"<f/", b":f>", b":f ")):
                return frozenset()
        with archive.open(member) as file:
            return frozenset(_without_result(file))


def _member_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Path of a worksheet in the archive."""
    book = fromstring(archive.read(_WORKBOOK))
    relation = next(
        (item.get(_RELATION) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet),
        None,
    )
    targets = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((item.get("Target") for item in targets if item.get("Id") == relation), None)
    if target is None:
        return None
    member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    return member if member in archive.namelist() else None


def _contains(file: IO[bytes], needles: tuple[bytes, ...]) -> bool:
    tail = b""
    while chunk := file.read(_CHUNK):
        window = tail + chunk
        if any(needle in window for needle in needles):
            return True
        tail = chunk[-4:]
    return False


def _without_result(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    row = column = 0
    for event, element in iterparse(file, events=("start", "end")):
        if event == "start":
            if element.tag == f"{_MAIN}row":
                row, column = int(element.get("r", row + 1)), 0
            continue
        if element.tag == f"{_MAIN}c":
            column = _column_of(element.get("r"), column + 1)
            if element.find(f"{_MAIN}f") is not None and not _has_result(element):
                yield row, column
        elif element.tag == f"{_MAIN}row":
            element.clear()


def _has_result(cell: "Element") -> bool:
    """Empty text is a result (``t="str"``); an empty number is none."""
    value = cell.find(f"{_MAIN}v")
    return value is not None and (bool(value.text) or cell.get("t") == "str")


def _column_of(reference: str | None, counted: int) -> int:
    """Column number of a reference such as ``AB12``; what was counted where the cell has none."""
    letters = (reference or "").rstrip("0123456789")
    if not letters:
        return counted
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
