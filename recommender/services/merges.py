"""Use-cases of merging: make one record of two, take that back, list what was done."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from recommender.domain.entities import Entity
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.identity import STATED, Merge, MergeState
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.match import AuditEntry
from recommender.exchange.columns import normal_header
from recommender.identity.links import merged_facts, redirected
from recommender.identity.merging import PROTECTED, Mergeable, better_survivor, merged
from recommender.services.duplicate_search import is_valid_code
from recommender.services.field_texts import parsed
from recommender.services.identity import check_kind
from recommender.services.messages import CHANGED_MORE, CHANGED_ROW, MERGE_TABLES
from recommender.services.personal.consents import carry_refusals
from recommender.services.record_pairs import RecordPair, columns_of, pair_of
from recommender.store.database import Database
from recommender.store.journal import Snapshot
from recommender.store.unit_of_work import UnitOfWork

_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did.

    Attributes:
        record: the one that stays, as it is now.
        n_changes: rows that were changed, added or removed.
    """

    merge: Merge
    record: Entity
    n_changes: int


class MergeService:
    """Makes one record of two in one transaction, with everything that pointed to either."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def merge(
        self,
        one_id: str,
        other_id: str,
        *,
        actor: str,
        kind: EntityKind | None = None,
        keep: str | None = None,
        chosen: Sequence[str] = (),
    ) -> MergeReport:
        """Make one record of two.

        Args:
            kind: of both; needed only where several kinds have both ids.
            keep: the id that stays; by default that of the record that says more, of enterprises one with a
                valid code first.
            chosen: ``字段=值`` for fields that the rules should not decide; one of both ids as the value means
                what that record says.

        Raises:
            InvalidInput: the ids, ``keep`` or ``chosen`` do not fit.
            NotFound: no kind has both ids.
            Conflict: one of the records was merged into another before.
        """
        if kind is not None:
            check_kind(kind)
        with self._database.write() as unit:
            unit.batches.lock()
            pair = pair_of(unit, one_id, other_id, kind)
            survivor, absorbed = _survivor_first(pair, keep)
            values, sources = _chosen(pair, chosen)
            record = merged(survivor, absorbed, values)
            merge = self._planned(unit, survivor, absorbed, actor=actor, chosen=sources)
            before = unit.identity.snapshot(pair.kind, [survivor.id, absorbed.id])
            unit.identity.start(merge)
            _write(unit, pair.kind, record, absorbed.id, before)
            if pair.kind is EntityKind.EXPERT:
                carry_refusals(unit, absorbed.id, record.id, at=merge.at, actor=actor)
            report = MergeReport(merge, record, unit.identity.finish(merge, before))
            self._audit(unit, merge, "merge", actor, {"n_changes": report.n_changes, "chosen": sources})
        return report

    def undo(self, merge_id: str, *, actor: str) -> Merge:
        """Make everything what it was before a merge, to the letter.

        Raises:
            NotFound: no merge has that id.
            Conflict: it is undone already, a later merge builds on it, or something has changed since.
        """
        now = self._now()
        with self._database.write() as unit:
            unit.batches.lock()
            merge = unit.identity.merge(merge_id)
            if merge is None:
                raise NotFound("identity.merge_not_found", id=merge_id)
            _check_undoable(unit, merge)
            unit.identity.put_back(merge_id, at=now, by=actor)
            self._audit(unit, merge, "undo", actor, {})
            undone = unit.identity.merge(merge_id)
        assert undone is not None
        return undone

    def history(self, n: int = 100) -> list[Merge]:
        """The last ``n`` merges, newest first, those that were undone among them."""
        with self._database.read() as unit:
            return unit.identity.merges(n)

    def _planned(
        self, unit: UnitOfWork, survivor: Mergeable, absorbed: Mergeable, *, actor: str, chosen: dict[str, str]
    ) -> Merge:
        now = self._now()
        kind = survivor.kind
        decision = unit.duplicates.decision(kind, survivor.id, absorbed.id)
        return Merge(
            id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
            kind=kind,
            survivor_id=survivor.id,
            absorbed_id=absorbed.id,
            at=now,
            actor=actor,
            score=None if decision is None else decision.score,
            signals=() if decision is None else decision.signals,
            chosen=chosen,
        )

    def _audit(
        self, unit: UnitOfWork, merge: Merge, action: str, actor: str, detail: Mapping[str, object]
    ) -> None:
        named: dict[str, object] = {"survivor": merge.survivor_id, "absorbed": merge.absorbed_id, **detail}
        entry = AuditEntry(
            at=self._now(), actor=actor, action=f"identity:{merge.kind}:{action}", target=merge.id, detail=named
        )
        unit.audit.append(entry)


def _survivor_first(pair: RecordPair, keep: str | None) -> tuple[Any, Any]:
    one, other = pair.one, pair.other
    if keep is None:
        better = better_survivor(
            cast(Any, one), cast(Any, other), is_better=lambda record: is_valid_code(record.id)
        )
        return (one, other) if better is one else (other, one)
    if keep not in (one.id, other.id):
        raise InvalidInput("identity.keep_unknown", keep=keep, one=one.id, other=other.id)
    return (one, other) if keep == one.id else (other, one)


def _chosen(pair: RecordPair, expressions: Sequence[str]) -> tuple[dict[str, object], dict[str, str]]:
    """Values by field, and where each is from by header."""
    columns = columns_of(pair.kind).by_header
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    records: dict[str, Mergeable] = {pair.one.id: pair.one, pair.other.id: pair.other}
    for expression in expressions:
        name, equals, text = expression.partition("=")
        column = columns.get(normal_header(name))
        if not equals or not name.strip():
            raise InvalidInput("identity.field_malformed", expression=expression)
        if column is None:
            known = "、".join(dict.fromkeys(item.header for item in columns.values()))
            raise InvalidInput("identity.field_unknown", kind=KIND_LABELS[pair.kind], field=name, known=known)
        if column.field in PROTECTED:
            raise InvalidInput("identity.field_protected", field=column.header)
        source = records.get(text.strip())
        values[column.field] = (
            parsed(columns_of(pair.kind).kind, column, text) if source is None else getattr(source, column.field)
        )
        sources[column.header] = STATED if source is None else source.id
    return values, sources


def _write(unit: UnitOfWork, kind: EntityKind, record: Mergeable, absorbed_id: str, before: Snapshot) -> None:
    """Store the one record, point to it what pointed to the other, and remove that."""
    survivor_id = record.id
    aliases = {kind: {absorbed_id: survivor_id}}
    unit.of(kind).upsert([record])
    for repository, table in (
        (unit.achievements, "achievement"),
        (unit.needs, "need"),
        (unit.achievement_platforms, "achievement_platform"),
        (unit.experts, "expert"),
    ):
        ids = [
            ref.key[0] for ref in before if ref.table == table and ref.key[0] not in (absorbed_id, survivor_id)
        ]
        stored = cast(Any, repository).get_many(ids).values()
        cast(Any, repository).upsert([redirected(item, aliases) for item in stored])
    if kind is EntityKind.ENTERPRISE:
        facts = unit.enterprise_facts.of_enterprises([survivor_id, absorbed_id])
        unit.enterprise_facts.upsert(merged_facts(survivor_id, facts[survivor_id], facts[absorbed_id]))
    unit.duplicates.repoint(kind, absorbed_id, survivor_id)
    unit.judging.repoint(kind, absorbed_id, survivor_id)
    unit.of(kind).remove([absorbed_id])


def _check_undoable(unit: UnitOfWork, merge: Merge) -> None:
    if merge.state is MergeState.UNDONE:
        raise Conflict("identity.undone_already", id=merge.id, at=f"{merge.undone_at:%Y-%m-%d %H:%M}")
    later = unit.identity.later_merge(merge)
    if later is not None:
        raise Conflict("identity.merged_again", survivor=merge.survivor_id, later=later.id)
    if not unit.identity.changes(merge.id):
        raise Conflict("identity.history_forgotten", id=merge.id)
    changed = [(ref.table, str(ref.key[0])) for ref in unit.identity.changed_since(merge.id)]
    if changed:
        raise Conflict("identity.changed_since", items=_listed(changed))
    gone = unit.identity.missing_references(merge.id)
    if gone:
        raise Conflict("identity.reference_gone", items=_listed(gone))


def _listed(rows: Sequence[tuple[str, str]]) -> str:
    """The first few rows by name, and how many there are if more."""
    distinct = list(dict.fromkeys(rows))
    named = [CHANGED_ROW.format(table=MERGE_TABLES[table], id=id) for table, id in distinct]
    shown = "、".join(named[:_LISTED])
    return shown if len(named) <= _LISTED else CHANGED_MORE.format(shown=shown, n=len(named))
