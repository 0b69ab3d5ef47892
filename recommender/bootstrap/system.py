"""Looking after the system, telling how it works, and cities to try it with."""

from functools import cached_property

from recommender.bootstrap.clock import now
from recommender.bootstrap.persons import Persons
from recommender.services.backups.service import BackupService
from recommender.services.guide import GuideService
from recommender.services.system import SystemService
from recommender.services.world import WorldService


class System(Persons):
    """Looking after the system, telling how it works, and cities to try it with."""

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
    def world(self) -> WorldService:
        """Writing synthetic cities."""
        return WorldService(self.settings.data_dir / "world")
