"""Numbers of review."""

from dataclasses import dataclass
from datetime import timedelta

from recommender.domain.thresholds import Threshold
from recommender.services.messages import HIGH_LABEL, LOW_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettings:
    """How long things last, and what counts as a high or a low score.

    Attributes:
        claim: how long somebody works on a match alone.
        undo: how long a decision can be taken back by who made it.
        remind: how long before something is due it is reminded of.
        high_score, low_score: at least the one is high, less than the other is low; scores are in [0, 1].
    """

    claim: timedelta = timedelta(minutes=30)
    undo: timedelta = timedelta(minutes=30)
    remind: timedelta = timedelta(hours=24)
    high_score: float = 0.6
    low_score: float = 0.4

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The bounds by which views sort scores, lowest first."""
        return (
            Threshold(label=LOW_LABEL, value=self.low_score),
            Threshold(label=HIGH_LABEL, value=self.high_score),
        )
