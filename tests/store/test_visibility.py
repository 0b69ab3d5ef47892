"""What SQL lets an actor see is what the domain says, on both databases."""

from datetime import UTC, datetime
from itertools import product

import pytest
from sqlalchemy import select

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Enterprise, Need
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import CaseState
from recommender.store import Database
from recommender.store.case_visibility import case_visible, case_visible_beside, with_owners
from recommender.store.cases import CASES
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


def case(n: int, need_id: str, enterprise_code: str) -> Case:
    pair = Pair(EntityKind.NEED, need_id or "gone", EntityKind.EXPERT, f"ZJ-{n}")
    return Case(
        id=pair.id,
        pair=pair,
        need_id=need_id,
        enterprise_code=enterprise_code,
        state=CaseState.PUSHED,
        version=1,
        opened_at=datetime(2026, 11, 28, tzinfo=UTC),
        updated_at=datetime(2026, 11, 28, tzinfo=UTC),
        pushed_at=datetime(2026, 11, 28, tzinfo=UTC) if n % 2 else None,
    )


@pytest.mark.parametrize("who", ACTORS)
def test_matches_are_visible_by_need_or_enterprise_however_one_asks(database: Database, who: Actor) -> None:
    """Also where a need has changed hands since, or need and enterprise have left the library."""
    needs, firms = ("", "left", *(wish.id for wish in WISHES)), ("", "left", *(firm.code for firm in FIRMS[::2]))
    cases = [case(n, *ends) for n, ends in enumerate(product(needs, firms))]
    with database.write() as unit:
        unit.enterprises.upsert(FIRMS)
        unit.needs.upsert(WISHES)
        for each in cases:
            assert unit.cases.open(each)
    with database.read() as unit:
        seen = {each.id for each in cases if unit.cases.is_for(who, each)}
        connection = unit.cases._connection
        reached = select(CASES.c.id).where(case_visible(who))
        beside = select(CASES.c.id).select_from(with_owners(CASES)).where(case_visible_beside(who))
        assert set(connection.execute(reached).scalars()) == seen
        assert sorted(connection.execute(beside).scalars()) == sorted(seen)
