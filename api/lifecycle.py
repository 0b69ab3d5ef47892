"""What the server does from start to stop: opens the index aside, and answers whether it is ready."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

import anyio.to_thread
from fastapi import FastAPI

from api.messages import CHECK_UNFINISHED
from api.observability import metrics
from recommender.bootstrap import Application
from recommender.domain.errors import MatchmakerError
from recommender.services.readiness import Check, Readiness

MAX_CONCURRENT_REQUESTS: Final = 12
"""Requests worked on at once; more wait their turn. Below the 15 connections of the database's pool, so that
a request waits for the processor and never for a connection: one is left for the readiness check, one for what
is remembered after an answer."""

CHECK_SECONDS: Final = 3
"""How long an answer about readiness may take."""

OPENING_SECONDS: Final = 60
"""How long a worker among several keeps from taking requests while it opens the index."""

_WATCH_SECONDS: Final = 1.0


class ReadinessProbe:
    """Checks readiness on a thread of its own.

    Neither busy requests nor an index that takes long to open keep the answer waiting; checks that come while
    one is under way share its result.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._executor: ThreadPoolExecutor | None = None
        self._latest: Future[Readiness] | None = None
        self._settled = False
        self._generation = metrics.ServedGeneration()

    def start(self) -> None:
        """Begin the first check, which opens the index and the model."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
        self._latest = self._executor.submit(self._check)

    def stop(self) -> None:
        """Begin no further check."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    async def check(self) -> Readiness:
        """The state now; not ready where the check takes longer than :data:`CHECK_SECONDS`."""
        assert self._executor is not None, "the probe is started with the server"
        if self._latest is None or self._latest.done():
            self._latest = self._executor.submit(self._check)
        result = asyncio.shield(asyncio.wrap_future(self._latest))
        try:
            return await asyncio.wait_for(result, CHECK_SECONDS)
        except TimeoutError:
            detail = CHECK_UNFINISHED.format(seconds=CHECK_SECONDS)
            return Readiness((Check("startup", ok=False, detail=detail),))

    async def opened(self) -> None:
        """Wait for the check that is under way, as long as :data:`OPENING_SECONDS`, whatever it finds."""
        assert self._latest is not None, "the probe is started with the server"
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._latest)), OPENING_SECONDS)

    def _check(self) -> Readiness:
        try:
            readiness = self._application.readiness.check()
            if readiness.ready:
                self._generation.is_now(self._application.index_server.current().manifest.generation)
            if readiness.ready and not self._settled:
                # Who opens the first list should not wait until its columns are read.
                self._application.library_search.prepare()
                # Index and model stay until the end: looking through them again and again would now and then
                # hold up a request for a tenth of a second.
                gc.collect()
                gc.freeze()
                self._settled = True
            return readiness
        except MatchmakerError as error:
            return Readiness((Check("settings", ok=False, detail=str(error)),))


def lifespan_of(
    probe: ReadinessProbe, application: Application
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The life of one server process.

    A process that serves alone listens at once and says that it is not ready yet. One among several opens the
    index first: those that are ready answer meanwhile.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = MAX_CONCURRENT_REQUESTS + 1
        probe.start()
        metrics.serving(is_alive=True)
        watch = asyncio.create_task(_follow_index(probe, application))
        ending = asyncio.Event()
        jobs = asyncio.create_task(_begin_jobs(application, ending))
        if application.settings.workers > 1:
            await probe.opened()
        try:
            yield
        finally:
            watch.cancel()
            ending.set()
            # Not cancelled: the thread that starts the workers would go on, and start them after they were ended.
            await jobs
            await anyio.to_thread.run_sync(_end_jobs, application)
            probe.stop()
            metrics.serving(is_alive=False)

    return lifespan


async def _follow_index(probe: ReadinessProbe, application: Application) -> None:
    """Open a new generation of the index when there is one, before a request has to."""
    seen = application.snapshots.current()
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        present = application.snapshots.current()
        if present != seen:
            await probe.check()
            seen = present


async def _begin_jobs(application: Application, ending: asyncio.Event) -> None:
    """Work on what waits as soon as there is a database, unless the server ends before."""
    while not ending.is_set():
        try:
            await anyio.to_thread.run_sync(_start_workers, application)
        except MatchmakerError:
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _WATCH_SECONDS)
        else:
            return


def _start_workers(application: Application) -> None:
    application.import_runner.worker.start()
    application.duplicate_searcher.worker.start()


def _end_jobs(application: Application) -> None:
    # Where no database could be opened there are none.
    if "import_runner" in vars(application):
        application.import_runner.worker.stop()
    if "duplicate_searcher" in vars(application):
        application.duplicate_searcher.worker.stop()
