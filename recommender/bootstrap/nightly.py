"""Nights, their runs, and why a run suggested what it did."""

from functools import cached_property

from recommender.bootstrap.clock import now, today
from recommender.bootstrap.holder import holder
from recommender.bootstrap.matching import Matching
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.nightly.lists import AllocationPolicy
from recommender.nightly.planner import NightPlanner
from recommender.services.nightly.comparing import RunComparisonService
from recommender.services.nightly.explaining import ExplanationService
from recommender.services.nightly.night import NightService
from recommender.services.nightly.options import NightSettings
from recommender.services.nightly.runs import RunService
from recommender.services.nightly.watching import RunWatchService


class Nightly(Matching):
    """Nights, their runs, and why a run suggested what it did."""

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
        return NightService(
            self.database,
            self.indexing,
            planner,
            numbers,
            self.nights_dir,
            holder=holder(),
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
