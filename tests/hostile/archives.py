"""Archives that are bombs, broken, manipulated, or of something else."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from .cases import Case, Reads, Refused
from .packages import (
    CONTENT_TYPES,
    GOOD,
    RELATIONS,
    ROWS,
    SHEET,
    STRINGS,
    WORKBOOK,
    Parts,
    changed,
    pack,
    parts,
    rows,
    sheet_xml,
)

MIB = 2**20
SHARED = rows(
    ("专家编号", "姓名"),
    ('<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>'),
)
BROKEN = Refused("import.workbook_broken")
GOOD_READS = Reads(rows=ROWS)


def _spaces(n_bytes: int) -> Parts:
    padded = sheet_xml(GOOD).replace("</sheetData>", " " * n_bytes + "</sheetData>")
    return changed(parts(), sheet=padded)


def _book(folder: Path, members: Parts | None = None) -> Path:
    return pack(folder / "book.xlsx", members or parts())


def _edited(edit: Callable[[bytes], bytes], members: Parts | None = None) -> Callable[[Path], Path]:
    """A workbook whose bytes are edited after it was packed."""

    def make(folder: Path) -> Path:
        path = _book(folder, members)
        path.write_bytes(edit(path.read_bytes()))
        return path

    return make


def _stating(real: int, stated: int) -> Callable[[bytes], bytes]:
    """State another unpacked size, wherever the real one stands."""

    def edit(data: bytes) -> bytes:
        assert struct.pack("<L", real) in data
        return data.replace(struct.pack("<L", real), struct.pack("<L", stated))

    return edit


def _lying(stated: int) -> Callable[[Path], Path]:
    members = _spaces(40 * MIB)
    return _edited(_stating(len(members[SHEET]), stated), members)


def _stating_too_much(folder: Path) -> Path:
    """A small part that claims to unpack to two gigabytes, packed just well enough not to look like a bomb."""
    members = changed(parts(), sheet=sheet_xml(GOOD, after=f"<!--{'x' * 987_654}-->"))
    real = len(members[SHEET])
    path = _book(folder, members)
    path.write_bytes(_stating(real, 2_000_000_000)(path.read_bytes()))
    return path


def _flip_in(name: str) -> Callable[[Path], Path]:
    """One bit in the packed content of a member."""

    def make(folder: Path) -> Path:
        path = _book(folder, parts(SHARED, strings=("ZJ1", "甲某" * 500)))
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo(name)
        data = bytearray(path.read_bytes())
        data[member.header_offset + 30 + len(name) + member.compress_size // 2] ^= 0x04
        path.write_bytes(data)
        return path

    return make


def _without(*names: str, members: Parts | None = None) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        present = members or parts()
        return _book(folder, {name: content for name, content in present.items() if name not in names})

    return make


def _with(name: str, content: bytes = b"x") -> Callable[[Path], Path]:
    return lambda folder: _book(folder, {**parts(), name: content})


def _many_members(folder: Path) -> Path:
    """Two hundred thousand empty members, in the larger format that so many need."""
    local, central, offset = [], [], 0
    for number in range(200_000):
        name = f"x/{number}".encode()
        local.append(struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name)
        central.append(
            struct.pack(
                *("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0),
                *(len(name), 0, 0, 0, 0, 0, offset),
            )
            + name
        )
        offset += len(local[-1])
    directory = b"".join(central)
    n_members = len(central)
    end = struct.pack(
        *("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, n_members, n_members, len(directory), offset)
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + len(directory), 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = folder / "many.xlsx"
    path.write_bytes(b"".join(local) + directory + end + locator + tail)
    return path


def _nested(folder: Path) -> Path:
    """An archive in an archive in an archive, twelve deep."""
    inner = _book(folder).read_bytes()
    for depth in range(12):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{depth}.zip", inner)
        inner = buffer.getvalue()
    path = folder / "nested.xlsx"
    path.write_bytes(inner)
    return path


def _archive_as_part(folder: Path) -> Path:
    """The list of sheets is an archive itself, as in archives that contain themselves."""
    return _book(folder, changed(parts(), workbook=_nested(folder).read_bytes()))


def _duplicates(folder: Path) -> Path:
    """Two first worksheets; programs differ in which one they read."""
    path = _book(folder)
    other = sheet_xml(rows(("专家编号", "姓名"), ("ZJ9", "冒名")))
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
        archive.writestr("xl/worksheets/sheet2.xml", other)
    return _renamed(path, b"sheet2.xml", b"sheet1.xml")


def _renamed(path: Path, old: bytes, new: bytes) -> Path:
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def _overlapping(folder: Path) -> Path:
    """The directory says of two members that they lie in the same place."""
    path = _book(folder)
    with zipfile.ZipFile(path) as archive:
        offsets = {info.filename: info.header_offset for info in archive.infolist()}
    data = bytearray(path.read_bytes())
    entry = data.rfind(SHEET.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, entry + 42, offsets[WORKBOOK])
    path.write_bytes(data)
    return path


def _symlink(folder: Path) -> Path:
    members = parts()
    path = folder / "link.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            if name == SHEET:
                link = zipfile.ZipInfo(name)
                link.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(link, "/etc/passwd")
            else:
                archive.writestr(name, content)
    return path


def _traversal(folder: Path) -> Path:
    names = (
        "../../evil.txt",
        "/evil.txt",
        "..\\evil.txt",
        "xl/../../../evil.txt",
        "C:\\evil.txt",
        "xl/worksheets/",
    )
    return _book(folder, {**parts(), **dict.fromkeys(names, b"written by an archive")})


def _packed_by(method: int) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "method.xlsx"
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in parts().items():
                archive.writestr(name, content)
        return path

    return make


def _with_password(data: bytes) -> bytes:
    """Set the flag of encryption on every member."""
    marked = bytearray(data)
    for signature, position in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = marked.find(signature)
        while start >= 0:
            marked[start + position] |= 1
            start = marked.find(signature, start + 4)
    return bytes(marked)


def _document(name: str, content: str) -> Callable[[Path], Path]:
    return lambda folder: pack(folder / "letter.xlsx", {CONTENT_TYPES: b"<Types/>", name: content.encode()})


def _open_document(folder: Path) -> Path:
    return pack(
        folder / "table.xlsx",
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"},
    )


def _ole(streams: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "old.xls"
        header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
        path.write_bytes(header + streams.encode("utf-16-le").ljust(4096, b"\x00"))
        return path

    return make


BOMB = Refused("import.workbook_bomb")
CASES = (
    Case(name="bomb-honest", make=lambda folder: _book(folder, _spaces(40 * MIB)), expected=BOMB),
    Case(name="bomb-lying-small", make=_lying(1_000), expected=BROKEN),
    Case(name="bomb-lying-half", make=_lying(9 * MIB), expected=Refused("import.workbook_unsafe")),
    Case(name="bomb-stating-too-much", make=_stating_too_much, expected=BOMB),
    Case(
        name="nine-megabytes-of-blanks",
        make=lambda folder: _book(folder, _spaces(9 * MIB)),
        expected=Refused("import.workbook_unsafe", says=("长得异常",)),
    ),
    Case(
        name="bomb-in-strings",
        make=lambda folder: _book(
            folder, changed(parts(strings=()), strings=b"<sst>" + b" " * (40 * MIB) + b"</sst>")
        ),
        expected=BOMB,
    ),
    Case(
        name="two-hundred-thousand-members",
        make=_many_members,
        expected=Refused("import.workbook_unsafe", says=("部件多得异常",)),
    ),
    Case(name="nested-archives", make=_nested, expected=Refused("import.file_is_archive")),
    Case(name="archive-as-part", make=_archive_as_part, expected=BROKEN),
    Case(name="truncated-half", make=_edited(lambda data: data[: len(data) // 2]), expected=BROKEN),
    Case(name="truncated-end", make=_edited(lambda data: data[:-10]), expected=BROKEN),
    Case(
        name="no-central-directory", make=_edited(lambda data: data[: data.find(b"PK\x01\x02")]), expected=BROKEN
    ),
    Case(
        name="only-an-end-record",
        make=_edited(lambda data: data[data.find(b"PK\x05\x06") :]),
        expected=BROKEN,
    ),
    Case(name="corrupt-sheet", make=_flip_in(SHEET), expected=BROKEN),
    Case(name="corrupt-strings", make=_flip_in(STRINGS), expected=BROKEN),
    Case(
        name="missing-workbook",
        make=_without(WORKBOOK),
        expected=Refused("import.file_not_a_table"),
    ),
    Case(name="missing-relations", make=_without(RELATIONS), expected=BROKEN),
    Case(name="missing-sheet", make=_without(SHEET), expected=BROKEN),
    Case(
        name="missing-strings",
        make=_without(
            STRINGS,
            members=parts(
                rows(("专家编号", "姓名")) + SHARED[SHARED.index('<row r="2"') :], strings=("ZJ1", "甲某")
            ),
        ),
        expected=BROKEN,
    ),
    Case(
        name="missing-styles",
        make=_without("xl/styles.xml", members=parts(styles="x")),
        expected=GOOD_READS,
    ),
    Case(name="path-traversal", make=_traversal, expected=GOOD_READS),
    Case(name="symbolic-link-as-sheet", make=_symlink, expected=BROKEN),
    Case(
        name="duplicate-members",
        make=_duplicates,
        expected=Refused("import.workbook_unsafe", says=("同名的部件",)),
    ),
    Case(name="overlapping-members", make=_overlapping, expected=BROKEN),
    Case(
        name="archive-password",
        make=_edited(_with_password),
        expected=Refused("import.file_encrypted"),
    ),
    Case(
        name="packed-by-bzip2",
        make=_packed_by(zipfile.ZIP_BZIP2),
        expected=Refused("import.workbook_unsafe"),
    ),
    Case(
        name="packed-by-lzma",
        make=_packed_by(zipfile.ZIP_LZMA),
        expected=Refused("import.workbook_unsafe"),
    ),
    Case(
        name="macros",
        make=_with("xl/vbaProject.bin"),
        expected=Refused("import.workbook_macros"),
    ),
    Case(
        name="macros-elsewhere",
        make=_with("xl/x/VBAPROJECT.BIN"),
        expected=Refused("import.workbook_macros"),
    ),
    Case(
        name="macro-sheet",
        make=_with("xl/macrosheets/sheet1.xml", b"<xm:macrosheet/>"),
        expected=Refused("import.workbook_macros"),
    ),
    Case(
        name="binary-workbook",
        make=_document("xl/workbook.bin", "x"),
        expected=Refused("import.file_is_xls"),
    ),
    Case(
        name="letter",
        make=_document("word/document.xml", "<document/>"),
        expected=Refused("import.file_not_a_table"),
    ),
    Case(
        name="slides", make=_document("ppt/presentation.xml", "<p/>"), expected=Refused("import.file_not_a_table")
    ),
    Case(name="open-document", make=_open_document, expected=Refused("import.file_not_a_table")),
    Case(name="old-workbook", make=_ole("Workbook"), expected=Refused("import.file_is_xls")),
    Case(
        name="password",
        make=_ole("EncryptionInfo" + "\0" * 40 + "EncryptedPackage"),
        expected=Refused("import.file_encrypted"),
    ),
)
