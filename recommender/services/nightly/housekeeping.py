"""Lets go of what past nights left: runs beyond those kept, candidates nobody can carry over, folders."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from recommender.domain.runs import MatchRun, RunKind, RunState
from recommender.store.unit_of_work import UnitOfWork

_PRUNED_AT_ONCE: Final = 50_000
_LOOKED_BACK: Final = 50
"""Runs among which an unfinished one is looked for."""

Write = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit that is only committed while the runner's claim to the night holds."""


class Housekeeping:
    """Tidies up; may be called at any time by the runner that holds the lease.

    Args:
        root: folder of the nights' folders.
        keep_runs: ended runs that are kept, at least 2.
    """

    def __init__(self, root: Path, *, keep_runs: int) -> None:
        self._root = root
        self._keep_runs = keep_runs

    def tidy(self, write: Write) -> None:
        """Keep the newest runs, and candidates and folders of the published and of the unfinished ones only.

        Raises:
            Conflict: another runner has taken over; what it prepares is left alone.
        """
        while self._prune_some(write):
            pass
        with write() as unit:
            published = unit.runs.published()
            wanted = {run.id for run in unfinished(unit)} | ({published.run_id} if published else set())
            for run in unit.runs.newest(self._keep_runs + _LOOKED_BACK):
                if run.kind is RunKind.NIGHTLY and run.id not in wanted:
                    unit.shards.drop_payloads(run.id)
            # Within the unit, so that nobody can take over and prepare a folder meanwhile.
            self._remove_folders_but(wanted)

    def _remove_folders_but(self, wanted: set[str]) -> None:
        if self._root.is_dir():
            for folder in self._root.iterdir():
                if folder.is_dir() and folder.name not in wanted:
                    shutil.rmtree(folder)

    def _prune_some(self, write: Write) -> bool:
        """Prune for a moment, so that other writers get their turn; whether there is more."""
        with write() as unit:
            unit.runs.prune(self._keep_runs, at_most=_PRUNED_AT_ONCE)
            return bool(unit.runs.prunable(self._keep_runs))


def unfinished(unit: UnitOfWork) -> list[MatchRun]:
    """Nights that were begun and not ended, newest first; only the lease tells whether one is being worked on."""
    return [
        run
        for run in unit.runs.newest(_LOOKED_BACK)
        if run.kind is RunKind.NIGHTLY and run.state is RunState.RUNNING
    ]
