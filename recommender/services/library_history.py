"""Who changed what of a record and when: imports, corrections, merges, and what was done with personal data."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.auditing import AuditFilter
from recommender.domain.identity import Merge, MergeState
from recommender.domain.kinds import EntityKind
from recommender.domain.library_details import HistoryAction, HistoryLine
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest
from recommender.exchange.columns import TableKind
from recommender.exchange.tables import table_of
from recommender.services.library import found
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_N_LINES: Final = 100
_SAME_CHANGE: Final = timedelta(minutes=10)
"""A record and the line that tells of it are written in one transaction, a large file's a while apart."""
TABLES: Final = {
    EntityKind.ENTERPRISE: TableKind.ENTERPRISES,
    EntityKind.EXPERT: TableKind.EXPERTS,
    EntityKind.PLATFORM: TableKind.PLATFORMS,
    EntityKind.ACHIEVEMENT: TableKind.ACHIEVEMENTS,
}
"""The kind of file that each kind of record is imported from."""


class LibraryHistory:
    """Use-cases of looking back at one record."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def of(self, actor: Actor, kind: EntityKind, id: str) -> tuple[HistoryLine, ...]:
        """What was done to a record, newest first. Who looked at a person is told to who reads the audit trail.

        Raises:
            Forbidden: the actor does not edit the library.
            NotFound: there is no such record for this actor.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            entity = found(actor, unit, kind, id)
            names = _Names(unit)
            lines = [
                *_imports(unit, kind, entity.id, names),
                *_merges(unit, kind, entity.id, names),
                *_audited(unit, kind, entity.id, names, with_reveals=actor.may(Permission.AUDIT_READ)),
            ]
            added, changed = unit.catalogue.written(kind, entity.id)
        if not any(line.action is HistoryAction.IMPORTED for line in lines):
            lines.append(HistoryLine(at=added, action=HistoryAction.ADDED, who=""))
        if changed - max(line.at for line in lines) > _SAME_CHANGE:
            lines.append(HistoryLine(at=changed, action=HistoryAction.CHANGED, who=""))
        return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:_N_LINES])


class _Names:
    """What accounts are called; who acts at the server itself keeps the name it has there."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._known: dict[str, str] = {}

    def of(self, actor_id: str) -> str:
        if actor_id not in self._known:
            account = self._unit.accounts.get(actor_id)
            self._known[actor_id] = actor_id if account is None else account.display_name
        return self._known[actor_id]


def _imports(unit: UnitOfWork, kind: EntityKind, id: str, names: _Names) -> Iterator[HistoryLine]:
    for batch, was_new in unit.batches.of_record(TABLES[kind].value, id):
        yield HistoryLine(
            at=batch.at,
            action=HistoryAction.IMPORTED if was_new else HistoryAction.REPLACED,
            who=names.of(batch.actor),
            batch_id=batch.id,
            file=batch.file_name,
        )


def _merges(unit: UnitOfWork, kind: EntityKind, id: str, names: _Names) -> Iterator[HistoryLine]:
    for merge in unit.identity.merges_of(kind, id):
        other = merge.absorbed_id if merge.survivor_id == id else merge.survivor_id
        yield _merge_line(merge, other, names.of(merge.actor))
        if merge.state is MergeState.UNDONE and merge.undone_at is not None:
            yield HistoryLine(
                at=merge.undone_at,
                action=HistoryAction.MERGE_UNDONE,
                who=names.of(merge.undone_by or ""),
                other_id=other,
            )


def _merge_line(merge: Merge, other: str, who: str) -> HistoryLine:
    return HistoryLine(
        at=merge.at, action=HistoryAction.MERGED, who=who, fields=tuple(merge.chosen), other_id=other
    )


def _audited(
    unit: UnitOfWork, kind: EntityKind, id: str, names: _Names, *, with_reveals: bool
) -> Iterator[HistoryLine]:
    actions = {f"library:{kind.value}:edit": HistoryAction.EDITED}
    if kind is EntityKind.EXPERT:
        actions["personal:consent:record"] = HistoryAction.CONSENT
    if with_reveals:
        actions[f"personal:{kind.value}:reveal"] = HistoryAction.REVEALED
        actions["personal:person:export"] = HistoryAction.GIVEN
    newest = unit.audit.page(PageRequest(limit=_N_LINES, sort="-number"), AuditFilter(target=id))
    for line in newest.items:
        action = actions.get(line.entry.action)
        if action is not None:
            yield _audit_line(line.entry, action, kind, names.of(line.entry.actor))


def _audit_line(entry: AuditEntry, action: HistoryAction, kind: EntityKind, who: str) -> HistoryLine:
    detail: dict[str, Any] = entry.detail
    headers = {column.field: column.header for column in table_of(TABLES[kind]).columns}
    changed = detail.get("fields", []) if action is HistoryAction.EDITED else []
    said: dict[str, str] = {name: str(detail[name]) for name in ("scope", "decision") if name in detail}
    return HistoryLine(
        at=entry.at,
        action=action,
        who=who,
        fields=tuple(headers.get(name, name) for name in changed),
        detail=said,
    )
