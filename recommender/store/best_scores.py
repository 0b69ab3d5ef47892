"""Keeps ``best_score``: how well a run serves each need and each enterprise, by kind of target.

Worked out for a whole run when it ends, and for single sources whenever suggestions of theirs go or change: a
night's two million rows are too many to look through for one page.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, delete, func, insert, select

from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.values import chunks

BEST: Final[Table] = tables.Base.metadata.tables["best_score"]
_SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"].c
_AT_ONCE: Final = 500

Source = tuple[int, EntityKind, str]
"""Number of a run, kind and id of a source in it."""


def compute(connection: Connection, run_number: int) -> None:
    """Work a whole run out anew."""
    connection.execute(delete(BEST).where(BEST.c.run_number == run_number))
    of_run = _SUGGESTIONS.run_number == run_number
    _insert(connection, _best().where(of_run, _SUGGESTIONS.source_kind.in_(sorted(DEMAND_KINDS))))


def sources(connection: Connection, condition: ColumnElement[bool]) -> set[Source]:
    """The sources whose suggestions fit a condition: what to :func:`refresh` once those are changed."""
    columns = (_SUGGESTIONS.run_number, _SUGGESTIONS.source_kind, _SUGGESTIONS.source_id)
    return {(row[0], row[1], row[2]) for row in connection.execute(select(*columns).where(condition).distinct())}


def refresh(connection: Connection, changed: Iterable[Source]) -> None:
    """Work these sources out anew, from the suggestions that are there now."""
    by_list: defaultdict[tuple[int, EntityKind], set[str]] = defaultdict(set)
    for number, kind, id in changed:
        if kind in DEMAND_KINDS:
            by_list[number, EntityKind(kind)].add(id)
    for (number, kind), ids in sorted(by_list.items()):
        for chunk in chunks(sorted(ids), _AT_ONCE):
            kept, told = (
                and_(
                    table.run_number == number,
                    table.source_kind == kind,
                    among(table.source_id, chunk, connection.dialect),
                )
                for table in (BEST.c, _SUGGESTIONS)
            )
            connection.execute(delete(BEST).where(kept))
            _insert(connection, _best().where(told))


def _insert(connection: Connection, statement: Select[Any]) -> None:
    connection.execute(insert(BEST).from_select([column.name for column in BEST.c], statement))


def _best() -> Select[Any]:
    key = (_SUGGESTIONS.run_number, _SUGGESTIONS.source_kind, _SUGGESTIONS.source_id)
    scores = (func.max(case((_SUGGESTIONS.target_kind == kind, _SUGGESTIONS.score))) for kind in SUPPLY_KINDS)
    return select(*key, *scores).group_by(*key)
