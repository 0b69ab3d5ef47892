"""What the API takes and gives, apart from the domain, so that neither binds the other.

Class docstrings are for readers of the code; what the OpenAPI document says stands in the model
configuration.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

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
)
from recommender.domain.match import ExclusionCode

MAX_FILTERS: Final = 20
MAX_FILTER_CHARS: Final = 100
MAX_KINDS: Final = 10

SupplyKind = Literal[EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT]
DemandKind = Literal[EntityKind.ENTERPRISE, EntityKind.NEED]
SUPPLY_DEFAULT: Final[list[SupplyKind]] = [EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT]
DEMAND_DEFAULT: Final[list[DemandKind]] = [EntityKind.ENTERPRISE, EntityKind.NEED]


def _encodable(text: str) -> str:
    """Refuse half a surrogate pair, which JSON can write and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "not encodable") from None
    return text


Text = Annotated[str, AfterValidator(_encodable)]
FilterText = Annotated[str, Field(max_length=MAX_FILTER_CHARS), AfterValidator(_encodable)]
"""``区域=苏州``; its meaning is checked by the domain."""
NO_FILTERS: Final[list[str]] = []

K_DESCRIPTION: Final = "每类返回的条数，至少 1；上限由设置 MATCHMAKER_MAX_K 决定（默认 1000）"
FILTER_DESCRIPTION: Final = (
    "筛选条件，写作 名称=值，文本包含该值即符合；多个条件须同时满足，对不适用的对象不起作用。"
    "可用名称：区域、产业链、单位、类型、合作方式、年份起"
)
KIND_DESCRIPTION: Final = "expert 专家、platform 创新平台、achievement 成果；默认全部，按给出的顺序返回"
DEMAND_KIND_DESCRIPTION: Final = "enterprise 企业、need 需求；默认全部，按给出的顺序返回"


def _model(title: str, description: str, **extra: Any) -> ConfigDict:
    return ConfigDict(
        title=title,
        from_attributes=True,
        frozen=True,
        json_schema_extra={"description": description, **extra},
    )


def _values(*members: str) -> WithJsonSchema:
    """A closed vocabulary as plain text: as an enumeration its class would enter the OpenAPI document."""
    return WithJsonSchema({"type": "string", "enum": list(members)})


_Kind = Annotated[str, _values(*EntityKind)]
_Mode = Annotated[str, _values(*CooperationMode)]
_Source = Annotated[str, _values(*NeedSource)]
_Contract = Annotated[str, _values(*ContractType)]
_Partner = Annotated[str, _values(*DesiredPartner)]
_Confidentiality = Annotated[str, _values(*Confidentiality)]
_Category = Annotated[str, _values(*ExpertCategory)]
_LegalStatus = Annotated[str, _values(*LegalStatus)]
_Size = Annotated[str, _values(*EnterpriseSize)]
_Exclusion = Annotated[
    str, _values(*(code for code in ExclusionCode if code is not ExclusionCode.CONSENT_WITHDRAWN))
]

Span = Annotated[
    tuple[int, int],
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 2,
            "maxItems": 2,
            "description": "半开区间 [起, 止)，按 Unicode 字符计数，从 0 开始",
            "examples": [[0, 4]],
        }
    ),
]


class MatchTextIn(BaseModel):
    """A need in free text."""

    model_config = ConfigDict(
        title="自由文本匹配请求",
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "description": "名称与描述至少填一项。分开填写效果更好：名称说明是什么事，描述补充条件与指标。",
            "examples": [
                {
                    "title": "薄板冷轧边裂控制",
                    "text": "轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。",
                    "kinds": ["expert", "platform"],
                    "k": 5,
                    "filters": ["区域=江苏"],
                }
            ],
        },
    )

    title: Text = Field("", title="需求名称", description="一句话说明要解决什么", examples=["薄板冷轧边裂控制"])
    text: Text = Field(
        "",
        title="需求描述",
        description="难点、指标、现有基础等；"
        "名称与描述合计的字数上限由设置 MATCHMAKER_MAX_NEED_CHARS 决定（默认 20000）",
        examples=["轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。"],
    )
    kinds: list[SupplyKind] = Field(
        SUPPLY_DEFAULT,
        title="匹配对象",
        description=KIND_DESCRIPTION,
        min_length=1,
        max_length=MAX_KINDS,
    )
    k: int = Field(
        10,
        strict=True,
        title="条数",
        description=K_DESCRIPTION,
        examples=[10],
        json_schema_extra={"minimum": 1},
    )
    filters: list[FilterText] = Field(
        NO_FILTERS,
        title="筛选条件",
        description=FILTER_DESCRIPTION,
        examples=[["区域=苏州", "年份起=2020"]],
        max_length=MAX_FILTERS,
    )


class ScorePartOut(BaseModel):
    """One summand of a score."""

    model_config = _model("得分项", "得分的一个组成部分。")

    name: str = Field(title="代码", description="这一项的代码", examples=["text"])
    label: str = Field(title="名称", description="这一项的中文名称", examples=["内容相近"])
    value: float = Field(
        title="取值", description="0 到 1，越大越好；资料不足以判断时为 0.5，既不加分也不减分", ge=0, le=1
    )
    weight: float = Field(title="权重", description="这一项的权重；只列出适用于该类对象的项", ge=0)
    contribution: float = Field(title="贡献", description="取值 × 权重；得分 = 各项贡献之和 ÷ 各项权重之和", ge=0)


class ReasonOut(BaseModel):
    """One sentence of an explanation."""

    model_config = _model("理由", "一句说明。")

    code: str = Field(title="代码", description="这类说明的代码", examples=["evidence.shared_words"])
    text: str = Field(
        title="说明", description="可直接显示的中文", examples=["论文《…》与需求共同涉及：冷轧、边裂"]
    )
    evidence_id: str | None = Field(
        title="依据编号", description="所依据的成果或对象的编号；不依据某一项时为 null", examples=["LW-1"]
    )


class EvidenceOut(BaseModel):
    """One passage that speaks for a match."""

    model_config = _model("依据", "支持这个结果的一段资料，文字与导入时一致。")

    id: str = Field(title="编号", description="成果编号；若是对象自己的介绍，则为对象的编号", examples=["LW-1"])
    source: str = Field(title="来源", description="资料的类别", examples=["论文"])
    title: str = Field(title="标题", description="资料的标题；没有时为空")
    text: str = Field(title="正文", description="资料的正文；没有时为空")
    year: int | None = Field(title="年份", description="成果的年份；未知时为 null", examples=[2023])
    similarity: float = Field(
        title="语义相近程度",
        description="需求与这段资料的余弦相似度，-1 到 1，越大越近；"
        "同一模型给出的值往往集中在较窄的范围，只宜比较大小",
        ge=-1.001,
        le=1.001,
    )
    share: float = Field(
        title="占比", description="这段资料在该对象“内容相近”一项中所占的份额，0 到 1，越大越重要", ge=0, le=1
    )
    title_marks: list[Span] = Field(title="标题标记", description="标题中与需求相同的词的位置，升序，互不重叠")
    text_marks: list[Span] = Field(title="正文标记", description="正文中与需求相同的词的位置，升序，互不重叠")
    sentence: Span | None = Field(title="最相关的一句", description="正文中最贴近需求的一句的位置；没有时为 null")


class MatchOut(BaseModel):
    """One ranked entity."""

    model_config = _model("结果", "排好序的一个结果。")

    position: int = Field(title="名次", description="从 1 开始；得分相同时按编号排序，结果可重现", ge=1)
    id: str = Field(title="编号", description="对象的编号", examples=["ZJ-1"])
    name: str = Field(title="名称", description="姓名、平台名称、成果名称、企业名称或需求名称")
    organisation: str = Field(title="单位", description="所在单位、依托单位或完成单位；没有时为空")
    score: float = Field(
        title="得分",
        description="0 到 1，越大越合适；各项因素按权重的平均，不是概率，只用于同一次匹配内排序",
        ge=0,
        le=1,
    )
    parts: list[ScorePartOut] = Field(title="得分项", description="得分的各个组成部分")
    reasons: list[ReasonOut] = Field(title="理由", description="为什么推荐，最重要的在前")
    gaps: list[ReasonOut] = Field(title="未覆盖之处", description="需求提到而资料未体现的内容，供人工核对")
    evidence: list[EvidenceOut] = Field(title="依据", description="最有力的几段资料，最有力的在前")


class ExclusionOut(BaseModel):
    """An entity that a hard rule keeps out."""

    model_config = _model("未列入的对象", "内容合适、但按规则不能推荐的对象。")

    id: str = Field(title="编号", description="对象的编号")
    name: str = Field(title="名称", description="对象的名称")
    code: _Exclusion = Field(title="原因", description="为什么不能推荐")


class MatchListOut(BaseModel):
    """The answer for one kind."""

    model_config = _model("一类对象的结果", "一类对象的排序结果。")

    kind: _Kind = Field(title="类别", description="这一组是哪类对象", examples=["expert"])
    label: str = Field(title="类别名称", description="类别的中文名称", examples=["专家"])
    n_candidates: int = Field(title="候选总数", description="符合筛选条件、可供排序的对象数", ge=0)
    matches: list[MatchOut] = Field(title="结果", description="最合适的在前，最多 k 个")
    exclusions: list[ExclusionOut] = Field(
        title="未列入的对象", description="得分足以列入、但按规则不能推荐的对象；已撤回同意的专家不列出"
    )
    advice: str = Field(title="提示", description="全部结果的相近程度都偏低时，说明原因与可做的事；否则为空")


class MatchAnswerOut(BaseModel):
    """The answer to one match."""

    model_config = _model("匹配结果", "一次匹配的完整结果。")

    title: str = Field(title="名称", description="用于匹配的需求名称或成果名称")
    text: str = Field(title="描述", description="用于匹配的需求描述或成果摘要")
    lists: list[MatchListOut] = Field(title="分类结果", description="每类对象一组，按请求的顺序")
    snapshot_id: str = Field(title="索引版本", description="产生结果的索引版本")
    encoder_id: str = Field(title="编码模型", description="产生结果的编码模型")
    configuration_hash: str = Field(title="配置摘要", description="排序参数的摘要；摘要相同则参数相同")
    problems: list[str] = Field(title="提示", description="索引方面需要管理员留意的情况；一切正常时为空")


class EnterpriseOut(BaseModel):
    """An enterprise."""

    model_config = _model("企业", "一家企业。未知的文本为空，未知的日期为 null。")

    code: str = Field(title="统一社会信用代码", description="企业的编号")
    name: str = Field(title="名称", description="企业名称")
    town: str = Field(title="区镇", description="所在区镇")
    industry: str = Field(title="行业", description="所属行业")
    industry_chain: str = Field(title="产业链", description="所属产业链")
    founded_on: date | None = Field(title="成立日期", description="成立日期")
    registered_capital: str = Field(title="注册资本", description="注册资本，含单位与币种，与来源一致")
    qualifications: list[str] = Field(title="资质", description="高新技术企业、专精特新等")
    main_products: str = Field(title="主要产品", description="主要产品")
    business_scope: str = Field(title="经营范围", description="经营范围")
    province: str = Field(title="省份", description="所在省份")
    city: str = Field(title="城市", description="所在城市")
    former_names: list[str] = Field(title="曾用名", description="曾用名")
    nature: str = Field(title="性质", description="国有、民营、外商投资等")
    size: _Size | None = Field(title="规模", description="按统计标准划分的规模")
    above_scale: bool | None = Field(title="规上", description="是否为规模以上企业；未知时为 null")


class NeedOut(BaseModel):
    """A need."""

    model_config = _model("需求", "一条需求。未知的文本为空，未知的数与日期为 null。")

    id: str = Field(title="编号", description="需求编号")
    title: str = Field(title="名称", description="需求名称")
    description: str = Field(title="描述", description="难点、指标、现有基础等")
    enterprise_code: str = Field(title="企业", description="提出需求的企业的统一社会信用代码；未登记时为空")
    industry_chain: str = Field(title="产业链", description="所属产业链")
    cooperation_mode: _Mode | None = Field(title="合作方式", description="希望的合作方式")
    target_trl: int | None = Field(title="期望成熟度", description="期望的 TRL，1 到 9", ge=1, le=9)
    budget_wan: float | None = Field(title="预期投入", description="预期投入，单位：万元", ge=0)
    deadline: date | None = Field(title="截止日期", description="截止日期")
    keywords: list[str] = Field(title="关键词", description="关键词")
    source: _Source | None = Field(title="来源", description="需求从哪里来")
    difficulties: str = Field(title="主要技术难点", description="主要技术难点")
    indicators: list[str] = Field(
        title="主要技术指标", description="每项写作 名称 比较符 值 单位", examples=[["边裂率 ≤ 1 %"]]
    )
    research_content: str = Field(title="主要研究内容", description="主要研究内容")
    foundation: str = Field(title="现有基础", description="企业已有的基础和做过的尝试")
    scenario: str = Field(title="应用场景", description="技术用在哪里")
    technical_field: str = Field(title="技术领域", description="所属技术领域")
    industry: str = Field(title="行业", description="国民经济行业分类（GB/T 4754）的代码与名称")
    contract_type: _Contract | None = Field(title="合同类型", description="希望签订的技术合同类型")
    desired_partners: list[_Partner] = Field(title="期望对象", description="希望对接的对象；未表示时为空")
    intended_experts: list[str] = Field(title="意向专家", description="企业想到的专家，编号或姓名")
    reward_wan: float | None = Field(title="悬赏", description="悬赏金额，单位：万元", ge=0)
    duration_months: int | None = Field(title="时限", description="希望多少个月内完成", ge=0)
    confidentiality: _Confidentiality = Field(title="密级", description="公开、内部或机密")
    public_summary: str = Field(title="公开摘要", description="可以对外公布的内容")
    diagnosis: str = Field(title="诊断意见", description="审核时的诊断意见")


class ExpertOut(BaseModel):
    """What is public of an expert: no contacts, no conflicts of interest, no consent, no workload, no habits."""

    model_config = _model("专家", "一位专家的公开信息。未知的文本为空，未知的日期为 null。")

    id: str = Field(title="编号", description="专家编号")
    name: str = Field(title="姓名", description="姓名")
    organisation: str = Field(title="单位", description="所在单位")
    department: str = Field(title="院系", description="院系或部门")
    job_title: str = Field(title="职称", description="职称")
    honours: str = Field(title="称号", description="人才称号")
    province: str = Field(title="省份", description="单位所在省份")
    city: str = Field(title="城市", description="单位所在城市")
    research_fields: list[str] = Field(title="研究方向", description="研究方向")
    discipline: str = Field(title="学科", description="学科")
    industry_chain: str = Field(title="产业链", description="相关产业链")
    solvable_problems: str = Field(title="能解决的问题", description="能解决的问题、可提供的服务")
    biography: str = Field(title="简介", description="简介")
    cooperation_modes: list[_Mode] = Field(title="合作方式", description="接受的合作方式；未表示时为空")
    verified_on: date | None = Field(title="最近核验日期", description="资料最近一次核验的日期")
    data_source: str = Field(title="数据来源", description="资料的来源")
    category: _Category | None = Field(title="类别", description="技术、管理或经济；未知时为 null")
    preferred_regions: list[str] = Field(title="地域偏好", description="愿意服务的地区；不限时为空")
    source_url: str = Field(title="来源网址", description="资料来自哪个网页")
    collected_on: date | None = Field(title="采集日期", description="资料是哪一天采集的")


class PlatformOut(BaseModel):
    """An innovation platform."""

    model_config = _model("创新平台", "一个创新平台。未知的文本为空，未知的数与日期为 null。")

    id: str = Field(title="编号", description="平台编号")
    name: str = Field(title="名称", description="平台名称")
    type: str = Field(title="类型", description="重点实验室、工程技术研究中心等")
    level: str = Field(title="级别", description="国家级、省级等")
    host_organisation: str = Field(title="依托单位", description="依托单位")
    province: str = Field(title="省份", description="所在省份")
    city: str = Field(title="城市", description="所在城市")
    industry_chain: str = Field(title="产业链", description="相关产业链")
    research_fields: list[str] = Field(title="研究方向", description="研究方向")
    services: str = Field(title="服务", description="可提供的服务")
    equipment: str = Field(title="设备", description="主要设备与开放共享情况")
    certifications: list[str] = Field(title="资质", description="CNAS、CMA 等")
    director: str = Field(title="负责人", description="负责人姓名")
    address: str = Field(title="地址", description="地址")
    technical_field: str = Field(title="领域", description="所属技术领域")
    n_staff: int | None = Field(title="人员数", description="平台人员数；未知时为 null", ge=0)
    open_sharing: str = Field(title="开放共享", description="设备怎样对外开放")
    n_enterprises_served: int | None = Field(
        title="服务企业数", description="服务过的企业数；未知时为 null", ge=0
    )
    recognised_in: int | None = Field(title="认定年份", description="认定年份；未知时为 null")
    valid_until: date | None = Field(title="到期日期", description="认定到哪一天为止；未知时为 null")
    assessment: str = Field(title="考核", description="最近一次考核结果")


class AchievementOut(BaseModel):
    """An achievement."""

    model_config = _model("成果", "一项成果。未知的文本为空，未知的数为 null。")

    id: str = Field(title="编号", description="成果编号")
    type: str = Field(title="类别", description="论文、专利、项目等")
    title: str = Field(title="名称", description="成果名称")
    abstract: str = Field(title="摘要", description="摘要")
    keywords: list[str] = Field(title="关键词", description="关键词")
    organisation: str = Field(title="完成单位", description="完成单位")
    author_ids: list[str] = Field(title="完成人", description="完成人的专家编号，按署名顺序")
    year: int | None = Field(title="年份", description="年份")
    trl: int | None = Field(title="成熟度", description="TRL，1 到 9", ge=1, le=9)
    industry_chain: str = Field(title="产业链", description="相关产业链")
    application_industry: str = Field(title="应用行业", description="应用行业")
    transfer_modes: list[str] = Field(title="转化方式", description="转让、许可、作价投资、合作等")
    technical_field: str = Field(title="领域", description="所属技术领域")
    indicators: list[str] = Field(
        title="技术指标", description="每项写作 名称 比较符 值 单位", examples=[["抗拉强度 ≥ 980 MPa"]]
    )
    patent_number: str = Field(title="专利号", description="专利号或申请号")
    legal_status: _LegalStatus | None = Field(title="法律状态", description="专利的法律状态；未知时为 null")
    ownership: str = Field(title="权属", description="权利归谁所有")
    price_wan: float | None = Field(title="价格", description="转让或许可的价格，单位：万元", ge=0)
    role: str = Field(title="角色", description="第一完成人在项目中的角色")
    amount_wan: float | None = Field(title="金额", description="项目经费或合同金额，单位：万元", ge=0)
    proof: str = Field(title="证明材料", description="有哪些证明材料")
