"""How long the review of a need takes, everything included but the socket.

    python -m tests.benchmarks.intake --var-dir DIR

The folder holds an indexed library, such as ``make bench`` leaves. Every stored need is reviewed once as a draft,
one after the other; a serial number in title and description keeps its vector out of the cache.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.settings import Settings

N_WARM_UP = 10
MAX_NEEDS = 1000


def timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for call in calls:
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return found


def main() -> None:
    """Print percentiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var-dir", type=Path, required=True)
    application = Application(Settings(var_dir=parser.parse_args().var_dir))
    actor, service = Actor.trusted("benchmark"), application.intake
    with application.database.read() as unit:
        needs = list(unit.needs.iterate())[:MAX_NEEDS]
    drafts = [
        replace(need, id="", title=f"{need.title}{n}", description=f"{n} {need.description}")
        for n, need in enumerate(needs)
    ]
    timed([lambda draft=draft: service.review(actor, draft) for draft in drafts[:N_WARM_UP]])  # type: ignore[misc]
    for name, calls in (
        ("draft", [lambda draft=draft: service.review(actor, draft) for draft in drafts]),  # type: ignore[misc]
        ("stored", [lambda need=need: service.review_stored(actor, need.id) for need in needs]),  # type: ignore[misc]
    ):
        found = timed(calls)
        cuts = statistics.quantiles(found, n=100)
        shown = ", ".join(f"p{n} {cuts[n - 1]:.1f}" for n in (50, 95, 99))
        print(f"{name}: {len(found)} needs, {shown}, max {max(found):.1f} ms")


if __name__ == "__main__":
    main()
