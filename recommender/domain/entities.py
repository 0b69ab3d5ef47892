"""The five entities and the links between them.

Every entity is keyed by the external code its owner gave it; the code is what files, URLs and snapshots carry.
Empty text is ``""`` and an unknown number or date is ``None``; lists are tuples without blanks.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Final

from recommender.domain.kinds import CooperationMode, EntityKind, NeedSource, Willingness


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """企业. ``code`` is the 统一社会信用代码."""

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

    @property
    def id(self) -> str:
        """The external code."""
        return self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """需求. Title and description carry different information and stay apart all the way."""

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

    @property
    def name(self) -> str:
        """What lists show."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """专家. ``capacity`` is how many engagements the expert accepts at once; ``None`` means not stated."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """创新平台."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """成果, and at the same time the evidence (依据) of its authors and platforms.

    ``author_ids`` are experts in the order of the byline; ``trl`` is 1..9.
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
Record = Entity | AchievementPlatform

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


_FIELD_NAMES: Final[dict[type, tuple[str, ...]]] = {
    record_type: tuple(field.name for field in fields(record_type))
    for record_type in (Enterprise, Need, Expert, Platform, Achievement, AchievementPlatform)
}


def fingerprint(record: Record) -> str:
    """Hex sha256 over every field: equal exactly when nothing of the record changed.

    Records are flat, so their fields are read as they are: three times as fast as ``asdict``, which copies, and
    a city's import computes a quarter of a million of these.
    """
    values = {name: getattr(record, name) for name in _FIELD_NAMES[type(record)]}
    return hashlib.sha256(_CANONICAL.encode(values).encode()).hexdigest()
