"""The officers' desk: what it says of a queue and a case, and what its buttons do, without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.cases import Case
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.review.wishes import WishDraft
from tests.actors import TESTER
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import ADMIN, ENTERPRISE, FORGE, OFFICER, TOWN_OFFICER, actor_of

DESK = "/console/review"
AS_PART = {"X-Console-Part": "1"}


@pytest.fixture(scope="module")
def worked(
    town: Path, application: Application, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    """A town in which these tests decide."""
    built = stage.copy_of(town, tmp_path_factory.mktemp("review") / "var")
    built.encoder = application.encoder
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def site(worked: Application) -> Iterator[FastAPI]:
    built = create_app(worked)
    with TestClient(built):
        yield built


@pytest.fixture(scope="module")
def hand(site: FastAPI) -> TestClient:
    return client_of(site, OFFICER)


@pytest.fixture(scope="module")
def other(site: FastAPI) -> TestClient:
    return client_of(site, ADMIN)


def waiting(application: Application, who: Actor, **wanted: Any) -> list[CaseLine]:
    wanted = {"view": CaseView.UNREVIEWED, "target_kind": EntityKind.EXPERT} | wanted
    return list(application.queue.page(who, CaseFilter(**wanted), PageRequest(limit=50)).items)


def present(application: Application, id: str) -> Case:
    return application.cases.get(TESTER, id).case


def experts(case: str = "", **query: str) -> str:
    return "&".join(
        [f"{DESK}?kind=expert", *(f"{name}={value}" for name, value in query.items()), f"case={case}"]
    )


def toast(page: Page) -> str:
    found = re.search(r'<div class="toast">\s*<span>(.*?)</span>', page.html)
    return found.group(1) if found else ""


# Looking


def test_the_desk_shows_the_queue_and_its_first_case(officer: TestClient, application: Application) -> None:
    lines = waiting(application, actor_of(application, OFFICER))
    page = opened(officer, experts())
    assert page.title == "审核台"
    assert page.without_label == []
    assert len(page.ids) == len(set(page.ids))
    first = lines[0]
    for said in (first.target_name, first.target_organisation, first.source_name, first.enterprise_name):
        assert said in page.text
    assert ("h2", first.target_name) in page.headings
    assert first.case.shown is not None
    assert f"{first.case.shown.score:.2f}" in page.text
    for word in ("依据", "得分", "有把握 ≥ 0.40", "高分 ≥ 0.60", "正在进行", "本人同意", "最近核验"):
        assert word in page.text
    assert "<mark>" in page.html


def test_every_view_says_how_much_it_holds(officer: TestClient, application: Application) -> None:
    actor = actor_of(application, OFFICER)
    page = opened(officer, DESK)
    for view, label in (
        ("my_due", "我的到期"),
        ("high_score", "得分高"),
        ("returned", "对方未应"),
        ("all", "全部"),
    ):
        (n,) = application.queue.counts(actor, [CaseFilter(view=CaseView(view))], most=1000)
        assert f"{label} {n}" in page.text
        assert n > 0


def test_no_person_is_named_on_the_desk(officer: TestClient, application: Application) -> None:
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert len(names) > 50
    for view in ("unreviewed", "returned", "all"):
        html = opened(officer, experts(view=view)).html
        assert [name for name in names if name in html] == []


def test_who_was_turned_down_is_shown_with_the_reason(officer: TestClient) -> None:
    page = opened(officer, f"{DESK}?view=returned")
    assert "超时未答，原因：无回应" in page.text
    assert "指标不满足" in page.text
    assert {value for _, value, _, _ in page.form(f"{DESK}/decide").buttons} >= {"企业有意", "专家接受"}


def test_the_desk_is_for_who_reviews(enterprise: TestClient, officer: TestClient) -> None:
    opened(enterprise, DESK, status=403)
    opened(enterprise, f"{DESK}/case", status=403)
    page = opened(officer, DESK)
    sent = dict(page.form(f"{DESK}/decide").fields) | {"choice": "确认+"}
    assert enterprise.post(f"{DESK}/decide", data=sent).status_code == 403
    assert officer.post(f"{DESK}/decide", data=sent | {"csrf_token": "x"}).status_code == 403


def test_what_is_out_of_reach_is_not_there(town_officer: TestClient, application: Application) -> None:
    mine = {line.case.id for line in waiting(application, actor_of(application, TOWN_OFFICER))}
    theirs = waiting(application, actor_of(application, OFFICER), town="塘桥镇")[0]
    assert theirs.case.id not in mine
    page = opened(town_officer, experts())
    assert {parse_qs(urlsplit(href).query)["case"][0] for href, _ in page.links if "case=need" in href} <= mine
    page = opened(town_officer, experts(theirs.case.id))
    assert "这一条已经不在了" in page.text
    assert theirs.source_name not in page.text


def test_the_address_says_everything_and_nonsense_opens_the_usual(officer: TestClient) -> None:
    page = opened(officer, f"{DESK}?view=low_confidence&kind=platform&low=10&high=30&town=镇&chain=材料")
    assert "对象：创新平台" in page.text
    assert "得分从 0.10" in page.text
    assert "得分低于 0.30" in page.text
    scores = [float(text) for text in re.findall(r'line__score figures">([\d.]+)<', page.html)]
    assert scores
    assert all(0.1 <= score <= 0.3 for score in scores)
    odd = opened(officer, f"{DESK}?view=x&kind=y&low=-1&high=abc&sort=zzz&source=expert")
    assert odd.title == "审核台"
    assert "清除条件" not in odd.text
    opened(officer, f"{DESK}?cursor=x", status=422)


def test_an_empty_queue_says_where_to_go_on(officer: TestClient) -> None:
    page = opened(officer, f"{DESK}?q=没有这样的需求")
    assert "没有符合这些条件的" in page.text
    assert (DESK, "清除条件") in page.links
    page = opened(officer, f"{DESK}?source=enterprise&view=my_due&q=")
    assert "没有" in page.text


def test_the_next_page_goes_on_where_the_first_ended(officer: TestClient) -> None:
    first = opened(officer, DESK)
    (following,) = [href for href, text in first.links if text == "下一页"]
    second = opened(officer, following)
    ids = [set(re.findall(r'class="line[^"]*" data-case="([^"]+)"', page.html)) for page in (first, second)]
    assert len(ids[0]) == 50
    assert ids[1]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("state", sorted(CaseState))
def test_buttons_are_the_steps_that_may_be_taken(
    officer: TestClient, application: Application, state: CaseState
) -> None:
    actor = actor_of(application, OFFICER)
    wanted = CaseFilter(view=CaseView.ALL, states=frozenset({state}))
    found = application.queue.page(actor, wanted, PageRequest(limit=1)).items
    line = found[0] if found else waiting(application, actor)[0]
    allowed = {step.target for step in application.cases.get(actor, line.case.id).steps}
    page = opened(officer, f"{DESK}/case?case={line.case.id}")
    offered = {
        CaseState(re.split(r"[+|]", value)[0])
        for name, value, _, _ in page.form(f"{DESK}/decide").buttons
        if name == "choice"
    }
    claiming = {CaseState.IN_REVIEW, CaseState.SUGGESTED} if line.case.state is not CaseState.REJECTED else set()
    assert offered == allowed - claiming - {CaseState.SIGNED}
    assert ("登记签约" in page.text) is (CaseState.SIGNED in allowed)
    keys = [key for key in re.findall(r'data-key="([a-z])"', page.html) if key not in "jk"]
    assert len(keys) == len(set(keys))
    if line.case.state in (CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED, CaseState.CONTACT):
        assert "a" not in keys, "what others said is not written down by a slip of the finger"


# Deciding


def test_one_key_confirms_and_pushes_and_is_taken_back_as_one(hand: TestClient, worked: Application) -> None:
    first, second = waiting(worked, actor_of(worked, OFFICER))[:2]
    page = opened(hand, experts())
    response = send(hand, page, f"{DESK}/decide", button="choice=确认+", note="方向很合适")
    page = page_of(response)
    assert ("h2", second.target_name) in page.headings
    assert toast(page) == f"已确认并推送：{first.target_name}"
    assert present(worked, first.case.id).state is CaseState.PUSHED
    steps = [(step.to_state, step.note) for step in worked.cases.get(TESTER, first.case.id).timeline]
    assert steps == [(CaseState.CONFIRMED, "方向很合适"), (CaseState.PUSHED, "")]
    page = page_of(send(hand, page, f"{DESK}/undo"))
    assert ("h2", first.target_name) in page.headings
    assert "回到“系统推荐”" in toast(page)
    assert present(worked, first.case.id).state is CaseState.SUGGESTED


def test_a_rejection_names_its_reason_and_is_taken_back(hand: TestClient, worked: Application) -> None:
    line = waiting(worked, actor_of(worked, OFFICER))[2]
    page = opened(hand, experts(line.case.id))
    page = page_of(send(hand, page, f"{DESK}/decide", button="choice=驳回|指标不满足"))
    assert toast(page) == f"已驳回（指标不满足）：{line.target_name}"
    (step,) = worked.cases.get(TESTER, line.case.id).timeline
    assert step.reason is ReasonCode.INDICATORS
    page_of(send(hand, page, f"{DESK}/undo"))
    assert present(worked, line.case.id).state is CaseState.SUGGESTED


def test_an_adjustment_without_a_word_is_refused_and_nothing_typed_is_lost(
    hand: TestClient, worked: Application
) -> None:
    line = waiting(worked, actor_of(worked, OFFICER))[3]
    page = opened(hand, experts(line.case.id))
    refused = page_of(response := send(hand, page, f"{DESK}/decide", button="choice=调整+"))
    assert response.status_code == 422
    assert "须在备注中写明改了什么" in refused.text
    assert ("h2", line.target_name) in refused.headings
    fields = dict(page.form(f"{DESK}/decide").fields) | {"choice": "胡来", "note": "写了半天的话"}
    response = hand.post(f"{DESK}/decide", data=fields)
    assert response.status_code == 422
    assert "写了半天的话" in page_of(response).text
    for note in ("长" * 2001, "\0"):
        response = hand.post(f"{DESK}/decide", data=fields | {"choice": "确认+", "note": note})
        assert response.status_code == 422
    assert present(worked, line.case.id).version == line.case.version


def test_who_comes_second_is_told_and_goes_on(hand: TestClient, other: TestClient, worked: Application) -> None:
    line, following = waiting(worked, actor_of(worked, OFFICER))[4:6]
    mine, theirs = (opened(client, experts(line.case.id)) for client in (hand, other))
    page_of(send(other, theirs, f"{DESK}/decide", button="choice=驳回|领域不符"))
    page = page_of(send(hand, mine, f"{DESK}/decide", button="choice=确认+"))
    assert toast(page) == f"没有执行：“{line.target_name}”已由他人处理，现在是“驳回”。已转到下一条。"
    assert ("h2", following.target_name) in page.headings
    assert present(worked, line.case.id).state is CaseState.REJECTED
    page = opened(hand, f"{DESK}/case?case={line.case.id}")
    assert "驳回，原因：领域不符" in page.text


def test_a_claim_keeps_others_away_until_it_is_given_back(
    hand: TestClient, other: TestClient, worked: Application
) -> None:
    line = waiting(worked, actor_of(worked, OFFICER))[6]
    id = line.case.id
    for _ in range(2):
        assert present(worked, id).version == line.case.version, "looking claims nothing"
        page = opened(hand, experts(id))
    fields = dict(page.form(f"{DESK}/decide").fields)
    page = page_of(hand.post(f"{DESK}/claim", data=fields))
    assert "已认领" in toast(page)
    assert present(worked, id).state is CaseState.IN_REVIEW
    held = opened(other, experts(id))
    assert "他人正在处理" in held.text
    assert [name for name, _, _, _ in held.form(f"{DESK}/decide").buttons if name] == []
    assert "他人处理中" in held.text
    own = opened(hand, experts(id))
    assert "由你处理" in own.text
    page = page_of(hand.post(f"{DESK}/release", data=dict(own.form(f"{DESK}/decide").fields)))
    assert "已放开" in toast(page)
    assert present(worked, id).state is CaseState.SUGGESTED
    page = page_of(send(hand, page, f"{DESK}/undo"))
    assert present(worked, id).claimed_by == actor_of(worked, OFFICER).id
    page_of(hand.post(f"{DESK}/release", data=dict(opened(hand, experts(id)).form(f"{DESK}/decide").fields)))


def test_who_may_not_be_proposed_now_stays_on_the_page_with_the_reason(
    hand: TestClient, worked: Application
) -> None:
    line = waiting(worked, actor_of(worked, OFFICER))[7]
    page = opened(hand, experts(line.case.id))
    with worked.database.write() as unit:
        expert = unit.experts.get(line.case.pair.target_id)
        assert expert is not None
        unit.experts.upsert([stage.replace(expert, capacity=0)])
    response = send(hand, page, f"{DESK}/decide", button="choice=确认+", note="很想推荐")
    assert response.status_code == 409
    page = page_of(response)
    assert "现在不能推荐：容量已满" in page.text
    assert "很想推荐" in page.text


def test_what_an_enterprise_asked_for_stands_first_and_is_answered_by_the_push(
    hand: TestClient, worked: Application
) -> None:
    forge = actor_of(worked, ENTERPRISE)
    line = next(line for line in waiting(worked, actor_of(worked, OFFICER)) if line.case.enterprise_code == FORGE)
    draft = WishDraft(
        target_kind=EntityKind.EXPERT,
        target_id=line.case.pair.target_id,
        stance=Stance.WANTED,
        note="想请来看现场",
    )
    worked.wishes.say(forge, line.case.need_id, draft, version=0)
    page = opened(hand, f"{DESK}?view=wished")
    assert ("h2", line.target_name) in page.headings
    assert "已表示有意，“想请来看现场”" in page.text
    page = page_of(send(hand, page, f"{DESK}/decide", button="choice=确认+"))
    assert present(worked, line.case.id).state is CaseState.ENTERPRISE_INTERESTED
    assert "没有企业点名的推荐" in page.text
    page_of(send(hand, page, f"{DESK}/undo"))
    assert present(worked, line.case.id).state is CaseState.SUGGESTED


# Several at once


def test_several_are_rejected_together_and_taken_back_together(hand: TestClient, worked: Application) -> None:
    lines = waiting(worked, actor_of(worked, OFFICER), target_kind=EntityKind.PLATFORM)[:3]
    page = opened(hand, f"{DESK}?kind=platform")
    picks = [f"{line.case.version} {line.case.id}" for line in lines]
    response = send(hand, page, f"{DESK}/bulk", button="choice=驳回|地域", pick=picks, note="太远")
    page = page_of(response)
    assert toast(page) == "已驳回 3 条（地域）"
    assert {present(worked, line.case.id).state for line in lines} == {CaseState.REJECTED}
    page = page_of(send(hand, page, f"{DESK}/undo"))
    assert "已撤销 3 条" in toast(page)
    assert {present(worked, line.case.id).state for line in lines} == {CaseState.SUGGESTED}


def test_several_with_one_in_the_way_change_nothing_and_stay_ticked(
    hand: TestClient, worked: Application
) -> None:
    lines = waiting(worked, actor_of(worked, OFFICER), target_kind=EntityKind.ACHIEVEMENT)[:3]
    page = opened(hand, f"{DESK}?kind=achievement")
    picks = [f"{line.case.version} {line.case.id}" for line in lines[:2]] + [f"9 {lines[2].case.id}"]
    response = send(hand, page, f"{DESK}/bulk", button="choice=确认+", pick=picks, note="一起推")
    assert response.status_code == 409
    page = page_of(response)
    assert "有 1 条不能处理，因此全部没有处理" in page.text
    assert ("pick", picks[0]) in page.form(f"{DESK}/bulk").fields
    assert ("note", "一起推") in page.form(f"{DESK}/bulk").fields
    assert {present(worked, line.case.id).version for line in lines} == {0}
    response = send(hand, page, f"{DESK}/bulk", button="choice=确认+", pick=[])
    assert response.status_code == 422
    assert "还没有选中任何一条" in page_of(response).text


# For scripts


def test_scripts_are_given_parts_and_told_what_came_of_it(hand: TestClient, worked: Application) -> None:
    lines = waiting(worked, actor_of(worked, OFFICER))
    id = lines[8].case.id
    part = hand.get(f"{DESK}/case?kind=expert&case={id}", headers=AS_PART)
    assert part.status_code == 200
    assert part.text.strip().startswith("<article")
    assert "<html" not in part.text
    fields = dict(Page(part.text).form(f"{DESK}/decide").fields) | {
        "choice": "驳回|重复",
        "next": lines[9].case.id,
    }
    told = hand.post(f"{DESK}/decide", data=fields, headers=AS_PART).json()
    assert parse_qs(urlsplit(told["to"]).query)["case"] == [lines[9].case.id]
    assert told["notice"]["undo"]["fields"]["id"] == id
    again = hand.post(f"{DESK}/decide", data=fields, headers=AS_PART).json()
    assert again["notice"]["tone"] == "bad"
    refused = hand.post(f"{DESK}/decide", data=fields | {"choice": "?"}, headers=AS_PART)
    assert refused.status_code == 422
    assert "没有读懂要走哪一步" in refused.text
    more = hand.get(f"{DESK}/queue?kind=expert", headers=AS_PART).text
    assert more.strip().startswith("<ul")
    assert more.count('class="line"') == 50


# Views of one's own


def test_filters_are_kept_under_a_name_and_dropped(hand: TestClient, other: TestClient) -> None:
    page = opened(hand, f"{DESK}?view=high_score&town=镇")
    page = page_of(send(hand, page, f"{DESK}/views", name="近处高分"))
    assert toast(page) == "已保存视图“近处高分”"
    kept = f"{DESK}?view=high_score&town=%E9%95%87"
    assert (kept, "近处高分") in page.links
    assert "近处高分" not in opened(other, DESK).text
    page = page_of(send(hand, opened(hand, kept), f"{DESK}/views/drop"))
    assert toast(page) == "已删去视图“近处高分”"
    assert (kept, "近处高分") not in page.links
    page = page_of(send(hand, page, f"{DESK}/views", name="近处高分"))
    response = send(hand, page, f"{DESK}/views", name="名" * 31)
    assert response.status_code == 422
    again = page_of(response)
    assert "1 到 30 个字" in again.text
    assert ("name", "名" * 31) in again.form(f"{DESK}/views").fields
