"""The figures of a server in the format of Prometheus, all workers together.

Workers leave theirs in a folder that ``PROMETHEUS_MULTIPROC_DIR`` names, and whichever is asked adds them up. No
label is an id: addresses are templates, errors are codes.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from recommender.domain.kinds import EntityKind

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_REQUESTS: Final = Counter("matchmaker_requests", "Answered requests.", ["route", "method", "status"])
_REQUEST_SECONDS: Final = Histogram(
    "matchmaker_request_seconds", "Time from a request to its answer.", ["route", "method"], buckets=_SECONDS
)
_ERRORS: Final = Counter(
    "matchmaker_errors",
    "Answers by error code: request.overloaded were sent away, request.too_many came too often, store.busy waited"
    " too long for the database.",
    ["code"],
)
_RUNNING: Final = Gauge(
    "matchmaker_requests_running", "Requests that are worked on.", ["lane"], multiprocess_mode="livesum"
)
_WAITING: Final = Gauge(
    "matchmaker_requests_waiting", "Requests that wait for their turn.", ["lane"], multiprocess_mode="livesum"
)
_RANKING_SECONDS: Final = Histogram(
    "matchmaker_ranking_seconds", "Time to rank one kind for one question.", ["kind"], buckets=_SECONDS
)
_GENERATIONS: Final = Gauge(
    "matchmaker_index_workers", "Workers that serve an index.", ["generation"], multiprocess_mode="livesum"
)
_WORKERS: Final = Gauge("matchmaker_workers", "Processes that serve.", multiprocess_mode="livesum")


def answered(route: str, method: str, status: int, seconds: float, code: str) -> None:
    """Count one answer; ``code`` is ``""`` where it is no error."""
    known = method if method in _METHODS else "other"
    _REQUESTS.labels(route, known, str(status)).inc()
    _REQUEST_SECONDS.labels(route, known).observe(seconds)
    if code:
        _ERRORS.labels(code).inc()


def occupied(lane: str, n_running: int, n_waiting: int) -> None:
    """Note how full a lane is."""
    _RUNNING.labels(lane).set(n_running)
    _WAITING.labels(lane).set(n_waiting)


def ranked(kind: EntityKind, seconds: float) -> None:
    """Count one ranking."""
    _RANKING_SECONDS.labels(kind.value).observe(seconds)


class ServedGeneration:
    """Which index this process serves."""

    def __init__(self) -> None:
        self._present: str | None = None

    def is_now(self, generation: str) -> None:
        """Note the one in force."""
        if generation == self._present:
            return
        if self._present is not None:
            _GENERATIONS.labels(self._present).set(0)
        _GENERATIONS.labels(generation).set(1)
        self._present = generation


def serving(*, is_alive: bool) -> None:
    """Note that this process serves, or no longer does."""
    _WORKERS.set(1 if is_alive else 0)


def exposed() -> bytes:
    """All figures; of processes that have ended only what they counted remains."""
    folder = os.environ.get(_FOLDER)
    if folder is None:
        return generate_latest(REGISTRY)
    _forget_ended(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_ended(folder: Path) -> None:
    """A killed worker cannot take back what it said of its present."""
    for file in folder.glob("gauge_live*_*.db"):
        if not _is_alive(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
