"""``Idempotency-Key``: sent twice, done once; and nothing kept that only its first receiver may have."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.v1.schemas_accounts import AccountOut
from recommender.bootstrap import Application
from recommender.services.accounts.accounts import AccountService
from tests.actors import TESTER
from tests.http.conftest import settings_in
from tests.http.library import EXPERTS
from tests.http.people import ADMIN, FAR_OFFICER, HTTPS, OFFICER, account_id, session_headers, token_headers
from tests.http.problems import problem_of

SECRETS = ("secret", "password")


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Tables with accounts, which these tests change."""
    built = Application(settings_in(tmp_path_factory.mktemp("idempotency") / "var"))
    built.database.upgrade()
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def admin(accounts: Application) -> Iterator[TestClient]:
    headers = session_headers(accounts, ADMIN)
    app = create_app(accounts)
    with TestClient(app, base_url=HTTPS, headers=headers, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def officer_path(accounts: Application) -> str:
    """Where an account is, made anew for each test as far as its state goes."""
    return f"/v1/accounts/{account_id(accounts, OFFICER)}"


def key() -> dict[str, str]:
    return {"idempotency-key": str(uuid.uuid4())}


def n_disabled(application: Application) -> int:
    """How often an account was disabled, as the audit trail has it."""
    with application.database.read() as unit:
        return sum(entry.action.endswith("account:disable") for entry in unit.audit.tail(1000))


def version_of(admin: TestClient, path: str) -> str:
    return admin.get(path).headers["etag"]


def test_the_second_time_gets_the_answer_of_the_first(
    accounts: Application, admin: TestClient, officer_path: str
) -> None:
    headers = key()
    first = admin.post(f"{officer_path}/disable", headers=headers)
    assert first.status_code == 200
    before = n_disabled(accounts)
    assert before > 0
    admin.post(f"{officer_path}/enable", headers=key())
    changed = version_of(admin, officer_path)
    second = admin.post(f"{officer_path}/disable", headers=headers)
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert second.headers["x-request-id"] != first.headers["x-request-id"]
    assert (n_disabled(accounts), version_of(admin, officer_path)) == (before, changed)


def test_the_key_belongs_to_what_was_asked(accounts: Application, admin: TestClient, officer_path: str) -> None:
    headers = key()
    assert admin.post(f"{officer_path}/enable", headers=headers).status_code == 200
    other = f"/v1/accounts/{account_id(accounts, FAR_OFFICER)}"
    problem_of(admin.post(f"{other}/enable", headers=headers), 422, "idempotency.other_request")
    assert admin.post(f"{officer_path}/disable", headers=headers).status_code == 200
    assert admin.post(f"{officer_path}/enable", headers=key()).status_code == 200


def test_secrets_are_not_shown_again(admin: TestClient) -> None:
    headers = key()
    body = {"name": "夜间任务", "scopes": ["metrics.read"], "days": 1}
    made = admin.post("/v1/me/tokens", json=body, headers=headers)
    assert made.status_code == 201, made.text
    again = admin.post("/v1/me/tokens", json=body, headers=headers)
    problem_of(again, 409, "idempotency.answer_not_kept")
    assert made.json()["secret"] not in again.text


def test_every_answer_with_a_secret_is_marked(admin: TestClient) -> None:
    document = admin.get("/openapi.json").json()

    def fields(schema: dict[str, Any]) -> set[str]:
        name = schema.get("$ref", "").rpartition("/")[2]
        return set(document["components"]["schemas"][name]["properties"]) if name else set()

    checked = 0
    for methods in document["paths"].values():
        operation = methods.get("post")
        if operation is None:
            continue
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json", {}).get("schema", {})
            if status.startswith("2") and fields(content) & set(SECRETS):
                assert operation["x-answered-once"], operation["operationId"]
                checked += 1
    assert checked >= 3


def test_a_request_that_is_refused_does_not_use_up_its_key(admin: TestClient) -> None:
    headers = key()
    for body in ({"name": ""}, {"name": "a", "scopes": ["no.such"], "days": 1}):
        assert admin.post("/v1/me/tokens", json=body, headers=headers).status_code == 422
    body = {"name": "a", "scopes": ["metrics.read"], "days": 1}
    assert admin.post("/v1/me/tokens", json=body, headers=headers).status_code == 201


def test_who_may_not_do_it_reserves_nothing(accounts: Application, officer_path: str) -> None:
    headers = key() | token_headers(accounts)
    with TestClient(create_app(accounts), headers=headers) as program:
        for _ in range(2):
            assert program.post(f"{officer_path}/disable").status_code == 403


@pytest.mark.parametrize("given", ["short", "", "a b c d e f g h i j k l m n"])
def test_keys_that_are_none(admin: TestClient, officer_path: str, given: str) -> None:
    response = admin.post(f"{officer_path}/enable", headers={"idempotency-key": given})
    problem_of(response, 422, "idempotency.key")


def test_what_changes_nothing_is_done_again(application: Application, client: TestClient) -> None:
    headers = key()
    body = {"text": "薄板冷轧边裂", "k": 1}
    answers = [client.post("/v1/match", json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("idempotency-replayed" not in answer.headers for answer in answers)
    assert client.post("/v1/match", json={**body, "k": 2}, headers=headers).status_code == 200


def test_the_same_at_the_same_time(admin: TestClient, officer_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, go = threading.Event(), threading.Event()
    enable = AccountService.enable

    def slow(self: AccountService, *arguments: Any) -> Any:
        entered.set()
        assert go.wait(30)
        return enable(self, *arguments)

    monkeypatch.setattr(AccountService, "enable", slow)
    headers = key()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(admin.post, f"{officer_path}/enable", headers=headers)
        assert entered.wait(30)
        refused = admin.post(f"{officer_path}/enable", headers=headers)
        problem_of(refused, 409, "idempotency.running")
        assert refused.headers["retry-after"] == "1"
        go.set()
        assert first.result().status_code == 200
    assert admin.post(f"{officer_path}/enable", headers=headers).headers["idempotency-replayed"] == "true"


def test_what_fails_after_it_was_done_is_not_done_again(
    accounts: Application, admin: TestClient, officer_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_account: object) -> AccountOut:
        raise RuntimeError

    headers = key()
    with monkeypatch.context() as patch:
        patch.setattr(AccountOut, "of", broken)
        problem_of(admin.post(f"{officer_path}/disable", headers=headers), 500, "internal")
    done = n_disabled(accounts)
    assert done > 0
    problem_of(admin.post(f"{officer_path}/disable", headers=headers), 409, "idempotency.answer_not_kept")
    assert n_disabled(accounts) == done


def test_answers_are_forgotten_when_somebody_is_erased(
    accounts: Application, admin: TestClient, officer_path: str
) -> None:
    headers = key()
    assert admin.post(f"{officer_path}/enable", headers=headers).status_code == 200
    with accounts.database.write() as unit:
        unit.experts.upsert(EXPERTS[:1])
    accounts.erasures.erase(TESTER, EXPERTS[0].id, "本人来信要求")
    problem_of(admin.post(f"{officer_path}/enable", headers=headers), 409, "idempotency.answer_not_kept")


def test_it_is_described_where_it_is_taken(admin: TestClient) -> None:
    document = admin.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = [parameter["name"] for parameter in operation.get("parameters", [])]
            takes = method == "post" and path.startswith("/v1/") and bool(operation["security"])
            assert ("Idempotency-Key" in names) == takes, (method, path)
