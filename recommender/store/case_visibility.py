"""Which matches an actor may see, as conditions on rows of ``match_case``, and for a match that is no row yet."""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Join,
    Table,
    and_,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    union,
)

from recommender.domain.accounts import Actor, Role
from recommender.domain.cases import Case
from recommender.store import tables
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.visibility import enterprise_visible, need_visible, need_within_chains, within_reach

_CASES: Final[Table] = tables.Base.metadata.tables["match_case"]
_NEED_OWNER: Final = ENTERPRISES.table.alias("need_owner")


def case_visible(actor: Actor) -> ColumnElement[bool]:
    """Whether a match is for the actor: an enterprise's own once it was pushed, an officer's within reach."""
    if actor.role is Role.ENTERPRISE:
        own = _CASES.c.enterprise_code == actor.enterprise_code
        return and_(own, _CASES.c.pushed_at.is_not(None)) if actor.enterprise_code else false()
    if actor.reach.whole_city:
        return true()
    needs = select(NEEDS.key).where(need_visible(actor))
    owners = select(ENTERPRISES.key).where(enterprise_visible(actor))
    # By number, found in the two indexes: what is only counted is then read from indexes alone.
    reached = _CASES.alias("reached_case").c
    of_needs = select(reached.number).where(reached.need_id.in_(needs))
    of_owners = select(reached.number).where(reached.enterprise_code.in_(owners))
    return _CASES.c.number.in_(union(of_needs, of_owners))


def case_visible_beside(actor: Actor) -> ColumnElement[bool]:
    """:func:`case_visible` for a row of :func:`with_owners`, without looking for the matches that are reached.

    Quicker where few matches are asked about, and no estimate of how many are reached can make a loop of it.
    """
    if actor.role is Role.ENTERPRISE or actor.reach.whole_city:
        return case_visible(actor)
    reach = actor.reach
    of_need = (*need_within_chains(reach), *within_reach(reach, _NEED_OWNER))
    return or_(false(), *of_need, *within_reach(reach, ENTERPRISES.table))


def with_parties(joined: FromClause) -> Join:
    """Matches beside the need and the enterprise that they are for."""
    joined = joined.outerjoin(NEEDS.table, NEEDS.key == _CASES.c.need_id)
    return joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _CASES.c.enterprise_code)


def with_owners(joined: FromClause) -> Join:
    """:func:`with_parties`, and beside the enterprise of the need, which may be another one by now."""
    return with_parties(joined).outerjoin(_NEED_OWNER, _NEED_OWNER.c.code == NEEDS.table.c.enterprise_code)


def sees_case(connection: Connection, actor: Actor, case: Case) -> bool:
    """The same for one match, stored or not."""
    if actor.role is Role.ENTERPRISE:
        own = bool(actor.enterprise_code) and case.enterprise_code == actor.enterprise_code
        return own and case.pushed_at is not None
    if actor.reach.whole_city:
        return True
    need = exists(select(literal(1)).where(NEEDS.key == case.need_id, need_visible(actor)))
    owner = exists(select(literal(1)).where(ENTERPRISES.key == case.enterprise_code, enterprise_visible(actor)))
    return bool(connection.execute(select(or_(need, owner))).scalar_one())
