"""From contact to outcome: pushed, wanted, accepted, talked about, signed, funded, carried out, judged."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from recommender.bootstrap import Application
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.cases import Side
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import Choice
from tests.browser.conftest import OpenPage
from tests.console.people import ENTERPRISE, FORGE, OFFICER, actor_of

WAY = (
    CaseState.CONFIRMED,
    CaseState.PUSHED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_ACCEPTED,
    CaseState.CONTACT,
    CaseState.NEGOTIATION,
    CaseState.SIGNED,
    CaseState.FUNDED,
    CaseState.IMPLEMENTATION,
    CaseState.COMPLETED,
    CaseState.EVALUATED,
)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_contact_becomes_a_signed_and_judged_outcome(
    open_as: OpenPage, own_application: Application, *, javascript: bool
) -> None:
    case_id = confirmed(own_application)
    officer = open_as(OFFICER, javascript=javascript)
    enterprise = open_as(ENTERPRISE, javascript=javascript)

    # The officer finds it on the board and pushes it, takes that back, and pushes it again.
    officer.goto("/console/cases?q=" + case_id.split("!")[3])
    expect(officer.get_by_role("heading", level=1)).to_have_text("对接")
    officer.locator("li.case-card a").first.click()
    step(officer, "推送给企业", "推送")
    officer.get_by_role("button", name="撤销上一步").click()
    expect(officer.get_by_text("已撤销，回到“确认”。")).to_be_visible()
    step(officer, "推送给企业", "推送")

    # The enterprise reads why, and says yes.
    enterprise.goto("/console/cases")
    enterprise.get_by_role("link", name="查看并答复").first.click()
    enterprise.goto(address(case_id))
    expect(enterprise.get_by_text("请查看依据，答复有意或无意。")).to_be_visible()
    expect(enterprise.get_by_role("heading", name="推荐依据")).to_be_visible()
    enterprise.get_by_role("button", name="有意", exact=False).first.click()
    expect(enterprise.get_by_text("已答复“企业有意”。")).to_be_visible()

    # The expert accepts by telephone; talks, contract, funding.
    officer.goto(address(case_id))
    officer.get_by_label("备注（可不填）").first.fill("电话答复，同意接洽")
    step(officer, "记录对方接受", "专家接受")
    expect(officer.get_by_text("电话答复，同意接洽")).to_be_visible()
    step(officer, "开始接洽", "接洽")
    step(officer, "进入洽谈", "洽谈")
    sign(officer)
    step(officer, "立项，进入预研资金", "立项/预研资金")
    form = officer.locator("form[action$='/funding']")
    form.get_by_label("金额（万元）").fill("20")
    form.get_by_label("企业研发投入（万元）").fill("90")
    form.get_by_role("button", name="登记这一笔").click()
    expect(officer.get_by_text("已登记第一笔预研资金。")).to_be_visible()
    expect(officer.locator("main")).to_contain_text("带动企业研发投入 4.50 万元")

    # Carried out, finished, judged by both sides.
    step(officer, "开始实施", "实施")
    plan(officer, "完成小试样件")
    officer.locator("form[action$='/milestones/1']").get_by_role("button", name="完成").click()
    expect(officer.get_by_text("里程碑“完成小试样件”已完成。")).to_be_visible()
    officer.get_by_text("登记结题", exact=True).first.click()
    officer.get_by_role("button", name="登记结题").click()
    expect(officer.get_by_text("已转为“结题”。")).to_be_visible()
    enterprise.goto(address(case_id))
    judge(enterprise, "5 很好", "回弹问题解决了")
    officer.goto(address(case_id))
    officer.locator("form[action$='/evaluations']").get_by_label("评价方").select_option("专家")
    judge(officer, "4 好", "现场配合好")
    step(officer, "完成评价", "评价")

    agrees(own_application, case_id)


def confirmed(application: Application) -> str:
    """An expert for the forge whom an officer has confirmed."""
    officer = actor_of(application, OFFICER)
    wanted = CaseFilter(view=CaseView.UNREVIEWED, target_kind=EntityKind.EXPERT, enterprise_code=FORGE)
    case = application.queue.page(officer, wanted, PageRequest(limit=1)).items[0].case
    application.cases.decide(officer, case.id, Choice(to=CaseState.CONFIRMED), version=case.version)
    return case.id


def address(case_id: str) -> str:
    return f"/console/cases/{case_id}"


def step(page: Page, button: str, state: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{button}")).first.click()
    expect(page.get_by_text(f"已转为“{state}”。")).to_be_visible()


def sign(page: Page) -> None:
    form = page.locator("form", has=page.locator("input[name=to][value=签约]"))
    form.get_by_label("金额（万元）").fill("120.5")
    form.get_by_label("登记号").fill("2026320582000123")
    form.get_by_label("合同类型").select_option("技术开发")
    form.get_by_role("button", name="登记签约").click()
    expect(page.get_by_text("已转为“签约”。")).to_be_visible()
    expect(page.get_by_text("120.50")).to_be_visible()


def plan(page: Page, title: str) -> None:
    form = page.locator("form[action$='/milestones']")
    form.get_by_label("里程碑").fill(title)
    form.get_by_label("计划完成日期").fill("2027-03-31")
    form.get_by_role("button", name="添加").click()
    expect(page.get_by_text(f"已添加里程碑“{title}”。")).to_be_visible()


def judge(page: Page, grade: str, text: str) -> None:
    form = page.locator("form[action$='/evaluations']")
    form.get_by_label(grade).check()
    form.get_by_label("评价", exact=True).fill(text)
    form.get_by_role("button", name="保存评价").click()
    expect(page.locator("main")).to_contain_text(text)


def agrees(application: Application, case_id: str) -> None:
    """The database says the same."""
    detail = application.cases.get(actor_of(application, OFFICER), case_id)
    standing = [each.to_state for each in detail.timeline if each.undoes is None and each.undone_by is None]
    assert tuple(standing) == WAY
    outcome: Any = detail.outcome
    assert (outcome.contract.kind, outcome.contract.amount_wan) == (ContractType.DEVELOPMENT, 120.5)
    assert outcome.leverage == 90 / 20
    assert [milestone.done_on is not None for milestone in outcome.milestones] == [True]
    assert {each.side: each.grade for each in outcome.evaluations} == {Side.ENTERPRISE: 5, Side.EXPERT: 4}
