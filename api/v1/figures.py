"""Operations on key figures."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.dates import Day
from api.v1.dependencies import Served
from api.v1.needs import text_query
from api.v1.schemas import Text
from api.v1.schemas_needs import model, values
from api.v1.vocabularies import FigureGroupValue
from recommender.domain.accounts import Actor, Permission
from recommender.domain.figures import INTERVALS, FigureGroup, FigureRequest, Figures, Stage
from recommender.services.review.figure_table import figure_csv

router = APIRouter(tags=[zh.TAG_FIGURES], responses=documented(401, 403, 422, 429, 500, 503))

_Reader = Annotated[Actor, allowed(Permission.FIGURES_READ)]
_Group = Annotated[
    FigureGroupValue,
    Query(title="分组", description="all 合计、officer 审核员、town 区镇、chain 产业链、month 月份"),
]
_Since = Annotated[Day | None, Query(title="起", description="时段的第一天；不填为最早", examples=["2026-01-01"])]
_Until = Annotated[
    Day | None, Query(title="止", description="时段结束的次日；不填为至今", examples=["2027-01-01"])
]
_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "CSV 表格", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


class DaysOut(BaseModel):
    """Days between two stages."""

    model_config = model("用时", "从一步到另一步的天数。")

    earlier: Annotated[str, values(*Stage)] = Field(title="从", description="前一步")
    later: Annotated[str, values(*Stage)] = Field(title="到", description="后一步")
    n: int = Field(title="条数", description="统计了多少条对接", ge=1)
    median: float = Field(title="中位天数", description="一半的对接不超过这么多天", ge=0)
    p90: float = Field(title="九成天数", description="九成的对接不超过这么多天", ge=0)


class FiguresOut(BaseModel):
    """The figures of one group."""

    model_config = model("关键数据", "一组的关键数据；各步按时段内首次到达计。")

    key: str = Field(title="分组", description="审核员、区镇、产业链或月份；合计与未知为空")
    opened: int = Field(title="推荐", description="审核员作出决定（确认、调整或驳回）的推荐条数", ge=0)
    confirmed: int = Field(title="确认", description="确认（含调整）的条数", ge=0)
    recommended: int = Field(title="推送", description="推送给企业的条数", ge=0)
    interested: int = Field(title="企业有意", description="企业有意的条数", ge=0)
    accepted: int = Field(title="专家接受", description="对方接受的条数", ge=0)
    contacted: int = Field(title="接洽", description="开始接洽的条数", ge=0)
    signed: int = Field(title="签约", description="签约的条数", ge=0)
    completed: int = Field(title="结题", description="结题的条数", ge=0)
    amount_wan: float = Field(title="合同金额", description="时段内签约的合同金额，单位：万元", ge=0)
    funding_wan: float = Field(title="预研资金", description="时段内拨付的预研资金，单位：万元", ge=0)
    enterprise_spending_wan: float = Field(title="企业研发投入", description="企业为此的投入，单位：万元", ge=0)
    leverage: float | None = Field(title="带动倍数", description="每万元带动的企业投入；没有拨付时为 null")
    days: list[DaysOut] = Field(title="用时", description="各步之间的天数；没有数据的不列")

    @classmethod
    def of(cls, figures: Figures) -> "FiguresOut":
        """As the API gives it."""
        days = [(interval, figures.days[interval]) for interval in INTERVALS if interval in figures.days]
        return cls(
            key=figures.key,
            **{stage.value: n for stage, n in figures.counts.items()},
            amount_wan=figures.amount_wan,
            funding_wan=figures.funding_wan,
            enterprise_spending_wan=figures.enterprise_spending_wan,
            leverage=figures.leverage,
            days=[
                DaysOut(earlier=earlier.value, later=later.value, n=found.n, median=found.median, p90=found.p90)
                for (earlier, later), found in days
            ],
        )


class FigureListOut(BaseModel):
    """Figures of every group."""

    model_config = model("关键数据列表", "每组一行，没有任何数据的组不列。")

    items: list[FiguresOut] = Field(title="各组", description="按分组名称排序")


@router.get(
    "/figures",
    summary="关键数据",
    description="推荐、确认、推送、企业有意、专家接受、接洽、签约的条数，合同金额，预研资金与带动倍数，各步之间的天数。只计当前账号能看到的对接。",
    response_description="各组的关键数据",
)
def get_figures(
    served: Served,
    actor: _Reader,
    group: _Group = FigureGroup.ALL,
    since: _Since = None,
    until: _Until = None,
    town: Annotated[Text, text_query("区镇", "企业所在区镇包含的文字")] = "",
    chain: Annotated[Text, text_query("产业链", "产业链包含的文字")] = "",
    officer: Annotated[Text, text_query("审核员", "负责的账号")] = "",
) -> FigureListOut:
    """Figures as JSON."""
    wanted = FigureRequest(
        group=group, since=since, until=until, town=town, industry_chain=chain, officer=officer
    )
    return FigureListOut(items=list(map(FiguresOut.of, served.figures.read(actor, wanted))))


@router.get(
    "/figures.csv",
    summary="关键数据（CSV）",
    description="同上，写成可以用 Excel 打开的 CSV。",
    response_description="CSV 表格",
    response_class=Response,
    responses=_CSV,
)
def get_figures_csv(
    served: Served,
    actor: _Reader,
    group: _Group = FigureGroup.ALL,
    since: _Since = None,
    until: _Until = None,
) -> Response:
    """Figures as CSV."""
    found = served.figures.read(actor, FigureRequest(group=group, since=since, until=until))
    return Response(figure_csv(found), media_type="text/csv; charset=utf-8")
