"""Entities by id: what is shown, and what is never shown."""

from dataclasses import fields

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.v1.schemas_entities import AchievementOut, EnterpriseOut, ExpertOut, NeedOut, PlatformOut
from recommender.domain.entities import Achievement, Enterprise, Expert, Need, Platform
from recommender.domain.masking import mask_names
from tests.http.library import ACHIEVEMENTS, ENTERPRISES, EXPERTS, NEEDS, PLATFORMS

NOT_PUBLIC = {
    "avoided_enterprises",
    "consent_withdrawn_on",
    "capacity",
    "n_active_engagements",
    "willingness",
    "phone",
    "email",
    "response_ratio",
    "acceptance_ratio",
    "consent_record",
}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((f"enterprises/{record.code}", record.name) for record in ENTERPRISES),
        *((f"platforms/{record.id}", record.name) for record in PLATFORMS),
        *((f"experts/{record.id}", mask_names(record.name)) for record in EXPERTS[:5]),
    ],
)
def test_found_by_id(client: TestClient, path: str, name: str) -> None:
    response = client.get(f"/v1/{path}")
    assert response.status_code == 200
    assert response.json()["name"] == name


def test_a_need_with_all_its_fields(client: TestClient) -> None:
    need = NEEDS[0]
    assert client.get("/v1/needs/XQ-1").json() == {
        "id": "XQ-1",
        "title": need.title,
        "description": need.description,
        "enterprise_code": need.enterprise_code,
        "industry_chain": "冶金新材料",
        "cooperation_mode": "联合开发",
        "target_trl": 6,
        "budget_wan": 80.0,
        "deadline": "2027-06-30",
        "keywords": ["冷轧", "边裂"],
        "source": "走访",
        "difficulties": "",
        "indicators": [],
        "research_content": "",
        "foundation": "",
        "scenario": "",
        "technical_field": "",
        "industry": "",
        "contract_type": None,
        "desired_partners": [],
        "intended_experts": [],
        "reward_wan": None,
        "duration_months": None,
        "confidentiality": "内部",
        "public_summary": "",
        "diagnosis": "",
    }


def test_unknown_values_are_null_or_empty(client: TestClient) -> None:
    need = client.get("/v1/needs/XQ-2").json()
    assert (need["deadline"], need["cooperation_mode"], need["source"], need["target_trl"]) == (None,) * 4
    assert (need["enterprise_code"], need["keywords"]) == ("", [])


def test_authors_keep_their_order(client: TestClient) -> None:
    found = client.get("/v1/achievements/LW-1").json()
    assert found["author_ids"] == list(ACHIEVEMENTS[0].author_ids)


def test_an_expert_shows_only_what_is_public(client: TestClient) -> None:
    response = client.get("/v1/experts/ZJ-avoids")
    assert response.json().keys() == {field.name for field in fields(Expert)} - NOT_PUBLIC
    assert ENTERPRISES[0].code not in response.text


def test_who_withdrew_consent_is_as_unknown_as_nobody(client: TestClient) -> None:
    withdrawn = client.get("/v1/experts/ZJ-withdrawn").json()
    nobody = client.get("/v1/experts/ZJ-nobody").json()
    for problem in (withdrawn, nobody):
        del problem["request_id"]
    assert withdrawn["detail"].replace("ZJ-withdrawn", "ZJ-nobody") == nobody["detail"]
    assert {**withdrawn, "detail": ""} == {**nobody, "detail": ""}


@pytest.mark.parametrize(
    ("schema", "record", "hidden"),
    [
        (EnterpriseOut, Enterprise, set()),
        (NeedOut, Need, set()),
        (ExpertOut, Expert, NOT_PUBLIC),
        (PlatformOut, Platform, set()),
        (AchievementOut, Achievement, set()),
    ],
)
def test_a_new_domain_field_is_shown_or_withheld_on_purpose(
    schema: type[BaseModel], record: type, hidden: set[str]
) -> None:
    assert set(schema.model_fields) == {field.name for field in fields(record)} - hidden
