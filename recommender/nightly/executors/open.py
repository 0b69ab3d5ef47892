"""From the name of an executor, as settings give it, to the executor."""

from typing import Final

from recommender.domain.errors import InvalidInput, Unavailable
from recommender.nightly.executors.processes import ProcessExecutor
from recommender.nightly.executors.protocol import Executor
from recommender.nightly.executors.serial import SerialExecutor

EXECUTORS: Final = ("serial", "processes", "dask")


def open_executor(name: str, *, n_workers: int, n_threads: int, scheduler: str = "") -> Executor:
    """The executor of that name, one of :data:`EXECUTORS`.

    Args:
        name: ``serial``, ``processes`` or ``dask``.
        n_workers: worker processes on a machine, at least 1; ``serial`` has none.
        n_threads: cores of a machine, at least 1, which its workers share evenly; each has one at least.
        scheduler: address of the Dask scheduler; only ``dask`` reads it.

    Raises:
        InvalidInput: no executor has that name, or ``dask`` was given no scheduler.
        Unavailable: Dask is not installed.
    """
    share = max(1, n_threads // n_workers)
    match name:
        case "serial":
            return SerialExecutor(n_threads=n_threads)
        case "processes":
            return ProcessExecutor(n_workers=n_workers, n_threads=share)
        case "dask":
            return _dask(scheduler, n_threads=share)
    raise InvalidInput("nightly.executor_unknown", name=name, known="、".join(EXECUTORS))


def _dask(scheduler: str, *, n_threads: int) -> Executor:
    if not scheduler:
        raise InvalidInput("nightly.scheduler_missing")
    try:
        import distributed  # noqa: F401
    except ImportError as missing:
        raise Unavailable("nightly.dask_missing") from missing
    from recommender.nightly.executors.dask import DaskExecutor

    return DaskExecutor(scheduler=scheduler, n_threads=n_threads)
