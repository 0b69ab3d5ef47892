"""Which matches an actor may see, as conditions on rows of ``match_case``."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from recommender.domain.accounts import Actor, Role
from recommender.store.cases import CASES
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.visibility import enterprise_visible, need_visible


def case_visible(actor: Actor) -> ColumnElement[bool]:
    """Whether a match is for the actor: an enterprise's own once it was pushed, an officer's within reach."""
    if actor.role is Role.ENTERPRISE:
        own = CASES.c.enterprise_code == actor.enterprise_code
        return and_(own, CASES.c.pushed_at.is_not(None)) if actor.enterprise_code else false()
    if actor.reach.whole_city:
        return true()
    needs = select(NEEDS.key).where(need_visible(actor))
    owners = select(ENTERPRISES.key).where(enterprise_visible(actor))
    return or_(CASES.c.need_id.in_(needs), CASES.c.enterprise_code.in_(owners))
