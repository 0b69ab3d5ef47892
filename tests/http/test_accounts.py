"""Administrators' operations on accounts, and what an account's reach does to what it sees."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Permission
from tests.http.conftest import settings_in
from tests.http.library import ENTERPRISES, MILL
from tests.http.people import ADMIN, HTTPS, OFFICER, SERVICE, account_id, client_of, session_headers
from tests.http.problems import problem_of

NEW = {"login_name": "Zhang.San", "display_name": "张三", "role": "officer", "reach": {"towns": ["北港镇"]}}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Application]:
    """Accounts and the enterprises that they may act for."""
    built = Application(settings_in(tmp_path / "var"))
    built.database.upgrade()
    with built.database.write() as unit:
        unit.enterprises.upsert(ENTERPRISES)
    yield built
    built.database.close()


@pytest.fixture
def admin(served: Application) -> TestClient:
    return client_of(create_app(served), session_headers(served, ADMIN))


def made(admin: TestClient, **values: Any) -> dict[str, Any]:
    response = admin.post("/v1/accounts", json=NEW | values)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def ids(response: Any) -> list[str]:
    return [match["id"] for part in response.json()["lists"] for match in part["matches"]]


class TestManaging:
    def test_an_account_is_made_with_a_password_that_is_shown_once(
        self, admin: TestClient, served: Application
    ) -> None:
        account = made(admin)
        assert (account["login_name"], account["role_label"], account["state"]) == (
            "zhang.san",
            "审核员",
            "active",
        )
        assert account["reach"] == {"whole_city": False, "towns": ["北港镇"], "chains": []}
        shown = admin.get(f"/v1/accounts/{account['id']}")
        assert shown.headers["etag"].startswith('"1')
        assert shown.json() == {name: value for name, value in account.items() if name != "password"}
        with TestClient(create_app(served), base_url=HTTPS) as browser:
            body = {"login_name": "zhang.san", "password": account["password"]}
            assert browser.post("/v1/session", json=body).json()["must_change_password"]

    @pytest.mark.parametrize(
        ("values", "status", "code"),
        [
            ({"login_name": "ADMIN"}, 409, "account.login_name_taken"),
            ({"login_name": "a b"}, 422, "account.login_name"),
            ({"reach": {}}, 422, "account.reach_missing"),
            ({"role": "enterprise"}, 422, "account.enterprise_missing"),
            ({"role": "enterprise", "enterprise_code": "none"}, 422, "account.enterprise_unknown"),
            ({"role": "boss"}, 422, "request.invalid"),
            ({"password": "given by the administrator"}, 422, "request.invalid"),
            ({"display_name": "a\0b"}, 422, "store.bad_text"),
        ],
    )
    def test_what_is_refused(self, admin: TestClient, values: dict[str, Any], status: int, code: str) -> None:
        problem_of(admin.post("/v1/accounts", json=NEW | values), status, code)

    def test_half_a_character_is_refused(self, admin: TestClient) -> None:
        content = json.dumps(NEW | {"display_name": "\ud800"}).encode()
        response = admin.post("/v1/accounts", content=content, headers={"content-type": "application/json"})
        problem_of(response, 422, "request.invalid")

    def test_a_list_is_filtered_sorted_and_paged(self, admin: TestClient) -> None:
        for name in ("c", "a", "b"):
            made(admin, login_name=f"user-{name}", display_name=f"用户{name.upper()}")
        made(admin, login_name="mill", role="enterprise", enterprise_code=MILL)
        first = admin.get("/v1/accounts", params={"limit": 2, "role": "officer"}).json()
        rest = admin.get(
            "/v1/accounts", params={"limit": 2, "role": "officer", "cursor": first["next_cursor"]}
        ).json()
        listed = [account["login_name"] for account in first["items"] + rest["items"]]
        assert (listed, rest["next_cursor"]) == (["user-a", "user-b", "user-c"], "")
        newest = admin.get("/v1/accounts", params={"sort": "-created_at", "limit": 1}).json()["items"]
        assert [(account["login_name"], account["enterprise_code"]) for account in newest] == [("mill", MILL)]
        named = admin.get("/v1/accounts", params={"q": "用户b"}).json()["items"]
        assert [account["login_name"] for account in named] == ["user-b"]
        assert admin.get("/v1/accounts", params={"state": "disabled"}).json()["items"] == []
        problem_of(admin.get("/v1/accounts", params={"sort": "password_hash"}), 422, "page.sort")
        problem_of(
            admin.get("/v1/accounts", params={"cursor": first["next_cursor"], "sort": "-login_name"}),
            422,
            "page.cursor",
        )

    def test_a_change_names_the_version_it_changes(self, admin: TestClient) -> None:
        path = f"/v1/accounts/{made(admin)['id']}"
        body = {"reach": {"chains": ["冶金新材料"]}}
        problem_of(admin.patch(path, json=body), 428, "version.missing")
        etag = admin.get(path).headers["etag"]
        response = admin.patch(path, json=body, headers={"If-Match": etag})
        assert (response.status_code, response.headers["etag"]) == (200, '"2"')
        assert response.json()["reach"] == {"whole_city": False, "towns": [], "chains": ["冶金新材料"]}
        problem_of(admin.patch(path, json=body, headers={"If-Match": etag}), 412, "version.outdated")
        fixed = admin.patch(f"/v1/accounts/{ADMIN.login_name}", json=body, headers={"If-Match": '"1"'})
        problem_of(fixed, 422, "account.reach_fixed")

    def test_disabling_works_at_once(self, admin: TestClient, served: Application) -> None:
        officer = client_of(create_app(served), session_headers(served, OFFICER))
        id = account_id(served, OFFICER)
        assert officer.get("/v1/me").status_code == 200
        assert admin.post(f"/v1/accounts/{id}/disable").json()["state"] == "disabled"
        problem_of(officer.get("/v1/me"), 401, "account.credentials_over")
        assert admin.post(f"/v1/accounts/{id}/enable").json()["version"] == 3
        problem_of(officer.get("/v1/me"), 401, "account.credentials_over")
        own = account_id(served, ADMIN)
        problem_of(admin.post(f"/v1/accounts/{own}/disable"), 409, "account.last_admin")

    def test_a_password_is_reset(self, admin: TestClient, served: Application) -> None:
        officer = client_of(create_app(served), session_headers(served, OFFICER))
        reset = admin.post(f"/v1/accounts/{account_id(served, OFFICER)}/password").json()
        assert reset["must_change_password"]
        problem_of(officer.get("/v1/me"), 401, "account.credentials_over")
        body = {"login_name": OFFICER.login_name, "password": reset["password"]}
        assert client_of(create_app(served)).post("/v1/session", json=body).status_code == 200
        program = account_id(served, SERVICE)
        problem_of(admin.post(f"/v1/accounts/{program}/password"), 422, "account.password_none")

    def test_tokens_of_a_program(self, admin: TestClient, served: Application) -> None:
        path = f"/v1/accounts/{account_id(served, SERVICE)}/tokens"
        response = admin.post(path, json={"name": "监控", "scopes": ["metrics.read"], "days": 30})
        assert response.status_code == 201
        token = response.json()
        program = client_of(create_app(served), {"Authorization": f"Bearer {token['secret']}"})
        assert program.get("/v1/me").json()["permissions"] == ["metrics.read"]
        (listed,) = admin.get(path).json()["items"]
        assert token["secret"] not in str(listed)
        assert admin.delete(f"{path}/{token['id']}").status_code == 204
        problem_of(program.get("/v1/me"), 401, "account.credentials_over")
        problem_of(admin.delete(f"{path}/none"), 404, "token.not_found")
        problem_of(admin.get("/v1/accounts/none/tokens"), 404, "account.not_found")
        beyond = {"name": "x", "scopes": ["needs.review"], "days": 1}
        assert "needs.review" in problem_of(admin.post(path, json=beyond), 422, "token.scopes")["detail"]


class TestReach:
    """The mill is in 北港镇 and in the chain 冶金新材料; XQ-1 is its need, the others belong to nobody."""

    def test_an_enterprise_sees_itself(self, enterprise: TestClient, other_enterprise: TestClient) -> None:
        for path in (f"/v1/enterprises/{MILL}", "/v1/needs/XQ-1", "/v1/needs/XQ-1/matches"):
            assert enterprise.get(path).status_code == 200
            hidden = problem_of(other_enterprise.get(path), 404, "entity.not_found")
            never = problem_of(
                other_enterprise.get(path.replace(MILL, "X" * 18).replace("XQ-1", "XQ-9")),
                404,
                "entity.not_found",
            )
            assert hidden["title"] == never["title"]

    def test_an_officer_sees_the_town_and_the_chain(self, officer: TestClient, far_officer: TestClient) -> None:
        for path in (f"/v1/enterprises/{MILL}", "/v1/needs/XQ-1", "/v1/needs/XQ-1/matches"):
            assert officer.get(path).status_code == 200
            problem_of(far_officer.get(path), 404, "entity.not_found")
        problem_of(officer.get("/v1/needs/XQ-2"), 404, "entity.not_found")

    def test_supply_is_for_all(
        self, enterprise: TestClient, far_officer: TestClient, service: TestClient
    ) -> None:
        for client in (enterprise, far_officer, service):
            for path in ("/v1/experts/ZJ-1", "/v1/platforms/PT-1", "/v1/achievements/LW-1"):
                assert client.get(path).status_code == 200

    def test_the_other_side_shows_only_whom_one_may_see(
        self,
        client: TestClient,
        officer: TestClient,
        far_officer: TestClient,
        enterprise: TestClient,
        other_enterprise: TestClient,
    ) -> None:
        path = "/v1/achievements/LW-1/matches"
        everybody = {*(enterprise.code for enterprise in ENTERPRISES), "XQ-1", "XQ-2", "XQ-3"}
        assert set(ids(client.get(path))) == everybody
        assert set(ids(officer.get(path))) == {MILL, "XQ-1"}
        assert set(ids(enterprise.get(path))) == {MILL, "XQ-1"}
        assert set(ids(other_enterprise.get(path))) == {ENTERPRISES[1].code}
        assert ids(far_officer.get(path)) == []
        for seeing in (officer, other_enterprise):
            answer = seeing.get(path, params={"filter": "区域=苏州"})
            assert len(ids(answer)) >= 1
            assert all(part["n_candidates"] <= 1 for part in answer.json()["lists"])
            assert "晴川" not in answer.text

    def test_permissions_are_what_who_am_i_says(self, enterprise: TestClient, client: TestClient) -> None:
        assert set(client.get("/v1/me").json()["permissions"]) == set(Permission)
        own = enterprise.get("/v1/me").json()
        assert own["enterprise_code"] == MILL
        assert own["reach"] == {"whole_city": False, "towns": [], "chains": []}
