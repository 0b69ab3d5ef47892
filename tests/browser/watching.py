"""What goes wrong in a browser while a page is used."""

from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, Route

_SERVER_ERROR: Final = 500
_OWN_SCHEMES: Final = ("data:", "blob:", "about:")
_EXPECTED: Final = "the server responded with a status of 4"
"""Chromium reports refused forms as errors; their status is what tests look at."""


class Watch:
    """Collects errors of the console and of scripts, requests to other hosts (which are stopped), and 5xx."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._own = urlsplit(url).netloc
        self.faults: list[str] = []
        context.route(lambda address: not self._is_own(address), self._stop)
        context.on("page", self._look_at)

    def _is_own(self, address: str) -> bool:
        return address.startswith(_OWN_SCHEMES) or urlsplit(address).netloc == self._own

    def _stop(self, route: Route, request: Request) -> None:
        self.faults.append(f"request to another host: {request.url}")
        route.abort()

    def _look_at(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and _EXPECTED not in message.text:
            self.faults.append(f"{message.location.get('url', '')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= _SERVER_ERROR:
            self.faults.append(f"{response.status} {response.url}")
