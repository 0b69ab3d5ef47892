"""Reading the resource library: entities by id, in pages, and how many there are."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.listing import Listing
from recommender.domain.paging import Page, PageRequest
from recommender.domain.versions import Versioned
from recommender.services.access import sees
from recommender.services.personal.clock import utc_now
from recommender.services.personal.sight import Sight
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


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
        return self.get_versioned(actor, kind, entity_id).record

    def get_versioned(self, actor: Actor, kind: EntityKind, entity_id: str) -> Versioned[Entity]:
        """The same, with its version.

        Raises:
            Forbidden, NotFound: see :meth:`get`.
        """
        actor.require(Permission.NEEDS_READ if kind is EntityKind.NEED else Permission.LIBRARY_READ)
        with self._database.read() as unit:
            return shown(actor, unit, found(actor, unit, kind, entity_id), self._now())

    def page(self, actor: Actor, kind: EntityKind, listing: Listing, request: PageRequest) -> Page[Entity]:
        """A part of a list as the actor sees it; a page may hold fewer than asked for and yet not be the last.

        Raises:
            Forbidden: the actor does not read the library, or looks for experts by names that they see masked.
            InvalidInput: a condition makes no sense for this kind, or the cursor is not of this list.
        """
        actor.require(Permission.LIBRARY_READ)
        listing.check(kind)
        if kind is EntityKind.EXPERT and listing.text:
            # Whoever may look for a full name learns who stands behind a masked one.
            actor.require(Permission.REVEAL)
        with self._database.read() as unit:
            rows = unit.of(kind).page(actor, listing, request)
            items = Sight(actor, unit, self._now()).many(rows.items)
        return Page(tuple(items), rows.next_cursor)

    def counts(self) -> dict[EntityKind, int]:
        """Number of entities of every kind."""
        with self._database.read() as unit:
            return {kind: unit.of(kind).count() for kind in EntityKind}


def found(actor: Actor, unit: UnitOfWork, kind: EntityKind, entity_id: str) -> Entity:
    """An entity that is within the actor's reach; in a unit that writes it stays locked.

    An id that was merged away gives the record that took it over.

    Raises:
        NotFound: no entity of that kind has the id, or it is not for this actor.
    """
    entity = unit.of(kind).get(entity_id)
    if entity is None and (present := unit.identity.resolve(kind, [entity_id])):
        entity = unit.of(kind).get(present[entity_id])
    if entity is None or not sees(actor, unit, entity):
        raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=entity_id)
    return entity


def shown(actor: Actor, unit: UnitOfWork, entity: Entity, now: datetime) -> Versioned[Entity]:
    """An entity as the actor sees it.

    Raises:
        NotFound: it is not there for this actor.
    """
    seen = Sight(actor, unit, now).one(entity)
    if seen is None:
        raise NotFound("entity.not_found", kind=KIND_LABELS[entity.kind], id=entity.id)
    return Versioned(seen, unit.of(entity.kind).versions([entity.id])[entity.id])
