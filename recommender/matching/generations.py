"""What an administrator sees of the index generations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from embeddings.errors import EmbeddingsError
from embeddings.snapshots.manifest import Manifest
from embeddings.snapshots.store import SnapshotStore
from recommender.matching.failures import translated_failures


@dataclass(frozen=True, slots=True)
class Generation:
    """One index generation.

    Attributes:
        created_at: ISO 8601, UTC.
        counts: passages, and entities by kind.
        n_bytes: size of its files.
        is_current: whether ``CURRENT`` names it.
        problem: why its manifest cannot be read, ``""`` where it can; the files are checked by ``verify``.
    """

    name: str
    created_at: str
    encoder_id: str
    counts: Mapping[str, int]
    n_bytes: int
    is_current: bool
    problem: str = ""

    @property
    def begun_at(self) -> datetime:
        """In whole seconds; a generation whose manifest cannot be read still has its time in its name."""
        if self.created_at:
            return datetime.fromisoformat(self.created_at)
        return datetime.strptime(self.name.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


class GenerationLibrary:
    """Lists, verifies and chooses generations."""

    def __init__(self, snapshots: SnapshotStore) -> None:
        self._snapshots = snapshots

    def generations(self) -> list[Generation]:
        """All finished generations, oldest first, damaged ones with their problem."""
        return [self._read(name) for name in self._snapshots.generations()]

    def _read(self, name: str) -> Generation:
        try:
            return self._generation(Manifest.read(self._snapshots.folder(name)))
        except EmbeddingsError as error:
            is_current = name == self._snapshots.current()
            return Generation(name, "", "", {}, 0, is_current=is_current, problem=str(error))

    def verify(self, name: str | None) -> Generation:
        """Check every file of a generation, by default the current one.

        Raises:
            SearchUnavailable: nothing was built, or what is wrong with it.
        """
        with translated_failures():
            chosen = name or self._snapshots.current()
            if chosen is None:
                raise EmbeddingsError("snapshot.none")
            return self._generation(self._snapshots.verify(chosen))

    def use(self, name: str) -> Generation:
        """Point to a verified generation.

        Raises:
            SearchUnavailable: it is unknown or not sound.
        """
        with translated_failures():
            return self._generation(self._snapshots.use(name))

    def _generation(self, manifest: Manifest) -> Generation:
        return Generation(
            name=manifest.generation,
            created_at=manifest.created_at,
            encoder_id=manifest.encoder_id,
            counts=manifest.counts,
            n_bytes=sum(entry.n_bytes for entry in manifest.files.values()),
            is_current=manifest.generation == self._snapshots.current(),
        )

    @property
    def folder_name(self) -> str:
        """Name of the folder in which the generations lie."""
        return self._snapshots.root.name

    def discard_before(self, moment: datetime) -> int:
        """Delete the generations that were begun before a moment, apart from the one that is served; how many.

        Raises:
            SearchUnavailable: something is being built.
        """
        with translated_failures():
            old = [each.name for each in self.generations() if each.begun_at < moment]
            return sum(map(self._snapshots.discard, old))
