"""The consent ledger: lines are added and read, never changed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Final

from sqlalchemy import Connection, Table, func, insert, select

from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.personal import ConsentDecision, ConsentEntry, ConsentScope
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks

_ENTRIES: Final[Table] = tables.Base.metadata.tables["consent_entry"]
_COLUMNS: Final = tuple(_ENTRIES.c[field.name] for field in fields(ConsentEntry))
_CHUNK: Final = 2000


class ConsentRepository(UnitPart):
    """What people said, by person."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, entry: ConsentEntry) -> ConsentEntry:
        """Add a line; the same with its number.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(entry)
        del row["number"]
        check_row(row, kind="意愿记录", id=entry.person_id)
        (number,) = self._connection.execute(insert(_ENTRIES).returning(_ENTRIES.c.number), row).one()
        return ConsentEntry(**{**row, "number": int(number)})

    def of(self, person_id: str) -> list[ConsentEntry]:
        """Every line of a person, oldest first."""
        statement = select(*_COLUMNS).where(_ENTRIES.c.person_id == person_id).order_by(_ENTRIES.c.number)
        return [ConsentEntry(**row._mapping) for row in self._connection.execute(statement)]

    def page(self, request: PageRequest, person_id: str = "") -> Page[ConsentEntry]:
        """Lines of one person or of everybody, oldest first, or newest first for ``-number``."""
        _, reverse = request.order(("number",))
        order = turned([(_ENTRIES.c.number, False)], reverse=reverse)
        statement = select(*_COLUMNS).order_by(*ordering(order)).limit(request.limit + 1)
        if person_id:
            statement = statement.where(_ENTRIES.c.person_id == person_id)
        after = request.after(int)
        if after is not None:
            statement = statement.where(beyond(order, after))
        found = [ConsentEntry(**row._mapping) for row in self._connection.execute(statement)]
        shown = tuple(found[: request.limit])
        more = len(found) > request.limit
        return Page(shown, cursor_of(request, (shown[-1].number,)) if more else "")

    def withdrawn(self, scope: ConsentScope, ids: Sequence[str]) -> frozenset[str]:
        """Those of the people whose last word on a scope was no."""
        return frozenset(id for id, said in self._last(scope, ids) if said is ConsentDecision.WITHDRAWN)

    def given(self, scope: ConsentScope, ids: Sequence[str]) -> frozenset[str]:
        """Those of the people whose last word on a scope was yes."""
        return frozenset(id for id, said in self._last(scope, ids) if said is ConsentDecision.GIVEN)

    def all_withdrawn(self, scope: ConsentScope) -> frozenset[str]:
        """Everybody whose last word on a scope was no."""
        latest = (
            select(func.max(_ENTRIES.c.number)).where(_ENTRIES.c.scope == scope).group_by(_ENTRIES.c.person_id)
        )
        statement = select(_ENTRIES.c.person_id).where(
            _ENTRIES.c.number.in_(latest), _ENTRIES.c.decision == ConsentDecision.WITHDRAWN
        )
        return frozenset(self._connection.execute(statement).scalars())

    def n_said(self) -> dict[tuple[ConsentScope, ConsentDecision], int]:
        """How many people's last word on a scope was yes, or no."""
        latest = select(func.max(_ENTRIES.c.number)).group_by(_ENTRIES.c.person_id, _ENTRIES.c.scope)
        statement = (
            select(_ENTRIES.c.scope, _ENTRIES.c.decision, func.count())
            .where(_ENTRIES.c.number.in_(latest))
            .group_by(_ENTRIES.c.scope, _ENTRIES.c.decision)
        )
        return {(row[0], row[1]): int(row[2]) for row in self._connection.execute(statement)}

    def _last(self, scope: ConsentScope, ids: Sequence[str]) -> Iterator[tuple[str, ConsentDecision]]:
        for chunk in chunks(sorted(set(ids)), _CHUNK):
            of_chunk = among(_ENTRIES.c.person_id, chunk, self._connection.dialect)
            last = (
                select(func.max(_ENTRIES.c.number))
                .where(_ENTRIES.c.scope == scope, of_chunk)
                .group_by(_ENTRIES.c.person_id)
            )
            statement = select(_ENTRIES.c.person_id, _ENTRIES.c.decision).where(_ENTRIES.c.number.in_(last))
            for row in self._connection.execute(statement):
                yield row.person_id, row.decision
