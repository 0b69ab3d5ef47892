"""A library with one expert in it, and somebody who answers command lines about it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .packages import HEADER

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 60


class Clerk:
    """A running :mod:`tests.hostile.clerk`."""

    def __init__(self, var_dir: Path) -> None:
        self._var_dir = var_dir
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.clerk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**kept, "MATCHMAKER_VAR_DIR": str(var_dir), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
            text=True,
            encoding="utf-8",
        )
        assert self._read() == "ready"

    def ask(self, *arguments: str | Path) -> dict[str, Any]:
        """Run one command line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        assert isinstance(answer, dict)
        return answer

    def library(self) -> str:
        """Everything that is stored."""
        with sqlite3.connect(f"file:{self._var_dir / 'matchmaker.db'}?mode=ro", uri=True) as connection:
            return "\n".join(connection.iterdump())

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the clerk died"
        return json.loads(line)


@pytest.fixture(scope="session")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    """Somebody who answers command lines on a library with one expert in it."""
    folder = tmp_path_factory.mktemp("hostile")
    running = Clerk(folder / "var")
    try:
        first = folder / "first.csv"
        first.write_text(",".join(HEADER) + "\nZJ0,原有,示例大学\n", encoding="utf-8")
        for arguments in (("init",), ("import", "apply", "experts", str(first), "--json")):
            answer = running.ask(*arguments)
            assert answer["code"] == 0, answer
        yield running
    finally:
        running.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, gone afterwards: some of the files are large."""
    yield tmp_path
    shutil.rmtree(tmp_path)
