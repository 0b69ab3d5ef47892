"""An enterprise's first page: what waits for it, then its needs, what it asked for, and what is under way."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.review.cases import Choice
from recommender.services.review.wishes import WishDraft
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import opened
from tests.console.people import ENTERPRISE, OFFICER, OTHER_ENTERPRISE, PASSWORD, Person, actor_of


def test_what_waits_stands_first_and_leads_where_it_is_done(
    enterprise: TestClient, application: Application
) -> None:
    home = application.enterprise_home.of(actor_of(application, ENTERPRISE))
    page = opened(enterprise, "/console/")
    headings = [text for tag, text in page.headings if tag == "h2"]
    assert headings[:3] == ["等你处理", "我的需求", "正在对接"]
    assert f"{home.n_waiting} 件事等你处理" in page.text
    assert "答复推荐：" in page.text
    assert "按意见补充：" in page.text
    assert "写完并提交：" in page.text
    linked = {href for href, _ in page.links}
    for line in home.unanswered:
        assert f"/console/cases/{line.case.id}" in linked
    for one in home.unwritten:
        assert f"/console/needs/{one.line.need.id}" in linked
    for one in home.needs:
        assert f"/console/needs/{one.line.need.id}/matches" in linked
    states = {line.case.state for line in home.under_way}
    assert states & {CaseState.SIGNED, CaseState.CONTACT}
    assert CaseState.PUSHED not in states


def test_what_others_are_late_with_is_not_held_against_the_enterprise(enterprise: TestClient) -> None:
    page = opened(enterprise, "/console/")
    needs = page.html.split('id="needs-h"')[1].split('id="way-h"')[0]
    assert "已过原定的" in needs
    assert "已逾期" not in needs


def test_what_was_asked_for_says_how_far_it_is(own_app: FastAPI, own: Application) -> None:
    forge, officer = actor_of(own, ENTERPRISE), actor_of(own, OFFICER)
    found = own.need_results.ranked(officer, "XQ2026001", EntityKind.EXPERT, depth=20)
    free = [card for card in found.ranked.cards if card.case is None][:2]
    for card in free:
        draft = WishDraft(target_kind=EntityKind.EXPERT, target_id=card.record.id, stance=Stance.WANTED)
        own.wishes.say(forge, "XQ2026001", draft, version=0)
    refused = Choice(to=CaseState.REJECTED, reason=ReasonCode.EXPERT_BUSY)
    own.cases.decide(officer, free[0].pair.id, refused, version=0)
    page = opened(client_of(own_app, ENTERPRISE), "/console/")
    asked = page.html.split('id="asked-h"')[1].split("</section>")[0]
    assert asked.count("<li>") == 2
    for words in ("未推送", "专家无暇", "可以另选对象", "待审核员处理"):
        assert words in asked


def test_another_enterprise_sees_its_own(other_enterprise: TestClient, application: Application) -> None:
    page = opened(other_enterprise, "/console/")
    home = application.enterprise_home.of(actor_of(application, OTHER_ENTERPRISE))
    mine = {one.line.need.enterprise_code for one in home.needs} | {
        line.case.enterprise_code for line in (*home.unanswered, *home.under_way)
    }
    assert mine == {OTHER_ENTERPRISE.enterprise_code}
    assert "风电法兰" not in page.text


def test_a_new_enterprise_is_told_how_to_begin(own_app: FastAPI, own: Application) -> None:
    with own.database.read() as unit:
        taken = {need.enterprise_code for need in unit.needs.iterate()}
        free = next(each.code for each in unit.enterprises.iterate() if each.code not in taken)
    person = Person("xinqiye", "新企业", ENTERPRISE.role, enterprise_code=free)
    own.accounts.create(TESTER, person.draft(), PASSWORD)
    page = opened(client_of(own_app, person), "/console/")
    assert "现在没有等你处理的事" in page.text
    assert "还没有需求" in page.text
    assert ("/console/needs/new", "提需求") in page.links
    assert "一条需求怎样走到合作" in page.text
