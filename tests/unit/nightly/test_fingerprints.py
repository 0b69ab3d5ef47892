"""Everything that decides a source's candidates changes a hash, and nothing else does."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.passages.passage import Passage
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Platform
from recommender.domain.kinds import (
    CooperationMode,
    EnterpriseSize,
    EntityKind,
    ExpertCategory,
    LegalStatus,
    Willingness,
)
from recommender.domain.match import ExclusionCode
from recommender.domain.settled import Settled
from recommender.matching.config import MatchConfig
from recommender.matching.eligibility import exclusion_of
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import Candidate, score_parts
from recommender.nightly.fingerprints import HASH_BYTES, catalogue_hash, source_hashes
from tests.unit.matching.circumstances import ENTITIES, QUERIES

QUERY = MatchQuery(
    title="冷轧薄板边裂",
    text="轧出来的薄板边上老是裂",
    keywords=("冷轧",),
    source_kind=EntityKind.NEED,
    source_id="XQ1",
    enterprise_code="C1",
    organisation="甲厂",
    industry_chain="冶金新材料",
    cooperation_mode=CooperationMode.DIAGNOSIS,
    target_trl=6,
    province="江苏省",
    city="苏州市",
)
OTHER_QUERY: dict[str, Any] = {
    "title": "热轧薄板边裂",
    "text": "",
    "keywords": ("冷", "轧"),
    "source_kind": EntityKind.ENTERPRISE,
    "source_id": "XQ2",
    "enterprise_code": "C2",
    "organisation": "乙厂",
    "industry_chain": "",
    "cooperation_mode": None,
    "target_trl": 7,
    "province": "江苏",
    "city": "",
    "settled": (Settled(EntityKind.EXPERT, "ZJ1", ExclusionCode.UNWANTED),),
}


class TestSources:
    def test_one_row_of_bytes_for_each(self) -> None:
        hashes = source_hashes([QUERY, QUERY, replace(QUERY, title="其他")])
        assert hashes.shape == (3, HASH_BYTES)
        assert hashes.dtype == np.uint8
        assert hashes[0].tolist() == hashes[1].tolist() != hashes[2].tolist()
        assert source_hashes([]).shape == (0, HASH_BYTES)

    @pytest.mark.parametrize("name", [field.name for field in fields(MatchQuery) if field.name != "passage"])
    def test_every_field_counts(self, name: str) -> None:
        one, other = source_hashes([QUERY, replace(QUERY, **{name: OTHER_QUERY[name]})])
        assert one.tolist() != other.tolist()

    def test_the_passage_says_nothing_more(self) -> None:
        passage = Passage(id="achievement:CG1", title="边裂", text="", label="论文", year=None, owners={})
        one, other = source_hashes([QUERY, replace(QUERY, passage=passage)])
        assert one.tolist() == other.tolist()

    def test_text_does_not_slip_from_one_field_into_the_next(self) -> None:
        one, other = source_hashes(
            [replace(QUERY, title="冷轧", text="边裂"), replace(QUERY, title="冷", text="轧边裂")]
        )
        assert one.tolist() != other.tolist()

    def test_whom_it_is_not_given_counts_and_why_does_not(self) -> None:
        both = [
            Settled(EntityKind.EXPERT, "ZJ1", ExclusionCode.UNWANTED),
            Settled(EntityKind.PLATFORM, "ZJ1", ExclusionCode.ENDED),
        ]
        why = [replace(item, why=ExclusionCode.UNDER_WAY) for item in both]
        queries = [
            replace(QUERY, settled=tuple(items)) for items in (both, both[::-1], why, both[:1], both[1:], [])
        ]
        first, turned, otherwise, *fewer = (row.tolist() for row in source_hashes(queries))
        assert first == turned == otherwise
        assert len({tuple(row) for row in (first, *fewer)}) == 4

    def test_half_a_surrogate_pair_is_no_trouble(self) -> None:
        assert len(source_hashes([replace(QUERY, title="\ud83d")])) == 1


ENTITY: dict[EntityKind, Entity] = {
    EntityKind.EXPERT: Expert(
        id="ZJ1",
        name="王芳",
        organisation="丙大学",
        province="江苏省",
        city="苏州市",
        industry_chain="冶金新材料",
        cooperation_modes=(CooperationMode.DIAGNOSIS,),
        capacity=3,
        n_active_engagements=1,
        avoided_enterprises=("C9",),
    ),
    EntityKind.PLATFORM: Platform(
        id="PT1", name="某所", province="江苏省", city="苏州市", industry_chain="冶金新材料"
    ),
    EntityKind.ACHIEVEMENT: Achievement(
        id="CG1", type="论文", title="边裂", organisation="丙大学", trl=5, industry_chain="冶金新材料"
    ),
    EntityKind.ENTERPRISE: Enterprise(
        code="C7", name="丁厂", industry_chain="冶金新材料", province="江苏省", city="苏州市"
    ),
}
READ = {
    EntityKind.EXPERT: {
        "province",
        "city",
        "industry_chain",
        "cooperation_modes",
        "capacity",
        "n_active_engagements",
        "willingness",
        "avoided_enterprises",
        "consent_withdrawn_on",
    },
    EntityKind.PLATFORM: {"province", "city", "industry_chain"},
    EntityKind.ACHIEVEMENT: {"organisation", "trl", "industry_chain"},
    EntityKind.ENTERPRISE: {"name", "industry_chain"},
}
"""Fields that ranking and eligibility look at; the index, which has a hash of its own, holds the texts."""

OTHER_VALUES: dict[str, Any] = {
    "capacity": 1,
    "n_active_engagements": 3,
    "willingness": Willingness.PAUSED,
    "consent_withdrawn_on": date(2026, 11, 1),
    "avoided_enterprises": ("C1",),
    "cooperation_modes": (CooperationMode.TRAINING,),
    "organisation": "甲厂",
    "name": "甲厂",
    "province": "",
    "city": "杭州市",
    "industry_chain": "纺织",
    "trl": 2,
    "category": next(iter(ExpertCategory)),
    "legal_status": next(iter(LegalStatus)),
    "size": next(iter(EnterpriseSize)),
}
FIELDS = [(kind, field.name) for kind in ENTITY for field in fields(ENTITY[kind])]


def changed(kind: EntityKind, name: str) -> Entity:
    """The entity with another value in one field, made after the type of the present one where none is given."""
    entity = ENTITY[kind]
    present = getattr(entity, name)
    by_type: dict[type, Any] = {str: "其他", tuple: ("其他",), int: 4, type(None): 4}
    value = OTHER_VALUES.get(name, by_type.get(type(present)))
    assert value not in (None, present)
    return replace(entity, **{name: value})


def verdict(entity: Entity | None, query: MatchQuery) -> object:
    """All that ranking and eligibility say of an entity for one query."""
    if entity is None:
        return exclusion_of(None, query)
    candidate = Candidate(entity, 2.0, (), 2020)
    return exclusion_of(entity, query), score_parts(candidate, query, MatchConfig(), current_year=2026)


class TestCatalogue:
    @pytest.mark.parametrize(("kind", "name"), FIELDS)
    def test_what_ranking_and_eligibility_read_counts(self, kind: EntityKind, name: str) -> None:
        one, other = ENTITY[kind], changed(kind, name)
        is_read = verdict(one, QUERY) != verdict(other, QUERY)
        assert is_read is (name in READ[kind])
        hashes = {catalogue_hash(["part"], {kind: [entity]}) for entity in (one, other)}
        if is_read:
            assert len(hashes) == 2

    @pytest.mark.parametrize("name", ["phone", "email", "biography", "verified_on", "response_ratio", "honours"])
    def test_what_nobody_reads_does_not(self, name: str) -> None:
        both = (ENTITY[EntityKind.EXPERT], changed(EntityKind.EXPERT, name))
        assert len({catalogue_hash([], {EntityKind.EXPERT: [entity]}) for entity in both}) == 1

    @pytest.mark.parametrize("kind", ENTITIES)
    @settings(deadline=None)
    @given(data=st.data())
    def test_equal_hashes_mean_equal_verdicts(self, kind: EntityKind, data: st.DataObject) -> None:
        one, other = (data.draw(st.none() | ENTITIES[kind]) for _ in range(2))
        if catalogue_hash([], {kind: [one]}) == catalogue_hash([], {kind: [other]}):
            query = data.draw(QUERIES)
            assert verdict(one, query) == verdict(other, query)

    def test_every_setting_and_every_part_counts(self) -> None:
        entities = {EntityKind.EXPERT: [ENTITY[EntityKind.EXPERT]]}
        hashes = [
            catalogue_hash(["a", "b"], entities, "encoder", 2026),
            catalogue_hash(["a", "c"], entities, "encoder", 2026),
            catalogue_hash(["ab"], entities, "encoder", 2026),
            catalogue_hash(["a", "b"], entities, "other", 2026),
            catalogue_hash(["a", "b"], entities, "encoder", 2027),
        ]
        assert len(set(hashes)) == len(hashes)

    def test_one_more_one_less_or_another_order(self) -> None:
        one, other = ENTITY[EntityKind.EXPERT], changed(EntityKind.EXPERT, "capacity")
        rows = [[one, other], [other, one], [one], [one, None], [one, other, None], []]
        assert len({catalogue_hash([], {EntityKind.EXPERT: members}) for members in rows}) == len(rows)

    def test_the_order_of_the_kinds_does_not_matter(self) -> None:
        kinds = {kind: [entity] for kind, entity in ENTITY.items()}
        assert catalogue_hash([], kinds) == catalogue_hash([], dict(reversed(kinds.items())))
