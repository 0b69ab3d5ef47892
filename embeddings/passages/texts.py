"""Passage texts on disk: one file of UTF-8 JSON lines and the offset of each, read by memory map."""

import json
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.passages.passage import Passage

_TEXTS = "passages.jsonl"
_OFFSETS = "passage_offsets.npy"
_YEARS = "passage_years.npy"
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """What is shown of a passage; see :class:`embeddings.passages.passage.Passage`."""

    id: str
    title: str
    text: str
    label: str
    year: int | None


class PassageTexts:
    """Random access to what is shown of a passage, by row.

    The file is mapped, not read: a city's texts cost no memory until they are shown.
    """

    def __init__(self, folder: Path) -> None:
        self._offsets: npt.NDArray[np.int64] = np.load(folder / _OFFSETS, allow_pickle=False)
        self.years: npt.NDArray[np.int16] = np.load(folder / _YEARS, allow_pickle=False)
        """Year by row, 0 where it is not known."""
        with (folder / _TEXTS).open("rb") as file:
            empty = file.seek(0, 2) == 0
            self._bytes: mmap.mmap | bytes = (
                b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            )

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def get(self, row: int) -> StoredPassage:
        """The passage of a row."""
        return StoredPassage(*json.loads(self._bytes[self._offsets[row] : self._offsets[row + 1]]))

    def ids(self) -> list[str]:
        """Passage ids in the order of the rows."""
        return [self.get(row).id for row in range(len(self))]


def write_texts(folder: Path, passages: Sequence[Passage]) -> None:
    """Write the files that :class:`PassageTexts` reads."""
    offsets = [0]
    with (folder / _TEXTS).open("wb") as file:
        for passage in passages:
            shown = [passage.id, passage.title, passage.text, passage.label, passage.year]
            line = _JSON.encode(shown) + "\n"
            offsets.append(offsets[-1] + file.write(line.encode()))
    np.save(folder / _OFFSETS, np.array(offsets, dtype=np.int64), allow_pickle=False)
    years = np.array([passage.year or 0 for passage in passages], dtype=np.int16)
    np.save(folder / _YEARS, years, allow_pickle=False)
