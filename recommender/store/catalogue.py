"""The columns of the library that lists are made of, read at once or as far as they changed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, case, cast, func, literal, select

from recommender.catalogue.catalogue import CatalogueRow, Stamp
from recommender.catalogue.texts import folded
from recommender.domain.facets import FACETS
from recommender.domain.kinds import EntityKind
from recommender.store import tables
from recommender.store.conditions import among, text_contains
from recommender.store.mapping import ACHIEVEMENTS, ENTERPRISES, EXPERTS, PLATFORMS, Mapping
from recommender.store.values import chunks, is_storable

_MAPPINGS: Final[dict[EntityKind, Mapping[Any]]] = {
    EntityKind.ENTERPRISE: ENTERPRISES,
    EntityKind.EXPERT: EXPERTS,
    EntityKind.PLATFORM: PLATFORMS,
    EntityKind.ACHIEVEMENT: ACHIEVEMENTS,
}
_NAMES: Final = {
    EntityKind.ENTERPRISE: ("name", "former_names"),
    EntityKind.EXPERT: ("name",),
    EntityKind.PLATFORM: ("name",),
    EntityKind.ACHIEVEMENT: ("title",),
}
_ORGANISATIONS: Final = {
    EntityKind.EXPERT: "organisation",
    EntityKind.PLATFORM: "host_organisation",
    EntityKind.ACHIEVEMENT: "organisation",
}
_YEARS: Final = {
    EntityKind.ENTERPRISE: "founded_on",
    EntityKind.PLATFORM: "recognised_in",
    EntityKind.ACHIEVEMENT: "year",
}
_TEXTS: Final = {
    EntityKind.ENTERPRISE: ("name", "main_products", "business_scope"),
    EntityKind.EXPERT: ("research_fields", "solvable_problems", "biography"),
    EntityKind.PLATFORM: ("name", "research_fields", "services", "equipment"),
    EntityKind.ACHIEVEMENT: ("title", "keywords", "abstract"),
}
"""What the words of a question are looked for in where there is no index."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CHUNK: Final = 2000


class CatalogueReader:
    """Reads columns of the kinds that the library lists."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stamp(self, kind: EntityKind) -> Stamp:
        """By which it is seen whether anything of a kind changed; read along an index."""
        table = _MAPPINGS[kind].table.c
        versions = func.coalesce(func.sum(table.version), 0)
        row = self._connection.execute(select(func.count(), versions, func.max(table.updated_at))).one()
        return Stamp(row[0], int(row[1]), 0 if row[2] is None else _microseconds(row[2]))

    def marks(self, kind: EntityKind) -> dict[str, tuple[int, int]]:
        """Version and time of the last change by id, of everything; read along the same index."""
        mapping = _MAPPINGS[kind]
        statement = select(mapping.key, mapping.table.c.version, mapping.table.c.updated_at)
        rows = self._connection.execute(statement.execution_options(yield_per=_CHUNK))
        return {id: (version, _microseconds(at)) for id, version, at in rows}

    def all(self, kind: EntityKind) -> list[CatalogueRow]:
        """Every record."""
        return self._read(kind, _statement(kind))

    def since(self, kind: EntityKind, updated_us: int) -> list[CatalogueRow]:
        """Records that were written at that moment or later, in microseconds since 1970."""
        at = _EPOCH + updated_us * _MICROSECOND
        return self._read(kind, _statement(kind).where(_MAPPINGS[kind].table.c.updated_at >= at))

    def of(self, kind: EntityKind, ids: Sequence[str]) -> list[CatalogueRow]:
        """Records by id; those that are gone are left out."""
        key, dialect = _MAPPINGS[kind].key, self._connection.dialect
        return [
            row
            for chunk in chunks(ids, _CHUNK)
            for row in self._read(kind, _statement(kind).where(among(key, chunk, dialect)))
        ]

    def written(self, kind: EntityKind, id: str) -> tuple[datetime, datetime]:
        """When a record was written first and last; it must be there."""
        mapping = _MAPPINGS[kind]
        statement = select(mapping.table.c.created_at, mapping.table.c.updated_at).where(mapping.key == id)
        row = self._connection.execute(statement).one()
        return row.created_at, row.updated_at

    def n_having(self, kind: EntityKind, words: Sequence[str]) -> dict[str, int]:
        """How many of the words the texts of each record hold, for those that hold any. Reads the whole table."""
        mapping = _MAPPINGS[kind]
        columns: list[ColumnElement[str]] = [cast(mapping.table.c[name], Text) for name in _TEXTS[kind]]
        whole = columns[0]
        for column in columns[1:]:
            whole = whole + literal("\n", Text) + column
        wanted = [word for word in words if is_storable(word)]
        if not wanted:
            return {}
        hits = [case((text_contains(whole, word, self._connection.dialect), 1), else_=0) for word in wanted]
        total: ColumnElement[int] = hits[0]
        for hit in hits[1:]:
            total = total + hit
        n = total.label("n")
        inner = select(mapping.key.label("id"), n).subquery()
        rows = self._connection.execute(select(inner.c.id, inner.c.n).where(inner.c.n > 0))
        return {id: int(n_words) for id, n_words in rows}

    def n_works(self, kind: EntityKind, ids: Sequence[str]) -> dict[str, int]:
        """How many achievements stand behind each expert or platform; those without any are left out."""
        if kind not in _WORKS:
            return {}
        owner = tables.Base.metadata.tables[_WORKS[kind][0]].c[_WORKS[kind][1]]
        found: dict[str, int] = {}
        for chunk in chunks(sorted(set(ids)), _CHUNK):
            statement = select(owner, func.count()).where(among(owner, chunk, self._connection.dialect))
            found.update((id, n) for id, n in self._connection.execute(statement.group_by(owner)))
        return found

    def works_of(self, kind: EntityKind, owner_id: str) -> list[str]:
        """Achievements of an expert or a platform, ascending."""
        table = tables.Base.metadata.tables[_WORKS[kind][0]].c
        statement = select(table.achievement_id).where(table[_WORKS[kind][1]] == owner_id)
        return list(self._connection.execute(statement.order_by(table.achievement_id)).scalars())

    def platforms_of(self, achievement_id: str) -> list[str]:
        """Platforms that an achievement came from, ascending."""
        table = tables.Base.metadata.tables["achievement_platform"].c
        statement = select(table.platform_id).where(table.achievement_id == achievement_id)
        return list(self._connection.execute(statement.order_by(table.platform_id)).scalars())

    def _read(self, kind: EntityKind, statement: Select[Any]) -> list[CatalogueRow]:
        rows = self._connection.execute(statement.execution_options(yield_per=_CHUNK))
        return [_row(kind, row) for row in rows]


_WORKS: Final = {
    EntityKind.EXPERT: ("achievement_author", "expert_id"),
    EntityKind.PLATFORM: ("achievement_platform", "platform_id"),
}


def _statement(kind: EntityKind) -> Select[Any]:
    mapping = _MAPPINGS[kind]
    extra = [*_NAMES[kind], *filter(None, (_ORGANISATIONS.get(kind), _YEARS.get(kind)))]
    if kind is EntityKind.EXPERT:
        extra.append("consent_withdrawn_on")
    if kind is EntityKind.ACHIEVEMENT:
        extra.append("patent_number")
    names = dict.fromkeys(["version", "updated_at", *extra, *(facet.field for facet in FACETS[kind])])
    return select(mapping.key.label("_id"), *(mapping.table.c[name] for name in names))


def _row(kind: EntityKind, row: Row[Any]) -> CatalogueRow:
    values = row._mapping
    first, *others = (values[name] for name in _NAMES[kind])
    year = values[_YEARS[kind]] if kind in _YEARS else None
    patent = values["patent_number"] if kind is EntityKind.ACHIEVEMENT else ""
    return CatalogueRow(
        id=values["_id"],
        version=values["version"],
        updated_us=_microseconds(values["updated_at"]),
        names=tuple(map(folded, (first, *(name for names in others for name in names)))),
        organisation=folded(values[_ORGANISATIONS[kind]]) if kind in _ORGANISATIONS else "",
        codes=(folded(patent),) if patent else (),
        year=year.year if isinstance(year, date) else year,
        is_withdrawn=kind is EntityKind.EXPERT and values["consent_withdrawn_on"] is not None,
        chain=values["industry_chain"],
        facets=tuple(facet.texts(values[facet.field]) for facet in FACETS[kind]),
    )


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
