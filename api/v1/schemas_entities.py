"""Records of the library as the API gives them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.v1.schemas import described, one_of
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EnterpriseSize,
    ExpertCategory,
    LegalStatus,
    NeedSource,
)

_Mode = Annotated[str, one_of(*CooperationMode)]
_Source = Annotated[str, one_of(*NeedSource)]
_Contract = Annotated[str, one_of(*ContractType)]
_Partner = Annotated[str, one_of(*DesiredPartner)]
_Confidentiality = Annotated[str, one_of(*Confidentiality)]
_Category = Annotated[str, one_of(*ExpertCategory)]
_LegalStatus = Annotated[str, one_of(*LegalStatus)]
_Size = Annotated[str, one_of(*EnterpriseSize)]


class EnterpriseOut(BaseModel):
    """An enterprise."""

    model_config = described("企业", "一家企业。未知的文本为空，未知的日期为 null。")

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

    model_config = described("需求", "一条需求。未知的文本为空，未知的数与日期为 null。")

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

    model_config = described("专家", "一位专家的公开信息。未知的文本为空，未知的日期为 null。")

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

    model_config = described("创新平台", "一个创新平台。未知的文本为空，未知的数与日期为 null。")

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

    model_config = described("成果", "一项成果。未知的文本为空，未知的数为 null。")

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
