"""Matching, intake of needs, and what is learnt from decisions."""

from functools import cached_property

from recommender.bootstrap.clock import now, today
from recommender.bootstrap.engine import Engine
from recommender.intake.knowledge import IntakeKnowledge
from recommender.services.feedback.exporting import FeedbackExportService
from recommender.services.feedback.judging import JudgingService
from recommender.services.intake import IntakeService
from recommender.services.matching import MatchLimits, MatchService
from recommender.services.results.achievements import AchievementResultService
from recommender.services.results.needs import NeedResultService


class Matching(Engine):
    """Matching, intake of needs, and what is learnt from decisions."""

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
