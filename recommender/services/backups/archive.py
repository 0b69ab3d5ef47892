"""The file of a backup: a ZIP archive with one member for each table, and the manifest.

A member holds a JSON array per row and line, so that a backup can be read with ``unzip -p`` and looked through
with ``grep`` where nothing else is left.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from recommender.domain.backups import BackupManifest, TableContent, TableShape
from recommender.domain.errors import InvalidData
from recommender.services.backups import manifests

MANIFEST: Final = "manifest.json"
_LEVEL: Final = 1
"""Of compression: higher ones take several times as long for a tenth less."""

_BUFFER_BYTES: Final = 1 << 20


class ArchiveWriter:
    """Writes a backup, table by table; the manifest comes last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def table(
        self,
        shape: TableShape,
        blocks: Iterable[tuple[int, bytes]],
        *,
        last_number: int,
        on_rows: Callable[[int], None],
    ) -> TableContent:
        """Write the rows of a table; ``on_rows`` hears how many there are so far."""
        n_rows, digest = 0, hashlib.sha256()
        with self._archive.open(_member(shape.name), "w", force_zip64=True) as member:
            for n, block in blocks:
                member.write(block)
                digest.update(block)
                n_rows += n
                on_rows(n_rows)
        return TableContent(shape, n_rows, digest.hexdigest(), last_number)

    def key(self, name: str, content: bytes) -> None:
        """Put a key file in."""
        self._archive.writestr(f"keys/{name}", content)

    def close(self, manifest: BackupManifest) -> None:
        """Write the manifest and the directory of the archive."""
        self._archive.writestr(MANIFEST, manifests.to_json(manifest))
        self._archive.close()


class ArchiveReader:
    """Reads a backup."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self.manifest = manifests.from_json(self._read(MANIFEST), file=name)

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator["ArchiveReader"]:
        """Open a backup for a block.

        Raises:
            InvalidData: there is no such file, it is no backup, or its end is missing.
        """
        try:
            archive = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise InvalidData("backup.not_found", path=path) from None
        except (OSError, zipfile.BadZipFile):
            raise InvalidData("backup.not_a_backup", file=path.name) from None
        with archive:
            yield cls(archive, path.name)

    def lines(self, content: TableContent) -> Iterator[bytes]:
        """The rows of a table, a line each.

        Raises:
            InvalidData: the file is damaged there.
        """
        name = content.shape.name
        try:
            with io.BufferedReader(_raw(self._archive, name), _BUFFER_BYTES) as member:
                yield from member
        except (KeyError, OSError, EOFError, zipfile.BadZipFile, zipfile.zlib.error):  # type: ignore[attr-defined]
            raise InvalidData("backup.damaged", table=name) from None

    def check(self, content: TableContent) -> None:
        """Compare a table with what the manifest says of it.

        Raises:
            InvalidData: they differ, or the file is damaged there.
        """
        n_rows, digest = 0, hashlib.sha256()
        for line in self.lines(content):
            digest.update(line)
            n_rows += 1
        if (n_rows, digest.hexdigest()) != (content.n_rows, content.sha256):
            raise InvalidData("backup.damaged", table=content.shape.name)

    def key(self, name: str) -> bytes:
        """A key file that is inside.

        Raises:
            InvalidData: the file is damaged there.
        """
        return self._read(f"keys/{name}")

    def _read(self, member: str) -> bytes:
        try:
            return self._archive.read(member)
        except (KeyError, OSError, EOFError, zipfile.BadZipFile, zipfile.zlib.error):  # type: ignore[attr-defined]
            raise InvalidData("backup.not_a_backup", file=self._name) from None


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _raw(archive: zipfile.ZipFile, table: str) -> io.RawIOBase:
    # A member is a buffer of its own, slow by the line; as the raw side of a BufferedReader it is quick.
    member = archive.open(_member(table))
    assert isinstance(member, io.BufferedIOBase)
    return member  # type: ignore[return-value]
