"""Pages on which administrators look after accounts."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.messages import accounts as zh
from recommender.bootstrap import Application
from recommender.domain.accounts import Permission
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import ADMIN, ENTERPRISE, FORGE, OFFICER, PASSWORD, TOWN_OFFICER

LIST = "/console/accounts"


@pytest.fixture
def manager(own_app: FastAPI) -> TestClient:
    """The administrator of a town of the test's own."""
    return client_of(own_app, ADMIN)


def address_of(application: Application, login_name: str) -> str:
    return f"{LIST}/{application.accounts.get(TESTER, login_name).id}"


def test_every_permission_has_a_name() -> None:
    assert set(zh.PERMISSIONS) == set(Permission)


def test_the_list_says_who_reaches_what(admin: TestClient) -> None:
    page = opened(admin, LIST)
    assert page.title == "账号"
    assert "陆一鸿 审核员 南丰镇" in page.text
    assert "环屹锻造 企业 张家港环屹锻造有限公司" in page.text
    assert "新来的审核员 审核员 全市 ✓ 启用 ! 待改初始密码 从未" in page.text


def test_the_list_is_narrowed_down_in_its_address(admin: TestClient) -> None:
    page = opened(admin, f"{LIST}?role=enterprise&q=huan")
    assert ("环屹锻造" in page.text, "弯管机厂" in page.text) == (True, False)
    assert dict(page.forms[-1].fields)["role"] == "enterprise"
    empty = opened(admin, f"{LIST}?state=disabled")
    assert "没有符合条件的账号" in empty.text
    refused = opened(admin, f"{LIST}?role=boss", status=422)
    assert "“角色”不能是“boss”" in refused.text
    assert "没有" not in opened(admin, f"{LIST}?sort=-created_at").title


@pytest.mark.parametrize("path", ["", "/new", "/enterprises?q=x", "/none"])
def test_only_administrators_come_here(officer: TestClient, enterprise: TestClient, path: str) -> None:
    for client in (officer, enterprise):
        assert opened(client, f"{LIST}{path}", status=403).title == "没有权限"


def test_an_officer_is_made_and_the_password_is_shown_once(manager: TestClient, own_app: FastAPI) -> None:
    form = opened(manager, f"{LIST}/new")
    made = page_of(
        send(
            manager,
            form,
            LIST,
            role="officer",
            login_name="Zhou.Li",
            display_name="周力",
            towns=["凤凰镇", "塘桥镇"],
            chains="新能源",
        )
    )
    assert made.title == "账号已建立"
    password = re.search(r'id="new-password">([^<]+)<', made.html)
    assert password is not None
    shown = opened(manager, next(href for href, text in made.links if text == "查看账号"))
    assert password[1] not in shown.html
    assert set(re.findall(r'name="(?:towns|chains)" value="([^"]+)" checked', shown.html)) == {
        "凤凰镇",
        "塘桥镇",
        "新能源",
    }
    newcomer = client_of(own_app)
    sent = {"login_name": "zhou.li", "password": password[1]}
    response = newcomer.post("/console/sign-in", data=sent, follow_redirects=False)
    assert response.headers["location"] == "/console/account"


def test_another_name_of_a_town_is_understood(manager: TestClient, own: Application) -> None:
    form = opened(manager, f"{LIST}/new")
    send(manager, form, LIST, role="officer", login_name="zhou.li", other_towns="杨舍镇、锦丰")
    assert own.accounts.get(TESTER, "zhou.li").reach.towns == {"经开区(杨舍镇)", "冶金工业园(锦丰镇)"}


def test_a_misspelt_town_is_refused_and_nothing_typed_is_lost(manager: TestClient) -> None:
    form = opened(manager, f"{LIST}/new")
    response = send(
        manager,
        form,
        LIST,
        role="officer",
        login_name="zhou.li",
        display_name="周力",
        towns="塘桥镇",
        other_towns="凤皇镇",
    )
    page = page_of(response)
    assert (response.status_code, page.title) == (422, "新建账号")
    assert "没有叫“凤皇镇”的区镇" in page.text
    assert "凤凰镇" in page.text.partition("可选：")[2].partition("。")[0]
    typed = page.form(LIST).fields
    assert {
        ("login_name", "zhou.li"),
        ("display_name", "周力"),
        ("towns", "塘桥镇"),
        ("other_towns", "凤皇镇"),
    } <= set(typed)


def test_which_enterprise_is_meant_can_be_chosen(manager: TestClient, own: Application) -> None:
    form = opened(manager, f"{LIST}/new?role=enterprise")
    response = send(manager, form, LIST, role="enterprise", login_name="firm", enterprise="有限公司")
    page = page_of(response)
    assert response.status_code == 422
    assert "不止一家" in page.text
    assert page.form(LIST).names >= {"enterprise_chosen"}
    made = page_of(send(manager, page, LIST, role="enterprise", login_name="firm", enterprise_chosen=FORGE))
    assert made.title == "账号已建立"
    assert own.accounts.get(TESTER, "firm").enterprise_code == FORGE


def test_enterprises_are_proposed_while_one_is_typed(admin: TestClient) -> None:
    part = admin.get(f"{LIST}/enterprises", params={"q": "环屹"}, headers={"X-Console-Part": "1"})
    assert part.text.strip().startswith(f'<option value="{FORGE}">张家港环屹锻造有限公司')


def test_a_program_gets_a_token_that_is_shown_once(manager: TestClient, own: Application) -> None:
    form = opened(manager, f"{LIST}/new?role=service")
    there = page_of(send(manager, form, LIST, role="service", login_name="jiekou", display_name="接口"))
    assert (there.title, "程序没有密码" in there.text) == ("接口", True)
    address = address_of(own, "jiekou")
    without = send(manager, there, f"{address}/tokens", name="夜间导入", days="30")
    assert without.status_code == 422
    assert "至少要有一项权限" in page_of(without).text
    assert ("name", "夜间导入") in page_of(without).form(f"{address}/tokens").fields
    with_token = page_of(send(manager, there, f"{address}/tokens", name="夜间导入", days="30", scopes=["match"]))
    secret = re.search(r'id="token-secret">(smx_[^<]+)<', with_token.html)
    assert secret is not None
    assert own.tokens.resume(secret[1]).actor.permissions == {Permission.MATCH}
    again = opened(manager, address)
    assert (secret[1] in again.html, "夜间导入 匹配" in again.text) == (False, True)
    revoked = page_of(send(manager, again, f"{address}/tokens/"))
    assert ("已撤销访问令牌" in revoked.text, "已失效的 1 个" in revoked.text) == (True, True)


def test_name_and_reach_are_changed_unless_somebody_was_faster(manager: TestClient, own: Application) -> None:
    address = address_of(own, TOWN_OFFICER.login_name)
    page = opened(manager, address)
    saved = page_of(send(manager, page, address, display_name="陆一鸿（凤凰）", towns=["南丰镇", "凤凰镇"]))
    assert (saved.title, "已保存账号 luyh" in saved.text) == ("陆一鸿（凤凰）", True)
    assert own.accounts.get(TESTER, TOWN_OFFICER.login_name).reach.towns == {"南丰镇", "凤凰镇"}
    late = send(manager, page, address, display_name="晚了", towns=["乐余镇"])
    assert late.status_code == 412
    assert dict(page_of(late).form(address).fields)["display_name"] == "晚了"
    nobody = send(manager, opened(manager, address), address, towns=[])
    assert "须写明负责的区镇或产业链" in page_of(nobody).text


def test_disabling_is_taken_back_from_the_notice(manager: TestClient, own: Application, own_app: FastAPI) -> None:
    address = address_of(own, OFFICER.login_name)
    affected = client_of(own_app, OFFICER)
    disabled = page_of(send(manager, opened(manager, address), f"{address}/disable"))
    assert "账号已停用" in disabled.text
    assert affected.get("/console/", follow_redirects=False).status_code == 303
    enabled = page_of(send(manager, disabled, f"{address}/enable"))
    assert "已启用账号 chenxl" in enabled.text
    assert client_of(own_app, OFFICER).get("/console/").status_code == 200


def test_the_last_administrator_stays(manager: TestClient, own: Application) -> None:
    address = address_of(own, ADMIN.login_name)
    response = send(manager, opened(manager, address), f"{address}/disable")
    assert response.status_code == 409
    assert "最后一个启用的管理员账号" in page_of(response).text


def test_a_reset_password_is_shown_once_and_ends_sessions(
    manager: TestClient, own: Application, own_app: FastAPI
) -> None:
    address = address_of(own, ENTERPRISE.login_name)
    affected = client_of(own_app, ENTERPRISE)
    reset = page_of(send(manager, opened(manager, address), f"{address}/password"))
    password = re.search(r'id="new-password">([^<]+)<', reset.html)
    assert (reset.title, password is not None) == ("密码已重置", True)
    assert affected.get("/console/", follow_redirects=False).status_code == 303
    former = {"login_name": ENTERPRISE.login_name, "password": PASSWORD}
    assert client_of(own_app).post("/console/sign-in", data=former).status_code == 401
