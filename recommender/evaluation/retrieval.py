"""Runs the matcher over a test collection: the same index, fusion and aggregation that serve users."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from embeddings.encoders.protocol import Encoder, TextRole
from embeddings.passages.index import PassageIndex, read_index, write_index
from embeddings.text.segment import Segmenter
from embeddings.types import FloatMatrix
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset, TestQuery
from recommender.evaluation.run import Ranking, Run
from recommender.matching.config import MatchConfig
from recommender.matching.kind_scores import KindScores
from recommender.matching.query import MatchQuery, encode_query
from recommender.matching.sides import SideIndex

Progress = Callable[[str, int, int], None]
"""Told the stage (zh-CN), how much of it is done and how much there is."""

_STAGE_ENCODE: Final = "计算向量"
_STAGE_SEGMENT: Final = "切分词语"
_STAGE_RANK: Final = "逐条检索"


class Retriever(StrEnum):
    """Which signals rank: the vectors, the words, or both as configured."""

    DENSE = "dense"
    LEXICAL = "lexical"
    HYBRID = "hybrid"

    def configure(self, config: MatchConfig) -> MatchConfig:
        """The configuration with the weight that this retriever means."""
        match self:
            case Retriever.DENSE:
                return replace(config, dense_weight=1.0, finding_dense_weight=1.0)
            case Retriever.LEXICAL:
                return replace(config, dense_weight=0.0, finding_dense_weight=0.0)
            case Retriever.HYBRID:
                return config


@dataclass(frozen=True)
class TestCollection:
    """A dataset with its index open, the corpus as one part.

    Attributes:
        encoder: ``None`` where only words are to rank; then no model is loaded.
    """

    dataset: Dataset
    index: PassageIndex
    encoder: Encoder | None
    segmenter: Segmenter

    def run(self, config: MatchConfig, *, on_progress: Progress) -> Run:
        """Rank all entities of every kind sought for every query.

        Raises:
            SearchUnavailable: the encoder gives no usable vector.
        """
        part = SideIndex.of(self.index, config)
        rankings: dict[EntityKind, dict[str, Ranking]] = {kind: {} for kind in part.populations}
        n_queries = len(self.dataset.queries)
        for n_done, query in enumerate(self.dataset.queries, start=1):
            for kind, scores in self._scores(query, part, config):
                rankings[kind][query.id] = _ranking(scores)
            on_progress(_STAGE_RANK, n_done, n_queries)
        return Run({kind: ranking for kind, ranking in rankings.items() if ranking})

    def _scores(
        self, query: TestQuery, part: SideIndex, config: MatchConfig
    ) -> Iterator[tuple[EntityKind, KindScores]]:
        encoded = encode_query(
            MatchQuery(title=query.title, text=query.text, source_id=query.id),
            self.encoder or _NoModel(),
            self.segmenter,
            config,
        )
        scores = part.scorer.score(encoded)
        for kind in self._kinds_sought(query):
            if kind in part.populations:
                yield kind, KindScores.of(part.populations[kind], scores, config)

    def _kinds_sought(self, query: TestQuery) -> tuple[EntityKind, ...]:
        if query.kind is not None:
            return (query.kind,)
        return tuple(sorted(set(map(self.dataset.kind_of, self.dataset.qrels.get(query.id, {})))))


@contextmanager
def open_collection(
    dataset: Dataset, encoder: Encoder | None, segmenter: Segmenter, *, on_progress: Progress
) -> Iterator[TestCollection]:
    """Index a dataset in a temporary folder, the way a side of a generation is built, for the block.

    Args:
        dataset: what to index.
        encoder: ``None`` to rank by words alone.
        segmenter: words of the lexical index.
        on_progress: see :data:`Progress`.
    """
    passages = dataset.passages
    vectors = _vectors(dataset, encoder or _NoModel(), on_progress)
    tokens = segmenter.table(
        (passage.content for passage in passages),
        on_progress=_cumulative(_STAGE_SEGMENT, len(passages), on_progress),
    )
    with TemporaryDirectory(prefix="matchmaker-evaluation-") as folder:
        write_index(Path(folder), passages, vectors, tokens)
        yield TestCollection(dataset, read_index(Path(folder)), encoder, segmenter)


def _vectors(dataset: Dataset, encoder: Encoder, on_progress: Progress) -> FloatMatrix:
    return encoder.encode(
        [passage.content for passage in dataset.passages],
        TextRole.PASSAGE,
        on_progress=_cumulative(_STAGE_ENCODE, len(dataset.passages), on_progress),
    )


def _cumulative(stage: str, n: int, on_progress: Progress) -> Callable[[int], None]:
    """Turns what is newly done into how much is done."""
    n_done = 0

    def advance(n_new: int) -> None:
        nonlocal n_done
        n_done += n_new
        on_progress(stage, n_done, n)

    return advance


def _ranking(scores: KindScores) -> Ranking:
    rows = scores.best_first(None)
    return Ranking(scores.population.links.entity_ids, rows, scores.text[rows])


class _NoModel:
    """Stands where words alone rank: every text has the same vector, so vectors say nothing."""

    encoder_id = "none"
    dimension = 1

    def encode(
        self,
        texts: Sequence[str],
        role: TextRole,  # noqa: ARG002
        *,
        on_progress: Callable[[int], None] | None = None,
    ) -> FloatMatrix:
        """Ones, ``(len(texts), 1)``."""
        if on_progress is not None:
            on_progress(len(texts))
        return np.ones((len(texts), 1), dtype=np.float32)
