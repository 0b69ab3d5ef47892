"""How likely it was that somebody looked at a place of a list, and what a decision there therefore weighs.

The position-bias model is that of examination: a decision needs that the place was looked at, which depends on
the place alone, ``(1 / position) ** eta``. A decision at a place that is seldom looked at stands for many that
nobody made, so it weighs ``1 / propensity`` (inverse propensity scoring), at most a clip, since few heavy rows
would otherwise decide everything.
"""

from dataclasses import dataclass
from typing import Final

from recommender.domain.errors import InvalidInput

MAX_ETA: Final = 3.0
MAX_CLIP: Final = 1000.0


@dataclass(frozen=True, slots=True)
class PositionBias:
    """The model's two numbers.

    Attributes:
        eta: how fast attention falls with the place, 0 (every place is looked at alike) to 3. The default is an
            assumption: lists have at most ten places and officers work through them, so it falls slower than
            the 1 that is usual for search on the web. Nothing was measured yet.
        clip: largest weight, at least 1.
    """

    eta: float = 0.5
    clip: float = 10.0

    def __post_init__(self) -> None:
        if not (0 <= self.eta <= MAX_ETA and 1 <= self.clip <= MAX_CLIP):
            raise InvalidInput("feedback.bias", eta=self.eta, clip=self.clip, max_eta=MAX_ETA, max_clip=MAX_CLIP)

    def propensity(self, position: int, shown: float = 1.0) -> float:
        """Probability in (0, 1] that this was shown and looked at.

        Args:
            position: place in the list, from 1.
            shown: probability that this place showed it, 1 for lists without chance.
        """
        return float(shown * (1.0 / position) ** self.eta)

    def weight(self, propensity: float) -> float:
        """``1 / propensity``, at least 1 and at most :attr:`clip`."""
        return max(1.0, min(self.clip, 1.0 / propensity))
