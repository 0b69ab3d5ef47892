"""A small synthetic city for nights that are killed: built once, in two states that give other suggestions."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import psutil

from recommender.bootstrap import Application
from recommender.domain.runs import MatchRun, RunState, Suggestion
from recommender.exchange.files import FileFormat
from recommender.store import Database
from recommender.store.engine import sqlite_module
from tests.actors import TESTER
from tests.journeys import nights

ROOT: Final = Path(__file__).parents[2]
SCALE: Final = 0.004
N_THREADS: Final = 2
KINDS: Final = ("enterprises", "experts", "platforms", "achievements", "needs")
STATES: Final = ("甲", "乙")
SETTINGS: Final[dict[str, Any]] = {"shard_size": 16, "n_threads": N_THREADS, "max_attempts": 1000}


@dataclass(frozen=True)
class Outcome:
    """What an undisturbed night suggests.

    Attributes:
        content: hash of all of it.
        lists: of a few sources, without their run.
    """

    content: str
    lists: dict[str, list[Suggestion]]


@dataclass(frozen=True)
class City:
    """A run-time folder in the first state, after a published night, and what nights give in either state."""

    folder: Path
    outcomes: dict[str, Outcome]

    @classmethod
    def build(cls, folder: Path) -> "City":
        """Draw it, import it, and let undisturbed nights run in either state, the second from nothing."""
        var_dir = folder / "var"
        application = nights.copied(_empty(folder), var_dir, **SETTINGS)
        application.world.write(
            folder / "city", scale=SCALE, seed=7, file_format=FileFormat.CSV, on_progress=lambda *_: None
        )
        application.database.upgrade()
        for kind in KINDS:
            report = application.imports.apply(kind, folder / "city" / f"{kind}.csv", actor=TESTER)
            assert report.applied, report.errors
        put_into(application.database, STATES[0])
        outcomes = {STATES[0]: _undisturbed(application)}
        application.database.close()
        other = nights.copied(var_dir, folder / "other", **SETTINGS)
        other.encoder = application.encoder
        put_into(other.database, STATES[1])
        outcomes[STATES[1]] = _undisturbed(other)
        other.database.close()
        return cls(var_dir, outcomes)

    def copy(self, folder: Path) -> "Library":
        """A private copy in the first state."""
        shutil.copytree(self.folder, folder)
        return Library(folder, Database.open(f"sqlite:///{folder / 'matchmaker.db'}"))


def _empty(folder: Path) -> Path:
    empty = folder / "empty"
    empty.mkdir(parents=True)
    return empty


def _undisturbed(application: Application) -> Outcome:
    run = nights.run(application)
    assert run.state is RunState.DONE
    assert run.report["n_carried"] == 0
    with application.database.read() as unit:
        sources = sorted({each.source_id for each in unit.runs.suggestions(run.id)})
        few = random.Random(1).sample(sources, 12)
        lists = {source: without_run(unit.runs.suggestions(run.id, source)) for source in few}
    return Outcome(nights.content(application, run.id), lists)


def without_run(suggestions: list[Suggestion]) -> list[Suggestion]:
    """The same for any run."""
    return [replace(suggestion, run_id="") for suggestion in suggestions]


def put_into(database: Database, state: str) -> None:
    """Bring a library into a state: one expert's text differs, and so does everything that is searched."""
    with database.write() as unit:
        expert = min(unit.experts.iterate(), key=lambda each: each.id)
        unit.experts.upsert([replace(expert, biography=f"从事{state}类材料的研究。")])


@dataclass(frozen=True)
class Progress:
    """How far the newest run is.

    Attributes:
        run: its number, 0 where there is none.
        state: of the run.
        n_shards: planned for each stage.
        n_found, n_stored: done in each.
    """

    run: int
    state: str
    n_shards: int
    n_found: int
    n_stored: int


_PROGRESS: Final = """
SELECT r.number, r.state,
    sum(s.stage = '候选'), sum(s.stage = '候选' AND s.state = '完成'), sum(s.stage = '写入' AND s.state = '完成')
FROM match_run r JOIN run_shard s ON s.run_number = r.number
WHERE r.number = (SELECT max(number) FROM match_run) GROUP BY r.number
"""

_REPEATED: Final = "SELECT coalesce(sum(max(attempts - 1, 0)), 0) FROM run_shard WHERE run_number > ?"


class Library:
    """A library that runners in other processes work on."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self._looking = sqlite_module().connect(folder / "matchmaker.db", isolation_level=None)

    def close(self) -> None:
        """Give back all connections."""
        self._looking.close()
        self.database.close()

    def runner(self, *arguments: str, lease_seconds: float = 1.0) -> "Runner":
        """Start a night in a process of its own."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
        numbers = SETTINGS | {"var_dir": self.folder, "lease_seconds": lease_seconds}
        environment |= {f"MATCHMAKER_{name.upper()}": str(value) for name, value in numbers.items()}
        return Runner(environment, *arguments)

    def progress(self) -> Progress:
        """Of the newest run."""
        row = self._looking.execute(_PROGRESS).fetchone()
        return Progress(*row) if row else Progress(0, "", 0, 0, 0)

    def n_repeated(self, after: int) -> int:
        """Shards that were begun once more, and how often, in all runs after that number."""
        return int(self._looking.execute(_REPEATED, (after,)).fetchone()[0])

    def holder(self) -> str:
        """Who has, or last had, the night, "" where nobody ever did."""
        row = self._looking.execute("SELECT holder FROM lease WHERE name = 'nightly'").fetchone()
        return str(row[0]) if row else ""

    def run_ids(self) -> list[str]:
        """Ids of all runs there have been and are kept."""
        with self.database.read() as unit:
            return [run.id for run in unit.runs.newest(100)]

    def newest(self) -> MatchRun:
        """The run that was started last."""
        with self.database.read() as unit:
            return unit.runs.newest(1)[0]

    def published(self) -> MatchRun:
        """What readers see."""
        with self.database.read() as unit:
            shown = unit.runs.published()
            assert shown is not None
            run = unit.runs.get(shown.run_id)
            assert run is not None
            return run

    def content(self, run_id: str) -> str:
        """Hash of what a run suggests."""
        with self.database.read() as unit:
            return unit.runs.content_hash(run_id)

    def index_is_being_written(self) -> bool:
        """Whether a generation is under way."""
        return any((self.folder / "snapshots").glob(".building-*"))

    def generations(self) -> set[str]:
        """Names of the finished generations."""
        return {path.name for path in (self.folder / "snapshots").iterdir() if path.name[0] != "."}

    def workers(self) -> list[int]:
        """Processes at work for a runner of this library, whoever their parent is by now."""
        return [process.pid for process in psutil.process_iter(["cmdline"]) if self._is_worker(process)]

    def _is_worker(self, process: psutil.Process) -> bool:
        if "recommender.nightly.executors.worker" not in (process.info["cmdline"] or ()):
            return False
        try:
            return process.environ().get("MATCHMAKER_VAR_DIR") == str(self.folder)
        except psutil.Error:  # it has just ended
            return False

    def is_sound(self) -> bool:
        """Whether the database file is."""
        return self._looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    @contextmanager
    def nobody_writes(self) -> Iterator[None]:
        """Whoever writes has come to the end of it, and nobody begins."""
        with closing(sqlite_module().connect(self.folder / "matchmaker.db", timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()


class Runner:
    """``matchmaker nightly`` in a process of its own."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        command = [sys.executable, "-m", "recommender.cli.main", "nightly", "--as-of", str(nights.TODAY)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.name = f"{socket.gethostname()}:{self.process.pid}"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def kill(self) -> list[int]:
        """End it as a power cut does; the workers it had, which are not touched."""
        workers = [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]
        self.process.kill()
        self.process.wait()
        return workers

    def close(self) -> None:
        """Let go of what it would have said."""
        self.process.communicate(timeout=60)

    def wait(self, timeout_s: float = 240) -> tuple[int, str]:
        """Exit code and what it said on standard error."""
        _, said = self.process.communicate(timeout=timeout_s)
        return self.process.returncode, said


def wait_until(condition: Any, *, within_s: float = 120, every_s: float = 0.002) -> None:
    """Look again and again."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > within_s:
            raise TimeoutError
        time.sleep(every_s)
