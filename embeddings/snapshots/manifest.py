"""The manifest of a generation: what is in the folder, what made it, and the hash of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from embeddings.errors import EmbeddingsError

FORMAT: Final = 5
MANIFEST_NAME: Final = "manifest.json"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size and hash of one file of a generation."""

    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    Attributes:
        generation: name of the folder.
        created_at: ISO 8601, UTC.
        encoder_id, segmenter_id, recipe_id: what produced vectors, tokens and passages; an index answers only
            queries made the same way.
        counts: number of passages and of entities by kind.
        files: every file beside the manifest, by its path from the generation's folder, with ``/``.
    """

    generation: str
    created_at: str
    encoder_id: str
    segmenter_id: str
    recipe_id: str
    counts: Mapping[str, int]
    files: Mapping[str, FileEntry]
    format: int = FORMAT

    def part_hash(self, part: str) -> str:
        """SHA-256 over the files of a part, equal exactly where two generations hold the same bytes for it.

        Args:
            part: name of a folder in the generation.

        Raises:
            KeyError: the generation has no such part.
        """
        prefix = f"{part}/"
        entries = sorted((name, entry) for name, entry in self.files.items() if name.startswith(prefix))
        if not entries:
            raise KeyError(part)
        lines = (f"{name} {entry.n_bytes} {entry.sha256}\n" for name, entry in entries)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def to_json(self) -> str:
        """Stable, readable JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a folder.

        Raises:
            EmbeddingsError: ``snapshot.file_missing``, ``snapshot.manifest_invalid`` or
                ``snapshot.format_unknown``.
        """
        path = folder / MANIFEST_NAME
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            found = raw["format"]
            if found == FORMAT:
                files = {name: FileEntry(**entry) for name, entry in raw.pop("files").items()}
                return cls(files=files, **raw)
        except FileNotFoundError:
            raise EmbeddingsError("snapshot.file_missing", generation=folder.name, file=MANIFEST_NAME) from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EmbeddingsError(
                "snapshot.manifest_invalid", generation=folder.name, detail=type(error).__name__
            ) from error
        raise EmbeddingsError("snapshot.format_unknown", generation=folder.name, found=found, expected=FORMAT)

    def verify(self, folder: Path) -> None:
        """Check size and hash of every file.

        Raises:
            EmbeddingsError: ``snapshot.file_missing`` or ``snapshot.file_changed``, naming the file.
        """
        for name, entry in self.files.items():
            path = folder / name
            if not path.is_file():
                raise EmbeddingsError("snapshot.file_missing", generation=self.generation, file=name)
            if file_entry(path) != entry:
                raise EmbeddingsError("snapshot.file_changed", generation=self.generation, file=name)


def file_entry(path: Path) -> FileEntry:
    """Size and sha256 of a file, read in blocks."""
    digest = hashlib.sha256()
    n_bytes = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
            n_bytes += len(block)
    return FileEntry(n_bytes=n_bytes, sha256=digest.hexdigest())
