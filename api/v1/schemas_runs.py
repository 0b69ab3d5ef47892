"""What the API says of runs (夜间批次) and of what they suggested."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.v1.schemas_matches import MatchListOut


def _model(title: str, description: str) -> ConfigDict:
    return ConfigDict(
        title=title, from_attributes=True, frozen=True, json_schema_extra={"description": description}
    )


class RunOut(BaseModel):
    """A run as lists show it."""

    model_config = _model("批次", "一次夜间或手动的匹配批次。")

    id: str = Field(title="编号", description="批次编号", examples=["20261128T013000-3fa2c1"])
    kind: str = Field(title="种类", description="夜间或手动", examples=["夜间"])
    state: str = Field(title="状态", description="运行中、完成、部分完成或未完成", examples=["完成"])
    started_at: datetime = Field(title="开始时间", description="开始的时刻")
    finished_at: datetime | None = Field(title="结束时间", description="结束的时刻；未结束时为 null")
    as_of: date | None = Field(title="基准日期", description="按哪一天计算；不适用时为 null")
    scope: str = Field(title="范围", description="只针对一部分企业时写明；全市为空")
    n_sources: int = Field(title="来源数", description="为多少条需求、多少家企业和多少项成果作了匹配", ge=0)
    is_published: bool = Field(title="已发布", description="现在看到的推荐是否来自这个批次")


class StageOut(BaseModel):
    """How far a stage is."""

    model_config = _model("阶段进度", "批次的一个阶段做到了哪里，按分片计。")

    stage: str = Field(title="阶段", description="候选或写入", examples=["候选"])
    n_shards: int = Field(title="分片数", description="这一阶段共有多少个分片", ge=0)
    n_done: int = Field(title="已完成", description="已完成的分片数", ge=0)
    n_quarantined: int = Field(title="已搁置", description="多次失败而搁置的分片数", ge=0)


class RunDetailOut(RunOut):
    """Everything about a run but its suggestions."""

    model_config = _model("批次详情", "一个批次的全部情况，推荐本身除外。")

    snapshot_id: str = Field(title="索引版本", description="推荐所依据的索引版本")
    encoder_id: str = Field(title="编码模型", description="推荐所依据的编码模型")
    configuration_hash: str = Field(title="配置摘要", description="排序参数的摘要")
    n_suggestions: int = Field(title="推荐数", description="这个批次共有多少条推荐", ge=0)
    stages: list[StageOut] = Field(title="阶段进度", description="各阶段的进度；手动批次为空")
    report: dict[str, Any] = Field(
        title="报告", description="用时、计数，以及按对象类别的推荐分布（exposure：覆盖率、基尼系数、拥挤程度）"
    )


class PublishedOut(BaseModel):
    """What readers see since when."""

    model_config = _model("发布结果", "现在看到的推荐来自哪个批次。")

    run_id: str = Field(title="批次", description="现在发布的批次")
    at: datetime = Field(title="时间", description="发布的时刻")
    previous_run_id: str | None = Field(title="前一批次", description="退回时会回到的批次；没有时为 null")


class ChangeOut(BaseModel):
    """One suggestion that is not what it was."""

    model_config = _model("变化", "与前一批次相比的一处变化。")

    source_kind: str = Field(title="来源类别", description="need 需求或 enterprise 企业", examples=["need"])
    source_id: str = Field(title="来源", description="需求编号或企业的统一社会信用代码")
    target_kind: str = Field(title="对象类别", description="expert、platform 或 achievement", examples=["expert"])
    target_id: str = Field(title="对象", description="对象的编号")
    change: str = Field(title="变化", description="新增、更好或不再推荐", examples=["新增"])
    position: int | None = Field(title="名次", description="这一批次的名次；不再推荐时为 null")
    score: float | None = Field(title="得分", description="这一批次的得分；不再推荐时为 null")
    former_position: int | None = Field(title="原名次", description="前一批次的名次；新增时为 null")
    former_score: float | None = Field(title="原得分", description="前一批次的得分；新增时为 null")


class DigestOut(BaseModel):
    """What changed from one run to the next."""

    model_config = _model("变化摘要", "两个批次之间，查看范围内的推荐有什么变化。")

    run_id: str = Field(title="批次", description="较晚的批次")
    former_id: str = Field(title="前一批次", description="与之比较的批次")
    n_sources: int = Field(title="来源数", description="比较了多少条需求与多少家企业", ge=0)
    counts: dict[str, dict[str, int]] = Field(title="计数", description="按对象类别与变化计数")
    n_items: int = Field(title="变化数", description="变化的总数", ge=0)
    items: list[ChangeOut] = Field(title="变化", description="逐项变化，最多 limit 项")


class SuggestionsOut(BaseModel):
    """The stored lists of one source, explained."""

    model_config = _model("推荐", "一个批次给一条需求、一家企业或一项成果的推荐，带理由与依据。")

    run_id: str = Field(title="批次", description="推荐来自哪个批次")
    title: str = Field(title="名称", description="需求、企业或成果的名称")
    lists: list[MatchListOut] = Field(title="分类结果", description="每类对象一组；名次与得分是当时的")
    notes: list[str] = Field(title="说明", description="批次之后有变化而不能原样说明之处；没有时为空")
