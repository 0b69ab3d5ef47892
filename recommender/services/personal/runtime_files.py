"""What the server keeps in files: index generations, vectors, the nights' work."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from recommender.domain.person_identity import PersonIdentity
from recommender.matching.generations import GenerationLibrary

_BLOCK: Final = 1 << 24
"""Bytes read at a time; blocks overlap, so that nothing is missed where they meet."""
_OVERLAP: Final = 4096


@dataclass(frozen=True, slots=True)
class RuntimeFiles:
    """The run-time folder.

    Attributes:
        var_dir: all of it.
        nights_dir: folder of the nights' folders.
        generations: of the index.
        forget_vectors: opens the encoder only where there is a cache.
        remove_uploads: deletes files that were sent to be imported before a moment; how many.
    """

    var_dir: Path
    nights_dir: Path
    generations: GenerationLibrary
    forget_vectors: Callable[[Sequence[str]], int]
    remove_uploads: Callable[[datetime], int]

    def remove_nights(self, running: Sequence[str], before: datetime) -> tuple[int, int]:
        """Delete folders of nights that were begun before a moment; how many, and how many are still at work."""
        if not self.nights_dir.is_dir():
            return 0, 0
        stamp = f"{before:%Y%m%dT%H%M%S}~"
        # A folder is named after its run, and a run after the second in which it began.
        old = [folder for folder in self.nights_dir.iterdir() if folder.is_dir() and folder.name <= stamp]
        ended = [folder for folder in old if folder.name not in running]
        for folder in ended:
            shutil.rmtree(folder)
        return len(ended), len(old) - len(ended)

    def serves_from_before(self, moment: datetime) -> bool:
        """Whether the generation that is served was begun before a moment, as far as whole seconds tell."""
        return any(each.is_current and each.begun_at < moment for each in self.generations.generations())

    def remove_generations(self, before: datetime) -> int:
        """Delete generations that were begun before a moment and are not served; how many.

        Raises:
            SearchUnavailable: something is being built.
        """
        return self.generations.discard_before(before)

    def n_generations(self, files: Sequence[str]) -> int:
        """How many generations these files belong to, each named within the folder."""
        name = self.generations.folder_name
        return len({parts[1] for file in files if (parts := file.split("/"))[0] == name})

    def holding(self, identity: PersonIdentity) -> Iterator[str]:
        """Files, named within the folder, that still hold something of a person."""
        needles = identity.bytes_to_find()
        for path in sorted(self.var_dir.rglob("*")):
            if path.is_file() and not path.is_symlink() and _holds(path, needles, identity):
                yield path.relative_to(self.var_dir).as_posix()


def _holds(path: Path, needles: Sequence[bytes], identity: PersonIdentity) -> bool:
    try:
        with path.open("rb") as file:
            tail = b""
            while block := file.read(_BLOCK):
                content = tail + block
                if any(_found(content, needle, identity) for needle in needles):
                    return True
                tail = content[-_OVERLAP:]
    except FileNotFoundError:
        # A file that was removed meanwhile holds nothing.
        return False
    return False


def _found(content: bytes, needle: bytes, identity: PersonIdentity) -> bool:
    start = content.find(needle)
    while start >= 0:
        if identity.is_at(content, start, needle):
            return True
        start = content.find(needle, start + 1)
    return False
