"""The guided form of a need, as a browser without scripts uses it."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.pages.needs.values import Row, digests, merged, values_of
from recommender.bootstrap import Application
from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality, CooperationMode, DesiredPartner, NeedSource
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import NeedState
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import BENDER, ENTERPRISE, FORGE, OFFICER, TOWN_OFFICER
from tests.console.test_needs import PHONE, need_in

TEXT = "轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。"
FILLED: dict[str, Any] = {
    "title": "薄板边裂控制",
    "description": f"{TEXT}\r\n第二段",
    "difficulties": "换辊后头两卷最多",
    "indicator_name": ["边裂率", "厚度公差"],
    "indicator_comparator": ["≤", "="],
    "indicator_value": ["1", "0.05"],
    "indicator_unit": ["%", "mm"],
    "keywords": "冷轧、边裂，张力",
    "cooperation_mode": "联合开发",
    "desired_partners": ["成果", "专家"],
    "budget_wan": "1,200.5",
    "duration_months": "18",
    "target_trl": "6",
    "deadline": "2027-06-30",
    "confidentiality": "机密",
    "public_summary": "寻求薄板边部质量方面的技术",
}


@pytest.fixture
def officers(own_app: FastAPI) -> TestClient:
    return client_of(own_app, OFFICER)


@pytest.fixture
def forge(own_app: FastAPI) -> TestClient:
    return client_of(own_app, ENTERPRISE)


def create(client: TestClient, *, button: str = "", **typed: Any) -> httpx2.Response:
    return send(client, opened(client, "/console/needs/new"), "/console/needs", button=button, **typed)


def newest(application: Application, **wanted: Any) -> Need:
    page = application.needs.page(TESTER, NeedFilter(**wanted), PageRequest(limit=1, sort="-updated"))
    return page.items[0].need


def values_on(page: Page, name: str) -> list[str]:
    form = next(form for form in page.forms if "public_summary" in form.names)
    return [value for known, value in form.fields if known == name]


# Writing


def test_everything_typed_is_stored(own: Application, forge: TestClient) -> None:
    shown = page_of(create(forge, **FILLED))
    assert shown.title == "薄板边裂控制"
    assert "草稿已保存" in shown.text
    need = newest(own, enterprise_code=FORGE)
    assert need.description == f"{TEXT}\n第二段"
    assert need.indicators == ("边裂率 ≤ 1 %", "厚度公差 = 0.05 mm")
    assert need.keywords == ("冷轧", "边裂", "张力")
    assert (need.budget_wan, need.duration_months, need.target_trl) == (1200.5, 18, 6)
    assert need.cooperation_mode is CooperationMode.JOINT_DEVELOPMENT
    assert need.desired_partners == (DesiredPartner.EXPERT, DesiredPartner.ACHIEVEMENT)
    assert need.confidentiality is Confidentiality.CONFIDENTIAL
    assert (need.enterprise_code, need.source) == (FORGE, None)
    assert own.needs.get(TESTER, need.id).progress.state is NeedState.DRAFT


def test_what_is_handed_in_waits_for_review_and_can_be_taken_back(own: Application, forge: TestClient) -> None:
    shown = page_of(create(forge, button="submit=1", title="薄板边裂", description=TEXT))
    assert "已保存并提交审核" in shown.text
    need = newest(own, enterprise_code=FORGE)
    assert own.needs.get(TESTER, need.id).progress.state is NeedState.SUBMITTED
    assert "回到“草稿”" in page_of(send(forge, shown, f"/console/needs/{need.id}/undo")).text


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(
    own: Application, forge: TestClient
) -> None:
    before = own.need_overview.views(TESTER, NeedFilter())
    wrong = FILLED | {"budget_wan": "八十", "duration_months": "1.5", "title": "题" * 81}
    answer = create(forge, **wrong)
    assert answer.status_code == 422
    page = page_of(answer)
    for sentence in ("“预期投入（万元）”应为数字", "“时限（月）”应为整数", "超过 80 个字的上限"):
        assert sentence in page.text
    assert values_on(page, "budget_wan") == ["八十"]
    assert values_on(page, "difficulties") == [FILLED["difficulties"]]
    assert values_on(page, "indicator_name")[:2] == FILLED["indicator_name"]
    assert sorted(values_on(page, "desired_partners")) == sorted(FILLED["desired_partners"])
    assert values_on(page, "confidentiality") == ["机密"]
    assert own.need_overview.views(TESTER, NeedFilter()) == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "需求没有名称"),
        ({"target_trl": "12"}, "须在 1 到 9 之间"),
        ({"budget_wan": "-3"}, "须在 0 到"),
        ({"deadline": "明年"}, "应为日期"),
        ({"cooperation_mode": "联姻"}, "不能是“联姻”"),
        ({"keywords": "、".join(str(n) for n in range(51))}, "有 51 项，最多 50 项"),
    ],
)
def test_every_refusal_says_what_to_do(forge: TestClient, typed: dict[str, str], sentence: str) -> None:
    answer = create(forge, **FILLED | typed)
    assert answer.status_code == 422
    assert sentence in page_of(answer).text


def test_a_need_without_content_is_stored_but_not_handed_in(own: Application, forge: TestClient) -> None:
    answer = create(forge, button="submit=1", title="只有名称")
    assert answer.status_code == 422
    page = page_of(answer)
    assert "只有名称，没有内容" in page.text
    need = newest(own, enterprise_code=FORGE)
    assert need.title == "只有名称"
    # The form goes on from what is stored: no second draft is made.
    address = f"/console/needs/{need.id}/edit"
    assert "已保存并提交审核" in page_of(send(forge, page, address, button="submit=1", description=TEXT)).text
    assert newest(own, enterprise_code=FORGE).id == need.id


def test_an_officer_writes_for_an_enterprise_by_name_or_code(own: Application, officers: TestClient) -> None:
    with own.database.read() as unit:
        bender = unit.enterprises.get_many([BENDER])[BENDER]
    filled = {"title": "走访得知的难题", "description": TEXT, "source": "走访"}
    create(officers, **filled, owner=bender.name)
    need = newest(own, enterprise_code=BENDER)
    assert (need.title, need.source) == ("走访得知的难题", NeedSource.VISIT)
    assert create(officers, **filled | {"title": "又一条"}, owner=BENDER).status_code == 200
    assert newest(own, enterprise_code=BENDER).title == "又一条"
    for text, sentence in (("没有这家", "没有找到名称"), ("有限公司", "不止一家")):
        answer = create(officers, **filled, owner=text)
        assert answer.status_code == 422
        assert sentence in page_of(answer).text
        assert f'value="{text}"' in answer.text
    part = officers.get("/console/needs/enterprises", params={"text": bender.name[:4]})
    assert f'value="{BENDER}"' in part.text


def test_officers_write_only_within_their_reach(own: Application, own_app: FastAPI) -> None:
    towns = client_of(own_app, TOWN_OFFICER)
    assert create(towns, title="难题", description=TEXT, owner=FORGE).status_code == 200
    assert create(towns, title="难题", description=TEXT, owner=BENDER).status_code == 422
    assert create(towns, title="难题", description=TEXT).status_code == 404
    assert towns.get(f"/console/needs/{need_in(own, NeedState.BROKERING, BENDER)}/edit").status_code == 404


def test_enterprises_are_not_asked_for_what_reviewers_fill_in(own: Application, forge: TestClient) -> None:
    page = opened(forge, "/console/needs/new")
    form = page.form("/console/needs")
    assert not {"owner", "source", "diagnosis"} & form.names
    data = dict(form.fields) | {"title": "夹带", "diagnosis": "自己写的", "source": "走访", "owner": BENDER}
    assert forge.post("/console/needs", data=data).status_code == 200
    need = newest(own, enterprise_code=FORGE)
    assert (need.title, need.diagnosis, need.source) == ("夹带", "", None)
    assert forge.get("/console/needs/enterprises").status_code == 403


# Changing


def test_only_what_was_changed_is_changed(own: Application, officers: TestClient) -> None:
    content = {
        "title": "校圆工装",
        "description": f" 两行文字\r\n联系 {PHONE}\n",
        "intended_experts": ("张三丰",),
        "indicators": ("椭圆度不大于3mm", "不漏油"),
        "enterprise_code": FORGE,
    }
    need_id = own.needs.create(TESTER, content).need.id
    page = opened(officers, f"/console/needs/{need_id}/edit")
    assert PHONE not in page.html
    answer = send(officers, page, f"/console/needs/{need_id}/edit", budget_wan="50", diagnosis="先量清楚")
    assert "修改已保存" in page_of(answer).text
    need = own.needs.get(TESTER, need_id).need
    with own.database.read() as unit:
        stored = unit.needs.get_many([need_id])[need_id]
        assert unit.audit.tail(1)[0].detail == {"fields": ["budget_wan", "diagnosis"]}
    assert (need.budget_wan, need.diagnosis) == (50.0, "先量清楚")
    assert (stored.description, stored.indicators) == (content["description"], content["indicators"])
    assert stored.intended_experts == content["intended_experts"]
    # Typed around a mask, it would be lost.
    page = opened(officers, f"/console/needs/{need_id}/edit")
    masked = send(officers, page, f"/console/needs/{need_id}/edit", description="两行文字 联系 138****5678 王工")
    assert masked.status_code == 422
    assert "登记用途" in page_of(masked).text
    assert "王工" in masked.text


def test_who_was_slower_sees_both_versions_and_loses_nothing(
    own: Application, officers: TestClient, forge: TestClient
) -> None:
    need_id = need_in(own, NeedState.RETURNED)
    address = f"/console/needs/{need_id}/edit"
    mine, theirs = opened(forge, address), opened(officers, address)
    send(officers, theirs, address, description="审核员改写的描述", scenario="风电塔筒")
    answer = send(forge, mine, address, description="企业改写的描述", budget_wan="99")
    assert answer.status_code == 412
    page = page_of(answer)
    assert "审核员改写的描述" in page.text
    assert values_on(page, "description") == ["企业改写的描述"]
    assert values_on(page, "budget_wan") == ["99"]
    assert values_on(page, "scenario") == ["风电塔筒"]
    assert "已替你更新的栏目：应用场景" in page.text
    assert "修改已保存" in page_of(send(forge, page, address)).text
    need = own.needs.get(TESTER, need_id).need
    assert (need.description, need.scenario, need.budget_wan) == ("企业改写的描述", "风电塔筒", 99.0)


def test_where_a_need_is_not_changed_any_more_it_is_said(forge: TestClient, own: Application) -> None:
    address = f"/console/needs/{need_in(own, NeedState.PUBLISHED)}"
    page = opened(forge, f"{address}/edit")
    assert "当前账号不能修改内容" in page.text
    assert not any("public_summary" in form.names for form in page.forms)
    token = dict(page.forms[-1].fields)["csrf_token"]
    data = {"csrf_token": token, "title": "改名", "record_version": "1"}
    assert forge.post(f"{address}/edit", data=data).status_code in {409, 412}


def test_a_form_without_a_version_is_refused(forge: TestClient, own: Application) -> None:
    address = f"/console/needs/{need_in(own, NeedState.DRAFT)}/edit"
    page = opened(forge, address)
    answer = send(forge, page, address, record_version="", title="改名")
    assert answer.status_code == 422
    assert values_on(page_of(answer), "title") == ["改名"]


# Advice


def test_advice_comes_without_scripts_and_keeps_what_was_typed(own: Application, forge: TestClient) -> None:
    before = own.need_overview.views(TESTER, NeedFilter())
    page = opened(forge, "/console/needs/new")
    form = page.form("/console/needs")
    typed = {"title": "薄板边裂", "description": TEXT, "public_summary": "环屹锻造要把边裂率降到 1% 以下"}
    answer = forge.post("/console/needs/check", data=dict(form.fields) | typed | {"budget_wan": "八十"})
    shown = page_of(answer)
    assert values_on(shown, "description") == [TEXT]
    assert values_on(shown, "budget_wan") == ["八十"]
    assert "应为数字" in shown.text
    assert "还可以补充" in shown.text
    assert 'href="#f-research_content"' in shown.html
    assert "公开摘要写出了全文里的指标" in shown.text
    assert "相近的需求" in shown.text
    buttons = {(name, value) for form in shown.forms for name, value, _, _ in form.buttons}
    assert ("add_indicator", "边裂率 ≤ 1 %") in buttons
    assert own.need_overview.views(TESTER, NeedFilter()) == before
    added = forge.post("/console/needs/check", data=dict(form.fields) | typed | {"add_indicator": "边裂率 ≤ 1 %"})
    assert values_on(page_of(added), "indicator_name")[0] == "边裂率"
    taken = forge.post("/console/needs/check", data=dict(form.fields) | typed | {"take_summary": "寻求边裂控制"})
    assert values_on(page_of(taken), "public_summary") == ["寻求边裂控制"]
    more = forge.post("/console/needs/check", data=dict(form.fields) | typed | {"more": "1"})
    n_rows = len(values_on(page, "indicator_name"))
    assert len(values_on(page_of(more), "indicator_name")) == n_rows + 1


def test_advice_on_a_stored_need_leaves_it_out_of_what_is_near(own: Application, forge: TestClient) -> None:
    need_id = need_in(own, NeedState.SUBMITTED)
    page = opened(forge, f"/console/needs/{need_id}/edit")
    form = page.form(f"/console/needs/{need_id}/edit")
    part = forge.post("/console/needs/advice", data=dict(form.fields), headers={"X-Console-Part": "1"})
    assert part.status_code == 200
    assert "<h1" not in part.text
    assert "很可能是同一条需求" in part.text
    assert f'href="/console/needs/{need_id}"' not in part.text


def test_advice_is_for_who_writes_and_on_what_they_see(own: Application, forge: TestClient) -> None:
    token = dict(opened(forge, "/console/needs/new").forms[-1].fields)["csrf_token"]
    data = {"csrf_token": token, "need_id": need_in(own, NeedState.BROKERING, BENDER), "title": "试探"}
    assert forge.post("/console/needs/advice", data=data).status_code == 404
    assert forge.post("/console/needs/advice", data=data | {"csrf_token": ""}).status_code == 403
    long = {"csrf_token": token, "record_version": "0"} | dict.fromkeys(
        ("description", "scenario"), "字" * 20_000
    )
    for address in ("/console/needs/advice", "/console/needs/check"):
        answer = forge.post(address, data=long)
        assert answer.status_code == 422
        assert "超过上限" in page_of(answer).text
    assert values_on(page_of(answer), "scenario") == [long["scenario"]]


# Versions


def test_rows_and_indicators_are_two_forms_of_one_thing() -> None:
    for text in ("冲击功 ≥ 42 J", "硬度 = 280", "不漏油"):
        assert Row.of(text).text == text
    assert Row.of("冲击功不低于42J").text == "冲击功 ≥ 42 J"
    assert (Row().text, Row(value="3", unit="mm").text) == ("", "≥ 3 mm")


def test_versions_are_put_together_field_by_field() -> None:
    base = values_of(Need(id="x", title="原名", description="原文", scenario="原景", budget_wan=10.0))
    stored = base | {"title": "新名", "scenario": "新景"}
    typed = base | {"title": "我的名", "budget_wan": "20"}
    merge = merged(typed, stored, digests(base))
    assert merge.conflicts == {"title": "新名"}
    assert merge.taken == ("scenario",)
    assert (merge.values["title"], merge.values["scenario"], merge.values["budget_wan"]) == (
        "我的名",
        "新景",
        "20",
    )
    assert merged(typed, typed, digests(base)).conflicts == {}
