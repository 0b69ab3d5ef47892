"""Ranked answers: who could help, why, what is said of them, side by side, and from the other side."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.review.cases import Choice
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import ENTERPRISE, FORGE, OFFICER, actor_of

NEED = "/console/needs/XQ2026001/matches"


@pytest.fixture
def forge(own_app: FastAPI) -> TestClient:
    return client_of(own_app, ENTERPRISE)


@pytest.fixture
def desk(own_app: FastAPI) -> TestClient:
    return client_of(own_app, OFFICER)


def need_in(application: Application, state: NeedState) -> str:
    """A need of the forge that stands there."""
    with application.database.read() as unit:
        ids = [need.id for need in unit.needs.iterate() if need.enterprise_code == FORGE]
        states = unit.needs_progress.states(ids)
    return next(id for id in ids if states[id] is state)


def untouched(application: Application, need_id: str, n: int = 3) -> list[str]:
    """Ids of the first ranked experts with whom nothing has happened yet."""
    found = application.need_results.ranked(actor_of(application, OFFICER), need_id, EntityKind.EXPERT, depth=20)
    return [card.record.id for card in found.ranked.cards if card.case is None and card.wish is None][:n]


def forms_about(page: Page, target: str, stance: str) -> list[dict[str, str]]:
    forms = [dict(form.fields) for form in page.forms if form.method == "post"]
    return [form for form in forms if form.get("target_id") == target and form.get("stance") == stance]


def say(client: TestClient, address: str, target: str, stance: str, **typed: str) -> object:
    (form,) = forms_about(opened(client, address), target, stance)
    return client.post(address, data=form | typed, follow_redirects=True)


def test_the_short_list_says_who_and_why_and_hides_persons(
    enterprise: TestClient, application: Application
) -> None:
    page = opened(enterprise, NEED)
    assert page.title == "推荐"
    assert "风电法兰大环件淬火变形控制" in page.text
    assert page.html.count('class="card result') == 5
    assert "得分" in page.text
    assert "<mark>" in page.html
    assert 'class="nearest"' in page.html
    assert "依据中未直接提到" in page.text, "what nothing covers is said as well"
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert [name for name in names if name in page.html] == []
    assert "按规则没有列出" not in page.text, "who was left out and why is for reviewers"
    longer = opened(enterprise, f"{NEED}?n=20")
    assert longer.html.count('class="card result') == 20
    assert any("n=30" in href for href, _ in longer.links)


def test_kinds_have_tabs_and_filters_cut_the_list(enterprise: TestClient) -> None:
    page = opened(enterprise, NEED)
    tabs = [text for href, text in page.links if "kind=" in href and "n=" not in href]
    assert [text.split()[0] for text in tabs[:3]] == ["专家", "创新平台", "成果"]
    achievements = opened(enterprise, f"{NEED}?kind=achievement&since=2024")
    assert "转化方式" in achievements.text
    assert all(f" · {year} 年" not in achievements.text for year in range(2000, 2024))
    nobody = opened(enterprise, f"{NEED}?org={quote('没有这个单位')}")
    assert "没有找到专家" in nobody.text
    assert any(text == "清除筛选" for _, text in nobody.links)


def test_a_filter_that_cannot_be_read_is_named_and_kept(enterprise: TestClient) -> None:
    page = opened(enterprise, f"{NEED}?kind=achievement&since={quote('去年')}", status=422)
    assert "年份" in page.text
    assert page.html.count('class="card result') == 5
    assert 'value="去年"' in page.html


def test_interest_is_said_seen_first_by_officers_and_taken_back(
    own: Application, forge: TestClient, desk: TestClient
) -> None:
    (target, *_) = untouched(own, "XQ2026001")
    address = f"{NEED}?n=20"
    after = page_of(say(forge, address, target, "有意"))  # type: ignore[arg-type]
    assert "审核员会优先处理" in after.text
    assert "待审核员处理" in after.text
    first = own.queue.page(actor_of(own, OFFICER), CaseFilter(view=CaseView.UNREVIEWED), PageRequest()).items[0]
    assert first.case.pair.target_id == target
    seen = opened(desk, address)
    assert "企业有意" in seen.text
    noted = page_of(say(forge, address, target, "有意", note="周三方便"))  # type: ignore[arg-type]
    assert "“周三方便”" in noted.text
    back = page_of(send(forge, noted, f"{NEED}/undo"))
    assert "已撤销" in back.text
    again = own.wishes.get(actor_of(own, ENTERPRISE), first.case.pair)
    assert (again.stance, again.note, again.version) == (Stance.WANTED, "", 3)


def test_no_interest_needs_a_reason_keeps_what_was_typed_and_leaves_the_list(
    own: Application, forge: TestClient
) -> None:
    (target, *_) = untouched(own, "XQ2026001")
    address = f"{NEED}?n=20"
    (form,) = forms_about(opened(forge, address), target, "无意")
    refused = forge.post(address, data=form | {"note": "去年谈过"})
    assert refused.status_code == 422
    page = page_of(refused)
    assert "须写明原因" in page.text
    assert ">去年谈过</textarea>" in page.html
    assert page.html.count('class="answer" open') == 1
    done = page_of(forge.post(address, data=form | {"reason": "领域不符", "note": "去年谈过"}))
    assert "此后不再向你推荐" in done.text
    assert forms_about(done, target, "有意") == []
    assert "另有 1 个已表示无意" in done.text
    assert done.html.count('class="card result') == 20, "somebody else takes the place"
    wish = next(line for line in own.wishes.of_need(actor_of(own, ENTERPRISE), "XQ2026001"))
    assert (wish.wish.reason, wish.wish.shown is not None) == (ReasonCode.FIELD, True)


def test_an_outdated_answer_is_refused_and_shown_as_it_is(own: Application, forge: TestClient) -> None:
    (target, *_) = untouched(own, "XQ2026001")
    address = f"{NEED}?n=20"
    (form,) = forms_about(opened(forge, address), target, "有意")
    assert forge.post(address, data=form).status_code == 200
    late = forge.post(address, data=form)
    assert late.status_code == 409
    assert "意向已被修改" in page_of(late).text


def test_what_was_pushed_is_answered_in_place(own: Application, forge: TestClient) -> None:
    officer = actor_of(own, OFFICER)
    line = own.queue.page(
        officer, CaseFilter(view=CaseView.UNREVIEWED, need_id="XQ2026001"), PageRequest()
    ).items[0]
    for state in (CaseState.CONFIRMED, CaseState.PUSHED):
        version = own.cases.get(officer, line.case.id).case.version
        own.cases.decide(officer, line.case.id, Choice(to=state), version=version)
    target = line.case.pair.target_id
    address = f"{NEED}?kind={line.case.pair.target_kind}&n=50"
    page = page_of(say(forge, address, target, "有意"))  # type: ignore[arg-type]
    assert "已答复有意" in page.text
    assert own.cases.get(officer, line.case.id).case.state is CaseState.ENTERPRISE_INTERESTED
    assert "已撤销" in page_of(send(forge, page, f"{NEED}/undo")).text
    assert own.cases.get(officer, line.case.id).case.state is CaseState.PUSHED


def test_needs_that_are_not_open_say_what_happens_to_a_wish(own: Application, forge: TestClient) -> None:
    draft = opened(forge, f"/console/needs/{need_in(own, NeedState.DRAFT)}/matches")
    assert "需求还是草稿" in draft.text
    assert [form for form in draft.forms if form.method == "post" and "/matches" in form.action] == []
    submitted = f"/console/needs/{need_in(own, NeedState.SUBMITTED)}/matches"
    page = opened(forge, submitted)
    assert "发布之后排在审核员队列的最前" in page.text
    target = next(dict(form.fields)["target_id"] for form in page.forms if dict(form.fields).get("stance"))
    said = page_of(say(forge, submitted, target, "有意"))  # type: ignore[arg-type]
    assert "需求发布后" in said.text
    closed = opened(forge, f"/console/needs/{need_in(own, NeedState.CLOSED)}/matches")
    assert "现在不再寻找对象" in closed.text


def test_up_to_four_stand_side_by_side_without_scripts(enterprise: TestClient, application: Application) -> None:
    need_id = need_in(application, NeedState.PUBLISHED)
    base = f"/console/needs/{need_id}/matches"
    page = opened(enterprise, base)
    compare = next(form for form in page.forms if form.method == "get" and dict(form.fields).get("side") == "1")
    assert compare.action.endswith("/matches")
    ids = untouched(application, need_id, 5)
    query = "&".join(f"compare={id}" for id in ids)
    table = opened(enterprise, f"{base}?kind=expert&side=1&{query}")
    assert table.title == "比较专家"
    assert table.html.count('<th scope="col"><a') == 4, "four at most"
    for row in (
        "得分",
        "内容相近",
        "产业链",
        "提到的指标",
        "没有提到的指标",
        "所在地",
        "接受的合作方式",
        "接单情况",
    ):
        assert f'<th scope="row">{row}</th>' in table.html
    assert "没有列出" in table.text
    assert any(text == "移出比较" for _, text in table.links)
    alone = opened(enterprise, f"{base}?kind=expert&side=1&compare={ids[0]}")
    assert "请勾选 2 到 4 个" in alone.text
    assert f'value="{ids[0]}" form="compare" checked' in alone.html


@pytest.mark.parametrize("kind", ["platform", "achievement"])
def test_platforms_and_achievements_are_compared_by_what_matters_of_them(
    enterprise: TestClient, application: Application, kind: str
) -> None:
    found = application.need_results.ranked(
        actor_of(application, ENTERPRISE), "XQ2026001", EntityKind(kind), depth=5
    )
    ids = "&".join(f"compare={quote(card.record.id)}" for card in found.ranked.cards[:3])
    table = opened(enterprise, f"{NEED}?kind={kind}&side=1&{ids}")
    assert table.html.count('<th scope="col"><a') == 3
    assert f'<th scope="row">{"设备" if kind == "platform" else "成熟度（TRL）"}</th>' in table.html


def test_officers_see_who_was_left_out_and_may_propose(own: Application, desk: TestClient) -> None:
    need_id = need_in(own, NeedState.MATCHING)
    base = f"/console/needs/{need_id}/matches"
    page = opened(desk, f"{base}?n=50")
    assert "还可接" in page.text
    with own.database.read() as unit:
        full = next(e for e in unit.experts.iterate() if e.id == untouched(own, need_id)[0])
    propose = next(
        dict(form.fields)
        for form in page.forms
        if form.action.endswith("/matches/propose?kind=expert&n=50") and dict(form.fields)["target_id"] == full.id
    )
    answer = desk.post(f"{base}/propose?kind=expert&n=50", data=propose, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/cases/need!")
    again = desk.post(f"{base}/propose?kind=expert&n=50", data=propose)
    assert again.status_code == 409
    assert "已经有对接" in page_of(again).text


def test_others_find_nothing(other_enterprise: TestClient, stranger: TestClient, enterprise: TestClient) -> None:
    assert "没有" in opened(other_enterprise, NEED, status=404).text
    sent = {"target_kind": "expert", "target_id": "ZJ0001", "stance": "有意", "version": "0"}
    token = opened(other_enterprise, "/console/").html.split('name="csrf-token" content="')[1].split('"')[0]
    assert other_enterprise.post(NEED, data=sent | {"csrf_token": token}).status_code == 404
    assert enterprise.post(NEED, data=sent).status_code == 403, "a form without its token"
    assert stranger.get(NEED, follow_redirects=False).status_code == 303
    assert enterprise.get("/console/library/achievement/CG0001/matches").status_code == 403


def test_an_achievement_finds_who_could_use_it(own: Application, desk: TestClient) -> None:
    base = "/console/library/achievement/CG0001/matches"
    page = opened(desk, base)
    assert page.title == "谁用得上此成果"
    assert "与需求内容相近" not in page.text
    assert page.html.count('class="card result') == 5
    needs = opened(desk, f"{base}?kind=need")
    assert needs.html.count('class="card result') >= 1
    assert "已提出对接" in page_of(send(desk, page, base)).text
    cases = own.queue.page(actor_of(own, OFFICER), CaseFilter(view=CaseView.ALL), PageRequest(limit=200)).items
    assert [line for line in cases if line.case.pair.source_id == "CG0001"]
    refused = desk.post(base, data=dict(page.form(base).fields) | {"target_kind": "expert"})
    assert refused.status_code == 422


def test_an_unknown_need_is_not_there(officer: TestClient) -> None:
    opened(officer, "/console/needs/XQ-NOBODY/matches", status=404)
    opened(officer, "/console/library/achievement/NONE/matches", status=404)
