"""Deciding on duplicates: side by side, made one, told apart, and taken back."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.duplicate_searches import SearchState
from recommender.domain.identity import MERGEABLE_KINDS
from recommender.domain.jobs import JobFault, JobProgress
from recommender.domain.kinds import EntityKind
from recommender.services.duplicate_searches.searches import LEASE_NAME, TERM
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import FORGE, OFFICER, TOWN_OFFICER

ROOT = "/console/duplicates"
FIND = f"{ROOT}/find"


@pytest.fixture
def idle_app(own: Application) -> FastAPI:
    """A town of the test's own, served by a process that does no jobs."""
    return create_app(own)


def test_pairs_stand_side_by_side_with_reasons(officer: TestClient) -> None:
    page = opened(officer, ROOT)
    assert page.title == "重复待定"
    for word in ("相似度", "姓名相同", "单位相同", "建议保留", "不是同一个", "ZJ0001", "ZJ0001-B"):
        assert word in page.text
    assert "祖逸尘" not in page.html
    assert page.without_label == []
    assert len(page.ids) == len(set(page.ids))
    only = opened(officer, f"{ROOT}?kind=platform")
    assert "PT0002-B" in only.text
    assert "ZJ0001-B" not in only.text
    assert opened(officer, f"{ROOT}?kind=need", status=422).text.count("可选：企业、专家、创新平台") == 1


def test_who_does_not_look_after_the_library_sees_no_pairs(enterprise: TestClient) -> None:
    for address in (ROOT, FIND, f"{ROOT}/history", f"{ROOT}/pair?kind=expert&a=ZJ0001&b=ZJ0001-B"):
        opened(enterprise, address, status=403)
    assert enterprise.post(f"{ROOT}/merge").status_code == 403
    assert enterprise.post(FIND).status_code == 403


def test_a_merge_is_done_and_taken_back(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    before = opened(client, f"{ROOT}?kind=expert")
    done = send(client, before, f"{ROOT}/merge")
    page = page_of(done)
    assert "已把“ZJ0001-B”并入“ZJ0001”" in page.text
    assert client.get("/console/library/expert/ZJ0001-B").url.path.endswith("ZJ0001-B")
    assert "ZJ0001 " in opened(client, "/console/library/expert?q=ZJ0001-B").text
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0001-B") is None
    history = opened(client, f"{ROOT}/history")
    assert "陈晓岚" in history.text
    assert "合并 ： ZJ0001-B" in opened(client, "/console/library/expert/ZJ0001?tab=history").text
    undone = page_of(send(client, page, f"{ROOT}/undo"))
    assert "已撤销合并" in undone.text
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0001-B") is not None
    assert "已撤销" in opened(client, f"{ROOT}/history").text


def test_fields_are_chosen_one_by_one(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        twin = unit.experts.get("ZJ0001-B")
        assert twin is not None
        unit.experts.upsert([replace(twin, job_title="研究员")])
    client = client_of(own_app, OFFICER)
    address = f"{ROOT}/pair?kind=expert&a=ZJ0001-B&b=ZJ0001"
    page = opened(client, address)
    assert "按规则保留" in page.text
    form = page.form(f"{ROOT}/merge")
    assert {"keep", "choose-job_title"} <= form.names
    assert "choose-willingness" not in form.names
    send(client, page, f"{ROOT}/merge", **{"keep": "ZJ0001-B", "choose-job_title": "ZJ0001-B"})
    with own.database.read() as unit:
        kept = unit.experts.get("ZJ0001-B")
        assert unit.experts.get("ZJ0001") is None
    assert kept is not None
    assert kept.job_title == "研究员"


def test_pairs_are_told_apart_and_back(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    told = page_of(send(client, opened(client, f"{ROOT}?kind=platform"), f"{ROOT}/reject"))
    assert "以后不再提示" in told.text
    rejected = opened(client, f"{ROOT}?view=rejected")
    assert "PT0002" in rejected.text
    again = page_of(send(client, rejected, f"{ROOT}/reopen"))
    assert "已恢复为待定" in again.text
    assert "PT0002-B" in opened(client, f"{ROOT}?kind=platform").text
    twice = client.post(f"{ROOT}/reopen", data=_fields_of(rejected.form(f"{ROOT}/reopen").fields))
    assert twice.status_code == 404
    assert "没有被标为不同" in twice.text


def test_enterprises_of_others_are_not_compared(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        forge = unit.enterprises.get(FORGE)
        assert forge is not None
        twin = replace(forge, code="91320582000009999X", town="塘桥镇", industry_chain="")
        unit.enterprises.upsert([twin])
    own.duplicate_searcher.run((EntityKind.ENTERPRISE,), actor="test")
    assert twin.code in opened(client_of(own_app, OFFICER), f"{ROOT}?kind=enterprise").text
    town = client_of(own_app, TOWN_OFFICER)
    assert twin.code not in opened(town, f"{ROOT}?kind=enterprise").text
    opened(town, f"{ROOT}/pair?kind=enterprise&a={FORGE}&b={twin.code}", status=404)


def test_a_comparison_is_asked_for_watched_and_come_back_to(own: Application, idle_app: FastAPI) -> None:
    client = client_of(idle_app, OFFICER)
    listed = opened(client, ROOT)
    assert (FIND, "重新比较") in listed.links
    assert "上次比较：" in listed.text
    assert "夜间任务" in listed.text
    page = opened(client, FIND)
    assert (page.title, page.without_label) == ("重新比较", [])
    assert [form.action for form in page.forms].count(FIND) == 4
    begun = page_of(client.post(FIND, data={**_fields_of(page.form(FIND).fields), "kind": "expert"}))
    assert "等待比较" in begun.text
    assert "陈晓岚" in begun.text
    assert (FIND, "刷新") in begun.links
    assert '<noscript><meta http-equiv="refresh"' in begun.html
    part = client.get(FIND, headers={"X-Console-Part": "1"})
    assert f'data-poll="{FIND}"' in part.text
    assert "<html" not in part.text
    assert "查看进度" in opened(client, ROOT).text
    own.duplicate_progress.tell(JobProgress("比较专家", 30, 120))
    with own.database.write() as unit:
        unit.leases.acquire(LEASE_NAME, "host:1", datetime.now(UTC), TERM)
        search = unit.duplicate_searches.under_way()
        assert search is not None
        unit.duplicate_searches.put(replace(search, state=SearchState.RUNNING, attempt=1))
    running = opened(client, FIND)
    assert "正在比较" in running.text
    assert "25% 比较专家 30 / 120" in running.text
    with own.database.write() as unit:
        unit.leases.acquire(LEASE_NAME, "host:2", datetime.now(UTC) + 2 * TERM, -3 * TERM)
    assert "自动继续" in opened(client, FIND).text
    assert own.duplicate_searcher.run_waiting() == 1
    over = opened(client, FIND)
    assert "data-poll" not in over.html
    with own.database.read() as unit:
        n_experts = unit.experts.count()
    assert f"陈晓岚 {n_experts:,} 0 4 0" in over.text
    assert "新发现 0 对，不再出现 0 对" in opened(client, ROOT).text


def test_there_is_one_comparison_at_a_time(own: Application, idle_app: FastAPI) -> None:
    client, town = client_of(idle_app, OFFICER), client_of(idle_app, TOWN_OFFICER)
    fields = _fields_of(opened(town, FIND).form(FIND).fields)
    send(client, opened(client, FIND), FIND)
    refused = town.post(FIND, data=fields)
    assert refused.status_code == 409
    assert "陈晓岚已在" in refused.text
    assert "请等它完成" in refused.text
    assert own.duplicate_searcher.run_waiting() == 1
    with own.database.read() as unit:
        assert unit.duplicate_searches.newest(1)[0].kinds == MERGEABLE_KINDS
    assert town.post(FIND, data={**fields, "kind": "need"}).status_code == 422


def test_why_a_comparison_came_to_nothing_is_said(own: Application, idle_app: FastAPI) -> None:
    client = client_of(idle_app, OFFICER)
    with own.database.write() as unit:
        last = unit.duplicate_searches.newest(1)[0]
        broken = replace(last, state=SearchState.FAULTY, fault=JobFault("identity.search_broken", {}))
        unit.duplicate_searches.put(broken)
    assert "无法完成比较" in opened(client, FIND).text
    assert "未完成" in opened(client, ROOT).text
    with own.database.write() as unit:
        unit.duplicate_searches.put(replace(broken, state=SearchState.INTERRUPTED, fault=None))
    assert "上次比较已中断" in opened(client, FIND).text


def test_a_server_does_what_it_is_asked_for(own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    send(client, opened(client, FIND), FIND)
    ends_at = time.monotonic() + 120
    while "data-poll" in opened(client, FIND).html:
        assert time.monotonic() < ends_at
        time.sleep(0.2)
    assert "陈晓岚" in opened(client, ROOT).text


def _fields_of(fields: list[tuple[str, str]]) -> dict[str, str]:
    return dict(fields)
