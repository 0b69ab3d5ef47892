"""Commands of ``matchmaker``, each a fresh process, with their time and memory."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_KB_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One command: wall time, peak resident memory, and what it reported."""

    name: str
    seconds: float
    peak_mb: float
    result: dict[str, Any]


def run_step(
    name: str, arguments: Sequence[str], var_dir: Path, settings: Mapping[str, str] | None = None
) -> Step:
    """Run one ``matchmaker`` command with ``--json`` and measure it.

    Args:
        name: what tables call it.
        arguments: of the command line.
        var_dir: folder of the run-time files.
        settings: further environment variables.

    Raises:
        SystemExit: the command ended with an error.
    """
    environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(var_dir), **(settings or {})}
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
    return Step(name, seconds, usage.ru_maxrss / _KB_PER_MB, json.loads(output))


def table(steps: Sequence[Step]) -> str:
    """A table for people."""
    lines = [f"{'step':<48}{'seconds':>9}{'peak MB':>9}"]
    lines += [f"{step.name:<48}{step.seconds:>9.1f}{step.peak_mb:>9.0f}" for step in steps]
    lines.append(f"{'all steps':<48}{sum(step.seconds for step in steps):>9.1f}")
    return "\n".join(lines)


def write_figures(file: Path, figures: Mapping[str, object]) -> None:
    """Write figures with the hardware they were measured on; steps without their long results."""
    content = {"hardware": hardware(), **figures}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")


def _plain(value: object) -> object:
    if isinstance(value, Step):
        numbers = {key: item for key, item in value.result.items() if isinstance(item, int | float)}
        return {"name": value.name, "seconds": round(value.seconds, 1), "peak_mb": round(value.peak_mb)} | numbers
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is not a figure")


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
