"""Intake over HTTP: a draft and a stored need are reviewed, and nobody learns of others' needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import ADMIN, ENTERPRISE, OTHER_ENTERPRISE, client_of, session_headers, token_headers
from tests.http.problems import problem_of

DRAFT = {
    "title": "冷轧薄板边部裂纹的控制",
    "description": "轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。希望提高产品质量。",
    "public_summary": "江岸薄板有限公司希望把边裂率降到1%以下",
}
SECRET = Need(
    id="XQ-secret",
    title="薄板冷轧边裂控制",
    description="轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。",
    enterprise_code=library.ENTERPRISES[1].code,
    confidentiality=Confidentiality.CONFIDENTIAL,
    public_summary="寻求冷轧薄板边部质量方面的技术，联系 13812345678。",
)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("intake") / "var"))
    library.fill(built.database)
    with built.database.write() as unit:
        unit.needs.upsert([SECRET])
    built.indexing.build(actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def app(application: Application) -> Iterator[FastAPI]:
    built = create_app(application)
    with TestClient(built):
        yield built


@pytest.fixture(scope="module")
def admin(app: FastAPI, application: Application) -> TestClient:
    return client_of(app, session_headers(application, ADMIN))


@pytest.fixture(scope="module")
def mill(app: FastAPI, application: Application) -> TestClient:
    return client_of(app, session_headers(application, ENTERPRISE))


@pytest.fixture(scope="module")
def weaver(app: FastAPI, application: Application) -> TestClient:
    return client_of(app, session_headers(application, OTHER_ENTERPRISE))


def test_a_draft_is_reviewed(mill: TestClient) -> None:
    response = mill.post("/v1/intake", json=DRAFT)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert 0 < answer["score"] < 100
    assert answer["score"] == round(sum(part["points"] for part in answer["parts"]))
    (bound,) = [found for found in answer["indicators"] if found["name"] == "边裂率"]
    assert bound["texts"] == ["边裂率 ≤ 1 %"]
    start, end = bound["value_span"]
    assert DRAFT[bound["field"]][start:end] == "1"
    assert {gap["part"] for gap in answer["gaps"]} >= {"foundation", "budget", "time"}
    assert answer["problems"] == []


def test_what_a_summary_leaks_is_warned_of(mill: TestClient) -> None:
    kinds = {leak["kind"] for leak in mill.post("/v1/intake", json=DRAFT).json()["leaks"]}
    # The mill's own name, known from its account, and the figure of its text.
    assert kinds == {"sensitive", "indicator"}


def test_one_s_own_earlier_need_is_shown_in_full(mill: TestClient) -> None:
    similar = mill.post("/v1/intake", json=DRAFT).json()["similar"]
    own = [other for other in similar if other["id"]]
    assert [(other["id"], other["title"], other["state"]) for other in own] == [
        ("XQ-1", "薄板冷轧边裂控制", "已发布")
    ]


def test_of_others_needs_only_summary_and_state_are_told(mill: TestClient, admin: TestClient) -> None:
    text = mill.post("/v1/intake", json={**DRAFT, "public_summary": ""}).text
    assert "XQ-secret" not in text
    assert library.ENTERPRISES[1].code not in text
    similar = mill.post("/v1/intake", json=DRAFT).json()["similar"]
    (foreign,) = [other for other in similar if not other["id"]]
    assert foreign["title"] == ""
    assert foreign["summary"].startswith("寻求冷轧薄板边部质量")
    assert "13812345678" not in foreign["summary"]
    assert foreign["state"] == "已发布"
    everything = admin.post("/v1/intake", json=DRAFT).json()["similar"]
    assert {other["id"] for other in everything} >= {"XQ-1", "XQ-secret"}


def test_a_copy_is_flagged(mill: TestClient) -> None:
    (need,) = [need for need in library.NEEDS if need.id == "XQ-1"]
    answer = mill.post("/v1/intake", json={"title": need.title, "description": need.description}).json()
    flags = {other["id"]: other["is_duplicate"] for other in answer["similar"]}
    assert flags["XQ-1"] is True


def test_a_stored_need_is_reviewed_and_is_not_similar_to_itself(mill: TestClient) -> None:
    answer = mill.get("/v1/needs/XQ-1/intake").json()
    assert "XQ-1" not in {other["id"] for other in answer["similar"]}
    assert {part["state"] for part in answer["parts"] if part["part"] in {"budget", "time", "cooperation"}} == {
        "具体"
    }


def test_needs_of_others_are_not_there(mill: TestClient, weaver: TestClient) -> None:
    problem_of(weaver.get("/v1/needs/XQ-1/intake"), 404, "entity.not_found")
    problem_of(mill.get("/v1/needs/XQ-secret/intake"), 404, "entity.not_found")
    assert weaver.get("/v1/needs/XQ-secret/intake").status_code == 200


def test_who_gets_the_summary_only_gets_no_more_by_this_way(
    app: FastAPI, application: Application, weaver: TestClient
) -> None:
    program = client_of(app, token_headers(application))
    answer = program.get("/v1/needs/XQ-secret/intake")
    assert answer.json()["indicators"] == []
    assert "13812345678" not in answer.text
    assert weaver.get("/v1/needs/XQ-secret/intake").json()["indicators"] != []


def test_an_empty_draft_is_answered(mill: TestClient) -> None:
    answer = mill.post("/v1/intake", json={}).json()
    assert answer["score"] == 0
    assert len(answer["gaps"]) == len(answer["parts"])
    assert answer["similar"] == []


def test_a_text_over_the_limit_is_refused(mill: TestClient) -> None:
    problem_of(mill.post("/v1/intake", json={"description": "长" * 20_001}), 422, "intake.text_too_long")


def test_without_an_index_the_rest_is_answered(tmp_path: Path) -> None:
    bare = Application(settings_in(tmp_path / "var"))
    library.fill(bare.database)
    with TestClient(create_app(bare)) as opened:
        client = client_of(opened.app, session_headers(bare, ADMIN))  # type: ignore[arg-type]
        answer = client.post("/v1/intake", json=DRAFT).json()
    assert answer["score"] > 0
    assert answer["similar"] == []
    assert "matchmaker index build" in answer["problems"][0]
    bare.database.close()


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(title=_texts, text=_texts, summary=_texts, level=st.sampled_from(["公开", "内部", "机密"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(mill: TestClient, title: str, text: str, summary: str, level: str) -> None:
    body = {"title": title, "description": text, "public_summary": summary, "confidentiality": level}
    assert mill.post("/v1/intake", json=body).status_code == 200
