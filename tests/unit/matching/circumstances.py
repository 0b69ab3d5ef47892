"""Hypothesis strategies for whatever ranking and eligibility look at, present and absent, alike and different."""

from datetime import date
from typing import Final

from hypothesis import strategies as st

from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Platform
from recommender.domain.kinds import CooperationMode, EntityKind, Willingness
from recommender.domain.match import ExclusionCode
from recommender.domain.settled import Settled
from recommender.matching.query import MatchQuery

CHAINS = st.sampled_from(["", "新材料", "冶金新材料", "纺织"])
PROVINCES = st.sampled_from(["", "江苏", "江苏省", "浙江省"])
CITIES = st.sampled_from(["", "苏州", "苏州市", "杭州市"])
MODES = st.sampled_from(CooperationMode)
LEVELS = st.none() | st.integers(1, 9)
CODES = st.sampled_from(["", "91320582A", "91320582B", "91320582C"])
UNITS = st.lists(st.sampled_from(["甲厂", "乙厂", "丙大学", "甲厂"]), max_size=3).map("；".join)

SETTLED = st.builds(
    Settled,
    kind=st.sampled_from(EntityKind),
    id=st.sampled_from(["ZJ", "PT", "CG", "91320582A", "somebody else"]),
    why=st.sampled_from([ExclusionCode.UNWANTED, ExclusionCode.REJECTED]),
)

QUERIES: Final = st.builds(
    MatchQuery,
    title=st.just("冷轧薄板边裂"),
    text=st.just(""),
    enterprise_code=CODES,
    organisation=UNITS,
    industry_chain=CHAINS,
    cooperation_mode=st.none() | MODES,
    target_trl=LEVELS,
    province=PROVINCES,
    city=CITIES,
    settled=st.lists(SETTLED, max_size=4).map(tuple),
)

_EXPERTS = st.builds(
    Expert,
    id=st.just("ZJ"),
    name=st.just("甲"),
    organisation=UNITS,
    province=PROVINCES,
    city=CITIES,
    industry_chain=CHAINS,
    cooperation_modes=st.lists(MODES, unique=True, max_size=3).map(tuple),
    capacity=st.none() | st.integers(0, 3),
    n_active_engagements=st.integers(0, 3),
    willingness=st.sampled_from(Willingness),
    avoided_enterprises=st.lists(CODES, max_size=3).map(tuple),
    consent_withdrawn_on=st.none() | st.just(date(2026, 11, 1)),
)
_PLATFORMS = st.builds(
    Platform,
    id=st.just("PT"),
    name=st.just("丙大学"),
    host_organisation=UNITS,
    province=PROVINCES,
    city=CITIES,
    industry_chain=CHAINS,
)
_ACHIEVEMENTS = st.builds(
    Achievement,
    id=st.just("CG"),
    type=st.just("论文"),
    title=st.just("边裂"),
    organisation=UNITS,
    trl=LEVELS,
    industry_chain=CHAINS,
)
_ENTERPRISES = st.builds(
    Enterprise,
    code=st.just("91320582A"),
    name=UNITS,
    province=PROVINCES,
    city=CITIES,
    industry_chain=CHAINS,
)
ENTITIES: Final[dict[EntityKind, st.SearchStrategy[Entity]]] = {
    EntityKind.EXPERT: _EXPERTS,
    EntityKind.PLATFORM: _PLATFORMS,
    EntityKind.ACHIEVEMENT: _ACHIEVEMENTS,
    EntityKind.ENTERPRISE: _ENTERPRISES,
}
"""What a night suggests, by kind."""
