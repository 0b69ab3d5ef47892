"""From an objection to its answer, as both sides see it."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import ADMIN, ENTERPRISE, OTHER_ENTERPRISE

FORM = "/console/help/objection"
LIST = "/console/objections"
TEXT = "推荐的专家研究方向与需求无关，请人工复核。"


@pytest.fixture
def firm(own_app: FastAPI) -> TestClient:
    return client_of(own_app, ENTERPRISE)


def own_need(application: Application) -> str:
    with application.database.read() as unit:
        return next(
            need.id for need in unit.needs.iterate() if need.enterprise_code == ENTERPRISE.enterprise_code
        )


def test_an_objection_is_raised_answered_and_read(firm: TestClient, own: Application, own_app: FastAPI) -> None:
    need = own_need(own)
    form = opened(firm, f"{FORM}?about={need}&subject=自动推荐")
    assert {("about", need), ("subject", "自动推荐")} <= set(form.form(FORM).fields)
    raised = page_of(send(firm, form, FORM, text=TEXT))
    assert re.search(r"已收到异议 YY-\d{8}-\w+，将在 \d{4}-\d{2}-\d{2} 前答复", raised.text)
    assert TEXT in raised.text

    admin = client_of(own_app, ADMIN)
    assert LIST in [href for href, text in opened(admin, "/console/").links if "异议等待答复" in text]
    listed = opened(admin, LIST)
    assert "等待答复 1 条 已逾期 0 条" in listed.text
    address = next(href for href, text in listed.links if text.startswith("YY-"))
    looked_at = opened(admin, address)
    assert ("环屹锻造" in looked_at.text, need in looked_at.text) == (True, True)
    taken = page_of(send(admin, looked_at, f"{address}/take-on"))
    assert "复核中" in taken.text
    assert "复核中" in opened(firm, FORM).text

    late = send(admin, looked_at, f"{address}/answer", outcome="采纳", answer="已复核，换了推荐。谢谢指出。")
    assert late.status_code == 412
    assert ("answer", "已复核，换了推荐。谢谢指出。") in page_of(late).form(f"{address}/answer").fields
    unsaid = send(admin, taken, f"{address}/answer", answer="已复核，换了推荐。谢谢指出。")
    assert "“结论”不能是“”" in page_of(unsaid).text
    answered = page_of(
        send(admin, taken, f"{address}/answer", outcome="采纳", answer="已复核，换了推荐。谢谢指出。")
    )
    assert ("已答复异议" in answered.text, "没有等待答复的异议" in answered.text) == (True, True)

    read = opened(firm, FORM)
    assert ("采纳" in read.text, "已复核，换了推荐。谢谢指出。" in read.text) == (True, True)
    assert [form.action for form in read.forms if form.action.endswith("/withdraw")] == []
    trail = opened(admin, "/console/audit?action=account:objection:")
    for sentence in ("提出异议（自动推荐）", "开始复核异议", "答复异议：采纳"):
        assert sentence in trail.text
    assert opened(admin, f"{LIST}?state=all").text.count("已答复") >= 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "太短"}, "写 10 到 2000 个字"),
        ({"subject": ""}, "“事项”不能是“”"),
        ({"about": "XQ-404"}, "没有编号为“XQ-404”的需求或对接"),
    ],
)
def test_what_was_typed_stays_where_something_is_wrong(
    firm: TestClient, typed: dict[str, str], sentence: str
) -> None:
    sent = {"subject": "其他", "about": "", "text": TEXT} | typed
    response = send(firm, opened(firm, FORM), FORM, **sent)
    page = page_of(response)
    assert (response.status_code, sentence in page.text) == (422, True)
    assert {(name, sent[name]) for name in ("about", "text")} <= set(page.form(FORM).fields)


def test_one_takes_back_ones_own_and_nobody_elses(firm: TestClient, own_app: FastAPI) -> None:
    raised = page_of(send(firm, opened(firm, FORM), FORM, subject="其他", text=TEXT))
    (action,) = [form.action for form in raised.forms if form.action.endswith("/withdraw")]
    stranger = client_of(own_app, OTHER_ENTERPRISE)
    token = dict(opened(stranger, FORM).form(FORM).fields)["csrf_token"]
    refused = stranger.post(action, data={"csrf_token": token})
    assert refused.status_code == 404
    assert "已撤回异议" in page_of(send(firm, raised, action)).text
    assert TEXT not in opened(stranger, FORM).text


def test_only_administrators_see_everybodys(officer: TestClient, enterprise: TestClient) -> None:
    for client in (officer, enterprise):
        for path in (LIST, f"{LIST}/YY-1"):
            assert opened(client, path, status=403).title == "没有权限"


def test_an_empty_list_says_where_objections_come_from(admin: TestClient) -> None:
    assert "用户在帮助页提出异议后" in opened(admin, LIST).text
    assert "没有符合条件的异议" in opened(admin, f"{LIST}?state=已答复").text
    assert "“状态”不能是" in opened(admin, f"{LIST}?state=x", status=422).text
    assert opened(admin, f"{LIST}/YY-1", status=404).title == "没有找到"
