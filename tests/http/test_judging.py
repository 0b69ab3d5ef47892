"""Blind judging over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import ADMIN, CITY_OFFICER, FAR_OFFICER, OFFICER, Person, client_of, session_headers
from tests.http.problems import problem_of

POOL = {"title": "第一轮", "need_ids": ["XQ-1"], "depth": 3, "overlap_ratio": 0}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("judging") / "var"))
    library.fill(built.database)
    built.indexing.build(actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def app(application: Application) -> Iterator[FastAPI]:
    built = create_app(application)
    with TestClient(built):
        yield built


def _client(person: Person) -> Any:
    @pytest.fixture(scope="module")
    def opened(app: FastAPI, application: Application) -> TestClient:
        return client_of(app, session_headers(application, person))

    return opened


admin = _client(ADMIN)
officer = _client(OFFICER)
city_officer = _client(CITY_OFFICER)
far_officer = _client(FAR_OFFICER)


@pytest.fixture
def pool(admin: TestClient) -> str:
    response = admin.post("/v1/judging/pools", json=POOL)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def test_a_judge_goes_through_a_pool(officer: TestClient, admin: TestClient, pool: str) -> None:
    path = f"/v1/judging/pools/{pool}"
    n_items = officer.get(f"{path}/progress").json()["n_items"]
    numbers = []
    while (answer := officer.get(f"{path}/next").json())["task"] is not None:
        task = answer["task"]
        assert answer["grades"].keys() == {"0", "1", "2", "3"}
        numbers.append(task["number"])
        progress = officer.put(f"{path}/items/{task['number']}", json={"grade": len(numbers) % 4})
        assert progress.status_code == 200, progress.text
        assert progress.json()["n_done"] == len(numbers)
    assert sorted(numbers) == list(range(1, n_items + 1))
    results = admin.get(f"{path}/results").json()
    assert {system["system"] for system in results["systems"]} == {"hybrid", "lexical", "dense", "random"}
    assert admin.post(f"{path}/close").json()["closed_at"] is not None
    problem_of(officer.put(f"{path}/items/1", json={"grade": 1}), 409, "judging.closed")


def test_a_task_says_nothing_of_systems_places_and_scores(officer: TestClient, pool: str) -> None:
    text = officer.get(f"/v1/judging/pools/{pool}/next").text
    for word in ("hybrid", "lexical", "dense", "random", "rank", "score", "position", "林一舟", "周望舒"):
        assert word not in text


def test_passing_over_is_no_grade(officer: TestClient, city_officer: TestClient, pool: str) -> None:
    path = f"/v1/judging/pools/{pool}"
    number = officer.get(f"{path}/next").json()["task"]["number"]
    progress = officer.put(f"{path}/items/{number}", json={"grade": None, "note": "看不懂"}).json()
    assert (progress["n_done"], progress["n_skipped"]) == (0, 1)
    assert officer.get(f"{path}/next").json()["task"]["number"] != number
    seen = set()
    while (task := city_officer.get(f"{path}/next").json()["task"]) is not None:
        seen.add(task["number"])
        city_officer.put(f"{path}/items/{task['number']}", json={"grade": 0})
    assert number in seen


def test_who_does_not_reach_the_need_gets_nothing(far_officer: TestClient, pool: str) -> None:
    assert far_officer.get(f"/v1/judging/pools/{pool}/next").json()["task"] is None
    response = far_officer.put(f"/v1/judging/pools/{pool}/items/1", json={"grade": 1})
    problem_of(response, 404, "judging.no_item")


def test_judges_make_and_read_nothing_that_is_for_managers(officer: TestClient, pool: str) -> None:
    problem_of(officer.post("/v1/judging/pools", json=POOL), 403, "account.not_allowed")
    problem_of(officer.get(f"/v1/judging/pools/{pool}/results"), 403, "account.not_allowed")


@pytest.mark.parametrize("grade", [4, -1, "2", 1.0, True])
def test_other_grades_are_refused(officer: TestClient, pool: str, grade: object) -> None:
    response = officer.put(f"/v1/judging/pools/{pool}/items/1", json={"grade": grade})
    problem_of(response, 422, "request.invalid")


@pytest.mark.parametrize("number", ["0", "x", "99999", "9" * 20, "１"])
def test_items_that_are_not_there(officer: TestClient, pool: str, number: str) -> None:
    response = officer.put(f"/v1/judging/pools/{pool}/items/{number}", json={"grade": 1})
    problem_of(response, 404, "judging.no_item")


def test_pools_are_listed_newest_first(admin: TestClient, officer: TestClient, pool: str) -> None:
    page = officer.get("/v1/judging/pools", params={"limit": 1}).json()
    assert [item["id"] for item in page["items"]] == [pool]
    assert page["items"][0].keys() == {"id", "title", "created_at", "kinds", "closed_at"}
