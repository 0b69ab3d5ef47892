"""A real server process on a loopback port, started the way an administrator would."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import httpx2

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 60
OPTIONS: Final = ("--no-server-header", "--no-access-log", "--timeout-graceful-shutdown", "30")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and the file with what it says."""

    process: subprocess.Popen[str]
    port: int
    said: IO[str]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        """What it has said so far on its standard error."""
        self.said.seek(0)
        return self.said.read()


@contextmanager
def running_server(var_dir: Path, **settings: str) -> Iterator[Server]:
    """Start one worker on a var folder and wait until it is ready.

    Args:
        var_dir: with a database and an index.
        settings: further environment variables, without prefix, in lower case.
    """
    with _started(["uvicorn", "--factory", "api.app:create_app", *OPTIONS], var_dir, settings) as server:
        yield server


@contextmanager
def running_workers(var_dir: Path, n_workers: int, **settings: str) -> Iterator[Server]:
    """``matchmaker serve --workers N`` on a var folder, ready; see :func:`running_server`."""
    command = ["recommender.cli.main", "serve", "--workers", str(n_workers)]
    with _started(command, var_dir, settings) as server:
        yield server


@contextmanager
def _started(command: Sequence[str], var_dir: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    environment["MATCHMAKER_VAR_DIR"] = str(var_dir)
    environment |= {f"MATCHMAKER_{name.upper()}": value for name, value in settings.items()}
    # A file, since nobody reads along: a full pipe would hold up a server that has much to say.
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=said,
            text=True,
        )
        try:
            server = Server(process, port, said)
            _wait_until_ready(server)
            yield server
        finally:
            # Workers end by themselves when their parent is gone.
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server) -> None:
    last = ""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended: {server.log()[-2000:]}")
        try:
            response = httpx2.get(f"{server.url}/readyz", timeout=10)
        except httpx2.TransportError:
            time.sleep(0.1)
            continue
        if response.status_code == 200:
            return
        last = response.text
        time.sleep(0.2)
    raise RuntimeError(f"the server was not ready in {START_SECONDS} s: {last}")
