"""What SQL lets an actor see is what the domain says, on both databases."""

from itertools import product

import pytest
from sqlalchemy import select

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.entities import Enterprise, Need
from recommender.store import Database
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.visibility import enterprise_visible, need_visible

TOWNS = ("", "杨舍镇", "塘桥镇")
CHAINS = ("", "纺织", "冶金新材料")
FIRMS = tuple(
    Enterprise(code=f"E{n}", name=f"企业{n}", town=town, industry_chain=chain)
    for n, (town, chain) in enumerate(product(TOWNS, CHAINS))
)
WISHES = tuple(
    Need(id=f"N{n}", title="需求", enterprise_code=code, industry_chain=chain)
    for n, (code, chain) in enumerate(product(("", *(firm.code for firm in FIRMS)), CHAINS))
)


def actor(role: Role, **rest: object) -> Actor:
    return Actor(id="a", role=role, permissions=GRANTS[role], **rest)  # type: ignore[arg-type]


ACTORS = (
    Actor.trusted("cli:test"),
    actor(Role.ENTERPRISE),
    actor(Role.ENTERPRISE, enterprise_code="E4"),
    actor(Role.ENTERPRISE, enterprise_code="E4", reach=Reach(whole_city=True)),
    actor(Role.OFFICER),
    actor(Role.OFFICER, reach=Reach(towns=frozenset({"杨舍镇"}))),
    actor(Role.OFFICER, reach=Reach(chains=frozenset({"纺织"}))),
    actor(Role.OFFICER, reach=Reach(towns=frozenset({"塘桥镇"}), chains=frozenset({"冶金新材料"}))),
    actor(Role.SERVICE, reach=Reach(whole_city=True)),
)


@pytest.mark.parametrize("who", ACTORS)
def test_rows_are_visible_as_the_domain_says(database: Database, who: Actor) -> None:
    with database.write() as unit:
        unit.enterprises.upsert(FIRMS)
        unit.needs.upsert(WISHES)
    by_code = {firm.code: firm for firm in FIRMS}
    seen_firms = {firm.code for firm in FIRMS if who.sees_enterprise(firm)}
    seen_needs = {wish.id for wish in WISHES if who.sees_need(wish, by_code.get(wish.enterprise_code))}
    with database.read() as unit:
        connection = unit.needs._connection
        firms = connection.execute(select(ENTERPRISES.key).where(enterprise_visible(who))).scalars()
        assert set(firms) == seen_firms
        assert set(connection.execute(select(NEEDS.key).where(need_visible(who))).scalars()) == seen_needs
