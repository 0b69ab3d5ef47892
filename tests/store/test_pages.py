"""Pages of the library: every row once, in order, on both databases, and only what is for the actor."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recommender.domain.accounts import Actor, Reach, Role
from recommender.domain.entities import Achievement, Enterprise, Expert, Platform
from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import LISTED_KINDS, ORDERS, Listing
from recommender.domain.paging import PageRequest
from recommender.store import Database

CITY = Actor.trusted("test")
EVERYTHING = Listing()
REACH = Reach(towns=frozenset({"甲镇"}), chains=frozenset({"纺织"}))
OFFICER = Actor(
    id="o",
    role=Role.OFFICER,
    permissions=frozenset(),
    reach=REACH,
)
FIRM = Actor(id="f", role=Role.ENTERPRISE, permissions=frozenset(), enterprise_code="E3")

ENTERPRISES = tuple(
    Enterprise(
        code=f"E{n}",
        name=f"企业{n}",
        town="甲镇" if n % 2 else "乙镇",
        industry_chain="纺织" if n == 4 else "冶金",
    )
    for n in range(7)
)
EXPERTS = tuple(
    Expert(id=f"{prefix}{n}", name=f"张{n}" if n % 3 else f"李{n}", province="江苏省" if n < 3 else "浙江省")
    for n in range(5)
    for prefix in ("Z", "é", "😀", "a")
)
GONE = Expert(id="gone", name="张走", consent_withdrawn_on=date(2026, 1, 1))
PLATFORMS = tuple(Platform(id=f"P{n}", name="平台") for n in range(3))
YEARS = (2020, None, 2024, 2020, None, -5, 2024, 2020, 0)
ACHIEVEMENTS = tuple(
    Achievement(id=f"A{n}", type="论文", title=f"成果%{n}_", year=year, author_ids=("Z1",))
    for n, year in enumerate(YEARS)
)
ALL: dict[EntityKind, Sequence[Any]] = {
    EntityKind.ENTERPRISE: ENTERPRISES,
    EntityKind.EXPERT: EXPERTS,
    EntityKind.PLATFORM: PLATFORMS,
    EntityKind.ACHIEVEMENT: ACHIEVEMENTS,
}


@pytest.fixture
def filled(database: Database) -> Database:
    """A little of each kind, written at different moments."""
    with database.write() as unit:
        unit.experts.upsert([*EXPERTS, GONE])
        unit.platforms.upsert(PLATFORMS)
        unit.achievements.upsert(ACHIEVEMENTS[:4])
        unit.enterprises.upsert(ENTERPRISES[4:])
    with database.write() as unit:
        unit.achievements.upsert(ACHIEVEMENTS[4:])
        unit.enterprises.upsert(ENTERPRISES[:4])
    return database


def walked(
    database: Database,
    kind: EntityKind,
    *,
    sort: str = "",
    limit: int = 2,
    listing: Listing = EVERYTHING,
    actor: Actor = CITY,
) -> list[Any]:
    """All rows of a list, page by page."""
    found: list[Any] = []
    cursor = ""
    while True:
        with database.read() as unit:
            page = unit.of(kind).page(actor, listing, PageRequest(limit=limit, cursor=cursor, sort=sort))
        assert len(page.items) <= limit
        found += page.items
        if not page.next_cursor:
            return found
        assert page.items, "a page that goes on is not empty"
        cursor = page.next_cursor


@pytest.mark.parametrize("kind", LISTED_KINDS)
@pytest.mark.parametrize("limit", [1, 3, 200])
def test_every_row_once_in_every_order(filled: Database, kind: EntityKind, limit: int) -> None:
    expected = {record.id: record for record in ALL[kind]}
    for order in ORDERS[kind]:
        up = walked(filled, kind, sort=order, limit=limit)
        down = walked(filled, kind, sort=f"-{order}", limit=limit)
        assert {record.id: record for record in up} == expected
        assert len(up) == len(down) == len(expected)
        if order != "year":
            assert down == up[::-1]


def test_ids_by_code_point(filled: Database) -> None:
    ids = [record.id for record in walked(filled, EntityKind.EXPERT)]
    assert ids == sorted(ids)


def test_unknown_years_come_last_in_either_direction(filled: Database) -> None:
    up = [record.year for record in walked(filled, EntityKind.ACHIEVEMENT, sort="year")]
    down = [record.year for record in walked(filled, EntityKind.ACHIEVEMENT, sort="-year")]
    assert up == [-5, 0, 2020, 2020, 2020, 2024, 2024, None, None]
    assert down == [2024, 2024, 2020, 2020, 2020, 0, -5, None, None]


def test_what_was_changed_last_comes_first(filled: Database) -> None:
    with filled.write() as unit:
        unit.enterprises.upsert([replace(ENTERPRISES[5], name="改名")])
    newest = walked(filled, EntityKind.ENTERPRISE, sort="-updated_at")
    assert [record.id for record in newest][:5] == ["E5", "E3", "E2", "E1", "E0"]


def test_conditions_are_those_of_filters_and_text(filled: Database) -> None:
    listing = Listing((Filter.parse("区域=江苏"),), "张")
    found = walked(filled, EntityKind.EXPERT, listing=listing)
    expected = [expert for expert in EXPERTS if expert.province == "江苏省" and "张" in expert.name]
    assert [record.id for record in found] == sorted(expert.id for expert in expected)
    assert [record.id for record in walked(filled, EntityKind.ACHIEVEMENT, listing=Listing(text="%3_"))] == ["A3"]
    assert walked(filled, EntityKind.ACHIEVEMENT, listing=Listing(text="\0")) == []
    assert walked(
        filled, EntityKind.ACHIEVEMENT, listing=Listing((Filter.parse("年份起=2021"),)), sort="year"
    ) == [
        ACHIEVEMENTS[2],
        ACHIEVEMENTS[6],
    ]


def test_authors_are_loaded(filled: Database) -> None:
    assert {record.author_ids for record in walked(filled, EntityKind.ACHIEVEMENT)} == {("Z1",)}


@pytest.mark.parametrize(
    ("actor", "codes"),
    [(CITY, "0123456"), (OFFICER, "1345"), (FIRM, "3"), (replace(FIRM, enterprise_code=""), "")],
)
def test_enterprises_are_for_who_may_see_them(filled: Database, actor: Actor, codes: str) -> None:
    for sort in ("", "-updated_at"):
        found = walked(filled, EntityKind.ENTERPRISE, actor=actor, sort=sort)
        assert sorted(record.code for record in found) == [f"E{n}" for n in codes]


def test_rows_that_come_and_go_shift_nothing(filled: Database) -> None:
    with filled.read() as unit:
        first = unit.platforms.page(CITY, Listing(), PageRequest(limit=2))
    with filled.write() as unit:
        unit.platforms.remove(["P0", "P1"])
        unit.platforms.upsert([Platform(id="P00", name="前面的"), Platform(id="P9", name="后面的")])
    with filled.read() as unit:
        rest = unit.platforms.page(CITY, Listing(), PageRequest(limit=9, cursor=first.next_cursor))
    assert [record.id for record in rest.items] == ["P2", "P9"]


def test_a_cursor_goes_with_its_order_and_its_list(filled: Database) -> None:
    with filled.read() as unit:
        by_year = unit.achievements.page(CITY, Listing(), PageRequest(limit=1, sort="year")).next_cursor
        for cursor, sort in ((by_year, ""), (by_year, "-year"), ("WyJ5ZWFyIiwxMDAwMDAwMDAwMDAsIkEiXQ==", "year")):
            with pytest.raises(InvalidInput) as caught:
                unit.achievements.page(CITY, Listing(), PageRequest(limit=1, cursor=cursor, sort=sort))
            assert caught.value.code == "page.cursor"
        with pytest.raises(InvalidInput) as caught:
            unit.platforms.page(CITY, Listing(), PageRequest(sort="name"))
        assert caught.value.code == "page.sort"
        with pytest.raises(InvalidInput) as caught:
            unit.platforms.page(CITY, Listing((Filter.parse("年份起=2020"),)), PageRequest())
        assert caught.value.code == "filter.not_for_kind"


def test_what_a_listing_refuses() -> None:
    Listing((Filter.parse("区域=江苏"),), "张").check(EntityKind.EXPERT)
    with pytest.raises(InvalidInput, match="100"):
        Listing(text="张" * 101).check(EntityKind.EXPERT)
    with pytest.raises(InvalidInput, match="年份起"):
        Listing((Filter.parse("年份起=2020"),)).check(EntityKind.EXPERT)
