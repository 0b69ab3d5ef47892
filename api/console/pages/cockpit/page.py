"""The page of the cockpit, and its tables for spreadsheets."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.console.access import page
from api.console.charts import Chart, named, written
from api.console.filters import day
from api.console.messages import cockpit as zh
from api.console.pages.cockpit.progress import progress_charts
from api.console.pages.cockpit.question import Question, View
from api.console.pages.cockpit.supply import exposure_charts, supply_charts
from api.console.pages.cockpit.tiles import coverage_tiles, progress_tiles, shown_goals, supply_tiles
from api.console.plotly import plotly_address
from api.console.visit import Visit
from api.problems import note_code
from recommender.domain.accounts import Permission
from recommender.domain.periods import PERIOD_LABELS

router = APIRouter()

_Reader = Annotated[Visit, page(Permission.FIGURES_READ)]


@router.get("/cockpit")
def show_cockpit(visit: _Reader) -> Response:
    """One view of the figures, or all of them."""
    question = _question(visit)
    status = HTTPStatus.OK
    if question.fault is not None:
        note_code(visit.request, question.fault.code)
        status = HTTPStatus(question.fault.status)
    return visit.render(
        "cockpit/page.html",
        status=status,
        error=question.fault,
        view=question.view,
        views=View,
        question=question,
        lead=_lead(visit, question),
        periods=PERIOD_LABELS,
        choices=visit.served.cockpit.choices(visit.actor),
        plotly=plotly_address(),
        written=written,
        **_parts(visit, question),
    )


@router.get("/cockpit/{view}/{name}.csv")
def download_table(visit: _Reader, view: View, name: str) -> Response:
    """One table as CSV."""
    question = _question(visit)
    if question.fault is not None:
        raise question.fault
    chart = named(_charts(_parts(visit, Question(view, question.scope))), name)
    if chart is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(chart.as_csv(), media_type="text/csv; charset=utf-8", headers=headers)


def _question(visit: Visit) -> Question:
    return Question.of(visit.request.query_params, datetime.now(UTC).astimezone().date())


def _parts(visit: Visit, question: Question) -> dict[str, Any]:
    """What each view of the question shows; ``None`` for a view that is not asked for."""
    cockpit, actor, scope = visit.served.cockpit, visit.actor, question.scope
    high = cockpit.high_score
    asked = set(View) if question.view is View.ALL else {question.view}
    parts: dict[str, Any] = dict.fromkeys(("progress", "supply", "exposure", "goals"))
    if View.PROGRESS in asked:
        found, coverage = cockpit.progress(actor, scope), cockpit.coverage(actor, scope)
        tiles = progress_tiles(found.tiles, scope.period.kind, high)
        tiles += [] if coverage is None else coverage_tiles(coverage, high)
        parts["progress"] = {"tiles": tiles, "charts": progress_charts(found, high)}
    if View.SUPPLY in asked:
        supply = cockpit.supply(actor, scope)
        charts = [] if supply.run is None else supply_charts(supply)
        tiles = [] if supply.run is None else supply_tiles(supply)
        parts["supply"] = {"run": supply.run, "tiles": tiles, "charts": charts}
    if View.EXPOSURE in asked:
        parts["exposure"] = {"charts": exposure_charts(cockpit.exposure(actor), high)}
    if View.GOALS in asked:
        parts["goals"] = {"lines": shown_goals(cockpit.goals(actor, scope)), "charts": []}
    return parts


def _charts(parts: dict[str, Any]) -> list[Chart]:
    return [chart for part in parts.values() if part is not None for chart in part["charts"]]


def _lead(visit: Visit, question: Question) -> str:
    scope = question.scope
    period, before = scope.period, scope.period.before
    reach = zh.CITY if visit.actor.reach.whole_city else zh.OWN_REACH
    where = "、".join(part for part in (scope.town, scope.industry_chain) if part) or reach
    if not question.view.has_period:
        return zh.LEADS[question.view].format(where=where)
    return zh.LEAD.format(
        since=day(period.since),
        until=day(period.last),
        where=where,
        before=zh.BEFORE[period.kind],
        before_since=day(before.since),
        before_until=day(before.last),
    )
