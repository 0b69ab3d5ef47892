"""What the API takes and says of blind judging."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

from api.v1.schemas import SUPPLY_DEFAULT, SupplyKind, Text
from recommender.domain.judging import GRADE_LABELS, MAX_GRADE, MIN_GRADE, System
from recommender.domain.kinds import SUPPLY_KINDS
from recommender.services.feedback.judging import MAX_DEPTH, MAX_JUDGES, MAX_NEEDS, MAX_SEED

_GRADES = "；".join(f"{grade} {label}" for grade, label in GRADE_LABELS.items())
_POOL_EXAMPLES: list[JsonValue] = [{"title": "第一轮", "need_ids": ["XQ-1"], "kinds": ["expert"], "depth": 5}]
_JUDGEMENT_EXAMPLES: list[JsonValue] = [{"grade": 2, "note": "做过同类材料"}, {"grade": None}]


def _model(title: str, description: str, **extra: Any) -> ConfigDict:
    return ConfigDict(
        title=title, from_attributes=True, frozen=True, json_schema_extra={"description": description, **extra}
    )


def _values(*members: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(members)})


_System = Literal[System.HYBRID, System.LEXICAL, System.DENSE, System.RANDOM]
_ALL_SYSTEMS: list[_System] = [System.HYBRID, System.LEXICAL, System.DENSE, System.RANDOM]
_NeedId = Annotated[Text, Field(min_length=1, max_length=200)]


class PoolIn(BaseModel):
    """A pool to be made."""

    model_config = ConfigDict(
        title="建立评判池",
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "description": "为选定的需求，请几个系统各提供候选，混成一个评判池。",
            "examples": _POOL_EXAMPLES,
        },
    )

    title: Annotated[Text, Field(min_length=1, max_length=200)] = Field(title="名称", description="评判池的名称")
    need_ids: Annotated[list[_NeedId], Field(min_length=1, max_length=MAX_NEEDS)] = Field(
        title="需求", description="需求编号"
    )
    kinds: Annotated[list[SupplyKind], Field(min_length=1, max_length=10)] = Field(
        SUPPLY_DEFAULT, title="对象", description="评判哪几类对象；默认专家、创新平台、成果"
    )
    systems: Annotated[list[_System], Field(min_length=1, max_length=10)] = Field(
        _ALL_SYSTEMS,
        title="系统",
        description="由哪些系统提供候选：hybrid 现行系统、lexical 只用词语、dense 只用语义、random 随机抽取",
    )
    depth: Annotated[int, Field(strict=True, ge=1, le=MAX_DEPTH)] = Field(
        5, title="深度", description="每个系统对每条需求、每类对象提供几个候选"
    )
    overlap_ratio: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        0.2, title="重评比例", description="多少比例的项由几个人各评一次，用来计算一致程度"
    )
    n_judges: Annotated[int, Field(strict=True, ge=1, le=MAX_JUDGES)] = Field(
        2, title="重评人数", description="这些项各由几个人评判"
    )
    seed: Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)] = Field(
        0, title="随机种子", description="相同则抽样与顺序相同"
    )


class PoolOut(BaseModel):
    """A pool, without what would tell a judge anything."""

    model_config = _model("评判池", "一批混在一起的候选，供人逐项评判。")

    id: str = Field(title="编号", description="评判池编号", examples=["PC20261128-3fa2c1"])
    title: str = Field(title="名称", description="评判池的名称")
    created_at: datetime = Field(title="建立时间", description="建立的时刻")
    kinds: list[Annotated[str, _values(*SUPPLY_KINDS)]] = Field(title="对象", description="评判哪几类对象")
    closed_at: datetime | None = Field(title="结束时间", description="结束的时刻；仍可评判时为 null")


class TaskOut(BaseModel):
    """One item as a judge sees it."""

    model_config = _model("评判项", "一条需求与一个候选；不显示姓名、名次、得分，也不显示由哪个系统提出。")

    number: int = Field(title="序号", description="这一项在评判池中的序号，不含任何意义", ge=1)
    need_title: str = Field(title="需求名称", description="需求名称")
    need_text: str = Field(title="需求描述", description="需求的全文")
    kind: Annotated[str, _values(*SUPPLY_KINDS)] = Field(title="类别", description="候选是哪类对象")
    label: str = Field(title="类别名称", description="类别的中文名称", examples=["专家"])
    title: str = Field(title="候选的标题", description="专家与平台为研究方向，成果为名称")
    text: str = Field(title="候选的介绍", description="能解决的问题、服务、摘要等")
    works: list[str] = Field(title="近年成果", description="专家或平台背后较新的成果，只列名称")
    n_left: int = Field(title="剩余", description="当前账号还可以评判几项，含这一项", ge=0)


class NextTaskOut(BaseModel):
    """The next item, if there is one."""

    model_config = _model("下一项", "接下来要评判的一项。")

    task: TaskOut | None = Field(title="评判项", description="没有可评的项时为 null")
    grades: dict[str, str] = Field(title="等级", description="各等级的含义")


class JudgementIn(BaseModel):
    """What a judge says."""

    model_config = ConfigDict(
        title="评判",
        extra="forbid",
        frozen=True,
        json_schema_extra={"description": "对一项的评判；再次提交即更改。", "examples": _JUDGEMENT_EXAMPLES},
    )

    grade: Annotated[int, Field(strict=True, ge=MIN_GRADE, le=MAX_GRADE)] | None = Field(
        title="等级", description=f"{_GRADES}；跳过时为 null"
    )
    note: Annotated[Text, Field(max_length=2000)] = Field("", title="备注", description="可以不填")


class PoolProgressOut(BaseModel):
    """How far a pool is."""

    model_config = _model("评判进度", "一个评判池做到了哪里。")

    n_items: int = Field(title="项数", description="评判池有多少项", ge=0)
    n_wanted: int = Field(title="共需评判", description="共需多少次评判", ge=0)
    n_done: int = Field(title="已评判", description="其中已有多少次", ge=0)
    n_skipped: int = Field(title="跳过", description="跳过多少次", ge=0)
    ratio: float = Field(title="完成比例", description="0 到 1", ge=0, le=1)
    by_judge: dict[str, int] = Field(
        title="各人评判数", description="账号编号与评判数；没有管理权限时只有当前账号自己的"
    )


class PairAgreementOut(BaseModel):
    """Two judges."""

    model_config = _model("两人的一致程度", "两位评判者都评过的项。")

    first: str = Field(title="一人", description="账号编号")
    second: str = Field(title="另一人", description="账号编号")
    n_items: int = Field(title="共评", description="两人都评过几项", ge=0)
    n_equal: int = Field(title="相同", description="其中等级相同的几项", ge=0)
    kappa: float | None = Field(title="一致程度 κ", description="平方加权的 Cohen κ；无从计算时为 null")


class SystemFiguresOut(BaseModel):
    """One system on one kind."""

    model_config = _model("一个系统的度量", "只在评判过的候选上计算：没有人看过的不算对也不算错。")

    system: Annotated[str, _values(*System)] = Field(title="系统", description="提供候选的系统")
    kind: Annotated[str, _values(*SUPPLY_KINDS)] = Field(title="类别", description="哪类对象")
    n_queries: int = Field(title="需求数", description="有相关候选的需求数", ge=0)
    figures: dict[str, float] = Field(title="度量", description="nDCG@10、MRR@10、R@100；没有时为空")
    difference: float | None = Field(
        title="与现行系统之差", description="nDCG@10 减去现行系统的；现行系统自己或无从比较时为 null"
    )
    p_value: float | None = Field(title="p 值", description="成对随机化检验的双侧 p 值；同上")


class PoolResultsOut(BaseModel):
    """What a pool tells so far."""

    model_config = _model("评判结果", "评判者之间的一致程度，以及各系统的度量。")

    n_shared: int = Field(title="几人都评过的项", description="至少两人评过的项数", ge=0)
    alpha: float | None = Field(title="一致程度 α", description="有序的 Krippendorff α；无从计算时为 null")
    pairs: list[PairAgreementOut] = Field(title="两两一致程度", description="每两位有共评项的评判者")
    systems: list[SystemFiguresOut] = Field(title="各系统", description="按对象类别与系统")
