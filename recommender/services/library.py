"""Reading the resource library: entities by id, and how many there are."""

from recommender.domain.entities import Entity
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.store.database import Database


class LibraryService:
    """Looks up what the library holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, kind: EntityKind, entity_id: str) -> Entity:
        """One entity; an id that was merged away gives the record that took it over.

        Raises:
            NotFound: no entity of that kind has the id.
        """
        with self._database.read() as unit:
            entity = unit.of(kind).get(entity_id)
            if entity is None and (present := unit.identity.resolve(kind, [entity_id])):
                entity = unit.of(kind).get(present[entity_id])
        if entity is None:
            raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=entity_id)
        return entity

    def counts(self) -> dict[EntityKind, int]:
        """Number of entities of every kind."""
        with self._database.read() as unit:
            return {kind: unit.of(kind).count() for kind in EntityKind}
