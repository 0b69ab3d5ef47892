"""Which import batches the index generations hold, told by their times.

A build reads the library as it was a moment before the generation's time, and a batch has the time at which its
writing ended. So a generation that holds a batch is never older than it. Generations tell whole seconds only,
hence a batch of the same second counts as held: rather one refusal too many than a batch taken back that is
still being recommended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recommender.domain.batches import ImportBatch
from recommender.matching.generations import Generation

_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Indexed:
    """The generation that is served, and the oldest that could be.

    Attributes:
        current: name of the generation in use, ``""`` where nothing was built.
        current_at: when it was begun, ``None`` where nothing was built.
        oldest_at: when the oldest generation was begun that is still kept.
    """

    current: str = ""
    current_at: datetime | None = None
    oldest_at: datetime | None = None

    @classmethod
    def of(cls, generations: Sequence[Generation]) -> "Indexed":
        """Look at the finished generations."""
        times = {generation.name: generation.begun_at for generation in generations}
        current = next((generation.name for generation in generations if generation.is_current), "")
        return cls(current, times.get(current), min(times.values(), default=None))

    def holds(self, batch: ImportBatch) -> bool:
        """Whether the generation in use was built from a library with the batch in it."""
        return self.current_at is not None and batch.at < self.current_at + _ONE_SECOND
