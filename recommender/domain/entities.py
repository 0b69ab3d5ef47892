"""The five entities and the links between them; the yearly facts of enterprises stand in ``facts``.

Every entity is keyed by the external code its owner gave it; the code is what files, URLs and snapshots carry.
Empty text is ``""`` and an unknown number or date is ``None``; lists are tuples without blanks.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar, Final

from recommender.domain.facts import EnterpriseFact
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """企业. ``code`` is the 统一社会信用代码; ``above_scale`` says whether it is 规上, ``None`` where unknown."""

    kind: ClassVar[EntityKind] = EntityKind.ENTERPRISE

    code: str
    name: str
    town: str = ""
    industry: str = ""
    industry_chain: str = ""
    founded_on: date | None = None
    registered_capital: str = ""
    qualifications: tuple[str, ...] = ()
    main_products: str = ""
    business_scope: str = ""
    province: str = ""
    city: str = ""
    former_names: tuple[str, ...] = ()
    nature: str = ""
    size: EnterpriseSize | None = None
    above_scale: bool | None = None

    @property
    def id(self) -> str:
        """The external code."""
        return self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """需求. Title and description carry different information and stay apart all the way.

    ``description`` is the need in one piece; where it was filed on the three-part form, ``difficulties``,
    ``indicators`` and ``research_content`` hold the parts. ``indicators`` are written as
    :class:`recommender.domain.indicators.Indicator` writes them. Of a confidential need only
    ``public_summary`` is for other eyes.
    """

    kind: ClassVar[EntityKind] = EntityKind.NEED

    id: str
    title: str
    description: str = ""
    enterprise_code: str = ""
    industry_chain: str = ""
    cooperation_mode: CooperationMode | None = None
    target_trl: int | None = None
    budget_wan: float | None = None
    deadline: date | None = None
    keywords: tuple[str, ...] = ()
    source: NeedSource | None = None
    difficulties: str = ""
    indicators: tuple[str, ...] = ()
    research_content: str = ""
    foundation: str = ""
    scenario: str = ""
    technical_field: str = ""
    industry: str = ""
    contract_type: ContractType | None = None
    desired_partners: tuple[DesiredPartner, ...] = ()
    intended_experts: tuple[str, ...] = ()
    reward_wan: float | None = None
    duration_months: int | None = None
    confidentiality: Confidentiality = Confidentiality.INTERNAL
    public_summary: str = ""
    diagnosis: str = ""

    @property
    def text(self) -> str:
        """What describes the need beside its title: the description, then the parts of the form, a blank line
        between them."""
        parts = (self.description, self.difficulties, "；".join(self.indicators), self.research_content)
        return "\n\n".join(part for part in (*parts, self.scenario) if part)

    @property
    def name(self) -> str:
        """What lists show."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """专家. ``capacity`` is how many engagements the expert accepts at once; ``None`` means not stated.

    ``phone`` and ``email`` are never indexed, logged or answered; whoever shows or exports them masks them.
    ``response_ratio`` and ``acceptance_ratio`` are in [0, 1].
    """

    kind: ClassVar[EntityKind] = EntityKind.EXPERT

    id: str
    name: str
    organisation: str = ""
    department: str = ""
    job_title: str = ""
    honours: str = ""
    province: str = ""
    city: str = ""
    research_fields: tuple[str, ...] = ()
    discipline: str = ""
    industry_chain: str = ""
    solvable_problems: str = ""
    biography: str = ""
    cooperation_modes: tuple[CooperationMode, ...] = ()
    capacity: int | None = None
    n_active_engagements: int = 0
    willingness: Willingness = Willingness.OPEN
    avoided_enterprises: tuple[str, ...] = ()
    consent_withdrawn_on: date | None = None
    verified_on: date | None = None
    data_source: str = ""
    category: ExpertCategory | None = None
    preferred_regions: tuple[str, ...] = ()
    response_ratio: float | None = None
    acceptance_ratio: float | None = None
    phone: str = ""
    email: str = ""
    source_url: str = ""
    collected_on: date | None = None
    consent_record: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """创新平台. ``recognised_in`` is a year; ``assessment`` is the latest result of the 考核."""

    kind: ClassVar[EntityKind] = EntityKind.PLATFORM

    id: str
    name: str
    type: str = ""
    level: str = ""
    host_organisation: str = ""
    province: str = ""
    city: str = ""
    industry_chain: str = ""
    research_fields: tuple[str, ...] = ()
    services: str = ""
    equipment: str = ""
    certifications: tuple[str, ...] = ()
    director: str = ""
    address: str = ""
    technical_field: str = ""
    n_staff: int | None = None
    open_sharing: str = ""
    n_enterprises_served: int | None = None
    recognised_in: int | None = None
    valid_until: date | None = None
    assessment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """成果, and at the same time the evidence (依据) of its authors and platforms.

    ``author_ids`` are experts in the order of the byline; ``trl`` is 1..9. For a project ``role`` is what the
    first of them did in it and ``amount_wan`` its funds; for a case of transfer the amount of the contract.
    ``indicators`` are written as :class:`recommender.domain.indicators.Indicator` writes them.
    """

    kind: ClassVar[EntityKind] = EntityKind.ACHIEVEMENT

    id: str
    type: str
    title: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    organisation: str = ""
    author_ids: tuple[str, ...] = ()
    year: int | None = None
    trl: int | None = None
    industry_chain: str = ""
    application_industry: str = ""
    transfer_modes: tuple[str, ...] = ()
    technical_field: str = ""
    indicators: tuple[str, ...] = ()
    patent_number: str = ""
    legal_status: LegalStatus | None = None
    ownership: str = ""
    price_wan: float | None = None
    role: str = ""
    amount_wan: float | None = None
    proof: str = ""

    @property
    def name(self) -> str:
        """What lists show."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class AchievementPlatform:
    """Which achievement came from which platform."""

    achievement_id: str
    platform_id: str

    @property
    def id(self) -> str:
        """The pair, as one key."""
        return f"{self.achievement_id}|{self.platform_id}"


Entity = Enterprise | Need | Expert | Platform | Achievement
Record = Entity | AchievementPlatform | EnterpriseFact

RECORD_TYPES: Final[tuple[type[Record], ...]] = (
    Enterprise,
    Need,
    Expert,
    Platform,
    Achievement,
    AchievementPlatform,
    EnterpriseFact,
)

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class _Content:
    """How the fields of a record type are read, all at once."""

    names: tuple[str, ...]
    defaults: tuple[object, ...]
    values: Callable[[Any], tuple[Any, ...]]

    @classmethod
    def of(cls, record_type: type[Record]) -> "_Content":
        described = fields(record_type)
        names = tuple(field.name for field in described)
        return cls(names, tuple(field.default for field in described), attrgetter(*names))


_CONTENTS: Final = {record_type: _Content.of(record_type) for record_type in RECORD_TYPES}


def fingerprint(record: Record, standing_for: Mapping[str, str] | None = None) -> str:
    """Hex sha256 over every field that says something: equal exactly when nothing of the record changed.

    A field at its default is left out. So a field that a later version adds changes no fingerprint that was
    stored before, and the many empty fields of a city's import cost nothing.

    Args:
        standing_for: what to hash in place of some fields; contacts could be guessed from their plain hash.
    """
    content = _CONTENTS[type(record)]
    read = zip(content.names, content.values(record), content.defaults, strict=True)
    filled = {name: value for name, value, default in read if value != default}
    if standing_for:
        filled.update(standing_for)
    return hashlib.sha256(_CANONICAL.encode(filled).encode()).hexdigest()
