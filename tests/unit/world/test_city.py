"""A city: everything in it refers to what is there, fits together, and comes out the same again."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from recommender.domain.entities import fingerprint
from recommender.domain.facts import FACT_MEASURES, EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.indicators import Indicator
from recommender.domain.kinds import AchievementType, Confidentiality, EnterpriseSize
from recommender.exchange.codes import towns
from recommender.exchange.credit_codes import check_digit, fault
from recommender.world.enterprise_codes import enterprise_code
from recommender.world.plan import WorldSize
from recommender.world.unrepeated import Unrepeated
from tests.unit.world.material import MATERIAL, SCALE, city, small_city

SIZE = WorldSize.at(SCALE)
ENTERPRISES = list(small_city().enterprises())
EXPERTS = list(small_city().experts())
PLATFORMS = small_city().platforms
ACHIEVEMENTS = list(small_city().achievements())
FACTS = [fact for item in ENTERPRISES for fact in item.facts]
NEEDS = [need for item in ENTERPRISES for need, _ in item.needs]
TOPICS = {topic.id for topic in MATERIAL.topics}


def test_there_are_as_many_as_planned_and_no_id_twice() -> None:
    for items, n in (
        (ENTERPRISES, SIZE.n_enterprises),
        (EXPERTS, SIZE.n_experts),
        (PLATFORMS, SIZE.n_platforms),
        (ACHIEVEMENTS, SIZE.n_achievements),
    ):
        assert len(items) == len({item.record.id for item in items}) == n
    assert len({need.id for need in NEEDS}) == len(NEEDS) > 0
    assert len({item.query.id for item in ENTERPRISES}) == SIZE.n_enterprises


def test_parts_do_not_depend_on_which_was_drawn_first() -> None:
    again = city()
    assert list(again.achievements())[:50] == ACHIEVEMENTS[:50]
    assert list(again.enterprises())[:50] == ENTERPRISES[:50]
    assert list(again.enterprises())[:50] == ENTERPRISES[:50]
    assert list(again.experts())[:50] == EXPERTS[:50]
    assert again.platforms == PLATFORMS


def test_another_seed_makes_another_city() -> None:
    other = city(seed=8)
    texts = {fingerprint(item.record) for item in ACHIEVEMENTS}
    assert texts.isdisjoint(fingerprint(item.record) for item in other.achievements())


class TestReferences:
    def test_authors_and_platforms_are_there(self) -> None:
        experts = {item.record.id for item in EXPERTS}
        platforms = {item.record.id for item in PLATFORMS}
        for item in ACHIEVEMENTS:
            assert item.record.author_ids
            assert len(set(item.record.author_ids)) == len(item.record.author_ids)
            assert experts.issuperset(item.record.author_ids)
            assert platforms.issuperset(item.platform_ids)
        assert sum(len(item.platform_ids) for item in ACHIEVEMENTS) > 0.1 * len(ACHIEVEMENTS)

    def test_platforms_work_on_the_topic_of_what_came_from_them(self) -> None:
        topics = {item.record.id: item.topics for item in PLATFORMS}
        for item in ACHIEVEMENTS:
            assert all(item.topic in topics[platform] for platform in item.platform_ids)

    def test_evidence_is_on_a_topic_of_its_first_author(self) -> None:
        topics = {item.record.id: item.topics for item in EXPERTS}
        assert all(item.topic in topics[item.record.author_ids[0]] for item in ACHIEVEMENTS)
        worked_on: defaultdict[str, set[str]] = defaultdict(set)
        for item in ACHIEVEMENTS:
            worked_on[item.record.author_ids[0]].add(item.topic)
        n_pieces = Counter(item.record.author_ids[0] for item in ACHIEVEMENTS)
        for expert, topic in topics.items():
            assert topic[0] in worked_on[expert]
            assert n_pieces[expert] == 1 or set(topic) == worked_on[expert]

    def test_needs_and_facts_belong_to_their_enterprise(self) -> None:
        for item in ENTERPRISES:
            assert {need.enterprise_code for need, _ in item.needs} <= {item.record.code}
            assert {fact.enterprise_code for fact in item.facts} <= {item.record.code}
            assert {topic for _, topic in item.needs} <= set(item.topics)

    def test_avoided_enterprises_exist(self) -> None:
        avoided = {code for item in EXPERTS for code in item.record.avoided_enterprises}
        assert avoided <= {item.record.code for item in ENTERPRISES}

    def test_all_topics_are_known(self) -> None:
        for items in (ENTERPRISES, EXPERTS, PLATFORMS):
            assert all(TOPICS.issuperset(item.topics) for item in items)
            assert all(len(set(item.topics)) == len(item.topics) for item in items)


class TestEvidence:
    def test_everybody_has_something_and_nobody_more_than_twelve(self) -> None:
        counts = Counter(author for item in ACHIEVEMENTS for author in item.record.author_ids)
        assert set(counts) == {item.record.id for item in EXPERTS}
        assert min(counts.values()) == 1
        assert 9 <= max(counts.values()) <= 12

    def test_the_tail_is_heavy(self) -> None:
        counts = sorted(Counter(item.record.author_ids[0] for item in ACHIEVEMENTS).values())
        half = counts[len(counts) // 2]
        assert half <= 2
        assert sum(count for count in counts if count > 3 * half) > 0.2 * sum(counts)

    def test_kinds_and_what_only_some_of_them_have(self) -> None:
        kinds = Counter(item.record.type for item in ACHIEVEMENTS)
        assert (
            kinds[AchievementType.PAPER] > kinds[AchievementType.INVENTION] > kinds[AchievementType.PROJECT] > 0
        )
        for record in (item.record for item in ACHIEVEMENTS):
            is_patent = record.type in (AchievementType.INVENTION, AchievementType.UTILITY_MODEL)
            assert bool(record.patent_number) == is_patent == (record.legal_status is not None)
            assert bool(record.role) == (record.type == AchievementType.PROJECT)
            assert record.year is not None and 2010 <= record.year <= 2026

    def test_patent_numbers_belong_to_nobody(self) -> None:
        numbers = [item.record.patent_number for item in ACHIEVEMENTS if item.record.patent_number]
        assert len(set(numbers)) == len(numbers)
        assert all(re.fullmatch(r"ZL20\d\d7\d{7}\.[\dX]", number) for number in numbers)


class TestTexts:
    def test_no_text_is_there_twice(self) -> None:
        for texts in (
            [item.record.title for item in ACHIEVEMENTS],
            [item.record.abstract for item in ACHIEVEMENTS],
            [item.record.name for item in ENTERPRISES],
            [item.record.main_products + item.record.business_scope for item in ENTERPRISES],
            [item.query.title + item.query.text for item in ENTERPRISES],
            [need.title + need.text for need in NEEDS],
            [item.record.name for item in PLATFORMS],
            [item.record.services + item.record.equipment for item in PLATFORMS],
            [str(item.record.research_fields) + item.record.biography for item in EXPERTS],
        ):
            assert len(set(texts)) == len(texts)

    def test_no_slot_is_left_open(self) -> None:
        for items in (ENTERPRISES, EXPERTS, PLATFORMS, ACHIEVEMENTS):
            assert not [item for item in items if "{" in str(item.record)]
        assert not [item.query for item in ENTERPRISES if "{" in item.query.title + item.query.text]

    def test_repeats_are_avoided_as_long_as_there_is_something_new(self) -> None:
        draws = iter(["a", "a", "b", *("a" for _ in range(60))])
        unrepeated = Unrepeated()
        assert [unrepeated.first_new(lambda: next(draws), str) for _ in range(3)] == ["a", "b", "a"]

    def test_indicators_are_written_as_the_library_writes_them(self) -> None:
        written = [text for item in ACHIEVEMENTS for text in item.record.indicators]
        written += [text for need in NEEDS for text in need.indicators]
        assert len(written) > 100
        assert [text for text in written if str(Indicator.parse(text)) != text] == []

    def test_namesakes_are_as_common_as_in_life(self) -> None:
        names = Counter(item.record.name for item in EXPERTS)
        assert 0.01 < sum(n for n in names.values() if n > 1) / len(EXPERTS) < 0.5
        assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,3}", name) for name in names)

    def test_titles_of_needs_fit_the_form_and_secrets_have_a_public_summary(self) -> None:
        assert all(0 < len(need.title) <= 80 for need in NEEDS)
        assert all(need.public_summary for need in NEEDS if need.confidentiality is Confidentiality.CONFIDENTIAL)

    def test_queries_are_needs_where_there_are_some_and_profiles_elsewhere(self) -> None:
        for item in ENTERPRISES:
            assert item.query.topic == item.topics[0]
            if item.needs:
                need = item.needs[0][0]
                assert (item.query.id, item.query.title, item.query.text) == (need.id, need.title, need.text)
            else:
                assert item.query.id == item.record.code and not item.query.is_need
        assert 0.05 < sum(item.query.is_need for item in ENTERPRISES) / len(ENTERPRISES) < 0.25


class TestEnterprises:
    def test_codes_are_valid_and_nobodys(self) -> None:
        for item in ENTERPRISES:
            assert fault(item.record.code) is None
            assert re.fullmatch(r"913205820000[A-Y]\w{5}", item.record.code)

    def test_numbers_far_apart_have_different_codes(self) -> None:
        numbers = [*range(1, 60_000), *range(10**6, 10**6 + 1000), *range(19_000_000, 19_001_000)]
        assert len({enterprise_code(number, check_digit) for number in numbers}) == len(numbers)

    def test_towns_are_the_citys(self) -> None:
        assert set(MATERIAL.texts("places", "towns")) == set(towns().names)
        assert {item.record.town for item in ENTERPRISES} <= set(towns().names)
        assert len({item.record.town for item in ENTERPRISES}) > 8

    def test_large_ones_are_few_and_above_scale(self) -> None:
        sizes = Counter(item.record.size for item in ENTERPRISES)
        numbers = [sizes[size] for size in EnterpriseSize]
        assert numbers == sorted(numbers)
        assert all(
            item.record.above_scale
            for item in ENTERPRISES
            if item.record.size in (EnterpriseSize.LARGE, EnterpriseSize.MEDIUM)
        )


class TestFigures:
    def by_year(self) -> list[dict[int, dict[FactIndicator, EnterpriseFact]]]:
        found = []
        for item in ENTERPRISES:
            years: defaultdict[int, dict[FactIndicator, EnterpriseFact]] = defaultdict(dict)
            for fact in item.facts:
                assert fact.indicator not in years[fact.year], fact.id
                years[fact.year][fact.indicator] = fact
            if years:
                found.append(dict(years))
        return found

    def test_there_are_figures_of_up_to_three_years_of_one_enterprise_in_ten_or_more(self) -> None:
        found = self.by_year()
        assert 0.1 < len(found) / len(ENTERPRISES) < 0.35
        assert {len(years) for years in found} <= {1, 2, 3}
        assert {year for years in found for year in years} == {2023, 2024, 2025}

    def test_values_keep_to_their_measure(self) -> None:
        for fact in FACTS:
            measure = FACT_MEASURES[fact.indicator]
            if fact.value is None:
                assert fact.status is FactStatus.MISSING
                continue
            assert measure.minimum is None or fact.value >= measure.minimum
            assert measure.maximum is None or fact.value <= measure.maximum
            assert not measure.whole or fact.value == int(fact.value)
            assert fact.evidence and str(fact.year) in fact.evidence

    @pytest.mark.parametrize(
        ("part", "whole"),
        [
            (FactIndicator.RESEARCHERS, FactIndicator.STAFF),
            (FactIndicator.POSTGRADUATES, FactIndicator.STAFF),
            (FactIndicator.HIGH_TECH_INCOME, FactIndicator.TOTAL_INCOME),
            (FactIndicator.DOMESTIC_RESEARCH_SPENDING, FactIndicator.RESEARCH_SPENDING),
            (FactIndicator.RESEARCH_SPENDING, FactIndicator.REVENUE),
            (FactIndicator.NET_ASSETS, FactIndicator.TOTAL_ASSETS),
            (FactIndicator.TAX_RELIEF, FactIndicator.RESEARCH_SPENDING),
        ],
    )
    def test_a_part_is_no_more_than_the_whole(self, part: FactIndicator, whole: FactIndicator) -> None:
        n_compared = 0
        for years in self.by_year():
            for facts in years.values():
                small, large = facts.get(part), facts.get(whole)
                if small and large and small.value is not None and large.value is not None:
                    assert small.value <= large.value + 0.01
                    n_compared += 1
        assert n_compared > 20

    def test_years_follow_from_each_other(self) -> None:
        for years in self.by_year():
            for earlier, later in pairwise(sorted(years)):
                assert later == earlier + 1
                before, after = (years[year].get(FactIndicator.REVENUE) for year in (earlier, later))
                if before and after and before.value and after.value:
                    assert 0.3 < after.value / before.value < 2
                one, two = (years[year].get(FactIndicator.CLASS_TWO_RIGHTS) for year in (earlier, later))
                if one and two and one.value is not None and two.value is not None:
                    assert two.value >= one.value

    def test_high_tech_enterprises_keep_to_the_rules_of_recognition(self) -> None:
        n_high_tech = 0
        for item in ENTERPRISES:
            if "高新技术企业" in item.record.qualifications and item.facts:
                values = {fact.indicator: fact.value for fact in item.facts if fact.year == 2025}
                revenue, research = values[FactIndicator.REVENUE], values[FactIndicator.RESEARCH_SPENDING]
                if revenue and research:
                    assert research / revenue > 0.03 * 0.9
                    n_high_tech += 1
        assert n_high_tech > 5

    def test_a_few_are_missing_or_in_conflict(self) -> None:
        shares = {status: n / len(FACTS) for status, n in Counter(fact.status for fact in FACTS).items()}
        assert 0.005 < shares[FactStatus.MISSING] < 0.03
        assert 0.005 < shares[FactStatus.CONFLICT] < 0.03
