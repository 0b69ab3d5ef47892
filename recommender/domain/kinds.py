"""The closed vocabularies of the domain."""

from enum import StrEnum
from typing import Final


class EntityKind(StrEnum):
    """What can stand on either side of a match."""

    ENTERPRISE = "enterprise"
    NEED = "need"
    EXPERT = "expert"
    PLATFORM = "platform"
    ACHIEVEMENT = "achievement"


KIND_LABELS: Final[dict[EntityKind, str]] = {
    EntityKind.ENTERPRISE: "企业",
    EntityKind.NEED: "需求",
    EntityKind.EXPERT: "专家",
    EntityKind.PLATFORM: "创新平台",
    EntityKind.ACHIEVEMENT: "成果",
}

SUPPLY_KINDS: Final = (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT)
"""What a need is matched against."""

DEMAND_KINDS: Final = (EntityKind.ENTERPRISE, EntityKind.NEED)
"""What an achievement is matched against."""


class Willingness(StrEnum):
    """Whether an expert takes new requests (意愿)."""

    OPEN = "开放"
    PAUSED = "暂停"
    DECLINED = "拒绝"


class CooperationMode(StrEnum):
    """合作方式: two short-term forms, two long-term forms."""

    DIAGNOSIS = "技术诊断"
    TRAINING = "专题培训"
    JOINT_DEVELOPMENT = "联合开发"
    COMMISSIONED_RESEARCH = "委托研发"


class NeedSource(StrEnum):
    """Where a need came from (来源)."""

    FILED = "企业申报"
    VISIT = "走访"
    OFFICER = "镇长团"
    EVENT = "活动"
