"""Parameters of pages and versions, asked of a small application that has operations for them."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.etags import ChangedVersions, ExpectedVersion, ReadVersions, etag_of, require_if_match
from api.problems import install_handlers
from api.v1.paging import PageOut, paged
from recommender.domain.errors import TooMany, Unavailable
from recommender.domain.paging import PageRequest, cursor_of
from recommender.domain.versions import require_version

PRESENT = 4


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI(max_body_size=1000)
    install_handlers(app)

    @app.get("/rows")
    def rows(page: Annotated[PageRequest, paged("name", "created_at")]) -> PageOut[str]:
        name, turned = page.order(("name", "created_at"))
        after = page.after(str)
        items = [name, str(turned), str(page.limit), *(map(str, after or ()))]
        return PageOut[str](items=items, next_cursor=cursor_of(page, ("乙",)))

    @app.get("/record")
    def read(versions: ReadVersions) -> dict[str, str]:
        versions.show(PRESENT)
        return {"name": "甲"}

    @app.patch("/record")
    def change(expected: ExpectedVersion, versions: ChangedVersions) -> dict[str, str]:
        require_version(expected, PRESENT)
        versions.show(PRESENT + 1)
        return {"name": "乙"}

    @app.get("/often")
    def often() -> None:
        raise TooMany("request.too_many", retry_after_s=7)

    @app.get("/unready")
    def unready() -> None:
        raise Unavailable("store.busy", place="matchmaker.db")

    with TestClient(app) as opened:
        yield opened


def test_pages_go_on_where_they_ended(client: TestClient) -> None:
    first = client.get("/rows", params={"limit": 7, "sort": "-created_at"}).json()
    assert first["items"] == ["created_at", "True", "7"]
    second = client.get("/rows", params={"sort": "-created_at", "cursor": first["next_cursor"]}).json()
    assert second["items"] == ["created_at", "True", "50", "乙"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"limit": 0}, "request.invalid"),
        ({"limit": 201}, "request.invalid"),
        ({"limit": "many"}, "request.invalid"),
        ({"sort": "price"}, "page.sort"),
        ({"sort": "--name"}, "page.sort"),
        ({"cursor": "abc"}, "page.cursor"),
        ({"cursor": "乙"}, "request.invalid"),
    ],
)
def test_other_pages_are_refused(client: TestClient, params: dict[str, str], code: str) -> None:
    document = client.get("/rows", params=params).json()
    assert (document["status"], document["code"]) == (422, code)


def test_the_orders_are_documented(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/rows"]["get"]
    (sort,) = [parameter for parameter in operation["parameters"] if parameter["name"] == "sort"]
    assert sort["schema"]["enum"] == ["", "name", "created_at", "-name", "-created_at"]


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/record")
    assert (first.status_code, first.headers["etag"]) == (200, '"4"')
    for known in ('"4"', '"3", "4"', 'W/"4"'):
        again = client.get("/record", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", '"4"')
    for other in ('"3"', "4", '"44"', ""):
        assert client.get("/record", headers={"if-none-match": other}).status_code == 200


@pytest.mark.parametrize("known", ['"4"', ' "4" ', '"4-0123abcd"'])
def test_a_change_names_its_version(client: TestClient, known: str) -> None:
    changed = client.patch("/record", headers={"if-match": known})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"5"')


@pytest.mark.parametrize(
    ("known", "status", "code"),
    [
        (None, 428, "version.missing"),
        ("", 428, "version.missing"),
        ("4", 422, "version.malformed"),
        ("*", 422, "version.malformed"),
        ('W/"4"', 422, "version.malformed"),
        ('"4", "5"', 422, "version.malformed"),
        ('"' + "4" * 19 + '"', 422, "version.malformed"),
        ('"3"', 412, "version.outdated"),
    ],
)
def test_another_version_is_refused(client: TestClient, known: str | None, status: int, code: str) -> None:
    response = client.patch("/record", headers={} if known is None else {"if-match": known})
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code)
    assert document["detail"].endswith("。")


def test_if_match_is_obligatory_in_the_description(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    require_if_match(document)
    (header,) = document["paths"]["/record"]["patch"]["parameters"]
    assert (header["name"], header["required"]) == ("If-Match", True)


def test_what_else_is_shown_changes_the_tag() -> None:
    assert etag_of(4) == '"4"'
    assert etag_of(4, "officer") != etag_of(4, "enterprise")
    assert etag_of(4, "officer").startswith('"4-')


@pytest.mark.parametrize(("path", "status", "seconds"), [("/often", 429, "7"), ("/unready", 503, "5")])
def test_what_passes_says_when(client: TestClient, path: str, status: int, seconds: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["retry-after"]) == (status, seconds)
