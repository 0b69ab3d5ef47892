"""What the API takes and gives of decisions on matches, one by one or many at once."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from api.v1.dates import Day
from api.v1.schemas import Text
from api.v1.schemas_needs import Note, Version, model, taken, values
from api.v1.schemas_outcomes import ContractIn
from api.v1.vocabularies import CaseStateValue, KindValue, ReasonValue
from recommender.domain.cases import Case
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import MAX_BATCH, Choice

MAX_CASE_ID: Final = 1000
_MAX_ID: Final = 200

_CaseId = Annotated[Text, Field(min_length=1, max_length=MAX_CASE_ID)]
_Id = Annotated[Text, Field(min_length=1, max_length=_MAX_ID)]


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
