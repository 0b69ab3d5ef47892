"""``matchmaker serve --workers``: processes come back when killed, and see new indexes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from recommender.bootstrap import Application
from tests.http.conftest import settings_in
from tests.http.people import token_headers
from tests.http.processes import children_of
from tests.http.server import ROOT, Server, running_workers

READY_SECONDS = 40
"""What is promised is ten; a machine that runs other tests meanwhile may take longer."""


@pytest.fixture(scope="module")
def program(application: Application) -> dict[str, str]:
    return token_headers(application)


@pytest.fixture(scope="module")
def var_dir(application: Application, program: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library, which knows the program, that these tests may change."""
    assert program
    folder = tmp_path_factory.mktemp("workers") / "var"
    folder.mkdir()
    with application.database.write():
        shutil.copy(application.settings.var_dir / "matchmaker.db", folder)
        for suffix in ("-wal", "-shm"):
            source = application.settings.var_dir / f"matchmaker.db{suffix}"
            if source.exists():
                shutil.copy(source, folder)
    shutil.copytree(application.settings.snapshot_dir, folder / "snapshots")
    return folder


@pytest.fixture(scope="module")
def server(var_dir: Path) -> Iterator[Server]:
    with running_workers(var_dir, 2, local_metrics="true") as started:
        yield started


@pytest.fixture(scope="module")
def headers(var_dir: Path) -> Iterator[dict[str, str]]:
    """A program's token."""
    administrator = Application(settings_in(var_dir))
    yield token_headers(administrator)
    administrator.database.close()


def workers_of(server: Server) -> set[int]:
    """Processes that serve."""
    return {pid for pid, command in children_of(server.process.pid).items() if "api.worker" in command}


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until a condition holds."""
    started = time.monotonic()
    while time.monotonic() < started + seconds:
        if condition():
            return time.monotonic() - started
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


def answers(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def test_two_workers_answer(server: Server, headers: dict[str, str]) -> None:
    assert len(workers_of(server)) == 2
    body = {"text": "薄板冷轧边裂", "k": 1}
    response = httpx2.post(f"{server.url}/v1/match", json=body, headers=headers, timeout=30)
    assert response.status_code == 200


def test_each_worker_tells_the_figures_of_all(server: Server, program: dict[str, str]) -> None:
    before = figures(server)
    for _ in range(30):
        assert httpx2.get(f"{server.url}/healthz").status_code == 200
    after = figures(server)
    route = 'matchmaker_requests_total{method="GET",route="/healthz",status="200"}'
    assert after[route] - before.get(route, 0) == 30
    assert after["matchmaker_workers"] == 2
    assert [value for name, value in after.items() if name.startswith("matchmaker_index_workers")] == [2]
    assert httpx2.get(f"{server.url}/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 401


def figures(server: Server) -> dict[str, float]:
    """The figures of all workers, by name and labels."""
    response = httpx2.get(f"{server.url}/metrics")
    assert response.status_code == 200
    lines = (line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_all_workers_count_wrong_passwords_together(server: Server) -> None:
    """Each of them alone would admit five before the first pause."""
    body = {"login_name": "somebody", "password": "wrong"}
    statuses = [httpx2.post(f"{server.url}/v1/session", json=body, timeout=30).status_code for _ in range(9)]
    assert statuses[:6] == [401] * 6
    assert 429 in statuses[6:]


def test_a_killed_worker_is_replaced(server: Server) -> None:
    before = workers_of(server)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)

    def is_replaced() -> bool:
        present = workers_of(server)
        is_complete = len(present) == 2 and victim not in present
        return is_complete and answers(server) and figures(server)["matchmaker_workers"] == 2

    wait_for(is_replaced, READY_SECONDS, "a worker in place of the killed one")
    assert before - {victim} < workers_of(server)


def test_all_workers_take_up_a_new_index(server: Server, var_dir: Path, headers: dict[str, str]) -> None:
    administrator = Application(settings_in(var_dir))
    generation = administrator.indexing.build(actor="test").manifest.generation
    administrator.database.close()

    def all_serve_it() -> bool:
        seen = {
            httpx2.post(
                f"{server.url}/v1/match", json={"text": "冷轧", "k": 1}, headers=headers, timeout=30
            ).json()["snapshot_id"]
            for _ in range(20)
        }
        return seen == {generation}

    wait_for(all_serve_it, READY_SECONDS, "the new generation in every worker")


def test_workers_end_with_what_started_them(var_dir: Path) -> None:
    with running_workers(var_dir, 2) as server:
        workers = workers_of(server)
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not any(_is_alive(pid) for pid in workers), READY_SECONDS, "no worker left")


def test_an_orderly_end(server: Server) -> None:
    workers = workers_of(server)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=READY_SECONDS) == 0
    assert not any(_is_alive(pid) for pid in workers)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_one_process_writes_its_log_as_json(var_dir: Path, program: dict[str, str]) -> None:
    with running_workers(var_dir, 1, log_format="json", log_level="INFO") as server:
        assert httpx2.get(f"{server.url}/v1/experts/ZJ-nobody", headers=program, timeout=30).status_code == 404
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=READY_SECONDS)
        written = server.log()
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line.get("route") == "/v1/experts/{expert_id}"]
    assert (line["logger"], line["status"], line["code"]) == ("api.access", 404, "entity.not_found")
    assert line["actor"]
    assert "ZJ-nobody" not in written
    assert any(line["logger"] == "uvicorn.error" for line in lines)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "recommender.cli.main", "serve", "--workers", "2", "--port", port]
        environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(tmp_path / "var")}
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=READY_SECONDS, check=False
        )
    assert ended.returncode == 1
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "--port" in ended.stderr
