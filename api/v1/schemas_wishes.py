"""What the API takes and gives of wishes (意向)."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from api.v1.schemas import Text
from api.v1.schemas_needs import Note, Version, model, taken, values
from api.v1.vocabularies import ReasonValue, StanceValue, SupplyValue
from recommender.domain.cases import Pair
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.wishes import Stance, Wish, WishLine, WishProgress
from recommender.domain.workflow import ReasonCode
from recommender.services.review.wishes import WishDraft

_MAX_ID: Final = 200
_Id = Annotated[Text, Field(min_length=1, max_length=_MAX_ID)]


class WishIn(BaseModel):
    """What an enterprise says of somebody."""

    model_config = taken(
        "表示意向",
        "企业对看到的专家、创新平台或成果表示有意或无意。",
        {
            "target_kind": "expert",
            "target_id": "ZJ-1",
            "stance": "无意",
            "version": 0,
            "reason": "经费不符",
            "note": "预算不足",
        },
    )

    target_kind: SupplyValue = Field(title="对象类别", description="expert、platform 或 achievement")
    target_id: _Id = Field(title="对象编号", description="对象的编号")
    stance: StanceValue = Field(title="意向", description="有意或无意")
    version: Version = Field(title="版本", description="看到的意向的版本；还没有表示过或已经撤销的为 0")
    reason: ReasonValue | None = Field(None, title="原因", description="无意时必填，有意时不填")
    note: Note = Field("", title="备注", description="补充说明，审核员可见")

    def draft(self) -> WishDraft:
        """As the services take it."""
        return WishDraft(
            target_kind=EntityKind(self.target_kind),
            target_id=self.target_id,
            stance=self.stance,
            reason=self.reason,
            note=self.note,
        )


class WishUndoIn(BaseModel):
    """Which wish is taken back."""

    model_config = taken(
        "撤销意向",
        "撤销自己最近一次表示的意向。",
        {"target_kind": "expert", "target_id": "ZJ-1", "version": 1},
    )

    target_kind: SupplyValue = Field(title="对象类别", description="expert、platform 或 achievement")
    target_id: _Id = Field(title="对象编号", description="对象的编号")
    version: Version = Field(title="版本", description="看到的意向的版本")

    def pair(self, need_id: str) -> Pair:
        """With the need that it is about."""
        return Pair(EntityKind.NEED, need_id, EntityKind(self.target_kind), self.target_id)


class WishOut(BaseModel):
    """What is said of somebody."""

    model_config = model("意向", "企业对一个对象的意向。撤销之后 stance 为 null，版本继续递增。")

    case_id: str = Field(title="对接编号", description="由双方的编号组成，推送前后都有效")
    target_kind: Annotated[str, values(*SUPPLY_KINDS)] = Field(title="对象类别", description="推荐了什么")
    target_id: str = Field(title="对象编号", description="对象的编号")
    stance: Annotated[str, values(*Stance)] | None = Field(title="意向", description="有意、无意；没有时为 null")
    version: int = Field(title="版本", description="改变意向时填写", ge=0)
    reason: Annotated[str, values(*ReasonCode)] | None = Field(
        title="原因", description="无意的原因；没有时为 null"
    )
    note: str = Field(title="备注", description="补充说明；没有时为空")
    at: datetime | None = Field(title="时间", description="何时表示的；没有时为 null")
    position: int | None = Field(title="名次", description="当时看到的名次；不在名单里的为 null")
    score: float | None = Field(title="得分", description="当时看到的得分；不在名单里的为 null")

    @classmethod
    def of(cls, wish: Wish) -> "WishOut":
        """As the API gives it."""
        return cls(
            case_id=wish.pair.id,
            target_kind=wish.pair.target_kind.value,
            target_id=wish.pair.target_id,
            stance=wish.stance,
            version=wish.version,
            reason=wish.reason,
            note=wish.note,
            at=wish.at,
            position=None if wish.shown is None else wish.shown.position,
            score=None if wish.shown is None else wish.shown.score,
        )


class WishLineOut(BaseModel):
    """A wish and what became of it."""

    model_config = model("意向与进展", "一项意向，以及审核员处理到哪一步。")

    wish: WishOut = Field(title="意向", description="企业的意向")
    name: str = Field(title="对象名称", description="姓名（掩码）、平台名称或成果名称")
    organisation: str = Field(title="对象单位", description="所在单位；没有时为空")
    progress: Annotated[str, values(*WishProgress)] = Field(title="进展", description="处理到哪一步")
    reason: Annotated[str, values(*ReasonCode)] | None = Field(
        title="未推送的原因", description="没有推送的原因，或无意的原因；没有时为 null"
    )

    @classmethod
    def of(cls, line: WishLine) -> "WishLineOut":
        """As the API gives it."""
        return cls(
            wish=WishOut.of(line.wish),
            name=line.name,
            organisation=line.organisation,
            progress=line.progress.value,
            reason=line.reason,
        )


class WishesOut(BaseModel):
    """What is said for a need."""

    model_config = model("一条需求的意向", "企业为一条需求表示的全部意向，新的在前。")

    items: list[WishLineOut] = Field(title="意向", description="新的在前")
