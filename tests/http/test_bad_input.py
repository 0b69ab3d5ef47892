"""Every kind of bad request gets a clear sentence and never a server error."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.http.problems import problem_of

JSON = {"content-type": "application/json"}
MAX_K = 1000
MAX_CHARS = 20_000


def invalid(client: TestClient, **body: Any) -> dict[str, Any]:
    return problem_of(client.post("/v1/match", json=body), 422, "request.invalid")


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1, 10_000, 10**30])
def test_k_out_of_range(client: TestClient, k: int) -> None:
    for response in (
        client.post("/v1/match", json={"text": "冷轧", "k": k}),
        client.get("/v1/needs/XQ-1/matches", params={"k": k}),
        client.get("/v1/achievements/LW-1/matches", params={"k": k}),
    ):
        document = problem_of(response, 422, "match.k_range")
        assert f"k={k} " in document["detail"]
        assert f"1 到 {MAX_K} " in document["detail"]


def test_the_largest_k_is_taken(client: TestClient) -> None:
    assert client.post("/v1/match", json={"text": "冷轧", "k": MAX_K}).status_code == 200


@pytest.mark.parametrize("k", ["10", 10.0, 1.5, True, None, [], {}])
def test_k_of_another_type(client: TestClient, k: object) -> None:
    document = invalid(client, text="冷轧", k=k)
    assert document["errors"] == [{"location": "body", "field": "k", "message": "应为整数"}]
    assert document["detail"] == "请求中有 1 处不符合要求：k：应为整数。"


@pytest.mark.parametrize("k", ["ten", "1.5", "", "１０．", "9" * 5000])
def test_k_in_the_address_that_is_no_integer(client: TestClient, k: str) -> None:
    document = problem_of(client.get("/v1/needs/XQ-1/matches", params={"k": k}), 422, "request.invalid")
    assert document["errors"][0]["location"] == "query"
    assert document["errors"][0]["field"] == "k"


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"title": " \n\t", "text": "\u3000"}, {"title": "", "text": ""}]
)
def test_empty_need(client: TestClient, body: dict[str, str]) -> None:
    problem_of(client.post("/v1/match", json=body), 422, "match.empty_need")


def test_a_very_long_text(client: TestClient) -> None:
    document = problem_of(client.post("/v1/match", json={"text": "轧" * 100_000}), 422, "match.text_too_long")
    assert "100000" in document["detail"]
    assert str(MAX_CHARS) in document["detail"]


def test_the_longest_text_is_taken(client: TestClient) -> None:
    sentence = "薄板冷轧边裂控制。"
    title = "控" * (MAX_CHARS % len(sentence))
    text = sentence * (MAX_CHARS // len(sentence))
    assert len(title + text) == MAX_CHARS
    body = {"title": title, "text": text, "k": 1, "kinds": ["platform"]}
    assert client.post("/v1/match", json=body).status_code == 200


@pytest.mark.parametrize("kind", ["foo", "Expert", "enterprise", "need", "", "专家"])
def test_unknown_kind(client: TestClient, kind: str) -> None:
    allowed = "取值须为以下之一：expert（专家）、platform（创新平台）、achievement（成果）"
    document = invalid(client, text="冷轧", kinds=["expert", kind])
    assert document["errors"] == [{"location": "body", "field": "kinds[1]", "message": allowed}]
    response = client.get("/v1/needs/XQ-1/matches", params={"kind": kind})
    assert problem_of(response, 422, "request.invalid")["errors"][0]["message"] == allowed


def test_a_supply_kind_for_an_achievement(client: TestClient) -> None:
    response = client.get("/v1/achievements/LW-1/matches", params={"kind": "expert"})
    document = problem_of(response, 422, "request.invalid")
    assert document["errors"][0]["message"] == "取值须为以下之一：enterprise（企业）、need（需求）"


def test_no_kind_at_all(client: TestClient) -> None:
    assert invalid(client, text="冷轧", kinds=[])["errors"][0]["message"] == "至少要有 1 项"


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("颜色=红", "filter.unknown"),
        ("区域", "filter.malformed"),
        ("区域=", "filter.malformed"),
        ("", "filter.malformed"),
        ("年份起=去年", "filter.year"),
        ("年份起=-5", "filter.year"),
    ],
)
def test_bad_filters(client: TestClient, condition: str, code: str) -> None:
    problem_of(client.post("/v1/match", json={"text": "冷轧", "filters": [condition]}), 422, code)
    problem_of(client.get("/v1/needs/XQ-1/matches", params={"filter": condition}), 422, code)


def test_a_filter_for_none_of_the_kinds(client: TestClient) -> None:
    response = client.post("/v1/match", json={"text": "冷轧", "kinds": ["expert"], "filters": ["年份起=2020"]})
    assert "年份起" in problem_of(response, 422, "filter.not_for_kind")["detail"]


def test_too_long_and_too_many_filters(client: TestClient) -> None:
    long_year = f"年份起={'9' * 5000}"
    assert invalid(client, text="冷轧", filters=[long_year])["errors"][0]["message"] == "最多 100 个字"
    response = client.get("/v1/needs/XQ-1/matches", params={"filter": long_year})
    problem_of(response, 422, "request.invalid")
    assert invalid(client, text="冷轧", filters=["区域=苏州"] * 21)["errors"][0]["message"] == "最多 20 项"


@pytest.mark.parametrize("value", ["区域=\0", "区域=苏\ufffd", "单位=%", "年份起=99999999999"])
def test_odd_filter_values_match_nothing(client: TestClient, value: str) -> None:
    response = client.post(
        "/v1/match", json={"text": "冷轧", "kinds": ["expert", "achievement"], "filters": [value]}
    )
    assert response.status_code == 200
    assert min(len(part["matches"]) for part in response.json()["lists"]) == 0


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"text": 5}, "text", "应为文本"),
        ({"text": None}, "text", "应为文本"),
        ({"title": ["冷轧"]}, "title", "应为文本"),
        ({"text": "冷轧", "kinds": "expert"}, "kinds", "应为列表，写在方括号中"),
        ({"text": "冷轧", "filters": {"区域": "苏州"}}, "filters", "应为列表，写在方括号中"),
        ({"text": "冷轧", "filters": [1]}, "filters[0]", "应为文本"),
        ({"text": "冷轧", "filter": ["区域=苏州"]}, "filter", "不认识的字段，请核对拼写"),
    ],
)
def test_wrong_types_and_names(client: TestClient, body: dict[str, Any], field: str, message: str) -> None:
    errors = invalid(client, **body)["errors"]
    assert {"location": "body", "field": field, "message": message} in errors


@pytest.mark.parametrize("content", ["[]", '"text"', "5", "null", "true"])
def test_a_body_that_is_no_object(client: TestClient, content: str) -> None:
    response = client.post("/v1/match", content=content, headers=JSON)
    document = problem_of(response, 422, "request.invalid")
    assert document["errors"][0]["field"] == "请求正文"


def test_no_body(client: TestClient) -> None:
    response = client.post("/v1/match", headers=JSON)
    assert problem_of(response, 422, "request.invalid")["errors"][0]["message"] == "缺少必填项"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"text": "',
        b"{'text': 'x'}",
        b"\xff\xfe\x00",
        '{"text": "冷轧"}'.encode("gb18030"),
        b"[" * 100_000,
        b'{"k": ' + b"9" * 10_000 + b"}",
    ],
    ids=["cut", "open text", "single quotes", "bytes", "gb18030", "deep", "long number"],
)
def test_broken_json(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/match", content=content, headers=JSON)
    problem_of(response, 400, "request.body_invalid")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("field", ["k", "text", "kinds", "filters"])
def test_numbers_that_are_none(client: TestClient, field: str, number: str) -> None:
    response = client.post("/v1/match", content=f'{{"{field}": {number}}}', headers=JSON)
    document = problem_of(response, 422, "request.invalid")
    assert document["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x", None]
)
def test_another_content_type(client: TestClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    content = json.dumps({"text": "冷轧"}).encode()
    problem_of(client.post("/v1/match", content=content, headers=headers), 415, "request.content_type")


def test_json_with_a_charset_is_taken(client: TestClient) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    assert client.post("/v1/match", content='{"text": "冷轧"}'.encode(), headers=headers).status_code == 200


@pytest.mark.parametrize("field", ["title", "text"])
def test_half_a_surrogate_pair(client: TestClient, field: str) -> None:
    response = client.post("/v1/match", content=f'{{"{field}": "冷轧\\ud800"}}', headers=JSON)
    document = problem_of(response, 422, "request.invalid")
    assert document["errors"][0] == {
        "location": "body",
        "field": field,
        "message": "含有不完整的字符，请检查文本的编码",
    }


@pytest.mark.parametrize(
    "content",
    [
        r'{"\ud800": 1, "text": "x"}',
        r'{"text": "x", "filters": ["区域=\ud800"]}',
        r'{"text": "x", "kinds": ["\ud800"]}',
    ],
)
def test_half_a_surrogate_pair_anywhere(client: TestClient, content: str) -> None:
    problem_of(client.post("/v1/match", content=content, headers=JSON), 422, "request.invalid")


@pytest.mark.parametrize("text", ["\0", "冷轧\0边裂", "\u202e", "\ufeff", "😀", "\u0301", "a" * 3000])
def test_odd_texts_are_matched(client: TestClient, text: str) -> None:
    response = client.post("/v1/match", json={"text": text, "k": 1})
    assert response.status_code == 200
    assert [len(part["matches"]) for part in response.json()["lists"]] == [1, 1, 1]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/needs/XQ-nobody/matches",
        "/v1/achievements/nothing/matches",
        "/v1/enterprises/none",
        "/v1/needs/none",
        "/v1/experts/none",
        "/v1/platforms/none",
        "/v1/achievements/none",
        "/v1/experts/%00",
        "/v1/experts/%ff%fe",
        "/v1/experts/%ED%A0%80",
        "/v1/experts/",
        "/v1/experts/..%2f..%2fetc",
        "/v1/needs//matches",
        f"/v1/experts/{'9' * 5000}",
    ],
)
def test_unknown_ids(client: TestClient, path: str) -> None:
    document = problem_of(client.get(path), 404, "entity.not_found")
    assert len(document["detail"]) <= 501


def test_a_faulty_request_gets_a_short_answer(client: TestClient) -> None:
    body: dict[str, Any] = {f"{'x' * 2000}{n}": n for n in range(100)}
    response = client.post("/v1/match", json=body)
    document = problem_of(response, 422, "request.invalid")
    assert document["detail"].startswith("请求中有 100 处不符合要求")
    assert len(document["errors"]) == 20
    assert all(len(fault["field"]) <= 101 for fault in document["errors"])


def test_a_body_over_the_limit(client: TestClient) -> None:
    response = client.post("/v1/match", json={"text": "a" * 500_000})
    assert "500000 字节" in problem_of(response, 413, "request.too_large")["detail"]


def test_a_body_over_the_limit_without_announced_length(client: TestClient) -> None:
    def chunks() -> Any:
        yield b'{"text": "'
        for _ in range(600):
            yield b"a" * 1000
        yield b'"}'

    response = client.post("/v1/match", content=chunks(), headers=JSON)
    problem_of(response, 413, "request.too_large")
