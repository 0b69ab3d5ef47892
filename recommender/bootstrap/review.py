"""Needs and matches on their way, and key figures."""

from datetime import timedelta
from functools import cached_property

from recommender.bootstrap.clock import now, today
from recommender.bootstrap.nightly import Nightly
from recommender.services.cockpit.service import CockpitService
from recommender.services.enterprise_home import EnterpriseHomeService
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


class Review(Nightly):
    """Needs and matches on their way, and key figures."""

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
