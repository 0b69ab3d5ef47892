"""Reading the resource library: entities by id, and how many there are."""

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.services.access import sees
from recommender.store.database import Database


class LibraryService:
    """Looks up what the library holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, actor: Actor, kind: EntityKind, entity_id: str) -> Entity:
        """One entity; an id that was merged away gives the record that took it over.

        Raises:
            Forbidden: the actor does not read entities of that kind.
            NotFound: no entity of that kind has the id, or it is not for this actor.
        """
        actor.require(Permission.NEEDS_READ if kind is EntityKind.NEED else Permission.LIBRARY_READ)
        with self._database.read() as unit:
            entity = unit.of(kind).get(entity_id)
            if entity is None and (present := unit.identity.resolve(kind, [entity_id])):
                entity = unit.of(kind).get(present[entity_id])
            seen = entity is not None and sees(actor, unit, entity)
        if entity is None or not seen:
            raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=entity_id)
        return entity

    def counts(self) -> dict[EntityKind, int]:
        """Number of entities of every kind."""
        with self._database.read() as unit:
            return {kind: unit.of(kind).count() for kind in EntityKind}
