"""The main job on real data: import, index, match, each step timed as a user would run it.

Run by ``make bench``. Every step is a fresh ``matchmaker`` process, so time and peak memory are those of the
command, model loading included. The same steps run twice: the second import must change nothing and the second
build must encode nothing.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

IMPORTS = (
    ("enterprises", "enterprises.csv"),
    ("experts", "experts.csv"),
    ("platforms", "platforms.csv"),
    ("achievements", "achievements_papers.csv"),
    ("achievements", "achievements_patents.csv"),
    ("achievement-platforms", "achievement_platforms.csv"),
    ("needs", "needs.csv"),
)
_MB = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One command: wall time, peak resident memory, and what it reported."""

    name: str
    seconds: float
    peak_mb: float
    result: dict[str, Any]


def run_step(name: str, arguments: Sequence[str], var_dir: Path) -> Step:
    """Run one ``matchmaker`` command with ``--json`` and measure it."""
    environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(var_dir)}
    command = [sys.executable, "-m", "recommender.cli.main", *arguments, "--json"]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{name}: exit code {process.returncode}\n{output.decode()}")
    return Step(name, seconds, usage.ru_maxrss / _MB, json.loads(output))


def measure(data: Path, var_dir: Path) -> list[Step]:
    """All steps, each twice where a repetition must do less."""
    steps = [run_step("init", ["init"], var_dir)]
    for turn in ("first", "again"):
        for kind, name in IMPORTS:
            step = run_step(f"import {name}, {turn}", ["import", kind, str(data / name)], var_dir)
            if turn == "again" and (step.result["n_new"], step.result["n_changed"]) != (0, 0):
                raise SystemExit(f"{name}: the second import changed something")
            steps.append(step)
        built = run_step(f"index build, {turn}", ["index", "build"], var_dir)
        if turn == "again" and built.result["n_encoded"] != 0:
            raise SystemExit("the second build encoded unchanged texts")
        steps.append(built)
    steps.append(run_step("match --all", ["match", "--all"], var_dir))
    return steps


def hardware() -> dict[str, str]:
    """What the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": str(len(os.sched_getaffinity(0))),
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def report(steps: Sequence[Step]) -> str:
    """A table for people."""
    lines = [f"{'step':<48}{'seconds':>9}{'peak MB':>9}"]
    lines += [f"{step.name:<48}{step.seconds:>9.1f}{step.peak_mb:>9.0f}" for step in steps]
    lines.append(f"{'all steps':<48}{sum(step.seconds for step in steps):>9.1f}")
    built = next(step for step in steps if step.name == "index build, first")
    seconds = built.result["seconds"]
    n_encoded = built.result["n_encoded"]
    encode_s = next(value for stage, value in seconds.items() if stage == "计算向量")
    lines.append(f"index: {built.result['manifest']['counts']}; stages {seconds}")
    lines.append(f"encoding: {n_encoded} texts, {n_encoded / encode_s:.0f} texts/s")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, then measure the latency of the API on the same index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CSV files")
    parser.add_argument("--var-dir", type=Path, help="keep the run-time files here (an empty folder)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    if not (options.data / "needs.csv").is_file():
        raise SystemExit(f"no real data in {options.data}: pass REAL_KIT=folder to make bench")
    with tempfile.TemporaryDirectory() as temporary:
        var_dir = options.var_dir or Path(temporary)
        steps = measure(options.data, var_dir)
        print(hardware())
        print(report(steps))
        latency = subprocess.run(
            [
                sys.executable, "-m", "tests.benchmarks.latency",
                "--real-kit", str(options.data), "--var-dir", str(var_dir),
            ],
            check=False,
        )  # fmt: skip
    if options.json:
        figures = {"hardware": hardware(), "steps": [asdict(step) for step in steps]}
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    raise SystemExit(latency.returncode)


if __name__ == "__main__":
    main()
