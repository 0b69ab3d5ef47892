"""The generation in memory: opened once, replaced when the pointer moves, never while it is answering."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from embeddings.encoders.cache import CachedEncoder
from embeddings.errors import EmbeddingsError
from embeddings.passages.index import read_index
from embeddings.snapshots.manifest import Manifest
from embeddings.snapshots.store import SnapshotStore
from embeddings.text.segment import Segmenter
from recommender.domain.errors import SearchUnavailable
from recommender.matching.config import MatchConfig
from recommender.matching.corpus import RECIPE_ID
from recommender.matching.failures import translated_failures
from recommender.matching.matcher import Matcher
from recommender.matching.sides import Side

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServedIndex:
    """What answers now.

    Attributes:
        manifest: of the generation.
        matcher: over it.
        problems: sentences about newer generations that were refused; empty when all is well.
    """

    manifest: Manifest
    matcher: Matcher
    problems: tuple[str, ...]


class IndexServer:
    """Gives every request the current generation.

    A reader that holds an older one finishes on it; a generation that does not verify, or was made by another
    encoder, is refused and the one in memory goes on.

    Args:
        snapshots: where generations live.
        encoder, segmenter: must be those the generation was built with.
        config: numbers of the ranking.
        today: current date.
    """

    def __init__(
        self,
        snapshots: SnapshotStore,
        encoder: CachedEncoder,
        segmenter: Segmenter,
        config: MatchConfig,
        *,
        today: Callable[[], date],
    ) -> None:
        self._snapshots = snapshots
        self._encoder = encoder
        self._segmenter = segmenter
        self._config = config
        self._today = today
        self._lock = threading.Lock()
        self._served: ServedIndex | None = None
        self._pointer: str | None = None

    def current(self) -> ServedIndex:
        """The generation that ``CURRENT`` names, opened if that has changed.

        Raises:
            SearchUnavailable: nothing was built, nothing sound is left, or the encoder does not fit.
        """
        pointer = self._snapshots.current()
        served = self._served
        if served is not None and pointer == self._pointer:
            return served
        # Where one is in memory nobody waits until somebody else has opened the next.
        if not self._lock.acquire(blocking=served is None) and served is not None:
            return served
        try:
            if self._served is None or pointer != self._pointer:
                self._served = self._open_or_keep()
                self._pointer = pointer
            return self._served
        finally:
            self._lock.release()

    def open(self, generation: str) -> ServedIndex:
        """A generation by name, for looking back; the one in memory stays.

        Raises:
            SearchUnavailable: it is not kept or not sound, or was made by another encoder.
        """
        with translated_failures():
            manifest = self._snapshots.verify(generation)
            check_fit(manifest, self._encoder, self._segmenter)
            folder = self._snapshots.folder(generation)
            indexes = {side: read_index(folder / side, mapped=True) for side in Side}
        matcher = Matcher(indexes, self._encoder, self._segmenter, self._config, today=self._today)
        return ServedIndex(manifest, matcher, ())

    def _open_or_keep(self) -> ServedIndex:
        try:
            return self._open()
        except SearchUnavailable as error:
            if self._served is None:
                raise
            _log.error("index refused, the one in memory is kept: %s", error)
            return ServedIndex(self._served.manifest, self._served.matcher, (str(error),))

    def _open(self) -> ServedIndex:
        with translated_failures():
            folder, manifest, problems = self._snapshots.open_sound()
            check_fit(manifest, self._encoder, self._segmenter)
            indexes = {side: read_index(folder / side, mapped=True) for side in Side}
        for problem in problems:
            _log.error("index generation refused: %s", problem.error)
        matcher = Matcher(indexes, self._encoder, self._segmenter, self._config, today=self._today)
        return ServedIndex(manifest, matcher, tuple(str(problem.error) for problem in problems))


def check_fit(manifest: Manifest, encoder: CachedEncoder, segmenter: Segmenter) -> None:
    """An index answers only queries that are encoded and segmented the way it was.

    Raises:
        EmbeddingsError: ``snapshot.encoder_differs`` or ``snapshot.recipe_differs``.
    """
    if manifest.encoder_id != encoder.encoder_id:
        raise EmbeddingsError(
            "snapshot.encoder_differs",
            generation=manifest.generation,
            built_with=manifest.encoder_id,
            present=encoder.encoder_id,
        )
    if (manifest.segmenter_id, manifest.recipe_id) != (segmenter.id, RECIPE_ID):
        raise EmbeddingsError("snapshot.recipe_differs", generation=manifest.generation)
