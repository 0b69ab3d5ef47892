"""The use-case of looking after the system: whether everything works, what the disk holds, when it was saved."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.auditing import AuditLine
from recommender.domain.errors import MatchmakerError
from recommender.matching.generations import Generation
from recommender.services.messages import CHECKS
from recommender.services.personal.keys import KeyService
from recommender.services.readiness import Check, ReadinessService
from recommender.store.database import Database

_GB: Final = 10**9
_LEAST_FREE_BYTES: Final = 2 * _GB
_BACKUP_AGE: Final = timedelta(days=7)
_TAKEN: Final = "backup:database:take"


@dataclass(frozen=True, slots=True)
class StoredPart:
    """What one sort of run-time files takes on the disk; ``name`` is a key of the page's labels."""

    name: str
    n_files: int
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """Everything that an administrator looks at.

    Attributes:
        checks: what must be in order for requests to be answered and data to be safe.
        database: kind of the database.
        generations: of the index, newest first.
        parts: what lies in the run-time folder.
        free_bytes, total_bytes: of the disk that it lies on.
        last_backup: the line of the audit trail, ``None`` where none was ever taken.
    """

    at: datetime
    checks: tuple[Check, ...]
    database: str
    generations: tuple[Generation, ...]
    parts: tuple[StoredPart, ...]
    free_bytes: int
    total_bytes: int
    last_backup: AuditLine | None

    @property
    def n_faults(self) -> int:
        """Checks that are not in order."""
        return sum(not check.ok for check in self.checks)


class SystemService:
    """Looks at the system as it runs; changes nothing.

    Args:
        generations: of the index, oldest first.
        var_dir: the run-time folder.
        places: files and folders inside it by name.
    """

    def __init__(
        self,
        database: Database,
        readiness: ReadinessService,
        keys: KeyService,
        generations: Callable[[], list[Generation]],
        *,
        var_dir: Path,
        places: Mapping[str, Path],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._readiness = readiness
        self._keys = keys
        self._generations = generations
        self._var_dir = var_dir
        self._places = dict(places)
        self._now = now

    def state(self, actor: Actor) -> SystemState:
        """What there is, and what is not in order.

        Raises:
            Forbidden: the actor does not look after the system.
        """
        actor.require(Permission.METRICS_READ)
        at = self._now()
        with self._database.read() as unit:
            last_backup = unit.audit.newest(_TAKEN)
        disk = shutil.disk_usage(_existing(self._var_dir))
        checks = (
            *self._readiness.diagnose().checks,
            self._key_check(),
            self._disk_check(disk.free),
            _backup_check(last_backup, at),
        )
        return SystemState(
            at=at,
            checks=checks,
            database=self._database.kind,
            generations=tuple(reversed(self._generations())),
            parts=tuple(_part(name, path) for name, path in self._places.items()),
            free_bytes=disk.free,
            total_bytes=disk.total,
            last_backup=last_backup,
        )

    def _key_check(self) -> Check:
        try:
            return self._keys.check()
        except MatchmakerError as error:
            return Check("keys", ok=False, detail=str(error))

    def _disk_check(self, free: int) -> Check:
        writable = os.access(_existing(self._var_dir), os.W_OK)
        if not writable:
            return Check("disk", ok=False, detail=CHECKS["disk.read_only"].format(path=self._var_dir))
        ok = free >= _LEAST_FREE_BYTES
        sentence = CHECKS["disk.ok" if ok else "disk.full"]
        return Check("disk", ok=ok, detail=sentence.format(path=self._var_dir, free=f"{free / _GB:,.1f}"))


def _backup_check(last: AuditLine | None, at: datetime) -> Check:
    if last is None:
        return Check("backup", ok=False, detail=CHECKS["backup.none"])
    days = (at - last.entry.at).days
    ok = at - last.entry.at <= _BACKUP_AGE
    return Check("backup", ok=ok, detail=CHECKS["backup.ok" if ok else "backup.old"].format(days=days))


def _existing(path: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path


def _part(name: str, path: Path) -> StoredPart:
    """What lies under a path; of a file also what is named after it, as the files beside a database are."""
    if path.is_dir():
        files = [Path(folder) / each for folder, _, names in os.walk(path) for each in names]
    else:
        files = list(path.parent.glob(f"{path.name}*")) if path.parent.is_dir() else []
    sizes = [size for file in files if (size := _size(file)) is not None]
    return StoredPart(name, len(sizes), sum(sizes))


def _size(file: Path) -> int | None:
    """Bytes of a file, ``None`` where it went away meanwhile."""
    try:
        return file.stat().st_size
    except OSError:
        return None
