"""Searching the library: the obvious first, phrases by meaning, counts that are right for who reads."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.catalogue.obvious import Tier
from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.entities import Achievement, Enterprise, Expert
from recommender.domain.errors import Forbidden, InvalidInput
from recommender.domain.facets import LibraryQuestion
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import LISTED_KINDS
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.services.library_search import LibraryFound, SearchMeans
from recommender.settings import Settings
from tests.actors import TESTER

FIRM_CODE = "913205820000011189"
FIRM = Actor(id="f", role=Role.ENTERPRISE, permissions=GRANTS[Role.ENTERPRISE], enterprise_code=FIRM_CODE)
OFFICER = Actor(
    id="o", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(towns=frozenset({"塘桥镇"}))
)
FIRST = PageRequest()


def asked(
    application: Application,
    kind: EntityKind,
    text: str = "",
    *,
    actor: Actor = TESTER,
    request: PageRequest = FIRST,
    **chosen: tuple[str, ...],
) -> LibraryFound:
    return application.library_search.search(actor, kind, LibraryQuestion(text, chosen), request)


def ids(found: LibraryFound) -> list[str]:
    return [hit.record.id for hit in found.items]


def test_codes_names_and_organisations_come_first(sample_application: Application) -> None:
    by_code = asked(sample_application, EntityKind.EXPERT, "zj0002")
    assert (ids(by_code), by_code.items[0].tier) == (["ZJ0002"], Tier.CODE)
    by_name = asked(sample_application, EntityKind.EXPERT, "祖逸尘")
    assert (ids(by_name)[0], by_name.items[0].tier) == ("ZJ0001", Tier.NAME)
    unit = asked(sample_application, EntityKind.EXPERT, "皖水大学")
    assert {hit.tier for hit in unit.items} == {Tier.ORGANISATION}
    assert {hit.record.organisation for hit in unit.items if isinstance(hit.record, Expert)} == {"皖水大学"}
    title = asked(sample_application, EntityKind.ACHIEVEMENT, "结晶装置")
    assert (ids(title)[0], title.items[0].tier) == ("CG0005", Tier.PART_OF_NAME)
    firm = asked(sample_application, EntityKind.ENTERPRISE, "钢丝制品")
    assert firm.items[0].record.name == "江苏砺索钢丝制品股份有限公司"


@pytest.mark.parametrize(
    ("kind", "phrase", "expected"),
    [
        (EntityKind.EXPERT, "电池极片压的时候边上老是裂开断带怎么办", "ZJ0001"),
        (EntityKind.EXPERT, "有没有会弄医用导管涂层总掉的老师", "ZJ0002"),
        (EntityKind.ACHIEVEMENT, "瓶子灌汽水冒泡太多想改阀门", "CG0006"),
        (EntityKind.PLATFORM, "弯管子回弹不准起皱", "PT0001"),
        (EntityKind.ENTERPRISE, "做轮胎里面钢丝的厂", "91320582000001222D"),
    ],
)
def test_badly_worded_phrases_find_what_is_meant(
    sample_application: Application, kind: EntityKind, phrase: str, expected: str
) -> None:
    found = asked(sample_application, kind, phrase)
    assert found.means is SearchMeans.INDEX
    assert expected in ids(found)[:5]


def test_a_code_that_stands_nowhere_finds_nothing(sample_application: Application) -> None:
    assert asked(sample_application, EntityKind.EXPERT, "ZZZ999").total == 0
    assert asked(sample_application, EntityKind.ACHIEVEMENT, "PVD").total > 0


def test_what_an_expert_is_found_by_is_shown_without_names(sample_application: Application) -> None:
    found = asked(sample_application, EntityKind.EXPERT, "溶析结晶装置")
    shown = {hit.record.id: hit.passage for hit in found.items}
    passage = shown["ZJ0038"]
    assert passage is not None
    assert passage.id == "CG0005"
    assert "结晶" in passage.title


@pytest.mark.parametrize("kind", LISTED_KINDS)
@pytest.mark.parametrize("text", ["", "焊接"])
def test_every_value_of_a_facet_leads_to_as_many_as_it_says(
    sample_application: Application, kind: EntityKind, text: str
) -> None:
    everything = asked(sample_application, kind, text)
    assert everything.facets
    for counted in everything.facets:
        for value in counted.values[:3]:
            chosen = asked(sample_application, kind, text, **{counted.facet.field: (value.value,)})
            assert chosen.total == value.n, (counted.facet, value)
            assert counted.facet.field in {other.facet.field for other in chosen.facets}


def test_pages_hold_everything_once_in_any_order(sample_application: Application) -> None:
    for text, sort in (("", "recent"), ("", "-year"), ("装置", "relevance"), ("装置", "-id")):
        seen: list[str] = []
        cursor, total = "", 0
        while True:
            request = PageRequest(limit=40, cursor=cursor, sort=sort)
            page = asked(sample_application, EntityKind.ACHIEVEMENT, text, request=request)
            seen, cursor, total = seen + ids(page), page.next_cursor, page.total
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == total
        listed = sample_application.library_search.ids(
            TESTER, EntityKind.ACHIEVEMENT, LibraryQuestion(text), sort
        )
        assert listed == seen


def test_who_sees_what(sample_application: Application) -> None:
    experts = asked(sample_application, EntityKind.EXPERT, actor=FIRM)
    assert {hit.record.name[-2:] for hit in experts.items} == {"**"}
    by_name = asked(sample_application, EntityKind.EXPERT, "祖逸尘", actor=FIRM)
    assert Tier.NAME not in {hit.tier for hit in by_name.items}
    own = asked(sample_application, EntityKind.ENTERPRISE, actor=FIRM)
    assert (ids(own), own.total, own.n_known) == ([FIRM_CODE], 1, 1)
    assert all(sum(value.n for value in counted.values) <= 2 for counted in own.facets)
    reached = asked(sample_application, EntityKind.ENTERPRISE, actor=OFFICER)
    towns = {hit.record.town for hit in reached.items if isinstance(hit.record, Enterprise)}
    assert towns == {"塘桥镇"}
    assert [value.value for value in reached.facets[0].values] == ["塘桥镇"]
    nobody = Actor(id="n", role=Role.OFFICER, permissions=frozenset())
    with pytest.raises(Forbidden):
        asked(sample_application, EntityKind.EXPERT, actor=nobody)


def test_what_makes_no_sense_is_refused(sample_application: Application) -> None:
    with pytest.raises(InvalidInput, match="可选：产业链、职称"):
        asked(sample_application, EntityKind.EXPERT, town=("塘桥镇",))
    with pytest.raises(InvalidInput, match="超过 50 个"):
        asked(sample_application, EntityKind.EXPERT, province=tuple(map(str, range(51))))
    with pytest.raises(InvalidInput, match="超过 200 个字"):
        asked(sample_application, EntityKind.EXPERT, "字" * 201)
    with pytest.raises(InvalidInput):
        asked(sample_application, EntityKind.EXPERT, request=PageRequest(sort="year"))
    with pytest.raises(InvalidInput):
        asked(sample_application, EntityKind.EXPERT, request=PageRequest(cursor="bad"))


@pytest.fixture
def unindexed(tmp_path: Path) -> Iterator[Application]:
    """A small library of which nothing was indexed."""
    application = Application(Settings(var_dir=tmp_path / "var"))
    application.database.upgrade()
    with application.database.write() as unit:
        unit.experts.upsert(
            [
                Expert(id="Z1", name="张一", research_fields=("激光焊接",), solvable_problems="铝合金焊缝开裂"),
                Expert(id="Z2", name="李二", research_fields=("果树栽培",)),
                Expert(id="Z3", name="王三", consent_withdrawn_on=date(2026, 1, 1), biography="激光焊接"),
            ]
        )
        unit.achievements.upsert([Achievement(id="A1", type="论文", title="无关的题目", abstract="激光焊接")])
    yield application
    application.database.close()


def test_without_an_index_words_are_looked_for_and_that_is_said(unindexed: Application) -> None:
    found = asked(unindexed, EntityKind.EXPERT, "铝合金的激光焊接")
    assert (found.means, ids(found), found.items[0].passage) == (SearchMeans.WORDS, ["Z1"], None)
    assert ids(asked(unindexed, EntityKind.ACHIEVEMENT, "激光焊接")) == ["A1"]
    assert asked(unindexed, EntityKind.EXPERT, "量子计算").total == 0
    everybody = asked(unindexed, EntityKind.EXPERT)
    assert (everybody.means, everybody.total, everybody.n_known) == (SearchMeans.NONE, 2, 2)


def test_who_does_not_want_to_be_shown_is_not_counted_for_the_public(unindexed: Application) -> None:
    unindexed.consents.record(TESTER, "Z2", ConsentScope.PUBLICATION, ConsentDecision.WITHDRAWN, basis="本人来电")
    assert ids(asked(unindexed, EntityKind.EXPERT, actor=FIRM)) == ["Z1"]
    assert asked(unindexed, EntityKind.EXPERT).total == 2


def test_a_change_shows_at_once(unindexed: Application) -> None:
    assert asked(unindexed, EntityKind.EXPERT, province=("江苏",)).total == 0
    unindexed.library_edits.edit(TESTER, EntityKind.EXPERT, "Z2", {"province": "江苏"}, version=1)
    changed = asked(unindexed, EntityKind.EXPERT, province=("江苏",))
    assert ids(changed) == ["Z2"]
