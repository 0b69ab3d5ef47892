"""One shard after the other in this process: nothing to start, and a debugger can step in."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommender.nightly.executors.attempt import attempt, opened
from recommender.nightly.executors.protocol import Opener, Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialExecutor:
    """See the module. A shard that kills its process kills the caller.

    Attributes:
        n_threads: threads the work may use, at least 1.
    """

    n_threads: int

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        """See :meth:`recommender.nightly.executors.protocol.Executor.run`."""
        work = opened(opener, self.n_threads)
        for shard in shards:
            yield attempt(work, shard)
