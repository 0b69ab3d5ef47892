"""One's own account: the password, also the first one; sessions; tokens."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.browsers import browser_name
from recommender.bootstrap import Application
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import NEWCOMER, OFFICER, PASSWORD

ACCOUNT = "/console/account"
FRESH = "孤帆远影碧空尽-唯见长江"


@pytest.fixture
def own_officer(own_app: FastAPI) -> TestClient:
    return client_of(own_app, OFFICER)


def test_who_has_a_first_password_changes_it_before_anything_else(own: Application, own_app: FastAPI) -> None:
    made = own.accounts.reset_password(TESTER, NEWCOMER.login_name)
    client = client_of(own_app)
    client.post("/console/sign-in", data={"login_name": NEWCOMER.login_name, "password": made.password})
    for asked in ("/console/", "/console/needs", "/console/help"):
        page = page_of(client.get(asked))
        assert (page.title, "系统生成的初始密码" in page.text) == ("我的账号", True), asked
    assert [form for form in page.forms if form.action.endswith("/tokens")] == []
    sent = {"current": made.password, "new": FRESH, "repeated": FRESH}
    changed = page_of(send(client, page, f"{ACCOUNT}/password", **sent))
    assert "已修改密码" in changed.text
    assert opened(client, "/console/help").title == "使用指南"


def test_a_changed_password_counts_and_ends_other_sessions(own_officer: TestClient, own_app: FastAPI) -> None:
    elsewhere = client_of(own_app, OFFICER)
    page = opened(own_officer, ACCOUNT)
    sent = {"current": PASSWORD, "new": FRESH, "repeated": FRESH}
    changed = page_of(send(own_officer, page, f"{ACCOUNT}/password", **sent))
    assert "其他设备上的登录已结束" in changed.text
    assert elsewhere.get(ACCOUNT, follow_redirects=False).status_code == 303
    assert opened(own_officer, ACCOUNT).title == "我的账号", "the new cookie is good at once"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"new": FRESH, "repeated": f"{FRESH}."}, "两次写的新密码不一样"),
        ({"new": PASSWORD, "repeated": PASSWORD}, "新密码与当前密码相同"),
        ({"new": "short", "repeated": "short"}, "密码的长度须在 12 到 200"),
        ({"current": "不是这个密码", "new": FRESH, "repeated": FRESH}, "当前密码不对"),
    ],
)
def test_what_is_refused_is_said_and_no_password_comes_back(
    own_officer: TestClient, typed: dict[str, str], sentence: str
) -> None:
    page = opened(own_officer, ACCOUNT)
    response = send(own_officer, page, f"{ACCOUNT}/password", **({"current": PASSWORD} | typed))
    refused = page_of(response)
    assert response.status_code == 422
    assert sentence in refused.text
    assert not any(value in response.text for value in (*typed.values(), PASSWORD))


def test_other_sessions_are_seen_and_ended(own_officer: TestClient, own_app: FastAPI) -> None:
    others = [client_of(own_app, OFFICER) for _ in range(3)]
    page = opened(own_officer, ACCOUNT)
    assert page.text.count("其他程序") == 4
    assert page.text.count("本次登录") == 1
    rest = page_of(send(own_officer, page, f"{ACCOUNT}/sessions/end-others"))
    assert ("已结束其他 3 次登录" in rest.text, rest.text.count("其他程序")) == (True, 1)
    assert {client.get(ACCOUNT, follow_redirects=False).status_code for client in others} == {303}


def test_one_session_is_ended_by_its_button(own_officer: TestClient, own_app: FastAPI) -> None:
    other = client_of(own_app, OFFICER)
    page = opened(own_officer, ACCOUNT)
    (action,) = [form.action for form in page.forms if re.search(r"/sessions/[0-9a-f]+/end$", form.action)]
    ended = page_of(send(own_officer, page, action))
    assert "已结束那次登录" in ended.text
    assert other.get(ACCOUNT, follow_redirects=False).status_code == 303
    again = own_officer.post(action, data=dict(page.form(action).fields))
    assert (again.status_code, "可能已经结束" in again.text) == (404, True)


def test_a_token_of_ones_own_is_shown_once(own_officer: TestClient) -> None:
    page = opened(own_officer, ACCOUNT)
    form = page.form(f"{ACCOUNT}/tokens")
    assert "accounts.manage" not in page.html
    made = page_of(send(own_officer, page, f"{ACCOUNT}/tokens", name="报表", days="7", scopes=["figures.read"]))
    secret = re.search(r'id="token-secret">(smx_[^<]+)<', made.html)
    assert secret is not None
    assert secret[1] not in opened(own_officer, ACCOUNT).html
    too_long = own_officer.post(
        form.action, data=dict(form.fields) | {"name": "报表", "days": "9999", "scopes": "match"}
    )
    assert (too_long.status_code, "有效期须在 1 到 366 天之间" in too_long.text) == (422, True)
    assert 'value="match" checked' in too_long.text


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", "其他程序"),
        ("", "其他程序"),
    ],
)
def test_browsers_are_called_as_people_call_them(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
