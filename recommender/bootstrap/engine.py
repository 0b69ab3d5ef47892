"""What finds: encoder, segmenter, index generations, and the numbers of the ranking."""

from functools import cached_property

from embeddings.encoders.cache import CachedEncoder, VectorCache
from embeddings.encoders.open import open_encoder
from embeddings.encoders.protocol import TextRole
from embeddings.snapshots.store import SnapshotStore
from embeddings.text.segment import Segmenter
from recommender.bootstrap.clock import now, today
from recommender.bootstrap.core import Core
from recommender.evaluation.evaluator import Evaluator
from recommender.matching.config import MatchConfig
from recommender.matching.failures import translated_failures
from recommender.matching.generations import GenerationLibrary
from recommender.matching.indexing import IndexBuilder
from recommender.matching.serving import IndexServer
from recommender.services.evaluation import EvaluationService
from recommender.services.indexing import IndexService
from recommender.services.readiness import ReadinessService


class Engine(Core):
    """What finds: encoder, segmenter, index generations, and the numbers of the ranking."""

    @cached_property
    def encoder(self) -> CachedEncoder:
        """The configured encoder behind the vector cache."""
        return self.open_encoder(self.settings.encoder)

    def open_encoder(self, spec: str) -> CachedEncoder:
        """Any encoder by its setting, behind the vector cache."""
        with translated_failures():
            inner = open_encoder(spec, n_threads=self.settings.n_threads)
            return CachedEncoder(inner, VectorCache(self.settings.vector_cache_dir))

    @cached_property
    def segmenter(self) -> Segmenter:
        """The segmenter with the domain dictionary."""
        folder = self.settings.dictionary_dir
        return Segmenter.from_files(dictionary=folder / "domain_words.txt", stop_words=folder / "stop_words.txt")

    @cached_property
    def match_config(self) -> MatchConfig:
        """Numbers of the ranking."""
        settings = self.settings
        return MatchConfig(
            dense_weight=settings.dense_weight,
            finding_dense_weight=settings.finding_dense_weight,
            finding_part_weight=settings.finding_part_weight,
            finding_pair_weight=settings.finding_pair_weight,
            finding_rarity=settings.finding_rarity,
            normalisation=settings.normalisation,
            title_share=settings.title_share,
            body_chars=settings.body_chars,
            body_term_weight=settings.body_term_weight,
            background_term_weight=settings.background_term_weight,
            centring=settings.centring,
            feedback_passages=settings.feedback_passages,
            feedback_share=settings.feedback_share,
            passage_discount=settings.passage_discount,
            platform_discount=settings.platform_discount,
            shortlist_size=settings.shortlist_size,
        )

    @cached_property
    def snapshots(self) -> SnapshotStore:
        """Index generations on disk."""
        return SnapshotStore(self.settings.snapshot_dir)

    @cached_property
    def generations(self) -> GenerationLibrary:
        """The same as administrators see them."""
        return GenerationLibrary(self.snapshots)

    @cached_property
    def index_server(self) -> IndexServer:
        """The generation in memory."""
        return IndexServer(self.snapshots, self.encoder, self.segmenter, self.match_config, today=today)

    @cached_property
    def indexing(self) -> IndexService:
        """Index use-cases."""
        return IndexService(
            self.database,
            lambda: IndexBuilder(self.snapshots, self.encoder, self.segmenter),
            self.generations,
            keep=self.settings.keep_snapshots,
            now=now,
        )

    @cached_property
    def evaluation(self) -> EvaluationService:
        """Measuring the matcher on test collections."""
        return EvaluationService(
            lambda: Evaluator(
                lambda spec: self.encoder if spec is None else self.open_encoder(spec),
                self.segmenter,
                self.match_config,
            )
        )

    @cached_property
    def readiness(self) -> ReadinessService:
        """Whether the system can answer."""
        return ReadinessService(self.database, lambda: self.index_server, self._probe_encoder)

    def _probe_encoder(self) -> str:
        with translated_failures():
            self.encoder.inner.encode(["试编码"], TextRole.QUERY)
        return self.encoder.encoder_id
