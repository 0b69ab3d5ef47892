"""The guided form with scripts: advice while one types, nothing typed is lost, and it is sent once."""

import re

from playwright.sync_api import Page, expect

from recommender.bootstrap import Application
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import NeedState
from tests.actors import TESTER
from tests.browser.conftest import OpenPage
from tests.console.people import ENTERPRISE, FORGE, OTHER_ENTERPRISE, PASSWORD

TITLE = "大环淬火变形怎么治"
TEXT = "大环淬完火不圆，外径 2.2~3.2m，希望椭圆度不大于 3mm，冲击功不低于42J。找懂热处理的老师来厂里看看。"


def score_of(page: Page) -> int:
    return int(page.locator("[data-panel] .completeness__score").inner_text())


def begin(page: Page) -> None:
    page.goto("/console/needs/new")
    page.get_by_label("需求名称").fill(TITLE)
    page.get_by_label("需求描述").fill(TEXT)
    expect(page.locator("[data-panel]")).to_contain_text("从文字中找出的指标")


def test_a_vague_need_is_led_to_a_better_one(open_as: OpenPage, own_application: Application) -> None:
    page = open_as(ENTERPRISE)
    begin(page)
    before = score_of(page)
    page.get_by_role("button", name="把“椭圆度 ≤ 3 mm”列入主要技术指标").click()
    page.get_by_role("button", name="把“外径 ≥ 2.2 m；外径 ≤ 3.2 m”列入主要技术指标").click()
    expect(page.locator("[data-panel]").get_by_text("已列入")).to_have_count(2)
    rows = page.locator("[name=indicator_name]").evaluate_all("inputs => inputs.map((input) => input.value)")
    assert rows[:3] == ["椭圆度", "外径", "外径"]
    page.get_by_role("button", name="采用为公开摘要").click()
    assert page.get_by_label("公开摘要", exact=True).input_value() != ""
    # A question leads to its field.
    page.locator("a.advice__jump", has_text="现有基础").click()
    expect(page.get_by_label("现有基础")).to_be_focused()
    page.keyboard.type("已试过加大搅拌和双液淬火，开裂反而多；有井式炉两台，三年的变形数据可以提供。")
    page.get_by_label("主要研究内容").fill("查清变形来自加热还是入水；给出淬火工装和搅拌方案；连续验证二十件。")
    expect(page.locator("[data-panel] .completeness__score")).not_to_have_text(str(before))
    assert score_of(page) > before
    # Enter in a line does not send what is half filled in.
    page.get_by_label("需求名称").press("Enter")
    assert page.url.endswith("/console/needs/new")
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url("**/console/needs/XQ-*")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    wanted = NeedFilter(enterprise_code=FORGE, states=frozenset({NeedState.SUBMITTED}))
    found = own_application.needs.page(TESTER, wanted, PageRequest(sort="-updated", limit=1)).items[0]
    assert found.need.indicators == ("椭圆度 ≤ 3 mm", "外径 ≥ 2.2 m", "外径 ≤ 3.2 m")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('console:need')).length") == 0
    page.get_by_role("button", name=re.compile("^撤销")).click()
    expect(page.locator("main")).to_contain_text("草稿还没有提交")


def test_what_was_typed_survives_leaving_and_is_nobody_elses(open_as: OpenPage) -> None:
    page = open_as(ENTERPRISE)
    begin(page)
    page.get_by_role("button", name="添加一行").click()
    page.locator("[name=indicator_name]").last.fill("冲击功")
    page.locator("[name=indicator_value]").last.fill("42")
    expect(page.locator("[data-saved]")).to_contain_text("已暂存在本机")
    warned = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.goto("/console/needs")
    assert warned == ["beforeunload"]
    page.goto("/console/needs/new")
    expect(page.locator("[data-restore]")).to_contain_text("尚未保存的内容")
    page.get_by_role("button", name="恢复填写").click()
    assert page.get_by_label("需求描述").input_value() == TEXT
    assert "冲击功" in page.locator("[name=indicator_name]").evaluate_all("all => all.map((one) => one.value)")
    # The next one to use this machine neither sees nor keeps it.
    page.goto("/console/")
    page.locator("details.menu:not(.bar__burger) > summary", has_text=ENTERPRISE.display_name).click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_label("登录名").fill(OTHER_ENTERPRISE.login_name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto("/console/needs/new")
    expect(page.locator("[data-restore]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('console:need')).length") == 0


def test_what_was_sent_after_the_session_had_ended_is_not_lost(open_as: OpenPage) -> None:
    page = open_as(ENTERPRISE)
    begin(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/console/sign-in**")
    page.get_by_label("登录名").fill(ENTERPRISE.login_name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto("/console/needs")
    page.locator(".need-card h2 a").first.click()
    page.wait_for_url("**/console/needs/XQ*")
    page.goto("/console/needs/new")
    page.get_by_role("button", name="恢复填写").click()
    assert page.get_by_label("需求描述").input_value() == TEXT
