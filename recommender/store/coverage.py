"""How well the suggestions of a run serve enterprises and open needs, and how often experts stand in them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, and_, case, func, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.kinds import EntityKind
from recommender.store import tables
from recommender.store.best_scores import BEST
from recommender.store.columns import listed
from recommender.store.conditions import text_contains
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.progress import PROGRESS, need_is_open
from recommender.store.visibility import enterprise_visible, need_visible

_RUNS: Final = tables.Base.metadata.tables["match_run"].c
_SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"]
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_OF_NEED: Final = BEST.alias("of_need")
_OWN: Final = BEST.alias("own")
_CHAIN: Final = func.coalesce(func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "", type_=Text())


@dataclass(frozen=True, slots=True)
class ServedEnterprises:
    """Enterprises of a town and a chain: how many there are, and how many have a good match."""

    town: str
    chain: str
    n: int
    n_served: int


@dataclass(frozen=True, slots=True)
class ServedNeed:
    """An open need and the best scores that the run has for it, ``None`` where it has nobody."""

    id: str
    title: str
    town: str
    chain: str
    field: str
    expert: float | None
    platform: float | None
    achievement: float | None

    @property
    def best(self) -> float | None:
        """Of all kinds."""
        return max(
            (one for one in (self.expert, self.platform, self.achievement) if one is not None), default=None
        )


class CoverageRepository:
    """What the enterprises and needs within an actor's reach get from a run."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enterprises(
        self, actor: Actor, run_id: str, high_score: float, today: date, *, town: str = "", chain: str = ""
    ) -> list[ServedEnterprises]:
        """How many enterprises have a good match, or one of their open needs has, by town and chain."""
        number = self._number(run_id)
        within = (
            enterprise_visible(actor),
            *self._texts((_OWNER.town, town), (_OWNER.industry_chain, chain)),
        )
        key = (_OWNER.town, _OWNER.industry_chain)
        good = case((_is_good(_OWN.c, high_score), 1), else_=0)
        owners = ENTERPRISES.table.outerjoin(_OWN, _of_run(_OWN, number, EntityKind.ENTERPRISE, _OWNER.code))
        own = select(*key, func.count(), func.sum(good)).select_from(owners).where(*within).group_by(*key)
        # Those whom only a need serves are few: to look for them at every enterprise costs twenty times as much.
        by_need = self._needs(number).join(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        by_need = by_need.outerjoin(_OWN, _of_run(_OWN, number, EntityKind.ENTERPRISE, _OWNER.code))
        only = select(*key, func.count(_OWNER.code.distinct())).select_from(by_need).group_by(*key)
        only = only.where(*within, need_is_open(today), _is_good(_OF_NEED.c, high_score), good == 0)
        more = {(row[0], row[1]): row[2] for row in self._connection.execute(only)}
        return [
            ServedEnterprises(of_town, of_chain, n, n_served + more.get((of_town, of_chain), 0))
            for of_town, of_chain, n, n_served in self._connection.execute(own)
        ]

    def needs(
        self, actor: Actor, run_id: str, today: date, *, town: str = "", chain: str = ""
    ) -> list[ServedNeed]:
        """The open needs and what the run has for each, by id."""
        number = self._number(run_id)
        columns: tuple[ColumnElement[Any], ...] = (_NEED.id, _NEED.title, func.coalesce(_OWNER.town, ""), _CHAIN)
        scores = (_OF_NEED.c.expert, _OF_NEED.c.platform, _OF_NEED.c.achievement)
        joined = self._needs(number).outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        statement = select(*columns, _NEED.technical_field, *scores).select_from(joined)
        statement = statement.where(need_visible(actor), need_is_open(today))
        statement = statement.where(*self._texts((_OWNER.town, town), (_CHAIN, chain))).order_by(_NEED.id)
        return [ServedNeed(*tuple(row)) for row in self._connection.execute(statement)]

    def places(self, actor: Actor) -> list[tuple[str, str, int]]:
        """Towns and chains in which the actor reaches enterprises, and how many in each."""
        key = (_OWNER.town, _OWNER.industry_chain)
        statement = select(*key, func.count()).where(enterprise_visible(actor)).group_by(*key)
        return [(row[0], row[1], row[2]) for row in self._connection.execute(statement)]

    def good_targets(self, run_id: str, high_score: float) -> dict[str, dict[EntityKind, frozenset[str]]]:
        """Ids of the experts and platforms that are a good match for a need, by need and kind."""
        c = _SUGGESTIONS.c
        ids = listed(c.target_id, self._connection.dialect)
        statement = select(c.source_id, c.target_kind, ids).where(
            c.run_number == self._number(run_id),
            c.source_kind == EntityKind.NEED,
            c.target_kind.in_([EntityKind.EXPERT, EntityKind.PLATFORM]),
            c.score >= high_score,
        )
        found: defaultdict[str, dict[EntityKind, frozenset[str]]] = defaultdict(dict)
        for need_id, kind, targets in self._connection.execute(statement.group_by(c.source_id, c.target_kind)):
            found[need_id][kind] = frozenset(json.loads(targets))
        return found

    def lists_per_expert(self, run_id: str) -> list[int]:
        """In how many lists of a run each expert stands who stands in any, ascending."""
        number = self._number(run_id)
        c = _SUGGESTIONS.c
        n_lists = func.count().label("n")
        statement = select(n_lists).where(
            c.block.between(tables.first_block(number), tables.last_possible_block(number)),
            c.target_kind == EntityKind.EXPERT,
        )
        return list(self._connection.execute(statement.group_by(c.target_id).order_by(n_lists)).scalars())

    def _needs(self, number: int) -> Any:
        joined = NEEDS.table.outerjoin(PROGRESS, PROGRESS.c.need_id == _NEED.id)
        return joined.outerjoin(_OF_NEED, _of_run(_OF_NEED, number, EntityKind.NEED, _NEED.id))

    def _texts(self, *wanted: tuple[ColumnElement[str], str]) -> Sequence[ColumnElement[bool]]:
        return [text_contains(column, part, self._connection.dialect) for column, part in wanted if part]

    def _number(self, run_id: str) -> int:
        return int(self._connection.execute(select(_RUNS.number).where(_RUNS.id == run_id)).scalar_one())


def _is_good(best: Any, high_score: float) -> ColumnElement[bool]:
    return or_(*(best[kind] >= high_score for kind in ("expert", "platform", "achievement")))


def _of_run(best: Any, number: int, kind: EntityKind, id: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(best.c.run_number == number, best.c.source_kind == kind, best.c.source_id == id)
