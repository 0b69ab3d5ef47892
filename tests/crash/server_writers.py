"""Clients that go on writing while the server's workers are killed, and remember every answer that said yes."""

import itertools
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import httpx2

REQUEST_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write that was answered with a success: of which record, with what content, as which version."""

    record_id: str
    content: str
    version: int


@dataclass
class Counts:
    """How requests ended."""

    acknowledged: int = 0
    cut_off: int = 0
    """No answer came: the worker died with the request, which may have been done or not."""
    refused: int = 0
    """429 and 503: busy, with a time to come again."""
    outdated: int = 0
    """412 after a request that was cut off: it had been done."""


@dataclass
class Writer(threading.Thread):
    """Changes one platform again and again, each time with the version that it saw last."""

    url: str
    headers: Mapping[str, str]
    platform_id: str
    stop: threading.Event
    done: list[Acknowledged] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    unexpected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name=f"writer-{self.platform_id}")

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Write until told to stop."""
        with httpx2.Client(base_url=self.url, headers=dict(self.headers), timeout=REQUEST_SECONDS) as client:
            etag = ""
            for n in itertools.count():
                if self.stop.is_set():
                    return
                etag = etag or self._seen(client)
                if etag:
                    etag = self._write(client, f"{self.platform_id} 第 {n} 次", etag)

    def _seen(self, client: httpx2.Client) -> str:
        """The ETag of the platform now, ``""`` where nobody answered."""
        response = self._answer(lambda: client.get(f"/v1/platforms/{self.platform_id}"))
        return "" if response is None or response.status_code != 200 else response.headers["etag"]

    def _write(self, client: httpx2.Client, content: str, etag: str) -> str:
        """Write once; the ETag to go on with, ``""`` where it has to be looked up."""
        path = f"/v1/platforms/{self.platform_id}"
        send = {"json": {"services": content}, "headers": {"if-match": etag}}
        response = self._answer(lambda: client.patch(path, **send))  # type: ignore[arg-type]
        if response is None:
            return ""
        if response.status_code == 200:
            now: str = response.headers["etag"]
            self.done.append(Acknowledged(self.platform_id, content, int(now.strip('"').partition("-")[0])))
            self.counts.acknowledged += 1
            return now
        if response.status_code == 412:
            self.counts.outdated += 1
        return ""

    def _answer(self, ask: Callable[[], httpx2.Response]) -> httpx2.Response | None:
        try:
            response = ask()
        except httpx2.TransportError:
            self.counts.cut_off += 1
            self.stop.wait(0.02)
            return None
        if response.status_code in {429, 503}:
            self.counts.refused += 1
            with suppress(KeyError):
                self.stop.wait(min(float(response.headers["retry-after"]), 1.0))
            return None
        if response.status_code not in {200, 412}:
            self.unexpected.append(f"{response.status_code} {response.text[:300]}")
            self.stop.wait(0.1)
        return response
