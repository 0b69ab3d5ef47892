"""What the API takes and says of intake: a draft need, and everything that helps to put it well."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_matches import Span
from recommender.domain.indicators import Comparator
from recommender.domain.kinds import Confidentiality, ContractType, CooperationMode, DesiredPartner
from recommender.domain.workflow import CaseState, NeedState
from recommender.intake.leaks import LeakKind
from recommender.intake.parts import Part, PartState

_MAX_ITEMS = 50


def _model(title: str, description: str, **extra: Any) -> ConfigDict:
    return ConfigDict(
        title=title, from_attributes=True, frozen=True, json_schema_extra={"description": description, **extra}
    )


def _values(*members: str) -> WithJsonSchema:
    """A closed vocabulary as plain text: as an enumeration its class would enter the OpenAPI document."""
    return WithJsonSchema({"type": "string", "enum": list(members)})


def _optional(*members: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "string", "enum": list(members)}, {"type": "null"}]})


_Item = Annotated[Text, Field(max_length=500)]
_Items = Annotated[list[_Item], Field(max_length=_MAX_ITEMS)]
_Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False, strict=True)]

_Mode = Literal[
    CooperationMode.DIAGNOSIS,
    CooperationMode.TRAINING,
    CooperationMode.JOINT_DEVELOPMENT,
    CooperationMode.COMMISSIONED_RESEARCH,
]
_Contract = Literal[
    ContractType.DEVELOPMENT,
    ContractType.TRANSFER,
    ContractType.LICENCE,
    ContractType.CONSULTING,
    ContractType.SERVICE,
]
_Partner = Literal[
    DesiredPartner.EXPERT,
    DesiredPartner.PLATFORM,
    DesiredPartner.ACHIEVEMENT,
    DesiredPartner.INSTITUTION,
    DesiredPartner.ENTERPRISE,
    DesiredPartner.ANY,
]
_Level = Literal[Confidentiality.PUBLIC, Confidentiality.INTERNAL, Confidentiality.CONFIDENTIAL]
_EXAMPLES: list[JsonValue] = [
    {
        "title": "薄板冷轧边裂控制",
        "difficulties": "轧制 0.3 mm 以下薄板时边部开裂，换辊后头两卷最多。",
        "indicators": ["边裂率 ≤ 1 %"],
        "industry_chain": "冶金新材料",
        "cooperation_mode": "联合开发",
        "duration_months": 18,
    }
]


class IntakeIn(BaseModel):
    """A need as far as it is written."""

    model_config = ConfigDict(
        title="需求草稿",
        extra="forbid",
        frozen=True,
        json_schema_extra={"description": "各栏都可以空着。内容不保存，也不写入日志。", "examples": _EXAMPLES},
    )

    title: Text = Field("", title="名称", description="一句话说明要解决什么", max_length=200)
    description: Text = Field("", title="描述", description="不分栏填写时的全文")
    difficulties: Text = Field("", title="主要技术难点", description="现象、条件、怀疑的原因")
    indicators: _Items = Field([], title="主要技术指标", description="每项写作 名称 比较符 值 单位")
    research_content: Text = Field("", title="主要研究内容", description="希望合作方做哪几件事")
    foundation: Text = Field("", title="现有基础", description="试过什么，有哪些设备、样品与数据")
    scenario: Text = Field("", title="应用场景", description="用在哪里，工况怎样")
    industry_chain: Text = Field("", title="产业链", description="所属产业链", max_length=100)
    technical_field: Text = Field("", title="技术领域", description="所属技术领域", max_length=200)
    industry: Text = Field("", title="行业", description="国民经济行业分类的代码与名称", max_length=200)
    keywords: _Items = Field([], title="关键词", description="关键词")
    cooperation_mode: _Mode | None = Field(None, title="合作方式", description="希望的合作方式")
    contract_type: _Contract | None = Field(None, title="合同类型", description="希望签订的技术合同类型")
    desired_partners: Annotated[list[_Partner], Field(max_length=10)] = Field(
        [], title="期望对象", description="希望对接的对象"
    )
    intended_experts: _Items = Field([], title="意向专家", description="企业想到的专家，编号或姓名")
    budget_wan: _Amount | None = Field(None, title="预期投入", description="单位：万元")
    reward_wan: _Amount | None = Field(None, title="悬赏", description="单位：万元")
    duration_months: Annotated[int, Field(strict=True, ge=0, le=1200)] | None = Field(
        None, title="时限", description="希望多少个月内完成"
    )
    deadline: Day | None = Field(None, title="截止日期", description="最晚到哪一天")
    confidentiality: _Level = Field(
        Confidentiality.INTERNAL, title="密级", description="公开、内部或机密；决定公开摘要怎样起草与检查"
    )
    public_summary: Text = Field("", title="公开摘要", description="已写的公开摘要；据此检查有没有泄露")
    enterprise_code: Text = Field(
        "", title="企业", description="统一社会信用代码；企业账号不必填，以账号所属企业为准", max_length=200
    )


class PartOut(BaseModel):
    """One part of a need."""

    model_config = _model("一个部分", "需求的一个部分填得怎样；缺失或笼统时附一个问题。")

    part: Annotated[str, _values(*Part)] = Field(
        title="代码", description="这一部分的代码", examples=["indicators"]
    )
    label: str = Field(title="名称", description="这一部分的中文名称", examples=["主要技术指标"])
    state: Annotated[str, _values(*PartState)] = Field(title="情况", description="缺失、笼统或具体")
    points: float = Field(title="得分", description="这一部分得了几分", ge=0)
    weight: int = Field(title="满分", description="这一部分满分多少；合计 100", ge=0)
    reason: str = Field(title="为什么要填", description="这一部分为什么占这些分")
    question: str = Field(title="问题", description="可以直接问企业的话；已经具体时为空")
    quoted: str = Field(title="原文", description="说得笼统的原话；没有时为空")
    field: str = Field(title="所在栏目", description="原话在需求的哪一栏；没有时为空", examples=["description"])
    span: Span | None = Field(title="位置", description="原话在该栏目中的位置；没有时为 null")


class BoundOut(BaseModel):
    """One side of an indicator."""

    model_config = _model("界限", "指标的一侧。")

    comparator: Annotated[str, _values(*Comparator)] = Field(title="比较符", description="实际值与界限的关系")
    value: str = Field(title="值", description="十进制数，如 0.10", examples=["20"])


class IndicatorOut(BaseModel):
    """An indicator that was found."""

    model_config = _model("指标", "从文字中找出的一项技术指标，各部分都有在原文中的位置。")

    field: str = Field(title="栏目", description="在需求的哪一栏", examples=["description"])
    name: str = Field(title="名称", description="量的是什么，与原文一致", examples=["边裂率"])
    change: Annotated[str, _values("", "提高", "降低")] = Field(
        title="变化", description="值是比现在提高或降低多少时写明；否则为空"
    )
    bounds: list[BoundOut] = Field(title="界限", description="一项；范围或公差为两项，下限在前")
    unit: str = Field(title="单位", description="通用符号；没有时为空", examples=["%"])
    texts: list[str] = Field(
        title="写法", description="可以直接填入需求“主要技术指标”一栏的写法", examples=[["边裂率 ≤ 1 %"]]
    )
    span: Span = Field(title="位置", description="整项在该栏目中的位置")
    name_span: Span = Field(title="名称的位置", description="名称在该栏目中的位置")
    comparator_span: Span | None = Field(title="比较词的位置", description="没有比较词时为 null")
    value_span: Span = Field(title="数值的位置", description="数值在该栏目中的位置")
    unit_span: Span | None = Field(title="单位的位置", description="没有单位时为 null")


class SimilarOut(BaseModel):
    """An earlier need."""

    model_config = _model(
        "相近的需求",
        "以前提出过的一条相近的需求。不属于当前账号范围的，只给出公开摘要与状态，不说明是谁提出的。",
    )

    id: str = Field(title="编号", description="需求编号；不属于当前账号范围时为空")
    title: str = Field(title="名称", description="需求名称；不属于当前账号范围时为空")
    summary: str = Field(title="公开摘要", description="公开摘要；没有时为空")
    state: Annotated[str, _values(*NeedState)] = Field(title="状态", description="这条需求现在的状态")
    similarity: float = Field(title="相近程度", description="余弦相似度，越大越近", ge=-1.001, le=1.001)
    is_duplicate: bool = Field(title="可能重复", description="文字大半相同，可能是同一条需求")
    n_cases: int = Field(title="对接数", description="为它开始过几次对接", ge=0)
    furthest: Annotated[str | None, _optional(*CaseState)] = Field(
        title="最远的一步", description="这些对接中走得最远的到了哪一步；没有时为 null"
    )
    contract_kind: Annotated[str | None, _optional(*ContractType)] = Field(
        title="合同类型", description="签了合同时的合同类型；没有时为 null"
    )
    contract_signed_on: date | None = Field(title="签约日期", description="签约日期；没有时为 null")
    contract_amount_wan: float | None = Field(title="合同金额", description="单位：万元；没有或未知时为 null")


class LeakOut(BaseModel):
    """A place of the public summary that tells too much."""

    model_config = _model("泄露提示", "已写的公开摘要中不宜公开的一处。")

    kind: Annotated[str, _values(*LeakKind)] = Field(
        title="种类", description="sensitive 名称、金额等，indicator 指标，number 数值，verbatim 照抄原文"
    )
    text: str = Field(title="内容", description="摘要中的这一处")
    span: Span = Field(title="位置", description="在公开摘要中的位置")
    warning: str = Field(title="说明", description="为什么，怎么办")


class IntakeOut(BaseModel):
    """Everything that is said about a need."""

    model_config = _model("需求体检", "对一条需求的全部提示。")

    score: int = Field(title="完整度", description="0 到 100，越大越完整；字数多不加分", ge=0, le=100)
    topic: str = Field(title="主题", description="从名称中取出的对象", examples=["薄板冷轧边裂控制"])
    industry: str = Field(title="举例所用的行业", description="问题按哪个行业举例；认不出时为空")
    parts: list[PartOut] = Field(title="各部分", description="按表单的顺序")
    gaps: list[PartOut] = Field(title="缺项", description="缺失或笼统的部分，失分多的在前")
    indicators: list[IndicatorOut] = Field(title="指标", description="从文字中找出的技术指标")
    similar: list[SimilarOut] = Field(title="相近的需求", description="最相近的在前；没有足够相近的时为空")
    summary_draft: str = Field(
        title="公开摘要草稿", description="由程序摘自原文，须人工核对后才能公开；没有可以公开的句子时为空"
    )
    summary_left_out: dict[str, int] = Field(
        title="未选入草稿的句子", description="因含有哪类内容而没有选入，各几句", examples=[{"金额": 1}]
    )
    summary_note: str = Field(title="草稿说明", description="需要人工做什么")
    leaks: list[LeakOut] = Field(title="泄露提示", description="已写的公开摘要中不宜公开之处")
    problems: list[str] = Field(title="提示", description="哪些内容这次查不了；一切正常时为空")
