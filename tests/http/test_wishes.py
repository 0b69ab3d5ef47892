"""Wishes over HTTP, with the shipped model: said by the enterprise, seen by the officer, answered by the push."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.services.nightly.options import NightOptions
from recommender.services.personal.person_export import person_page
from tests.actors import TESTER
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import ENTERPRISE, FAR_OFFICER, OFFICER, OTHER_ENTERPRISE, client_of, session_headers
from tests.http.problems import problem_of

NEED = "/v1/needs/XQ-1"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("wishes") / "var"))
    library.fill(built.database)
    built.nightly.run(NightOptions(as_of=date(2026, 11, 28)), actor="test")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def site(served: Application) -> Iterator[FastAPI]:
    built = create_app(served)
    with TestClient(built):
        yield built


def body(target: str, stance: str, version: int, **more: Any) -> dict[str, Any]:
    return {"target_kind": "expert", "target_id": target, "stance": stance, "version": version, **more}


def listed_to(client: TestClient) -> set[str]:
    """Experts that the published run suggests for the need, as somebody is told."""
    lists = client.get(f"{NEED}/suggestions").json()["lists"]
    return {match["id"] for part in lists if part["kind"] == "expert" for match in part["matches"]}


def test_from_a_ranked_list_to_an_answered_push(site: FastAPI, served: Application) -> None:
    mill = client_of(site, session_headers(served, ENTERPRISE))
    officer = client_of(site, session_headers(served, OFFICER))
    listed = mill.get(f"{NEED}/matches", params={"kind": "expert"}).json()["lists"][0]["matches"]
    best, last = listed[0], listed[-1]
    assert best["id"] != last["id"]

    said = mill.post(f"{NEED}/wishes", json=body(last["id"], "有意", 0, note="见过面"))
    assert said.status_code == 200, said.text
    wish = said.json()
    assert (wish["stance"], wish["version"], wish["position"]) == ("有意", 1, last["position"])
    assert wish["score"] == pytest.approx(last["score"])
    (line,) = mill.get(f"{NEED}/wishes").json()["items"]
    assert (line["progress"], line["name"]) == ("待审核员处理", last["name"])

    first = officer.get("/v1/cases").json()["items"][0]
    assert (first["id"], first["wish"]["note"]) == (wish["case_id"], "见过面")
    assert [case["id"] for case in officer.get("/v1/cases", params={"view": "wished"}).json()["items"]] == [
        wish["case_id"]
    ]
    version = first["version"]
    for to in ("确认", "推送"):
        moved = officer.post(f"/v1/cases/{wish['case_id']}/decisions", json={"to": to, "version": version})
        assert moved.status_code == 200, moved.text
        version = moved.json()["version"]
    assert moved.json()["state"] == "企业有意"
    assert [step["to_state"] for step in moved.json()["timeline"][-2:]] == ["推送", "企业有意"]
    assert mill.get(f"{NEED}/wishes").json()["items"][0]["progress"] == "已推送"

    refused = mill.post(f"{NEED}/wishes", json=body(best["id"], "无意", 0, reason="经费不符"))
    assert refused.json()["reason"] == "经费不符"
    back = mill.post(f"{NEED}/wishes/undo", json={"target_kind": "expert", "target_id": best["id"], "version": 1})
    assert (back.json()["stance"], back.json()["version"]) == (None, 2)
    for stance, version, reason in (("无意", 2, {"reason": "经费不符"}), ("有意", 3, {})):
        own = mill.post(f"{NEED}/wishes", json=body(best["id"], stance, version, **reason))
        assert own.status_code == 200, own.text
        is_listed = best["id"] in listed_to(mill)
        assert (is_listed, best["id"] in listed_to(officer)) == (stance == "有意", True)
    document = served.persons.collect(TESTER, best["id"])
    assert [wish["stance"] for wish in document["wishes"]] == ["无意", None, "无意", "有意"]
    assert "企业的意向" in person_page(document)


def test_what_cannot_be_said_is_refused_with_a_problem(site: FastAPI, served: Application) -> None:
    mill = client_of(site, session_headers(served, ENTERPRISE))
    for sent, status, code in (
        (body("ZJ-2", "无意", 0), 422, "wish.reason_missing"),
        (body("ZJ-NOBODY", "有意", 0), 404, "entity.not_found"),
        (body("ZJ-2", "有意", 7), 409, "wish.outdated"),
    ):
        problem_of(mill.post(f"{NEED}/wishes", json=sent), status, code)
    assert mill.post(f"{NEED}/wishes", json=body("ZJ-2", "也许", 0)).status_code == 422
    for person in (OTHER_ENTERPRISE, FAR_OFFICER):
        stranger = client_of(site, session_headers(served, person))
        problem_of(stranger.post(f"{NEED}/wishes", json=body("ZJ-2", "有意", 0)), 404, "entity.not_found")
        problem_of(stranger.get(f"{NEED}/wishes"), 404, "entity.not_found")


def test_an_erasure_takes_what_was_said_along(site: FastAPI, served: Application) -> None:
    mill = client_of(site, session_headers(served, ENTERPRISE))
    target = mill.get(f"{NEED}/matches", params={"kind": "expert"}).json()["lists"][0]["matches"][0]["id"]
    with served.database.read() as unit:
        version = max((wish.version for wish in unit.wishes.naming(EntityKind.EXPERT, target)), default=0)
    sent = body(target, "无意", version, reason="领域不符", note="与其谈过")
    assert mill.post(f"{NEED}/wishes", json=sent).status_code == 200
    certificate = served.erasures.erase(TESTER, target, "本人来信要求", rebuild=False)
    assert not [finding for finding in certificate.findings if "wish" in finding]
    with served.database.read() as unit:
        assert unit.wishes.naming(EntityKind.EXPERT, target) == []
        assert unit.wishes.naming(EntityKind.EXPERT, certificate.tombstone) == []
