"""What every error response must look like."""

import re
from typing import Any

import httpx2
from pydantic import BaseModel

from api.problems import Problem

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def problem_of(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Check an error response and return its document."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert_is_problem(document, Problem)
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:shuangmianxiu:{code}"
    assert document["request_id"] == response.headers["x-request-id"]
    return document


def assert_is_problem(document: dict[str, Any], model: type[BaseModel]) -> None:
    """Check the shape and that every sentence is Chinese."""
    model.model_validate(document, extra="forbid")
    assert CHINESE.search(document["title"])
    assert CHINESE.search(document["detail"])
    assert document["detail"].endswith("。")
    assert all(CHINESE.search(fault["message"]) for fault in document.get("errors", []))
