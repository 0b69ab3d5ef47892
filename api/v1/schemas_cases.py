"""What the API takes and gives of matches (对接)."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.v1.schemas_needs import StepOut, TransitionOut, model, values
from api.v1.schemas_outcomes import OutcomeOut
from api.v1.schemas_wishes import WishOut
from recommender.domain.case_lists import CaseLine
from recommender.domain.cases import Shown, Subject
from recommender.domain.kinds import EntityKind
from recommender.domain.reminders import Reminder
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import CaseDetail


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
