"""The zip archive that a workbook is: harmless, and a workbook at all."""

import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from recommender.domain.errors import InvalidData, MatchmakerError
from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import UNSAFE_DUPLICATES, UNSAFE_MEMBERS, UNSAFE_STRUCTURE
from recommender.exchange.xlsx_xml import Suspicious

WORKBOOK: Final = "xl/workbook.xml"
_BINARY_WORKBOOK: Final = "xl/workbook.bin"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_MACROS: Final = re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/", re.IGNORECASE)
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_IN_END_64: Final = 0xFFFF


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's archive after looking at what it says of itself; nothing is unpacked for that.

    Raises:
        InvalidData: no zip archive, no workbook inside, one with a password or macros, damaged, manipulated,
            or it would unpack to too much.
    """
    with telling_broken(path.name):
        _check_directory(path)
        archive = zipfile.ZipFile(path)
    with archive:
        with telling_broken(path.name):
            _check_members(archive.infolist(), path.name)
        yield archive


@contextmanager
def telling_broken(file_name: str) -> Iterator[None]:
    """Turn whatever the archive and the parsers raise on a bad part into one sentence."""
    try:
        yield
    except MatchmakerError:
        raise
    except Suspicious as found:
        raise InvalidData("import.workbook_unsafe", name=file_name, reason=found.reason) from found
    except Exception as error:
        raise InvalidData("import.workbook_broken", name=file_name) from error


def open_small(archive: zipfile.ZipFile, member: str) -> IO[bytes]:
    """Open a part that describes the workbook, such as its list of sheets.

    Raises:
        Suspicious: it is larger than any description is.
    """
    if archive.getinfo(member).file_size > LIMITS.max_small_part_bytes:
        raise Suspicious(UNSAFE_STRUCTURE)
    return archive.open(member)


def _check_directory(path: Path) -> None:
    """Refuse an archive with a directory so long that only reading it would take seconds."""
    with path.open("rb") as file:
        file.seek(0, 2)
        start = max(0, file.tell() - _END.size - 0xFFFF - _LOCATOR_64.size)
        file.seek(start)
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0 or len(tail) < end + _END.size:
            return  # the archive reader says that it is none
        n_members = _END.unpack_from(tail, end)[4]
        locator = end - _LOCATOR_64.size
        if n_members == _IN_END_64 and locator >= 0:
            file.seek(_LOCATOR_64.unpack_from(tail, locator)[2])
            record = file.read(_END_64.size)
            n_members = _END_64.unpack(record)[7] if len(record) == _END_64.size else n_members
    if n_members > LIMITS.max_members:
        raise Suspicious(UNSAFE_MEMBERS)


def _check_members(members: Sequence[zipfile.ZipInfo], file_name: str) -> None:
    names = Counter(member.filename for member in members)
    if WORKBOOK not in names:
        raise InvalidData(_what_else(names), name=file_name)
    if any(member.flag_bits & 1 for member in members):
        raise InvalidData("import.file_encrypted", name=file_name)
    if any(map(_MACROS.search, names)):
        raise InvalidData("import.workbook_macros", name=file_name)
    if sum(member.file_size for member in members) > LIMITS.max_unpacked_bytes or any(map(_is_bomb, members)):
        raise InvalidData("import.workbook_bomb", name=file_name, maximum=LIMITS.max_unpacked_bytes // 1_000_000)
    if max(names.values()) > 1:
        raise Suspicious(UNSAFE_DUPLICATES)
    if any(member.compress_type not in _METHODS for member in members):
        raise Suspicious(UNSAFE_STRUCTURE)


def _what_else(names: Counter[str]) -> str:
    """Code of the refusal of an archive without a workbook."""
    if _BINARY_WORKBOOK in names:
        return "import.file_is_xls"
    is_document = _CONTENT_TYPES in names or "mimetype" in names
    return "import.file_not_a_table" if is_document else "import.file_is_archive"


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    packed = max(member.compress_size, 1)
    return member.file_size > LIMITS.min_suspect_bytes and member.file_size > LIMITS.max_unpack_ratio * packed
