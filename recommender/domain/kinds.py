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


class ContractType(StrEnum):
    """合同类型: the five kinds of technology contract of the civil code (民法典 §843)."""

    DEVELOPMENT = "技术开发"
    TRANSFER = "技术转让"
    LICENCE = "技术许可"
    CONSULTING = "技术咨询"
    SERVICE = "技术服务"


class Confidentiality(StrEnum):
    """密级 of a need: who may read more than its public summary."""

    PUBLIC = "公开"
    INTERNAL = "内部"
    CONFIDENTIAL = "机密"


class DesiredPartner(StrEnum):
    """期望对象: whom the enterprise would like to work with."""

    EXPERT = "专家"
    PLATFORM = "创新平台"
    ACHIEVEMENT = "成果"
    INSTITUTION = "高校院所"
    ENTERPRISE = "企业"
    ANY = "不限"


class ExpertCategory(StrEnum):
    """类别 of an expert."""

    TECHNOLOGY = "技术"
    MANAGEMENT = "管理"
    ECONOMICS = "经济"


class PlatformType(StrEnum):
    """类型 of platforms as they are recognised in the city; registers elsewhere know more."""

    KEY_LABORATORY = "重点实验室"
    ENGINEERING_CENTRE = "工程技术研究中心"
    ENTERPRISE_CENTRE = "企业技术中心"
    INNOVATION_CENTRE = "技术创新中心"
    NEW_RESEARCH_BODY = "新型研发机构"
    WORKSTATION = "工作站"
    GRADUATE_WORKSTATION = "研究生工作站"
    TESTING = "检测公共服务平台"
    PILOT = "中试公共服务平台"
    PUBLIC_SERVICE = "公共服务平台"
    CONSORTIUM = "创新联合体"


class PlatformLevel(StrEnum):
    """级别 of platforms, highest first."""

    NATIONAL = "国家级"
    PROVINCIAL = "省级"
    MUNICIPAL = "市级"
    COUNTY = "县级"


class AchievementType(StrEnum):
    """类别 of achievements and evidence; registers know more."""

    PAPER = "论文"
    PATENT = "专利"
    INVENTION = "发明专利"
    UTILITY_MODEL = "实用新型"
    DESIGN = "外观设计"
    PROJECT = "项目"
    AWARD = "获奖"
    STANDARD = "标准"
    CONVERSION = "转化案例"
    SOFTWARE = "软件著作权"
    ACHIEVEMENT = "成果"


class LegalStatus(StrEnum):
    """法律状态 of a patent."""

    APPLIED = "申请中"
    PUBLISHED = "已公开"
    EXAMINED = "实质审查"
    GRANTED = "有效"
    LAPSED = "失效"
    REJECTED = "驳回"
    WITHDRAWN = "撤回"


class TransferMode(StrEnum):
    """转化方式 of an achievement."""

    TRANSFER = "转让"
    LICENCE = "许可"
    SHARES = "作价投资"
    COOPERATION = "合作"
    OWN_USE = "自行"


class EnterpriseSize(StrEnum):
    """规模 by the statistical standard, largest first."""

    LARGE = "大型"
    MEDIUM = "中型"
    SMALL = "小型"
    MICRO = "微型"


class EnterpriseNature(StrEnum):
    """性质 of enterprises; registers word it in many more ways."""

    STATE = "国有"
    COLLECTIVE = "集体"
    PRIVATE = "民营"
    FOREIGN = "外商投资"
    OVERSEAS_CHINESE = "港澳台投资"
    MIXED = "混合所有制"


class NeedSource(StrEnum):
    """Where a need came from (来源)."""

    FILED = "企业申报"
    VISIT = "走访"
    OFFICER = "镇长团"
    EVENT = "活动"
