"""What the API takes and gives of needs on their way."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_entities import NeedOut
from api.v1.vocabularies import (
    ConfidentialityValue,
    ContractValue,
    ModeValue,
    NeedSourceValue,
    NeedStateValue,
    PartnerValue,
    ReasonValue,
)
from recommender.domain.cases import Transition
from recommender.domain.kinds import (
    Confidentiality,
    DesiredPartner,
)
from recommender.domain.need_lists import NeedLine
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.workflow import Step
from recommender.services.review.needs import NeedDetail

MAX_NOTE: Final = 2000
_MAX_TITLE: Final = 80
_MAX_LONG: Final = 20_000
_MAX_SHORT: Final = 200
_MAX_LIST: Final = 50
_MAX_AMOUNT: Final = 1e9
_MAX_MONTHS: Final = 1200
_MAX_VERSION: Final = 2**31 - 1


def model(title: str, description: str, **extra: Any) -> ConfigDict:
    """What the OpenAPI document says of a schema."""
    return ConfigDict(
        title=title,
        from_attributes=True,
        frozen=True,
        json_schema_extra={"description": description, **extra},
    )


def taken(title: str, description: str, example: dict[str, Any]) -> ConfigDict:
    """The same for a request body: unknown fields are refused."""
    return model(title, description, examples=[example]) | ConfigDict(extra="forbid")


def values(*members: str) -> WithJsonSchema:
    """A closed vocabulary as plain text: as an enumeration its class would enter the OpenAPI document."""
    return WithJsonSchema({"type": "string", "enum": list(members)})


Note = Annotated[Text, Field(max_length=MAX_NOTE)]
Version = Annotated[int, Field(ge=0, le=_MAX_VERSION, strict=True)]
Amount = Annotated[float, Field(ge=0, le=_MAX_AMOUNT, allow_inf_nan=False, strict=True)]

_Title = Annotated[Text, Field(max_length=_MAX_TITLE)]
_Long = Annotated[Text, Field(max_length=_MAX_LONG)]
_Short = Annotated[Text, Field(max_length=_MAX_SHORT)]
_Texts = Annotated[list[Annotated[Text, Field(max_length=500)]], Field(max_length=_MAX_LIST)]

_EXAMPLE: Final = {
    "title": "薄板冷轧边裂控制",
    "description": "轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。",
    "indicators": ["边裂率 ≤ 1 %"],
    "industry_chain": "冶金新材料",
    "cooperation_mode": "联合开发",
    "budget_wan": 80,
    "deadline": "2027-06-30",
}


class NeedChangeIn(BaseModel):
    """Parts of a need that are to be changed."""

    model_config = taken(
        "修改需求", "只写要改的字段，其余不变。", {"budget_wan": 100, "indicators": ["边裂率 ≤ 0.8 %"]}
    )

    title: _Title = Field("", title="名称", description="一句话说明要解决什么问题，最多 80 字")
    description: _Long = Field("", title="描述", description="需求的整体描述")
    enterprise_code: _Short = Field(
        "", title="企业", description="统一社会信用代码；企业账号只能为本企业填写，不必填"
    )
    industry_chain: _Short = Field("", title="产业链", description="所属产业链")
    cooperation_mode: ModeValue | None = Field(None, title="合作方式", description="希望的合作方式")
    target_trl: Annotated[int, Field(ge=1, le=9, strict=True)] | None = Field(
        None, title="期望成熟度", description="期望的 TRL，1 到 9"
    )
    budget_wan: Amount | None = Field(None, title="预期投入", description="单位：万元")
    deadline: Day | None = Field(None, title="截止日期", description="过了这一天，需求自动转为过期")
    keywords: _Texts = Field([], title="关键词", description="关键词")
    source: NeedSourceValue | None = Field(None, title="来源", description="需求从哪里来")
    difficulties: _Long = Field("", title="主要技术难点", description="主要技术难点")
    indicators: _Texts = Field([], title="主要技术指标", description="每项写作 名称 比较符 值 单位")
    research_content: _Long = Field("", title="主要研究内容", description="主要研究内容")
    foundation: _Long = Field("", title="现有基础", description="企业已有的基础和做过的尝试")
    scenario: _Long = Field("", title="应用场景", description="技术用在哪里")
    technical_field: _Short = Field("", title="技术领域", description="所属技术领域")
    industry: _Short = Field("", title="行业", description="国民经济行业分类的代码与名称")
    contract_type: ContractValue | None = Field(None, title="合同类型", description="希望签订的技术合同类型")
    desired_partners: Annotated[list[PartnerValue], Field(max_length=len(DesiredPartner))] = Field(
        [], title="期望对象", description="希望对接的对象"
    )
    intended_experts: _Texts = Field([], title="意向专家", description="企业想到的专家，编号或姓名")
    reward_wan: Amount | None = Field(None, title="悬赏", description="单位：万元")
    duration_months: Annotated[int, Field(ge=0, le=_MAX_MONTHS, strict=True)] | None = Field(
        None, title="时限", description="希望多少个月内完成"
    )
    confidentiality: ConfidentialityValue = Field(
        Confidentiality.INTERNAL, title="密级", description="公开、内部或机密"
    )
    public_summary: _Long = Field("", title="公开摘要", description="可以对外公布的内容")
    diagnosis: _Long = Field("", title="诊断意见", description="审核员填写；其他账号填写的不保存")

    def content(self) -> dict[str, Any]:
        """The fields that were written, as the domain has them."""
        written = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}


class NeedIn(NeedChangeIn):
    """A new need."""

    model_config = taken("新需求", "先存为草稿，提交后由审核员审核。只有名称必填。", _EXAMPLE)

    title: Annotated[Text, Field(min_length=1, max_length=_MAX_TITLE)] = Field(
        title="名称", description="一句话说明要解决什么问题，最多 80 字"
    )


class NeedStepIn(BaseModel):
    """A step of a need."""

    model_config = taken(
        "需求的一步",
        "从现在的状态转到另一个状态；可以走哪些步见需求进度的 steps。",
        {"to": "退回补充", "version": 2, "reason": "需求描述不清", "note": "请补充现有工艺参数"},
    )

    to: NeedStateValue = Field(title="转为", description="要转到的状态")
    version: Version = Field(title="版本", description="看到的进度版本；已被他人处理则答复 409")
    reason: ReasonValue | None = Field(None, title="原因", description="否定的步骤必填，其他步骤不填")
    note: Note = Field("", title="备注", description="补充说明，记入时间线")


class VersionIn(BaseModel):
    """Which version somebody acts on."""

    model_config = taken("版本", "说明针对哪个版本操作。", {"version": 3})

    version: Version = Field(title="版本", description="看到的版本；已被他人处理则答复 409")


class StepOut(BaseModel):
    """A step that may be taken now."""

    model_config = model("可走的一步", "现在这个账号可以走的一步。")

    to: str = Field(title="转为", description="要转到的状态", examples=["已发布"])
    needs_reason: bool = Field(title="须写原因", description="是否必须写明原因")
    needs_note: bool = Field(title="须写备注", description="是否必须写备注")

    @classmethod
    def of(cls, step: "Step[NeedState] | Step[CaseState]") -> "StepOut":
        """As the API gives it."""
        return cls(to=step.target.value, needs_reason=step.negative, needs_note=step.note)


class TransitionOut(BaseModel):
    """A line of the timeline."""

    model_config = model("时间线的一行", "已经走过的一步。")

    number: int = Field(title="序号", description="递增，不重复", ge=1)
    at: datetime = Field(title="时间", description="发生的时刻")
    actor: str = Field(title="谁", description="账号编号；系统自动进行的，为引起它的账号或任务")
    by_system: bool = Field(title="系统", description="是否由系统自动进行")
    from_state: str = Field(title="从", description="之前的状态", examples=["待审核"])
    to_state: str = Field(title="到", description="之后的状态", examples=["已发布"])
    version: int = Field(title="版本", description="这一步之后的版本", ge=1)
    reason: Annotated[str, values(*ReasonCode)] | None = Field(
        title="原因", description="否定的步骤的原因；其他步骤为 null"
    )
    note: str = Field(title="备注", description="补充说明；联系方式已遮盖")
    batch_id: str = Field(title="批量编号", description="随哪次批量决定发生；单独进行的为空")
    undoes: int | None = Field(title="撤销了", description="撤销的是第几号；不是撤销的为 null")
    undone_by: int | None = Field(title="被撤销", description="被第几号撤销；没有被撤销的为 null")

    @classmethod
    def of(cls, step: Transition) -> "TransitionOut":
        """As the API gives it."""
        return cls(
            number=step.number,
            at=step.at,
            actor=step.actor,
            by_system=step.by_system,
            from_state=step.from_state.value,
            to_state=step.to_state.value,
            version=step.version,
            reason=None if step.reason is None else step.reason.value,
            note=step.note,
            batch_id=step.batch_id,
            undoes=step.undoes,
            undone_by=step.undone_by,
        )


class TimelineOut(BaseModel):
    """Every step."""

    model_config = model("时间线", "走过的每一步，先后有序。")

    items: list[TransitionOut] = Field(title="各步", description="从第一步到最近一步")


class NeedProgressOut(BaseModel):
    """Where a need stands."""

    model_config = model("需求进度", "需求所处的状态，以及现在可以做什么。")

    need_id: str = Field(title="需求编号", description="需求编号")
    state: Annotated[str, values(*NeedState)] = Field(title="状态", description="所处的状态")
    version: int = Field(title="版本", description="进度的版本，走下一步时填写；导入后未经处理的为 0", ge=0)
    filed_by: str = Field(title="填写人", description="填写需求的账号；导入的为空")
    due_at: datetime | None = Field(title="期限", description="最迟到何时；不等待任何人时为 null")
    due: str = Field(title="等待", description="期限之前应当做的事；没有时为空")
    updated_at: datetime | None = Field(title="最近变化", description="进度最近一次变化；没有时为 null")
    steps: list[StepOut] = Field(title="可走的步骤", description="当前账号现在可以走的步骤")

    @classmethod
    def of(cls, progress: NeedProgress, steps: "tuple[Step[NeedState], ...]") -> "NeedProgressOut":
        """As the API gives it."""
        return cls(
            need_id=progress.need_id,
            state=progress.state.value,
            version=progress.version,
            filed_by=progress.filed_by,
            due_at=progress.due_at,
            due=progress.due,
            updated_at=progress.updated_at,
            steps=[StepOut.of(step) for step in steps],
        )


class NeedDetailOut(BaseModel):
    """A need and where it stands."""

    model_config = model("需求与进度", "需求的内容，以及它的进度。")

    need: NeedOut = Field(title="需求", description="需求的内容")
    progress: NeedProgressOut = Field(title="进度", description="状态与现在可走的步骤")

    @classmethod
    def of(cls, detail: NeedDetail) -> "NeedDetailOut":
        """As the API gives it."""
        return cls(
            need=NeedOut.model_validate(detail.need),
            progress=NeedProgressOut.of(detail.progress, detail.steps),
        )


class NeedLineOut(BaseModel):
    """A need as lists show it."""

    model_config = model("需求列表的一行", "一条需求的要点与状态。")

    id: str = Field(title="编号", description="需求编号", examples=["XQ-1"])
    title: str = Field(title="名称", description="需求名称")
    state: Annotated[str, values(*NeedState)] = Field(title="状态", description="所处的状态")
    version: int = Field(title="版本", description="进度的版本", ge=0)
    enterprise_code: str = Field(title="企业", description="统一社会信用代码；未登记时为空")
    enterprise_name: str = Field(title="企业名称", description="企业名称；未登记时为空")
    town: str = Field(title="区镇", description="企业所在区镇；未知时为空")
    industry_chain: str = Field(title="产业链", description="所属产业链；未知时为空")
    budget_wan: float | None = Field(title="预期投入", description="单位：万元；未填时为 null")
    deadline: date | None = Field(title="截止日期", description="截止日期；未填时为 null")
    confidentiality: Annotated[str, values(*Confidentiality)] = Field(title="密级", description="密级")
    due_at: datetime | None = Field(title="期限", description="最迟到何时；不等待任何人时为 null")
    due: str = Field(title="等待", description="期限之前应当做的事；没有时为空")
    updated_at: datetime = Field(title="最近变化", description="进度或内容最近一次变化")

    @classmethod
    def of(cls, line: NeedLine) -> "NeedLineOut":
        """As the API gives it."""
        need, progress = line.need, line.progress
        return cls(
            id=need.id,
            title=need.title,
            state=progress.state.value,
            version=progress.version,
            enterprise_code=need.enterprise_code,
            enterprise_name=line.enterprise_name if need.enterprise_code else "",
            town=line.town if need.enterprise_code else "",
            industry_chain=need.industry_chain,
            budget_wan=need.budget_wan,
            deadline=need.deadline,
            confidentiality=need.confidentiality.value,
            due_at=progress.due_at,
            due=progress.due,
            updated_at=line.updated_at,
        )
