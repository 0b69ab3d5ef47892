"""The folder of all generations: build aside, verify, flip the pointer, keep a few, roll back.

A build writes into a temporary folder that no reader looks at. Only when every file and the manifest are on disk
is the folder renamed, and only then does ``CURRENT`` name it. Killed at any moment, the previous generation is
still the one that is served.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embeddings.errors import EmbeddingsError
from embeddings.snapshots.manifest import MANIFEST_NAME, Manifest, file_entry

_POINTER = "CURRENT"
_LOCK = ".lock"
_UNFINISHED = ".building-"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a generation; see :class:`embeddings.snapshots.manifest.Manifest`."""

    encoder_id: str
    segmenter_id: str
    recipe_id: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A generation that was refused, and why."""

    generation: str
    error: EmbeddingsError


class SnapshotStore:
    """All generations under one folder.

    Args:
        root: created when the first generation is built.
        clock: current time, injected so that names can be predicted in tests.
    """

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._root = root
        self._clock = clock

    @property
    def root(self) -> Path:
        """Folder of the generations."""
        return self._root

    def publish(
        self,
        write: Callable[[Path], Mapping[str, int]],
        provenance: Provenance,
        *,
        keep: int = 3,
        pinned: Collection[str] = (),
    ) -> Manifest:
        """Build a generation aside and make it current.

        Args:
            write: puts files and folders of files into the empty folder it is given and returns the counts
                for the manifest.
            provenance: what made the content.
            keep: how many generations to keep, at least 2 so that a roll-back is always possible.
            pinned: generations to keep whatever their age.

        Raises:
            EmbeddingsError: ``snapshot.busy`` while another process builds.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        with self._build_lock():
            self._remove_unfinished()
            now = self._clock().astimezone(UTC)
            generation = self._free_name(now)
            folder = self._root / f"{_UNFINISHED}{generation}"
            folder.mkdir()
            counts = write(folder)
            manifest = _seal(folder, generation, now, counts, provenance)
            folder.rename(self._root / generation)
            _sync(self._root)
            self._point_to(generation)
            self._prune(max(keep, 2), pinned)
        return manifest

    def generations(self) -> list[str]:
        """Names of the finished generations, oldest first."""
        if not self._root.is_dir():
            return []
        return sorted(path.name for path in self._root.iterdir() if path.is_dir() and path.name[0] != ".")

    def current(self) -> str | None:
        """The generation that ``CURRENT`` names, or ``None`` before the first build."""
        try:
            return (self._root / _POINTER).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def folder(self, generation: str) -> Path:
        """Folder of a generation.

        Raises:
            EmbeddingsError: ``snapshot.unknown``.
        """
        if generation not in self.generations():
            raise EmbeddingsError("snapshot.unknown", generation=generation)
        return self._root / generation

    def verify(self, generation: str) -> Manifest:
        """Read and check a generation's manifest and files.

        Raises:
            EmbeddingsError: what is wrong with it.
        """
        folder = self.folder(generation)
        manifest = Manifest.read(folder)
        manifest.verify(folder)
        return manifest

    def reusable(self, provenance: Provenance) -> Path | None:
        """Folder of the current generation, where it is sound and was made by the same things."""
        current = self.current()
        if current is None:
            return None
        try:
            manifest = self.verify(current)
        except EmbeddingsError:
            return None
        made_by = Provenance(manifest.encoder_id, manifest.segmenter_id, manifest.recipe_id)
        return self._root / current if made_by == provenance else None

    def use(self, generation: str) -> Manifest:
        """Make a verified generation current (roll back or forward)."""
        manifest = self.verify(generation)
        self._point_to(generation)
        return manifest

    def discard(self, generation: str) -> bool:
        """Delete a generation that is not served; whether it was there.

        Raises:
            EmbeddingsError: ``snapshot.busy`` while something is being built.
        """
        with self._build_lock():
            if generation == self.current() or generation not in self.generations():
                return False
            shutil.rmtree(self._root / generation)
            _sync(self._root)
            return True

    def open_sound(self) -> tuple[Path, Manifest, tuple[Problem, ...]]:
        """The current generation, or the newest earlier one that is sound, with what was refused on the way.

        Raises:
            EmbeddingsError: ``snapshot.none`` when nothing was ever built; otherwise the current generation's
                own error when no generation is sound.
        """
        current = self.current()
        if current is None:
            raise EmbeddingsError("snapshot.none")
        older = [name for name in reversed(self.generations()) if name < current]
        problems: list[Problem] = []
        for generation in (current, *older):
            try:
                return self._root / generation, self.verify(generation), tuple(problems)
            except EmbeddingsError as error:
                problems.append(Problem(generation, error))
        raise problems[0].error

    def _point_to(self, generation: str) -> None:
        temporary = self._root / f".{_POINTER}.{os.getpid()}"
        _write_synced(temporary, generation + "\n")
        temporary.replace(self._root / _POINTER)
        _sync(self._root)

    def _free_name(self, now: datetime) -> str:
        stem = now.strftime("%Y%m%dT%H%M%S")
        taken = set(self.generations())
        return next(name for n in range(1000) if (name := f"{stem}-{n:03d}") not in taken)

    def _prune(self, keep: int, pinned: Collection[str]) -> None:
        current = self.current()
        disposable = [name for name in self.generations() if name != current]
        for name in disposable[: max(0, len(disposable) - (keep - 1))]:
            if name not in pinned:
                shutil.rmtree(self._root / name)

    def _remove_unfinished(self) -> None:
        for path in self._root.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path)

    @contextmanager
    def _build_lock(self) -> Iterator[None]:
        """One builder at a time; the kernel releases the lock of a killed one."""
        with (self._root / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EmbeddingsError("snapshot.busy") from None
            yield


def _seal(
    folder: Path, generation: str, now: datetime, counts: Mapping[str, int], provenance: Provenance
) -> Manifest:
    paths = sorted(folder.rglob("*"))
    for path in paths:
        _sync(path)
    files = [path for path in paths if path.is_file()]
    manifest = Manifest(
        generation=generation,
        created_at=now.isoformat(timespec="seconds"),
        encoder_id=provenance.encoder_id,
        segmenter_id=provenance.segmenter_id,
        recipe_id=provenance.recipe_id,
        counts=dict(counts),
        files={path.relative_to(folder).as_posix(): file_entry(path) for path in files},
    )
    _write_synced(folder / MANIFEST_NAME, manifest.to_json())
    _sync(folder)
    return manifest


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
