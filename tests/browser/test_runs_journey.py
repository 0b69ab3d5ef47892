"""A run is published, looked at, and taken back; and one that is under way is watched."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from recommender.bootstrap import Application
from recommender.domain.paging import PageRequest
from recommender.domain.runs import RunState, ShardStage
from recommender.services.nightly.lease import LEASE_NAME
from tests.actors import TESTER
from tests.browser.conftest import OpenPage
from tests.console.people import ADMIN


def test_publish_look_and_roll_back(open_as: OpenPage, own_application: Application) -> None:
    newest, older = (line.run.id for line in own_application.run_watch.page(TESTER, PageRequest(limit=2)).items)
    page = open_as(ADMIN)

    # What going back would change is seen before, and it can be taken back at once.
    page.get_by_role("link", name="批次", exact=True).first.click()
    page.get_by_role("link", name="退回前一批次").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("退回前一批次")
    expect(page.get_by_text("退回后会有的变化")).to_be_visible()
    page.get_by_role("button", name="退回前一批次").click()
    expect(page.get_by_text(f"已退回批次 {older}。")).to_be_visible()
    assert shown(own_application) == older
    page.get_by_role("button", name="重新发布").click()
    expect(page.get_by_text(f"已发布批次 {newest}。")).to_be_visible()
    assert shown(own_application) == newest

    # The older one again, by way of its own page and of what would change.
    page.goto("/console/runs")
    page.get_by_role("rowheader", name=older).get_by_role("link").click()
    page.get_by_role("link", name="与其他批次比较").click()
    expect(page.get_by_text("有变化的名单").first).to_be_visible()
    page.get_by_role("link", name="发布此批次").click()
    expect(page.get_by_text("发布后会有的变化")).to_be_visible()
    page.get_by_role("button", name="发布批次").click()
    expect(page.get_by_text(f"已发布批次 {older}。")).to_be_visible()

    # Looked at: what it suggests to somebody.
    page.get_by_role("link", name="推荐明细").click()
    page.get_by_role("searchbox", name="查找").fill("弯管机")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("rowheader", name="弯管机精度提升项目")).to_be_visible()
    page.get_by_role("link", name="查看", exact=False).first.click()
    expect(page.get_by_role("heading", name="推荐依据")).to_be_visible()

    # And back.
    page.goto("/console/runs/rollback")
    page.get_by_role("button", name="退回前一批次").click()
    expect(page.get_by_text(f"已退回批次 {newest}。")).to_be_visible()
    assert shown(own_application) == newest
    history = page.get_by_role("region", name="发布历史").get_by_role("listitem")
    assert [text.split()[0] for text in history.all_inner_texts()[:4]] == ["退回到", "发布", "发布", "退回到"]


def test_a_run_that_is_under_way_is_followed_by_itself(open_as: OpenPage, own_application: Application) -> None:
    run = own_application.run_watch.published(TESTER)
    assert run is not None
    at = datetime.now(UTC)
    begun = replace(run, id="R-tonight", started_at=at, finished_at=None, state=RunState.RUNNING, report={})
    with own_application.database.write() as unit:
        unit.runs.start(begun)
        unit.leases.acquire(LEASE_NAME, "host:1", at, timedelta(minutes=5))
        for stage in ShardStage:
            unit.shards.plan(begun.id, stage, range(4))
    page = open_as(ADMIN)
    page.goto(f"/console/runs/{begun.id}")
    expect(page.get_by_text("0 / 4 片").first).to_be_visible()
    with own_application.database.write() as unit:
        unit.shards.complete(begun.id, ShardStage.CANDIDATES, 0)
    expect(page.get_by_text("1 / 4 片")).to_be_visible(timeout=8_000)
    with own_application.database.write() as unit:
        unit.runs.finish(begun.id, RunState.DONE, datetime.now(UTC), report={"n_suggestions": 0})
    expect(page.get_by_text("页面会自动更新。")).to_be_hidden(timeout=8_000)
    expect(page.get_by_role("link", name="发布此批次")).to_be_visible()


def shown(application: Application) -> str:
    run = application.run_watch.published(TESTER)
    assert run is not None
    return run.id
