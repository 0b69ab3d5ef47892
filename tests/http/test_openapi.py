"""The OpenAPI document: sound, complete, and in Chinese."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.v1.schemas_matches import MatchTextIn
from recommender.bootstrap import Application
from tests.http.problems import CHINESE

OPERATIONS = {
    "sign_in": "POST /v1/session",
    "sign_out": "DELETE /v1/session",
    "get_me": "GET /v1/me",
    "change_own_password": "PUT /v1/me/password",
    "list_own_sessions": "GET /v1/me/sessions",
    "end_own_session": "DELETE /v1/me/sessions/{session_id}",
    "list_own_tokens": "GET /v1/me/tokens",
    "create_own_token": "POST /v1/me/tokens",
    "revoke_own_token": "DELETE /v1/me/tokens/{token_id}",
    "list_accounts": "GET /v1/accounts",
    "create_account": "POST /v1/accounts",
    "get_account": "GET /v1/accounts/{account_id}",
    "change_account": "PATCH /v1/accounts/{account_id}",
    "disable_account": "POST /v1/accounts/{account_id}/disable",
    "enable_account": "POST /v1/accounts/{account_id}/enable",
    "reset_password": "POST /v1/accounts/{account_id}/password",
    "list_tokens": "GET /v1/accounts/{account_id}/tokens",
    "create_token": "POST /v1/accounts/{account_id}/tokens",
    "revoke_token": "DELETE /v1/accounts/{account_id}/tokens/{token_id}",
    "healthz": "GET /healthz",
    "readyz": "GET /readyz",
    "read_metrics": "GET /metrics",
    "list_cases": "GET /v1/cases",
    "propose_case": "POST /v1/cases",
    "decide_cases": "POST /v1/cases/decisions",
    "undo_batch": "POST /v1/case-batches/{batch_id}/undo",
    "get_case": "GET /v1/cases/{case_id}",
    "get_case_timeline": "GET /v1/cases/{case_id}/timeline",
    "claim_case": "POST /v1/cases/{case_id}/claim",
    "release_case": "POST /v1/cases/{case_id}/release",
    "decide_case": "POST /v1/cases/{case_id}/decisions",
    "answer_case": "POST /v1/cases/{case_id}/answer",
    "undo_case": "POST /v1/cases/{case_id}/undo",
    "put_contract": "PUT /v1/cases/{case_id}/contract",
    "add_milestone": "POST /v1/cases/{case_id}/milestones",
    "change_milestone": "PATCH /v1/cases/{case_id}/milestones/{number}",
    "put_evaluation": "PUT /v1/cases/{case_id}/evaluation",
    "put_funding": "PUT /v1/cases/{case_id}/funding",
    "list_reminders": "GET /v1/reminders",
    "get_figures": "GET /v1/figures",
    "get_figures_csv": "GET /v1/figures.csv",
    "list_needs": "GET /v1/needs",
    "create_need": "POST /v1/needs",
    "change_need": "PATCH /v1/needs/{need_id}",
    "get_need_progress": "GET /v1/needs/{need_id}/progress",
    "get_need_timeline": "GET /v1/needs/{need_id}/timeline",
    "move_need": "POST /v1/needs/{need_id}/steps",
    "undo_need": "POST /v1/needs/{need_id}/undo",
    "list_wishes": "GET /v1/needs/{need_id}/wishes",
    "say_wish": "POST /v1/needs/{need_id}/wishes",
    "undo_wish": "POST /v1/needs/{need_id}/wishes/undo",
    "match_text": "POST /v1/match",
    "match_need": "GET /v1/needs/{need_id}/matches",
    "match_achievement": "GET /v1/achievements/{achievement_id}/matches",
    "list_judging_pools": "GET /v1/judging/pools",
    "create_judging_pool": "POST /v1/judging/pools",
    "get_judging_task": "GET /v1/judging/pools/{pool_id}/next",
    "put_judgement": "PUT /v1/judging/pools/{pool_id}/items/{item_number}",
    "get_judging_progress": "GET /v1/judging/pools/{pool_id}/progress",
    "get_judging_results": "GET /v1/judging/pools/{pool_id}/results",
    "close_judging_pool": "POST /v1/judging/pools/{pool_id}/close",
    "review_draft": "POST /v1/intake",
    "review_need": "GET /v1/needs/{need_id}/intake",
    "list_runs": "GET /v1/runs",
    "get_published_run": "GET /v1/runs/published",
    "get_run": "GET /v1/runs/{run_id}",
    "get_run_digest": "GET /v1/runs/{run_id}/digest",
    "publish_run": "POST /v1/runs/{run_id}/publish",
    "roll_back_run": "POST /v1/runs/rollback",
    "get_need_suggestions": "GET /v1/needs/{need_id}/suggestions",
    "get_enterprise_suggestions": "GET /v1/enterprises/{code}/suggestions",
    "get_achievement_suggestions": "GET /v1/achievements/{achievement_id}/suggestions",
    "list_enterprises": "GET /v1/enterprises",
    "list_experts": "GET /v1/experts",
    "list_platforms": "GET /v1/platforms",
    "list_achievements": "GET /v1/achievements",
    "edit_enterprise": "PATCH /v1/enterprises/{code}",
    "edit_expert": "PATCH /v1/experts/{expert_id}",
    "edit_platform": "PATCH /v1/platforms/{platform_id}",
    "edit_achievement": "PATCH /v1/achievements/{achievement_id}",
    "list_consents": "GET /v1/consents",
    "get_consents": "GET /v1/experts/{expert_id}/consents",
    "record_consent": "POST /v1/experts/{expert_id}/consents",
    "reveal": "POST /v1/reveals",
    "release_contacts": "POST /v1/cases/{case_id}/contacts",
    "export_person": "POST /v1/experts/{expert_id}/personal-data",
    "list_erasures": "GET /v1/erasures",
    "erase_person": "POST /v1/erasures",
    "get_erasure": "GET /v1/erasures/{certificate_id}",
    "list_audit": "GET /v1/audit",
    "list_processing": "GET /v1/processing",
    "get_enterprise": "GET /v1/enterprises/{code}",
    "get_need": "GET /v1/needs/{need_id}",
    "get_expert": "GET /v1/experts/{expert_id}",
    "get_platform": "GET /v1/platforms/{platform_id}",
    "get_achievement": "GET /v1/achievements/{achievement_id}",
}


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def referenced(document: dict[str, Any]) -> set[str]:
    return {node["$ref"] for node in nodes(document) if "$ref" in node}


def test_operation_ids_are_stable(document: dict[str, Any]) -> None:
    assert {operation["operationId"]: name for name, operation in operations(document)} == OPERATIONS


def test_every_reference_resolves_and_every_schema_is_used(document: dict[str, Any]) -> None:
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert referenced(document) == schemas


def test_every_path_parameter_is_declared(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        declared = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
        assert re.findall(r"{(\w+)}", name) == declared, name


def test_every_tag_is_described_and_used(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"] if CHINESE.search(tag["description"])}
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    assert described == used


def test_every_operation_is_in_chinese(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert CHINESE.search(operation["summary"]), name
        assert CHINESE.search(operation["description"]), name
        for parameter in operation.get("parameters", []):
            assert CHINESE.search(parameter["description"]), (name, parameter["name"])
        for status, response in operation["responses"].items():
            assert CHINESE.search(response["description"]), (name, status)


def test_generators_of_clients_can_name_every_schema(document: dict[str, Any]) -> None:
    titles = [schema["title"] for schema in document["components"]["schemas"].values()]
    assert sorted(titles) == sorted(set(titles))
    identifiers = [operation["operationId"] for _, operation in operations(document)]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", identifier) for identifier in identifiers)


def test_every_default_is_a_value(document: dict[str, Any]) -> None:
    for node in nodes(document):
        if node.get("default") == "":
            assert not node.get("minLength"), node


def test_every_schema_and_field_is_in_chinese(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert CHINESE.search(schema["title"]), name
        assert CHINESE.search(schema["description"]), name
        for field, described in schema["properties"].items():
            # A field that is another schema, and nothing else, has that one's title.
            titled = schemas[described["$ref"].rpartition("/")[2]] if "$ref" in described else described
            assert CHINESE.search(titled.get("title", "")), (name, field)
            assert CHINESE.search(described.get("description", "")), (name, field)


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (name, status)
                example = response["content"]["application/problem+json"].get("example")
                assert example is None or example["status"] == int(status)
    matching = next(op for name, op in operations(document) if name == "POST /v1/match")
    assert set(matching["responses"]) == {
        "200", "400", "401", "403", "408", "409", "413", "415", "422", "429", "500", "503",
    }  # fmt: skip


def test_the_examples_are_valid_requests(client: TestClient, document: dict[str, Any]) -> None:
    examples = document["components"]["schemas"]["MatchTextIn"]["examples"]
    assert len(examples) == 1
    for example in examples:
        MatchTextIn.model_validate(example)
        assert client.post("/v1/match", json=example).status_code == 200


def test_it_says_how_to_sign_in(document: dict[str, Any]) -> None:
    text = document["info"]["description"]
    assert "POST /v1/session" in text
    assert "X-CSRF-Token" in text
    assert "matchmaker accounts add" in text
    assert document["openapi"].startswith("3.1")


def test_what_is_returned_is_what_is_documented(client: TestClient, document: dict[str, Any]) -> None:
    answer = client.post("/v1/match", json={"text": "冷轧边裂", "k": 2}).json()
    schemas = document["components"]["schemas"]

    def check(value: Any, name: str) -> None:
        assert value.keys() == schemas[name]["properties"].keys(), name
        for field, schema in schemas[name]["properties"].items():
            target = schema.get("items", {}).get("$ref")
            for item in value[field] if target else ():
                check(item, target.rpartition("/")[2])

    check(answer, "MatchAnswerOut")


def test_the_description_does_not_depend_on_the_first_request(application: Application) -> None:
    app = create_app(application)
    assert app.openapi() == app.openapi()
