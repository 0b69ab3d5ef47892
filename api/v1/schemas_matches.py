"""What the API takes and gives of matching."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.v1.schemas import (
    MAX_FILTERS,
    NO_FILTERS,
    SUPPLY_DEFAULT,
    FilterText,
    SupplyKind,
    Text,
    described,
    one_of,
)
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode

MAX_KINDS: Final = 10
K_DESCRIPTION: Final = "每类返回的条数，至少 1；上限由设置 MATCHMAKER_MAX_K 决定（默认 1000）"
FILTER_DESCRIPTION: Final = (
    "筛选条件，写作 名称=值，文本包含该值即符合；多个条件须同时满足，对不适用的对象不起作用。"
    "可用名称：区域、产业链、单位、类型、合作方式、年份起"
)
KIND_DESCRIPTION: Final = "expert 专家、platform 创新平台、achievement 成果；默认全部，按给出的顺序返回"
DEMAND_KIND_DESCRIPTION: Final = "enterprise 企业、need 需求；默认全部，按给出的顺序返回"

_Kind = Annotated[str, one_of(*EntityKind)]
_Exclusion = Annotated[
    str, one_of(*(code for code in ExclusionCode if code is not ExclusionCode.CONSENT_WITHDRAWN))
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

    model_config = described("得分项", "得分的一个组成部分。")

    name: str = Field(title="代码", description="这一项的代码", examples=["text"])
    label: str = Field(title="名称", description="这一项的中文名称", examples=["内容相近"])
    value: float = Field(
        title="取值", description="0 到 1，越大越好；资料不足以判断时为 0.5，既不加分也不减分", ge=0, le=1
    )
    weight: float = Field(title="权重", description="这一项的权重；只列出适用于该类对象的项", ge=0)
    contribution: float = Field(title="贡献", description="取值 × 权重；得分 = 各项贡献之和 ÷ 各项权重之和", ge=0)


class ReasonOut(BaseModel):
    """One sentence of an explanation."""

    model_config = described("理由", "一句说明。")

    code: str = Field(title="代码", description="这类说明的代码", examples=["evidence.shared_words"])
    text: str = Field(
        title="说明", description="可直接显示的中文", examples=["论文《…》与需求共同涉及：冷轧、边裂"]
    )
    evidence_id: str | None = Field(
        title="依据编号", description="所依据的成果或对象的编号；不依据某一项时为 null", examples=["LW-1"]
    )


class EvidenceOut(BaseModel):
    """One passage that speaks for a match."""

    model_config = described("依据", "支持这个结果的一段资料，文字与导入时一致。")

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

    model_config = described("结果", "排好序的一个结果。")

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

    model_config = described("未列入的对象", "内容合适、但按规则不能推荐的对象。")

    id: str = Field(title="编号", description="对象的编号")
    name: str = Field(title="名称", description="对象的名称")
    code: _Exclusion = Field(title="原因", description="为什么不能推荐")


class MatchListOut(BaseModel):
    """The answer for one kind."""

    model_config = described("一类对象的结果", "一类对象的排序结果。")

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

    model_config = described("匹配结果", "一次匹配的完整结果。")

    title: str = Field(title="名称", description="用于匹配的需求名称或成果名称")
    text: str = Field(title="描述", description="用于匹配的需求描述或成果摘要")
    lists: list[MatchListOut] = Field(title="分类结果", description="每类对象一组，按请求的顺序")
    snapshot_id: str = Field(title="索引版本", description="产生结果的索引版本")
    encoder_id: str = Field(title="编码模型", description="产生结果的编码模型")
    configuration_hash: str = Field(title="配置摘要", description="排序参数的摘要；摘要相同则参数相同")
    problems: list[str] = Field(title="提示", description="索引方面需要管理员留意的情况；一切正常时为空")
