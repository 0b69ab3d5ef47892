"""What a match answers over HTTP: order, score parts, evidence, marks, filters."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.filters import Filter
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.services.matching import MatchRequest
from tests.actors import TESTER
from tests.http.library import ACHIEVEMENTS, ENTERPRISES, EXPERTS, NEEDS, PLATFORMS

NEED = {"title": "薄板冷轧边裂控制", "text": "轧制薄板时边部开裂。"}


def answer_of(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/match", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def ids(part: dict[str, Any]) -> list[str]:
    return [match["id"] for match in part["matches"]]


def test_all_supply_kinds_by_default(client: TestClient) -> None:
    answer = answer_of(client, **NEED)
    assert [(part["kind"], part["label"]) for part in answer["lists"]] == [
        ("expert", "专家"),
        ("platform", "创新平台"),
        ("achievement", "成果"),
    ]
    assert ids(answer["lists"][1])[0] == "PT-1"
    assert ids(answer["lists"][2])[0] == "LW-1"
    assert (answer["title"], answer["text"]) == (NEED["title"], NEED["text"])
    assert answer["problems"] == []


def test_the_answer_is_the_services_answer(client: TestClient, application: Application) -> None:
    expected = application.matching.match_text(TESTER, NEED["title"], NEED["text"], MatchRequest(SUPPLY_KINDS, 5))
    answer = answer_of(client, **NEED, k=5)
    assert answer["snapshot_id"] == expected.snapshot_id
    assert answer["encoder_id"] == expected.encoder_id
    assert answer["configuration_hash"] == expected.configuration_hash
    for given, wanted in zip(answer["lists"], expected.lists, strict=True):
        assert ids(given) == [match.id for match in wanted.matches]
        assert given["n_candidates"] == wanted.n_candidates
        for match, source in zip(given["matches"], wanted.matches, strict=True):
            assert match["score"] == source.score
            assert [item["text"] for item in match["reasons"]] == [item.text for item in source.reasons]
            assert [item["text"] for item in match["gaps"]] == [item.text for item in source.gaps]
            assert [item["id"] for item in match["evidence"]] == [item.id for item in source.evidence]


def test_kinds_come_in_the_order_asked_for_and_once(client: TestClient) -> None:
    answer = answer_of(client, **NEED, kinds=["achievement", "expert", "achievement"])
    assert [part["kind"] for part in answer["lists"]] == ["achievement", "expert"]


def test_a_score_is_the_weighted_mean_of_its_parts(client: TestClient) -> None:
    for part in answer_of(client, **NEED)["lists"]:
        for position, match in enumerate(part["matches"], start=1):
            assert match["position"] == position
            parts = match["parts"]
            assert all(item["contribution"] == item["value"] * item["weight"] for item in parts)
            total = sum(item["contribution"] for item in parts) / sum(item["weight"] for item in parts)
            assert match["score"] == pytest.approx(total)
            assert parts[0]["label"] == "内容相近"


def test_marks_point_at_words_of_the_need(client: TestClient) -> None:
    (part,) = answer_of(client, **NEED, kinds=["achievement"])["lists"]
    evidence = part["matches"][0]["evidence"][0]
    words = [evidence["title"][start:end] for start, end in evidence["title_marks"]]
    assert words, evidence
    assert all(word in NEED["title"] + NEED["text"] for word in words)
    start, end = evidence["sentence"]
    assert evidence["text"][start:end] in ACHIEVEMENTS[0].abstract
    assert 0 < evidence["similarity"] <= 1
    assert evidence["source"] == "论文"


@pytest.mark.parametrize("k", [1, 3, 1000])
def test_min_of_k_and_the_filtered_are_returned(client: TestClient, k: int) -> None:
    conditions = ["单位=江南"]
    allowed = {
        expert.id
        for expert in EXPERTS
        if Filter.parse(conditions[0]).accepts(expert) and expert.consent_withdrawn_on is None
    }
    (part,) = answer_of(client, **NEED, kinds=["expert"], k=k, filters=conditions)["lists"]
    assert len(part["matches"]) == min(k, len(allowed))
    assert set(ids(part)) <= allowed


def test_a_filtered_answer_is_the_whole_answer_without_the_rest(client: TestClient) -> None:
    (whole,) = answer_of(client, **NEED, kinds=["expert"], k=1000)["lists"]
    (part,) = answer_of(client, **NEED, kinds=["expert"], k=1000, filters=["区域=江苏", "单位=钢铁"])["lists"]
    allowed = {e.id for e in EXPERTS if "江苏" in e.province + e.city and "钢铁" in e.organisation}
    assert ids(part) == [found for found in ids(whole) if found in allowed]
    assert ids(part) == ["ZJ-1"]


def test_a_filter_leaves_kinds_alone_that_it_does_not_apply_to(client: TestClient) -> None:
    experts, achievements = answer_of(
        client, **NEED, kinds=["expert", "achievement"], k=1000, filters=["年份起=2024"]
    )["lists"]
    assert sorted(ids(achievements)) == ["LW-1", "LW-4"]
    assert len(experts["matches"]) == sum(expert.consent_withdrawn_on is None for expert in EXPERTS)


def test_a_filter_that_fits_nothing_gives_an_empty_list(client: TestClient) -> None:
    (part,) = answer_of(client, **NEED, kinds=["platform"], filters=["区域=火星%_'"])["lists"]
    assert part["matches"] == []
    assert part["n_candidates"] == 0


def test_a_stored_need_brings_its_circumstances(client: TestClient) -> None:
    response = client.get("/v1/needs/XQ-1/matches", params={"kind": ["expert", "platform"], "k": 4})
    assert response.status_code == 200
    experts, platforms = response.json()["lists"]
    assert len(experts["matches"]) == 4
    assert len(platforms["matches"]) == min(4, len(PLATFORMS))
    assert ids(experts)[0] == "ZJ-1"
    modes = [item for item in experts["matches"][0]["parts"] if item["name"] == "cooperation_mode"]
    assert modes[0]["value"] == 1.0
    assert any("苏州" in reason["text"] for reason in experts["matches"][0]["reasons"])


def test_who_avoids_the_enterprise_is_left_out_with_the_reason(client: TestClient) -> None:
    (experts,) = client.get("/v1/needs/XQ-1/matches", params={"kind": "expert", "k": 100}).json()["lists"]
    assert "ZJ-avoids" not in ids(experts)
    assert {"id": "ZJ-avoids", "name": "顾**", "code": "回避"} in experts["exclusions"]


def test_who_withdrew_consent_is_not_mentioned_at_all(client: TestClient) -> None:
    for response in (
        client.post("/v1/match", json={**NEED, "k": 1000}),
        client.get("/v1/needs/XQ-1/matches", params={"k": 1000}),
    ):
        assert response.status_code == 200
        assert "程不器" not in response.text
        assert "ZJ-withdrawn" not in response.text
        assert "已撤回同意" not in response.text


def test_repeated_filters_hold_together(client: TestClient) -> None:
    response = client.get(
        "/v1/needs/XQ-1/matches",
        params={"kind": "expert", "k": 100, "filter": ["区域=苏州", "单位=纺织"], "unknown": "ignored"},
    )
    assert ids(response.json()["lists"][0]) == ["ZJ-3"]


def test_the_other_side_of_the_cloth(client: TestClient) -> None:
    response = client.get("/v1/achievements/LW-1/matches")
    assert response.status_code == 200, response.text
    enterprises, needs = response.json()["lists"]
    assert (enterprises["kind"], needs["kind"]) == ("enterprise", "need")
    assert ids(enterprises)[0] == ENTERPRISES[0].code
    assert len(enterprises["matches"]) == len(ENTERPRISES)
    assert ids(needs)[0] == "XQ-1"
    assert len(needs["matches"]) == len(NEEDS)


def test_an_id_may_contain_slashes(client: TestClient) -> None:
    for path in ("10.9999/ZL/2", "10.9999%2FZL%2F2"):
        response = client.get(f"/v1/achievements/{path}/matches", params={"kind": "need", "k": 1})
        assert response.status_code == 200
        assert response.json()["title"] == ACHIEVEMENTS[1].title
        assert client.get(f"/v1/achievements/{path}").json()["id"] == "10.9999/ZL/2"


def test_every_kind_has_a_place_in_some_operation() -> None:
    from typing import get_args

    from api.v1.schemas import DEMAND_DEFAULT, SUPPLY_DEFAULT, DemandKind, SupplyKind
    from recommender.domain.kinds import DEMAND_KINDS

    assert tuple(SUPPLY_DEFAULT) == get_args(SupplyKind) == SUPPLY_KINDS
    assert tuple(DEMAND_DEFAULT) == get_args(DemandKind) == DEMAND_KINDS
    assert {*SUPPLY_KINDS, *DEMAND_KINDS} == set(EntityKind)
