"""A thread of a process that looks for jobs and does them, one at a time, until it is told to end."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from recommender.domain.errors import MatchmakerError

_log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 2.0
"""How often a process looks for jobs that another one left."""

_TIDY_SECONDS: Final = 3600.0


class Stopped(Exception):
    """The process is told to end, so the job at hand is given up."""


class Worker:
    """Looks for jobs until it is stopped.

    Args:
        name: of the thread, and in the log.
        run_waiting: does the jobs that wait; raises nothing but for want of a database.
        tidy: called once in an hour.
    """

    def __init__(
        self, name: str, run_waiting: Callable[[], object], *, tidy: Callable[[], object] = lambda: None
    ) -> None:
        self._name = name
        self._run_waiting = run_waiting
        self._tidy = tidy
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidies_at = 0.0

    @property
    def is_stopping(self) -> bool:
        """Whether whoever works is to give up."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin to work on a thread of its own; one that works already goes on."""
        if self._thread is not None:
            return
        self._stop.clear()
        thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        thread.start()
        self._thread = thread

    def stop(self) -> None:
        """Have the job at hand given up, and end."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Look for a job at once."""
        self._wake.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                self._run_waiting()
                self._tidy_sometimes()
            except MatchmakerError as error:
                # No database yet, or one that is busy: it is looked at again.
                _log.info("%s wait: %s", self._name, error.code)
            except Exception:
                _log.exception("looking for %s failed", self._name)

    def _tidy_sometimes(self) -> None:
        if time.monotonic() >= self._tidies_at:
            self._tidy()
            self._tidies_at = time.monotonic() + _TIDY_SECONDS
