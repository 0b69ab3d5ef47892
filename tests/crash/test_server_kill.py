"""Workers of the server are killed −9 while clients write: what was acknowledged is there, and it is ready again.

``make reliability`` kills fifty times (``SERVER_KILLS``) and prints what that came to.
"""

import os
import random
import re
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Permission
from recommender.domain.entities import Platform
from tests.crash.server_writers import Drafter, Editor, Writer
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.people import CITY_OFFICER, token_headers
from tests.http.processes import children_of
from tests.http.server import Server, running_workers

N_KILLS = int(os.environ.get("SERVER_KILLS", "3"))
N_WORKERS = 2
N_EDITORS = 3
PROMISED_SECONDS = 10.0
"""Until it is ready again, on a machine that does nothing else; the short form runs beside other tests."""

PATIENCE_SECONDS = 60.0

ALL_AT_ONCE_EVERY = 5
"""Every so many kills take all workers at once."""

SCOPES = frozenset(
    {Permission.LIBRARY_READ, Permission.LIBRARY_WRITE, Permission.NEEDS_READ, Permission.NEEDS_WRITE}
)

pytestmark = pytest.mark.timeout(300 + 20 * N_KILLS)


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    """A library with a platform for each writer, indexed; nobody has it open."""
    folder = tmp_path / "var"
    built = Application(settings_in(folder))
    library.fill(built.database)
    with built.database.write() as unit:
        unit.platforms.upsert([Platform(id=f"PT-w{n}", name=f"写入{n}") for n in range(N_EDITORS)])
    built.indexing.build(actor="test")
    built.database.close()
    return folder


@pytest.fixture
def application(var_dir: Path) -> Iterator[Application]:
    """The same library as the server's administrator sees it."""
    built = Application(settings_in(var_dir))
    yield built
    built.database.close()


def workers_of(server: Server) -> set[int]:
    """Processes that serve."""
    return {pid for pid, command in children_of(server.process.pid).items() if "api.worker" in command}


def n_ready(server: Server) -> int:
    """How many workers have the index open, as the figures say."""
    try:
        response = httpx2.get(f"{server.url}/metrics", timeout=5)
    except httpx2.TransportError:
        return 0
    found = re.findall(r"^matchmaker_index_workers\{.*\} ([0-9.]+)$", response.text, re.MULTILINE)
    return int(sum(map(float, found)))


def is_ready(server: Server) -> bool:
    """Whether whoever asks now is told that the server can answer."""
    try:
        return httpx2.get(f"{server.url}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def seconds_until_ready(server: Server, killed: set[int]) -> float:
    """Seconds until there are as many ready workers as before, none of them a killed one."""
    started = time.monotonic()
    while time.monotonic() < started + PATIENCE_SECONDS:
        now = workers_of(server)
        if not now & killed and len(now) == N_WORKERS and n_ready(server) == N_WORKERS and is_ready(server):
            return time.monotonic() - started
        time.sleep(0.05)
    now, ready = sorted(workers_of(server)), n_ready(server)
    raise AssertionError(f"not ready again within {PATIENCE_SECONDS} s: workers {now}, {ready} of them ready")


def test_what_was_acknowledged_survives_the_workers(var_dir: Path, application: Application) -> None:
    headers = token_headers(application, CITY_OFFICER, SCOPES)
    stop = threading.Event()
    settings = {"rate_per_minute": "0", "address_rate_per_minute": "0", "local_metrics": "true"}
    waits: list[float] = []
    with running_workers(var_dir, N_WORKERS, **settings) as server:
        editors = [Editor(server.url, headers, f"PT-w{n}", stop) for n in range(N_EDITORS)]
        drafter = Drafter(server.url, headers, library.MILL, stop)
        writers: list[Writer] = [*editors, drafter]
        for writer in writers:
            writer.start()
        try:
            draw = random.Random(6)
            for n in range(1, N_KILLS + 1):
                time.sleep(draw.uniform(0.2, 1.0))
                present = sorted(workers_of(server))
                victims = set(present if n % ALL_AT_ONCE_EVERY == 0 else [draw.choice(present)])
                n_before = sum(writer.counts.acknowledged for writer in writers)
                for victim in victims:
                    os.kill(victim, signal.SIGKILL)
                waits.append(seconds_until_ready(server, victims))
                assert n_before > 0, "the workers were killed before anything was written"
        finally:
            stop.set()
            for writer in writers:
                writer.join(timeout=60)
    assert [line for writer in writers for line in writer.unexpected] == []
    check_edits(application, editors)
    check_drafts(application, drafter)
    show(writers, waits)
    assert N_KILLS <= 3 or max(waits) <= PROMISED_SECONDS


def check_edits(application: Application, editors: list[Editor]) -> None:
    """Every acknowledged change has its line in the audit trail, and the last or a later one is the content."""
    ids = [editor.platform_id for editor in editors]
    with application.database.read() as unit:
        trail = unit.audit.tail(1_000_000)
        platforms, versions = unit.platforms.get_many(ids), unit.platforms.versions(ids)
    edits = [entry for entry in trail if entry.action == "library:platform:edit"]
    lines = {(entry.target, entry.detail["version"]) for entry in edits}
    assert len(edits) == len(lines) == sum(versions.values()) - len(versions), "each change has one line"
    for editor in editors:
        numbers = [edited.version for edited in editor.done]
        assert numbers, "each has written"
        assert numbers == sorted(set(numbers)), "no version was given out twice"
        assert {(editor.platform_id, number) for number in numbers} <= lines
        assert versions[editor.platform_id] >= numbers[-1]
        if versions[editor.platform_id] == numbers[-1]:
            assert platforms[editor.platform_id].services == editor.done[-1].content


def check_drafts(application: Application, drafter: Drafter) -> None:
    """Every acknowledged draft is there as it was filed, and none is there twice."""
    assert drafter.done, "it has written"
    with application.database.read() as unit:
        titles = [need.title for need in unit.needs.iterate() if need.title.startswith(drafter.name)]
        found = unit.needs.get_many([drafted.need_id for drafted in drafter.done])
    assert len(titles) == len(set(titles)), "what was sent again under one key was done once"
    assert {id: need.title for id, need in found.items()} == {
        drafted.need_id: drafted.title for drafted in drafter.done
    }


def show(writers: list[Writer], waits: list[float]) -> None:
    """What it came to, for whoever runs with ``-s``."""
    totals = {
        name: sum(getattr(writer.counts, name) for writer in writers)
        for name in ("acknowledged", "cut_off", "refused", "outdated", "done_unseen")
    }
    middle, most = statistics.median(waits), max(waits)
    print(f"{N_KILLS} kills: {totals}, ready again after {middle:.1f} s, {most:.1f} s at most")
