"""One night in a process of its own, and in the same process the floor under its products.

Run by :mod:`tests.benchmarks.nightly`; prints one JSON document. The floor is the time that the bare matrix
products of the night's searches take, all cores behind each, as numpy does them: what no implementation that
compares every source with every passage in single precision can go below. Each source is compared twice, since a
query is moved towards what it finds first.
"""

import argparse
import json
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from recommender.bootstrap import Application
from recommender.domain.runs import MatchRun
from recommender.matching.blocks import kernels
from recommender.matching.blocks.scorer import BlockScorer
from recommender.nightly.night import Night
from recommender.nightly.work import ShardWorker
from recommender.services.nightly.options import NightOptions
from recommender.settings import Settings
from recommender.world.experts import AS_OF

ROWS = 256
"""Queries of one product of the floor."""
N_SAMPLED = 4
"""Shards of each side that are done once more with a watch on every step."""
STEPS = (
    *("add_terms", "sums_and_squares", "combine", "pick"),
    *("best_positions", "rescore", "best_entities", "settle"),
)
DENSE_STEPS = ("products", "combine", "pick", "best_positions", "best_entities")
"""The products and the choice of candidates from them; words, sums and ranking come on top."""


def floor_seconds(night: Night) -> dict[str, float]:
    """Seconds of the bare products, by side."""
    seconds = {}
    n_passes = 2 if night.plan.config.feedback_passages else 1
    for side, inputs in night.inputs.items():
        matrix = np.ascontiguousarray(night.indexes[side].matrix)
        queries = np.ascontiguousarray(matrix[:ROWS])
        products = np.empty((len(queries), len(matrix)), dtype=np.float32)
        best = min(_timed(lambda q=queries, m=matrix, p=products: np.matmul(q, m.T, out=p)) for _ in range(4))
        seconds[side.value] = best / len(queries) * len(inputs.sources) * n_passes
    return seconds


def watched(night: Night, n_threads: int) -> dict[str, dict[str, float]]:
    """Seconds of a whole night by side and step, from a sample of its shards; those of threads added up."""
    found: dict[str, dict[str, float]] = {}
    for side in night.inputs:
        numbers = [number for number, shard in enumerate(night.plan.shards) if shard.side is side][:N_SAMPLED]
        worker = ShardWorker(night, n_threads)
        worker.work(numbers[0])
        with stop_watches() as spent:
            seconds = _timed(lambda w=worker, n=numbers: [w.work(number) for number in n])
        n_done = sum(len(night.plan.shards[number].sources) for number in numbers)
        share = len(night.inputs[side].sources) / n_done
        found[side.value] = {name: value * share for name, value in spent.items()} | {"wall": seconds * share}
    return found


@contextmanager
def stop_watches() -> Iterator[dict[str, float]]:
    """Watch the products and the kernels for the block."""
    spent: dict[str, float] = defaultdict(float)
    lock = threading.Lock()

    def watch(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watching(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            result = function(*arguments, **named)
            with lock:
                spent[name] += time.perf_counter() - start
            return result

        return watching

    kept = {name: getattr(kernels, name) for name in STEPS}
    multiply = BlockScorer._multiply
    for name, function in kept.items():
        setattr(kernels, name, watch(function, name))
    BlockScorer._multiply = watch(multiply, "products")  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        BlockScorer._multiply = multiply  # type: ignore[method-assign]
        for name, function in kept.items():
            setattr(kernels, name, function)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run_night(application: Application, executor: str) -> tuple[MatchRun, float]:
    """Run a night; the run and its wall time."""
    options = NightOptions(as_of=AS_OF, executor=executor)

    def tell(stage: str, done: int, total: int) -> None:
        if done == total or done % 25 == 0:
            print(f"\r{stage} {done:,}/{total:,}  ", end="", file=sys.stderr, flush=True)

    start = time.perf_counter()
    run = application.nightly.run(options, actor="benchmark", on_progress=tell)
    seconds = time.perf_counter() - start
    print(file=sys.stderr)
    return run, seconds


def main() -> None:
    """Run, measure the floor, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executor", default="serial")
    parser.add_argument("--no-watch", action="store_true", help="leave out the floor and the steps")
    options = parser.parse_args()
    application = Application(Settings())
    run, seconds = run_night(application, options.executor)
    figures: dict[str, Any] = {
        "run": run.id,
        "wall_s": round(seconds, 1),
        "peak_mb": round(_peak_mb()),
        "n_sources": run.n_sources,
        "report": run.report,
    }
    if not options.no_watch:
        night = Night.open(Path(application.settings.var_dir.resolve() / "nights" / run.id))
        floors = floor_seconds(night)
        steps = watched(night, application.settings.n_threads)
        threads = application.settings.n_threads
        dense = sum(spent.get(name, 0.0) for spent in steps.values() for name in DENSE_STEPS) / threads
        figures["dense_ratio"] = round(dense / sum(floors.values()), 2)
        figures["search_ratio"] = round(sum(spent["wall"] for spent in steps.values()) / sum(floors.values()), 2)
        figures["blas"] = sorted(
            {
                f"{info['internal_api']} {info.get('architecture')}"
                for info in threadpool_info()
                if info["user_api"] == "blas"
            }
        )
        figures["floor_s"] = {side: round(value, 1) for side, value in floors.items()}
        figures["steps_s"] = {
            side: {name: round(value, 1) for name, value in spent.items()} for side, spent in steps.items()
        }
    print(json.dumps(figures, ensure_ascii=False))


def _peak_mb() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + children) / 1024


if __name__ == "__main__":
    main()
