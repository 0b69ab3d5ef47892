"""One match: its way, what may be done now, what came of it, contacts, and taking back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.case_path import Standing, path_of
from api.console.deadlines import Deadline
from api.console.filters import path_id
from recommender.bootstrap import Application
from recommender.domain.cases import Case, Pair, Subject, Transition
from recommender.domain.kinds import EntityKind
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.domain.workflow import CaseState
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import BENDER, ENTERPRISE, FORGE, OFFICER, actor_of
from tests.console.test_cases import LIST, lines

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)


def address(case: Case) -> str:
    return f"{LIST}/{path_id(case.id)}"


def one(application: Application, state: CaseState, *, code: str = BENDER, kind: str = "") -> Case:
    """A match of the town in a state."""
    found = [line.case for line in lines(application, state, enterprise_code=code)]
    return next(case for case in found if not kind or case.pair.target_kind.value == kind)


def state_of(application: Application, case: Case) -> CaseState:
    return application.cases.get(actor_of(application, OFFICER), case.id).case.state


class TestReading:
    def test_says_where_it_stands_and_what_it_waits_for(
        self, officer: TestClient, application: Application
    ) -> None:
        case = one(application, CaseState.NEGOTIATION)
        page = opened(officer, address(case))
        assert "正在等待 签约进展" in page.text
        assert "洽谈 （现在）" in page.text
        assert "签约 （尚未到）" in page.text
        assert [text for tag, text in page.headings if tag == "h2"] == ["下一步", "推荐依据", "双方", "经过"]
        assert "内容相近" in page.text
        assert "陈晓岚" in page.text

    def test_offers_what_the_table_of_steps_offers(self, officer: TestClient, application: Application) -> None:
        offered = {
            CaseState.CONFIRMED: {"推送", "取消"},
            CaseState.PUSHED: {"企业有意", "企业无意", "取消"},
            CaseState.EXPERT_SILENT: {"专家接受", "专家婉拒", "企业有意", "取消"},
            CaseState.EXPERT_ACCEPTED: {"接洽", "取消"},
            CaseState.NEGOTIATION: {"签约", "流标", "终止"},
            CaseState.SIGNED: {"立项/预研资金", "实施", "终止"},
            CaseState.IMPLEMENTATION: {"结题", "终止"},
            CaseState.TERMINATED: set(),
        }
        for state, steps in offered.items():
            page = opened(officer, address(one(application, state)))
            assert steps_of(page) == steps, state

    def test_nobody_closes_what_nobody_judged(self, own: Application, own_app: FastAPI) -> None:
        case = one(own, CaseState.IMPLEMENTATION)
        client = client_of(own_app, OFFICER)
        done = page_of(send(client, opened(client, address(case)), f"{address(case)}/steps", to="结题"))
        assert "评价" not in steps_of(done)
        judged = page_of(
            send(client, done, f"{address(case)}/evaluations", grade="4", text="解决了回弹问题", side="专家")
        )
        assert "评价" in steps_of(judged)
        assert "专家 4 / 5" in judged.text

    def test_an_enterprise_reads_plain_words_and_no_inner_steps(
        self, enterprise: TestClient, application: Application
    ) -> None:
        case = one(application, CaseState.PUSHED, code=FORGE)
        page = opened(enterprise, address(case))
        assert "审核员推荐了这一成果。" in page.text
        assert "确认 （已完成）" not in page.text
        assert "陈晓岚" not in page.text
        assert steps_of(page) == {"企业有意", "企业无意"}

    def test_is_not_there_for_others_nor_before_the_push(
        self,
        enterprise: TestClient,
        town_officer: TestClient,
        stranger: TestClient,
        application: Application,
    ) -> None:
        foreign = one(application, CaseState.PUSHED)
        unpushed = one(application, CaseState.CONFIRMED)
        for client, case in ((enterprise, foreign), (enterprise, unpushed), (town_officer, foreign)):
            page = opened(client, address(case), status=404)
            assert page.title == "没有找到"
        assert stranger.get(address(foreign), follow_redirects=False).status_code == 303

    def test_a_suggestion_leads_to_where_it_is_reviewed(
        self, officer: TestClient, application: Application
    ) -> None:
        case = one(application, CaseState.IN_REVIEW)
        links = {target for target, _ in opened(officer, address(case)).links}
        assert any(target.startswith("/console/review?case=") for target in links)


class TestSteps:
    def test_are_taken_and_taken_back(self, own: Application, own_app: FastAPI) -> None:
        client = client_of(own_app, OFFICER)
        case = one(own, CaseState.EXPERT_ACCEPTED)
        page = opened(client, address(case))
        moved = page_of(send(client, page, f"{address(case)}/steps", note="周三走访", button="to=接洽"))
        assert "已转为“接洽”。" in moved.text
        assert "周三走访" in moved.text
        assert "撤销上一步" in moved.text
        back = page_of(send(client, moved, f"{address(case)}/undo"))
        assert "已撤销，回到“专家接受”。" in back.text
        assert state_of(own, case) is CaseState.EXPERT_ACCEPTED

    def test_an_enterprise_answers_with_a_reason_and_changes_its_mind(
        self, own: Application, own_app: FastAPI
    ) -> None:
        client = client_of(own_app, ENTERPRISE)
        case = one(own, CaseState.PUSHED, code=FORGE)
        page = opened(client, address(case))
        said = {"csrf_token": token(page), "version": str(case.version), "to": "企业无意"}
        refused = client.post(f"{address(case)}/steps", data=said | {"note": "已有合作单位"})
        assert refused.status_code == 422
        again = page_of(refused)
        assert "须写明原因" in again.text
        assert ("note", "已有合作单位") in every_field(again)
        said |= {"reason": "已有合作"}
        declined = page_of(client.post(f"{address(case)}/steps", data=said))
        assert "已答复“企业无意”。" in declined.text
        back = page_of(send(client, declined, f"{address(case)}/undo"))
        accepted = page_of(send(client, back, f"{address(case)}/steps", button="to=企业有意"))
        assert "审核员联系对方" in accepted.text
        assert state_of(own, case) is CaseState.ENTERPRISE_INTERESTED

    def test_what_others_did_meanwhile_is_said_and_what_was_typed_stays(
        self, own: Application, own_app: FastAPI
    ) -> None:
        client = client_of(own_app, OFFICER)
        case = one(own, CaseState.PUSHED)
        page = opened(client, address(case))
        other = client_of(own_app, OFFICER)
        send(other, opened(other, address(case)), f"{address(case)}/steps", button="to=企业有意")
        late = send(client, page, f"{address(case)}/steps", note="电话里说可以谈", button="to=企业有意")
        assert late.status_code == 409
        again = page_of(late)
        assert "已被他人处理" in again.text
        assert "刚才填写的内容没有保存" in again.text
        assert "电话里说可以谈" in again.text
        assert "专家接受" in steps_of(again)

    def test_what_is_somebody_elses_step_is_refused(self, own: Application, own_app: FastAPI) -> None:
        client = client_of(own_app, ENTERPRISE)
        case = one(own, CaseState.EXPERT_ACCEPTED, code=FORGE)
        sent = {
            "csrf_token": token(opened(client, address(case))),
            "version": str(case.version),
            "to": "接洽",
        }
        assert client.post(f"{address(case)}/steps", data=sent).status_code == 403
        assert client.post(f"{address(case)}/funding", data=sent).status_code == 403
        assert client.post(f"{address(case)}/steps", data=sent | {"to": ""}).status_code == 422
        assert client.post(f"{address(case)}/steps", data={"to": "接洽"}).status_code == 403


class TestResults:
    def test_from_the_contract_to_the_judgement(self, own: Application, own_app: FastAPI) -> None:
        client = client_of(own_app, OFFICER)
        case = one(own, CaseState.NEGOTIATION)
        steps = f"{address(case)}/steps"
        page = opened(client, address(case))
        typed = {"to": "签约", "kind": "技术开发", "amount_wan": "一百", "note": "补充协议另签"}
        wrong = send(client, page, steps, **typed)
        assert wrong.status_code == 422
        again = page_of(wrong)
        assert "“金额”应为数字" in again.text
        assert {("amount_wan", "一百"), ("kind", "技术开发")} <= set(every_field(again))
        signed = page_of(send(client, again, steps, amount_wan="1,200", registration_number="2026-1"))
        assert "1,200.00" in signed.text
        assert "2026-1" in signed.text
        funded = page_of(
            send(client, signed, f"{address(case)}/funding", amount_wan="20", enterprise_spending_wan="90")
        )
        assert "每 1 万元预研资金带动企业研发投入 4.50 万元。" in funded.text
        planned = page_of(
            send(client, funded, f"{address(case)}/milestones", title="试制三件", due_on="2026-12-31")
        )
        assert "里程碑 0 / 1" in planned.text
        reached = page_of(send(client, planned, f"{address(case)}/milestones/1", done_on="2026-11-20"))
        assert "里程碑 1 / 1" in reached.text
        reopened = page_of(send(client, reached, f"{address(case)}/milestones/1"))
        assert "改回未完成" in reopened.text
        corrected = page_of(send(client, reopened, f"{address(case)}/contract", amount_wan="1300"))
        assert "1,300.00" in corrected.text

    @pytest.mark.parametrize(
        ("where", "typed", "said"),
        [
            ("funding", {"amount_wan": "-3"}, "不能小于零"),
            ("funding", {"amount_wan": ""}, "“金额”还没有填写"),
            ("milestones", {"title": ""}, "“里程碑”还没有填写"),
            ("milestones", {"title": "长" * 201}, "最多 200 个字"),
            ("contract", {"signed_on": "明天"}, "应为日期"),
            ("evaluations", {"text": "好"}, "“评分”还没有填写"),
        ],
    )
    def test_what_is_not_acceptable_is_said(
        self, officer: TestClient, application: Application, where: str, typed: dict[str, str], said: str
    ) -> None:
        case = one(application, CaseState.IMPLEMENTATION)
        page = opened(officer, address(case))
        (form,) = [form for form in page.forms if form.action == f"{address(case)}/{where}"]
        refused = officer.post(form.action, data=dict(form.fields) | typed)
        assert refused.status_code == 422
        assert said in page_of(refused).text

    def test_unknown_milestones_are_not_there(self, officer: TestClient, application: Application) -> None:
        case = one(application, CaseState.IMPLEMENTATION)
        sent = {"csrf_token": token(opened(officer, address(case))), "done_on": "2026-11-01"}
        assert officer.post(f"{address(case)}/milestones/99", data=sent).status_code == 404


class TestContacts:
    def test_are_shown_once_both_agreed_and_the_person_too_and_it_is_written_down(
        self, own: Application, own_app: FastAPI
    ) -> None:
        case = one(own, CaseState.CONTACT, kind="expert")
        officer = actor_of(own, OFFICER)
        client = client_of(own_app, OFFICER)
        closed = opened(client, address(case))
        assert "对方还没有同意提供联系方式" in closed.text
        with own.database.write() as unit:
            (expert,) = unit.experts.get_many([case.pair.target_id]).values()
            unit.experts.upsert([replace(expert, phone="13912345678", email="lin@example.edu.cn")])
        own.consents.record(
            officer, expert.id, ConsentScope.CONTACT, ConsentDecision.GIVEN, basis="电话确认，本人同意"
        )
        page = opened(client, address(case))
        assert "13912345678" not in page.html
        assert expert.name not in page.html
        shown = page_of(send(client, page, f"{address(case)}/contacts"))
        assert "13912345678" in shown.text
        assert expert.name in shown.text
        assert "这次查看已记录" in shown.text
        with own.database.read() as unit:
            reveals = unit.reveals.open_to(officer.id, EntityKind.EXPERT, [expert.id], datetime.now(UTC))
        assert reveals == {expert.id}

    def test_are_refused_before_that(self, officer: TestClient, application: Application) -> None:
        case = one(application, CaseState.CONFIRMED)
        sent = {"csrf_token": token(opened(officer, address(case)))}
        refused = officer.post(f"{address(case)}/contacts", data=sent)
        assert refused.status_code == 409
        ended = opened(officer, address(one(application, CaseState.FAILED_BID)))
        assert "对接已结束，不再提供联系方式。" in ended.text


class TestTheWay:
    def step(self, to: CaseState, number: int, **more: object) -> Transition:
        return Transition(
            subject=Subject.CASE,
            subject_id="x",
            actor="a",
            at=NOON + timedelta(days=number),
            from_state=CaseState.SUGGESTED,
            to_state=to,
            version=number,
            number=number,
            **more,  # type: ignore[arg-type]
        )

    def case(self, state: CaseState) -> Case:
        pair = Pair(EntityKind.NEED, "XQ-1", EntityKind.EXPERT, "ZJ-1")
        return Case(id=pair.id, pair=pair, need_id="XQ-1", enterprise_code="", state=state, version=9)

    def standing(self, state: CaseState, *reached: CaseState) -> dict[str, Standing]:
        timeline = [self.step(each, number) for number, each in enumerate(reached, 1)]
        return {step.label: step.standing for step in path_of(self.case(state), timeline)}

    def test_marks_what_was_passed_over(self) -> None:
        way = self.standing(
            CaseState.IMPLEMENTATION,
            CaseState.CONFIRMED,
            CaseState.PUSHED,
            CaseState.ENTERPRISE_INTERESTED,
            CaseState.EXPERT_ACCEPTED,
            CaseState.CONTACT,
            CaseState.SIGNED,
            CaseState.IMPLEMENTATION,
        )
        assert (way["洽谈"], way["立项/预研资金"], way["签约"]) == (
            Standing.SKIPPED,
            Standing.SKIPPED,
            Standing.DONE,
        )
        assert (way["实施"], way["结题"]) == (Standing.NOW, Standing.AHEAD)

    def test_marks_where_it_stopped(self) -> None:
        agreed = (CaseState.CONFIRMED, CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED)
        assert self.standing(CaseState.EXPERT_SILENT, *agreed)["超时未答"] is Standing.STOPPED
        ended = self.standing(CaseState.CANCELLED, *agreed)
        assert (ended["企业有意"], ended["取消"]) == (Standing.DONE, Standing.STOPPED)
        assert self.standing(CaseState.ADJUSTED, CaseState.ADJUSTED)["调整"] is Standing.NOW

    def test_knows_nothing_of_what_was_taken_back(self) -> None:
        timeline = [
            self.step(CaseState.CONFIRMED, 1),
            self.step(CaseState.PUSHED, 2, undone_by=3),
            self.step(CaseState.CONFIRMED, 3, undoes=2),
        ]
        way = path_of(self.case(CaseState.CONFIRMED), timeline)
        assert [(step.label, step.at is not None) for step in way[:2]] == [("确认", True), ("推送", False)]


@pytest.mark.parametrize(
    ("days", "hours", "ours", "text", "tone"),
    [
        (3, 0, True, "还有 3 天", ""),
        (1, 0, True, "还有 1 天", "warn"),
        (0, 2, True, "今天到期", "warn"),
        (0, -2, True, "刚刚逾期", "bad"),
        (-4, 0, True, "逾期 4 天", "bad"),
        (-4, 0, False, "已过期限 4 天", ""),
        (1, 0, False, "还有 1 天", ""),
    ],
)
def test_deadlines_in_words(days: int, hours: int, ours: bool, text: str, tone: str) -> None:
    assert Deadline.of(NOON + timedelta(days=days, hours=hours), NOON, is_ours=ours) == Deadline(text, tone)
    assert Deadline.of(None, NOON) is None


def steps_of(page: Page) -> set[str]:
    """States to which a page offers to go."""
    offered = {value for form in page.forms for name, value, _, _ in form.buttons if name == "to"}
    return offered | {value for form in page.forms for name, value in form.fields if name == "to"}


def every_field(page: Page) -> list[tuple[str, str]]:
    return [field for form in page.forms for field in form.fields]


def token(page: Page) -> str:
    return dict(page.form("/console/sign-out").fields)["csrf_token"]
