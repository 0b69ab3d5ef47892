"""Clients that go on writing while the server's workers are killed, and remember every answer that said yes."""

import itertools
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2

REQUEST_SECONDS = 30.0
COME_AGAIN = frozenset({409, 429, 503})
"""Answers that may say when to come again: too much to do, or the same request is still worked on."""
EXPECTED = frozenset({200, 201, 409, 412})


@dataclass(frozen=True, slots=True)
class Edited:
    """A change that was acknowledged: the content of a platform, as which version."""

    content: str
    version: int


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was acknowledged: of which title, under which id."""

    title: str
    need_id: str


@dataclass
class Counts:
    """How requests ended."""

    acknowledged: int = 0
    cut_off: int = 0
    """No answer came: the worker died with the request, which may have been done or not."""
    refused: int = 0
    """Busy, with a time to come again."""
    outdated: int = 0
    """412 after a request that was cut off: it had been done."""
    done_unseen: int = 0
    """409 after a request that was cut off: it had been done, and is not done again."""


class Writer(threading.Thread):
    """Asks again and again until told to stop."""

    def __init__(self, url: str, headers: Mapping[str, str], name: str, stop: threading.Event) -> None:
        super().__init__(name=name)
        self.counts = Counts()
        self.unexpected: list[str] = []
        self._stop_asked = stop
        self._client = httpx2.Client(base_url=url, headers=dict(headers), timeout=REQUEST_SECONDS)

    def run(self) -> None:
        """Write until told to stop."""
        with self._client:
            for n in itertools.count():
                if self._stop_asked.is_set():
                    return
                self.write(n)

    def write(self, n: int) -> None:
        """Write for the ``n``-th time."""
        raise NotImplementedError

    def _answer(self, ask: Callable[[], httpx2.Response]) -> httpx2.Response | None:
        try:
            response = ask()
        except httpx2.TransportError:
            self.counts.cut_off += 1
            self._stop_asked.wait(0.02)
            return None
        if response.status_code in COME_AGAIN and "retry-after" in response.headers:
            self.counts.refused += 1
            self._stop_asked.wait(min(float(response.headers["retry-after"]), 1.0))
            return None
        if response.status_code not in EXPECTED:
            self.unexpected.append(f"{response.status_code} {response.text[:300]}")
            self._stop_asked.wait(0.1)
        return response


class Editor(Writer):
    """Changes one platform, each time with the version that it saw last."""

    def __init__(self, url: str, headers: Mapping[str, str], platform_id: str, stop: threading.Event) -> None:
        super().__init__(url, headers, f"editor-{platform_id}", stop)
        self.platform_id = platform_id
        self.done: list[Edited] = []
        self._path = f"/v1/platforms/{platform_id}"
        self._etag = ""

    def write(self, n: int) -> None:
        """Change the platform once; where nobody answers, look up its version first the next time."""
        etag, self._etag = self._etag or self._seen(), ""
        if not etag:
            return
        content = f"{self.platform_id} 第 {n} 次"
        headers = {"if-match": etag}
        response = self._answer(
            lambda: self._client.patch(self._path, json={"services": content}, headers=headers)
        )
        if response is None:
            return
        if response.status_code == 412:
            self.counts.outdated += 1
        elif response.status_code == 200:
            self._etag = response.headers["etag"]
            self.done.append(Edited(content, int(self._etag.strip('"').partition("-")[0])))
            self.counts.acknowledged += 1

    def _seen(self) -> str:
        response = self._answer(lambda: self._client.get(self._path))
        return "" if response is None or response.status_code != 200 else response.headers["etag"]


class Drafter(Writer):
    """Files drafts of needs; one that is not answered is sent again under the same key until it is."""

    def __init__(self, url: str, headers: Mapping[str, str], enterprise_code: str, stop: threading.Event) -> None:
        super().__init__(url, headers, f"drafter-{enterprise_code}", stop)
        self.done: list[Drafted] = []
        self._enterprise_code = enterprise_code

    def write(self, n: int) -> None:
        """File one draft."""
        title = f"{self.name} 第 {n} 条"
        body = {"title": title, "enterprise_code": self._enterprise_code}
        headers = {"idempotency-key": uuid.uuid4().hex}
        while not self._stop_asked.is_set():
            response = self._answer(lambda: self._client.post("/v1/needs", json=body, headers=headers))
            if response is not None:
                if response.status_code == 201:
                    self.done.append(Drafted(title, response.json()["need"]["id"]))
                    self.counts.acknowledged += 1
                elif response.status_code == 409:
                    # It was done by a worker that did not live to keep its answer.
                    self.counts.done_unseen += 1
                return
