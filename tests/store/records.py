"""Hypothesis strategies for records that the store must keep exactly as they are."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from recommender.domain.entities import (
    Achievement,
    Enterprise,
    Entity,
    Expert,
    Need,
    Platform,
)
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EnterpriseSize,
    EntityKind,
    ExpertCategory,
    LegalStatus,
    NeedSource,
    Willingness,
)
from recommender.store import UnitOfWork
from recommender.store.tables import MAX_CODE_LENGTH

AWKWARD = [
    "",
    " ",
    "'; DROP TABLE expert; --",
    '"',
    "\\",
    "%_",
    "😀🧵",
    "𠮷野家",
    "e\u0301",
    "\u202e",
    "\r\n\t",
    "null",
]

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.sampled_from(AWKWARD) | st.text(_characters, max_size=40) | st.text("苏州Aa%_\\'\"", max_size=6)
codes = st.text(_characters, min_size=1, max_size=8) | st.text("aZ甲😀", min_size=1, max_size=MAX_CODE_LENGTH)
_tuples = st.lists(texts, max_size=3).map(tuple)
_dates = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
_levels = st.none() | st.integers(1, 9)
_modes = st.lists(st.sampled_from(CooperationMode), max_size=4).map(tuple)
_partners = st.lists(st.sampled_from(DesiredPartner), max_size=4).map(tuple)
_amounts = st.none() | st.floats(0, allow_nan=False, allow_infinity=False)
_ratios = st.none() | st.floats(0, 1)
_counts = st.none() | st.integers(0, 2**31 - 1)


def enterprises(ids: Any = codes) -> st.SearchStrategy[Enterprise]:
    """Any enterprise."""
    return st.builds(
        Enterprise,
        code=ids,
        **_texts("name", "town", "industry", "industry_chain", "registered_capital", "main_products"),
        **_texts("business_scope", "province", "city"),
        **_texts("nature"),
        founded_on=_dates,
        qualifications=_tuples,
        former_names=_tuples,
        size=st.none() | st.sampled_from(EnterpriseSize),
        above_scale=st.none() | st.booleans(),
    )


def needs(ids: Any = codes) -> st.SearchStrategy[Need]:
    """Any need that names no enterprise."""
    return st.builds(
        Need,
        id=ids,
        **_texts("title", "description", "industry_chain", "difficulties", "research_content", "foundation"),
        **_texts("scenario", "technical_field", "industry", "public_summary", "diagnosis"),
        cooperation_mode=st.none() | st.sampled_from(CooperationMode),
        target_trl=_levels,
        budget_wan=_amounts,
        deadline=_dates,
        keywords=_tuples,
        source=st.none() | st.sampled_from(NeedSource),
        indicators=_tuples,
        contract_type=st.none() | st.sampled_from(ContractType),
        desired_partners=_partners,
        intended_experts=_tuples,
        reward_wan=_amounts,
        duration_months=_counts,
        confidentiality=st.sampled_from(Confidentiality),
    )


def experts(ids: Any = codes) -> st.SearchStrategy[Expert]:
    """Any expert."""
    return st.builds(
        Expert,
        id=ids,
        **_texts("name", "organisation", "department", "job_title", "honours", "province", "city"),
        **_texts("discipline", "industry_chain", "solvable_problems", "biography", "data_source"),
        research_fields=_tuples,
        cooperation_modes=_modes,
        capacity=_counts,
        n_active_engagements=st.integers(0, 2**31 - 1),
        willingness=st.sampled_from(Willingness),
        avoided_enterprises=_tuples,
        consent_withdrawn_on=_dates,
        verified_on=_dates,
        **_texts("phone", "email", "source_url", "consent_record"),
        category=st.none() | st.sampled_from(ExpertCategory),
        preferred_regions=_tuples,
        response_ratio=_ratios,
        acceptance_ratio=_ratios,
        collected_on=_dates,
    )


def platforms(ids: Any = codes) -> st.SearchStrategy[Platform]:
    """Any platform."""
    return st.builds(
        Platform,
        id=ids,
        **_texts("name", "type", "level", "host_organisation", "province", "city", "industry_chain"),
        **_texts("services", "equipment", "director", "address", "technical_field", "open_sharing", "assessment"),
        research_fields=_tuples,
        certifications=_tuples,
        n_staff=_counts,
        n_enterprises_served=_counts,
        recognised_in=st.none() | st.integers(1900, 2100),
        valid_until=_dates,
    )


def achievements(ids: Any = codes) -> st.SearchStrategy[Achievement]:
    """Any achievement that names no author."""
    return st.builds(
        Achievement,
        id=ids,
        **_texts("type", "title", "abstract", "organisation", "industry_chain", "application_industry"),
        keywords=_tuples,
        year=st.none() | st.integers(1900, 2100) | st.integers(-(2**31), 2**31 - 1),
        trl=_levels,
        transfer_modes=_tuples,
        **_texts("technical_field", "patent_number", "ownership", "role", "proof"),
        indicators=_tuples,
        legal_status=st.none() | st.sampled_from(LegalStatus),
        price_wan=_amounts,
        amount_wan=_amounts,
    )


def facts(enterprise_code: str) -> st.SearchStrategy[EnterpriseFact]:
    """Any fact of an enterprise."""
    return st.builds(
        EnterpriseFact,
        enterprise_code=st.just(enterprise_code),
        year=st.integers(1900, 2100),
        indicator=st.sampled_from(FactIndicator),
        value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        evidence=texts,
        status=st.sampled_from(FactStatus),
    )


ANY_OF: dict[EntityKind, Callable[[], st.SearchStrategy[Any]]] = {
    EntityKind.ENTERPRISE: enterprises,
    EntityKind.NEED: needs,
    EntityKind.EXPERT: experts,
    EntityKind.PLATFORM: platforms,
    EntityKind.ACHIEVEMENT: achievements,
}


def lists_of(kind: EntityKind) -> st.SearchStrategy[list[Entity]]:
    """Some records of a kind, each with its own id."""
    return st.lists(ANY_OF[kind](), max_size=6, unique_by=lambda record: record.id)


def clear(unit: UnitOfWork) -> None:
    """Remove every entity, so that the next example starts from nothing."""
    for kind in EntityKind:
        repository = unit.of(kind)
        repository.remove([record.id for record in repository.iterate()])


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, texts)
