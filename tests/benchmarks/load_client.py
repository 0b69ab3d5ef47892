"""Sends requests as they would come, whether or not the answers keep up: the open side of a load test.

    python -m tests.benchmarks.load_client < job.json > answers.json

A process of its own. In an open phase requests are sent at the moments of a Poisson process; each counts from
the moment at which it was due: a server that stalls cannot slow down its own examination. In a closed phase a
number of clients each send the next request when the last is answered: that is how capacity is found.
"""

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

REQUEST_SECONDS: Final = 60.0
IDLE_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 0.25
"""Of a client in a closed phase that was told to come again later."""
FAILED: Final = 0
"""Status of a request without an answer."""

_HEAD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a load test: ``rate`` requests a second, or ``n_clients`` one after the other."""

    name: str
    seconds: float
    rate: float = 0.0
    n_clients: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """What to send where.

    Attributes:
        tokens: used in turn, as many people as there are.
        texts: title and text of needs, used in turn; each gets a number that no text had before.
    """

    host: str
    port: int
    phases: tuple[Phase, ...]
    tokens: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    k: int
    seed: int

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """What :func:`json.dumps` of :func:`dataclasses.asdict` wrote."""
        raw = json.loads(text)
        phases = tuple(Phase(**phase) for phase in raw.pop("phases"))
        texts = tuple((title, body) for title, body in raw.pop("texts"))
        return cls(phases=phases, texts=texts, tokens=tuple(raw.pop("tokens")), **raw)


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: when it was due in seconds from the start, what came, and how long after that it came."""

    phase: str
    due_s: float
    status: int
    ms: float
    retry_after: bool


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float = 0.0

    async def ask(self, request: bytes) -> tuple[int, bool, bool]:
        """Status, whether the answer says when to come again, and whether the connection stays open."""
        self.writer.write(request)
        head = (await self.reader.readuntil(_HEAD_END)).decode("latin-1").lower()
        lines = head.split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        await self.reader.readexactly(int(headers.get("content-length", "0")))
        stays = headers.get("connection") != "close"
        return int(lines[0].split()[1]), "retry-after" in headers, stays


@dataclass
class _Sender:
    job: Job
    started: float = 0.0
    idle: list[_Connection] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def run(self) -> None:
        requests = _requests(self.job)
        draw = random.Random(self.job.seed)
        self.started = time.perf_counter()
        begin = 0.0
        waiting: set[asyncio.Task[None]] = set()
        for phase in self.job.phases:
            end = begin + phase.seconds
            if phase.n_clients:
                await asyncio.gather(*(self._client(phase, requests, end) for _ in range(phase.n_clients)))
            else:
                await self._arrivals(phase, requests, draw, begin, end, waiting)
            begin = max(end, self._now())
        await asyncio.gather(*waiting)

    async def _arrivals(
        self,
        phase: Phase,
        requests: Iterator[bytes],
        draw: random.Random,
        begin: float,
        end: float,
        waiting: set[asyncio.Task[None]],
    ) -> None:
        due = begin + draw.expovariate(phase.rate)
        while due < end:
            await asyncio.sleep(max(0.0, due - self._now()))
            task = asyncio.create_task(self._send(phase.name, next(requests), due))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
            due += draw.expovariate(phase.rate)

    async def _client(self, phase: Phase, requests: Iterator[bytes], end: float) -> None:
        while self._now() < end:
            await self._send(phase.name, next(requests), self._now())
            if self.answers[-1].retry_after:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _send(self, phase: str, request: bytes, due: float) -> None:
        status, retry_after = FAILED, False
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                connection = self._idle() or await self._connected()
                status, retry_after, stays = await connection.ask(request)
                if stays:
                    connection.used_at = self._now()
                    self.idle.append(connection)
                else:
                    connection.writer.close()
        except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            status = FAILED
        self.answers.append(Answer(phase, due, status, (self._now() - due) * 1000, retry_after))

    def _idle(self) -> _Connection | None:
        """The connection used last, unless the server may be about to close it."""
        if self.idle and self._now() - self.idle[-1].used_at < IDLE_SECONDS:
            return self.idle.pop()
        for connection in self.idle:
            connection.writer.close()
        self.idle.clear()
        return None

    async def _connected(self) -> _Connection:
        return _Connection(*await asyncio.open_connection(self.job.host, self.job.port))

    def _now(self) -> float:
        return time.perf_counter() - self.started


def _requests(job: Job) -> Iterator[bytes]:
    """Requests without end; none has a text that was sent before."""
    head = (
        f"POST /v1/match HTTP/1.1\r\nhost: {job.host}:{job.port}\r\ncontent-type: application/json\r\n"
        "authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n"
    )
    for n, token, (title, text) in zip(
        itertools.count(), itertools.cycle(job.tokens), itertools.cycle(job.texts), strict=False
    ):
        mark = f"{job.seed:x}{n:06d}"
        body: dict[str, Any] = {"title": f"{title} {mark}", "text": f"{text} {mark}", "k": job.k}
        content = json.dumps(body, ensure_ascii=False).encode()
        yield head.format(token=token, length=len(content)).encode("latin-1") + content


def main() -> None:
    """Read a job, do it, write what came."""
    sender = _Sender(Job.from_json(sys.stdin.read()))
    asyncio.run(sender.run())
    json.dump([asdict(answer) for answer in sender.answers], sys.stdout)


if __name__ == "__main__":
    main()
