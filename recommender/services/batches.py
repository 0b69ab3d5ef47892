"""Import batches: what was imported lately, and taking the last of it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.batches import BatchState, ImportBatch
from recommender.domain.entities import Record
from recommender.domain.errors import Conflict, InvalidData, NotFound
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest
from recommender.exchange.columns import TableKind
from recommender.exchange.limits import LIMITS
from recommender.exchange.tables import TABLES, table_of
from recommender.matching.generations import Generation
from recommender.services import messages
from recommender.services.batch_records import BatchRecord, BatchRecords
from recommender.services.import_stages import ImportProgress, ImportStage, silent
from recommender.services.indexed import Indexed
from recommender.services.personal.sight import Sight
from recommender.services.repositories import repository_of
from recommender.store.changes import BatchChanges, Dependents
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork
from recommender.store.values import chunks

_KINDS: Final[dict[type[Record], str]] = {table.record: table.kind.value for table in TABLES.values()}


class UndoState(StrEnum):
    """Whether a batch can be taken back."""

    POSSIBLE = "可以撤销"
    UNDONE = "已撤销"
    INDEXED = "已进入索引"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as lists show it.

    Attributes:
        label: what its kind of file is called.
        who: name of who imported it, their id where they have no account.
    """

    batch: ImportBatch
    label: str
    undo: UndoState
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReport:
    """A batch that was taken back.

    Attributes:
        batch: as it is now.
        label: what its kind of file is called.
        n_removed: records that the batch had added.
        n_restored: records that hold again what they held before.
    """

    batch: ImportBatch
    label: str
    n_removed: int
    n_restored: int

    @property
    def summary(self) -> str:
        """One zh-CN sentence."""
        return messages.UNDONE.format(
            id=self.batch.id,
            label=self.label,
            file=self.batch.file_name,
            removed=self.n_removed,
            restored=self.n_restored,
        )

    def to_dict(self) -> dict[str, object]:
        """All fields and the summary."""
        return {**asdict(self), "summary": self.summary}


AlongWithUndo = Callable[[UnitOfWork, UndoReport], None]
"""What else belongs to the transaction that takes a batch back."""


def _nothing_else(unit: UnitOfWork, report: UndoReport) -> None:
    """Only the batch."""


class BatchService:
    """Lists batches and takes them back.

    Args:
        generations: the finished index generations.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        generations: Callable[[], Sequence[Generation]],
    ) -> None:
        self._database = database
        self._now = now
        self._generations = generations

    def newest(self, actor: Actor, n: int = 20) -> tuple[BatchLine, ...]:
        """The last ``n`` batches that are for the actor, newest first.

        Raises:
            Forbidden: the actor does not write the library.
        """
        return self.page(actor, PageRequest(limit=n)).items

    def page(self, actor: Actor, request: PageRequest) -> Page[BatchLine]:
        """A part of the list of batches, newest first: one's own, or all where the actor reaches the whole city.

        Raises:
            Forbidden: the actor does not write the library.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.LIBRARY_WRITE)
        indexed = Indexed.of(self._generations())
        with self._database.read() as unit:
            found = unit.batches.page(request, actor=None if actor.reach.whole_city else actor.id)
            names = _names(unit, [batch.actor for batch in found.items])
        lines = (_line(batch, indexed, names) for batch in found.items)
        return Page(tuple(lines), found.next_cursor)

    def get(self, actor: Actor, batch_id: str) -> BatchLine:
        """One batch.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: no batch has that id, or it is not for this actor.
        """
        actor.require(Permission.LIBRARY_WRITE)
        indexed = Indexed.of(self._generations())
        with self._database.read() as unit:
            batch = batch_for(actor, unit, batch_id)
            names = _names(unit, [batch.actor])
        return _line(batch, indexed, names)

    def records(
        self, actor: Actor, batch_id: str, request: PageRequest, *, added: bool | None = None
    ) -> Page[BatchRecord]:
        """The records that a batch wrote, as the actor may see their names, by id.

        Args:
            added: only those that it added, or only those that it replaced.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            batch = batch_for(actor, unit, batch_id)
            table = table_of(batch.kind)
            changes = unit.batches.changes(batch.id, table.record)
            found = changes.page(request, added=added)
            records = BatchRecords(table, unit, Sight(actor, unit, self._now())).of(changes, found.items)
            return Page(records, found.next_cursor)

    def undo(
        self,
        batch_id: str | None = None,
        *,
        actor: Actor,
        along: AlongWithUndo = _nothing_else,
        on_progress: ImportProgress = silent,
    ) -> UndoReport:
        """Take a batch back, in one transaction: everything is as it was before it, versions and times included.

        An index build that is under way meanwhile may still hold the batch; what it names and the library no
        longer has is left out of every answer, and the next build forgets it.

        Args:
            batch_id: by default the last batch that was not taken back.
            actor: who does it.
            along: what else belongs to the transaction.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: no batch has that id, or it is not for this actor.
            Conflict: it was taken back before; the index in use holds it; its records were written again or
                altered since; or something else points to records that it added. Nothing is changed.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.write() as unit:
            unit.batches.lock()
            batch = _chosen(actor, unit, batch_id)
            _require_open(batch, Indexed.of(self._generations()))
            table = table_of(batch.kind)
            changes = unit.batches.changes(batch.id, table.record)
            _require_untouched(batch, changes)
            n_removed, n_restored = _take_back(unit, batch, changes, on_progress)
            at = self._now()
            unit.batches.mark_undone(batch.id, at=at, by=actor.id)
            report = UndoReport(
                batch=replace(batch, state=BatchState.UNDONE, undone_at=at, undone_by=actor.id),
                label=table.label,
                n_removed=n_removed,
                n_restored=n_restored,
            )
            unit.audit.append(_entry(report, at=at, actor=actor.id))
            along(unit, report)
        return report


def _undo_state(batch: ImportBatch, indexed: Indexed) -> UndoState:
    if batch.state is BatchState.UNDONE:
        return UndoState.UNDONE
    if batch.state is BatchState.SEALED or indexed.holds(batch):
        return UndoState.INDEXED
    return UndoState.POSSIBLE


def batch_for(actor: Actor, unit: UnitOfWork, batch_id: str) -> ImportBatch:
    """A batch that is the actor's own, or any where the actor reaches the whole city.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    batch = unit.batches.get(batch_id)
    if batch is None or not (actor.reach.whole_city or batch.actor == actor.id):
        raise NotFound("import.batch_not_found", id=batch_id)
    return batch


def _names(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    """What accounts are called, by id."""
    return {id: account.display_name for id, account in unit.accounts.get_many(sorted(set(ids))).items()}


def _line(batch: ImportBatch, indexed: Indexed, names: Mapping[str, str]) -> BatchLine:
    who = names.get(batch.actor, batch.actor)
    return BatchLine(batch, table_of(batch.kind).label, _undo_state(batch, indexed), who)


def _chosen(actor: Actor, unit: UnitOfWork, batch_id: str | None) -> ImportBatch:
    if batch_id is not None:
        return batch_for(actor, unit, batch_id)
    latest = unit.batches.latest(state=BatchState.APPLIED)
    if latest is None or not (actor.reach.whole_city or latest.actor == actor.id):
        raise NotFound("import.nothing_to_undo")
    return latest


def _require_open(batch: ImportBatch, indexed: Indexed) -> None:
    """Refuse a batch that was taken back before or is part of the index."""
    if batch.state is BatchState.UNDONE:
        assert batch.undone_at is not None
        raise Conflict("import.undo_done", id=batch.id, at=f"{batch.undone_at.astimezone():%Y-%m-%d %H:%M}")
    if batch.state is BatchState.SEALED:
        raise Conflict("import.undo_sealed", id=batch.id)
    if indexed.holds(batch):
        raise Conflict("import.undo_indexed", id=batch.id, generation=indexed.current)


def _require_untouched(batch: ImportBatch, changes: BatchChanges) -> None:
    """Refuse a batch on which something else rests by now."""
    later = changes.later_batches()
    if later:
        raise Conflict("import.undo_later", id=batch.id, batches="、".join(later))
    altered = changes.altered()
    if altered.n:
        raise Conflict("import.undo_altered", id=batch.id, count=f"{altered.n:,}", ids="、".join(altered.ids))
    dependents = changes.dependents(_KINDS)
    if dependents:
        raise Conflict("import.undo_depended", id=batch.id, dependents="；".join(map(_phrase, dependents)))


def _phrase(dependents: Dependents) -> str:
    phrase = messages.DEPENDENTS.format(label=dependents.label, n=dependents.n)
    if dependents.batches:
        phrase += messages.DEPENDENT_BATCHES.format(batches="、".join(dependents.batches))
    return phrase


def _take_back(
    unit: UnitOfWork, batch: ImportBatch, changes: BatchChanges, on_progress: ImportProgress
) -> tuple[int, int]:
    """Remove what the batch added, put back what it replaced; how many of each."""
    kind = TableKind(batch.kind)
    added, replaced = changes.added(), changes.replaced()
    n_records, n_done = len(added) + len(replaced), 0
    for ids in chunks(added, LIMITS.batch_rows):
        repository_of(unit, kind).remove(ids)
        n_done += len(ids)
        on_progress(ImportStage.UNDO, n_done, n_records)
    for ids in chunks(replaced, LIMITS.batch_rows):
        _put_back(unit, kind, changes.before(ids), batch)
        n_done += len(ids)
        on_progress(ImportStage.UNDO, n_done, n_records)
    changes.restore_stamps()
    return len(added), len(replaced)


def _put_back(unit: UnitOfWork, kind: TableKind, records: Sequence[Record], batch: ImportBatch) -> None:
    try:
        repository_of(unit, kind).upsert(records)
    except InvalidData as error:
        if error.code != "store.dangling_reference":
            raise
        names = {name: error.context[name] for name in ("kind", "target_kind")}
        raise Conflict(
            "import.undo_reference_gone",
            id=batch.id,
            record=error.context["id"],
            target=error.context["target_id"],
            **names,
        ) from None


def _entry(report: UndoReport, *, at: datetime, actor: str) -> AuditEntry:
    batch = report.batch
    return AuditEntry(
        at=at,
        actor=actor,
        action=f"import:{table_of(batch.kind).subject}:undo",
        target=batch.file_name,
        detail={"batch": batch.id, "n_removed": report.n_removed, "n_restored": report.n_restored},
    )
