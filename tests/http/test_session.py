"""Signing in and out over HTTP: cookies, pages of other sites, and what is told to whom."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.security.cookies import PLAIN_NAME, SECURE_NAME
from recommender.bootstrap import Application
from recommender.bootstrap import accounts as bootstrap
from recommender.domain.accounts import Permission
from recommender.settings import Settings
from tests.actors import TESTER
from tests.http.conftest import settings_in
from tests.http.people import (
    ADMIN,
    HTTPS,
    OFFICER,
    PASSWORD,
    SERVICE,
    account_id,
    session_headers,
    token_headers,
)
from tests.http.problems import problem_of

BODY = {"login_name": OFFICER.login_name, "password": PASSWORD}
NEXT_PASSWORD = "孤帆远影碧空尽，唯见长江"
CHANGE = {"current": PASSWORD, "new": NEXT_PASSWORD}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Application]:
    """Accounts and no library."""
    built = Application(settings_in(tmp_path / "var"))
    built.database.upgrade()
    account_id(built, OFFICER)
    yield built
    built.database.close()


@pytest.fixture
def browser(served: Application) -> Iterator[TestClient]:
    """Keeps cookies as a browser does."""
    with TestClient(create_app(served), base_url=HTTPS) as client:
        yield client


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Moves what the services of an application that is built from now on take for the present."""
    moment = [bootstrap.now()]
    monkeypatch.setattr(bootstrap, "now", lambda: moment[0])
    return moment


def cookie_of(response: httpx2.Response) -> Any:
    (header,) = response.headers.get_list("set-cookie")
    (morsel,) = SimpleCookie(header).values()
    return morsel


def signed_in(browser: TestClient) -> dict[str, Any]:
    response = browser.post("/v1/session", json=BODY)
    assert response.status_code == 200, response.text
    known: dict[str, Any] = response.json()
    browser.headers["X-CSRF-Token"] = known["csrf_token"]
    return known


def test_signing_in_gives_a_cookie_that_no_script_reads(browser: TestClient) -> None:
    response = browser.post("/v1/session", json=BODY)
    morsel = cookie_of(response)
    assert morsel.key == SECURE_NAME == "__Host-matchmaker"
    assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax")
    assert (morsel["path"], morsel["domain"], morsel["max-age"]) == ("/", "", str(12 * 3600))
    assert morsel.value not in response.text
    assert response.headers["cache-control"] == "no-store"


def test_who_am_i(browser: TestClient, served: Application) -> None:
    known = signed_in(browser)
    assert browser.get("/v1/me").json() == known
    assert (known["login_name"], known["role"], known["role_label"]) == ("officer", "officer", "审核员")
    assert known["reach"] == {"whole_city": False, "towns": ["北港镇"], "chains": []}
    assert "needs.review" in known["permissions"]
    assert "accounts.manage" not in known["permissions"]
    by_token = browser.get("/v1/me", headers=token_headers(served, SERVICE, frozenset({Permission.MATCH}))).json()
    assert (by_token["permissions"], by_token["csrf_token"]) == (["match"], "")
    assert by_token["session_expires_at"] is None


def test_signing_out(browser: TestClient) -> None:
    signed_in(browser)
    secret = browser.cookies[SECURE_NAME]
    response = browser.delete("/v1/session")
    assert response.status_code == 204
    assert cookie_of(response)["max-age"] == "0"
    assert SECURE_NAME not in browser.cookies
    problem_of(browser.get("/v1/me"), 401, "account.not_signed_in")
    stolen = browser.get("/v1/me", headers={"Cookie": f"{SECURE_NAME}={secret}"})
    problem_of(stolen, 401, "account.credentials_over")


def test_a_planted_cookie_is_not_taken_over(browser: TestClient) -> None:
    planted = "x" * 43
    response = browser.post("/v1/session", json=BODY, headers={"Cookie": f"{SECURE_NAME}={planted}"})
    assert cookie_of(response).value != planted
    problem_of(
        browser.get("/v1/me", headers={"Cookie": f"{SECURE_NAME}={planted}"}), 401, "account.credentials_over"
    )


def test_signing_in_again_ends_the_session_before(browser: TestClient) -> None:
    signed_in(browser)
    before = browser.cookies[SECURE_NAME]
    signed_in(browser)
    assert browser.cookies[SECURE_NAME] != before
    problem_of(
        browser.get("/v1/me", headers={"Cookie": f"{SECURE_NAME}={before}"}), 401, "account.credentials_over"
    )


@pytest.mark.parametrize(
    "body",
    [
        {"login_name": "officer", "password": "wrong"},
        {"login_name": "nobody", "password": PASSWORD},
        {"login_name": "", "password": ""},
        {"login_name": "a b", "password": "x" * 200},
    ],
)
def test_whatever_is_wrong_gets_one_answer(browser: TestClient, body: dict[str, str]) -> None:
    response = browser.post("/v1/session", json=body)
    document = problem_of(response, 401, "account.sign_in_failed")
    assert document["detail"] == "账号或密码不对，或账号已停用。请核对后再试；忘记密码请联系管理员重置。"
    assert "set-cookie" not in response.headers
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_too_many_wrong_passwords(browser: TestClient) -> None:
    for _ in range(6):
        problem_of(browser.post("/v1/session", json=BODY | {"password": "wrong"}), 401, "account.sign_in_failed")
    response = browser.post("/v1/session", json=BODY)
    problem_of(response, 429, "account.sign_in_pause")
    assert 1 <= int(response.headers["retry-after"]) <= 2


def test_programs_cannot_sign_in(browser: TestClient, served: Application) -> None:
    account_id(served, SERVICE)
    response = browser.post("/v1/session", json={"login_name": SERVICE.login_name, "password": ""})
    problem_of(response, 401, "account.sign_in_failed")


class TestForeignPages:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "https://evil.example"},
            {"Origin": "https://testserver.evil.example"},
            {"Origin": "https://testserver:8443"},
            {"Origin": "null"},
            {"Origin": "https://[::1"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        ],
    )
    def test_they_neither_sign_in_nor_act(self, browser: TestClient, headers: dict[str, str]) -> None:
        problem_of(browser.post("/v1/session", json=BODY, headers=headers), 403, "session.foreign_page")
        signed_in(browser)
        problem_of(browser.put("/v1/me/password", json=CHANGE, headers=headers), 403, "session.foreign_page")
        problem_of(browser.delete("/v1/session", headers=headers), 403, "session.foreign_page")
        assert browser.get("/v1/me").status_code == 200

    @pytest.mark.parametrize(
        "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": HTTPS}, {"Origin": HTTPS.upper()}]
    )
    def test_our_own_do(self, browser: TestClient, headers: dict[str, str]) -> None:
        assert browser.post("/v1/session", json=BODY, headers=headers).status_code == 200
        signed_in(browser)
        assert browser.delete("/v1/session", headers=headers).status_code == 204

    @pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
    def test_without_the_token_nothing_is_changed(self, browser: TestClient, token: str | None) -> None:
        signed_in(browser)
        del browser.headers["X-CSRF-Token"]
        headers = {} if token is None else {b"X-CSRF-Token": token.encode("latin-1")}
        problem_of(browser.put("/v1/me/password", json=CHANGE, headers=headers), 403, "session.csrf")
        problem_of(browser.delete("/v1/session", headers=headers), 403, "session.csrf")

    def test_the_token_of_another_session_is_none(self, browser: TestClient, served: Application) -> None:
        signed_in(browser)
        other = session_headers(served, OFFICER)["X-CSRF-Token"]
        problem_of(browser.delete("/v1/session", headers={"X-CSRF-Token": other}), 403, "session.csrf")

    def test_programs_need_neither(self, browser: TestClient, served: Application) -> None:
        headers = token_headers(served) | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        response = browser.post("/v1/match", json={"text": "冷轧"}, headers=headers)
        problem_of(response, 503, "snapshot.none")


class TestRenewal:
    def test_a_cookie_is_replaced_after_an_hour_whatever_the_answer(
        self, clock: list[datetime], browser: TestClient
    ) -> None:
        signed_in(browser)
        for path, status in (("/v1/me", 200), ("/v1/accounts", 403), ("/v1/experts/none", 404)):
            before = browser.cookies[SECURE_NAME]
            assert "set-cookie" not in browser.get("/v1/me").headers
            clock[0] += timedelta(minutes=61)
            response = browser.get(path)
            assert response.status_code == status
            assert cookie_of(response).value == browser.cookies[SECURE_NAME] != before
        assert browser.delete("/v1/session").status_code == 204

    def test_requests_under_way_are_not_turned_away(self, clock: list[datetime], browser: TestClient) -> None:
        signed_in(browser)
        former = {"Cookie": f"{SECURE_NAME}={browser.cookies[SECURE_NAME]}"}
        clock[0] += timedelta(minutes=61)
        assert "set-cookie" in browser.get("/v1/me").headers
        response = browser.get("/v1/me", headers=former)
        assert (response.status_code, "set-cookie" in response.headers) == (200, False)
        clock[0] += timedelta(seconds=61)
        problem_of(browser.get("/v1/me", headers=former), 401, "account.credentials_over")
        assert browser.get("/v1/me").status_code == 200

    def test_it_ends_after_two_idle_hours_and_after_twelve_busy_ones(
        self, clock: list[datetime], browser: TestClient
    ) -> None:
        signed_in(browser)
        for _ in range(11):
            clock[0] += timedelta(minutes=60)
            assert browser.get("/v1/me").status_code == 200
        clock[0] += timedelta(minutes=60)
        problem_of(browser.get("/v1/me"), 401, "account.credentials_over")
        signed_in(browser)
        clock[0] += timedelta(minutes=120)
        problem_of(browser.get("/v1/me"), 401, "account.credentials_over")

    def test_reading_writes_at_most_once_a_minute(
        self, clock: list[datetime], browser: TestClient, served: Application
    ) -> None:
        signed_in(browser)

        def seen() -> datetime:
            (session,) = served.sessions.own(served.sessions.resume(browser.cookies[SECURE_NAME]).actor)
            return session.seen_at

        first = seen()
        clock[0] += timedelta(seconds=59)
        browser.get("/v1/me")
        assert seen() == first
        clock[0] += timedelta(seconds=1)
        browser.get("/v1/me")
        assert seen() == clock[0]

    def test_a_busy_database_keeps_nobody_from_reading(
        self, clock: list[datetime], browser: TestClient, served: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recommender.store.engine.BUSY_TIMEOUT_MS", 100)
        patient = Application(served.settings)
        with TestClient(create_app(patient), base_url=HTTPS) as other:
            signed_in(other)
            clock[0] += timedelta(minutes=2)
            with served.database.write():
                assert other.get("/v1/me").status_code == 200
                clock[0] += timedelta(minutes=61)
                response = other.get("/v1/me")
                assert (response.status_code, "set-cookie" in response.headers) == (200, False)
            assert "set-cookie" in other.get("/v1/me").headers
        patient.database.close()


class TestOwnAccount:
    def test_changing_the_password(self, browser: TestClient, served: Application) -> None:
        elsewhere = session_headers(served, OFFICER)
        known = signed_in(browser)
        response = browser.put("/v1/me/password", json=CHANGE)
        assert response.status_code == 200
        assert response.json()["csrf_token"] != known["csrf_token"]
        assert cookie_of(response).value == browser.cookies[SECURE_NAME]
        assert browser.get("/v1/me").status_code == 200
        problem_of(browser.get("/v1/me", headers=elsewhere), 401, "account.credentials_over")
        problem_of(browser.delete("/v1/session"), 403, "session.csrf")

    def test_the_first_password_must_be_changed_first(self, browser: TestClient, served: Application) -> None:
        reset = served.accounts.reset_password(TESTER, OFFICER.login_name)
        response = browser.post("/v1/session", json=BODY | {"password": reset.password})
        assert response.json()["must_change_password"]
        browser.headers["X-CSRF-Token"] = response.json()["csrf_token"]
        problem_of(browser.get("/v1/needs/XQ-1"), 403, "account.change_password_first")
        problem_of(browser.get("/v1/accounts"), 403, "account.change_password_first")
        change = {"current": reset.password, "new": NEXT_PASSWORD}
        assert not browser.put("/v1/me/password", json=change).json()["must_change_password"]
        problem_of(browser.get("/v1/needs/XQ-1"), 404, "entity.not_found")

    def test_sessions(self, browser: TestClient, served: Application) -> None:
        elsewhere = session_headers(served, OFFICER)
        signed_in(browser)
        listed = browser.get("/v1/me/sessions").json()["items"]
        assert sorted(session["is_current"] for session in listed) == [False, True]
        assert {session["user_agent"] for session in listed} == {"tests", browser.headers["user-agent"]}
        (other,) = [session["id"] for session in listed if not session["is_current"]]
        assert browser.delete(f"/v1/me/sessions/{other}").status_code == 204
        problem_of(browser.delete(f"/v1/me/sessions/{other}"), 404, "session.not_found")
        problem_of(browser.get("/v1/me", headers=elsewhere), 401, "account.credentials_over")
        assert browser.get("/v1/me").status_code == 200

    def test_tokens(self, browser: TestClient) -> None:
        signed_in(browser)
        body = {"name": "夜间报表", "scopes": ["needs.read"], "days": 7}
        response = browser.post("/v1/me/tokens", json=body)
        assert response.status_code == 201
        made = response.json()
        headers = {"Authorization": f"bearer {made['secret']}"}
        problem_of(browser.get("/v1/needs/XQ-1", headers=headers), 404, "entity.not_found")
        problem_of(browser.get("/v1/experts/ZJ-1", headers=headers), 403, "account.not_allowed")
        (listed,) = browser.get("/v1/me/tokens").json()["items"]
        assert made["secret"] not in str(listed)
        assert (listed["scopes"], listed["revoked_at"]) == (["needs.read"], None)
        assert listed["last_used_on"] is not None
        assert browser.delete(f"/v1/me/tokens/{made['id']}").status_code == 204
        problem_of(browser.get("/v1/needs/XQ-1", headers=headers), 401, "account.credentials_over")

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"scopes": []}, "token.scopes_missing"),
            ({"scopes": ["accounts.manage"]}, "token.scopes"),
            ({"scopes": ["metrics.read"]}, "token.scopes"),
            ({"name": " "}, "token.name"),
            ({"days": 400}, "token.lifetime"),
            ({"days": 0}, "request.invalid"),
            ({"secret": "mine"}, "request.invalid"),
        ],
    )
    def test_tokens_that_are_refused(self, browser: TestClient, values: dict[str, Any], code: str) -> None:
        signed_in(browser)
        body = {"name": "夜间报表", "scopes": ["needs.read"], "days": 7} | values
        problem_of(browser.post("/v1/me/tokens", json=body), 422, code)


class TestPlainHttp:
    @pytest.fixture
    def plain(self, served: Application) -> Application:
        settings = Settings(**served.settings.model_dump() | {"secure_cookies": False})
        return Application(settings)

    def test_on_this_machine_a_plain_cookie_does(self, plain: Application) -> None:
        with TestClient(create_app(plain), base_url="http://127.0.0.1:8000") as client:
            morsel = cookie_of(client.post("/v1/session", json=BODY))
            assert (morsel.key, morsel["secure"], morsel["httponly"]) == (PLAIN_NAME, "", True)
            assert client.get("/v1/me").status_code == 200
        plain.database.close()

    def test_from_elsewhere_it_is_neither_given_nor_taken(self, plain: Application) -> None:
        with TestClient(create_app(plain), base_url="http://192.0.2.7:8000") as client:
            problem_of(client.post("/v1/session", json=BODY), 403, "session.needs_https")
            headers = session_headers(plain, OFFICER)
            problem_of(client.get("/v1/me", headers=headers), 401, "account.not_signed_in")
            assert client.get("/v1/me", headers=token_headers(plain)).status_code == 200
        plain.database.close()


class TestHostNames:
    def served_as(self, served: Application, base_url: str) -> TestClient:
        settings = Settings(**served.settings.model_dump() | {"allowed_hosts": "match.example, OTHER.example"})
        return TestClient(create_app(Application(settings)), base_url=base_url)

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://192.0.2.7:8000"])
    @pytest.mark.parametrize(
        "host", ["match.example", "Match.Example:443", "other.example", "localhost", "[::1]:80"]
    )
    def test_names_that_are_allowed(self, served: Application, address: str, host: str) -> None:
        response = self.served_as(served, address).get("/healthz", headers={"host": host})
        assert response.status_code == 200

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://192.0.2.7:8000"])
    @pytest.mark.parametrize("host", ["evil.example", "match.example.evil.example", "", "xmatch.example"])
    def test_all_others_are_refused(self, served: Application, address: str, host: str) -> None:
        response = self.served_as(served, address).get("/healthz", headers={"host": host})
        assert "MATCHMAKER_ALLOWED_HOSTS" in problem_of(response, 421, "request.host")["detail"]

    def test_a_page_under_an_allowed_name_may_sign_in(self, served: Application) -> None:
        client = self.served_as(served, HTTPS)
        headers = {"host": "match.example", "Origin": "https://match.example"}
        assert client.post("/v1/session", json=BODY, headers=headers).status_code == 200
        foreign = headers | {"Origin": "https://evil.example"}
        problem_of(client.post("/v1/session", json=BODY, headers=foreign), 403, "session.foreign_page")


class TestStrangers:
    def test_readiness_tells_them_nothing_but_whether(
        self, anonymous: TestClient, client: TestClient, application: Application
    ) -> None:
        generation = str(application.snapshots.current())
        told = anonymous.get("/readyz")
        assert told.status_code == 200
        assert generation not in told.text
        assert {check["detail"] for check in told.json()["checks"]} == {"正常"}
        assert generation in client.get("/readyz").text
        limited = token_headers(application, ADMIN, frozenset({Permission.MATCH}))
        assert generation not in anonymous.get("/readyz", headers=limited).text

    def test_a_database_that_fails_is_not_described(self, tmp_path: Path) -> None:
        nowhere = Application(settings_in(tmp_path / "secret-place"))
        with TestClient(create_app(nowhere), base_url=HTTPS) as client:
            answers = [
                client.post("/v1/session", json=BODY),
                client.get("/v1/me", headers={"Authorization": "Bearer smx_x"}),
                client.get("/v1/me", headers={"Cookie": f"{SECURE_NAME}=x"}),
            ]
            for response in answers:
                problem_of(response, 503, "account.cannot_check")
                assert "secret-place" not in response.text
            assert "secret-place" not in client.get("/readyz").text

    def test_the_document_and_its_page_are_open(self, anonymous: TestClient) -> None:
        for path in ("/openapi.json", "/docs", "/healthz"):
            assert anonymous.get(path).status_code == 200


def test_no_secret_is_in_any_log(
    browser: TestClient, served: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        signed_in(browser)
        made = browser.post("/v1/me/tokens", json={"name": "x", "scopes": ["match"], "days": 1}).json()
        browser.get("/v1/me", headers={"Authorization": f"Bearer {made['secret']}"})
        browser.put("/v1/me/password", json=CHANGE)
        browser.post("/v1/session", json=BODY)
    secrets = [PASSWORD, NEXT_PASSWORD, made["secret"], browser.cookies[SECURE_NAME]]
    assert not [secret for secret in secrets if secret in caplog.text]
    assert not re.search(r"smx_[\w-]{43}", caplog.text)
