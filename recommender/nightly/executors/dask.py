"""Workers of a Dask cluster, on this machine or on others, reached through their scheduler.

Dask repeats a shard whose worker died, up to the scheduler's ``allowed-failures``; only then is it lost. The
workers need this package and whatever the opener reads. They are started with ``--nthreads 1``, or else the work
must bear being called by several threads at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from recommender.nightly.executors.cluster import Cluster
from recommender.nightly.executors.protocol import Opener, Outcomes
from recommender.nightly.executors.scheduler import connected
from recommender.nightly.executors.shared_work import SharedWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DaskExecutor:
    """See the module.

    When a run is closed, shards that wait are dropped; those at work end there, since Dask's workers are not ours
    to kill. Finished shards wait in the workers until they are asked for, so no more are handed over meanwhile.

    Attributes:
        scheduler: its address, such as ``tcp://10.0.0.5:8786``.
        n_threads: threads one shard may use, at least 1.
        connect_s: how long to try to reach the scheduler, in seconds.
        patience_s: how long to wait for a worker while there is none, in seconds.
    """

    scheduler: str
    n_threads: int
    connect_s: float = 10.0
    patience_s: float = 60.0

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        """See :meth:`recommender.nightly.executors.protocol.Executor.run`.

        Raises:
            Unavailable: the scheduler cannot be reached or is lost, it has no workers, or one cannot open.
        """
        waiting = iter(shards)
        with connected(self.scheduler, self.connect_s) as client:
            cluster = Cluster(client, address=self.scheduler, patience_s=self.patience_s)
            with cluster.sharing(SharedWork(opener, self.n_threads)):
                cluster.fill(waiting)
                while cluster.is_busy:
                    finished = cluster.finished()
                    # Before the payload is fetched and written, so that workers have something to do meanwhile.
                    cluster.fill(waiting)
                    if finished is not None:
                        yield cluster.outcome(finished)
