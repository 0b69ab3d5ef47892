"""The composition root: from settings to services, each part built when first needed."""

import os
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from embeddings.encoders.cache import CachedEncoder, VectorCache
from embeddings.encoders.open import open_encoder
from embeddings.encoders.protocol import TextRole
from embeddings.snapshots.store import SnapshotStore
from embeddings.text.segment import Segmenter
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.sessions import SessionPolicy
from recommender.evaluation.evaluator import Evaluator
from recommender.intake.knowledge import IntakeKnowledge
from recommender.matching.config import MatchConfig
from recommender.matching.failures import translated_failures
from recommender.matching.generations import GenerationLibrary
from recommender.matching.indexing import IndexBuilder
from recommender.matching.serving import IndexServer
from recommender.nightly.lists import AllocationPolicy
from recommender.nightly.planner import NightPlanner
from recommender.services.accounts.accounts import AccountService
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.sessions import SessionService
from recommender.services.accounts.sign_in import SignInService
from recommender.services.accounts.tokens import TokenService
from recommender.services.backups.service import BackupService
from recommender.services.batches import BatchService
from recommender.services.cockpit.service import CockpitService
from recommender.services.deduplication import Deduplication
from recommender.services.enterprise_home import EnterpriseHomeService
from recommender.services.evaluation import EvaluationService
from recommender.services.exports import ExportService
from recommender.services.feedback.exporting import FeedbackExportService
from recommender.services.feedback.judging import JudgingService
from recommender.services.guide import GuideService
from recommender.services.idempotency import IdempotencyService
from recommender.services.identity import DuplicateService, LibrarySuspects
from recommender.services.import_jobs.folder import UploadStore
from recommender.services.import_jobs.jobs import ImportJobService
from recommender.services.import_jobs.runner import ImportRunner
from recommender.services.imports import ImportService
from recommender.services.indexing import IndexService
from recommender.services.intake import IntakeService
from recommender.services.library import LibraryService
from recommender.services.library_details import LibraryDetails
from recommender.services.library_edits import LibraryEdits
from recommender.services.library_export import LibraryExport
from recommender.services.library_forms import LibraryForms
from recommender.services.library_history import LibraryHistory
from recommender.services.library_search import LibrarySearch
from recommender.services.matching import MatchLimits, MatchService
from recommender.services.merges import MergeService
from recommender.services.nightly.comparing import RunComparisonService
from recommender.services.nightly.explaining import ExplanationService
from recommender.services.nightly.night import NightService
from recommender.services.nightly.options import NightSettings
from recommender.services.nightly.runs import RunService
from recommender.services.nightly.watching import RunWatchService
from recommender.services.objections import ObjectionService
from recommender.services.personal.consents import ConsentService
from recommender.services.personal.erasure import ErasureService
from recommender.services.personal.keys import KeyService
from recommender.services.personal.person_export import PersonExportService
from recommender.services.personal.retention import KEPT, RetentionService
from recommender.services.personal.reveals import RevealService
from recommender.services.personal.runtime_files import RuntimeFiles
from recommender.services.personal.trails import TrailService
from recommender.services.readiness import ReadinessService
from recommender.services.results.achievements import AchievementResultService
from recommender.services.results.needs import NeedResultService
from recommender.services.review.cases import CaseService
from recommender.services.review.dossiers import DossierService
from recommender.services.review.explaining import MatchExplainer
from recommender.services.review.figures import FigureService
from recommender.services.review.live import live_shown
from recommender.services.review.need_overview import NeedOverviewService
from recommender.services.review.needs import NeedService
from recommender.services.review.options import ReviewSettings
from recommender.services.review.outcomes import OutcomeService
from recommender.services.review.queue import QueueService
from recommender.services.review.timers import TimerService
from recommender.services.review.tracking import TrackingService
from recommender.services.review.undo import UndoService
from recommender.services.review.waiting import WaitingService
from recommender.services.review.wishes import WishService
from recommender.services.saved_views import SavedViewService
from recommender.services.system import SystemService
from recommender.services.templates import TemplateService
from recommender.services.world import WorldService
from recommender.settings import Settings
from recommender.store.database import Database
from recommender.store.keys import KeyFile
from recommender.store.vault import Vault

_LEASE_MARGIN_S: Final = 10
"""How much longer than its deadline a request with a key counts as running."""


def now() -> datetime:
    """Current time, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Current date where the server stands."""
    return datetime.now(UTC).astimezone().date()


class Application:
    """Everything the command line and the API call, built from one settings object.

    Parts are built on first use: importing a file needs neither model nor index.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.on_ranked: Callable[[EntityKind, float], None] = lambda _kind, _seconds: None
        """Told how many seconds each ranking took; to be set before matching is first used."""

    @cached_property
    def database(self) -> Database:
        """The library's database."""
        return Database.open(self.settings.resolved_database_url, vault=self.vault)

    @cached_property
    def vault(self) -> Vault:
        """What seals and opens contacts; its keys are read when first needed."""
        return Vault(KeyFile(self.settings.resolved_key_file))

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher()

    @cached_property
    def accounts(self) -> AccountService:
        """Managing accounts."""
        return AccountService(self.database, self._hasher, now)

    @cached_property
    def sessions(self) -> SessionService:
        """Sessions of browsers."""
        settings = self.settings
        policy = SessionPolicy(
            idle=timedelta(minutes=settings.session_idle_minutes),
            absolute=timedelta(hours=settings.session_hours),
            rotation=timedelta(hours=settings.session_rotation_hours),
        )
        return SessionService(self.database, policy, now)

    @cached_property
    def sign_in(self) -> SignInService:
        """Signing in, and changing one's own password."""
        return SignInService(self.database, self.sessions, self._hasher, now)

    @cached_property
    def tokens(self) -> TokenService:
        """Tokens of programs."""
        return TokenService(self.database, max_days=self.settings.max_token_days, now=now)

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
    def matching(self) -> MatchService:
        """Matching use-cases."""
        limits = MatchLimits(max_k=self.settings.max_k, max_need_chars=self.settings.max_need_chars)
        return MatchService(
            self.database,
            self.index_server,
            self.match_config,
            limits,
            today=today,
            on_ranked=self.on_ranked,
            now=now,
        )

    @cached_property
    def need_results(self) -> NeedResultService:
        """Ranked answers to needs, as pages show them."""
        return NeedResultService(self.database, lambda: self.matching, lambda: self.segmenter.tokens, now)

    @cached_property
    def achievement_results(self) -> AchievementResultService:
        """Who could use an achievement, as pages show it."""
        return AchievementResultService(self.database, lambda: self.matching, now)

    @cached_property
    def intake_knowledge(self) -> IntakeKnowledge:
        """Weights, questions and telling words of intake."""
        return IntakeKnowledge.read(self.settings.data_dir / "intake")

    @cached_property
    def intake(self) -> IntakeService:
        """Reviewing needs."""
        return IntakeService(
            self.database,
            lambda: self.index_server,
            lambda: self.segmenter.tokens,
            lambda: self.intake_knowledge,
            max_chars=self.settings.max_need_chars,
            now=now,
        )

    @cached_property
    def feedback(self) -> FeedbackExportService:
        """Decisions as data."""
        return FeedbackExportService(self.database, now)

    @cached_property
    def judging(self) -> JudgingService:
        """Blind judging."""
        return JudgingService(
            self.database,
            lambda: self.index_server,
            self.match_config,
            max_need_chars=self.settings.max_need_chars,
            now=now,
            today=today,
        )

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
    def night_settings(self) -> NightSettings:
        """Numbers of the night."""
        settings = self.settings
        found = dict.fromkeys(SUPPLY_KINDS, settings.list_size)
        policy = AllocationPolicy(
            list_sizes={**found, EntityKind.ENTERPRISE: settings.achievement_list_size},
            strength=settings.allocation_strength,
            default_places=settings.default_places,
            lists_per_place=settings.lists_per_place,
            max_lists=settings.max_lists,
        )
        depth = max(settings.candidate_depth, settings.list_size)
        return NightSettings(
            # Only experts are shared out; of the others a few more than shown are enough to order them by.
            depths={
                EntityKind.EXPERT: depth,
                EntityKind.PLATFORM: max(settings.shortlist_size, settings.list_size),
                EntityKind.ACHIEVEMENT: max(settings.shortlist_size, settings.list_size),
                EntityKind.ENTERPRISE: max(settings.shortlist_size, settings.achievement_list_size),
            },
            policy=policy,
            shard_size=settings.shard_size,
            max_need_chars=settings.max_need_chars,
            keep_runs=settings.keep_runs,
            n_threads=settings.n_threads,
            max_attempts=settings.max_attempts,
            lease_seconds=settings.lease_seconds,
        )

    @cached_property
    def nightly(self) -> NightService:
        """The night's run."""
        numbers = self.night_settings
        planner = NightPlanner(
            self.snapshots,
            self.encoder,
            self.segmenter,
            self.match_config,
            depths=numbers.depths,
            policy=numbers.policy,
            shard_size=numbers.shard_size,
        )
        holder = f"{socket.gethostname()}:{os.getpid()}"
        return NightService(
            self.database,
            self.indexing,
            planner,
            numbers,
            self.nights_dir,
            holder=holder,
            now=now,
        )

    @cached_property
    def runs(self) -> RunService:
        """Runs, their publication and what changed between them."""
        return RunService(self.database, now)

    @cached_property
    def run_watch(self) -> RunWatchService:
        """Runs with their health, and who published them."""
        return RunWatchService(self.database, now)

    @cached_property
    def run_comparison(self) -> RunComparisonService:
        """What changed from one run to another."""
        return RunComparisonService(self.database, self.runs, now)

    @cached_property
    def explanations(self) -> ExplanationService:
        """Why a run suggested what it did."""
        return ExplanationService(
            self.database,
            self.index_server,
            self.match_config,
            max_need_chars=self.settings.max_need_chars,
            today=today,
            now=now,
        )

    @cached_property
    def review_settings(self) -> ReviewSettings:
        """Numbers of review."""
        settings = self.settings
        return ReviewSettings(
            claim=timedelta(minutes=settings.claim_minutes),
            undo=timedelta(minutes=settings.undo_minutes),
            remind=timedelta(hours=settings.remind_hours),
            high_score=settings.high_score,
            low_score=settings.low_score,
        )

    @cached_property
    def needs(self) -> NeedService:
        """Needs from draft to archive."""
        return NeedService(self.database, now)

    @cached_property
    def need_overview(self) -> NeedOverviewService:
        """Needs as pages show them."""
        return NeedOverviewService(self.database, self.needs, self.intake, self.review_settings, now)

    @cached_property
    def cases(self) -> CaseService:
        """Matches from suggestion to evaluation."""
        return CaseService(self.database, self.review_settings, now)

    @cached_property
    def match_explainer(self) -> MatchExplainer:
        """Why a single match was suggested."""
        return MatchExplainer(
            self.index_server,
            self.match_config,
            max_need_chars=self.settings.max_need_chars,
            today=today,
        )

    @cached_property
    def dossiers(self) -> DossierService:
        """What officers look at before they decide."""
        return DossierService(self.database, self.cases, lambda: self.match_explainer, now)

    @cached_property
    def enterprise_home(self) -> EnterpriseHomeService:
        """An enterprise's first page."""
        return EnterpriseHomeService(self.database, self.need_overview, self.queue, now)

    @cached_property
    def wishes(self) -> WishService:
        """What enterprises say of whom they are shown."""
        return WishService(
            self.database,
            self.review_settings,
            lambda actor, pair: live_shown(self.matching, actor, pair),
            now,
        )

    @cached_property
    def undo(self) -> UndoService:
        """Taking decisions back."""
        return UndoService(self.database, self.review_settings, now)

    @cached_property
    def outcomes(self) -> OutcomeService:
        """What came of matches."""
        return OutcomeService(self.database, now)

    @cached_property
    def queue(self) -> QueueService:
        """Lists of matches and reminders."""
        return QueueService(self.database, self.review_settings, now)

    @cached_property
    def saved_views(self) -> SavedViewService:
        """Sets of filters that people keep."""
        return SavedViewService(self.database)

    @cached_property
    def tracking(self) -> TrackingService:
        """Following matches to their outcome."""
        return TrackingService(
            self.database,
            self.queue,
            self.cases,
            lambda: self.match_explainer,
            settings=self.review_settings,
            now=now,
        )

    @cached_property
    def waiting(self) -> WaitingService:
        """What waits for who reviews."""
        return WaitingService(self.database, self.review_settings, now)

    @cached_property
    def timers(self) -> TimerService:
        """What the clock does to needs and matches."""
        return TimerService(self.database, self.review_settings, now)

    @cached_property
    def figures(self) -> FigureService:
        """Key figures of matches."""
        return FigureService(self.database, now)

    @cached_property
    def cockpit(self) -> CockpitService:
        """Key figures beside those before, coverage and gaps."""
        return CockpitService(self.database, high_score=self.settings.high_score, now=now)

    @cached_property
    def imports(self) -> ImportService:
        """Import use-cases."""
        return ImportService(
            self.database, now, generations=self.generations.generations, suspects=LibrarySuspects
        )

    @cached_property
    def batches(self) -> BatchService:
        """What was imported, and taking it back."""
        return BatchService(self.database, now, self.generations.generations)

    @cached_property
    def uploads(self) -> UploadStore:
        """Files of imports under way."""
        return UploadStore(self.settings.uploads_dir, max_bytes=self.settings.max_upload_bytes)

    @cached_property
    def import_jobs(self) -> ImportJobService:
        """Imports in steps."""
        return ImportJobService(
            self.database,
            self.imports,
            self.batches,
            self.uploads,
            now,
            keep=timedelta(days=self.settings.keep_uploads_days),
        )

    @cached_property
    def import_runner(self) -> ImportRunner:
        """What does their tasks."""
        jobs = self.import_jobs
        runner = ImportRunner(self.database, self.imports, self.batches, self.uploads, now, expire=jobs.expire)
        jobs.on_begun = runner.wake
        return runner

    @cached_property
    def backups(self) -> BackupService:
        """Taking and restoring backups."""
        return BackupService(
            self.database,
            settings=self.settings.shown(),
            generations=self.generations.generations,
            key_file=self.settings.resolved_key_file,
            now=now,
        )

    @cached_property
    def duplicates(self) -> DuplicateService:
        """Finding records that are probably one, and deciding on them."""
        return DuplicateService(self.database, now)

    @cached_property
    def merges(self) -> MergeService:
        """Making one record of two, and taking that back."""
        return MergeService(self.database, now)

    @cached_property
    def exports(self) -> ExportService:
        """Export use-cases."""
        return ExportService(self.database, now)

    @cached_property
    def templates(self) -> TemplateService:
        """Writing templates."""
        return TemplateService()

    @cached_property
    def library(self) -> LibraryService:
        """Reading the library."""
        return LibraryService(self.database, now)

    @cached_property
    def library_search(self) -> LibrarySearch:
        """Searching the library."""
        return LibrarySearch(self.database, lambda: self.index_server, lambda: self.segmenter.tokens, now)

    @cached_property
    def library_details(self) -> LibraryDetails:
        """Looking closer at one record of the library."""
        return LibraryDetails(self.database, now)

    @cached_property
    def library_history(self) -> LibraryHistory:
        """Who changed what of a record."""
        return LibraryHistory(self.database, now)

    @cached_property
    def library_export(self) -> LibraryExport:
        """Writing what a list shows to a file."""
        return LibraryExport(self.library_search, self.exports)

    @cached_property
    def deduplication(self) -> Deduplication:
        """Deciding on records that are probably one, for who is signed in."""
        return Deduplication(self.database, self.duplicates, self.merges, now)

    @cached_property
    def library_edits(self) -> LibraryEdits:
        """Correcting the library."""
        return LibraryEdits(self.database, now)

    @cached_property
    def library_forms(self) -> LibraryForms:
        """Correcting the library by form."""
        return LibraryForms(self.database, self.library_edits, now)

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
    def consents(self) -> ConsentService:
        """What people agreed to."""
        return ConsentService(self.database, now)

    @cached_property
    def reveals(self) -> RevealService:
        """Seeing a person in full, for a purpose."""
        return RevealService(self.database, now, minutes=self.settings.reveal_minutes)

    @cached_property
    def persons(self) -> PersonExportService:
        """Giving people what is kept about them."""
        return PersonExportService(self.database, now)

    @cached_property
    def keys(self) -> KeyService:
        """The keys of contacts."""
        return KeyService(self.database, KeyFile(self.settings.resolved_key_file), now)

    @cached_property
    def trails(self) -> TrailService:
        """Looking back at what was done."""
        return TrailService(self.database, now)

    @cached_property
    def objections(self) -> ObjectionService:
        """Objections and their answers."""
        return ObjectionService(self.database, now, today, days=self.settings.objection_days)

    @cached_property
    def guide(self) -> GuideService:
        """How matching and review work."""
        numbers = self.settings
        return GuideService(self.match_config, high_score=numbers.high_score, low_score=numbers.low_score)

    @cached_property
    def system(self) -> SystemService:
        """Whether everything works, and what lies on the disk."""
        settings = self.settings
        places = {
            "snapshots": settings.snapshot_dir,
            "vector_cache": settings.vector_cache_dir,
            "nights": self.nights_dir,
        }
        if not settings.database_url:
            places = {"database": settings.var_dir / "matchmaker.db"} | places
        return SystemService(
            self.database,
            self.readiness,
            self.keys,
            self.generations.generations,
            var_dir=settings.var_dir,
            places=places,
            now=now,
        )

    @cached_property
    def retention(self) -> RetentionService:
        """Deleting what has been kept long enough."""
        days = {name: int(getattr(self.settings, f"keep_{name}_days")) for name in KEPT}
        return RetentionService(self.database, now, days)

    @cached_property
    def erasures(self) -> ErasureService:
        """Erasing people."""
        files = RuntimeFiles(
            self.settings.var_dir,
            self.nights_dir,
            self.generations,
            forget_vectors=self._forget_vectors,
            remove_uploads=self.uploads.remove_all,
        )
        return ErasureService(self.database, files, lambda actor: self.indexing.build(actor=actor), now)

    def _forget_vectors(self, texts: Sequence[str]) -> int:
        """How many vectors of texts were in the cache; no model is loaded where there is none."""
        if not self.settings.vector_cache_dir.is_dir():
            return 0
        return self.encoder.forget(texts, TextRole.PASSAGE)

    @property
    def nights_dir(self) -> Path:
        """Folder of the nights' folders."""
        return self.settings.var_dir.resolve() / "nights"

    @cached_property
    def world(self) -> WorldService:
        """Writing synthetic cities."""
        return WorldService(self.settings.data_dir / "world")

    @cached_property
    def idempotency(self) -> IdempotencyService:
        """Doing a request with a key once."""
        lease = timedelta(seconds=self.settings.deadline_seconds + _LEASE_MARGIN_S)
        keep = timedelta(hours=self.settings.idempotency_hours)
        return IdempotencyService(self.database, now, lease=lease, keep=keep)

    @cached_property
    def readiness(self) -> ReadinessService:
        """Whether the system can answer."""
        return ReadinessService(self.database, lambda: self.index_server, self._probe_encoder)

    def _probe_encoder(self) -> str:
        with translated_failures():
            self.encoder.inner.encode(["试编码"], TextRole.QUERY)
        return self.encoder.encoder_id
