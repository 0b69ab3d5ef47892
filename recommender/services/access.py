"""What of the library an actor may see; what is not for them is not there."""

from recommender.domain.accounts import Actor
from recommender.domain.entities import Enterprise, Entity, Need
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.store.unit_of_work import UnitOfWork


def sees(actor: Actor, unit: UnitOfWork, entity: Entity) -> bool:
    """Whether something of the library is for the actor; experts, platforms and achievements are for all."""
    match entity:
        case Need():
            return actor.sees_need(entity, _owner(entity, unit))
        case Enterprise():
            return actor.sees_enterprise(entity)
    return True


def need_for(actor: Actor, unit: UnitOfWork, need_id: str) -> Need:
    """A need that the actor may see; in a unit that writes it stays locked.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    need = unit.needs.get(need_id)
    if need is None or not actor.sees_need(need, _owner(need, unit)):
        raise NotFound("entity.not_found", kind=KIND_LABELS[EntityKind.NEED], id=need_id)
    return need


def enterprise_for(actor: Actor, unit: UnitOfWork, code: str) -> Enterprise:
    """An enterprise whose own data the actor may see.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    enterprise = unit.enterprises.get(code)
    if enterprise is None or not actor.sees_enterprise(enterprise):
        raise NotFound("entity.not_found", kind=KIND_LABELS[EntityKind.ENTERPRISE], id=code)
    return enterprise


def _owner(need: Need, unit: UnitOfWork) -> Enterprise | None:
    return unit.enterprises.get(need.enterprise_code) if need.enterprise_code else None
