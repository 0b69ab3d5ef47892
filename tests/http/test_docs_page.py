"""The documentation page works without any other host."""

import re
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

NAMESPACES = {"www.w3.org"}

# Swagger UI's bundle names these hosts in error texts, specification links and identifiers of JSON Schema; it
# requests none of them. The one it would request, its validator, is turned off by `validatorUrl: null`; and
# the content security policy lets the browser connect to this server only.
NAMED_IN_THE_BUNDLE = {
    "base",
    "datatracker.ietf.org",
    "example.com",
    "fb.me",
    "github.com",
    "instagram.com",
    "json-schema.org",
    "reactjs.org",
    "redux.js.org",
    "soundcloud.com",
    "spdx.org",
    "spec.openapis.org",
    "swagger.io",
    "twitter.com",
    "validator.swagger.io",
    "vladimirgorej.com",
    "www.facebook.com",
    "www.rfc-editor.org",
    "www.tiktok.com",
}


def hosts(text: str) -> set[str]:
    """Hosts of absolute and protocol-relative addresses."""
    absolute = re.findall(r"https?://([A-Za-z0-9.-]+)", text)
    relative = re.findall(r"""(?:src|href)=["']//([A-Za-z0-9.-]+)""", text)
    return {*absolute, *relative}


@pytest.fixture(scope="module")
def page(client: TestClient) -> str:
    response = client.get("/docs")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def assets(page: str) -> list[str]:
    return re.findall(r"""(?:src|href)=["']([^"']+)""", page)


def test_the_page_names_no_host(page: str) -> None:
    assert hosts(page) == set()


def test_the_page_has_no_inline_script_or_style(page: str) -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "<style" not in page
    assert not re.search(r"\son\w+=|\sstyle=", page)


def test_every_asset_is_served_here(client: TestClient, page: str) -> None:
    found = assets(page)
    assert len(found) >= 4
    for address in found:
        assert urlsplit(address).netloc == ""
        response = client.get(address)
        assert response.status_code == 200, address
        assert len(response.content) > 50, address


def test_no_asset_requests_another_host(client: TestClient, page: str) -> None:
    for address in assets(page):
        response = client.get(address)
        if response.headers["content-type"].startswith("image/"):
            continue
        allowed = NAMESPACES | (NAMED_IN_THE_BUNDLE if address.endswith("bundle.js") else set())
        assert hosts(response.text) - allowed - _own_example_hosts(address) == set(), address
        assert "@import" not in response.text or address.endswith("bundle.js")


def _own_example_hosts(address: str) -> set[str]:
    """The OpenAPI document tells a reader to use this machine's names."""
    return {"127.0.0.1", "localhost"} if address == "/openapi.json" else set()


def test_the_validator_is_off(client: TestClient) -> None:
    start = client.get("/docs/start.js")
    assert start.headers["content-type"].startswith("text/javascript")
    assert '"validatorUrl": null' in start.text
    assert '"url": "/openapi.json"' in start.text


def test_the_policy_admits_this_server_only(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert set(" ".join(directives.values()).split()) == {"'none'", "'self'", "data:"}


@pytest.mark.parametrize("path", ["/docs/assets/../core.py", "/docs/assets/%2e%2e/core.py", "/docs/assets/"])
def test_nothing_beside_the_assets_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
