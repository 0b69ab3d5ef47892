"""The tables. External codes are primary keys; lists are JSON; every constraint has a name.

Free text is not indexed: filters look for a part of it, which no B-tree serves, and PostgreSQL refuses index
entries over 2.7 kB. Columns that came after the first revision have a default in the database, so that a table
with rows grows by them without being written anew.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from recommender.domain.batches import BatchState
from recommender.domain.facts import FactIndicator, FactStatus, FactUnit
from recommender.domain.identity import MergeState, ProposalState
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
from recommender.domain.runs import RunKind, RunState, ShardStage, ShardState
from recommender.store.columns import Code, EnumText, EnumTuple, OptionalCode, TextTuple, UtcDateTime

MAX_CODE_LENGTH: Final = 200
"""Characters; keeps every key inside PostgreSQL's limit for index entries."""

AddedText = Annotated[str, mapped_column(server_default="")]
AddedTexts = Annotated[tuple[str, ...], mapped_column(server_default="[]")]

NUMBER_TYPE: Final = BigInteger().with_variant(Integer, "sqlite")
"""Of keys that the database counts up; SQLite does so for ``INTEGER`` only, which holds 64 bits there."""

Number = Annotated[int, mapped_column(NUMBER_TYPE)]


def _not_negative(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{column} >= 0", name=f"{column}_range") for column in columns)


def _ratios(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{column} BETWEEN 0 AND 1", name=f"{column}_range") for column in columns)


def _code_length(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) BETWEEN 1 AND {MAX_CODE_LENGTH}", name=f"{column}_length")


_VOCABULARIES: Final[tuple[type[StrEnum], ...]] = (
    BatchState,
    Confidentiality,
    ContractType,
    CooperationMode,
    EnterpriseSize,
    EntityKind,
    ExpertCategory,
    FactIndicator,
    FactStatus,
    FactUnit,
    LegalStatus,
    MergeState,
    NeedSource,
    ProposalState,
    RunKind,
    RunState,
    ShardStage,
    ShardState,
    Willingness,
)


class Base(DeclarativeBase):
    """Naming convention and the column type of every annotation."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        str: Text(),
        int: Integer(),
        float: Float(53),
        bytes: LargeBinary(),
        datetime: UtcDateTime(),
        tuple[str, ...]: TextTuple(),
        tuple[CooperationMode, ...]: EnumTuple(CooperationMode),
        tuple[DesiredPartner, ...]: EnumTuple(DesiredPartner),
        **{vocabulary: EnumText(vocabulary) for vocabulary in _VOCABULARIES},
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


class Stamped:
    """What the store adds to every record: how often it changed, its content hash, and when (UTC)."""

    version: Mapped[int] = mapped_column(sort_order=100)
    fingerprint: Mapped[str] = mapped_column(sort_order=101)
    created_at: Mapped[datetime] = mapped_column(sort_order=102)
    updated_at: Mapped[datetime] = mapped_column(sort_order=103)


class EnterpriseRow(Stamped, Base):
    """企业."""

    __tablename__ = "enterprise"
    __table_args__ = (_code_length("code"),)

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
        _code_length("id"),
        CheckConstraint("target_trl BETWEEN 1 AND 9", name="target_trl_range"),
        *_not_negative("budget_wan", "reward_wan", "duration_months"),
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
        _code_length("id"),
        *_not_negative("capacity", "n_active_engagements"),
        *_ratios("response_ratio", "acceptance_ratio"),
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
    __table_args__ = (_code_length("id"), *_not_negative("n_staff", "n_enterprises_served"))

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
        _code_length("id"),
        CheckConstraint("trl BETWEEN 1 AND 9", name="trl_range"),
        *_not_negative("price_wan", "amount_wan"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    type: Mapped[str]
    title: Mapped[str]
    organisation: Mapped[str]
    year: Mapped[int | None] = mapped_column(index=True)
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


class MatchRunRow(Base):
    """批次; ``number`` is what its rows elsewhere call it: short, in order of the starts, never used twice."""

    __tablename__ = "match_run"
    __table_args__ = (
        UniqueConstraint("id"),
        _code_length("id"),
        *_not_negative("n_sources"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[RunKind]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    state: Mapped[RunState]
    as_of: Mapped[date | None]
    scope: Mapped[str]
    snapshot_id: Mapped[str]
    encoder_id: Mapped[str]
    configuration_hash: Mapped[str]
    inputs_hash: Mapped[str]
    n_sources: Mapped[int]
    report: Mapped[dict[str, Any]]


class SuggestionRow(Base):
    """推荐. Source and target may be of any kind, hence no foreign keys; the store deletes them together.

    Nor is there one to the run: PostgreSQL would look it up for every row, which about doubles the time of
    storing. The store locks the run while it adds to it, and deletes the suggestions before the run.

    A night adds 2.5 million of these in the order of the key, so that the table grows at its end. An index of
    targets alone would be written all over and cost four times the rest; led by ``block``, the number of the
    portion that a row was stored with, it grows at its end as well, and a look-up visits each block once. The
    blocks of a run are numbered from :func:`first_block` on.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        Index(None, "block", "target_kind", "target_id"),
        CheckConstraint("position >= 1", name="position_range"),
        _code_length("source_id"),
        _code_length("target_id"),
        {"sqlite_with_rowid": False},
    )

    run_number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    source_kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    source_id: Mapped[Code] = mapped_column(primary_key=True)
    target_kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target_id: Mapped[Code]
    score: Mapped[float]
    parts: Mapped[dict[str, Any]]
    reason: Mapped[str]
    evidence_ids: Mapped[tuple[str, ...]]
    block: Mapped[Number]


_BLOCKS_PER_RUN: Final = 10_000


def first_block(run_number: int) -> int:
    """The number of a run's first block; those of different runs never meet."""
    return run_number * _BLOCKS_PER_RUN


def last_possible_block(run_number: int) -> int:
    """The highest number that a block of a run may have."""
    return first_block(run_number + 1) - 1


class RunShardRow(Base):
    """One stage of one shard of a run; ``payload`` is what it found, until the run has no more use for it."""

    __tablename__ = "run_shard"

    run_number: Mapped[Number] = mapped_column(
        ForeignKey("match_run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    stage: Mapped[ShardStage] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[ShardState]
    attempts: Mapped[int]
    error: Mapped[str]
    updated_at: Mapped[datetime]
    sha256: Mapped[str | None]
    payload: Mapped[bytes | None]


class LeaseRow(Base):
    """Who may do something alone, and until when; the row stays after a release, so that tokens only grow."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    token: Mapped[int] = mapped_column(NUMBER_TYPE)
    expires_at: Mapped[datetime]


class PublicationRow(Base):
    """A change of the run that readers see; the newest line counts, ``previous_number`` is what it replaced."""

    __tablename__ = "publication"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    number: Mapped[Number] = mapped_column(primary_key=True)
    run_number: Mapped[Number] = mapped_column(ForeignKey("match_run.number", ondelete="CASCADE"))
    previous_number: Mapped[int | None] = mapped_column(
        NUMBER_TYPE, ForeignKey("publication.number", ondelete="SET NULL")
    )
    at: Mapped[datetime]
    actor: Mapped[str]


class AuditRow(Base):
    """One line of the audit trail; ``id`` gives the order and is never used twice."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[Number] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    detail: Mapped[dict[str, Any]]


class ImportBatchRow(Base):
    """One file that was applied; ``number`` gives the order and is never used twice."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("id"), _code_length("id"), {"sqlite_autoincrement": True})

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    n_rows: Mapped[int]
    n_new: Mapped[int]
    n_changed: Mapped[int]
    n_unchanged: Mapped[int]
    n_duplicates: Mapped[int]
    n_error_rows: Mapped[int]
    state: Mapped[BatchState]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ImportChangeRow(Base):
    """What a batch did to one record: the fingerprint it left, and what stood there before, if anything.

    A city's first load writes a row for every record, so a new one costs no more than its key and fingerprint.
    """

    __tablename__ = "import_change"

    batch_number: Mapped[Number] = mapped_column(
        ForeignKey("import_batch.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    record_id: Mapped[Code] = mapped_column(primary_key=True)
    after: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    before_version: Mapped[int | None]
    before_updated_at: Mapped[datetime | None]


class ImportMappingRow(Base):
    """Which column of a source is which field, as someone once said; ``source`` is a hash of its headers."""

    __tablename__ = "import_mapping"

    kind: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    headers: Mapped[tuple[str, ...]]
    columns: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    actor: Mapped[str]


class DuplicateProposalRow(Base):
    """Two records that may be one, and what a person said. Either may be gone, hence no foreign keys."""

    __tablename__ = "duplicate_proposal"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        *_ratios("score"),
        Index(None, "kind", "second_id"),
    )

    kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    first_id: Mapped[Code] = mapped_column(primary_key=True)
    second_id: Mapped[Code] = mapped_column(primary_key=True)
    score: Mapped[float | None]
    signals: Mapped[list[dict[str, Any]]]
    state: Mapped[ProposalState]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class RecordMergeRow(Base):
    """One record made of two; ``number`` gives the order and is never used twice."""

    __tablename__ = "record_merge"
    __table_args__ = (
        UniqueConstraint("id"),
        _code_length("id"),
        *_ratios("score"),
        Index(None, "kind", "survivor_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[EntityKind]
    survivor_id: Mapped[Code]
    absorbed_id: Mapped[Code]
    at: Mapped[datetime]
    actor: Mapped[str]
    score: Mapped[float | None]
    signals: Mapped[list[dict[str, Any]]]
    chosen: Mapped[dict[str, Any]]
    state: Mapped[MergeState]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class MergeChangeRow(Base):
    """What a merge did to one row: as it was before, and a hash of what it became; NULL where there was none."""

    __tablename__ = "merge_change"

    merge_number: Mapped[Number] = mapped_column(
        ForeignKey("record_merge.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str]
    row_key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[str | None]


class MergedIdRow(Base):
    """An id that a merge took away, and the record that answers for it since; that one may be merged in turn."""

    __tablename__ = "merged_id"

    kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    old_id: Mapped[Code] = mapped_column(primary_key=True)
    survivor_id: Mapped[Code]
    merge_number: Mapped[Number] = mapped_column(
        ForeignKey("record_merge.number", ondelete="CASCADE"),
        index=True,
    )
