"""One person in the whole database: by what they are known, where they are named, and everything without them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.types import TypeDecorator

from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import ErasedPart
from recommender.store import suggestions, tables, wishes
from recommender.store.documents import from_document
from recommender.store.part import UnitPart
from recommender.store.repositories import Repository
from recommender.store.values import chunks
from recommender.store.vault import Vault

E = TypeVar("E", bound=Entity)

_TABLES: Final = tables.Base.metadata.tables
_AUTHORS: Final[Table] = _TABLES["achievement_author"]
_BATCHES: Final[Table] = _TABLES["import_batch"]
_IMPORTS: Final[Table] = _TABLES["import_change"]
_MERGES: Final[Table] = _TABLES["record_merge"]
_MERGE_CHANGES: Final[Table] = _TABLES["merge_change"]
_ALIASES: Final[Table] = _TABLES["merged_id"]
_PROPOSALS: Final[Table] = _TABLES["duplicate_proposal"]
_SHARDS: Final[Table] = _TABLES["run_shard"]
_CONSENTS: Final[Table] = _TABLES["consent_entry"]

_CHUNK: Final = 500
_LIBRARY: Final = ("achievement", "need", "platform", "enterprise", "expert")
_NOT_SEARCHED: Final = frozenset(
    {*_LIBRARY, "achievement_author", "achievement_platform", "enterprise_fact", "suggestion"}
    | {"suppressed", "erasure", "best_score"}
)
"""Records are changed as records; suggestions are found by their index; the last three name nobody."""

_OF_THE_RECORD: Final = frozenset({"id", "code", "author_ids", "phone", "email"})
"""Fields that say who the record is; contacts lie sealed, and bylines lose the person with the person."""
_OF_NAMESAKES: Final = frozenset({"name", "organisation"})
"""Columns of other experts in which a name is theirs, though it be the same at the same place."""

_PARTS: Final[dict[str, ErasedPart]] = {
    **dict.fromkeys(
        ("match_case", "workflow_step", "wish", "judging_item", "judgement", "reminder"), ErasedPart.CASES
    ),
    **dict.fromkeys(("consent_entry", "reveal", "processing", "audit"), ErasedPart.LEDGERS),
    **dict.fromkeys(("import_change", "import_batch", "merge_change"), ErasedPart.FORMER_CONTENT),
}

Counts = Counter[ErasedPart]

Hits = Mapping[str, Sequence[tuple[Any, ...]]]
"""Keys of rows that name a person, or might, by table."""


class PersonRepository(UnitPart):
    """Finds and removes one expert everywhere.

    Args:
        repositories: of the entities, for what is changed as records.
    """

    def __init__(
        self,
        connection: Connection,
        repositories: Callable[[EntityKind], Repository[Entity]],
        *,
        writable: bool,
        vault: Vault,
    ) -> None:
        self._connection = connection
        self._repositories = repositories
        self._writable = writable
        self._vault = vault

    def known_as(self, expert_id: str) -> tuple[list[str], list[Expert]]:
        """Every id of a person, and every state of their record that is remembered; the present one first."""
        ids = [expert_id]
        for id in ids:
            absorbed = select(_MERGES.c.absorbed_id).where(
                _MERGES.c.kind == EntityKind.EXPERT, _MERGES.c.survivor_id == id
            )
            ids += [other for other in self._connection.execute(absorbed).scalars() if other not in ids]
        present = [record for record in self._experts(ids) if isinstance(record, Expert)]
        # Opened merges stand for two people again: who has a record of their own is somebody else.
        others = {record.id for record in present} - {expert_id}
        ids = [id for id in ids if id not in others]
        records = [record for record in present if record.id in ids]
        return ids, [*records, *self._former(ids)]

    def hits(self, identity: PersonIdentity) -> Hits:
        """Where a person may be named: reads everything, so it is done before a unit that writes is begun."""
        found = {}
        for table in tables.Base.metadata.sorted_tables:
            if table.name in _LIBRARY or table.name not in _NOT_SEARCHED:
                keys = tuple(table.primary_key.columns)
                rows = self._naming(table, identity, sieve_only=True)
                found[table.name] = [tuple(row._mapping[key] for key in keys) for row in rows]
        return found

    def scrub(self, identity: PersonIdentity, tombstone: str, *, before: datetime, hits: Hits) -> Counts:
        """Take a person out of the database; how many rows were removed or changed, by part.

        What is kept for statistics names the tombstone in their place.

        Args:
            hits: what :meth:`hits` found; what names the person since is left for the next time.
            before: candidates of nights that were begun before it are dropped, since nobody can look into them.
        """
        self._require_write()
        counts: Counts = Counter()
        counts[ErasedPart.BYLINES] += self._count(_AUTHORS, _AUTHORS.c.expert_id.in_(identity.ids))
        counts[ErasedPart.SUGGESTIONS] += self._n_suggestions(identity.ids)
        counts[ErasedPart.RECORD] += self._repositories(EntityKind.EXPERT).remove(identity.ids)
        self._forget_history(identity, counts, hits)
        for kind in (EntityKind.NEED, EntityKind.ACHIEVEMENT, EntityKind.PLATFORM, EntityKind.ENTERPRISE):
            n = self._scrub_records(kind, identity, tombstone, hits)
            counts[ErasedPart.NEEDS if kind is EntityKind.NEED else ErasedPart.OTHER_TEXT] += n
        counts[ErasedPart.OTHER_TEXT] += self._scrub_records(EntityKind.EXPERT, identity, tombstone, hits)
        counts[ErasedPart.SUGGESTIONS] += self._drop_payloads(before)
        for table in tables.Base.metadata.sorted_tables:
            if table.name not in _NOT_SEARCHED:
                part = _PARTS.get(table.name, ErasedPart.OTHER_TEXT)
                counts[part] += self._scrub_rows(table, identity, tombstone, hits)
        blank = update(_CONSENTS).where(_CONSENTS.c.person_id == tombstone).values(basis="", evidence="")
        self._connection.execute(blank)
        return counts

    def findings(self, identity: PersonIdentity) -> tuple[str, ...]:
        """Tables that still name a person."""
        found = [
            table.name
            for table in tables.Base.metadata.sorted_tables
            if table.name not in {"suggestion", "suppressed", "erasure"}
            and any(True for _ in self._naming(table, identity))
        ]
        return tuple(found + (["suggestion"] if self._n_suggestions(identity.ids) else []))

    def mentions(self, identity: PersonIdentity) -> dict[str, list[dict[str, Any]]]:
        """Every row that names a person, by table, apart from suggestions and from the records themselves."""
        found: dict[str, list[dict[str, Any]]] = {}
        for table in tables.Base.metadata.sorted_tables:
            if table.name not in _NOT_SEARCHED:
                rows = [dict(row._mapping) for row in self._naming(table, identity)]
                if rows:
                    found[table.name] = rows
        return found

    def _experts(self, ids: Sequence[str]) -> list[Entity]:
        return list(self._repositories(EntityKind.EXPERT).get_many(ids).values())

    def _former(self, ids: Sequence[str]) -> Iterator[Expert]:
        """What imports and merges remember of these records."""
        of_experts = select(_BATCHES.c.number).where(_BATCHES.c.kind == "experts")
        imported = select(_IMPORTS.c.before).where(
            _IMPORTS.c.record_id.in_(ids), _IMPORTS.c.batch_number.in_(of_experts)
        )
        merged = select(_MERGE_CHANGES.c.before).where(_MERGE_CHANGES.c.table_name == "expert")
        for statement in (imported, merged):
            for document in self._connection.execute(statement).scalars():
                if document and document["id"] in ids:
                    yield self._vault.opened(from_document(Expert, document))

    def _forget_history(self, identity: PersonIdentity, counts: Counts, hits: Hits) -> None:
        ids = identity.ids
        experts = select(_BATCHES.c.number).where(_BATCHES.c.kind == "experts")
        own = and_(_IMPORTS.c.record_id.in_(ids), _IMPORTS.c.batch_number.in_(experts))
        counts[ErasedPart.FORMER_CONTENT] += self._delete(_IMPORTS, own)
        # A merge of others that has to put this person back can no longer be undone.
        naming = {row.merge_number for row in self._naming(_MERGE_CHANGES, identity, among=hits)}
        counts[ErasedPart.FORMER_CONTENT] += self._delete(
            _MERGE_CHANGES, _MERGE_CHANGES.c.merge_number.in_(sorted(naming))
        )
        of_kind = _MERGES.c.kind == EntityKind.EXPERT
        either = or_(_MERGES.c.survivor_id.in_(ids), _MERGES.c.absorbed_id.in_(ids))
        counts[ErasedPart.DUPLICATES] += self._delete(_MERGES, and_(of_kind, either))
        named = or_(_ALIASES.c.old_id.in_(ids), _ALIASES.c.survivor_id.in_(ids))
        counts[ErasedPart.DUPLICATES] += self._delete(_ALIASES, and_(_ALIASES.c.kind == EntityKind.EXPERT, named))
        # Nobody learns from what was said of somebody who is not there, and two ids of one person would collide.
        counts[ErasedPart.CASES] += wishes.forget(self._connection, EntityKind.EXPERT, ids)
        pairs = or_(_PROPOSALS.c.first_id.in_(ids), _PROPOSALS.c.second_id.in_(ids))
        own_pairs = and_(_PROPOSALS.c.kind == EntityKind.EXPERT, pairs)
        counts[ErasedPart.DUPLICATES] += self._delete(_PROPOSALS, own_pairs)

    def _scrub_records(self, kind: EntityKind, identity: PersonIdentity, tombstone: str, hits: Hits) -> int:
        """Records of others that name the person; how many were changed."""
        ids = [key[0] for key in hits.get(kind.value, ())]
        repository = self._repositories(kind)
        changed = []
        for record in repository.get_many(ids).values():
            values = {
                field.name: getattr(record, field.name)
                for field in fields(record)
                if field.name
                not in (_OF_THE_RECORD | _OF_NAMESAKES if kind is EntityKind.EXPERT else _OF_THE_RECORD)
            }
            names_too = identity.is_in(list(values.values()))
            changes = {
                name: identity.scrubbed(value, tombstone, names_too=names_too) for name, value in values.items()
            }
            again = replace(record, **changes)
            if again != record:
                changed.append(again)
        repository.upsert(changed)
        return len(changed)

    def _scrub_rows(self, table: Table, identity: PersonIdentity, tombstone: str, hits: Hits) -> int:
        keys = tuple(table.primary_key.columns)
        n_changed = 0
        for row in list(self._naming(table, identity, among=hits)):
            values = row._mapping
            again = {name: identity.scrubbed(value, tombstone) for name, value in values.items()}
            changed = {name: value for name, value in again.items() if value != values[name]}
            if changed:
                of_row = and_(*(key == values[key] for key in keys))
                self._connection.execute(update(table).where(of_row).values(**changed))
                n_changed += 1
        return n_changed

    def _naming(
        self, table: Table, identity: PersonIdentity, *, sieve_only: bool = False, among: Hits | None = None
    ) -> Iterator[Row[Any]]:
        """Rows of a table that name a person, or with ``sieve_only`` those that might.

        Args:
            among: look at these alone.
        """
        passed_over = _OF_NAMESAKES if table.name == "expert" else frozenset()
        columns = [column for column in table.c if _is_text(column.type) and column.name not in passed_over]
        if not columns:
            return
        find: Callable[..., Any] = func.instr if self._connection.dialect.name == "sqlite" else func.strpos
        sieve: list[ColumnElement[bool]] = [
            find(cast(column, Text), bindparam(None, needle, Text())) > 0
            for column in columns
            for needle in dict.fromkeys(identity.needles)
        ]
        rows: Iterable[Row[Any]]
        if among is None:
            rows = self._connection.execute(select(table).where(or_(*sieve)))
        else:
            keys = chunks(among.get(table.name, ()), _CHUNK)
            rows = chain.from_iterable(self._at(table, chunk) for chunk in keys)
        for row in rows:
            if sieve_only or identity.is_in([row._mapping[column] for column in columns]):
                yield row

    def _at(self, table: Table, keys: Sequence[tuple[Any, ...]]) -> Iterable[Row[Any]]:
        columns = tuple(table.primary_key.columns)
        among = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
        return self._connection.execute(select(table).where(among)).all()

    def _n_suggestions(self, ids: Sequence[str]) -> int:
        named = suggestions.as_target(self._connection, EntityKind.EXPERT, ids)
        return self._count(_TABLES["suggestion"], named)

    def _drop_payloads(self, before: datetime) -> int:
        """Candidates of nights that have ended; one that is at work loses the person before it publishes."""
        runs = _TABLES["match_run"].c
        old = select(runs.number).where(runs.finished_at.is_not(None), runs.started_at < before)
        ended = and_(_SHARDS.c.run_number.in_(old), _SHARDS.c.sha256.is_not(None))
        return self._connection.execute(update(_SHARDS).where(ended).values(payload=None, sha256=None)).rowcount

    def _count(self, table: Table, condition: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(table).where(condition)
        return int(self._connection.execute(statement).scalar_one())

    def _delete(self, table: Table, condition: ColumnElement[bool]) -> int:
        return self._connection.execute(delete(table).where(condition)).rowcount


def _is_text(column_type: Any) -> bool:
    inner = column_type.impl if isinstance(column_type, TypeDecorator) else column_type
    return isinstance(inner, Text | JSON)
