"""``python -m tests.console.screenshots [--only PREFIX] [OUT]``: every page, light and dark, desktop and phone.

Pages come from following links as an enterprise, an officer and an administrator of the small town; each handler
is shown once for whoever it is made for.
"""

import argparse
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page

from api.app import create_app
from recommender.bootstrap import Application
from tests.browser.conftest import DESKTOP, PHONE, SETTINGS, chromium, visiting
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.crawling import crawl
from tests.console.people import ADMIN, ENTERPRISE, OFFICER, Person
from tests.http.server import running_server

READERS: Final[dict[str, Person | None]] = {
    "": None,
    "enterprise": ENTERPRISE,
    "officer": OFFICER,
    "admin": ADMIN,
}
SEEN_BY_SEVERAL: Final = ("/console/", "/console/needs", "/console/cases", "/console/library")
"""Handlers that look different to an enterprise; others are shown once."""
DEVICES: Final = {"desktop": DESKTOP, "phone": PHONE}
THEMES: Final = ("light", "dark")
MAX_HEIGHT: Final = 3200
COLOURS: Final = 128
BEST_NEED: Final = "/console/needs/XQ2026001/matches"
EXTRAS: Final[tuple[tuple[str, Person, str], ...]] = (
    ("enterprise-answer", ENTERPRISE, BEST_NEED),
    ("enterprise-answer-platforms", ENTERPRISE, f"{BEST_NEED}?kind=platform"),
    ("enterprise-compare", ENTERPRISE, f"{BEST_NEED}?side=1&compare=ZJ0033&compare=ZJ0027&compare=ZJ0040"),
    ("enterprise-library-search", ENTERPRISE, "/console/library/expert?q=大环淬完火不圆"),
    ("officer-review-asked-for", OFFICER, "/console/review?view=wished"),
    ("officer-review-due", OFFICER, "/console/review?view=my_due"),
    ("officer-cases-table", OFFICER, "/console/cases?as=table"),
    ("officer-cockpit-supply", OFFICER, "/console/cockpit?view=supply"),
    ("officer-cockpit-exposure", OFFICER, "/console/cockpit?view=exposure"),
    ("officer-nothing-found", OFFICER, "/console/needs?text=没有这样的需求"),
)
"""What links alone do not lead to, or not to the one that is worth a look."""

SHOWN_FOLDER: Final = "/srv/matchmaker/var"
HIDE_FOLDER: Final = """
([folder, shown]) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll(folder, shown);
}
"""
"""Pictures say nothing of the machine that they were taken on."""

UNSTICK: Final = """
() => {
  if (document.documentElement.scrollHeight <= 1.5 * innerHeight) return;
  for (const element of document.querySelectorAll("main *, main")) {
    if (getComputedStyle(element).position === "sticky") element.style.position = "static";
  }
}
"""
"""What sticks to the edge of a window would stand in the middle of a long picture."""


def places(application: Application) -> Iterator[tuple[str, Person | None, str]]:
    """A name, a reader and an address for every page."""
    app = create_app(application)
    shown: set[str] = set()
    with TestClient(app):
        for name, person in READERS.items():
            own: set[str] = set()
            for seen in crawl(client_of(app, person), app):
                is_new = seen.template not in shown or (
                    seen.template in SEEN_BY_SEVERAL and seen.template not in own
                )
                if seen.is_page and seen.response.status_code == 200 and is_new:
                    shown.add(seen.template)
                    own.add(seen.template)
                    yield _slug(name, seen.template), person, seen.address
    yield from EXTRAS


def take(
    browser: Browser, url: str, found: list[tuple[str, Person | None, str]], out: Path, var_dir: Path
) -> int:
    """Photograph pages into a folder; how many pictures there are."""
    n_taken = 0
    for person in READERS.values():
        mine = [(name, address) for name, whose, address in found if whose == person]
        for device, viewport in DEVICES.items():
            with visiting(browser, url, person, viewport=viewport, is_mobile=device == "phone") as (page, _):
                for name, address in mine:
                    page.goto(address)
                    page.wait_for_load_state("networkidle")
                    page.evaluate(HIDE_FOLDER, [str(var_dir.resolve()), SHOWN_FOLDER])
                    for theme in THEMES:
                        page.evaluate(
                            "theme => { document.documentElement.dataset.theme = theme;"
                            " document.dispatchEvent(new CustomEvent('console:theme')); }",
                            theme,
                        )
                        page.wait_for_timeout(60)
                        _keep(_photograph(page), out / f"{name}-{theme}-{device}.png")
                        n_taken += 1
    return n_taken


def _photograph(page: Page) -> bytes:
    """The page from its top, at most :data:`MAX_HEIGHT` pixels of it."""
    page.evaluate(UNSTICK)
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(MAX_HEIGHT, height)}
    return page.screenshot(full_page=True, clip=clip)


def _keep(picture: bytes, path: Path) -> None:
    """Pages have few colours: a palette makes the file a third as large."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _slug(reader: str, template: str) -> str:
    words = template.removeprefix("/console").replace(":path", "").translate(str.maketrans("/{}", "-__"))
    return "-".join(part for part in (reader, words.strip("-").replace("_", "") or "home") if part)


def main() -> None:
    """Build the town, serve it, photograph it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs/screenshots"))
    parser.add_argument("--only", default="", help="only names that contain one of these: a,b,c")
    parser.add_argument("--town", type=Path, default=None, help="a folder of tests.console.stage, not in use")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        var_dir = Path(folder) / "var"
        application = stage.copy_of(chosen.town, var_dir) if chosen.town else stage.build(var_dir)
        stage.wish(application)
        found = [
            place for place in places(application) if any(word in place[0] for word in chosen.only.split(","))
        ]
        application.database.close()
        with running_server(var_dir, **SETTINGS) as server, chromium() as browser:
            n_taken = take(browser, server.url, found, chosen.out, var_dir)
    print(f"{n_taken} pictures of {len(found)} pages in {chosen.out}")


if __name__ == "__main__":
    main()
