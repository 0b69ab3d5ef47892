"""The library as it may be recommended now: open needs only, and experts with the places they have left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from recommender.domain.entities import Achievement, Entity, Expert, Need
from recommender.domain.kinds import EntityKind
from recommender.nightly.sources import is_open
from recommender.store.unit_of_work import UnitOfWork

E = TypeVar("E", bound=Entity)


class Recommendable:
    """Reads entities for the matcher.

    Args:
        unit: of one moment.
        today: needs whose deadline is before it look for nobody any more.
    """

    def __init__(self, unit: UnitOfWork, today: date) -> None:
        self._unit = unit
        self._today = today

    def read(self, kind: EntityKind, ids: Sequence[str]) -> Mapping[str, Entity]:
        """The entities by id; who is gone, and needs that are not open, are left out."""
        found = self._unit.of(kind).get_many(ids)
        match kind:
            case EntityKind.EXPERT:
                running = self._unit.cases.n_running_by_expert(list(found))
                return {id: _engaged(entity, running) for id, entity in found.items()}
            case EntityKind.NEED:
                closed = self._unit.needs_progress.not_open_among(ids)
                return {id: need for id, need in found.items() if id not in closed and self._in_time(need)}
        return found

    def _in_time(self, entity: Entity) -> bool:
        return isinstance(entity, Need) and is_open(entity, self._today)


def open_needs(unit: UnitOfWork) -> dict[str, Need]:
    """Every need that looks for somebody as far as its state goes, by id."""
    closed = unit.needs_progress.not_open()
    return {need.id: need for need in unit.needs.iterate() if need.id not in closed}


def engaged_experts(unit: UnitOfWork) -> dict[str, Expert]:
    """Every expert by id, running matches among the engagements."""
    running = unit.cases.n_running_by_expert()
    return {expert.id: _engaged(expert, running) for expert in unit.experts.iterate()}


def published_entities(unit: UnitOfWork, entities: Iterable[Entity]) -> Iterator[Entity]:
    """Without what nobody may come across by searching.

    That is needs that are not published yet, or not any more, and experts who withdrew consent; their works stay,
    without them.
    """
    hidden = unit.needs_progress.unpublished()
    withdrawn = unit.experts.withdrawals().keys()
    for entity in entities:
        match entity:
            case Need(id=id) if id in hidden:
                continue
            case Expert(id=id) if id in withdrawn:
                continue
            case Achievement(author_ids=authors) if not withdrawn.isdisjoint(authors):
                yield replace(entity, author_ids=tuple(id for id in authors if id not in withdrawn))
            case _:
                yield entity


def _engaged(entity: E, running: Mapping[str, int]) -> E:
    """What a register says of engagements, and the matches that are brokered here."""
    n_here = running.get(entity.id, 0)
    if not n_here or not isinstance(entity, Expert):
        return entity
    return replace(entity, n_active_engagements=entity.n_active_engagements + n_here)
