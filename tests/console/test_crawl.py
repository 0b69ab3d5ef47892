"""All pages that each role can reach by links: they answer, are well formed, light, and keep to this server."""

import re
from collections import Counter
from typing import Final

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.navigation import PLACES
from api.operations import CONSOLE_FILES
from recommender.bootstrap import Application
from tests.console.crawling import Visited, crawl
from tests.console.pages import Page

MAX_BYTES: Final = 300_000
"""Of a page with its styles and scripts; the library that draws charts comes besides."""
CHARTS: Final = "plotly"
ROLES: Final = ("admin", "officer", "town_officer", "enterprise", "other_enterprise", "stranger")
LEAKS: Final = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\}\}|<\w+ object at|datetime\.|\bnan\b")
"""What a template shows when somebody forgot a filter."""
INLINE: Final = re.compile(r"<style|<[^>]*\s(?:style|on\w+)=|<script(?![^>]*\ssrc=)(?![^>]*application/json)")


@pytest.fixture(scope="module", params=ROLES)
def visited(request: pytest.FixtureRequest, app: FastAPI) -> list[Visited]:
    """All that one role has seen."""
    client: TestClient = request.getfixturevalue(request.param)
    return list(crawl(client, app))


def pages(visited: list[Visited]) -> list[tuple[Visited, Page]]:
    return [(seen, Page(seen.response.text, seen.address)) for seen in visited if seen.is_page]


def test_every_link_leads_somewhere(visited: list[Visited]) -> None:
    broken = [(seen.response.status_code, seen.address, f"from {seen.came_from}") for seen in visited]
    assert [line for line in broken if line[0] != 200] == []


def test_every_page_has_one_heading_and_a_title(visited: list[Visited]) -> None:
    wrong = {}
    for seen, page in pages(visited):
        n_headings = sum(tag == "h1" for tag, _ in page.headings)
        has_title = re.search(r"<title>[^<· ][^<]* · 双面绣</title>", seen.response.text) is not None
        if n_headings != 1 or not has_title:
            wrong[seen.address] = (n_headings, has_title)
    assert wrong == {}


def test_ids_are_unique_and_controls_are_labelled(visited: list[Visited]) -> None:
    twice = {seen.address: [id for id, n in Counter(page.ids).items() if n > 1] for seen, page in pages(visited)}
    assert {address: ids for address, ids in twice.items() if ids} == {}
    unnamed = {seen.address: page.without_label for seen, page in pages(visited)}
    assert {address: names for address, names in unnamed.items() if names} == {}


def test_nothing_comes_from_elsewhere(visited: list[Visited]) -> None:
    for seen, page in pages(visited):
        foreign = [
            source for source in page.sources if not source.startswith((CONSOLE_FILES, "/console/", "data:"))
        ]
        assert foreign == [], seen.address
        outside = [link for link, _ in page.links if not link.startswith(("/", "#", "mailto:", "tel:"))]
        # A register names where its records were published; those links are for people and load nothing.
        assert [link for link in outside if not link.startswith(("http://", "https://"))] == [], seen.address


def test_templates_show_no_inner_words(visited: list[Visited]) -> None:
    shown = {seen.address: LEAKS.findall(page.text) for seen, page in pages(visited)}
    assert {address: words for address, words in shown.items() if words} == {}


def test_no_style_or_script_is_inline(visited: list[Visited]) -> None:
    """The security policy would drop them without a word."""
    for seen, _ in pages(visited):
        inline = re.findall(
            r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)(?![^>]*application/json)", seen.response.text
        )
        assert inline == [], seen.address


def test_pages_are_light(visited: list[Visited], admin: TestClient) -> None:
    sizes: dict[str, int] = {}
    heavy = {}
    for seen, page in pages(visited):
        n_bytes = len(seen.response.content)
        for source in page.sources:
            if source not in sizes:
                sizes[source] = len(admin.get(source).content)
            n_bytes += 0 if CHARTS in source else sizes[source]
        if n_bytes > MAX_BYTES:
            heavy[seen.address] = n_bytes
    assert heavy == {}


def test_enterprises_are_shown_no_expert_by_name(
    visited: list[Visited], application: Application, request: pytest.FixtureRequest
) -> None:
    """Names are for whoever has a purpose, or after both sides agreed: no page shows one without being asked."""
    if "enterprise" not in request.node.callspec.params["visited"]:
        return
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert len(names) > 50
    shown = {seen.address: [name for name in names if name in page.text] for seen, page in pages(visited)}
    assert {address: found for address, found in shown.items() if found} == {}


def test_everybody_finds_what_they_are_offered(app: FastAPI, request: pytest.FixtureRequest) -> None:
    """Each entry of the menu is reached by whoever is offered it."""
    for role in ("admin", "officer", "enterprise"):
        client: TestClient = request.getfixturevalue(role)
        page = Page(client.get("/console/").text)
        offered = [address for address, _ in page.links if address in {place.path for place in PLACES}]
        assert offered
        for address in offered:
            assert client.get(address).status_code == 200, (role, address)
