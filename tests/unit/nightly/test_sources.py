"""Who asks tonight, and which part of the city a run is about."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Achievement, Enterprise, Need
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.matching.query import MatchQuery
from recommender.nightly.sources import SOURCE_KINDS, Scope, asking_demand, asking_supply, is_open

TODAY = date(2026, 11, 28)
EVERYTHING = Scope()
ENTERPRISES = {
    enterprise.code: enterprise
    for enterprise in (
        Enterprise(code="C1", name="甲厂", town="杨舍镇", industry_chain="纺织", main_products="纱线"),
        Enterprise(code="C2", name="乙厂", town="锦丰镇", industry_chain="冶金新材料", main_products="钢板"),
        Enterprise(code="C3", name="丙厂", town="锦丰镇", industry_chain="纺织", business_scope="织物染整。"),
        Enterprise(code="C4", name="丁厂", town="锦丰镇"),
    )
}
NEEDS = [
    Need(id="N3", title="边裂", enterprise_code="C2", deadline=TODAY),
    Need(id="N1", title="断纱", enterprise_code="C1", deadline=date(2026, 11, 27)),
    Need(id="N2", title="色差", enterprise_code="C9"),
]
ACHIEVEMENTS = [Achievement(id=id_, type="论文", title="织造") for id_ in ("A2", "A1")]


def supply(
    scope: Scope = EVERYTHING, *, as_of: date = TODAY, needs: list[Need] = NEEDS, max_chars: int = 1000
) -> list[MatchQuery]:
    return asking_supply(needs, ENTERPRISES, scope, as_of=as_of, max_chars=max_chars)


def ids(queries: list[MatchQuery]) -> list[str]:
    return [query.source_id for query in queries]


class TestScope:
    def test_everything_by_default(self) -> None:
        assert Scope.parse([]) == Scope()
        assert Scope().label == ""

    @pytest.mark.parametrize(
        ("expressions", "scope"),
        [
            (["区镇=杨舍"], Scope(town="杨舍")),
            (["产业链=纺织"], Scope(industry_chain="纺织")),
            (["来源=need"], Scope(EntityKind.NEED)),
            ([" 区镇 = 杨舍 ", "来源=enterprise"], Scope(EntityKind.ENTERPRISE, "杨舍")),
            (["区镇=杨舍", "区镇=锦丰"], Scope(town="锦丰")),
            (["产业链=a=b"], Scope(industry_chain="a=b")),
        ],
    )
    def test_parse(self, expressions: list[str], scope: Scope) -> None:
        assert Scope.parse(expressions) == scope

    @pytest.mark.parametrize(
        ("expression", "code"),
        [
            ("区镇", "nightly.scope"),
            ("区镇=", "nightly.scope"),
            ("=杨舍", "nightly.scope"),
            ("镇=杨舍", "nightly.scope"),
            ("", "nightly.scope"),
            ("来源=expert", "nightly.scope_kind"),
            ("来源=需求", "nightly.scope_kind"),
        ],
    )
    def test_mistakes_name_what_is_possible(self, expression: str, code: str) -> None:
        with pytest.raises(InvalidInput, match="可选") as raised:
            Scope.parse([expression])
        assert raised.value.code == code

    @settings(deadline=None)
    @given(
        kind=st.none() | st.sampled_from(SOURCE_KINDS),
        town=st.sampled_from(["", "杨舍"]),
        chain=st.sampled_from(["", "纺织"]),
    )
    def test_a_label_is_written_as_it_is_read(self, kind: EntityKind | None, town: str, chain: str) -> None:
        scope = Scope(kind, town, chain)
        assert Scope.parse(scope.label.split()) == scope

    @pytest.mark.parametrize(
        ("scope", "codes"),
        [
            (Scope(), ["C1", "C2", "C3", "C4", None]),
            (Scope(town="锦丰"), ["C2", "C3", "C4"]),
            (Scope(industry_chain="纺织"), ["C1", "C3"]),
            (Scope(town="锦丰", industry_chain="纺织"), ["C3"]),
            (Scope(EntityKind.NEED), ["C1", "C2", "C3", "C4", None]),
            (Scope(town="塘桥"), []),
        ],
    )
    def test_covers(self, scope: Scope, codes: list[str | None]) -> None:
        everybody = {**ENTERPRISES, None: None}
        assert [code for code, enterprise in everybody.items() if scope.covers(enterprise)] == codes


class TestDeadlines:
    @pytest.mark.parametrize(
        ("deadline", "expected"),
        [(None, True), (TODAY, True), (date(2026, 11, 27), False), (date(2026, 11, 29), True)],
    )
    def test_the_last_day_counts(self, deadline: date | None, expected: bool) -> None:
        assert is_open(Need(id="N", title="边裂", deadline=deadline), TODAY) is expected


class TestAskingSupply:
    def test_open_needs_by_id_then_enterprises_without_one_by_code(self) -> None:
        queries = supply()
        assert ids(queries) == ["N2", "N3", "C1", "C3"]
        assert [query.source_kind for query in queries] == [EntityKind.NEED] * 2 + [EntityKind.ENTERPRISE] * 2

    def test_when_a_deadline_has_passed_the_enterprise_asks_by_profile(self) -> None:
        assert ids(supply(as_of=date(2026, 11, 29))) == ["N2", "C1", "C2", "C3"]
        assert ids(supply(as_of=date(2026, 11, 27))) == ["N1", "N2", "N3", "C3"]

    def test_the_order_of_what_is_stored_does_not_matter(self) -> None:
        assert supply(needs=NEEDS[::-1]) == supply()

    def test_who_says_nothing_asks_nothing(self) -> None:
        assert "C4" not in ids(supply())
        assert ids(supply(needs=[Need(id="N1", title="", enterprise_code="C1")])) == ["C2", "C3"]

    def test_queries_are_those_of_the_matcher(self) -> None:
        queries = supply()
        assert queries[1] == MatchQuery.of_need(NEEDS[0], ENTERPRISES["C2"], max_chars=1000)
        assert queries[0] == MatchQuery.of_need(NEEDS[2], None, max_chars=1000)
        assert queries[3] == MatchQuery.of_enterprise(ENTERPRISES["C3"], max_chars=1000)

    def test_texts_are_cut_as_the_matcher_cuts_them(self) -> None:
        long = Need(id="N1", title="边裂", description="薄板" * 40)
        assert supply(needs=[long], max_chars=10)[0].text == "薄板" * 5

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            (Scope(EntityKind.NEED), ["N2", "N3"]),
            (Scope(EntityKind.ENTERPRISE), ["C1", "C3"]),
            (Scope(EntityKind.ACHIEVEMENT), []),
            (Scope(town="锦丰"), ["N3", "C3"]),
            (Scope(industry_chain="纺织"), ["C1", "C3"]),
            (Scope(EntityKind.NEED, town="杨舍"), []),
        ],
    )
    def test_a_part_of_the_city(self, scope: Scope, expected: list[str]) -> None:
        assert ids(supply(scope)) == expected

    def test_in_a_part_nobody_asks_who_has_a_need_in_the_whole(self) -> None:
        """An enterprise with an open need does not ask by profile because only enterprises are looked at."""
        assert "C2" not in ids(supply(Scope(EntityKind.ENTERPRISE, town="锦丰")))


class TestAskingDemand:
    def test_by_id(self) -> None:
        queries = asking_demand(ACHIEVEMENTS, Scope())
        assert ids(queries) == ["A1", "A2"]
        assert queries[1] == MatchQuery.of_achievement(ACHIEVEMENTS[0])

    @pytest.mark.parametrize(
        ("scope", "n"),
        [
            (Scope(EntityKind.ACHIEVEMENT), 2),
            (Scope(EntityKind.NEED), 0),
            (Scope(town="杨舍"), 0),
            (Scope(industry_chain="纺织"), 0),
        ],
    )
    def test_a_part_of_the_city(self, scope: Scope, n: int) -> None:
        assert len(asking_demand(ACHIEVEMENTS, scope)) == n
