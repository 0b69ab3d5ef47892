"""Whatever JSON arrives, the answer is an answer or a problem document, never a server error."""

import json
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.problems import Problem
from tests.http.problems import assert_is_problem

_ANY_TEXT = st.text(st.characters(), max_size=30)
_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT
_ANY_JSON = st.recursive(
    _LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
_ALMOST_RIGHT = st.fixed_dictionaries(
    {},
    optional={
        "title": _ANY_TEXT | _ANY_JSON,
        "text": _ANY_TEXT | _ANY_JSON,
        "kinds": st.lists(st.sampled_from(["expert", "platform", "achievement", "need", ""]), max_size=4) | _LEAF,
        "k": st.integers(-2, 1002) | _LEAF,
        "filters": st.lists(
            st.builds(
                lambda name, value: f"{name}={value}",
                st.sampled_from(["区域", "产业链", "单位", "类型", "合作方式", "年份起", "x"]),
                _ANY_TEXT | st.integers(0, 3000).map(str),
            )
            | _ANY_TEXT,
            max_size=3,
        )
        | _LEAF,
    },
)
_RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/match", content=content, headers={"content-type": "application/json"})
    if response.status_code == 200:
        assert len(response.json()["lists"]) >= 1
        return
    assert response.status_code in {400, 422}, response.text
    assert_is_problem(response.json(), Problem)


@_RELAXED
@given(body=_ALMOST_RIGHT | _ANY_JSON)
def test_any_json(client: TestClient, body: Any) -> None:
    check(client, json.dumps(body).encode())


@_RELAXED
@given(content=st.binary(max_size=60) | st.text('{}[]",:\\ue0123nultrfas', max_size=40).map(str.encode))
def test_any_bytes(client: TestClient, content: bytes) -> None:
    check(client, content)


@_RELAXED
@given(
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    params=st.dictionaries(
        st.sampled_from(["k", "kind", "filter", "x"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
)
def test_any_address(client: TestClient, path: str, params: dict[str, str]) -> None:
    for prefix in ("/v1/needs/XQ-1", "/v1/achievements"):
        response = client.request("GET", f"https://testserver{prefix}/{_quoted(path)}", params=params)
        assert response.status_code in {200, 404, 405, 422}, response.text
        if response.status_code != 200:
            assert_is_problem(response.json(), Problem)


@_RELAXED
@given(params=st.dictionaries(st.sampled_from(["k", "kind", "filter"]), _ANY_TEXT))
def test_any_parameters(client: TestClient, params: dict[str, str]) -> None:
    encodable = {name: value.encode("utf-8", "replace").decode() for name, value in params.items()}
    response = client.get("/v1/needs/XQ-1/matches", params=encodable)
    assert response.status_code in {200, 422}, response.text


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/")
