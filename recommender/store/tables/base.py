"""What every table is made of: keys, added columns, checks and the column type of every annotation."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from sqlalchemy import JSON, BigInteger, CheckConstraint, Float, Integer, LargeBinary, MetaData, Text
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
from recommender.store.columns import EnumText, EnumTuple, TextTuple, UtcDateTime

MAX_CODE_LENGTH: Final = 200
"""Characters; keeps every key inside PostgreSQL's limit for index entries."""

AddedText = Annotated[str, mapped_column(server_default="")]
AddedTexts = Annotated[tuple[str, ...], mapped_column(server_default="[]")]

NUMBER_TYPE: Final = BigInteger().with_variant(Integer, "sqlite")
"""Of keys that the database counts up; SQLite does so for ``INTEGER`` only, which holds 64 bits there."""

Number = Annotated[int, mapped_column(NUMBER_TYPE)]


def not_negative(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{column} >= 0", name=f"{column}_range") for column in columns)


def ratios(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{column} BETWEEN 0 AND 1", name=f"{column}_range") for column in columns)


def code_length(column: str) -> CheckConstraint:
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
