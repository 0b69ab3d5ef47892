"""Builds a generation from the entities of the library and publishes it."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np

from embeddings.encoders.cache import CachedEncoder
from embeddings.encoders.protocol import TextRole
from embeddings.passages.earlier import EarlierIndex
from embeddings.passages.index import write_index
from embeddings.passages.passage import Passage
from embeddings.snapshots.manifest import Manifest
from embeddings.snapshots.store import Provenance, SnapshotStore
from embeddings.text.segment import Segmenter
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

    Vectors and tokens of unchanged texts are taken from the generation before.

    Args:
        snapshots: where generations live.
        encoder: with the vector cache in front, so that text of any earlier day is never encoded twice.
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
        pinned: Collection[str] = (),
        on_progress: BuildProgress,
    ) -> BuildReport:
        """Build and publish.

        Args:
            entities: the whole library, in a stable order.
            platforms_by_achievement: platform ids of each achievement.
            keep: generations to keep.
            pinned: generations to keep whatever their age.
            on_progress: see :data:`BuildProgress`.

        Raises:
            SearchUnavailable: the encoder or a vector is not usable, or another build is running; the
                generation served so far stays in place.
        """
        stages = _Stages(on_progress)
        provenance = Provenance(self._encoder.encoder_id, self._segmenter.id, RECIPE_ID)
        n_encoded_before = self._encoder.stats.n_encoded

        def write(folder: Path) -> Mapping[str, int]:
            with stages.timed(BuildStage.COLLECT):
                sides = _by_side(passages(entities, platforms_by_achievement))
                stages.begin(n_texts=sum(map(len, sides.values())))
                earlier = self._snapshots.reusable(provenance)
            counts: Counter[str] = Counter()
            for side, collected in sides.items():
                known = None if earlier is None else EarlierIndex.read(earlier / side)
                counts.update(self._write_side(folder / side, collected, known, stages))
            return dict(counts)

        with translated_failures(), _no_search_for_cycles():
            manifest = self._snapshots.publish(write, provenance, keep=keep, pinned=pinned)
        n_encoded = self._encoder.stats.n_encoded - n_encoded_before
        return BuildReport(manifest, n_encoded, stages.n_texts - n_encoded, stages.seconds)

    def _write_side(
        self, folder: Path, collected: Sequence[Passage], earlier: EarlierIndex | None, stages: "_Stages"
    ) -> dict[str, int]:
        """Write one side from its own passages alone, and return its counts."""
        with stages.timed(BuildStage.COLLECT):
            rows = np.full(len(collected), -1) if earlier is None else earlier.rows_of(collected)
            texts = [passage.content for passage, row in zip(collected, rows.tolist(), strict=True) if row < 0]
        n_known = len(collected) - len(texts)
        with stages.timed(BuildStage.ENCODE):
            stages.advance(BuildStage.ENCODE, n_known)
            advance = partial(stages.advance, BuildStage.ENCODE)
            vectors = self._encoder.encode(texts, TextRole.PASSAGE, on_progress=advance)
            if earlier is not None:
                vectors = earlier.vectors(rows, vectors)
        with stages.timed(BuildStage.SEGMENT):
            stages.advance(BuildStage.SEGMENT, n_known)
            tokens = self._segmenter.table(texts, on_progress=partial(stages.advance, BuildStage.SEGMENT))
            if earlier is not None:
                tokens = earlier.token_table(rows, tokens)
        with stages.timed(BuildStage.PUBLISH):
            folder.mkdir()
            return write_index(folder, collected, vectors, tokens)


class _Stages:
    """How far a build is, and how long each stage took over both sides."""

    def __init__(self, report: BuildProgress) -> None:
        self._report = report
        self._n_done: Counter[BuildStage] = Counter()
        self.n_texts = 0
        self.seconds: dict[BuildStage, float] = dict.fromkeys(BuildStage, 0.0)

    def begin(self, *, n_texts: int) -> None:
        """Everything is collected."""
        self.n_texts = n_texts
        self.advance(BuildStage.COLLECT, n_texts)

    def advance(self, stage: BuildStage, n_new: int) -> None:
        """So many more texts are through a stage."""
        self._n_done[stage] += n_new
        self._report(stage, self._n_done[stage], self.n_texts)

    @contextmanager
    def timed(self, stage: BuildStage) -> Iterator[None]:
        """Add the block's time to a stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] += time.perf_counter() - start


def _by_side(collected: Iterable[Passage]) -> dict[Side, list[Passage]]:
    sides: dict[Side, list[Passage]] = {side: [] for side in Side}
    for passage in collected:
        sides[Side.of(evidence_source(passage.id)[0])].append(passage)
    return sides


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Switch the cycle collector off for the block.

    A city's passages are a million objects without a cycle; to look through them again and again while they
    are collected takes a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
