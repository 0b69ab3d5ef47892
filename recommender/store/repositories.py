"""Repositories of the entities and of the links between them.

In a unit that writes, what :meth:`Repository.get` and :meth:`Repository.get_many` return stays locked until
it ends (on PostgreSQL; SQLite admits one writer anyway): to read, decide and write back loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.accounts import Actor
from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Record,
    fingerprint,
)
from recommender.domain.errors import InvalidData
from recommender.domain.facts import EnterpriseFact, FactIndicator
from recommender.domain.filters import Filter
from recommender.domain.listing import Listing
from recommender.domain.paging import Page, PageRequest
from recommender.store import judging, tables
from recommender.store.conditions import among, among_parameter, condition
from recommender.store.mapping import ACHIEVEMENT_PLATFORMS, ACHIEVEMENTS, EXPERTS, NEEDS, Mapping
from recommender.store.pages import page_rows
from recommender.store.part import UnitPart
from recommender.store.suggestions import forget
from recommender.store.values import check_row, chunks, is_storable
from recommender.store.vault import WITHOUT_KEYS, Vault
from recommender.store.visibility import visible

T = TypeVar("T", bound=Record)

CHUNK_SIZE: Final = 2000
"""Ids per statement; SQLite takes 32,766 variables, PostgreSQL 65,535."""

_AUTHORS: Final[Table] = tables.Base.metadata.tables["achievement_author"]


class Repository(UnitPart, Generic[T]):
    """The records of one type, by id."""

    def __init__(self, connection: Connection, mapping: Mapping[T], *, writable: bool) -> None:
        self._connection = connection
        self._mapping = mapping
        self._writable = writable

    def get(self, id: str) -> T | None:
        """The record with that id, or ``None``."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Sequence[str]) -> dict[str, T]:
        """The records by id, in ascending order of id; absent ids are left out. Takes any number of ids."""
        found: dict[str, T] = {}
        statement = _rows_by_id(self._mapping, self._connection.dialect.name, for_update=self._writable)
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            records = self._load(self._connection.execute(statement, {"ids": chunk}).all())
            found.update((record.id, record) for record in records)
        return found

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """Stored content hashes by id, as :meth:`fingerprint_of` gives them.

        Absent ids are left out.
        """
        found: dict[str, str] = {}
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            statement = select(self._mapping.key, self._mapping.table.c.fingerprint)
            rows = self._connection.execute(statement.where(self._among(self._mapping.key, chunk)))
            found.update((id, value) for id, value in rows)
        return found

    def versions(self, ids: Sequence[str]) -> dict[str, int]:
        """How often each record was written, from 1; absent ids are left out."""
        found: dict[str, int] = {}
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            statement = select(self._mapping.key, self._mapping.table.c.version)
            rows = self._connection.execute(statement.where(self._among(self._mapping.key, chunk)))
            found.update((id, version) for id, version in rows)
        return found

    def upsert(self, records: Sequence[T]) -> None:
        """Insert or replace, links included.

        A record that is stored with the same content stays as it is; a changed one gets the next version.
        Of several records with one id the last one counts.

        Raises:
            InvalidData: a record cannot be stored as it is, or points to something that is not there.
        """
        self._require_write()
        latest = {record.id: record for record in records}
        for chunk in chunks(sorted(latest), CHUNK_SIZE):
            self._write([latest[id] for id in chunk], datetime.now(UTC))

    def remove(self, ids: Sequence[str]) -> int:
        """Delete the records, the links to them, and the suggestions and judgements that name them.

        Returns:
            How many records there were.
        """
        self._require_write()
        n_removed = 0
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            self._detach(chunk)
            if self._mapping.kind is not None:
                forget(self._connection, self._mapping.kind, chunk)
                judging.forget(self._connection, self._mapping.kind, chunk)
            statement = delete(self._mapping.table).where(self._among(self._mapping.key, chunk))
            n_removed += self._connection.execute(statement).rowcount
        return n_removed

    def fingerprint_of(self, record: T) -> str:
        """What :meth:`fingerprints` would give if the record were stored.

        Raises:
            Unavailable: it has contacts, and the keys that hide them are missing.
        """
        return fingerprint(record)

    def count(self) -> int:
        """How many records there are."""
        return self._connection.execute(select(func.count()).select_from(self._mapping.table)).scalar_one()

    def iterate(self, *, batch_size: int = 2000) -> Iterator[T]:
        """All records in ascending order of id (code points), ``batch_size`` of them in memory at a time."""
        key = self._mapping.key
        statement = select(*self._mapping.columns).order_by(key).limit(batch_size)
        batch = self._load(self._connection.execute(statement).all())
        while batch:
            yield from batch
            rows = self._connection.execute(statement.where(key > batch[-1].id)).all()
            batch = self._load(rows)

    def ids_matching(self, filters: Sequence[Filter], actor: Actor | None = None) -> frozenset[str]:
        """Ids of the records that every filter accepts and that the actor, where one is given, may see.

        Raises:
            InvalidInput: a filter does not apply to this kind.
        """
        accepted = condition(filters, self._mapping, self._connection.dialect)
        if actor is not None:
            accepted &= visible(self._mapping.kind, actor)
        return frozenset(self._connection.execute(select(self._mapping.key).where(accepted)).scalars())

    def page(self, actor: Actor, listing: Listing, request: PageRequest) -> Page[T]:
        """A part of the list that the actor may see; who has withdrawn consent is not in it.

        Raises:
            InvalidInput: a filter does not apply to this kind, or the cursor or the order is not this list's.
        """
        rows, cursor = page_rows(self._connection, self._mapping, actor, listing, request)
        return Page(tuple(self._load(rows)), cursor)

    def _among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        return among(column, values, self._connection.dialect)

    def _load(self, rows: Sequence[Any]) -> list[T]:
        return [self._mapping.load(row) for row in rows]

    def _stored_row(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row as it may lie in the table."""
        return row

    def _write(self, records: Sequence[T], now: datetime) -> list[T]:
        """Write one chunk; returns what was new or changed."""
        stored = self.fingerprints([record.id for record in records])
        changed, rows = [], []
        for record in records:
            row = self._mapping.row(record)
            check_record(record, row, self._mapping)
            mark = self.fingerprint_of(record)
            stamps = {"version": 1, "fingerprint": mark, "created_at": now, "updated_at": now}
            if stored.get(record.id) != mark:
                changed.append(record)
                rows.append(self._stored_row(row) | stamps)
        if rows:
            self._check_references(changed)
            self._connection.execute(self._upsert_statement(), rows)
        return changed

    def _upsert_statement(self) -> Any:
        table, key = self._mapping.table, self._mapping.key
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(table)
        names = {column.name for column in table.c} - {key.name, "version", "created_at"}
        replaced = {name: statement.excluded[name] for name in sorted(names)}
        return statement.on_conflict_do_update(
            index_elements=[key], set_={**replaced, "version": table.c.version + 1}
        )

    def _check_references(self, records: Sequence[T]) -> None:
        for field, label, table in self._mapping.references:
            (key,) = table.primary_key.columns
            wanted: dict[str, str] = {}
            for record in records:
                value = getattr(record, field)
                wanted.update(dict.fromkeys((value,) if isinstance(value, str) else value, record.id))
            wanted.pop("", None)
            for chunk in chunks(sorted(wanted), CHUNK_SIZE):
                present = set(self._connection.execute(select(key).where(self._among(key, chunk))).scalars())
                absent = next((target for target in chunk if target not in present), None)
                if absent is not None:
                    raise InvalidData(
                        "store.dangling_reference",
                        kind=self._mapping.label,
                        id=wanted[absent],
                        target_kind=label,
                        target_id=absent,
                    )

    def _detach(self, ids: Sequence[str]) -> None:
        """Take the records out of others that hold them as part of their content."""


class AchievementRepository(Repository[Achievement]):
    """Achievements with their authors in the order of the byline."""

    def ids_of_author(self, expert_id: str) -> list[str]:
        """Achievements in whose byline an expert stands, ascending."""
        statement = select(_AUTHORS.c.achievement_id).where(_AUTHORS.c.expert_id == expert_id)
        return list(self._connection.execute(statement.order_by(_AUTHORS.c.achievement_id)).scalars())

    def n_of_author(self, expert_id: str) -> int:
        """How many achievements name an expert as author."""
        statement = select(func.count()).select_from(_AUTHORS).where(_AUTHORS.c.expert_id == expert_id)
        return self._connection.execute(statement).scalar_one()

    def n_of_platform(self, platform_id: str) -> int:
        """How many achievements came from a platform."""
        came = ACHIEVEMENT_PLATFORMS.table
        statement = select(func.count()).select_from(came).where(came.c.platform_id == platform_id)
        return self._connection.execute(statement).scalar_one()

    def author_names(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Names of the authors by achievement, for those that have any."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        experts = EXPERTS.table.c
        joined = _AUTHORS.join(EXPERTS.table, experts.id == _AUTHORS.c.expert_id)
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            of_chunk = self._among(_AUTHORS.c.achievement_id, chunk)
            statement = select(_AUTHORS.c.achievement_id, experts.name).select_from(joined).where(of_chunk)
            for achievement_id, name in self._connection.execute(statement):
                found[achievement_id].append(name)
        return {id: tuple(names) for id, names in found.items()}

    def _load(self, rows: Sequence[Any]) -> list[Achievement]:
        ids = [row.id for row in rows]
        authors: defaultdict[str, list[str]] = defaultdict(list)
        statement = _bylines(self._connection.dialect.name)
        for chunk in chunks(ids, CHUNK_SIZE):
            for achievement_id, expert_id in self._connection.execute(statement, {"ids": chunk}):
                authors[achievement_id].append(expert_id)
        return [self._mapping.load(row, author_ids=tuple(authors[row.id])) for row in rows]

    def _write(self, records: Sequence[Achievement], now: datetime) -> list[Achievement]:
        for record in records:
            if len(set(record.author_ids)) < len(record.author_ids):
                raise InvalidData("store.duplicate_author", id=record.id)
        changed = super()._write(records, now)
        links = [
            {"achievement_id": record.id, "position": position, "expert_id": expert_id}
            for record in changed
            for position, expert_id in enumerate(record.author_ids, start=1)
        ]
        former = self._among(_AUTHORS.c.achievement_id, [record.id for record in changed])
        self._connection.execute(delete(_AUTHORS).where(former))
        if links:
            self._connection.execute(insert(_AUTHORS), links)
        return changed


class ExpertRepository(Repository[Expert]):
    """Experts with their contacts, which lie sealed; one who is removed leaves the bylines, which change by it.

    A contact that the keys do not open is read as it lies, and may be written back like that.
    """

    def __init__(
        self, connection: Connection, mapping: Mapping[Expert], *, writable: bool, vault: Vault = WITHOUT_KEYS
    ) -> None:
        super().__init__(connection, mapping, writable=writable)
        self._vault = vault

    def fingerprint_of(self, record: Expert) -> str:
        """The content hash, with keyed marks in place of contacts.

        Raises:
            Unavailable: there are contacts, and the keys are missing.
        """
        return self._vault.fingerprint(record)

    def withdrawals(self, ids: Sequence[str] | None = None) -> dict[str, date]:
        """Since when experts have withdrawn consent, by id; of those named, or of all."""
        since = self._mapping.table.c.consent_withdrawn_on
        statement = select(self._mapping.key, since).where(since.is_not(None))
        if ids is None:
            return {row.id: row.consent_withdrawn_on for row in self._connection.execute(statement)}
        found: dict[str, date] = {}
        for chunk in chunks(_in_order(ids), CHUNK_SIZE):
            of_chunk = statement.where(self._among(self._mapping.key, chunk))
            found.update((row.id, row.consent_withdrawn_on) for row in self._connection.execute(of_chunk))
        return found

    def _load(self, rows: Sequence[Any]) -> list[Expert]:
        return [self._vault.opened(record) for record in super()._load(rows)]

    def _stored_row(self, row: dict[str, Any]) -> dict[str, Any]:
        return self._vault.sealed(Expert, row)

    def _detach(self, ids: Sequence[str]) -> None:
        gone = frozenset(ids)
        statement = select(_AUTHORS.c.achievement_id).where(self._among(_AUTHORS.c.expert_id, ids)).distinct()
        affected = self._connection.execute(statement).scalars().all()
        achievements = AchievementRepository(self._connection, ACHIEVEMENTS, writable=True)
        achievements.upsert(
            [
                replace(record, author_ids=tuple(id for id in record.author_ids if id not in gone))
                for record in achievements.get_many(affected).values()
            ]
        )


class EnterpriseRepository(Repository[Enterprise]):
    """Enterprises; the needs of one that is removed stay, without it."""

    def _detach(self, ids: Sequence[str]) -> None:
        statement = select(NEEDS.key).where(self._among(NEEDS.table.c.enterprise_code, ids))
        affected = self._connection.execute(statement).scalars().all()
        needs = Repository[Need](self._connection, NEEDS, writable=True)
        needs.upsert([replace(record, enterprise_code="") for record in needs.get_many(affected).values()])


class FactRepository(Repository[EnterpriseFact]):
    """Yearly facts, which are asked for by enterprise."""

    def of_enterprises(self, codes: Sequence[str]) -> dict[str, tuple[EnterpriseFact, ...]]:
        """All facts of each enterprise, ``()`` where there are none; by year, then as the vocabulary has them."""
        found: dict[str, list[EnterpriseFact]] = {code: [] for code in codes}
        for chunk in chunks(_in_order(codes), CHUNK_SIZE):
            of_chunk = self._among(self._mapping.table.c.enterprise_code, chunk)
            statement = select(*self._mapping.columns).where(of_chunk)
            for fact in self._load(self._connection.execute(statement).all()):
                found[fact.enterprise_code].append(fact)
        return {code: tuple(sorted(facts, key=_by_year)) for code, facts in found.items()}


def check_record(record: Record, row: dict[str, Any], mapping: Mapping[Any]) -> None:
    """Refuse a record that one of the databases could not keep as it is.

    Raises:
        InvalidData: names the record and what is wrong with it.
    """
    check_row(row, kind=mapping.label, id=record.id)
    codes = [record.id]
    if isinstance(record, EnterpriseFact):
        codes = [record.enterprise_code]
    elif isinstance(record, AchievementPlatform):
        codes = [record.achievement_id, record.platform_id]
        if "|" in record.achievement_id:
            # The pair is one key, joined with this character.
            raise InvalidData("store.bad_pair", id=record.achievement_id)
    if not all(1 <= len(code) <= tables.MAX_CODE_LENGTH for code in codes):
        raise InvalidData("store.bad_id", kind=mapping.label, id=record.id, maximum=tables.MAX_CODE_LENGTH)


_INDICATOR_ORDER: Final = {indicator: place for place, indicator in enumerate(FactIndicator)}


def _by_year(fact: EnterpriseFact) -> tuple[int, int]:
    return fact.year, _INDICATOR_ORDER[fact.indicator]


@cache
def _rows_by_id(mapping: Mapping[Any], dialect_name: str, *, for_update: bool) -> Select[Any]:
    """The rows of the parameter ``ids``; built once, since to build it costs as much as to execute it."""
    statement = select(*mapping.columns).where(among_parameter(mapping.key, "ids", dialect_name))
    statement = statement.order_by(mapping.key)
    return statement.with_for_update(key_share=True) if for_update else statement


@cache
def _bylines(dialect_name: str) -> Select[str, str]:
    """Achievement and author of the parameter ``ids``, in the order of the byline."""
    links = _AUTHORS.c
    statement = select(links.achievement_id, links.expert_id)
    statement = statement.where(among_parameter(links.achievement_id, "ids", dialect_name))
    return statement.order_by(links.achievement_id, links.position)


def _in_order(ids: Sequence[str]) -> list[str]:
    """Distinct ids in one order everywhere, so that two writers never wait for each other in a ring."""
    return sorted(id for id in set(ids) if is_storable(id))
