"""Consent, reveals, contacts, copies and erasure over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import CaseState
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.library import MILL
from tests.http.people import ADMIN, ENTERPRISE, OFFICER, OTHER_ENTERPRISE, client_of, session_headers
from tests.http.problems import problem_of

ADMIN_ACTOR = Actor.trusted("test")
AT = datetime(2026, 11, 28, tzinfo=UTC)
PERSON = Expert(
    id="ZJ-own", name="欧阳修远", organisation="江南示例大学", phone="13812345678", email="ouyang@x.edu.cn"
)
PAIR = Pair(EntityKind.NEED, "XQ-1", EntityKind.EXPERT, PERSON.id)
PURPOSE = {"kind": "expert", "id": PERSON.id, "purpose": "邀请参加十二月的对接会"}
YES = {"scope": "联系方式提供", "decision": "同意", "basis": "本人书面同意"}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Application]:
    """A library that a test may change; nothing of it is searched, so it has no index."""
    built = Application(settings_in(tmp_path / "var"))
    library.fill(built.database)
    with built.database.write() as unit:
        unit.experts.upsert([PERSON])
        opened = Case(
            id=PAIR.id,
            pair=PAIR,
            need_id="XQ-1",
            enterprise_code=MILL,
            state=CaseState.CONTACT,
            version=1,
            opened_at=AT,
            updated_at=AT,
        )
        unit.cases.open(opened)
    yield built
    built.database.close()


class People:
    """Clients of each, on the library of one test."""

    def __init__(self, application: Application) -> None:
        app = create_app(application)
        self.admin, self.officer, self.enterprise, self.other = (
            client_of(app, session_headers(application, person))
            for person in (ADMIN, OFFICER, ENTERPRISE, OTHER_ENTERPRISE)
        )


@pytest.fixture
def people(own: Application) -> People:
    return People(own)


def name_for(client: TestClient) -> str:
    return str(client.get(f"/v1/experts/{PERSON.id}").json()["name"])


def test_a_reveal_is_for_who_said_what_for(people: People) -> None:
    response = people.officer.post("/v1/reveals", json=PURPOSE)
    assert response.status_code == 200
    assert {item["field"]: item["value"] for item in response.json()["fields"]}["phone"] == PERSON.phone
    assert response.json()["fields"][1]["label"] == "手机"
    assert (name_for(people.officer), name_for(people.admin)) == (PERSON.name, "欧阳**")
    problem_of(people.enterprise.post("/v1/reveals", json=PURPOSE), 403, "account.not_allowed")
    short = people.officer.post("/v1/reveals", json={**PURPOSE, "purpose": "看看"})
    problem_of(short, 422, "personal.purpose")
    (line,) = people.admin.get("/v1/audit", params={"action": "personal:expert:reveal"}).json()["items"]
    assert line["target"] == PERSON.id
    assert PERSON.phone not in str(line)


def test_contacts_of_a_match(people: People) -> None:
    path = f"/v1/cases/{PAIR.id}/contacts"
    problem_of(people.officer.post(path), 409, "personal.no_contact_consent")
    assert people.officer.post(f"/v1/experts/{PERSON.id}/consents", json=YES).status_code == 201
    found = people.officer.post(path).json()["fields"]
    assert [item["value"] for item in found] == [PERSON.name, PERSON.phone, PERSON.email]
    problem_of(people.other.post(path), 404, "review.case_not_found")


def test_a_no_acts_at_once(people: People) -> None:
    no = {"scope": "推荐", "decision": "撤回", "basis": "本人来电"}
    recorded = people.officer.post(f"/v1/experts/{PERSON.id}/consents", json=no).json()
    assert not any(state["allowed"] for state in recorded["states"])
    for client in (people.admin, people.officer, people.enterprise):
        assert client.get(f"/v1/experts/{PERSON.id}").status_code == 404
        assert PERSON.id not in client.get("/v1/experts", params={"limit": 200}).text
    assert people.officer.get(f"/v1/experts/{PERSON.id}/consents").json() == recorded
    (entry,) = people.officer.get("/v1/consents").json()["items"]
    assert (entry["person_id"], entry["decision"]) == (PERSON.id, "撤回")
    problem_of(people.enterprise.get("/v1/consents"), 403, "account.not_allowed")


def test_a_person_gets_everything(people: People) -> None:
    people.officer.post("/v1/reveals", json=PURPOSE)
    copy = people.admin.post(f"/v1/experts/{PERSON.id}/personal-data").json()
    assert (copy["record"]["姓名"], copy["record"]["手机"]) == (PERSON.name, PERSON.phone)
    assert [item["purpose"] for item in copy["reveals"]] == [PURPOSE["purpose"]]
    assert [case["id"] for case in copy["cases"]] == [PAIR.id]
    problem_of(people.officer.post(f"/v1/experts/{PERSON.id}/personal-data"), 403, "account.not_allowed")


def test_an_erasure_is_certified_and_files_follow(people: People, own: Application) -> None:
    asked = {"person_id": PERSON.id, "reason": "本人来信要求"}
    problem_of(people.officer.post("/v1/erasures", json=asked), 403, "account.not_allowed")
    response = people.admin.post("/v1/erasures", json=asked)
    assert response.status_code == 201
    certificate = response.json()
    assert certificate["state"] == "待完成"
    assert people.admin.get(f"/v1/experts/{PERSON.id}").status_code == 404
    assert own.erasures.finish_all(ADMIN_ACTOR)[0].findings == ()
    finished = people.admin.get(f"/v1/erasures/{certificate['id']}").json()
    assert finished["state"] == "已完成"
    assert finished["sha256"] != certificate["sha256"]
    assert people.admin.get("/v1/erasures").json()["items"] == [finished]
    for text in (PERSON.id, PERSON.name, PERSON.phone):
        assert text not in response.text
    lines = people.admin.get("/v1/processing", params={"activity": "删除个人信息", "sort": "-number"}).json()
    assert [line["basis"] for line in lines["items"]] == ["本人行使权利"]


def test_trails_come_in_pages_and_by_filter(people: People) -> None:
    for _ in range(3):
        people.officer.post("/v1/reveals", json=PURPOSE)
    first = people.admin.get("/v1/audit", params={"limit": 2, "action": "personal:"}).json()
    rest = people.admin.get("/v1/audit", params={"cursor": first["next_cursor"], "action": "personal:"}).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, ""]
    later = people.admin.get("/v1/audit", params={"since": "2100-01-01T00:00:00Z"}).json()
    assert later["items"] == []
    problem_of(people.officer.get("/v1/audit"), 403, "account.not_allowed")
    problem_of(people.admin.get("/v1/audit", params={"since": "2026-01-01T00:00:00"}), 422, "request.invalid")
