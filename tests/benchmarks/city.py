"""A whole city from its files into the library, on SQLite and on PostgreSQL.

Run by ``make bench-city``. The synthetic city is generated first, then imported kind by kind, each import a fresh
process; then all of it once more, which must change nothing.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.steps import Step, hardware, run_step, table, write_figures
from tests.store.postgres import Cluster

IMPORTS = (
    ("enterprises", "enterprises"),
    ("enterprise-facts", "enterprise_facts"),
    ("platforms", "platforms"),
    ("experts", "experts"),
    ("achievements", "achievements"),
    ("achievement-platforms", "achievement_platforms"),
    ("needs", "needs"),
)
DURABLE = {"shared_buffers": "128MB", "max_wal_size": "1GB"}
"""A server as it is installed: nothing is lost in a power cut."""

MAX_FIRST_S = 300
MAX_AGAIN_S = 120
MAX_PEAK_MB = 1_536


def measure(city: Path, var_dir: Path, *, database_url: str, suffix: str) -> dict[str, list[Step]]:
    """Import everything twice into an empty database.

    Raises:
        SystemExit: a row has an error, or the second import changes something.
    """
    settings = {"MATCHMAKER_DATABASE_URL": database_url}
    run_step("init", ["init"], var_dir, settings)
    turns: dict[str, list[Step]] = {}
    for turn in ("first", "again"):
        turns[turn] = []
        for kind, name in IMPORTS:
            file = city / f"{name}.{suffix}"
            step = run_step(f"import {file.name}, {turn}", ["import", kind, str(file)], var_dir, settings)
            if turn == "again" and (step.result["n_new"], step.result["n_changed"]) != (0, 0):
                raise SystemExit(f"{file.name}: the second import changed something")
            turns[turn].append(step)
            print(f"{step.name}: {step.seconds:.1f} s, {step.peak_mb:.0f} MB", flush=True)
    return turns


def shortfalls(turns: dict[str, list[Step]]) -> list[str]:
    """What is over its limit."""
    found = []
    for turn, limit in (("first", MAX_FIRST_S), ("again", MAX_AGAIN_S)):
        seconds = sum(step.seconds for step in turns[turn])
        if seconds > limit:
            found.append(f"{turn}: {seconds:.0f} s, limit {limit} s")
    peak = max(step.peak_mb for steps in turns.values() for step in steps)
    return [*found, *([f"peak {peak:.0f} MB, limit {MAX_PEAK_MB} MB"] if peak > MAX_PEAK_MB else [])]


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'city.db'}"
        return
    cluster = Cluster(DURABLE, on_disk=True)
    try:
        yield cluster.url(cluster.create_database())
    finally:
        cluster.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate, import, print, compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is the city of the first load")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    figures: dict[str, object] = {"scale": options.scale, "seed": options.seed, "format": options.format}
    failed = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        city = folder / "city"
        command = ["world", "--scale", str(options.scale), "--seed", str(options.seed), "--out", str(city)]
        figures["world"] = run_step("world", [*command, "--format", options.format], folder)
        print(hardware())
        print(table([figures["world"]]))  # type: ignore[list-item]
        for name in options.database or ("sqlite", "postgresql"):
            with database(name, folder) as url:
                turns = measure(city, folder, database_url=url, suffix=options.format)
            figures[name] = turns
            print(name)
            print(table(turns["first"]))
            print(table(turns["again"]))
            failed += [f"{name}, {shortfall}" for shortfall in shortfalls(turns)]
    if options.json:
        write_figures(options.json, figures)
    if failed:
        raise SystemExit("; ".join(failed))


if __name__ == "__main__":
    main()
