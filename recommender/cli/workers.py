"""Several server processes on one socket, and another one for each that ends.

uvicorn's own supervisor asks its workers for signs of life one after the other, and where one is killed between
question and answer it waits for that answer before it looks again. Here an ended process is seen at once.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType
from typing import Final

from api.worker import START_FAILED, drain_seconds
from recommender.settings import Settings

_LOOK_SECONDS: Final = 0.1
_PAUSE_SECONDS: Final = 1.0
"""Before a worker that did not live this long is replaced, so that one that cannot live does not use up
the machine."""

_BACKLOG: Final = 2048
_log = logging.getLogger(__name__)


class Workers:
    """Keeps a number of workers alive until this process is told to stop.

    Args:
        environment: of the workers; their settings are in it.
    """

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._environment = dict(environment)
        self._socket = _listening(settings.host, settings.port)
        self._workers: list[_Worker] = []
        self._stopping = False

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT and return the exit code: 3 where the first workers cannot start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._workers = [self._start() for _ in range(self._settings.workers)]
        first = frozenset(self._workers)
        failed = False
        while not self._stopping and not failed:
            time.sleep(_LOOK_SECONDS)
            ended = [worker for worker in self._workers if worker.exit_code is not None]
            failed = any(worker in first and worker.exit_code == START_FAILED for worker in ended)
            for worker in ended:
                self._replace(worker)
        self._end()
        return START_FAILED if failed else 0

    def _start(self) -> "_Worker":
        return _Worker(self._socket, self._environment)

    def _replace(self, ended: "_Worker") -> None:
        if not ended.may_be_replaced or self._stopping:
            return
        _log.warning("worker %d ended with %s; another one is started", ended.pid, ended.exit_code)
        self._workers[self._workers.index(ended)] = self._start()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _end(self) -> None:
        """Ask all to end, wait as long as a request may last, then end them."""
        self._socket.close()
        for worker in self._workers:
            worker.ask_to_end()
        deadline = time.monotonic() + drain_seconds(self._settings) + _PAUSE_SECONDS
        for worker in self._workers:
            worker.end(deadline)


class _Worker:
    """One process."""

    def __init__(self, listening: socket.socket, environment: Mapping[str, str]) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 — our own interpreter and module
            [sys.executable, "-m", "api.worker", str(listening.fileno()), str(os.getpid())],
            env=dict(environment),
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, ``None`` while it lives."""
        return self._process.poll()

    @property
    def may_be_replaced(self) -> bool:
        """Whether it lived, or the pause is over."""
        return time.monotonic() - self._started > _PAUSE_SECONDS

    def ask_to_end(self) -> None:
        """Take no further request, answer those that run."""
        self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for the end until a moment of the monotonic clock, then enforce it."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)
