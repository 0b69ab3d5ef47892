"""Reading the resource library: entities by id, and how many there are."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.services.access import sees
from recommender.services.personal.clock import utc_now
from recommender.services.personal.sight import Sight
from recommender.store.database import Database


class LibraryService:
    """Looks up what the library holds."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def get(self, actor: Actor, kind: EntityKind, entity_id: str) -> Entity:
        """One entity as the actor sees it; an id that was merged away gives the record that took it over.

        Raises:
            Forbidden: the actor does not read entities of that kind.
            NotFound: no entity of that kind has the id, or it is not for this actor.
        """
        actor.require(Permission.NEEDS_READ if kind is EntityKind.NEED else Permission.LIBRARY_READ)
        with self._database.read() as unit:
            entity = unit.of(kind).get(entity_id)
            if entity is None and (present := unit.identity.resolve(kind, [entity_id])):
                entity = unit.of(kind).get(present[entity_id])
            within_reach = entity is not None and sees(actor, unit, entity)
            shown = Sight(actor, unit, self._now()).one(entity) if entity is not None and within_reach else None
        if shown is None:
            raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=entity_id)
        return shown

    def counts(self) -> dict[EntityKind, int]:
        """Number of entities of every kind."""
        with self._database.read() as unit:
            return {kind: unit.of(kind).count() for kind in EntityKind}
