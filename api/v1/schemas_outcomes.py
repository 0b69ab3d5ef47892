"""What the API takes and gives of what came of matches: contract, milestones, funding, evaluation."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_needs import Amount, Note, model, taken, values
from api.v1.vocabularies import ContractValue, InstalmentValue, SideValue
from recommender.domain.cases import (
    Contract,
    Evaluation,
    Funding,
    Instalment,
    Milestone,
    Outcome,
    Side,
)
from recommender.domain.kinds import ContractType

_MAX_TITLE: Final = 200


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


def evaluation_of(body: EvaluationIn) -> Evaluation:
    """As the domain has it."""
    return Evaluation(side=body.side, grade=body.grade, text=body.text)
