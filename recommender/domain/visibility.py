"""Which field of which record is shown to whom: one table, and the masks it stands for.

Every field of every record stands in it: a test fails for one that is added later until somebody decides.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from enum import Enum, auto
from typing import Any, Final, TypeVar

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
)
from recommender.domain.facts import EnterpriseFact
from recommender.domain.masking import HIDDEN, mask_emails, mask_names, mask_note, mask_phones
from recommender.domain.mentions import hide_contacts, hide_names
from recommender.domain.sealed import is_sealed

R = TypeVar("R", bound=Record)


class Treatment(Enum):
    """What happens to a field before somebody sees it who may not see everything."""

    OPEN = auto()
    """Shown as it is: it says nothing of a person, or nothing but what their work is."""
    TEXT = auto()
    """Free text, or a list of texts: contacts in it are masked, and the name of whom the record is about."""
    NAME = auto()
    PHONE = auto()
    EMAIL = auto()
    PAGE = auto()
    """Address of a person's own page: it tells the name, so it is seen where the name is."""
    NOTE = auto()
    """Hidden whole."""
    OWN = auto()
    """Of a confidential need: blank for all but its owner and who reviews it; else as ``TEXT``."""


_OPEN, _TEXT, _OWN = Treatment.OPEN, Treatment.TEXT, Treatment.OWN

TREATMENTS: Final[Mapping[type[Any], Mapping[str, Treatment]]] = {
    Enterprise: {
        **dict.fromkeys(("code", "name", "town", "industry", "industry_chain", "founded_on"), _OPEN),
        **dict.fromkeys(("registered_capital", "qualifications", "province", "city", "former_names"), _OPEN),
        **dict.fromkeys(("nature", "size", "above_scale"), _OPEN),
        **dict.fromkeys(("main_products", "business_scope"), _TEXT),
    },
    Need: {
        **dict.fromkeys(("title", "public_summary"), _TEXT),
        **dict.fromkeys(("id", "industry_chain", "technical_field", "industry", "cooperation_mode"), _OPEN),
        **dict.fromkeys(("contract_type", "desired_partners", "confidentiality", "source", "deadline"), _OPEN),
        **dict.fromkeys(("enterprise_code", "target_trl", "budget_wan", "reward_wan", "duration_months"), _OWN),
        **dict.fromkeys(("description", "difficulties", "indicators", "research_content", "foundation"), _OWN),
        **dict.fromkeys(("scenario", "keywords", "diagnosis"), _OWN),
        "intended_experts": Treatment.NAME,
    },
    Expert: {
        **dict.fromkeys(("id", "organisation", "department", "job_title", "province", "city"), _OPEN),
        **dict.fromkeys(("discipline", "industry_chain", "cooperation_modes", "category"), _OPEN),
        **dict.fromkeys(("preferred_regions", "willingness", "capacity", "n_active_engagements"), _OPEN),
        **dict.fromkeys(("avoided_enterprises", "consent_withdrawn_on", "verified_on", "collected_on"), _OPEN),
        **dict.fromkeys(("response_ratio", "acceptance_ratio"), _OPEN),
        **dict.fromkeys(("honours", "research_fields", "solvable_problems", "biography", "data_source"), _TEXT),
        "name": Treatment.NAME,
        "phone": Treatment.PHONE,
        "email": Treatment.EMAIL,
        "source_url": Treatment.PAGE,
        "consent_record": Treatment.NOTE,
    },
    Platform: {
        **dict.fromkeys(("id", "name", "type", "level", "host_organisation", "province", "city"), _OPEN),
        **dict.fromkeys(("industry_chain", "certifications", "technical_field", "n_staff"), _OPEN),
        **dict.fromkeys(("n_enterprises_served", "recognised_in", "valid_until", "assessment"), _OPEN),
        **dict.fromkeys(("research_fields", "services", "equipment", "address", "open_sharing"), _TEXT),
        "director": Treatment.NAME,
    },
    Achievement: {
        **dict.fromkeys(("id", "type", "author_ids", "year", "trl", "industry_chain"), _OPEN),
        **dict.fromkeys(("application_industry", "transfer_modes", "technical_field", "patent_number"), _OPEN),
        **dict.fromkeys(("legal_status", "price_wan", "amount_wan"), _OPEN),
        **dict.fromkeys(("title", "abstract", "keywords", "organisation", "indicators"), _TEXT),
        **dict.fromkeys(("ownership", "role", "proof"), _TEXT),
    },
    AchievementPlatform: dict.fromkeys(("achievement_id", "platform_id"), _OPEN),
    EnterpriseFact: {
        **dict.fromkeys(("enterprise_code", "year", "indicator", "value", "unit", "status"), _OPEN),
        "evidence": _TEXT,
    },
}
"""By record type and field."""

INSIDE_FIELDS: Final[frozenset[str]] = frozenset(
    {
        "avoided_enterprises",
        "willingness",
        "capacity",
        "n_active_engagements",
        "response_ratio",
        "acceptance_ratio",
        "consent_withdrawn_on",
        "consent_record",
    }
)
"""Of an expert: how and with whom they would work, which is for who works for the city alone."""

PERSONAL_FIELDS: Final[Mapping[type[Any], tuple[str, ...]]] = {
    Expert: ("name", "phone", "email", "source_url"),
    Platform: ("director",),
    Need: (
        "title",
        "public_summary",
        "description",
        "difficulties",
        "research_content",
        "foundation",
        "scenario",
    ),
}
"""What a reveal shows in full, by record type."""


def names_in(record: Record) -> tuple[str, ...]:
    """Names of persons that a record says it is about, or would like to meet."""
    match record:
        case Expert():
            return (record.name,)
        case Platform():
            return (record.director,)
        case Need():
            return record.intended_experts
    return ()


def masked(record: R, *, with_own: bool = True, names: tuple[str, ...] = ()) -> R:
    """A record as it may be shown to who has no reason on record to see more.

    Args:
        with_own: whether the rest of a confidential need may be seen.
        names: to be masked in its texts beside those that it tells itself, such as the authors of an achievement.
    """
    names = (*names_in(record), *names)
    treatments = TREATMENTS[type(record)]
    changed: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        treatment = treatments[field.name]
        if value in ("", (), None) or treatment is Treatment.OPEN:
            continue
        if treatment is Treatment.OWN and not with_own:
            changed[field.name] = field.default
        else:
            changed[field.name] = _seen(value, treatment, names)
    return replace(record, **changed)


def hidden_inside(record: Record, field: str, names: tuple[str, ...] = ()) -> Any:
    """A field of free text, or a list of texts, with contacts and names masked.

    Args:
        names: beside those that the record itself tells.
    """
    return _seen(getattr(record, field), Treatment.TEXT, (*names_in(record), *names))


def masked_cell(record: type[Record], field: str, text: str) -> str:
    """What somebody wrote into a field of a record, as it may be shown; ``""`` where it is for no field."""
    treatment = TREATMENTS[record].get(field, Treatment.TEXT)
    return text if treatment is Treatment.OPEN else str(_seen(text, treatment, ()))


def hide_persons(text: str, names: tuple[str, ...] = ()) -> str:
    """A free text with contacts and these names masked; it stays as long as it was."""
    return hide_names(hide_contacts(text), names)


def _seen(value: Any, treatment: Treatment, names: tuple[str, ...]) -> Any:
    if isinstance(value, tuple):
        return tuple(_seen(item, treatment, names) for item in value)
    if not isinstance(value, str) or isinstance(value, Enum):
        return value
    if is_sealed(value):
        return HIDDEN
    match treatment:
        case Treatment.NAME:
            return mask_names(value)
        case Treatment.PHONE:
            return mask_phones(value)
        case Treatment.EMAIL:
            return mask_emails(value)
        case Treatment.NOTE | Treatment.PAGE:
            return mask_note(value)
    return hide_persons(value, names)
