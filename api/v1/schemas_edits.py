"""What the API takes to correct records of the library: only the fields that are named are changed.

Titles and descriptions are those of the answers, so that a field is called the same wherever it stands.
"""

from typing import Annotated, Any, ClassVar, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_entities import AchievementOut, EnterpriseOut, ExpertOut, PlatformOut
from recommender.domain.kinds import (
    CooperationMode,
    EnterpriseSize,
    ExpertCategory,
    LegalStatus,
    Willingness,
)

E = TypeVar("E")

_MAX_LINE: Final = 200
_MAX_TEXT: Final = 20_000
_MAX_ITEMS: Final = 100
_MOST: Final = 2**31 - 1

Name = Annotated[Text, Field(min_length=1, max_length=_MAX_LINE)]
Line = Annotated[Text, Field(max_length=_MAX_LINE)]
Long = Annotated[Text, Field(max_length=_MAX_TEXT)]
Items = Annotated[list[Name], Field(max_length=_MAX_ITEMS)]
Count = Annotated[int, Field(ge=0, le=_MOST, strict=True)]
Year = Annotated[int, Field(ge=1800, le=2200, strict=True)]
Level = Annotated[int, Field(ge=1, le=9, strict=True)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]

Mode = Literal["技术诊断", "专题培训", "联合开发", "委托研发"]
Size = Literal["大型", "中型", "小型", "微型"]
Category = Literal["技术", "管理", "经济"]
Intent = Literal["开放", "暂停", "拒绝"]
Legal = Literal["申请中", "已公开", "实质审查", "有效", "失效", "驳回", "撤回"]


def _like(shown: type[BaseModel], name: str, default: Any = "") -> Any:
    """A field called and described as in an answer."""
    field = shown.model_fields[name]
    return Field(default, title=field.title, description=field.description, examples=field.examples)


def _edit(title: str, example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(
        title=title,
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "description": "只改写出的字段，其余不变。",
            "examples": [example],
            "minProperties": 1,
        },
    )


class EditIn(BaseModel):
    """Fields to be changed."""

    words: ClassVar[dict[str, Any]] = {}
    """Fields whose values are members of a vocabulary, and which."""

    def changes(self) -> dict[str, Any]:
        """Values by field for those that were named, of the types that records have."""
        return {name: self._typed(name, getattr(self, name)) for name in sorted(self.model_fields_set)}

    def _typed(self, name: str, value: Any) -> Any:
        vocabulary = self.words.get(name)
        if isinstance(value, list):
            return tuple(value if vocabulary is None else map(vocabulary, value))
        return value if vocabulary is None or value is None else vocabulary(value)


class EnterpriseEditIn(EditIn):
    """Corrections of an enterprise."""

    model_config = _edit("修改企业", {"town": "杨舍镇", "main_products": "冷轧薄板、镀锌板"})
    words: ClassVar[dict[str, Any]] = {"size": EnterpriseSize}

    name: Name = _like(EnterpriseOut, "name")
    town: Line = _like(EnterpriseOut, "town")
    industry: Line = _like(EnterpriseOut, "industry")
    industry_chain: Line = _like(EnterpriseOut, "industry_chain")
    founded_on: Day | None = _like(EnterpriseOut, "founded_on", None)
    registered_capital: Line = _like(EnterpriseOut, "registered_capital")
    qualifications: Items = _like(EnterpriseOut, "qualifications", [])
    main_products: Long = _like(EnterpriseOut, "main_products")
    business_scope: Long = _like(EnterpriseOut, "business_scope")
    province: Line = _like(EnterpriseOut, "province")
    city: Line = _like(EnterpriseOut, "city")
    former_names: Items = _like(EnterpriseOut, "former_names", [])
    nature: Line = _like(EnterpriseOut, "nature")
    size: Size | None = _like(EnterpriseOut, "size", None)
    above_scale: bool | None = _like(EnterpriseOut, "above_scale", None)


class ExpertEditIn(EditIn):
    """Corrections of an expert."""

    model_config = _edit("修改专家", {"job_title": "教授", "research_fields": ["薄板轧制", "板形控制"]})
    words: ClassVar[dict[str, Any]] = {
        "cooperation_modes": CooperationMode,
        "willingness": Willingness,
        "category": ExpertCategory,
    }

    name: Name = _like(ExpertOut, "name")
    organisation: Line = _like(ExpertOut, "organisation")
    department: Line = _like(ExpertOut, "department")
    job_title: Line = _like(ExpertOut, "job_title")
    honours: Long = _like(ExpertOut, "honours")
    province: Line = _like(ExpertOut, "province")
    city: Line = _like(ExpertOut, "city")
    research_fields: Items = _like(ExpertOut, "research_fields", [])
    discipline: Line = _like(ExpertOut, "discipline")
    industry_chain: Line = _like(ExpertOut, "industry_chain")
    solvable_problems: Long = _like(ExpertOut, "solvable_problems")
    biography: Long = _like(ExpertOut, "biography")
    cooperation_modes: Annotated[list[Mode], Field(max_length=_MAX_ITEMS)] = _like(
        ExpertOut, "cooperation_modes", []
    )
    capacity: Count | None = Field(None, title="容量", description="最多同时接几家企业；未写明时为 null")
    willingness: Intent = Field("开放", title="意愿", description="是否接受新的对接")
    avoided_enterprises: Items = Field([], title="回避", description="须回避的企业的统一社会信用代码")
    verified_on: Day | None = _like(ExpertOut, "verified_on", None)
    data_source: Line = _like(ExpertOut, "data_source")
    category: Category | None = _like(ExpertOut, "category", None)
    preferred_regions: Items = _like(ExpertOut, "preferred_regions", [])
    phone: Line = Field("", title="手机", description="一个手机号或带区号的固定电话；加密保存，不在答复中显示")
    email: Line = Field("", title="邮箱", description="一个邮箱地址；加密保存，不在答复中显示")
    source_url: Line = _like(ExpertOut, "source_url")
    collected_on: Day | None = _like(ExpertOut, "collected_on", None)


class PlatformEditIn(EditIn):
    """Corrections of a platform."""

    model_config = _edit("修改创新平台", {"level": "省级", "services": "轧制试验、边部缺陷检测"})

    name: Name = _like(PlatformOut, "name")
    type: Line = _like(PlatformOut, "type")
    level: Line = _like(PlatformOut, "level")
    host_organisation: Line = _like(PlatformOut, "host_organisation")
    province: Line = _like(PlatformOut, "province")
    city: Line = _like(PlatformOut, "city")
    industry_chain: Line = _like(PlatformOut, "industry_chain")
    research_fields: Items = _like(PlatformOut, "research_fields", [])
    services: Long = _like(PlatformOut, "services")
    equipment: Long = _like(PlatformOut, "equipment")
    certifications: Items = _like(PlatformOut, "certifications", [])
    director: Line = _like(PlatformOut, "director")
    address: Line = _like(PlatformOut, "address")
    technical_field: Line = _like(PlatformOut, "technical_field")
    n_staff: Count | None = _like(PlatformOut, "n_staff", None)
    open_sharing: Long = _like(PlatformOut, "open_sharing")
    n_enterprises_served: Count | None = _like(PlatformOut, "n_enterprises_served", None)
    recognised_in: Year | None = _like(PlatformOut, "recognised_in", None)
    valid_until: Day | None = _like(PlatformOut, "valid_until", None)
    assessment: Line = _like(PlatformOut, "assessment")


class AchievementEditIn(EditIn):
    """Corrections of an achievement."""

    model_config = _edit("修改成果", {"trl": 6, "keywords": ["冷轧", "边裂"]})
    words: ClassVar[dict[str, Any]] = {"legal_status": LegalStatus}

    type: Line = _like(AchievementOut, "type")
    title: Annotated[Text, Field(min_length=1, max_length=1000)] = _like(AchievementOut, "title")
    abstract: Long = _like(AchievementOut, "abstract")
    keywords: Items = _like(AchievementOut, "keywords", [])
    organisation: Line = _like(AchievementOut, "organisation")
    author_ids: Items = _like(AchievementOut, "author_ids", [])
    year: Year | None = _like(AchievementOut, "year", None)
    trl: Level | None = _like(AchievementOut, "trl", None)
    industry_chain: Line = _like(AchievementOut, "industry_chain")
    application_industry: Line = _like(AchievementOut, "application_industry")
    transfer_modes: Items = _like(AchievementOut, "transfer_modes", [])
    technical_field: Line = _like(AchievementOut, "technical_field")
    indicators: Items = _like(AchievementOut, "indicators", [])
    patent_number: Line = _like(AchievementOut, "patent_number")
    legal_status: Legal | None = _like(AchievementOut, "legal_status", None)
    ownership: Line = _like(AchievementOut, "ownership")
    price_wan: Amount | None = _like(AchievementOut, "price_wan", None)
    role: Line = _like(AchievementOut, "role")
    amount_wan: Amount | None = _like(AchievementOut, "amount_wan", None)
    proof: Long = _like(AchievementOut, "proof")
