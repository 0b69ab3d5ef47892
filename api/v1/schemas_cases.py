"""What the API takes and gives of matches (对接)."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_needs import (
    Amount,
    Note,
    StepOut,
    TransitionOut,
    Version,
    model,
    taken,
    values,
)
from api.v1.schemas_wishes import WishOut
from api.v1.vocabularies import (
    CaseStateValue,
    ContractValue,
    InstalmentValue,
    KindValue,
    ReasonValue,
    SideValue,
)
from recommender.domain.case_lists import CaseLine
from recommender.domain.cases import (
    Case,
    Contract,
    Evaluation,
    Funding,
    Instalment,
    Milestone,
    Outcome,
    Shown,
    Side,
    Subject,
)
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.reminders import Reminder
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import MAX_BATCH, CaseDetail, Choice

MAX_CASE_ID: Final = 1000
_MAX_TITLE: Final = 200
_MAX_ID: Final = 200

_CaseId = Annotated[Text, Field(min_length=1, max_length=MAX_CASE_ID)]
_Id = Annotated[Text, Field(min_length=1, max_length=_MAX_ID)]


class ContractIn(BaseModel):
    """What was signed."""

    model_config = taken(
        "合同",
        "签订的技术合同；金额与登记号可以后补。",
        {"kind": "技术开发", "signed_on": "2026-11-28", "registration_number": "", "amount_wan": 80},
    )

    kind: ContractValue = Field(title="类型", description="民法典规定的技术合同类型")
    signed_on: Day = Field(title="签订日期", description="签订日期")
    registration_number: Annotated[Text, Field(max_length=_MAX_TITLE)] = Field(
        "", title="登记号", description="技术合同登记编号；尚未登记时为空"
    )
    amount_wan: Amount | None = Field(None, title="金额", description="单位：万元；未定时为 null")

    def contract(self) -> Contract:
        """As the domain has it."""
        return Contract(
            kind=self.kind,
            signed_on=self.signed_on,
            registration_number=self.registration_number,
            amount_wan=self.amount_wan,
        )


class DecisionIn(BaseModel):
    """A step of a match."""

    model_config = taken(
        "对接的一步",
        "从现在的状态转到另一个状态；可以走哪些步见对接的 steps。",
        {"to": "驳回", "version": 0, "reason": "领域不符", "note": "研究的是热轧"},
    )

    to: CaseStateValue = Field(title="转为", description="要转到的状态")
    version: Version = Field(title="版本", description="看到的版本；尚无人处理的推荐为 0。已被他人处理则答复 409")
    reason: ReasonValue | None = Field(None, title="原因", description="否定的步骤必填，其他步骤不填")
    note: Note = Field("", title="备注", description="补充说明，记入时间线；转为“调整”时必填")
    contract: ContractIn | None = Field(None, title="合同", description="转为“签约”时必填，其他步骤不填")
    completed_on: Day | None = Field(None, title="结题日期", description="转为“结题”时可填，默认当天")

    def choice(self) -> Choice:
        """As the domain has it."""
        return Choice(
            to=self.to,
            reason=self.reason,
            note=self.note,
            contract=None if self.contract is None else self.contract.contract(),
            completed_on=self.completed_on,
        )


class AnswerIn(BaseModel):
    """What an enterprise says."""

    model_config = taken(
        "企业答复",
        "企业对推送的对接是否有意。",
        {"to": "企业无意", "version": 4, "reason": "经费不符", "note": "预算不足"},
    )

    to: Literal[CaseState.ENTERPRISE_INTERESTED, CaseState.ENTERPRISE_DECLINED] = Field(
        title="答复", description="企业有意或企业无意"
    )
    version: Version = Field(title="版本", description="看到的版本；已被他人处理则答复 409")
    reason: ReasonValue | None = Field(None, title="原因", description="无意时必填")
    note: Note = Field("", title="备注", description="补充说明，记入时间线")


class BatchItemIn(BaseModel):
    """One of several matches."""

    model_config = model("其中一条", "批量决定中的一条对接。")

    id: _CaseId = Field(title="编号", description="对接编号", examples=["need!XQ-1!expert!ZJ-1"])
    version: Version = Field(title="版本", description="看到的版本；尚无人处理的推荐为 0")


class BatchIn(BaseModel):
    """The same step for several matches."""

    model_config = taken(
        "批量决定",
        "同一步用于多条对接：全部成功或全部不变，可以整批撤销。",
        {
            "items": [{"id": "need!XQ-1!expert!ZJ-1", "version": 0}],
            "to": "驳回",
            "reason": "领域不符",
        },
    )

    items: Annotated[list[BatchItemIn], Field(min_length=1, max_length=MAX_BATCH)] = Field(
        title="对接", description=f"最多 {MAX_BATCH} 条，不重复"
    )
    to: CaseStateValue = Field(title="转为", description="要转到的状态；签约须逐条处理")
    reason: ReasonValue | None = Field(None, title="原因", description="否定的步骤必填，其他步骤不填")
    note: Note = Field("", title="备注", description="补充说明，记入每一条的时间线")


class ProposalIn(BaseModel):
    """A match that an officer thinks of."""

    model_config = taken(
        "提出对接",
        "审核员自己想到的对接，不必是系统推荐的。",
        {"source_kind": "need", "source_id": "XQ-1", "target_kind": "expert", "target_id": "ZJ-2"},
    )

    source_kind: KindValue = Field(title="需方类别", description="need、enterprise，或供方成果 achievement")
    source_id: _Id = Field(title="需方编号", description="需求编号、统一社会信用代码或成果编号")
    target_kind: KindValue = Field(
        title="供方类别", description="expert、platform、achievement；来源是成果时为 enterprise 或 need"
    )
    target_id: _Id = Field(title="供方编号", description="供方的编号")


class MilestoneIn(BaseModel):
    """A new milestone."""

    model_config = taken("里程碑", "实施过程中的一个节点。", {"title": "小试", "due_on": "2027-03-01"})

    title: Annotated[Text, Field(min_length=1, max_length=_MAX_TITLE)] = Field(
        title="名称", description="要完成的事"
    )
    due_on: Day | None = Field(None, title="计划日期", description="计划完成的日期")
    done_on: Day | None = Field(None, title="完成日期", description="实际完成的日期；未完成时为 null")
    note: Note = Field("", title="备注", description="补充说明")

    def milestone(self) -> Milestone:
        """As the domain has it."""
        return Milestone(title=self.title, due_on=self.due_on, done_on=self.done_on, note=self.note)


class MilestoneChangeIn(BaseModel):
    """What changed of a milestone."""

    model_config = taken("修改里程碑", "只写要改的字段，其余不变。", {"done_on": "2027-02-20"})

    title: Annotated[Text, Field(min_length=1, max_length=_MAX_TITLE)] = Field(
        "--", title="名称", description="要完成的事"
    )
    due_on: Day | None = Field(None, title="计划日期", description="计划完成的日期")
    done_on: Day | None = Field(None, title="完成日期", description="实际完成的日期；未完成时为 null")
    note: Note = Field("", title="备注", description="补充说明")


class EvaluationIn(BaseModel):
    """How one side judges."""

    model_config = taken(
        "评价", "一方对合作的评价；企业账号只能填写企业一方。", {"side": "企业", "grade": 5, "text": "达到预期"}
    )

    side: SideValue = Field(title="评价方", description="企业或专家")
    grade: Annotated[int, Field(ge=1, le=5, strict=True)] = Field(title="评分", description="1 到 5，越高越好")
    text: Note = Field("", title="评语", description="评语")


class FundingIn(BaseModel):
    """One instalment."""

    model_config = taken(
        "预研资金",
        "拨付的一笔预研资金，以及企业为此投入的研发费用。",
        {"instalment": "第一笔", "paid_on": "2027-01-05", "amount_wan": 20, "enterprise_spending_wan": 90},
    )

    instalment: InstalmentValue = Field(
        title="第几笔", description="第一笔给高校院所（前道），第二笔给企业（后道）"
    )
    paid_on: Day = Field(title="拨付日期", description="拨付日期")
    amount_wan: Amount = Field(title="金额", description="单位：万元")
    enterprise_spending_wan: Amount = Field(
        0.0, title="企业研发投入", description="企业为此投入的研发费用，单位：万元"
    )

    def funding(self) -> Funding:
        """As the domain has it."""
        return Funding(
            instalment=self.instalment,
            paid_on=self.paid_on,
            amount_wan=self.amount_wan,
            enterprise_spending_wan=self.enterprise_spending_wan,
        )


class ShownOut(BaseModel):
    """What was shown of a match."""

    model_config = model("当时的推荐", "第一次处理时看到的推荐：来自哪个批次与模型、名次、得分与理由。")

    run_id: str = Field(title="批次", description="来自哪个批次")
    snapshot_id: str = Field(title="索引版本", description="所依据的索引版本")
    encoder_id: str = Field(title="编码模型", description="所依据的编码模型")
    configuration_hash: str = Field(title="配置摘要", description="排序参数的摘要")
    position: int = Field(title="名次", description="在同类推荐中的名次，从 1 开始", ge=1)
    score: float = Field(title="得分", description="0 到 1，越大越合适")
    parts: dict[str, float] = Field(title="得分项", description="各项对得分的贡献")
    reason: str = Field(title="理由", description="第一条理由")
    evidence_ids: list[str] = Field(title="依据", description="依据的编号")
    propensity: float = Field(
        title="展示概率", description="这个名次展示这个对象的概率；名单不含随机成分，为 1", gt=0, le=1
    )

    @classmethod
    def of(cls, shown: Shown) -> "ShownOut":
        """As the API gives it."""
        return cls(
            run_id=shown.run_id,
            snapshot_id=shown.snapshot_id,
            encoder_id=shown.encoder_id,
            configuration_hash=shown.configuration_hash,
            position=shown.position,
            score=shown.score,
            parts=shown.parts,
            reason=shown.reason,
            evidence_ids=list(shown.evidence_ids),
            propensity=shown.propensity,
        )


class CaseOut(BaseModel):
    """A match as lists show it."""

    model_config = model("对接", "一条推荐或对接的要点。人名按掩码显示。")

    id: str = Field(title="编号", description="对接编号，由双方的编号组成", examples=["need!XQ-1!expert!ZJ-1"])
    state: Annotated[str, values(*CaseState)] = Field(title="状态", description="所处的状态")
    version: int = Field(title="版本", description="决定时填写；尚无人处理的推荐为 0", ge=0)
    source_kind: Annotated[str, values(*EntityKind)] = Field(title="来源类别", description="为谁推荐")
    source_id: str = Field(title="来源编号", description="来源的编号")
    source_name: str = Field(title="来源名称", description="需求名称、企业名称或成果名称")
    target_kind: Annotated[str, values(*EntityKind)] = Field(title="对象类别", description="推荐了什么")
    target_id: str = Field(title="对象编号", description="对象的编号")
    target_name: str = Field(title="对象名称", description="姓名（掩码）、平台名称、成果名称等")
    target_organisation: str = Field(title="对象单位", description="所在单位；没有时为空")
    need_id: str = Field(title="需求", description="需求编号；没有时为空")
    enterprise_code: str = Field(title="企业", description="统一社会信用代码；没有时为空")
    enterprise_name: str = Field(title="企业名称", description="企业名称；没有时为空")
    town: str = Field(title="区镇", description="企业所在区镇；未知时为空")
    industry_chain: str = Field(title="产业链", description="需求或企业的产业链；未知时为空")
    position: int | None = Field(title="名次", description="推荐的名次；审核员自己提出的为 null")
    score: float | None = Field(title="得分", description="推荐的得分；审核员自己提出的为 null")
    reason: str = Field(title="理由", description="推荐的第一条理由；没有时为空")
    officer: str = Field(title="审核员", description="负责的账号；还没有时为空")
    claimed_by: str = Field(title="正在处理", description="认领的账号；没有时为空")
    claimed_until: datetime | None = Field(title="认领到", description="认领到何时为止；没有时为 null")
    due_at: datetime | None = Field(title="期限", description="最迟到何时；不等待任何人时为 null")
    due: str = Field(title="等待", description="期限之前应当做的事；没有时为空")
    updated_at: datetime | None = Field(title="最近变化", description="最近一次变化；没有时为 null")
    wish: WishOut | None = Field(title="企业的意向", description="企业在推送之前表示的意向；没有时为 null")

    @classmethod
    def of(cls, line: CaseLine) -> "CaseOut":
        """As the API gives it."""
        return cls(**_fields(line))


def _fields(line: CaseLine) -> dict[str, Any]:
    case = line.case
    shown = case.shown
    return {
        "id": case.id,
        "state": case.state.value,
        "version": case.version,
        "source_kind": case.pair.source_kind.value,
        "source_id": case.pair.source_id,
        "source_name": line.source_name,
        "target_kind": case.pair.target_kind.value,
        "target_id": case.pair.target_id,
        "target_name": line.target_name,
        "target_organisation": line.target_organisation,
        "need_id": case.need_id,
        "enterprise_code": case.enterprise_code,
        "enterprise_name": line.enterprise_name,
        "town": line.town,
        "industry_chain": line.industry_chain,
        "position": None if shown is None else shown.position,
        "score": None if shown is None else shown.score,
        "reason": "" if shown is None else shown.reason,
        "officer": case.officer,
        "claimed_by": case.claimed_by,
        "claimed_until": case.claimed_until,
        "due_at": case.due_at,
        "due": case.due,
        "updated_at": case.updated_at,
        "wish": None if line.wish is None else WishOut.of(line.wish),
    }


class MilestoneOut(BaseModel):
    """A milestone."""

    model_config = model("里程碑", "实施过程中的一个节点。")

    number: int = Field(title="序号", description="从 1 开始", ge=1)
    title: str = Field(title="名称", description="要完成的事")
    due_on: date | None = Field(title="计划日期", description="计划完成的日期；未定时为 null")
    done_on: date | None = Field(title="完成日期", description="实际完成的日期；未完成时为 null")
    note: str = Field(title="备注", description="补充说明")


class EvaluationOut(BaseModel):
    """How one side judged."""

    model_config = model("评价", "一方对合作的评价。")

    side: Annotated[str, values(*Side)] = Field(title="评价方", description="企业或专家")
    grade: int = Field(title="评分", description="1 到 5，越高越好", ge=1, le=5)
    text: str = Field(title="评语", description="评语")
    by: str = Field(title="记录人", description="记录的账号")
    at: datetime | None = Field(title="时间", description="记录的时刻")


class ContractOut(BaseModel):
    """What was signed."""

    model_config = model("已签合同", "签订的技术合同。")

    kind: Annotated[str, values(*ContractType)] = Field(title="类型", description="技术合同类型")
    signed_on: date = Field(title="签订日期", description="签订日期")
    registration_number: str = Field(title="登记号", description="登记编号；尚未登记时为空")
    amount_wan: float | None = Field(title="金额", description="单位：万元；未定时为 null")


class FundingOut(BaseModel):
    """One instalment."""

    model_config = model("预研资金", "拨付的一笔预研资金。")

    instalment: Annotated[str, values(*Instalment)] = Field(title="第几笔", description="第一笔或第二笔")
    paid_on: date = Field(title="拨付日期", description="拨付日期")
    amount_wan: float = Field(title="金额", description="单位：万元")
    enterprise_spending_wan: float = Field(title="企业研发投入", description="单位：万元")


class OutcomeOut(BaseModel):
    """What came of a match."""

    model_config = model("对接结果", "合同、里程碑、评价与预研资金。")

    contract: ContractOut | None = Field(title="合同", description="签订的合同；没有时为 null")
    completed_on: date | None = Field(title="结题日期", description="结题日期；没有时为 null")
    milestones: list[MilestoneOut] = Field(title="里程碑", description="按序号")
    evaluations: list[EvaluationOut] = Field(title="评价", description="双方的评价")
    funding: list[FundingOut] = Field(title="预研资金", description="各笔拨付")
    leverage: float | None = Field(
        title="带动倍数", description="每万元预研资金带动的企业研发投入（万元）；没有拨付时为 null"
    )

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeOut":
        """As the API gives it."""
        contract = outcome.contract
        return cls(
            contract=None if contract is None else ContractOut.model_validate(contract),
            completed_on=outcome.completed_on,
            milestones=[MilestoneOut.model_validate(item) for item in outcome.milestones],
            evaluations=[EvaluationOut.model_validate(item) for item in outcome.evaluations],
            funding=[FundingOut.model_validate(item) for item in outcome.funding],
            leverage=outcome.leverage,
        )


class CaseDetailOut(CaseOut):
    """Everything about a match."""

    model_config = model("对接详情", "一条对接的全部情况，以及现在可以做什么。")

    shown: ShownOut | None = Field(title="当时的推荐", description="第一次处理时看到的；审核员自己提出的为 null")
    steps: list[StepOut] = Field(title="可走的步骤", description="当前账号现在可以走的步骤；他人正在处理时为空")
    timeline: list[TransitionOut] = Field(title="时间线", description="走过的每一步；企业从推送之时起看到")
    outcome: OutcomeOut = Field(title="结果", description="合同、里程碑、评价与预研资金")

    @classmethod
    def of_detail(cls, detail: CaseDetail) -> "CaseDetailOut":
        """As the API gives it."""
        shown = detail.case.shown
        return cls(
            **_fields(detail.line),
            shown=None if shown is None else ShownOut.of(shown),
            steps=[StepOut.of(step) for step in detail.steps],
            timeline=[TransitionOut.of(step) for step in detail.timeline],
            outcome=OutcomeOut.of(detail.outcome),
        )


class MovedOut(BaseModel):
    """Where a match stands after a batch."""

    model_config = model("处理后的一条", "批量处理后一条对接的状态与版本。")

    id: str = Field(title="编号", description="对接编号")
    state: Annotated[str, values(*CaseState)] = Field(title="状态", description="新的状态")
    version: int = Field(title="版本", description="新的版本", ge=1)

    @classmethod
    def of(cls, case: Case) -> "MovedOut":
        """As the API gives it."""
        return cls(id=case.id, state=case.state.value, version=case.version)


class BatchOut(BaseModel):
    """A batch of decisions."""

    model_config = model("批量结果", "一次批量决定，以及每条的新状态。")

    batch_id: str = Field(title="批量编号", description="整批撤销时使用")
    items: list[MovedOut] = Field(title="对接", description="按请求的顺序")


class ReminderOut(BaseModel):
    """That something is due."""

    model_config = model("提醒", "即将到期或已经逾期的事。事情有了进展，提醒即不再出现。")

    number: int = Field(title="序号", description="递增，不重复", ge=1)
    subject: Annotated[str, values(*Subject)] = Field(title="对象", description="需求或对接")
    subject_id: str = Field(title="编号", description="需求编号或对接编号")
    officer: str = Field(title="审核员", description="负责的账号；没有时为空")
    due_at: datetime = Field(title="期限", description="最迟到何时")
    due: str = Field(title="等待", description="应当做的事", examples=["企业答复"])
    overdue: bool = Field(title="已逾期", description="是否已过期限")
    at: datetime = Field(title="提醒时间", description="何时提醒")

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderOut":
        """As the API gives it."""
        return cls.model_validate(reminder)


def evaluation_of(body: EvaluationIn) -> Evaluation:
    """As the domain has it."""
    return Evaluation(side=body.side, grade=body.grade, text=body.text)
