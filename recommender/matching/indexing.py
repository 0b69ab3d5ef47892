"""Builds a generation from the entities of the library and publishes it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from embeddings.encoders.cache import CachedEncoder
from embeddings.encoders.protocol import TextRole
from embeddings.passages.index import write_index
from embeddings.passages.passage import Passage
from embeddings.snapshots.manifest import Manifest
from embeddings.snapshots.store import Provenance, SnapshotStore
from embeddings.text.segment import Segmenter
from embeddings.types import FloatMatrix
from recommender.domain.entities import Entity
from recommender.matching.corpus import RECIPE_ID, evidence_source, passages
from recommender.matching.failures import translated_failures
from recommender.matching.sides import Side


class BuildStage(StrEnum):
    """Stages of a build, in order; the value is what a progress bar shows."""

    COLLECT = "整理文本"
    ENCODE = "计算向量"
    SEGMENT = "切分词语"
    PUBLISH = "写入并校验"


BuildProgress = Callable[[BuildStage, int, int], None]
"""Told the stage, how many of its texts are done and how many there are."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        manifest: of the published generation.
        n_encoded: texts that went through the model.
        n_reused: texts whose vector was already known.
        seconds: by stage.
    """

    manifest: Manifest
    n_encoded: int
    n_reused: int
    seconds: Mapping[BuildStage, float]


class IndexBuilder:
    """Turns entities into a published generation.

    Args:
        snapshots: where generations live.
        encoder: with the vector cache in front, so that unchanged text is never encoded twice.
        segmenter: words of the lexical index.
    """

    def __init__(self, snapshots: SnapshotStore, encoder: CachedEncoder, segmenter: Segmenter) -> None:
        self._snapshots = snapshots
        self._encoder = encoder
        self._segmenter = segmenter

    def build(
        self,
        entities: Iterable[Entity],
        platforms_by_achievement: Mapping[str, tuple[str, ...]],
        *,
        keep: int,
        on_progress: BuildProgress,
    ) -> BuildReport:
        """Build and publish.

        Args:
            entities: the whole library, in a stable order.
            platforms_by_achievement: platform ids of each achievement.
            keep: generations to keep.
            on_progress: see :data:`BuildProgress`.

        Raises:
            SearchUnavailable: the encoder or a vector is not usable, or another build is running; the
                generation served so far stays in place.
        """
        seconds: dict[BuildStage, float] = {}
        before = self._encoder.stats

        def write(folder: Path) -> Mapping[str, int]:
            with _timed(seconds, BuildStage.COLLECT):
                collected = list(passages(entities, platforms_by_achievement))
                on_progress(BuildStage.COLLECT, len(collected), len(collected))
            with _timed(seconds, BuildStage.ENCODE):
                vectors = self._encode(collected, on_progress)
            with _timed(seconds, BuildStage.SEGMENT):
                tokens = self._segment(collected, on_progress)
            with _timed(seconds, BuildStage.PUBLISH):
                return _write_sides(folder, collected, vectors, tokens)

        provenance = Provenance(self._encoder.encoder_id, self._segmenter.id, RECIPE_ID)
        with translated_failures():
            manifest = self._snapshots.publish(write, provenance, keep=keep)
        after = self._encoder.stats
        return BuildReport(
            manifest=manifest,
            n_encoded=after.n_encoded - before.n_encoded,
            n_reused=after.n_hits - before.n_hits,
            seconds=seconds,
        )

    def _encode(self, collected: list[Passage], on_progress: BuildProgress) -> FloatMatrix:
        done = 0

        def advance(n_new: int) -> None:
            nonlocal done
            done += n_new
            on_progress(BuildStage.ENCODE, done, len(collected))

        return self._encoder.encode(
            [passage.content for passage in collected], TextRole.PASSAGE, on_progress=advance
        )

    def _segment(self, collected: list[Passage], on_progress: BuildProgress) -> list[list[str]]:
        tokens = []
        for n_done, passage in enumerate(collected, start=1):
            tokens.append(self._segmenter.tokens(passage.content))
            if n_done % 500 == 0 or n_done == len(collected):
                on_progress(BuildStage.SEGMENT, n_done, len(collected))
        return tokens


def _write_sides(
    folder: Path, collected: Sequence[Passage], vectors: FloatMatrix, tokens: Sequence[Sequence[str]]
) -> dict[str, int]:
    """Write each side from its own passages alone, and return the counts of both."""
    counts: Counter[str] = Counter()
    sides = [Side.of(evidence_source(passage.id)[0]) for passage in collected]
    for side in Side:
        rows = [row for row, own in enumerate(sides) if own is side]
        (folder / side).mkdir()
        counts.update(
            write_index(
                folder / side, [collected[row] for row in rows], vectors[rows], [tokens[row] for row in rows]
            )
        )
    return dict(counts)


@contextmanager
def _timed(seconds: dict[BuildStage, float], stage: BuildStage) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start
