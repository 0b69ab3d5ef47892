"""Work that does as it is told, in whichever process it runs, and leaves a trace of it in a folder."""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from recommender.nightly.executors.protocol import Work


def payload_of(shard: int, size: int) -> bytes:
    """What a shard gives when nothing is in the way; different for every shard."""
    return random.Random(shard).randbytes(size)


@dataclass(frozen=True, kw_only=True)
class Script:
    """An opener.

    Attributes:
        folder: where files ``opened-PID-THREADS-TIME`` and ``begun-SHARD-PID`` are left.
        acts: shard → what happens there: ``raise``, ``text`` (not bytes), ``kill`` (itself), ``kill-once``
            (the first time), ``kill-coordinator`` (whose number is in a file ``coordinator``), ``exit``, ``meet``
            (wait until all that meet have begun), ``wait`` until a file ``go`` is there, ``spin`` for ever,
            ``fork`` a process that stays and then kill itself.
        size: bytes of a payload.
    """

    folder: Path
    acts: Mapping[int, str] = field(default_factory=dict)
    size: int = 1000

    def open(self, n_threads: int) -> Work:
        (self.folder / f"opened-{os.getpid()}-{n_threads}-{time.monotonic_ns()}").touch()
        return self._do

    def opened(self) -> list[tuple[int, int]]:
        """Process and threads of every opening."""
        return [tuple(map(int, path.name.split("-")[1:3])) for path in self.folder.glob("opened-*")]

    def begun(self) -> list[tuple[int, int]]:
        """Shard and process of every beginning."""
        return [tuple(map(int, path.name.split("-")[1:])) for path in self.folder.glob("begun-*")]

    def wait_until_begun(self, shard: int, within_s: float = 20.0) -> int:
        """The process that does the shard."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for number, pid in self.begun():
                if number == shard:
                    return pid
            time.sleep(0.01)
        raise TimeoutError(shard)

    def _do(self, shard: int) -> bytes:
        (self.folder / f"begun-{shard}-{os.getpid()}").touch()
        act = self.acts.get(shard, "")
        if act == "raise":
            raise LookupError(f"no enterprise in {shard}")
        if act == "text":
            return "a string"  # type: ignore[return-value]
        self._wait(act)
        self._die(act, shard)
        return payload_of(shard, self.size)

    def _wait(self, act: str) -> None:
        while act == "spin":
            pass
        while (act == "meet" and not self._all_have_met()) or (
            act == "wait" and not (self.folder / "go").exists()
        ):
            time.sleep(0.01)

    def _die(self, act: str, shard: int) -> None:
        if act == "fork":
            self._stay_behind()
        if act == "exit":
            os._exit(0)
        if act == "kill-coordinator":
            os.kill(int((self.folder / "coordinator").read_text()), signal.SIGKILL)
            time.sleep(60)
        is_first = [number for number, _ in self.begun()].count(shard) == 1
        if act in {"kill", "fork"} or (act == "kill-once" and is_first):
            os.kill(os.getpid(), signal.SIGKILL)

    def _all_have_met(self) -> bool:
        begun = {shard for shard, _ in self.begun()}
        return all(shard in begun for shard, act in self.acts.items() if act == "meet")

    def _stay_behind(self) -> None:
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        (self.folder / f"stays-{child}").touch()


@dataclass(frozen=True, kw_only=True)
class OnlyFirst(Script):
    """An opener that works in the first process alone; it ends every other in the midst of opening, or hangs.

    The third that it ends leaves a file ``go``.
    """

    hangs: bool = False

    def open(self, n_threads: int) -> Work:
        try:
            (self.folder / "first").touch(exist_ok=False)
        except FileExistsError:
            (self.folder / f"refused-{os.getpid()}").touch()
            while self.hangs:
                time.sleep(1)
            if len(self.refused()) == 3:
                (self.folder / "go").touch()
            os._exit(3)
        return super().open(n_threads)

    def refused(self) -> list[Path]:
        """A file for every process that was ended."""
        return list(self.folder.glob("refused-*"))


@dataclass(frozen=True, kw_only=True)
class EveryThird(Script):
    """An opener that works the first time, and then every third time."""

    def open(self, n_threads: int) -> Work:
        n_before = len(self.opened())
        work = super().open(n_threads)
        if n_before % 3:
            raise BlockingIOError("busy")
        return work


@dataclass(frozen=True, kw_only=True)
class Unreadable(Script):
    """An opener that cannot be unpickled."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return int, ("no number",)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """An opener whose payload says what its process found when it began."""

    def open(self, n_threads: int) -> Work:
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")
        found = {name: os.environ.get(name) for name in names}
        heavy = sorted({"numpy", "faiss", "torch"} & set(sys.modules))
        facts = {**found, "n_threads": n_threads, "heavy": heavy, "path": sys.path}
        return lambda shard: json.dumps({**facts, "shard": shard}).encode()


@dataclass(frozen=True, kw_only=True)
class Closed(Script):
    """An opener that raises."""

    def open(self, n_threads: int) -> Work:
        super().open(n_threads)
        raise FileNotFoundError("vectors.npy")


def gone(pid: int) -> bool:
    """Whether the process has ended; a zombie of ours has not, one that nobody waits for has."""
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE and process.ppid() != os.getpid()
    except psutil.NoSuchProcess:
        return True


def seconds_until_gone(pids: Iterator[int] | list[int], within_s: float) -> float:
    """How long it takes until all have ended; at most ``within_s``, then it raises."""
    begun = time.monotonic()
    left = list(pids)
    while left := [pid for pid in left if not gone(pid)]:
        if time.monotonic() - begun > within_s:
            raise TimeoutError(left)
        time.sleep(0.01)
    return time.monotonic() - begun
