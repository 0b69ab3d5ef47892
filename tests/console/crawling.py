"""Every page that can be reached by links, for one reader."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx2
from fastapi import FastAPI

from api.console.navigation import HOME
from api.operations import CONSOLE_FILES, CONSOLE_PREFIX
from api.traffic.admission import Traffic
from tests.console.pages import Page

PER_SHAPE: Final = 2
"""How many pages of one handler with the same names in their query are opened."""
MAX_PAGES: Final = 500
_LEFT_OUT: Final = ("cursor", "compare")


@dataclass(frozen=True, slots=True)
class Visited:
    """One page that was opened."""

    address: str
    template: str
    response: httpx2.Response
    came_from: str

    @property
    def is_page(self) -> bool:
        """Whether it is a page and not a file."""
        headers = self.response.headers
        is_file = headers.get("content-disposition", "").startswith("attachment")
        return headers.get("content-type", "").startswith("text/html") and not is_file


def template_of(app: FastAPI, address: str) -> str:
    """The handler's address with names in place of ids."""
    traffic: Traffic = app.state.traffic
    return traffic.operations.find({"path": urlsplit(address).path, "method": "GET"}).template


def crawl(client: httpx2.Client, app: FastAPI, start: str = HOME) -> Iterator[Visited]:
    """Open pages by their links, each shape of address a few times."""
    waiting = deque([(start, "")])
    seen, shapes = {start}, Counter[tuple[str, tuple[str, ...]]]()
    n_opened = 0
    while waiting and n_opened < MAX_PAGES:
        address, came_from = waiting.popleft()
        shape = (template_of(app, address), _names(address))
        if shapes[shape] >= PER_SHAPE:
            continue
        shapes[shape] += 1
        n_opened += 1
        response = client.get(address, follow_redirects=True)
        found = Visited(address, shape[0], response, came_from)
        yield found
        if not found.is_page:
            continue
        for link, _ in Page(response.text, str(response.url.raw_path.decode())).links:
            target = link.partition("#")[0]
            if is_own_page(target) and target not in seen:
                seen.add(target)
                waiting.append((target, address))


def is_own_page(address: str) -> bool:
    """Whether a link leads to a page of the console."""
    return address.startswith(CONSOLE_PREFIX) and not address.startswith(CONSOLE_FILES)


def _names(address: str) -> tuple[str, ...]:
    query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return tuple(sorted({name for name, _ in query if name not in _LEFT_OUT}))
