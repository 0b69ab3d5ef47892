"""One transaction and the repositories that take part in it."""

from typing import Any, cast

from sqlalchemy import Connection

from recommender.domain.entities import AchievementPlatform, Entity, Need, Platform
from recommender.domain.kinds import EntityKind
from recommender.store import mapping
from recommender.store.accounts import AccountRepository
from recommender.store.audit import AuditRepository
from recommender.store.batches import BatchRepository
from recommender.store.case_list import CaseList
from recommender.store.cases import CaseRepository
from recommender.store.catalogue import CatalogueReader
from recommender.store.column_mappings import ColumnMappingRepository
from recommender.store.consents import ConsentRepository
from recommender.store.coverage import CoverageRepository
from recommender.store.duplicate_searches import DuplicateSearchRepository
from recommender.store.duplicates import DuplicateRepository
from recommender.store.erasures import ErasureRepository
from recommender.store.figures import FigureRepository
from recommender.store.goals import GoalRepository
from recommender.store.identity import IdentityRepository
from recommender.store.import_jobs import ImportJobRepository
from recommender.store.judging import JudgingRepository
from recommender.store.leases import LeaseRepository
from recommender.store.need_counts import NeedCountReader
from recommender.store.need_list import NeedList
from recommender.store.objections import ObjectionRepository
from recommender.store.outcomes import OutcomeRepository
from recommender.store.persons import PersonRepository
from recommender.store.places import PlaceRepository
from recommender.store.processing import ProcessingRepository
from recommender.store.progress import NeedProgressRepository
from recommender.store.reminders import ReminderRepository
from recommender.store.repositories import (
    AchievementRepository,
    EnterpriseRepository,
    ExpertRepository,
    FactRepository,
    Repository,
)
from recommender.store.requests import RequestRepository
from recommender.store.retention import RetentionRepository
from recommender.store.reveals import RevealRepository
from recommender.store.run_changes import RunChanges
from recommender.store.run_lines import RunLines
from recommender.store.runs import RunRepository
from recommender.store.saved_views import SavedViewRepository
from recommender.store.sessions import SessionRepository
from recommender.store.settled import SettledReader
from recommender.store.shards import ShardRepository
from recommender.store.sign_in_attempts import SignInAttemptRepository
from recommender.store.timeline import TimelineRepository
from recommender.store.tokens import TokenRepository
from recommender.store.vault import WITHOUT_KEYS, Vault
from recommender.store.wishes import WishRepository


class UnitOfWork:
    """Repositories over one transaction. Whoever opened it commits; nothing here does."""

    def __init__(self, connection: Connection, *, writable: bool, vault: Vault = WITHOUT_KEYS) -> None:
        self.enterprises = EnterpriseRepository(connection, mapping.ENTERPRISES, writable=writable)
        self.needs = Repository[Need](connection, mapping.NEEDS, writable=writable)
        self.experts = ExpertRepository(connection, mapping.EXPERTS, writable=writable, vault=vault)
        self.platforms = Repository[Platform](connection, mapping.PLATFORMS, writable=writable)
        self.achievements = AchievementRepository(connection, mapping.ACHIEVEMENTS, writable=writable)
        self.achievement_platforms = Repository[AchievementPlatform](
            connection, mapping.ACHIEVEMENT_PLATFORMS, writable=writable
        )
        self.enterprise_facts = FactRepository(connection, mapping.ENTERPRISE_FACTS, writable=writable)
        self.runs = RunRepository(connection, writable=writable)
        self.run_changes = RunChanges(connection)
        self.run_lines = RunLines(connection)
        self.shards = ShardRepository(connection, writable=writable)
        self.leases = LeaseRepository(connection, writable=writable)
        self.audit = AuditRepository(connection, writable=writable)
        self.batches = BatchRepository(connection, writable=writable, vault=vault)
        self.import_jobs = ImportJobRepository(connection, writable=writable)
        self.column_mappings = ColumnMappingRepository(connection, writable=writable)
        self.duplicates = DuplicateRepository(connection, writable=writable)
        self.duplicate_searches = DuplicateSearchRepository(connection, writable=writable)
        self.identity = IdentityRepository(connection, writable=writable)
        self.judging = JudgingRepository(connection, writable=writable)
        self.needs_progress = NeedProgressRepository(connection, writable=writable)
        self.need_list = NeedList(connection)
        self.need_counts = NeedCountReader(connection)
        self.case_list = CaseList(connection)
        self.catalogue = CatalogueReader(connection)
        self.cases = CaseRepository(connection, writable=writable)
        self.wishes = WishRepository(connection, writable=writable)
        self.settled = SettledReader(connection)
        self.outcomes = OutcomeRepository(connection, writable=writable)
        self.figures = FigureRepository(connection)
        self.coverage = CoverageRepository(connection)
        self.goals = GoalRepository(connection)
        self.timeline = TimelineRepository(connection, writable=writable)
        self.reminders = ReminderRepository(connection, writable=writable)
        self.accounts = AccountRepository(connection, writable=writable)
        self.sessions = SessionRepository(connection, writable=writable)
        self.tokens = TokenRepository(connection, writable=writable)
        self.sign_in_attempts = SignInAttemptRepository(connection, writable=writable)
        self.consents = ConsentRepository(connection, writable=writable)
        self.reveals = RevealRepository(connection, writable=writable)
        self.processing = ProcessingRepository(connection, writable=writable)
        self.requests = RequestRepository(connection, writable=writable)
        self.erasures = ErasureRepository(connection, writable=writable, vault=vault)
        self.saved_views = SavedViewRepository(connection, writable=writable)
        self.objections = ObjectionRepository(connection, writable=writable)
        self.places = PlaceRepository(connection)
        self.retention = RetentionRepository(connection, writable=writable)
        self._by_kind: dict[EntityKind, Repository[Any]] = {
            EntityKind.ENTERPRISE: self.enterprises,
            EntityKind.NEED: self.needs,
            EntityKind.EXPERT: self.experts,
            EntityKind.PLATFORM: self.platforms,
            EntityKind.ACHIEVEMENT: self.achievements,
        }
        self.persons = PersonRepository(connection, self.of, writable=writable, vault=vault)

    def of(self, kind: EntityKind) -> Repository[Entity]:
        """The repository of a kind of entity."""
        return cast(Repository[Entity], self._by_kind[kind])
