"""Matching under load on the real kit: what is sustained, what ten times as much does, and how soon it is over.

Run by ``make bench-load``. A server of several workers on loopback answers ``POST /v1/match`` for as many
programs as there are people at work. Another process sends (:mod:`tests.benchmarks.load_client`), a new text
each time, so that every one is encoded, at random moments. First more than can be answered finds the capacity;
then a share of the capacity (1×), ten times that, and 1× again.

Ends with 1 where a promise is not kept.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from recommender.bootstrap import Application
from recommender.domain.accounts import AccountDraft, Actor, Permission, Role
from recommender.domain.errors import Conflict
from recommender.settings import Settings
from tests.benchmarks.latency import load_kit
from tests.benchmarks.load_client import Answer, Job, Phase
from tests.benchmarks.steps import hardware
from tests.http.processes import children_of
from tests.http.server import Server, running_workers

SHARE: Final = 0.62
"""Of the capacity: what is called 1×. Requests that come at random moments need room, or queues never empty."""

TIMES: Final = 10
MORE_THAN_ENOUGH: Final = 200.0
"""Requests a second that no two cores answer: what is accepted of them is the capacity."""

SETTLING_SECONDS: Final = 8.0
"""Before anything counts: every token is used for the first time, which is written down."""

N_PEOPLE: Final = 200
K: Final = 10
MAX_SLOWER: Final = 2.0
MAX_RECOVERY_S: Final = 10.0
MAX_GROWTH: Final = 1.10
MIN_ACCEPTED: Final = 0.99
MAX_SENT_AWAY: Final = 0.1
"""In a window of the recovery that counts as usual."""
OK: Final = 200
SENT_AWAY: Final = (429, 503)
_WINDOW_S: Final = 2.0
_KB_PER_MB: Final = 1024

OPERATOR: Final = Actor.trusted("benchmark")


@dataclass(frozen=True, slots=True)
class Figures:
    """One phase; times in milliseconds from the moment a request was due."""

    phase: str
    seconds: float
    offered_per_s: float
    accepted_per_s: float
    accepted_ratio: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    sent_away: int
    sent_away_p95_ms: float
    without_retry_after: int
    others: dict[str, int]


@dataclass(frozen=True, slots=True)
class Memory:
    """Proportional set size of all workers together: shared pages count once."""

    before_mb: float
    most_mb: float
    after_mb: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured."""

    hardware: dict[str, str]
    settings: dict[str, str]
    capacity_per_s: float
    phases: tuple[Figures, ...]
    recovery_s: float
    memory: Memory

    def shortfalls(self) -> list[str]:
        """Promises that are not kept."""
        usual, flood, after = self.phases
        found = []
        if usual.accepted_ratio < MIN_ACCEPTED:
            found.append(f"1×: {usual.accepted_ratio:.1%} accepted, at least {MIN_ACCEPTED:.0%}")
        if flood.p95_ms > MAX_SLOWER * usual.p95_ms:
            found.append(f"{TIMES}×: p95 {flood.p95_ms:.0f} ms, at most {MAX_SLOWER * usual.p95_ms:.0f} ms")
        for figures in self.phases:
            if figures.without_retry_after or figures.others:
                found.append(
                    f"{figures.phase}: {figures.without_retry_after} without Retry-After, {figures.others}"
                )
        if self.recovery_s > MAX_RECOVERY_S:
            found.append(f"recovery {self.recovery_s:.0f} s, at most {MAX_RECOVERY_S:.0f} s")
        if self.memory.most_mb > MAX_GROWTH * self.memory.before_mb:
            found.append(f"memory {self.memory.before_mb:.0f} → {self.memory.most_mb:.0f} MB")
        return found if after.seconds else ["the last phase is missing"]


def figures_of(name: str, seconds: float, answers: Sequence[Answer]) -> Figures:
    """The figures of the answers of one phase."""
    times = [answer.ms for answer in answers if answer.status == OK]
    away = [answer for answer in answers if answer.status in SENT_AWAY]
    others = Counter(str(answer.status) for answer in answers if answer.status not in {OK, *SENT_AWAY})
    percent = _percentiles(times)
    return Figures(
        phase=name,
        seconds=seconds,
        offered_per_s=len(answers) / seconds,
        accepted_per_s=len(times) / seconds,
        accepted_ratio=len(times) / max(1, len(answers)),
        p50_ms=percent[49],
        p95_ms=percent[94],
        p99_ms=percent[98],
        sent_away=len(away),
        sent_away_p95_ms=_percentiles([answer.ms for answer in away])[94],
        without_retry_after=sum(not answer.retry_after for answer in away),
        others=dict(others),
    )


def recovery_seconds(answers: Sequence[Answer], calm_from_s: float, usual: Figures) -> float:
    """Seconds from the end of the flood until every later window of two seconds is as usual.

    A window is not, where more than :data:`MAX_SENT_AWAY` are sent away or the median is over the usual 95th
    percentile.
    """
    windows: dict[int, list[Answer]] = {}
    for answer in answers:
        windows.setdefault(int((answer.due_s - calm_from_s) / _WINDOW_S), []).append(answer)
    unusual = [number for number, window in windows.items() if not _is_usual(window, usual)]
    return (max(unusual) + 1) * _WINDOW_S if unusual else 0.0


def _is_usual(window: Sequence[Answer], usual: Figures) -> bool:
    times = [answer.ms for answer in window if answer.status == OK]
    if len(times) < (1 - MAX_SENT_AWAY) * len(window):
        return False
    return statistics.median(times) <= usual.p95_ms


def _percentiles(values: Sequence[float]) -> list[float]:
    if len(values) < 2:
        return [values[0] if values else 0.0] * 99
    return statistics.quantiles(values, n=100, method="inclusive")


def people(var_dir: Path) -> tuple[str, ...]:
    """Tokens of as many accounts as there are people at work."""
    application = Application(Settings(var_dir=var_dir))
    found = []
    for number in range(N_PEOPLE):
        name = f"load-{number:03d}"
        try:
            draft = AccountDraft(login_name=name, display_name=name, role=Role.SERVICE)
            account = application.accounts.create(OPERATOR, draft, None).account
        except Conflict:
            account = application.accounts.get(OPERATOR, name)
        scopes = frozenset({Permission.MATCH})
        found.append(application.tokens.create(OPERATOR, "load", scopes, days=1, account_id=account.id).secret)
    application.database.close()
    return tuple(found)


def texts(var_dir: Path) -> tuple[tuple[str, str], ...]:
    """Title and description of every need of the kit."""
    application = Application(Settings(var_dir=var_dir))
    with application.database.read() as unit:
        found = tuple((need.title, need.description) for need in unit.needs.iterate())
    application.database.close()
    return found


def send(server: Server, phases: Sequence[Phase], seed: int, **parts: Any) -> list[Answer]:
    """Let another process send."""
    job = Job(host="127.0.0.1", port=server.port, phases=tuple(phases), k=K, seed=seed, **parts)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load_client"],
        input=json.dumps(asdict(job), ensure_ascii=False),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Answer(**answer) for answer in json.loads(done.stdout)]


@contextmanager
def watched_memory(server: Server) -> Iterator[list[tuple[float, float]]]:
    """Collects the memory of all workers every half second: moment, MB."""
    samples: list[tuple[float, float]] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            samples.append((time.monotonic(), memory_mb(server)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        stop.set()
        watcher.join()


def memory_mb(server: Server) -> float:
    """Proportional set size of the workers."""
    total = 0
    for pid, command in children_of(server.process.pid).items():
        if "api.worker" in command:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / _KB_PER_MB


def measure(var_dir: Path, *, n_workers: int, seconds: float, seed: int, settings: dict[str, str]) -> Report:
    """Everything, on a folder with the kit and its index."""
    parts: dict[str, Any] = {"tokens": people(var_dir), "texts": texts(var_dir)}
    with running_workers(var_dir, n_workers, **settings) as server:
        warm = (
            Phase("warm", SETTLING_SECONDS, n_clients=n_workers),
            Phase("capacity", seconds / 2, MORE_THAN_ENOUGH),
        )
        found = [answer for answer in send(server, warm, seed, **parts) if answer.phase == "capacity"]
        capacity = sum(answer.status == OK for answer in found) / (seconds / 2)
        rate = SHARE * capacity
        settling = Phase("settling", SETTLING_SECONDS, rate)
        plan = (
            Phase("1×", seconds, rate),
            Phase(f"{TIMES}×", seconds, TIMES * rate),
            Phase("1× again", seconds, rate),
        )
        with watched_memory(server) as samples:
            before = memory_mb(server)
            answers = send(server, (settling, *plan), seed + 1, **parts)
            after = memory_mb(server)
        most = max(megabytes for _, megabytes in samples)
    by_phase = {phase.name: [answer for answer in answers if answer.phase == phase.name] for phase in plan}
    phases = tuple(figures_of(phase.name, phase.seconds, by_phase[phase.name]) for phase in plan)
    return Report(
        hardware=hardware(),
        settings={"workers": str(n_workers), **settings},
        capacity_per_s=capacity,
        phases=phases,
        recovery_s=recovery_seconds(by_phase["1× again"], SETTLING_SECONDS + 2 * seconds, phases[0]),
        memory=Memory(before, most, after),
    )


def table(report: Report) -> str:
    """The figures for a reader, as they stand in docs/operations.md."""
    lines = [
        "| 负载 | 每秒请求 | 每秒完成 | 完成比例 | p50 | p95 | p99 | 请稍后再来（429、503） |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for item in report.phases:
        lines.append(
            f"| {item.phase} | {item.offered_per_s:.1f} | {item.accepted_per_s:.1f} | {item.accepted_ratio:.1%} "
            f"| {item.p50_ms:.0f} ms | {item.p95_ms:.0f} ms | {item.p99_ms:.0f} ms "
            f"| {item.sent_away:,} 次，p95 {item.sent_away_p95_ms:.0f} ms |"
        )
    memory = report.memory
    lines.append("")
    lines.append(
        f"满负荷每秒 {report.capacity_per_s:.1f} 次；恢复 {report.recovery_s:.0f} 秒；"
        f"全部进程的内存 {memory.before_mb:.0f} → 最多 {memory.most_mb:.0f} → {memory.after_mb:.0f} MB。"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, compare with what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the real CSV files, imported where there are none")
    parser.add_argument("--var-dir", type=Path, help="keep the run-time files here")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each phase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the server"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    settings = dict(item.split("=", 1) for item in options.set)
    with tempfile.TemporaryDirectory() as temporary:
        var_dir = options.var_dir or Path(temporary)
        if options.data:
            load_kit(options.data, var_dir)
        report = measure(
            var_dir, n_workers=options.workers, seconds=options.seconds, seed=options.seed, settings=settings
        )
    print(report.hardware)
    print(table(report))
    if options.json:
        options.json.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if report.shortfalls():
        raise SystemExit("\n".join(report.shortfalls()))


if __name__ == "__main__":
    main()
