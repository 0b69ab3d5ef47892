"""Nights on pages: how they go, what they changed, what they suggest, and which one readers see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.paging import PageRequest
from recommender.domain.runs import MatchRun, RunState, ShardStage
from recommender.services.nightly.lease import LEASE_NAME
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import ADMIN, OFFICER
from tests.console.test_case import token

LIST = "/console/runs"


def runs(application: Application) -> tuple[MatchRun, MatchRun]:
    """The night before and the last night, which is published."""
    newest, older = (line.run for line in application.run_watch.page(TESTER, PageRequest(limit=2)).items)
    return older, newest


def unfinished(application: Application, *, n_done: int, n_stored: int = 0) -> MatchRun:
    """A night that was begun: four shards, some searched, some stored."""
    _, last = runs(application)
    started = datetime.now(UTC)
    run = replace(last, id="R-under-way", state=RunState.RUNNING, started_at=started, finished_at=None, report={})
    with application.database.write() as unit:
        unit.runs.start(run)
        for stage, n in ((ShardStage.CANDIDATES, n_done), (ShardStage.STORE, n_stored)):
            unit.shards.plan(run.id, stage, range(4))
            for number in range(n):
                unit.shards.complete(run.id, stage, number)
    return run


def working(application: Application) -> None:
    """Somebody works on the night."""
    with application.database.write() as unit:
        unit.leases.acquire(LEASE_NAME, "host:1", datetime.now(UTC), timedelta(minutes=5))


class TestList:
    def test_shows_every_night_and_how_what_readers_see_changed(
        self, officer: TestClient, application: Application
    ) -> None:
        older, newest = runs(application)
        page = opened(officer, LIST)
        assert page.title == "批次"
        addresses = [address for address, _ in page.links if address.startswith(f"{LIST}/2")]
        assert addresses[:2] == [f"{LIST}/{newest.id}", f"{LIST}/{older.id}"]
        assert f"发布 {newest.id} ，替换 {older.id} 现在发布" in page.text
        assert f"{newest.report['n_suggestions']:,}" in page.text
        assert "夜间任务" in page.text

    def test_only_who_manages_is_told_how_to_begin_and_to_go_back(
        self, officer: TestClient, admin: TestClient
    ) -> None:
        assert "matchmaker nightly" not in opened(officer, LIST).text
        assert f"{LIST}/rollback" not in {address for address, _ in opened(officer, LIST).links}
        page = opened(admin, LIST)
        assert "matchmaker nightly --resume" in page.text
        assert f"{LIST}/rollback" in {address for address, _ in page.links}

    def test_is_not_for_enterprises(self, enterprise: TestClient, application: Application) -> None:
        for address in (LIST, f"{LIST}/{runs(application)[1].id}", f"{LIST}/rollback"):
            assert opened(enterprise, address, status=403).title == "没有权限"


class TestOverview:
    def test_tells_stages_counts_and_how_evenly_suggestions_fall(
        self, officer: TestClient, application: Application
    ) -> None:
        _, run = runs(application)
        page = opened(officer, f"{LIST}/{run.id}")
        assert page.title == f"批次 {run.id}"
        for words in ("更新索引", "检索与排序", "保存推荐", "基尼系数", "覆盖率", "超出容量", "名额填满"):
            assert words in page.text, words
        assert "6 / 6 片" in page.text
        assert "分配前" in page.text
        assert "页面会自动更新" not in page.text
        assert "refresh" not in page.html

    def test_follows_a_night_that_is_under_way(self, own: Application, own_app: FastAPI) -> None:
        run = unfinished(own, n_done=3)
        working(own)
        client = client_of(own_app, OFFICER)
        page = opened(client, f"{LIST}/{run.id}")
        assert "● 检索与排序" in page.text
        assert "3 / 4 片" in page.text
        assert 'data-refresh="3"' in page.html
        assert '<noscript><meta http-equiv="refresh"' in page.html
        assert "运行中" in opened(client, LIST).text

    @pytest.mark.parametrize(
        ("n_done", "n_stored", "now"), [(4, 0, "分配名额"), (4, 2, "保存推荐"), (4, 4, "发布")]
    )
    def test_knows_the_stage_by_what_is_done(
        self, own: Application, own_app: FastAPI, n_done: int, n_stored: int, now: str
    ) -> None:
        run = unfinished(own, n_done=n_done, n_stored=n_stored)
        working(own)
        assert f"● {now}" in opened(client_of(own_app, OFFICER), f"{LIST}/{run.id}").text

    def test_says_what_to_do_about_a_night_that_was_cut_off(self, own: Application, own_app: FastAPI) -> None:
        run = unfinished(own, n_done=1)
        page = opened(client_of(own_app, OFFICER), f"{LIST}/{run.id}")
        assert "已中断" in page.text
        assert "matchmaker nightly --resume" in page.text
        assert "data-refresh" not in page.html

    def test_shows_what_was_set_aside(self, own: Application, own_app: FastAPI) -> None:
        run = unfinished(own, n_done=3)
        with own.database.write() as unit:
            unit.shards.begin(run.id, ShardStage.CANDIDATES, [3])
            unit.shards.quarantine(run.id, ShardStage.CANDIDATES, 3, "内存不足")
            unit.runs.finish(run.id, RunState.PARTIAL, datetime.now(UTC))
        page = opened(client_of(own_app, OFFICER), f"{LIST}/{run.id}")
        assert "有 1 个分片多次未能完成" in page.text
        assert "内存不足" in page.text

    def test_unknown_nights_are_not_there(self, officer: TestClient) -> None:
        assert opened(officer, f"{LIST}/R-0", status=404).title == "没有找到"


class TestChanges:
    def test_compare_with_the_night_before_and_lead_to_one_enterprise(
        self, admin: TestClient, application: Application
    ) -> None:
        older, newest = runs(application)
        found = application.run_comparison.compare(TESTER, older.id, newest.id, at_most=50)
        page = opened(admin, f"{LIST}/{newest.id}?tab=changes")
        assert f"新增推荐 {found.total.n_new} 条" in page.text
        assert f"不再推荐 {found.total.n_gone} 条" in page.text
        assert f"共 {found.n_enterprises} 家企业有变化" in page.text
        first = found.enterprises[0]
        link = next(address for address, text in page.links if text == first.name)
        detail = opened(admin, link)
        assert "一家企业的变化" in detail.text
        assert detail.text.count("新增") >= first.tally.n_new

    def test_say_only_what_the_reader_may_see(self, town_officer: TestClient, application: Application) -> None:
        older, newest = runs(application)
        page = opened(town_officer, f"{LIST}/{newest.id}?tab=changes")
        assert "南丰镇" in page.text
        assert "塘桥镇" not in page.text
        bender = f"{LIST}/{newest.id}?tab=changes&against={older.id}&enterprise=91320582000001556X"
        assert opened(town_officer, bender, status=404).title == "没有找到"

    def test_name_no_expert(self, admin: TestClient, application: Application) -> None:
        older, newest = runs(application)
        with application.database.read() as unit:
            names = [expert.name for expert in unit.experts.iterate()]
        code = application.run_comparison.compare(TESTER, older.id, newest.id, at_most=1).enterprises[0].code
        html = opened(admin, f"{LIST}/{newest.id}?tab=changes&enterprise={code}").html
        html += opened(admin, f"{LIST}/{newest.id}?tab=suggestions&target=expert").html
        assert "**" in html
        assert [name for name in names if name in html] == []


class TestSuggestions:
    def test_are_searched_by_whom_they_are_for(self, officer: TestClient, application: Application) -> None:
        _, run = runs(application)
        page = opened(officer, f"{LIST}/{run.id}?tab=suggestions&q=弯管机&target=platform")
        assert "弯管机精度提升项目" in page.text
        assert "创新平台" in page.text
        assert any(address.startswith("/console/cases/need!") for address, _ in page.links)
        assert "没有符合的推荐" in opened(officer, f"{LIST}/{run.id}?tab=suggestions&q=没有这样的词").text

    def test_of_achievements_name_enterprises(self, officer: TestClient, application: Application) -> None:
        _, run = runs(application)
        page = opened(officer, f"{LIST}/{run.id}?tab=suggestions&source=achievement")
        assert "有限公司" in page.text
        assert opened(officer, f"{LIST}/{run.id}?tab=x&source=y").title == f"批次 {run.id}"


class TestPublishing:
    def test_goes_back_with_a_look_at_what_changes_and_forth_again(
        self, own: Application, own_app: FastAPI
    ) -> None:
        older, newest = runs(own)
        client = client_of(own_app, ADMIN)
        asked = opened(client, f"{LIST}/rollback")
        assert f"退回到 {older.id}" in asked.text
        assert "失去名单" in asked.text
        back = page_of(send(client, asked, f"{LIST}/rollback"))
        assert f"已退回批次 {older.id}。" in back.text
        assert f"退回到 {older.id} ，替换 {newest.id} 现在发布" in back.text
        assert published(own) == older.id
        again = page_of(send(client, back, f"{LIST}/{newest.id}/publish"))
        assert f"已发布批次 {newest.id}。" in again.text
        assert published(own) == newest.id
        undone = page_of(send(client, again, f"{LIST}/rollback"))
        assert f"已退回批次 {older.id}。" in undone.text

    def test_says_so_where_another_was_published_meanwhile(self, own: Application, own_app: FastAPI) -> None:
        older, newest = runs(own)
        client = client_of(own_app, ADMIN)
        asked = opened(client, f"{LIST}/{older.id}/publish")
        assert "发布后会有的变化" in asked.text
        own.runs.roll_back(actor=TESTER)
        refused = send(client, asked, f"{LIST}/{older.id}/publish")
        assert refused.status_code == 409
        again = page_of(refused)
        assert f"已发布的批次刚刚变为 {older.id}" in again.text
        assert "此批次已经发布。" in again.text
        sent = {"csrf_token": token(again), "replacing": newest.id}
        nowhere = client.post(f"{LIST}/rollback", data=sent)
        assert nowhere.status_code == 409
        assert "没有可以退回的批次" in page_of(nowhere).text

    def test_refuses_what_is_not_whole(self, own: Application, own_app: FastAPI) -> None:
        run = unfinished(own, n_done=1)
        client = client_of(own_app, ADMIN)
        page = opened(client, f"{LIST}/{run.id}/publish")
        assert "没有做完，不能发布" in page.text
        assert [form for form in page.forms if form.action.endswith("/publish")] == []
        sent = {"csrf_token": token(page), "replacing": runs(own)[0].id}
        assert client.post(f"{LIST}/{run.id}/publish", data=sent).status_code == 409

    def test_is_for_who_manages_runs(self, officer: TestClient, application: Application) -> None:
        older, _ = runs(application)
        page: Page = opened(officer, f"{LIST}/{older.id}")
        assert f"{LIST}/{older.id}/publish" not in {address for address, _ in page.links}
        assert officer.get(f"{LIST}/{older.id}/publish").status_code == 403
        sent = {"csrf_token": token(page), "replacing": ""}
        for action in (f"{LIST}/{older.id}/publish", f"{LIST}/rollback"):
            assert officer.post(action, data=sent).status_code == 403


def published(application: Application) -> str:
    run = application.run_watch.published(TESTER)
    assert run is not None
    return run.id
