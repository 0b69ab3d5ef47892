"""The first page of officers and administrators: what waits, each line a way to it."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.runs import RunState
from recommender.domain.workflow import NeedState
from tests.console.conftest import client_of
from tests.console.pages import opened
from tests.console.people import OFFICER, actor_of
from tests.console.test_runs import unfinished, working

HOME = "/console/"


def test_says_what_waits_and_leads_there(officer: TestClient, application: Application) -> None:
    waiting = application.waiting.of(actor_of(application, OFFICER))
    page = opened(officer, HOME)
    assert page.title == "你好，陈晓岚"
    assert "查看范围：全市" in page.text
    said = {text: address for address, text in page.links}
    for n, words in (
        (waiting.n_mine_overdue, "我的对接已逾期"),
        (waiting.n_returned, "对方未应"),
        (waiting.needs[NeedState.SUBMITTED], "需求待审核"),
        (waiting.n_high_score, "高分推荐待审核"),
    ):
        assert n > 0, words
        assert any(text.startswith(f"{n:,} {words}") for text in said), words
    overdue = next(address for text, address in said.items() if "我的对接已逾期" in text)
    assert opened(officer, overdue).text.count("逾期 ") >= waiting.n_mine_overdue


def test_numbers_are_those_of_the_readers_reach(town_officer: TestClient, officer: TestClient) -> None:
    own, city = opened(town_officer, HOME).text, opened(officer, HOME).text
    assert "查看范围：南丰镇" in own
    assert "合同金额（万元）" in own
    assert own.split("合同金额（万元）")[1][:12] != city.split("合同金额（万元）")[1][:12]


def test_says_what_is_wrong_with_the_last_night(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    assert "最近的批次没有发布" not in opened(client, HOME).text
    run = unfinished(own, n_done=1)
    working(own)
    assert "批次正在运行" in opened(client, HOME).text
    with own.database.write() as unit:
        unit.runs.finish(run.id, RunState.FAILED, run.started_at)
    assert "最近的批次没有发布（未完成）" in opened(client, HOME).text
