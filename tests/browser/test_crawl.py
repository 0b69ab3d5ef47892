"""Every page in a real browser: nothing goes wrong, axe finds nothing serious, and a phone shows it whole."""

from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from api.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, visiting
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.crawling import crawl
from tests.console.people import ADMIN, ENTERPRISE, OFFICER, Person
from tests.http.server import Server

GRAVE: Final = {"serious", "critical"}
RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
}
CONTRAST: Final = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
DARK: Final = "document.documentElement.dataset.theme = 'dark'"
LIGHT: Final = "document.documentElement.dataset.theme = 'light'"
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
READERS: Final[dict[str, Person | None]] = {
    "admin": ADMIN,
    "officer": OFFICER,
    "enterprise": ENTERPRISE,
    "stranger": None,
}


@pytest.fixture(scope="module")
def addresses(town: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """One page of every handler that a reader can reach; what the administrator saw is not looked at again."""
    folder = tmp_path_factory.mktemp("crawled") / "var"
    application = stage.copy_of(town, folder)
    app = create_app(application)
    found: dict[str, list[str]] = {}
    with TestClient(app):
        for name, person in READERS.items():
            shapes: dict[str, str] = {}
            for seen in crawl(client_of(app, person), app):
                if seen.is_page and seen.response.status_code == 200:
                    shapes.setdefault(seen.template, seen.address)
            found[name] = list(shapes.values())
    application.database.close()
    return found


def grave(page: Page, axe: Axe, options: dict[str, Any]) -> list[str]:
    """What axe finds that keeps somebody out, in one line each."""
    violations = axe.run(page, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary'][:300]}"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"][:3]
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("reader", READERS)
def test_pages_hold_in_a_browser(
    reader: str, addresses: dict[str, list[str]], browser: Browser, server: Server
) -> None:
    axe = Axe()
    faults: dict[str, list[str]] = {}
    with visiting(browser, server.url, READERS[reader]) as (page, watch):
        for address in addresses[reader]:
            page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
            page.goto(address)
            page.evaluate(LIGHT)
            found = grave(page, axe, RULES)
            page.evaluate(DARK)
            found += [f"dark: {line}" for line in grave(page, axe, CONTRAST)]
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            too_wide = page.evaluate(OVERFLOW)
            if too_wide > 0:
                found.append(f"a phone scrolls sideways by {too_wide} px")
            if found:
                faults[address] = found
        assert watch.faults == []
    assert faults == {}


def test_the_desk_fits_into_an_office_screen(browser: Browser, server: Server) -> None:
    """Its columns scroll by themselves; the page around them does not."""
    with visiting(browser, server.url, OFFICER) as (page, _):
        page.goto("/console/review")
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0


def test_the_keyboard_reaches_the_content_first(browser: Browser, server: Server) -> None:
    with visiting(browser, server.url, OFFICER) as (page, _):
        page.goto("/console/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
