"""Telephone numbers, mail addresses and records of consent are in no answer and in no log."""

import logging

import pytest
from fastapi.testclient import TestClient

from tests.http.library import ACHIEVEMENTS, EXPERTS, NEEDS

CONTACTS = [text for expert in EXPERTS for text in (expert.phone, expert.email, expert.consent_record) if text]
QUESTIONS = (
    *(f"/v1/experts/{expert.id}" for expert in EXPERTS[:6]),
    *(f"/v1/needs/{need.id}/matches?k=20" for need in NEEDS),
    *(f"/v1/achievements/{work.id}/matches?k=20" for work in ACHIEVEMENTS),
    "/openapi.json",
)


def test_the_library_has_contacts_to_hide() -> None:
    assert len(CONTACTS) == 2 * 3


@pytest.mark.parametrize("path", QUESTIONS)
def test_no_answer_and_no_log_holds_contacts(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get(path)
    assert response.status_code in {200, 404}
    assert not [text for text in CONTACTS if text in response.text or text in caplog.text]


@pytest.mark.parametrize("text", CONTACTS)
def test_nobody_is_found_by_a_contact(client: TestClient, text: str) -> None:
    """Asked for by a number or an address, the owner gets no reason and no evidence that repeats it."""
    answer = client.post("/v1/match", json={"text": text, "kinds": ["expert"], "k": 20}).json()
    assert text not in str(answer["lists"])
