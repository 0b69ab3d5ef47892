"""Following matches: the board, the table, steps for many, and what an enterprise sees of its own."""

import csv
import io
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import BENDER, FORGE, OFFICER, actor_of

LIST = "/console/cases"


def lines(application: Application, *states: CaseState, **wanted: Any) -> list[CaseLine]:
    """Matches of the town in some states, as the officer of the whole city sees them."""
    chosen = CaseFilter(view=CaseView.ALL, states=frozenset(states), **wanted)
    page = application.queue.page(actor_of(application, OFFICER), chosen, PageRequest(limit=200))
    return list(page.items)


class TestBoard:
    def test_shows_each_group_with_what_waits_there_and_how_late(
        self, officer: TestClient, application: Application
    ) -> None:
        page = opened(officer, LIST)
        assert page.title == "对接"
        heads = [text for tag, text in page.headings if tag == "h2"]
        pushed = lines(application, CaseState.PUSHED)
        assert heads == [
            f"待推送 {len(lines(application, CaseState.CONFIRMED, CaseState.ADJUSTED))}",
            f"待企业答复 {len(pushed)}",
            "待对方答复 " + str(len(lines(application, *_ASKED))),
            "接洽与洽谈 " + str(len(lines(application, *_TALKING))),
            "签约与实施 " + str(len(lines(application, *_SIGNED))),
            f"结题与评价 {len(lines(application, CaseState.COMPLETED))}",
        ]
        assert f"{len(pushed)} 条逾期" in page.text
        assert "已等" in page.text
        for line in pushed:
            assert f"{LIST}/{line.case.id}" in {address for address, _ in page.links}

    def test_counts_the_ways_on_from_step_to_step(self, officer: TestClient, application: Application) -> None:
        text = opened(officer, LIST).text
        signed = [line for line in lines(application) if _came_to(application, line, CaseState.SIGNED)]
        assert f"签约 {len(signed)} 上一步的" in text
        assert "上一步的" not in opened(officer, f"{LIST}?town=没有这个镇").text

    def test_leads_to_the_rest_of_a_group_and_to_what_is_late_there(self, officer: TestClient) -> None:
        page = opened(officer, LIST)
        late = next(address for address, text in page.links if text.endswith("条逾期"))
        assert "view=overdue" in late
        assert "group=push" in late
        table = opened(officer, late)
        assert "逾期" in table.text
        assert "待推送 ✕" in table.text

    def test_an_officer_of_one_town_sees_its_own(
        self, town_officer: TestClient, application: Application
    ) -> None:
        page = opened(town_officer, f"{LIST}?view=all")
        own = {f"{LIST}/{line.case.id}" for line in lines(application, enterprise_code=FORGE)}
        shown = {address for address, _ in page.links if address.startswith(f"{LIST}/need!")}
        assert shown
        assert shown <= own

    def test_says_what_to_do_where_nothing_fits(self, officer: TestClient) -> None:
        assert "没有符合的对接" in opened(officer, f"{LIST}?q=没有这样的词").text


class TestTable:
    def test_narrows_down_and_keeps_the_question_in_its_links(
        self, officer: TestClient, application: Application
    ) -> None:
        asked = f"{LIST}?as=table&view=all&kind=expert&state=签约&q={BENDER}"
        page = opened(officer, asked)
        expected = [
            line
            for line in lines(application, CaseState.SIGNED, enterprise_code=BENDER)
            if line.case.pair.target_kind.value == "expert"
        ]
        rows = [address for address, _ in page.links if address.startswith(f"{LIST}/need!")]
        assert rows == [f"{LIST}/{line.case.id}" for line in expected]
        assert len(rows) == 1
        turned = next(address for address, text in page.links if text.startswith("得分"))
        assert {"kind=expert", "sort=score", f"q={BENDER}"} <= set(turned.partition("?")[2].split("&"))

    def test_sorts_and_turns_round(self, officer: TestClient) -> None:
        def order(sort: str) -> list[str]:
            page = opened(officer, f"{LIST}?as=table&view=all&sort={sort}")
            return [address for address, _ in page.links if address.startswith(f"{LIST}/need!")]

        assert order("score") == order("-score")[::-1]
        assert order("due") == order("-due")[::-1]
        assert order("score") != order("due")

    def test_what_is_no_value_is_not_asked_for(self, officer: TestClient) -> None:
        assert opened(officer, f"{LIST}?as=x&view=y&kind=z&state=q&group=g&sort=h").title == "对接"
        assert opened(officer, f"{LIST}?as=table&cursor=zzz", status=422).title

    def test_no_expert_is_named(self, officer: TestClient, application: Application) -> None:
        with application.database.read() as unit:
            experts = unit.experts.get_many([line.case.pair.target_id for line in lines(application)])
        page = opened(officer, f"{LIST}?as=table&view=all")
        assert experts
        assert [expert.name for expert in experts.values() if expert.name in page.html] == []

    def test_is_exported_as_it_is_asked_for(self, officer: TestClient, application: Application) -> None:
        response = officer.get(f"{LIST}/export?view=all&state=推送")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in response.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(response.text.lstrip("\ufeff"))))
        assert {row[0] for row in rows[1:]} == {line.case.id for line in lines(application, CaseState.PUSHED)}


class TestTogether:
    def test_takes_a_step_with_all_that_are_ticked_and_takes_it_back(
        self, own: Application, own_app: FastAPI
    ) -> None:
        client = client_of(own_app, OFFICER)
        chosen = lines(own, CaseState.CONFIRMED, CaseState.ADJUSTED)
        page = opened(client, f"{LIST}?as=table&view=all&group=push")
        items = [f"{line.case.version}:{line.case.id}" for line in chosen]
        moved = send(client, page, f"{LIST}/decisions", item=items, to="推送")
        after = page_of(moved)
        assert f"{len(items)} 条已转为“推送”。" in after.text
        assert {line.case.id for line in lines(own, CaseState.PUSHED)} >= {line.case.id for line in chosen}
        back = page_of(send(client, after, f"{LIST}/batches/"))
        assert "已撤销" in back.text
        assert [line.case.id for line in lines(own, CaseState.PUSHED) if line.case.id in _ids(chosen)] == []

    def test_changes_none_where_one_cannot_and_keeps_what_was_typed(
        self, own: Application, own_app: FastAPI
    ) -> None:
        client = client_of(own_app, OFFICER)
        page = opened(client, f"{LIST}?as=table&view=all")
        pushed = lines(own, CaseState.PUSHED)[0]
        signed = lines(own, CaseState.SIGNED)[0]
        items = [f"{line.case.version}:{line.case.id}" for line in (pushed, signed)]
        refused = send(client, page, f"{LIST}/decisions", item=items, to="企业无意", reason="地域", note="太远")
        assert refused.status_code == 409
        again = page_of(refused)
        assert "有 1 条不能处理，因此全部没有处理" in again.text
        form = again.form(f"{LIST}/decisions")
        assert ("note", "太远") in form.fields
        assert ("reason", "地域") in form.fields
        assert {value for name, value in form.fields if name == "item"} == set(items)
        assert {line.case.id for line in lines(own, CaseState.PUSHED)} >= {pushed.case.id}

    def test_needs_a_step_and_something_ticked(self, own: Application, own_app: FastAPI) -> None:
        client = client_of(own_app, OFFICER)
        page = opened(client, f"{LIST}?as=table")
        nothing = send(client, page, f"{LIST}/decisions")
        assert nothing.status_code == 422
        assert "没有选择下一步" in page_of(nothing).text
        none = send(client, page, f"{LIST}/decisions", to="推送")
        assert "请选择 1 到 200 条" in page_of(none).text
        forged = {
            "item": "x:y",
            "to": "推送",
            "csrf_token": dict(page.form(f"{LIST}/decisions").fields)["csrf_token"],
        }
        assert client.post(f"{LIST}/decisions", data=forged).status_code == 422


class TestOwn:
    def test_says_in_plain_words_what_happened_and_what_follows(
        self, enterprise: TestClient, application: Application
    ) -> None:
        page = opened(enterprise, LIST)
        assert page.title == "我的对接"
        own = [line for line in lines(application, enterprise_code=FORGE) if line.case.pushed_at]
        shown = [address for address, _ in page.links if address.startswith(f"{LIST}/need!")]
        assert set(shown) == {f"{LIST}/{line.case.id}" for line in own}
        assert "审核员推荐了这一成果。" in page.text
        assert "请查看依据，答复有意或无意。" in page.text
        assert "项推荐等待答复" in page.text

    def test_waiting_for_others_is_said_without_alarm(self, enterprise: TestClient) -> None:
        text = opened(enterprise, LIST).text
        assert "已过期限" in text

    def test_is_nobody_elses(self, other_enterprise: TestClient, application: Application) -> None:
        page = opened(other_enterprise, LIST)
        foreign = {f"{LIST}/{line.case.id}" for line in lines(application, enterprise_code=FORGE)}
        assert foreign & {address for address, _ in page.links} == set()

    def test_offers_no_steps_for_many(self, enterprise: TestClient) -> None:
        token = dict(opened(enterprise, LIST).form("/console/sign-out").fields)["csrf_token"]
        sent = {"csrf_token": token, "to": "推送", "item": "1:x"}
        assert enterprise.post(f"{LIST}/decisions", data=sent).status_code == 403


def test_programs_and_strangers_do_not_get_here(stranger: TestClient) -> None:
    assert stranger.get(LIST, follow_redirects=False).status_code == 303
    assert stranger.post(f"{LIST}/decisions", data={}, follow_redirects=False).status_code == 303


_ASKED = (CaseState.ENTERPRISE_INTERESTED, CaseState.EXPERT_SILENT, CaseState.EXPERT_DECLINED)
_TALKING = (CaseState.EXPERT_ACCEPTED, CaseState.CONTACT, CaseState.NEGOTIATION)
_SIGNED = (CaseState.SIGNED, CaseState.FUNDED, CaseState.IMPLEMENTATION)


def _ids(chosen: list[CaseLine]) -> set[str]:
    return {line.case.id for line in chosen}


def _came_to(application: Application, line: CaseLine, state: CaseState) -> bool:
    detail = application.cases.get(actor_of(application, OFFICER), line.case.id)
    return any(step.to_state is state for step in detail.timeline)
