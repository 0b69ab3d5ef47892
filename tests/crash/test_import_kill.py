"""Kill −9 in the middle of an import, twenty times: either all of the file is there or nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from recommender.domain.entities import Expert
from recommender.services.batches import BatchService
from recommender.services.imports import ImportService
from recommender.store import Database
from recommender.store.engine import sqlite_module
from tests.actors import TESTER
from tests.store.dumps import library_rows, n_rows
from tests.unit.exchange.samples import csv_file

ROOT = Path(__file__).parents[2]
N_KILLS = 20
N_OLD, N_NEW = 1_000, 2_000
HEADER = ("专家编号", "姓名", "单位", "研究方向", "简介")
BIOGRAPHY = "长期从事冷轧薄板边部裂纹与表面质量的研究。" * 8


class Worker:
    """The process that imports; see :mod:`tests.crash.import_worker`."""

    def __init__(self, url: str, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.import_worker", url, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, kill_after_s: float | None) -> "Round":
        """Import once; kill the importing process so long after it has read the file."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        child = int(self._line().removeprefix("started "))
        said = [self._line()]
        while said[-1] != f"reading {N_OLD + N_NEW}":
            said.append(self._line())
        read_at = time.monotonic()
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            with suppress(ProcessLookupError):  # it was quicker this time
                os.kill(child, signal.SIGKILL)
        while said[-1] != "ended":
            said.append(self._line())
        return Round("done" in said, any(word.startswith("writing") for word in said), time.monotonic() - read_at)

    def stop(self) -> None:
        """End the process."""
        self._process.communicate(timeout=20)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker ended"
        return line.strip()


@dataclass(frozen=True)
class Round:
    """What the worker said before it ended or was killed."""

    was_done: bool
    had_written: bool
    seconds: float


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A library in which a part of the file's experts stand already, otherwise."""
    address = f"sqlite:///{tmp_path / 'library.db'}"
    database = Database.open(address)
    database.upgrade()
    with database.write() as unit:
        unit.experts.upsert([Expert(id=f"A{n:04}", name="旧名", city="苏州") for n in range(N_OLD)])
    database.close()
    return address


@pytest.fixture
def source(tmp_path: Path) -> Path:
    ids = [*(f"A{n:04}" for n in range(N_OLD)), *(f"B{n:04}" for n in range(N_NEW))]
    rows = [HEADER, *((id_, "新名", "示例大学", "冷轧；边裂", f"{id_}。{BIOGRAPHY}") for id_ in ids)]
    return csv_file(tmp_path, rows)


@pytest.fixture
def worker(url: str, source: Path) -> Iterator[Worker]:
    running = Worker(url, source)
    yield running
    running.stop()


def check_file(url: str) -> None:
    """The database file is sound."""
    connection = sqlite_module().connect(url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def content(rows: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """The experts without versions and times."""
    return [(row["id"], row["fingerprint"]) for row in rows["expert"]]


@pytest.mark.timeout(240)
def test_all_or_nothing(url: str, worker: Worker, source: Path) -> None:
    before, n_lines = library_rows(url), 0
    database = Database.open(url)
    batches = BatchService(database, lambda: datetime.now(UTC), tuple)
    whole = worker.round(None)
    assert whole.was_done
    after = content(library_rows(url))
    batches.undo(actor=TESTER)
    assert library_rows(url) == before
    n_lines += 2
    outcomes = []
    draw = random.Random(20_261_122)
    for _ in range(N_KILLS):
        killed = worker.round(draw.uniform(0, whole.seconds))
        check_file(url)
        found = library_rows(url)
        outcomes.append((found != before, killed.had_written))
        if found != before:
            assert content(found) == after
            assert n_rows(url, "import_change") == N_OLD + N_NEW
            assert n_rows(url, "audit") == n_lines + 1
            batches.undo(actor=TESTER)
            n_lines += 2
            assert library_rows(url) == before
        else:
            assert not killed.was_done
        assert n_rows(url, "import_change") == 0
        assert n_rows(url, "audit") == n_lines
        assert n_rows(url, "import_batch") == n_lines // 2
    # At least once it was killed after it had written and before it had committed.
    assert (False, True) in outcomes
    report = ImportService(database, lambda: datetime.now(UTC)).apply("experts", source, actor=TESTER)
    assert (report.n_new, report.n_changed) == (N_NEW, N_OLD)
    assert content(library_rows(url)) == after
    database.close()
