"""Runs over HTTP: what they are, publishing and going back, and what they suggested."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.kinds import Willingness
from recommender.domain.runs import MatchRun
from recommender.nightly.sources import Scope
from recommender.services.nightly.options import NightOptions
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import ADMIN, token_headers
from tests.http.problems import problem_of

DAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("runs") / "var"))
    library.fill(built.database)
    yield built
    built.database.close()


def night(application: Application, *scope: str) -> MatchRun:
    return application.nightly.run(NightOptions(as_of=DAY, scope=Scope.parse(scope)), actor="test")


@pytest.fixture(scope="module")
def runs(served: Application) -> list[MatchRun]:
    """Two nights of the whole city with a partial one between."""
    return [night(served), night(served, "区镇=北港镇"), night(served)]


@pytest.fixture(scope="module")
def client(served: Application, runs: list[MatchRun]) -> Iterator[TestClient]:
    with TestClient(create_app(served), headers=token_headers(served, ADMIN)) as opened:
        yield opened


def test_runs_come_newest_first_and_page_by_page(client: TestClient, runs: list[MatchRun]) -> None:
    first = client.get("/v1/runs", params={"limit": 2}).json()
    rest = client.get("/v1/runs", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    listed = [*first["items"], *rest["items"]]
    assert [run["id"] for run in listed] == [run.id for run in reversed(runs)]
    assert [run["is_published"] for run in listed] == [True, False, False]
    assert [run["scope"] for run in listed] == ["", "区镇=北港镇", ""]
    assert rest["next_cursor"] == ""
    problem_of(client.get("/v1/runs", params={"cursor": "x"}), 422, "page.cursor")


def test_a_run_tells_how_far_its_stages_are(client: TestClient, runs: list[MatchRun]) -> None:
    shown = client.get(f"/v1/runs/{runs[2].id}").json()
    assert shown == client.get("/v1/runs/published").json()
    assert shown["state"] == "完成"
    assert shown["n_suggestions"] == shown["report"]["n_suggestions"] > 0
    assert [stage["stage"] for stage in shown["stages"]] == ["候选", "写入"]
    assert all(stage["n_done"] == stage["n_shards"] > 0 for stage in shown["stages"])
    assert set(shown["report"]["exposure"]) >= {"expert", "platform"}
    problem_of(client.get("/v1/runs/R-none"), 404, "store.run_not_found")


def test_publishing_and_going_back(client: TestClient, runs: list[MatchRun]) -> None:
    first, part, last = (run.id for run in runs)
    back = client.post("/v1/runs/rollback").json()
    assert (back["run_id"], back["previous_run_id"]) == (first, None)
    problem_of(client.post("/v1/runs/rollback"), 409, "run.nothing_before")
    problem_of(client.post(f"/v1/runs/{part}/publish"), 409, "nightly.scoped_run")
    again = client.post(f"/v1/runs/{last}/publish").json()
    assert (again["run_id"], again["previous_run_id"]) == (last, first)
    problem_of(client.post("/v1/runs/R-none/publish"), 404, "store.run_not_found")


def test_the_digest_compares_with_the_night_before(client: TestClient, runs: list[MatchRun]) -> None:
    found = client.get(f"/v1/runs/{runs[2].id}/digest").json()
    assert (found["run_id"], found["former_id"]) == (runs[2].id, runs[0].id)
    assert found["n_sources"] == len(library.ENTERPRISES) + sum(
        need.enterprise_code != "" for need in library.NEEDS
    )
    assert found["items"] == []
    one = client.get(f"/v1/runs/{runs[2].id}/digest", params={"enterprise": library.MILL}).json()
    assert one["n_sources"] == 2
    problem_of(
        client.get(f"/v1/runs/{runs[2].id}/digest", params={"enterprise": "91320X"}), 404, "entity.not_found"
    )
    problem_of(client.get(f"/v1/runs/{runs[2].id}/digest", params={"scope": "镇"}), 422, "nightly.scope")


def test_suggestions_are_explained_and_leave_out_who_may_not_be_recommended_now(
    served: Application, client: TestClient
) -> None:
    before = client.get("/v1/needs/XQ-1/suggestions").json()
    experts = next(part for part in before["lists"] if part["kind"] == "expert")["matches"]
    assert experts[0]["reasons"]
    assert [match["position"] for match in experts] == sorted(match["position"] for match in experts)
    assert before["notes"] == []
    with served.database.write() as unit:
        paused = unit.experts.get(experts[0]["id"])
        assert paused is not None
        unit.experts.upsert([replace(paused, willingness=Willingness.PAUSED)])
    after = client.get("/v1/needs/XQ-1/suggestions").json()
    left = next(part for part in after["lists"] if part["kind"] == "expert")["matches"]
    assert [match["id"] for match in left] == [match["id"] for match in experts[1:]]
    assert [match["position"] for match in left] == [match["position"] for match in experts[1:]]
    assert any("1 个现在不可推荐" in note for note in after["notes"])
    assert paused.name not in str(after["notes"])


def test_enterprises_without_a_need_and_achievements_have_suggestions_too(client: TestClient) -> None:
    of_firm = client.get("/v1/enterprises/91330100TEST000003/suggestions").json()
    assert {part["kind"] for part in of_firm["lists"]} <= {"expert", "platform", "achievement"}
    of_paper = client.get(f"/v1/achievements/{library.ACHIEVEMENTS[0].id}/suggestions").json()
    assert [part["kind"] for part in of_paper["lists"]] == ["enterprise"]
    problem_of(client.get("/v1/needs/91330100TEST000003/suggestions"), 404, "nightly.source_unknown")
    problem_of(client.get("/v1/needs/XQ-1/suggestions", params={"run": "R-x"}), 404, "store.run_not_found")
