"""The resource library: entities, links between them and yearly facts."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.facts import FactIndicator, FactStatus, FactUnit
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EnterpriseSize,
    ExpertCategory,
    LegalStatus,
    NeedSource,
    Willingness,
)
from recommender.store.columns import Code, OptionalCode
from recommender.store.tables.base import AddedText, AddedTexts, Base, Stamped, code_length, not_negative, ratios


class EnterpriseRow(Stamped, Base):
    """企业."""

    __tablename__ = "enterprise"
    __table_args__ = (code_length("code"), Index(None, "updated_at", "code", "version"))

    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    industry: Mapped[str]
    industry_chain: Mapped[str]
    founded_on: Mapped[date | None]
    registered_capital: Mapped[str]
    province: Mapped[str]
    city: Mapped[str]
    qualifications: Mapped[tuple[str, ...]]
    main_products: Mapped[str]
    business_scope: Mapped[str]
    former_names: Mapped[AddedTexts]
    nature: Mapped[AddedText]
    size: Mapped[EnterpriseSize | None]
    above_scale: Mapped[bool | None]


class NeedRow(Stamped, Base):
    """需求; it may stand without an enterprise."""

    __tablename__ = "need"
    __table_args__ = (
        code_length("id"),
        CheckConstraint("target_trl BETWEEN 1 AND 9", name="target_trl_range"),
        *not_negative("budget_wan", "reward_wan", "duration_months"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    title: Mapped[str]
    enterprise_code: Mapped[str | None] = mapped_column(
        OptionalCode(), ForeignKey("enterprise.code", ondelete="SET NULL"), index=True
    )
    industry_chain: Mapped[str]
    cooperation_mode: Mapped[CooperationMode | None]
    target_trl: Mapped[int | None]
    budget_wan: Mapped[float | None]
    deadline: Mapped[date | None]
    source: Mapped[NeedSource | None]
    keywords: Mapped[tuple[str, ...]]
    description: Mapped[str]
    difficulties: Mapped[AddedText]
    indicators: Mapped[AddedTexts]
    research_content: Mapped[AddedText]
    foundation: Mapped[AddedText]
    scenario: Mapped[AddedText]
    technical_field: Mapped[AddedText]
    industry: Mapped[AddedText]
    contract_type: Mapped[ContractType | None]
    desired_partners: Mapped[tuple[DesiredPartner, ...]] = mapped_column(server_default="[]")
    intended_experts: Mapped[AddedTexts]
    reward_wan: Mapped[float | None]
    duration_months: Mapped[int | None]
    confidentiality: Mapped[Confidentiality] = mapped_column(server_default=Confidentiality.INTERNAL.value)
    public_summary: Mapped[AddedText]
    diagnosis: Mapped[AddedText]


class ExpertRow(Stamped, Base):
    """专家."""

    __tablename__ = "expert"
    __table_args__ = (
        code_length("id"),
        Index(None, "updated_at", "id", "version"),
        *not_negative("capacity", "n_active_engagements"),
        *ratios("response_ratio", "acceptance_ratio"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation: Mapped[str]
    province: Mapped[str]
    city: Mapped[str]
    industry_chain: Mapped[str]
    cooperation_modes: Mapped[tuple[CooperationMode, ...]]
    capacity: Mapped[int | None]
    n_active_engagements: Mapped[int]
    willingness: Mapped[Willingness]
    consent_withdrawn_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    data_source: Mapped[str]
    department: Mapped[str]
    job_title: Mapped[str]
    discipline: Mapped[str]
    avoided_enterprises: Mapped[tuple[str, ...]]
    research_fields: Mapped[tuple[str, ...]]
    honours: Mapped[str]
    solvable_problems: Mapped[str]
    biography: Mapped[str]
    category: Mapped[ExpertCategory | None]
    preferred_regions: Mapped[AddedTexts]
    response_ratio: Mapped[float | None]
    acceptance_ratio: Mapped[float | None]
    phone: Mapped[AddedText]
    email: Mapped[AddedText]
    source_url: Mapped[AddedText]
    collected_on: Mapped[date | None]
    consent_record: Mapped[AddedText]


class PlatformRow(Stamped, Base):
    """创新平台."""

    __tablename__ = "platform"
    __table_args__ = (
        code_length("id"),
        Index(None, "updated_at", "id", "version"),
        *not_negative("n_staff", "n_enterprises_served"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    type: Mapped[str]
    level: Mapped[str]
    host_organisation: Mapped[str]
    province: Mapped[str]
    city: Mapped[str]
    industry_chain: Mapped[str]
    director: Mapped[str]
    certifications: Mapped[tuple[str, ...]]
    research_fields: Mapped[tuple[str, ...]]
    services: Mapped[str]
    equipment: Mapped[str]
    address: Mapped[AddedText]
    technical_field: Mapped[AddedText]
    n_staff: Mapped[int | None]
    open_sharing: Mapped[AddedText]
    n_enterprises_served: Mapped[int | None]
    recognised_in: Mapped[int | None]
    valid_until: Mapped[date | None]
    assessment: Mapped[AddedText]


class AchievementRow(Stamped, Base):
    """成果."""

    __tablename__ = "achievement"
    __table_args__ = (
        code_length("id"),
        Index(None, "updated_at", "id", "version"),
        Index(None, "year", "id"),
        CheckConstraint("trl BETWEEN 1 AND 9", name="trl_range"),
        *not_negative("price_wan", "amount_wan"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    type: Mapped[str]
    title: Mapped[str]
    organisation: Mapped[str]
    year: Mapped[int | None]
    trl: Mapped[int | None]
    industry_chain: Mapped[str]
    application_industry: Mapped[str]
    transfer_modes: Mapped[tuple[str, ...]]
    keywords: Mapped[tuple[str, ...]]
    abstract: Mapped[str]
    technical_field: Mapped[AddedText]
    indicators: Mapped[AddedTexts]
    patent_number: Mapped[AddedText]
    legal_status: Mapped[LegalStatus | None]
    ownership: Mapped[AddedText]
    price_wan: Mapped[float | None]
    role: Mapped[AddedText]
    amount_wan: Mapped[float | None]
    proof: Mapped[AddedText]


class AchievementAuthorRow(Base):
    """Who made an achievement; ``position`` is the place in the byline, from 1."""

    __tablename__ = "achievement_author"
    __table_args__ = (
        UniqueConstraint("achievement_id", "expert_id"),
        CheckConstraint("position >= 1", name="position_range"),
    )

    achievement_id: Mapped[Code] = mapped_column(
        ForeignKey("achievement.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    expert_id: Mapped[Code] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"), index=True)


class AchievementPlatformRow(Stamped, Base):
    """Which achievement came from which platform; ``id`` is the pair as one key."""

    __tablename__ = "achievement_platform"
    __table_args__ = (UniqueConstraint("achievement_id", "platform_id"),)

    id: Mapped[Code] = mapped_column(primary_key=True)
    achievement_id: Mapped[Code] = mapped_column(ForeignKey("achievement.id", ondelete="CASCADE"))
    platform_id: Mapped[Code] = mapped_column(ForeignKey("platform.id", ondelete="CASCADE"), index=True)


class EnterpriseFactRow(Stamped, Base):
    """One number of one enterprise and year; ``id`` is enterprise, year and indicator as one key."""

    __tablename__ = "enterprise_fact"
    __table_args__ = (UniqueConstraint("enterprise_code", "year", "indicator"),)

    id: Mapped[Code] = mapped_column(primary_key=True)
    enterprise_code: Mapped[Code] = mapped_column(ForeignKey("enterprise.code", ondelete="CASCADE"))
    year: Mapped[int]
    indicator: Mapped[FactIndicator]
    value: Mapped[float | None]
    unit: Mapped[FactUnit]
    status: Mapped[FactStatus]
    evidence: Mapped[str]
