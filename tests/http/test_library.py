"""Lists of the library and correcting it over HTTP: pages, who sees what, versions, and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.v1.schemas_edits import AchievementEditIn, EnterpriseEditIn, ExpertEditIn, PlatformEditIn
from recommender.bootstrap import Application
from recommender.domain.kinds import (
    CooperationMode,
    EnterpriseSize,
    EntityKind,
    ExpertCategory,
    LegalStatus,
    Willingness,
)
from recommender.services.library_edits import EDITABLE
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.library import MILL
from tests.http.people import ADMIN, CITY_OFFICER, ENTERPRISE, FAR_OFFICER, OFFICER, client_of, session_headers
from tests.http.problems import problem_of


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Application]:
    """A library of one's own, to be changed; there is no index."""
    built = Application(settings_in(tmp_path / "var"))
    library.fill(built.database)
    yield built
    built.database.close()


@pytest.fixture
def clients(written: Application) -> Iterator[Any]:
    """Gives a client of that library for a person."""
    app = create_app(written)
    with TestClient(app):
        yield lambda person: client_of(app, session_headers(written, person))


def ids(client: TestClient, path: str, **query: Any) -> list[str]:
    """Ids of all rows of a list, page by page."""
    found, cursor = [], ""
    while True:
        response = client.get(f"/v1/{path}", params={**query, "cursor": cursor})
        assert response.status_code == 200, response.text
        page = response.json()
        found += [item.get("id", item.get("code")) for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            return found


class TestLists:
    def test_every_list_in_pages(self, client: TestClient) -> None:
        experts = ids(client, "experts", limit=60)
        assert len(experts) == len(library.EXPERTS) - 1
        assert experts == sorted(experts)
        assert "ZJ-withdrawn" not in experts
        assert ids(client, "platforms", limit=1) == ["PT-1", "PT-2"]
        assert ids(client, "achievements", sort="-year", limit=1) == ["LW-4", "LW-1", "LW-3", "10.9999/ZL/2"]
        assert sorted(ids(client, "enterprises")) == sorted(record.code for record in library.ENTERPRISES)

    def test_an_item_is_what_its_own_page_shows(self, client: TestClient) -> None:
        for path in ("experts", "platforms", "achievements", "enterprises"):
            item = client.get(f"/v1/{path}", params={"limit": 1}).json()["items"][0]
            assert client.get(f"/v1/{path}/{item.get('id', item.get('code'))}").json() == item

    def test_filters_and_names(self, client: TestClient) -> None:
        assert ids(client, "experts", filter=["单位=钢铁", "区域=江苏"]) == ["ZJ-1"]
        assert ids(client, "platforms", text="纺织") == ["PT-2"]
        assert ids(client, "achievements", text="涤纶", filter="类型=论文") == ["LW-3"]
        assert ids(client, "enterprises", filter="区域=浙江") == ["91330100TEST000003"]

    def test_who_sees_which_enterprises(
        self, enterprise: TestClient, officer: TestClient, far_officer: TestClient, client: TestClient
    ) -> None:
        assert ids(enterprise, "enterprises") == [MILL]
        assert MILL in ids(officer, "enterprises")
        assert MILL not in ids(far_officer, "enterprises")
        assert ids(enterprise, "enterprises", text="云织") == []
        assert len(ids(client, "enterprises")) == 3

    def test_masked_names_are_not_found_out_by_asking(self, enterprise: TestClient, officer: TestClient) -> None:
        refused = enterprise.get("/v1/experts", params={"text": "林一舟"})
        assert problem_of(refused, 403, "account.not_allowed")
        (item,) = officer.get("/v1/experts", params={"text": "林一舟"}).json()["items"]
        assert (item["id"], item["name"]) == ("ZJ-1", "林**")

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"sort": "name"}, "page.sort"),
            ({"cursor": "abc"}, "page.cursor"),
            ({"filter": "年份起=2020"}, "filter.not_for_kind"),
            ({"filter": "颜色=红"}, "filter.unknown"),
            ({"limit": 0}, "request.invalid"),
            ({"text": "长" * 101}, "request.invalid"),
        ],
    )
    def test_what_a_list_refuses(self, client: TestClient, query: dict[str, Any], code: str) -> None:
        assert problem_of(client.get("/v1/experts", params=query), 422, code)


class TestEdits:
    def test_a_correction_with_its_version(self, clients: Any, written: Application) -> None:
        client = clients(CITY_OFFICER)
        before = client.get("/v1/platforms/PT-1")
        known = before.headers["etag"]
        body = {
            "services": "轧制试验",
            "n_staff": 40,
            "certifications": ["CNAS", "CMA"],
            "valid_until": "2028-12-31",
        }
        changed = client.patch("/v1/platforms/PT-1", json=body, headers={"if-match": known})
        assert changed.status_code == 200, changed.text
        assert changed.json() == {**before.json(), **body}
        now = client.get("/v1/platforms/PT-1")
        assert (now.json(), now.headers["etag"]) == (changed.json(), changed.headers["etag"])
        assert now.headers["etag"] != known
        with written.database.read() as unit:
            (entry,) = unit.audit.tail(1)
        assert (entry.action, entry.target) == ("library:platform:edit", "PT-1")
        assert entry.detail == {"fields": sorted(body), "version": 2}
        assert entry.actor not in {"", "local"}

    def test_nobodys_change_is_written_over(self, clients: Any) -> None:
        client = clients(CITY_OFFICER)
        known = client.get("/v1/achievements/LW-1").headers["etag"]
        headers = {"if-match": known}
        assert client.patch("/v1/achievements/LW-1", json={"trl": 7}, headers=headers).status_code == 200
        late = client.patch("/v1/achievements/LW-1", json={"trl": 8}, headers=headers)
        assert problem_of(late, 412, "version.outdated")
        missing = client.patch("/v1/achievements/LW-1", json={"trl": 8})
        assert problem_of(missing, 428, "version.missing")
        assert client.get("/v1/achievements/LW-1").json()["trl"] == 7

    def test_what_did_not_change_is_told_so(self, clients: Any) -> None:
        client = clients(ADMIN)
        known = client.get("/v1/experts/ZJ-1").headers["etag"]
        same = client.get("/v1/experts/ZJ-1", headers={"if-none-match": known})
        assert (same.status_code, same.content) == (304, b"")
        echoed = client.patch("/v1/experts/ZJ-1", json={"name": "林**"}, headers={"if-match": known})
        assert (echoed.status_code, echoed.headers["etag"]) == (200, known)

    def test_a_mask_never_becomes_the_content(self, clients: Any, written: Application) -> None:
        client = clients(CITY_OFFICER)
        known = client.get("/v1/experts/ZJ-1").headers["etag"]
        refused = client.patch("/v1/experts/ZJ-1", json={"name": "林**舟"}, headers={"if-match": known})
        assert problem_of(refused, 422, "library.masked")
        renamed = client.patch("/v1/experts/ZJ-1", json={"name": "林一帆"}, headers={"if-match": known})
        assert renamed.json()["name"] == "林**"
        with written.database.read() as unit:
            expert = unit.experts.get("ZJ-1")
        assert expert is not None
        assert (expert.name, expert.phone) == ("林一帆", "13800000001")

    def test_vocabularies_and_contacts_of_an_expert(self, clients: Any, written: Application) -> None:
        client = clients(OFFICER)
        known = client.get("/v1/experts/ZJ-1").headers["etag"]
        body = {
            "willingness": "暂停",
            "category": None,
            "cooperation_modes": ["技术诊断"],
            "capacity": 2,
            "phone": "138 0000 0009",
            "avoided_enterprises": [MILL],
        }
        changed = client.patch("/v1/experts/ZJ-1", json=body, headers={"if-match": known})
        assert changed.status_code == 200, changed.text
        assert "0009" not in changed.text
        with written.database.read() as unit:
            expert = unit.experts.get("ZJ-1")
        assert expert is not None
        assert (expert.willingness, expert.category) == (Willingness.PAUSED, None)
        assert expert.cooperation_modes == (CooperationMode.DIAGNOSIS,)
        assert (expert.phone, expert.avoided_enterprises) == ("13800000009", (MILL,))

    def test_who_may_not(self, clients: Any) -> None:
        body, headers = {"town": "别处"}, {"if-match": '"1"'}
        own = clients(ENTERPRISE).patch(f"/v1/enterprises/{MILL}", json=body, headers=headers)
        assert problem_of(own, 403, "account.not_allowed")
        out_of_reach = clients(FAR_OFFICER).patch(f"/v1/enterprises/{MILL}", json=body, headers=headers)
        nobody = clients(FAR_OFFICER).patch("/v1/enterprises/nobody", json=body, headers=headers)
        hidden, absent = (problem_of(answer, 404, "entity.not_found") for answer in (out_of_reach, nobody))
        assert hidden["detail"] == absent["detail"].replace("nobody", MILL)
        within = clients(OFFICER).patch(f"/v1/enterprises/{MILL}", json=body, headers=headers)
        assert within.status_code == 200, within.text
        withdrawn = clients(ADMIN).patch("/v1/experts/ZJ-withdrawn", json={"city": "x"}, headers=headers)
        assert problem_of(withdrawn, 404, "entity.not_found")

    @pytest.mark.parametrize(
        ("path", "body", "code"),
        [
            ("platforms/PT-1", {}, "library.nothing_to_change"),
            ("platforms/PT-1", {"id": "PT-9"}, "request.invalid"),
            ("platforms/PT-1", {"name": ""}, "request.invalid"),
            ("platforms/PT-1", {"n_staff": -1}, "request.invalid"),
            ("platforms/PT-1", {"n_staff": 10**12}, "request.invalid"),
            ("platforms/PT-1", {"services": "a\0b"}, "store.bad_text"),
            ("experts/ZJ-1", {"willingness": "也许"}, "request.invalid"),
            ("experts/ZJ-1", {"consent_withdrawn_on": None}, "request.invalid"),
            ("experts/ZJ-1", {"phone": "12345"}, "library.phone"),
            ("experts/ZJ-1", {"email": "nobody"}, "library.email"),
            ("experts/ZJ-1", {"source_url": "javascript:alert(1)"}, "library.url"),
            ("achievements/LW-1", {"author_ids": ["ZJ-nobody"]}, "store.dangling_reference"),
            ("achievements/LW-1", {"author_ids": ["ZJ-1", "ZJ-1"]}, "store.duplicate_author"),
            ("achievements/LW-1", {"price_wan": 1e400}, "request.invalid"),
        ],
    )
    def test_what_is_refused(self, clients: Any, path: str, body: dict[str, Any], code: str) -> None:
        client = clients(ADMIN)
        known = client.get(f"/v1/{path}").headers["etag"]
        text = json.dumps(body).replace("Infinity", "1e400")
        headers = {"if-match": known, "content-type": "application/json"}
        assert problem_of(client.patch(f"/v1/{path}", content=text, headers=headers), 422, code)
        assert client.get(f"/v1/{path}").headers["etag"] == known


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        (EnterpriseEditIn, EntityKind.ENTERPRISE),
        (ExpertEditIn, EntityKind.EXPERT),
        (PlatformEditIn, EntityKind.PLATFORM),
        (AchievementEditIn, EntityKind.ACHIEVEMENT),
    ],
)
def test_a_new_field_can_be_corrected_or_is_protected_on_purpose(schema: Any, kind: EntityKind) -> None:
    assert set(schema.model_fields) == EDITABLE[kind]


@pytest.mark.parametrize(
    ("schema", "field", "vocabulary"),
    [
        (EnterpriseEditIn, "size", EnterpriseSize),
        (ExpertEditIn, "willingness", Willingness),
        (ExpertEditIn, "category", ExpertCategory),
        (ExpertEditIn, "cooperation_modes", CooperationMode),
        (AchievementEditIn, "legal_status", LegalStatus),
    ],
)
def test_words_are_those_of_the_domain(schema: Any, field: str, vocabulary: Any) -> None:
    described = schema.model_json_schema()["properties"][field]
    found = described.get("items", described)
    options = found.get("enum") or next(part["enum"] for part in found["anyOf"] if "enum" in part)
    assert options == [word.value for word in vocabulary]
