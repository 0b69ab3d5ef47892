"""The pages of needs: lists, one need, and what may be done with it."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.need_lists import NeedFilter, NeedView
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import NeedState, ReasonCode
from recommender.services.review.needs import NeedDetail
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import BENDER, ENTERPRISE, FORGE, OFFICER, OTHER_ENTERPRISE, actor_of

PHONE = "13812345678"


def need_in(application: Application, state: NeedState, code: str = FORGE) -> str:
    """Id of a need in a state."""
    wanted = NeedFilter(states=frozenset({state}), enterprise_code=code)
    return application.needs.page(TESTER, wanted, PageRequest(limit=1)).items[0].need.id


def detail_of(application: Application, need_id: str) -> NeedDetail:
    return application.needs.get(TESTER, need_id)


@pytest.fixture
def officers(own_app: FastAPI) -> TestClient:
    return client_of(own_app, OFFICER)


@pytest.fixture
def forge(own_app: FastAPI) -> TestClient:
    return client_of(own_app, ENTERPRISE)


@pytest.fixture
def phoned(own: Application) -> Iterator[str]:
    """A need whose text holds a telephone number, handed in."""
    content = {"title": "校圆工装", "description": f"大环校圆费时，想请人看看。联系 {PHONE}。"}
    made = own.needs.create(actor_of(own, ENTERPRISE), content)
    own.needs.move(actor_of(own, ENTERPRISE), made.need.id, NeedState.SUBMITTED, version=1)
    yield made.need.id


# Lists


def test_an_officer_begins_with_what_waits_for_review(officer: TestClient, application: Application) -> None:
    page = opened(officer, "/console/needs")
    assert page.title == "需求"
    assert need_in(application, NeedState.SUBMITTED) in page.html
    assert need_in(application, NeedState.DRAFT) not in page.html
    assert re.search(r"已逾期 \d+ 天", page.text)
    counts = application.need_overview.views(actor_of(application, OFFICER), NeedFilter())
    assert f"待审核 {counts[NeedView.REVIEW]}" in page.text
    assert f"全部 {counts[NeedView.ALL]}" in page.text


def test_lists_are_narrowed_by_their_address(officer: TestClient, application: Application) -> None:
    everything = opened(officer, "/console/needs?view=all").html
    bent = need_in(application, NeedState.BROKERING, BENDER)
    assert bent in everything
    assert bent not in opened(officer, "/console/needs?view=all&town=南丰").html
    assert bent in opened(officer, "/console/needs?view=all&text=弯管机精度").html
    assert (
        need_in(application, NeedState.RETURNED) not in opened(officer, "/console/needs?view=all&chain=纺织").html
    )
    page = opened(officer, "/console/needs?view=open&state=长期跟踪")
    assert need_in(application, NeedState.TRACKED) in page.html
    assert need_in(application, NeedState.PUBLISHED) not in page.html
    assert "没有符合条件的需求" in opened(officer, "/console/needs?view=all&text=没有这样的词").text
    late = opened(officer, "/console/needs?view=all&late=1")
    assert need_in(application, NeedState.RETURNED) in late.html
    assert need_in(application, NeedState.TRACKED) not in late.html


def test_unknown_orders_are_refused_and_cursors_go_on(officer: TestClient) -> None:
    assert officer.get("/console/needs?sort=colour").status_code == 422
    page = opened(officer, "/console/needs?view=all&sort=id")
    assert "共" in page.text


def test_an_enterprise_sees_its_own_with_what_waits(enterprise: TestClient, application: Application) -> None:
    page = opened(enterprise, "/console/needs")
    assert page.title == "我的需求"
    assert need_in(application, NeedState.BROKERING, BENDER) not in page.html
    returned = need_in(application, NeedState.RETURNED)
    assert (f"/console/needs/{returned}/edit", "按意见补充") in page.links
    assert "条待你答复" in page.text
    assert "等你写完或补充" in page.text


def test_without_needs_it_is_said_how_to_begin(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        needs = [need for need in unit.needs.iterate() if need.enterprise_code == BENDER]
        unit.needs.remove([need.id for need in needs])
    page = opened(client_of(own_app, OTHER_ENTERPRISE), "/console/needs")
    assert "还没有需求" in page.text
    assert ("/console/needs/new", "提需求") in page.links


# One need


def test_a_need_of_others_is_not_there(
    other_enterprise: TestClient, stranger: TestClient, application: Application
) -> None:
    need_id = need_in(application, NeedState.PUBLISHED)
    for tail in ("", "/edit", "/similar"):
        assert other_enterprise.get(f"/console/needs/{need_id}{tail}").status_code == 404
    answer = stranger.get(f"/console/needs/{need_id}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith("/console/sign-in?next=")) == (303, True)


def test_every_state_says_what_comes_next(
    enterprise: TestClient, officer: TestClient, application: Application
) -> None:
    said: dict[str, set[str]] = {"enterprise": set(), "officer": set()}
    for state in NeedState:
        address = f"/console/needs/{need_in(application, state)}"
        for name, client in (("enterprise", enterprise), ("officer", officer)):
            page = opened(client, address)
            assert state.value in page.text
            found = re.search(r"接下来 (.+?)(?:由.{2,8}处理|不等待任何人)", page.text)
            assert found is not None, (state, page.text[:300])
            said[name].add(found[1])
    assert {name: len(texts) for name, texts in said.items()} == {
        "enterprise": len(NeedState),
        "officer": len(NeedState),
    }


def test_only_possible_steps_are_offered(
    enterprise: TestClient, officer: TestClient, application: Application
) -> None:
    address = f"/console/needs/{need_in(application, NeedState.SUBMITTED)}"
    theirs, ours = opened(enterprise, address), opened(officer, address)
    assert steps_on(theirs) == {"撤回"}
    assert steps_on(ours) == {"已发布", "退回补充", "二次诊断", "撤回"}
    closed = opened(enterprise, f"/console/needs/{need_in(application, NeedState.CLOSED)}")
    assert steps_on(closed) == set()


def steps_on(page: Page) -> set[str]:
    """States that forms of a page lead to."""
    return {
        value
        for form in page.forms
        if form.action.endswith("/steps")
        for name, value in form.fields
        if name == "to"
    }


def test_an_officer_publishes_and_takes_it_back(own: Application, officers: TestClient) -> None:
    need_id = need_in(own, NeedState.SUBMITTED)
    page = opened(officers, f"/console/needs/{need_id}")
    version = str(detail_of(own, need_id).progress.version)
    form = next(form for form in page.forms if ("to", "已发布") in form.fields)
    answer = officers.post(form.action, data=dict(form.fields))
    shown = page_of(answer)
    assert "已发布，进入匹配" in shown.text
    assert detail_of(own, need_id).progress.state is NeedState.PUBLISHED
    # The same form once more: somebody was faster.
    again = officers.post(form.action, data=dict(form.fields))
    assert again.status_code == 409
    assert f"第 {version} 版" in page_of(again).text
    undone = send(officers, shown, f"/console/needs/{need_id}/undo")
    assert "已撤销，回到“待审核”" in page_of(undone).text
    assert detail_of(own, need_id).progress.state is NeedState.SUBMITTED


def test_sending_back_asks_for_what_is_missing(own: Application, officers: TestClient, forge: TestClient) -> None:
    need_id = need_in(own, NeedState.SUBMITTED)
    page = opened(officers, f"/console/needs/{need_id}")
    form = next(form for form in page.forms if ("to", "退回补充") in form.fields)
    asked = [value for name, value in form.fields if name == "question"]
    assert len(asked) == 3
    assert all("：" in question for question in asked)
    data = {
        "csrf_token": dict(form.fields)["csrf_token"],
        "to": "退回补充",
        "version": dict(form.fields)["version"],
    }
    missing = officers.post(form.action, data=data | {"note": "请看看图纸"})
    assert missing.status_code == 422
    assert "请看看图纸" in missing.text
    assert "须写明原因" in page_of(missing).text
    sent = data | {"reason": "指标不满足", "note": "请补充图纸", "question": asked}
    assert "企业可以看到原因与备注" in page_of(officers.post(form.action, data=sent)).text
    step = own.needs.timeline(TESTER, need_id)[-1]
    assert step.reason is ReasonCode.INDICATORS
    assert step.note.startswith("请补充图纸\n请补充：\n1. ")
    assert asked[2] in step.note
    for address in (f"/console/needs/{need_id}", f"/console/needs/{need_id}/edit"):
        told = opened(forge, address)
        assert "请补充图纸" in told.text
        assert "指标不满足" in told.text


def test_withdrawing_asks_for_a_reason_and_says_what_follows(own: Application, forge: TestClient) -> None:
    need_id = need_in(own, NeedState.PUBLISHED)
    page = opened(forge, f"/console/needs/{need_id}")
    assert "未签约的对接一并取消" in page.text
    form = next(form for form in page.forms if ("to", "撤回") in form.fields)
    fields = dict(form.fields) | {"reason": "信息过时"}
    assert "已撤回" in page_of(forge.post(form.action, data=fields)).text
    assert detail_of(own, need_id).progress.state is NeedState.WITHDRAWN
    # Long after the notice has gone, the page still offers to take it back.
    again = opened(forge, f"/console/needs/{need_id}")
    assert "撤销上一步" in again.text
    assert "已撤销" in page_of(send(forge, again, f"/console/needs/{need_id}/undo")).text


def test_steps_of_others_and_forms_of_strangers_are_refused(own: Application, forge: TestClient) -> None:
    need_id = need_in(own, NeedState.SUBMITTED)
    page = opened(forge, f"/console/needs/{need_id}")
    form = page.form(f"/console/needs/{need_id}/steps")
    fields = dict(form.fields) | {"to": "已发布"}
    assert forge.post(form.action, data=fields).status_code == 403
    assert forge.post(form.action, data=fields | {"csrf_token": "x"}).status_code == 403
    bent = need_in(own, NeedState.BROKERING, BENDER)
    assert forge.post(f"/console/needs/{bent}/steps", data=fields).status_code == 404
    assert detail_of(own, need_id).progress.state is NeedState.SUBMITTED


def test_contacts_are_hidden_until_a_purpose_is_given(
    own: Application, officers: TestClient, forge: TestClient, phoned: str
) -> None:
    address = f"/console/needs/{phoned}"
    assert PHONE in opened(forge, address).html
    page = opened(officers, address)
    assert PHONE not in page.html
    assert "138****5678" in page.text
    short = send(officers, page, f"{address}/reveal", purpose="看看")
    assert short.status_code == 422
    assert 'value="看看"' in short.text
    shown = send(officers, page, f"{address}/reveal", purpose="与企业核对技术联系人")
    assert PHONE in shown.text
    assert "已登记用途" in page_of(shown).text
    with own.database.read() as unit:
        assert unit.audit.tail(1)[0].action == "personal:need:reveal"
    fields = {"purpose": "与企业核对技术联系人", "csrf_token": dict(page.forms[-1].fields).get("csrf_token", "")}
    assert forge.post(f"{address}/reveal", data=fields).status_code == 403


def test_a_proposed_summary_is_taken_over(own: Application, officers: TestClient) -> None:
    need_id = need_in(own, NeedState.RETURNED)
    page = opened(officers, f"/console/needs/{need_id}")
    proposed = dict(page.form(f"/console/needs/{need_id}/summary").fields)["public_summary"]
    assert proposed
    assert "已采用为公开摘要" in page_of(send(officers, page, f"/console/needs/{need_id}/summary")).text
    assert detail_of(own, need_id).need.public_summary == proposed
    # From the same page once more: it is another version by now.
    assert send(officers, page, f"/console/needs/{need_id}/summary").status_code == 412


def test_figures_in_the_text_are_marked_and_listed(officer: TestClient, application: Application) -> None:
    page = opened(officer, f"/console/needs/{need_in(application, NeedState.SUBMITTED)}")
    assert "<mark>外径测量误差不大于 1mm</mark>" in page.html
    assert "外径测量误差 ≤ 1 mm" in page.text


def test_similar_needs_come_as_a_part_and_as_a_page(officer: TestClient, application: Application) -> None:
    address = f"/console/needs/{need_in(application, NeedState.SUBMITTED)}/similar"
    part = officer.get(address, headers={"X-Console-Part": "1"})
    assert "<h1" not in part.text
    assert "很可能是同一条需求" in part.text
    page = opened(officer, address)
    assert page.title == "相近的需求"
    assert "很可能是同一条需求" in page.text


def test_a_diagnosis_is_written_where_it_is_due(
    own: Application, officers: TestClient, forge: TestClient
) -> None:
    need_id = need_in(own, NeedState.DIAGNOSIS)
    address = f"/console/needs/{need_id}"
    page = opened(officers, address)
    saved = send(officers, page, f"{address}/diagnosis", diagnosis="炉压控制回路要先修好")
    assert "诊断意见已保存" in page_of(saved).text
    assert "炉压控制回路要先修好" in opened(forge, address).text
    late = send(officers, page, f"{address}/diagnosis", diagnosis="另一个结论")
    assert (late.status_code, "另一个结论" in late.text) == (412, True)
    token = dict(opened(forge, address).forms[-1].fields)["csrf_token"]
    data = {"csrf_token": token, "diagnosis": "自己写的", "record_version": "1"}
    assert forge.post(f"{address}/diagnosis", data=data).status_code == 403


def test_owners_are_alarmed_by_what_they_owe_only(enterprise: TestClient, application: Application) -> None:
    for state, word in ((NeedState.RETURNED, "已逾期，期限"), (NeedState.SUBMITTED, "原定")):
        assert word in opened(enterprise, f"/console/needs/{need_in(application, state)}").text


def test_what_is_done_with_is_put_away_together_and_brought_back(own: Application, officers: TestClient) -> None:
    before = own.need_overview.views(TESTER, NeedFilter())
    page = opened(officers, "/console/needs?view=result")
    form = page.form("/console/needs/archive")
    assert form.action.endswith("?view=result")
    assert form.buttons[0][2].startswith("归档所选")
    empty = officers.post(form.action, data=dict(form.fields))
    assert empty.status_code == 422
    tickets = re.findall(r'name="need" value="([^"]+)"', page.html)
    assert len(tickets) == before[NeedView.RESULT]
    done = officers.post(form.action, data=dict(form.fields) | {"need": tickets})
    assert f"已归档 {len(tickets)} 条需求" in page_of(done).text
    after = own.need_overview.views(TESTER, NeedFilter())
    assert after[NeedView.PUT_AWAY] == before[NeedView.PUT_AWAY] + len(tickets)
    # Once more from the same page: others were faster, nothing is done, what was ticked stays named.
    again = officers.post(form.action, data=dict(form.fields) | {"need": tickets})
    assert (again.status_code, "全部没有处理" in page_of(again).text) == (409, True)
    back = page_of(send(officers, page_of(done), "/console/needs/unarchive"))
    assert "已撤销归档" in back.text
    assert own.need_overview.views(TESTER, NeedFilter()) == before


def test_only_reviewers_put_away(own: Application, forge: TestClient) -> None:
    page = opened(forge, "/console/needs?view=result")
    assert 'type="checkbox" name="need"' not in page.html
    token = dict(opened(forge, "/console/needs/new").forms[-1].fields)["csrf_token"]
    solved = need_in(own, NeedState.SOLVED)
    data = {"csrf_token": token, "need": f"{solved}|{detail_of(own, solved).progress.version}"}
    assert forge.post("/console/needs/archive", data=data).status_code == 403
    assert detail_of(own, solved).progress.state is NeedState.SOLVED
