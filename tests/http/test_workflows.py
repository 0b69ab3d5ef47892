"""Needs and matches over HTTP, from draft to contract, as those who work with them."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.services.nightly.options import NightOptions
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import ENTERPRISE, FAR_OFFICER, OFFICER, OTHER_ENTERPRISE, client_of, session_headers
from tests.http.problems import problem_of


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("workflows") / "var"))
    library.fill(built.database)
    built.nightly.run(NightOptions(as_of=date(2026, 11, 28)), actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def site(served: Application) -> Iterator[FastAPI]:
    built = create_app(served)
    with TestClient(built):
        yield built


@pytest.fixture(scope="module")
def officer(site: FastAPI, served: Application) -> TestClient:
    return client_of(site, session_headers(served, OFFICER))


@pytest.fixture(scope="module")
def far(site: FastAPI, served: Application) -> TestClient:
    return client_of(site, session_headers(served, FAR_OFFICER))


@pytest.fixture(scope="module")
def mill(site: FastAPI, served: Application) -> TestClient:
    return client_of(site, session_headers(served, ENTERPRISE))


@pytest.fixture(scope="module")
def weaver(site: FastAPI, served: Application) -> TestClient:
    return client_of(site, session_headers(served, OTHER_ENTERPRISE))


def ok(response: httpx2.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json()


def place(id: str) -> str:
    return f"/v1/cases/{quote(id, safe='/')}"


def decide(client: TestClient, case: dict[str, Any], to: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{place(case['id'])}/decisions", json={"to": to, "version": case["version"], **body})
    found: dict[str, Any] = ok(answer)
    return found


def queue(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    """Every page of a list."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = ok(client.get("/v1/cases", params={**params, "cursor": cursor}))
        items += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return items


def test_a_need_from_draft_to_publication(mill: TestClient, officer: TestClient, weaver: TestClient) -> None:
    made = mill.post("/v1/needs", json={"title": "带钢表面划伤", "description": "速度提高后划伤增多"})
    draft = ok(made, 201)
    id = draft["need"]["id"]
    assert draft["progress"]["state"] == "草稿"
    assert [step["to"] for step in draft["progress"]["steps"]] == ["待审核", "撤回"]
    shown = mill.get(f"/v1/needs/{id}")
    assert shown.headers["etag"].startswith('"1-')
    again = mill.get(f"/v1/needs/{id}", headers={"if-none-match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

    change = {"budget_wan": 60.0}
    problem_of(mill.patch(f"/v1/needs/{id}", json=change), 428, "version.missing")
    changed = mill.patch(f"/v1/needs/{id}", json=change, headers={"if-match": shown.headers["etag"]})
    assert ok(changed)["need"]["budget_wan"] == 60.0
    stale = mill.patch(f"/v1/needs/{id}", json=change, headers={"if-match": '"1"'})
    problem_of(stale, 412, "version.outdated")
    problem_of(mill.patch(f"/v1/needs/{id}", json={"colour": 1}), 428, "version.missing")

    step = {"to": "待审核", "version": draft["progress"]["version"]}
    handed_in = ok(mill.post(f"/v1/needs/{id}/steps", json=step))["progress"]
    refused = mill.post(f"/v1/needs/{id}/steps", json={"to": "已发布", "version": handed_in["version"]})
    problem_of(refused, 403, "account.not_allowed")
    problem_of(weaver.post(f"/v1/needs/{id}/steps", json=step), 404, "entity.not_found")
    back = {"to": "退回补充", "version": handed_in["version"]}
    problem_of(officer.post(f"/v1/needs/{id}/steps", json=back), 422, "review.reason_missing")
    returned = ok(officer.post(f"/v1/needs/{id}/steps", json={**back, "reason": "需求描述不清"}))["progress"]
    undone = ok(officer.post(f"/v1/needs/{id}/undo", json={"version": returned["version"]}))["progress"]
    assert undone["state"] == "待审核"
    publish = {"to": "已发布", "version": undone["version"]}
    assert ok(officer.post(f"/v1/needs/{id}/steps", json=publish))["progress"]["state"] == "已发布"
    problem_of(officer.post(f"/v1/needs/{id}/steps", json=publish), 409, "review.outdated")
    lines = ok(mill.get(f"/v1/needs/{id}/timeline"))["items"]
    assert [(line["to_state"], line["reason"]) for line in lines] == [
        ("待审核", None),
        ("退回补充", "需求描述不清"),
        ("待审核", None),
        ("已发布", None),
    ]
    assert ok(mill.get(f"/v1/needs/{id}/progress"))["due"] == "选出第一批推荐"


def test_needs_are_listed_for_those_they_are_for(mill: TestClient, officer: TestClient, far: TestClient) -> None:
    for client in (mill, officer):
        items = ok(client.get("/v1/needs", params={"state": ["已发布", "匹配中"], "sort": "-title"}))["items"]
        assert "XQ-1" in [item["id"] for item in items]
        assert {item["enterprise_name"] for item in items} == {"江岸薄板有限公司"}
    assert ok(far.get("/v1/needs"))["items"] == []
    problem_of(officer.get("/v1/needs", params={"state": "没有"}), 422, "request.invalid")
    problem_of(officer.get("/v1/needs", params={"sort": "colour"}), 422, "page.sort")


def test_the_queue_holds_what_can_be_proposed_now(officer: TestClient, far: TestClient) -> None:
    items = queue(officer, limit=3)
    assert {item["state"] for item in items} == {"系统推荐"}
    assert {item["need_id"] for item in items} == {"XQ-1"}
    assert "ZJ-avoids" not in {item["target_id"] for item in items}
    (first,) = [item for item in items if item["target_id"] == "ZJ-1"]
    assert first["target_name"] == "林**"
    assert queue(far) == []
    scores = [item["score"] for item in queue(officer, sort="score", kind="expert")]
    assert scores == sorted(scores, reverse=True)


def test_from_suggestion_to_contract(officer: TestClient, mill: TestClient, weaver: TestClient) -> None:
    (item,) = [item for item in queue(officer, kind="expert") if item["target_id"] == "ZJ-1"]
    problem_of(mill.get(place(item["id"])), 404, "review.case_not_found")
    claimed = ok(officer.post(f"{place(item['id'])}/claim", json={"version": 0}))
    case = decide(officer, claimed, "确认")
    assert case["shown"]["propensity"] == 1.0
    case = decide(officer, case, "推送")
    problem_of(weaver.get(place(item["id"])), 404, "review.case_not_found")
    (mine,) = queue(mill)
    assert mine["id"] == item["id"]
    answer = {"to": "企业有意", "version": mine["version"]}
    case = ok(mill.post(f"{place(item['id'])}/answer", json=answer))
    problem_of(
        mill.post(f"{place(item['id'])}/answer", json={"to": "签约", "version": case["version"]}),
        422,
        "request.invalid",
    )
    for state in ("专家接受", "接洽", "洽谈"):
        case = decide(officer, case, state)
    unsigned = officer.post(f"{place(item['id'])}/decisions", json={"to": "签约", "version": case["version"]})
    problem_of(unsigned, 422, "review.contract_missing")
    contract = {"kind": "技术开发", "signed_on": "2026-11-28", "amount_wan": 80}
    case = decide(officer, case, "签约", contract=contract)
    assert case["outcome"]["contract"]["amount_wan"] == 80
    outcome = ok(officer.post(f"{place(item['id'])}/milestones", json={"title": "小试"}), 201)
    assert [found["number"] for found in outcome["milestones"]] == [1]
    done = ok(officer.patch(f"{place(item['id'])}/milestones/1", json={"done_on": "2026-12-31"}))
    assert done["milestones"][0] == {**outcome["milestones"][0], "done_on": "2026-12-31"}
    paid = {"instalment": "第一笔", "paid_on": "2026-12-01", "amount_wan": 20, "enterprise_spending_wan": 90}
    assert ok(officer.put(f"{place(item['id'])}/funding", json=paid))["leverage"] == 4.5
    more = {**contract, "registration_number": "2026-001"}
    assert (
        ok(officer.put(f"{place(item['id'])}/contract", json=more))["contract"]["registration_number"]
        == "2026-001"
    )
    early = officer.put(f"{place(item['id'])}/evaluation", json={"side": "企业", "grade": 5})
    problem_of(early, 409, "review.outcome_too_early")
    seen = ok(mill.get(f"{place(item['id'])}/timeline"))["items"]
    assert seen[0]["to_state"] == "推送"

    (figures,) = ok(officer.get("/v1/figures", params={"group": "town"}))["items"]
    assert (figures["key"], figures["signed"], figures["leverage"]) == ("北港镇", 1, 4.5)
    table = officer.get("/v1/figures.csv", params={"group": "chain"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "冶金新材料,1" in table.text


def test_a_batch_names_every_match_that_stands_in_the_way(officer: TestClient) -> None:
    items = queue(officer, kind="expert")[:3]
    taken = decide(officer, items[0], "驳回", reason="领域不符")
    body = {"items": [{"id": item["id"], "version": item["version"]} for item in items], "to": "确认"}
    document = problem_of(officer.post("/v1/cases/decisions", json=body), 409, "review.batch_conflicts")
    assert [fault["field"] for fault in document["errors"]] == [taken["id"]]
    body["items"] = body["items"][1:]  # type: ignore[index]
    batch = ok(officer.post("/v1/cases/decisions", json={**body, "to": "驳回", "reason": "指标不满足"}))
    assert [moved["state"] for moved in batch["items"]] == ["驳回", "驳回"]
    undone = ok(officer.post(f"/v1/case-batches/{batch['batch_id']}/undo"))
    assert [moved["state"] for moved in undone["items"]] == ["系统推荐", "系统推荐"]
    problem_of(officer.post(f"/v1/case-batches/{batch['batch_id']}/undo"), 409, "review.batch_undone")
    version = ok(officer.get(place(taken["id"])))["version"]
    back = ok(officer.post(f"{place(taken['id'])}/undo", json={"version": version}))
    assert back["state"] == "系统推荐"


def test_an_officer_proposes_and_reminders_are_listed(
    officer: TestClient, far: TestClient, served: Application
) -> None:
    body = {"source_kind": "need", "source_id": "XQ-1", "target_kind": "expert", "target_id": "ZJ-far-001"}
    problem_of(far.post("/v1/cases", json=body), 404, "entity.not_found")
    found = officer.post("/v1/cases", json=body)
    if found.status_code == 409:
        problem_of(found, 409, "review.case_exists")
    else:
        assert ok(found, 201)["state"] == "官员审核"
    served.timers.run(actor="test")
    page = ok(officer.get("/v1/reminders", params={"mine": True}))
    assert page["next_cursor"] == ""
    problem_of(officer.get("/v1/cases", params={"view": "mine", "sort": "list"}), 422, "page.sort")
