"""Eight reviewers at once on few matches: no decision is lost, none is made twice, nobody sees a locked database.

``REVIEW_ACTIONS`` says how many actions in all, 600 by default; ``make reliability`` takes 5,000.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recommender.domain.cases import Pair, Subject, Transition
from recommender.domain.entities import Expert
from recommender.domain.match import AuditEntry
from recommender.store import Database
from tests.crash.reviewer import Account, ids_for, review
from tests.review import city
from tests.store.conftest import cluster, template, template_file
from tests.store.postgres import Cluster

__all__ = ["cluster", "template", "template_file"]

N_REVIEWERS = 8
N_ACTIONS = int(os.environ.get("REVIEW_ACTIONS", "600"))
IDS = ids_for(N_ACTIONS)


def on_threads(url: str, _folder: Path) -> list[Account]:
    """Reviewers who share the pool of one process."""
    database = Database.open(url)
    with ThreadPoolExecutor(N_REVIEWERS) as pool:
        share = N_ACTIONS // N_REVIEWERS
        accounts = list(pool.map(lambda n: review(database, n, share, IDS), range(N_REVIEWERS)))
    database.close()
    return accounts


def in_processes(url: str, folder: Path) -> list[Account]:
    """Reviewers each of whom has a process."""
    files = [folder / f"reviewer-{n}.json" for n in range(N_REVIEWERS)]
    command = [sys.executable, "-m", "tests.crash.reviewer", url]
    share = str(N_ACTIONS // N_REVIEWERS)
    started = [
        subprocess.Popen([*command, str(n), share, str(N_ACTIONS), str(file)], cwd=Path(__file__).parents[2])
        for n, file in enumerate(files)
    ]
    assert [process.wait() for process in started] == [0] * N_REVIEWERS
    return [_account(json.loads(file.read_text(encoding="utf-8"))) for file in files]


def _account(told: dict[str, object]) -> Account:
    account = Account(**told)  # type: ignore[arg-type]
    account.decided = [(id, version, state) for id, version, state in account.decided]
    account.refused = Counter(account.refused)
    return account


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("work", [on_threads, in_processes], ids=["threads", "processes"])
def test_on_sqlite(
    work: Callable[[str, Path], list[Account]],
    template_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "reviewers.db"
    path.write_bytes(template_file.read_bytes())
    _try_out(f"sqlite:///{path}", work, tmp_path, capsys)


@pytest.mark.timeout(1200)
def test_on_postgresql(
    cluster: Cluster, template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = cluster.create_database(template=template)
    _try_out(cluster.url(name), on_threads, tmp_path, capsys)
    cluster.drop_database(name)


def _try_out(
    url: str,
    work: Callable[[str, Path], list[Account]],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    database = Database.open(url)
    _fill(database)
    began = time.perf_counter()
    accounts = work(url, folder)
    took = time.perf_counter() - began
    _check(database, accounts)
    database.close()
    with capsys.disabled():
        print(_figures(url.partition(":")[0], work.__name__, accounts, took))


def _fill(database: Database) -> None:
    """The small city, and a published run that suggests every match."""
    city.fill(database)
    pairs = [pair for pair in map(Pair.parse, IDS) if pair is not None]
    run_id = "20261129T010000-aaaaaa"
    with database.write() as unit:
        unit.experts.upsert([Expert(id=pair.target_id, name="某专家") for pair in pairs])
        city.publish(unit, run_id)
        rows = [city.suggestion(pair, position, 0.5, run_id) for position, pair in enumerate(pairs, start=100)]
        unit.runs.add(rows)


def _check(database: Database, accounts: Sequence[Account]) -> None:
    assert [failure for account in accounts for failure in account.failed] == []
    acknowledged = {
        (id, version, state, account.actor) for account in accounts for id, version, state in account.decided
    }
    assert len(acknowledged) == sum(len(account.decided) for account in accounts), "a version was given twice"
    with database.read() as unit:
        trail = unit.audit.tail(1_000_000)
        lines = {id: unit.timeline.of(Subject.CASE, id) for id in IDS}
        for id in IDS:
            case = unit.cases.get(id)
            if case is None:
                assert lines[id] == []
            else:
                _check_line(lines[id], case.state, case.version)
    stored = {
        (id, line.version, line.to_state.value, line.actor) for id, of_case in lines.items() for line in of_case
    }
    missing = acknowledged - stored
    assert missing == set(), "acknowledged, but not in the timeline"
    # Claims and releases take steps as well, which are told by the state they lead to.
    extra = {state for _, _, state, _ in stored - acknowledged}
    assert extra <= {"官员审核", "系统推荐"}, "in the timeline, but never acknowledged"
    _check_trail(lines, trail)


def _check_line(lines: Sequence[Transition], state: object, version: int) -> None:
    versions = [line.version for line in lines]
    assert versions == sorted(set(versions))
    assert [line.from_state for line in lines[1:]] == [line.to_state for line in lines[:-1]]
    if lines:
        assert lines[-1].to_state is state
        assert lines[-1].version <= version


def _check_trail(lines: dict[str, list[Transition]], trail: Sequence[AuditEntry]) -> None:
    in_trail = defaultdict(list)
    for entry in trail:
        if "step" in entry.detail and entry.target in lines:
            in_trail[entry.target].append((entry.detail["step"], entry.detail["version"], entry.actor))
    for id, of_case in lines.items():
        assert in_trail[id] == [(line.number, line.version, line.actor) for line in of_case]


def _figures(database: str, how: str, accounts: Sequence[Account], took: float) -> str:
    seconds = sorted(second for account in accounts for second in account.seconds)
    refused = sum((account.refused for account in accounts), Counter())
    n_decided = sum(len(account.decided) for account in accounts)
    p50, p95, worst = (seconds[int(share * (len(seconds) - 1))] * 1000 for share in (0.5, 0.95, 1.0))
    return (
        f"\n{database} {how}: {len(seconds):,} actions in {took:.1f} s ({len(seconds) / took:.0f}/s), "
        f"{n_decided:,} steps acknowledged and found, {refused.total():,} refused with 409 {dict(refused)}; "
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {worst:.0f} ms"
    )
