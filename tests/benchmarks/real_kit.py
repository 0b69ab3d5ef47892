"""The main job on real data: import, index, match, each step timed as a user would run it.

Run by ``make bench``. Every step is a fresh ``matchmaker`` process, so time and peak memory are those of the
command, model loading included. The same steps run twice: the second import must change nothing and the second
build must encode nothing.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.steps import Step, hardware, run_step, table, write_figures

IMPORTS = (
    ("enterprises", "enterprises.csv"),
    ("experts", "experts.csv"),
    ("platforms", "platforms.csv"),
    ("achievements", "achievements_papers.csv"),
    ("achievements", "achievements_patents.csv"),
    ("achievement-platforms", "achievement_platforms.csv"),
    ("needs", "needs.csv"),
)


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


def report(steps: Sequence[Step]) -> str:
    """The table, and what the index holds."""
    lines = [table(steps)]
    built = next(step for step in steps if step.name == "index build, first")
    seconds = built.result["seconds"]
    n_encoded = built.result["n_encoded"]
    encode_s = next(value for stage, value in seconds.items() if stage == "计算向量")
    lines.append(f"index: {built.result['manifest']['counts']}; stages {seconds}")
    lines.append(f"encoding: {n_encoded} texts, {n_encoded / encode_s:.0f} texts/s")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, then measure the latency of the API and of the pages on the same index."""
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
        pages = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.console", "--var-dir", str(var_dir)], check=False
        )
    if options.json:
        write_figures(options.json, {"steps": steps})
    raise SystemExit(latency.returncode or pages.returncode)


if __name__ == "__main__":
    main()
