"""From a badly worded problem to an answered push: written, ranked, compared, wanted and not wanted."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from recommender.bootstrap import Application
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.review.cases import Choice
from tests.browser.conftest import OpenPage
from tests.console.people import ENTERPRISE, OFFICER, actor_of

TITLE = "法兰淬完火老是变形想请人看看"
VAGUE = "最近一批风电法兰淬火以后总是变形，返工很多，想找懂行的人帮忙看看怎么办。"
EFFORT = "大环件淬火后椭圆度超差，校圆费时，怀疑与浸液姿态和冷却不均有关。"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_vague_problem_finds_people_who_are_wanted_or_not(
    open_as: OpenPage, own_application: Application, *, javascript: bool
) -> None:
    page = open_as(ENTERPRISE, javascript=javascript)
    expect(page.get_by_role("heading", name="等你处理")).to_be_visible()

    # Badly worded at first; what is missing is said, and the need is handed in all the same.
    page.get_by_role("link", name="提需求").first.click()
    page.get_by_label("需求名称").fill(TITLE)
    page.get_by_label("需求描述").fill(VAGUE)
    page.get_by_role("button", name="检查完整度").last.click()
    expect(page.locator(".completeness__score").first).to_be_visible()
    page.get_by_label("主要技术难点").fill(EFFORT)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已保存并提交审核。")).to_be_visible()

    # Ranked at once, with reasons and marked evidence.
    page.get_by_role("link", name="查看推荐").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("推荐")
    expect(page.get_by_text("发布之后排在审核员队列的最前")).to_be_visible()
    cards = page.locator("li.result")
    expect(cards).to_have_count(5)
    expect(cards.first.locator(".reasons li").first).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    wanted, refused = target_of(cards.nth(0)), target_of(cards.nth(1))

    # Side by side.
    for n in (0, 1, 2):
        cards.nth(n).get_by_label("加入比较").check()
    page.get_by_role("button", name=re.compile("^比较所选")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("比较专家")
    expect(page.locator("table.compare thead th")).to_have_count(4)
    expect(page.get_by_role("rowheader", name="接受的合作方式")).to_be_visible()
    page.get_by_role("link", name=re.compile("^返回推荐")).click()
    expect(cards.nth(2).get_by_label("加入比较")).to_be_checked()

    # One is wanted; that is taken back, and said again.
    card_of(page, wanted).get_by_role("button", name="有意").click()
    expect(page.get_by_text("已表示有意：")).to_be_visible()
    page.locator(".toast").get_by_role("button", name=re.compile("^撤销")).click()
    expect(page.get_by_text("已撤销：")).to_be_visible()
    expect(card_of(page, wanted).get_by_text("待需求发布", exact=True)).to_have_count(0)
    card_of(page, wanted).get_by_role("button", name="有意").click()
    expect(card_of(page, wanted).get_by_text("待需求发布", exact=True)).to_be_visible()

    # Another is not: without a reason it cannot be said, with one it is gone.
    card = card_of(page, refused)
    card.get_by_text("无意", exact=False).first.click()
    card.get_by_label("原因").select_option(ReasonCode.BUDGET)
    card.get_by_label("备注").fill("今年预算不够")
    card.get_by_role("button", name="确认无意").click()
    expect(page.get_by_text("已表示无意：")).to_be_visible()
    expect(card_of(page, refused)).to_have_count(0)
    mine = page.get_by_role("region", name="我的意向")
    expect(mine.get_by_text("经费不符")).to_be_visible()
    expect(mine.locator("li")).to_have_count(2)

    # An officer publishes the need and pushes who is wanted: that is answered already.
    need_id = agrees(own_application, wanted, refused)
    case_id = pushed(own_application, need_id, wanted)
    page.reload()
    expect(card_of(page, wanted).get_by_text("企业有意", exact=True)).to_be_visible()
    card_of(page, wanted).get_by_role("link", name="查看对接").click()
    expect(page.get_by_text("对此推荐表示有意。").first).to_be_visible()
    page.goto("/console/")
    expect(page.locator(f"a[href='/console/cases/{case_id}']").first).to_be_visible()


def target_of(card: Locator) -> str:
    return card.locator("input[name=target_id]").first.input_value()


def card_of(page: Page, target: str) -> Locator:
    box = page.locator(f"input[name=compare][value='{target}']")
    return page.locator("li.result", has=box)


def agrees(application: Application, wanted: str, refused: str) -> str:
    """What the database says; the need's id."""
    actor = actor_of(application, ENTERPRISE)
    found = application.needs.page(actor, NeedFilter(text=TITLE), PageRequest()).items
    (line,) = [line for line in found if line.need.title == TITLE]
    assert line.progress.state is NeedState.SUBMITTED
    said = {each.wish.pair.target_id: each.wish for each in application.wishes.of_need(actor, line.need.id)}
    assert {id: wish.stance for id, wish in said.items()} == {wanted: Stance.WANTED, refused: Stance.UNWANTED}
    assert (said[refused].reason, said[refused].note) == (ReasonCode.BUDGET, "今年预算不够")
    assert said[wanted].shown is not None
    assert said[wanted].shown.position == 1
    return line.need.id


def pushed(application: Application, need_id: str, wanted: str) -> str:
    """Publish the need, and take the first of the queue to its enterprise; the match's id."""
    officer = actor_of(application, OFFICER)
    version = application.needs.get(officer, need_id).progress.version
    application.needs.move(officer, need_id, NeedState.PUBLISHED, version=version)
    first = application.queue.page(officer, CaseFilter(view=CaseView.UNREVIEWED), PageRequest()).items[0].case
    assert (first.need_id, first.pair.target_id) == (need_id, wanted)
    _, case = application.cases.decide_and_push(
        officer, first.id, Choice(to=CaseState.CONFIRMED), version=first.version
    )
    assert case.state is CaseState.ENTERPRISE_INTERESTED
    return case.id
