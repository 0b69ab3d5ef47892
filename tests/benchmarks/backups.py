"""A whole city into a backup, out of it again into both kinds of database, and pages of its lists there.

    python -m tests.benchmarks.backups --var-dir DIR [--json FILE]

The folder holds a city in SQLite, best with a few nights in it: suggestions are most of its rows. Each command
is a fresh process: time and peak memory are those of the command. A restore reads every table back and compares
it.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from recommender.store.database import Database
from tests.benchmarks.city import DURABLE
from tests.benchmarks.pages import LIMIT_MS, PageTime, measure
from tests.benchmarks.pages import table as page_table
from tests.benchmarks.steps import Step, hardware, run_step, table, write_figures
from tests.store.postgres import Cluster


def pages_of(url: str) -> list[PageTime]:
    """How long pages take in a database."""
    database = Database.open(url)
    try:
        return list(measure(database))
    finally:
        database.close()


def shortfalls(found: Sequence[PageTime]) -> list[str]:
    """Pages that an index serves and that take too long."""
    slow = [item for item in found if item.by_index and item.median_ms > LIMIT_MS]
    return [f"{item.kind} {item.question}: {item.median_ms:.0f} ms" for item in slow]


def main() -> None:
    """Back up, restore twice, turn pages, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var-dir", type=Path, required=True, help="folder with a city in SQLite")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file = folder / "city.zip"
        steps: list[Step] = [run_step("backup", ["backup", str(file)], options.var_dir)]
        n_bytes = file.stat().st_size
        steps.append(run_step("restore --check", ["restore", str(file), "--check"], folder / "none"))
        steps.append(run_step("restore into SQLite", ["restore", str(file)], folder / "sqlite"))
        pages = {"sqlite": pages_of(f"sqlite:///{folder / 'sqlite' / 'matchmaker.db'}")}
        cluster = Cluster(DURABLE, on_disk=True)
        try:
            url = cluster.url(cluster.create_database())
            settings = {"MATCHMAKER_DATABASE_URL": url}
            steps.append(run_step("restore into PostgreSQL", ["restore", str(file)], folder / "pg", settings))
            pages["postgresql"] = pages_of(url)
        finally:
            cluster.stop()
    print(hardware())
    print(f"{steps[0].result['n_rows']:,} rows, {n_bytes / 1e6:,.0f} MB")
    print(table(steps))
    for name, found in pages.items():
        print(name)
        print(page_table(found))
    if options.json:
        write_figures(options.json, {"n_bytes": n_bytes, "steps": steps, "pages": pages})
    failed = [f"{name}: {line}" for name, found in pages.items() for line in shortfalls(found)]
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main()
