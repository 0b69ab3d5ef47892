"""The cockpit as its readers meet it: what it says, of whom, and as a table."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.console.charts import Cell, Chart, Column, written
from api.console.pages.cockpit.question import Question, View
from recommender.bootstrap import Application
from recommender.domain.cockpit import CockpitScope
from recommender.domain.errors import InvalidInput
from recommender.domain.figures import STAGE_LABELS, Stage
from recommender.domain.measures import Measure
from recommender.domain.periods import Period, PeriodKind
from tests.actors import TESTER
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of
from tests.console.people import OFFICER, PASSWORD, TOWN_OFFICER, actor_of

VIEWS = tuple(View)
ALL = "/console/cockpit?view=all&period=year"
CHARTS = {
    "progress": {"funnel", "months", "money", "towns", "chains", "days", "refusals"},
    "supply": {"coverage-towns", "coverage-chains", "gaps-chains", "gaps-fields", "unserved"},
    "exposure": {"exposure"},
}


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service in which there are accounts and nothing else."""
    built = Application(stage.settings_in(tmp_path_factory.mktemp("nothing") / "var"))
    built.database.upgrade()
    built.accounts.create(TESTER, OFFICER.draft(), PASSWORD)
    with TestClient(create_app(built)) as client:
        yield client.app  # type: ignore[misc]
    built.database.close()


def table_of(html: str, name: str) -> list[list[str]]:
    """Header and rows of a chart's table as they are read."""
    section = html.split(f'id="chart-{name}"', 1)[1].split("</section>", 1)[0]
    lines = re.findall(r"<tr>(.*?)</tr>", section, flags=re.DOTALL)
    return [
        [re.sub(r"<[^>]+>|\s+", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        for line in lines
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_one_heading_and_no_id_twice(officer: TestClient, view: View) -> None:
    page = opened(officer, f"/console/cockpit?view={view}")
    assert page.title == "驾驶舱"
    assert len(page.ids) == len(set(page.ids))
    assert page.without_label == []


def test_tiles_and_funnel_say_what_the_service_counts(officer: TestClient, application: Application) -> None:
    actor = actor_of(application, OFFICER)
    found = application.cockpit.progress(actor, CockpitScope(period=year()))
    html = officer.get("/console/cockpit?period=year").text
    page = opened(officer, "/console/cockpit?period=year")
    signed = next(tile for tile in found.tiles if tile.measure is Measure.SIGNED)
    assert signed.value
    assert f"签约 {signed.value} 条" in page.text
    header, *rows = table_of(html, "funnel")
    assert header[:2] == ["步骤", "至少走到（条）"]
    assert [row[0] for row in rows] == [STAGE_LABELS[stage] for stage in Stage]
    assert [row[1] for row in rows] == [str(step.n) for step in found.funnel]
    towns = table_of(html, "towns")[1:]
    assert sum(int(row[2]) for row in towns) == sum(each.counts[Stage.RECOMMENDED] for each in found.towns) > 0
    assert any(heading.startswith(f"{found.funnel[0].n} 条推荐中") for _, heading in page.headings)


def test_every_chart_has_its_table_and_its_file(officer: TestClient) -> None:
    html = officer.get(ALL).text
    assert set(re.findall(r'id="chart-([\w-]+)"', html)) == set().union(*CHARTS.values())
    for view, names in CHARTS.items():
        for name in names:
            answer = officer.get(f"/console/cockpit/{view}/{name}.csv?period=year")
            assert answer.status_code == 200
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
            rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            if f'id="h-{name}">暂无数据' in html:
                continue
            shown = table_of(html, name)
            assert rows[0] == shown[0]
            assert [row[0].replace(" ", "") for row in rows[1:]] == [row[0] for row in shown[1:]]


def test_the_address_holds_the_question(officer: TestClient) -> None:
    page = opened(officer, "/console/cockpit?view=supply&period=month&town=塘桥镇&chain=智能装备")
    tabs = [href for href, text in page.links if text in {"对接进展", "推荐分布"}]
    assert len(tabs) == 2
    assert all("period=month" in href and "town=" in href and "chain=" in href for href in tabs)
    assert "塘桥镇、智能装备" in page.text
    (question,) = (form for form in page.forms if form.action.endswith("/console/cockpit"))
    assert {("town", "塘桥镇"), ("chain", "智能装备"), ("view", "supply")} <= set(question.fields)


def test_figures_are_limited_to_a_town_and_a_chain(officer: TestClient) -> None:
    everywhere = table_of(officer.get("/console/cockpit?period=year").text, "towns")[1:]
    assert len(everywhere) > 1
    only = table_of(officer.get(f"/console/cockpit?period=year&town={everywhere[-1][0]}").text, "towns")[1:]
    assert only == [everywhere[-1]]
    chains = table_of(officer.get("/console/cockpit?view=supply&chain=智能装备").text, "coverage-chains")[1:]
    assert {row[0] for row in chains} == {"智能装备"}


def test_an_officer_of_a_town_sees_that_town(town_officer: TestClient, application: Application) -> None:
    html = town_officer.get(ALL).text
    assert "负责范围" in page_of(town_officer.get(ALL)).text
    assert {row[0] for row in table_of(html, "towns")[1:]} == {"南丰镇"}
    assert {row[0] for row in table_of(html, "coverage-towns")[1:]} == {"南丰镇"}
    choices = application.cockpit.choices(actor_of(application, TOWN_OFFICER))
    assert choices.towns == ("南丰镇",)


def test_who_may_look(enterprise: TestClient, admin: TestClient, stranger: TestClient) -> None:
    for address in ("/console/cockpit", "/console/cockpit/progress/funnel.csv"):
        assert enterprise.get(address).status_code == 403
        assert admin.get(address).status_code == 200
        assert stranger.get(address, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-13-01&until=2026-12-01", "“开始日期”应为日期"),
        ("since=2026-01-01&until=gestern", "“结束日期”应为日期"),
        ("since=2026-03-01&until=2026-02-01", "不在开始"),
        ("since=0001-01-01&until=2026-02-01", "“开始日期”应为日期"),
    ],
)
def test_a_period_that_cannot_be_read_is_named_and_kept(officer: TestClient, asked: str, said: str) -> None:
    response = officer.get(f"/console/cockpit?period=custom&{asked}")
    assert response.status_code == 422
    page = page_of(response)
    assert said in page.text
    (question,) = (form for form in page.forms if form.action.endswith("/console/cockpit"))
    assert {tuple(part.split("=")) for part in asked.split("&")} <= set(question.fields)
    assert officer.get(f"/console/cockpit/progress/funnel.csv?period=custom&{asked}").status_code == 422


def test_what_the_address_does_not_say_is_usual() -> None:
    today = Period.present(PeriodKind.QUARTER, date(2026, 11, 28))
    usual = Question.of({"period": "century", "view": "moon"}, date(2026, 11, 28))
    assert (usual.view, usual.scope.period) == (View.PROGRESS, today)
    open_start = Question.of({"period": "custom", "until": "2026-03-31"}, today.last)
    assert (open_start.scope.period.since.isoformat(), open_start.scope.period.n_days) == ("2026-01-01", 90)
    assert Question.of(open_start.address(), today.last) == open_start
    assert isinstance(Question.of({"period": "custom", "since": "x"}, today.last).fault, InvalidInput)


@pytest.mark.parametrize("address", ["/console/cockpit/progress/nix.csv", "/console/cockpit/goals/funnel.csv"])
def test_there_is_no_such_table(officer: TestClient, address: str) -> None:
    assert officer.get(address).status_code == 404


def test_nobody_is_named(officer: TestClient, application: Application) -> None:
    html = officer.get(ALL).text
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert [name for name in names if name in html] == []


def test_contacts_in_a_title_are_hidden(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        found = own.cockpit.supply(actor_of(own, OFFICER), CockpitScope(period=year()))
        id = found.gaps[0].unserved[0].id
        need = unit.needs.get(id)
        assert need is not None
        unit.needs.upsert([replace(need, title="联系 13812345678 了解边裂")])
    html = client_of(own_app, OFFICER).get("/console/cockpit?view=supply").text
    assert "138****5678" in html
    assert "13812345678" not in html


def year() -> Period:
    return Period.present(PeriodKind.YEAR, datetime.now(UTC).astimezone().date())


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_service_says_what_to_do(nothing: FastAPI, view: View) -> None:
    client = client_of(nothing, OFFICER)
    response = client.get(f"/console/cockpit?view={view}")
    assert response.status_code == 200
    page = page_of(response)
    assert "请" in page.text or view is View.GOALS
    assert "data-drawing" not in response.text
    if view in {View.SUPPLY, View.ALL}:
        assert ("/console/runs", "前往批次") in [(href.split("?")[0], text) for href, text in page.links]
    if view is View.GOALS:
        assert response.text.count('class="chip">数据不足<') == 4


def test_goals_tell_what_is_missing(officer: TestClient) -> None:
    page = opened(officer, "/console/cockpit?view=goals")
    assert "目标 95%" in page.text
    assert "需要补充：全市专利统计" in page.text


def test_the_library_of_charts_is_sent_small_and_once(stranger: TestClient, officer: TestClient) -> None:
    (address,) = re.findall(r'data-plotly="([^"]+)"', officer.get("/console/cockpit").text)
    packed = stranger.get(address, headers={"accept-encoding": "gzip"})
    assert packed.status_code == 200
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 1_600_000
    assert "immutable" in packed.headers["cache-control"]
    plain = stranger.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert len(gzip.compress(plain.content)) < len(plain.content) / 3


def test_styles_of_charts_are_admitted_here_alone(officer: TestClient) -> None:
    def policy(address: str) -> str:
        return officer.get(address).headers["content-security-policy"]

    assert "style-src 'self' 'unsafe-inline';" in policy("/console/cockpit?view=goals")
    assert "script-src 'self';" in policy("/console/cockpit")
    assert "unsafe-inline" not in policy("/console/")


def test_the_page_is_light(officer: TestClient) -> None:
    assert len(officer.get(ALL).content) < 150_000


def test_a_table_is_written_for_people_and_for_programs() -> None:
    chart = Chart(
        name="x",
        subject="x",
        finding="x",
        columns=(Column("=区镇"), Column("金额", Cell.WAN, "万元"), Column("率", Cell.SHARE, "%")),
        rows=(("=cmd()", 12345.678, 0.5), ("", None, None)),
        empty="x",
    )
    assert chart.as_csv() == "\ufeff'=区镇,金额（万元）,率（%）\r\n'=cmd(),12345.7,50.0\r\n,,\r\n"
    assert written(12345.678, Cell.WAN) == "12,345.7"
    assert written(0.123, Cell.SHARE) == "12.3"
    assert written(0.0, Cell.DAYS) == "0.0"
    assert written(None, Cell.DAYS) == "--"


def test_files_of_the_page_are_there(officer: TestClient) -> None:
    page = opened(officer, "/console/cockpit")
    own = [source for source in page.sources if "cockpit" in source]
    assert sorted(Path(source).suffix for source in own) == [".css", ".js"]
    assert all(officer.get(source).status_code == 200 for source in own)
