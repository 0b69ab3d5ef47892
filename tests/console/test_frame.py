"""What is around every page: signing in, navigation, errors, notices, colours."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console import notices
from api.console.notices import Notice, Undo
from api.console.visit import location
from tests.actors import TESTER
from tests.console.conftest import LOCAL, client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import NEWCOMER, OFFICER, PASSWORD


def test_strangers_are_sent_to_sign_in_and_back(stranger: TestClient) -> None:
    response = stranger.get("/console/needs?state=x", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/console/sign-in?next=%2Fconsole%2Fneeds%3Fstate%3Dx"


def test_signing_in_leads_to_the_page_that_was_asked_for(app: FastAPI) -> None:
    client = client_of(app)
    page = opened(client, "/console/sign-in?next=%2Fconsole%2Fhelp")
    response = client.post(
        "/console/sign-in",
        data=dict(page.form("/console/sign-in").fields)
        | {"login_name": OFFICER.login_name, "password": PASSWORD},
        follow_redirects=False,
    )
    assert response.headers["location"] == "/console/help"


@pytest.mark.parametrize(
    "next",
    [
        "https://example.com/",
        "//example.com",
        "/console//example.com",
        "/console/\\example.com",
        "javascript:1",
        "/v1/me",
    ],
)
def test_nobody_is_sent_to_another_site(app: FastAPI, next: str) -> None:
    client = client_of(app)
    sent = {"login_name": OFFICER.login_name, "password": PASSWORD, "next": next}
    response = client.post("/console/sign-in", data=sent, follow_redirects=False)
    assert response.headers["location"] == "/console/"


def test_a_wrong_password_keeps_the_name(stranger: TestClient) -> None:
    page = opened(stranger, "/console/sign-in")
    response = send(stranger, page, "/console/sign-in", login_name="chenxl", password="不对的密码一二三")
    assert response.status_code == 401
    again = page_of(response)
    assert "请核对后再试" in again.text
    assert ("login_name", "chenxl") in again.form("/console/sign-in").fields
    assert "不对的密码" not in response.text


def test_a_form_of_another_site_is_refused(app: FastAPI) -> None:
    client = client_of(app, OFFICER)
    foreign = client.post("/console/sign-out", headers={"origin": "https://example.com"})
    assert foreign.status_code == 403
    without_token = client.post("/console/sign-out")
    assert without_token.status_code == 403
    assert page_of(without_token).title == "没有权限"


def test_signing_out_ends_the_session(app: FastAPI) -> None:
    client = client_of(app, OFFICER)
    response = send(client, opened(client, "/console/"), "/console/sign-out")
    assert page_of(response).title == "登录"
    assert client.get("/console/", follow_redirects=False).status_code == 303


def test_who_must_change_the_password_is_led_there(own_app: FastAPI) -> None:
    application = own_app.state.application
    fresh = application.accounts.reset_password(TESTER, NEWCOMER.login_name)
    client = TestClient(own_app, base_url=LOCAL)
    sent = {"login_name": NEWCOMER.login_name, "password": fresh.password}
    assert (
        client.post("/console/sign-in", data=sent, follow_redirects=False).headers["location"]
        == "/console/account"
    )
    led = client.get("/console/needs", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/console/account")


def test_an_unknown_page_keeps_the_navigation(officer: TestClient) -> None:
    page = opened(officer, "/console/nowhere/at/all", status=404)
    assert page.title == "没有找到"
    assert "/console/review" in {address for address, _ in page.links}


def test_programs_are_told_as_programs(officer: TestClient) -> None:
    assert officer.get("/v1/nowhere").headers["content-type"] == "application/problem+json"
    assert officer.get("/console/assets/none.css").headers["content-type"] == "application/problem+json"


def test_a_token_opens_no_page(app: FastAPI) -> None:
    client = client_of(app)
    response = client.get("/console/", headers={"authorization": "Bearer smx_x"}, follow_redirects=False)
    assert response.status_code == 303


def test_a_notice_is_shown_once_and_only_to_its_session() -> None:
    notice = Notice(text="已保存。", undo=Undo(action="/console/x", fields={"version": "3"}))
    cookie = notices.sealed(notice, "one").partition(";")[0].partition("=")[2]
    assert notices.opened(cookie, "one") == notice
    assert notices.opened(cookie, "other") is None
    assert notices.opened(cookie[:-1], "one") is None
    assert notices.opened("", "one") is None


def test_addresses_fit_into_a_header() -> None:
    assert location("/console/cases?town=北港&x=1%20") == "/console/cases?town=%E5%8C%97%E6%B8%AF&x=1%20"
    assert location("/console/x\r\nSet-Cookie: a=b") == "/console/x%0D%0ASet-Cookie:%20a=b"


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_colours_stay_as_chosen(app: FastAPI, theme: str) -> None:
    client = client_of(app, OFFICER)
    chosen = client.post("/console/theme", data={"theme": theme, "next": "/console/"})
    assert re.search(r'<html lang="zh-CN" data-theme="(\w+)">', chosen.text)[1] == theme  # type: ignore[index]


def test_pages_hold_to_this_server(officer: TestClient) -> None:
    response = officer.get("/console/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    for source in page_of(response).sources:
        assert source.startswith("/console/assets/")
        kept = officer.get(source)
        assert kept.status_code == 200
        assert "immutable" in kept.headers["cache-control"]


def test_a_part_has_what_its_page_imports_and_no_frame(officer: TestClient) -> None:
    """An error page takes its components from an import at its top."""
    answer = officer.get("/console/no-such-page", headers={"X-Console-Part": "1"})
    assert answer.status_code == 404
    assert "<h1>" in answer.text
    assert "<html" not in answer.text
