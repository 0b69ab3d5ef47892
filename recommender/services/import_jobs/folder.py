"""Files of imports under way: what was sent, and beside it what was found in it.

They lie in files and not in the database: they hold whatever somebody sent, personal data included, so they are
deleted whole with their folder, and no backup keeps them.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from recommender.domain.errors import InvalidData, Unavailable
from recommender.services.background.progress import ProgressFile

_OWNER_ONLY: Final = 0o700
_WRITING: Final = "writing.lock"
_CHUNK: Final = 1 << 20
_MEGABYTE: Final = 1024 * 1024


class JobFolder:
    """The files of one import.

    Attributes:
        source: what was sent, byte for byte.
        findings: what the check found, in figures.
        issues, places: errors and warnings, a line each, and where the lines begin.
        annotated: the workbook with remarks, where there are any.
        progress: how far the task at hand is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path / "source"
        self.findings = path / "findings.json"
        self.issues = path / "issues.jsonl"
        self.places = path / "issues.places"
        self.annotated = path / "annotated.xlsx"
        self.progress = ProgressFile(path / "progress.json")
        self._lock = path / "lock"

    @property
    def is_there(self) -> bool:
        """Whether the file that was sent is still kept."""
        return self.source.is_file()

    def forget_findings(self) -> None:
        """Remove what the last check left."""
        for path in (self.findings, self.issues, self.places, self.annotated):
            path.unlink(missing_ok=True)
        self.progress.forget()

    def remove(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """The right to work on this import alone; whether it was free. The kernel frees a dead process's."""
        with locked(self._lock) as is_free:
            yield is_free

    def is_older(self, moment: datetime) -> bool:
        """Whether the file was sent before a moment; one that is gone was."""
        subject = self.source if self.is_there else self.path
        try:
            return datetime.fromtimestamp(subject.stat().st_mtime, UTC) < moment
        except FileNotFoundError:
            return True


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """A lock on a file; whether it was free. Its folder must be there, or it is not free."""
    try:
        file = path.open("w")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


class UploadStore:
    """The folder of all imports under way.

    Args:
        root: created where absent; only its owner may look into it.
        max_bytes: of one file.
    """

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self._root = root
        self.max_bytes = max_bytes

    def folder(self, job_id: str) -> JobFolder:
        """The folder of an import, whether it is there or not."""
        return JobFolder(self._root / Path(job_id).name)

    def open_folder(self, job_id: str) -> JobFolder:
        """The folder of an import, made where absent."""
        folder = self.folder(job_id)
        self._root.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        folder.path.mkdir(exist_ok=True, mode=_OWNER_ONLY)
        return folder

    def receive(self, file: BinaryIO, name: str) -> JobFolder:
        """Keep a file under a random name, without ever holding it in memory.

        Raises:
            InvalidData: it is too large, or empty; nothing is kept.
            Unavailable: it cannot be written.
        """
        folder = None
        try:
            folder = self.open_folder(secrets.token_hex(8))
            self._copy(file, folder.source, name)
        except OSError:
            if folder is not None:
                folder.remove()
            raise Unavailable("import.upload_not_kept") from None
        except BaseException:
            if folder is not None:
                folder.remove()
            raise
        return folder

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """The right to write a file into the library; whether no other process has it."""
        self._root.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        with locked(self._root / _WRITING) as is_free:
            yield is_free

    def remove_all(self, before: datetime) -> int:
        """Delete the files of all imports that were sent before a moment; how many."""
        old = [folder for folder in self.strays(set()) if folder.is_older(before)]
        for folder in old:
            folder.remove()
        return len(old)

    def strays(self, known: set[str]) -> list[JobFolder]:
        """Folders of no import."""
        if not self._root.is_dir():
            return []
        folders = (path for path in sorted(self._root.iterdir()) if path.is_dir())
        return [JobFolder(path) for path in folders if path.name not in known]

    def _copy(self, file: BinaryIO, target: Path, name: str) -> None:
        n_bytes = 0
        with target.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            while chunk := file.read(_CHUNK):
                n_bytes += len(chunk)
                if n_bytes > self.max_bytes:
                    raise too_large(name, self.max_bytes)
                out.write(chunk)
        if not n_bytes:
            raise InvalidData("import.file_empty", name=name)


def too_large(name: str, max_bytes: int) -> InvalidData:
    """What whoever sends too large a file is told."""
    maximum = f"{max_bytes / _MEGABYTE:.3g}"
    return InvalidData("import.upload_too_large", name=name, maximum=maximum)
