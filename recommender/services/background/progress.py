"""How far a job is, in a file: while somebody writes much, SQLite has its only writer, and nobody could be told
through the database."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from recommender.domain.jobs import JobProgress
from recommender.services.background.worker import Stopped

_TELL_SECONDS: Final = 0.2


class ProgressFile:
    """A file that says how far a job is; its folder is not made."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, progress: JobProgress) -> None:
        """Let every process know."""
        part = self._path.with_suffix(".part")
        # The folder may have been deleted meanwhile; whoever works will notice where it matters.
        with suppress(FileNotFoundError):
            part.write_text(json.dumps(asdict(progress)), encoding="utf-8")
            part.replace(self._path)

    def read(self) -> JobProgress:
        """As far as anybody has told."""
        try:
            return JobProgress(**json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return JobProgress()

    def forget(self) -> None:
        """Nothing is under way."""
        self._path.unlink(missing_ok=True)


class Teller:
    """Tells how far a job is, not too often, and stops it when the process is to end.

    Args:
        tell: told each time.
        is_stopping: whether the job is to be given up.
    """

    def __init__(self, tell: Callable[[JobProgress], None], is_stopping: Callable[[], bool]) -> None:
        self._tell = tell
        self._is_stopping = is_stopping
        self._stage = ""
        self._told_at = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Note a stage, how much of it is done and how much there is.

        Raises:
            Stopped: the process is told to end.
        """
        if self._is_stopping():
            raise Stopped
        now = time.monotonic()
        if stage == self._stage and now - self._told_at < _TELL_SECONDS:
            return
        self._stage, self._told_at = stage, now
        self._tell(JobProgress(str(stage), done, total))
