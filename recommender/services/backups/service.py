"""Use-cases of backups: take one, look whether it is whole, make a database of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.backups import BackupManifest, IndexPointer
from recommender.domain.errors import Conflict, InvalidData, InvalidInput
from recommender.domain.match import AuditEntry
from recommender.exchange.new_files import new_file
from recommender.matching.generations import Generation
from recommender.services.backups.archive import ArchiveReader, ArchiveWriter
from recommender.store.database import Database

_OWNER_ONLY: Final = 0o600
_KEY_NAME: Final = "contacts.json"

Progress = Callable[[str, int, int | None], None]
"""Hears the table, the rows done and how many there are, where that is known."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        other_settings: settings that are not what they were, by variable: then and now.
        index_is_here: whether the generation that was served then lies here and is served now.
        key_is_here: whether there is a file of keys for the contacts now.
    """

    manifest: BackupManifest
    other_settings: Mapping[str, tuple[str, str]]
    index_is_here: bool
    key_is_here: bool


def _silent(table: str, done: int, total: int | None) -> None:
    """Report no progress."""


class BackupService:
    """Backs up and restores the whole database, whichever kind it is.

    ``key_file`` is where the key of the contacts lies, which no backup holds unless asked for.
    """

    def __init__(
        self,
        database: Database,
        *,
        settings: Mapping[str, str],
        generations: Callable[[], list[Generation]],
        key_file: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._settings = settings
        self._generations = generations
        self.key_file = key_file
        self._now = now

    def take(
        self,
        path: Path,
        *,
        actor: Actor,
        with_key: bool = False,
        replace: bool = False,
        on_progress: Progress = _silent,
    ) -> BackupManifest:
        """Write everything that the database holds at this moment to a file; others go on writing meanwhile.

        The file appears when it is complete, and only its owner may read it.

        Args:
            with_key: put the key of the contacts in as well: whoever has the file can then read them.
            replace: whether a file of that name may be replaced.

        Raises:
            Forbidden: the actor may not deal with everybody's data.
            Conflict: there is such a file.
            InvalidInput: the file cannot be written, or there is no key to put in.
            Unavailable: the database cannot be read.
        """
        actor.require(Permission.PERSONS_MANAGE)
        key = self._key() if with_key else b""
        with new_file(path, replace=replace) as file:
            path_in_work = Path(file.name)
            path_in_work.chmod(_OWNER_ONLY)
            archive = ArchiveWriter(file)
            if with_key:
                archive.key(_KEY_NAME, key)
            manifest = self._write(archive, (_KEY_NAME,) if with_key else (), on_progress)
            detail: dict[str, object] = {"n_rows": manifest.n_rows, "with_key": with_key}
            with self._database.write() as unit:
                unit.audit.append(self._entry(actor, "backup:database:take", path.name, detail))
        return manifest

    def check(self, path: Path, *, actor: Actor, on_progress: Progress = _silent) -> BackupManifest:
        """Read a backup from end to end and compare it with its manifest; no database is touched.

        Raises:
            Forbidden: the actor may not deal with everybody's data.
            InvalidData: the file is no backup, or damaged.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with ArchiveReader.opened(path) as archive:
            for content in archive.manifest.tables:
                archive.check(content)
                on_progress(content.shape.name, content.n_rows, content.n_rows)
        return archive.manifest

    def restore(
        self, path: Path, *, actor: Actor, replace: bool = False, on_progress: Progress = _silent
    ) -> Restored:
        """Make the database what it was when a backup was taken, all of it or nothing.

        Every table is read back and compared with the manifest before anything is final.

        Args:
            replace: whether what the database holds, and another key of contacts, may go.

        Raises:
            Forbidden: the actor may not deal with everybody's data.
            Conflict: the database or the place of the key is not empty, and may not be replaced.
            InvalidData: the file is no backup, damaged, or of a newer program.
            Unavailable: the database cannot be written or is in use.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with ArchiveReader.opened(path) as archive:
            manifest = archive.manifest
            if not self._database.knows(manifest.revision):
                raise InvalidData("backup.newer", file=path.name)
            key = archive.key(_KEY_NAME) if _KEY_NAME in manifest.keys else None
            self._refuse_other_key(key, replace=replace)
            with self._database.load(manifest.revision) as load:
                load.prepare(replace=replace)
                for content in manifest.tables:
                    for n in load.fill(content, archive.lines(content)):
                        on_progress(content.shape.name, n, content.n_rows)
                for content in manifest.tables:
                    load.verify(content)
                load.finish()
                detail: dict[str, object] = {"n_rows": manifest.n_rows, "made_at": manifest.made_at}
                load.record(self._entry(actor, "backup:database:restore", path.name, detail))
                if key is not None:
                    self._put_key(key)
        return self._restored(manifest)

    def _write(self, archive: ArchiveWriter, keys: tuple[str, ...], on_progress: Progress) -> BackupManifest:
        with self._database.dump() as dump:
            made_at = self._now()
            tables = []
            for shape in dump.tables:

                def on_rows(n: int, name: str = shape.name) -> None:
                    on_progress(name, n, None)

                tables.append(
                    archive.table(shape, dump.blocks(shape), last_number=dump.last_number(shape), on_rows=on_rows)
                )
            manifest = BackupManifest(
                made_at=made_at.isoformat(),
                revision=dump.revision,
                database=self._database.kind,
                tables=tuple(tables),
                settings=self._settings,
                index=self._index(),
                keys=keys,
            )
        archive.close(manifest)
        return manifest

    def _index(self) -> IndexPointer | None:
        served = next((item for item in self._generations() if item.is_current and not item.problem), None)
        return None if served is None else IndexPointer(served.name, served.encoder_id, dict(served.counts))

    def _restored(self, manifest: BackupManifest) -> Restored:
        index = self._index()
        others = {
            name: (value, self._settings[name])
            for name, value in sorted(manifest.settings.items())
            if self._settings.get(name, value) != value
        }
        return Restored(
            manifest,
            others,
            index_is_here=index is not None and index == manifest.index,
            key_is_here=self.key_file.is_file(),
        )

    def _key(self) -> bytes:
        try:
            return self.key_file.read_bytes()
        except OSError:
            raise InvalidInput("backup.no_key", path=self.key_file) from None

    def _refuse_other_key(self, key: bytes | None, *, replace: bool) -> None:
        if key is None or replace or not self.key_file.exists():
            return
        if self._key() != key:
            raise Conflict("backup.other_key", path=self.key_file)

    def _put_key(self, key: bytes) -> None:
        """Lay the key where the program looks for it; a former one is kept beside."""
        if self.key_file.exists():
            if self._key() == key:
                return
            stamp = self._now().strftime("%Y%m%d%H%M%S")
            self.key_file.rename(self.key_file.with_name(f"{self.key_file.name}.{stamp}"))
        self.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_file(self.key_file, replace=False) as file:
            Path(file.name).chmod(_OWNER_ONLY)
            file.write(key)

    def _entry(self, actor: Actor, action: str, target: str, detail: dict[str, object]) -> AuditEntry:
        return AuditEntry(at=self._now(), actor=actor.id, action=action, target=target, detail=detail)
