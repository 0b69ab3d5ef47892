"""What an actor may see, as conditions on rows: the SQL twin of ``Actor.sees_enterprise`` and ``sees_need``."""

from typing import Final

from sqlalchemy import ColumnElement, FromClause, false, or_, select, true

from recommender.domain.accounts import Actor, Reach, Role
from recommender.domain.kinds import EntityKind
from recommender.store.mapping import ENTERPRISES, NEEDS

_ENTERPRISE: Final = ENTERPRISES.table.c
_NEED: Final = NEEDS.table.c


def visible(kind: EntityKind | None, actor: Actor) -> ColumnElement[bool]:
    """Whether a row of a kind is for the actor; what can be found for needs is for everybody who may look."""
    if kind is EntityKind.ENTERPRISE:
        return enterprise_visible(actor)
    if kind is EntityKind.NEED:
        return need_visible(actor)
    return true()


def enterprise_visible(actor: Actor) -> ColumnElement[bool]:
    """Whether a row of ``enterprise`` is for the actor."""
    if actor.role is Role.ENTERPRISE:
        return _ENTERPRISE.code == actor.enterprise_code if actor.enterprise_code else false()
    return true() if actor.reach.whole_city else or_(false(), *within_reach(actor.reach, ENTERPRISES.table))


def need_visible(actor: Actor) -> ColumnElement[bool]:
    """Whether a row of ``need`` is for the actor: by its own chain, or because its enterprise is."""
    if actor.role is Role.ENTERPRISE:
        return _NEED.enterprise_code == actor.enterprise_code if actor.enterprise_code else false()
    reach = actor.reach
    if reach.whole_city:
        return true()
    owners = select(_ENTERPRISE.code).where(enterprise_visible(actor))
    return or_(*need_within_chains(reach), _NEED.enterprise_code.in_(owners))


def within_reach(reach: Reach, enterprise: FromClause) -> list[ColumnElement[bool]]:
    """What a row of ``enterprise``, or of an alias of it, may be within a reach by: any of these."""
    return [*_among(enterprise.c.town, reach.towns), *_among(enterprise.c.industry_chain, reach.chains)]


def need_within_chains(reach: Reach) -> list[ColumnElement[bool]]:
    """The same of a row of ``need`` by itself, whomever it is of."""
    return _among(_NEED.industry_chain, reach.chains)


def _among(column: ColumnElement[str], values: frozenset[str]) -> list[ColumnElement[bool]]:
    """One of the values; nothing where there are none, since databases look up an empty set for every row."""
    return [column.in_(sorted(values))] if values else []
