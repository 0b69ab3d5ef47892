"""Searching the library: how long a page with its facets takes, by kind and by what is asked.

    python -m tests.benchmarks.library_search --var-dir DIR [--json FILE]

The folder holds a library (that of ``make bench`` or ``make bench-city``); where it has no index, words are
looked for. Every question is asked with a text that nobody asked before, then with a facet chosen, then a page
further. Ends with 1 where the 95th percentile of a kind is over its limit.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Final

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.facets import LibraryQuestion
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.listing import LISTED_KINDS
from recommender.domain.paging import PageRequest
from recommender.services.library_search import LibraryFound
from recommender.settings import Settings
from tests.benchmarks.steps import hardware, write_figures

LIMIT_MS: Final = 200.0
N_TURNS: Final = 5
ACTOR: Final = Actor.trusted("benchmark")
QUESTIONS: Final = (
    "",
    "激光焊接",
    "锂电池",
    "大学",
    "钢丝绳断丝检测",
    "想找人帮忙解决铝合金焊接以后变形开裂的毛病",
)


@dataclass(frozen=True, slots=True)
class SearchTime:
    """One kind.

    Attributes:
        p50_ms, p95_ms, max_ms: a page takes by the clock.
        cpu_p95_ms: the same in time of the processor, whatever else the machine does.
        first_s: reading the columns once, in seconds.
    """

    kind: str
    n_records: int
    n_pages: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    cpu_p95_ms: float
    first_s: float


def measure(application: Application, kind: EntityKind) -> SearchTime:
    """All questions of one kind."""
    search = application.library_search
    started = time.perf_counter()
    everything = search.search(ACTOR, kind, LibraryQuestion(), PageRequest())
    first_s = time.perf_counter() - started
    pages = list(_pages(application, kind))
    taken, used = sorted(clock for clock, _ in pages), sorted(cpu for _, cpu in pages)
    last = int(0.95 * len(pages))
    return SearchTime(
        KIND_LABELS[kind],
        everything.n_known,
        len(pages),
        statistics.median(taken),
        taken[last],
        taken[-1],
        used[last],
        first_s,
    )


def _pages(application: Application, kind: EntityKind) -> Iterator[tuple[float, float]]:
    """Milliseconds of each page, by the clock and of the processor."""
    serial = count()

    def timed(question: LibraryQuestion, request: PageRequest) -> tuple[tuple[float, float], LibraryFound]:
        started, used = time.perf_counter(), time.process_time()
        found = application.library_search.search(ACTOR, kind, question, request)
        return (1000 * (time.perf_counter() - started), 1000 * (time.process_time() - used)), found

    for turn in range(N_TURNS):
        for text in QUESTIONS:
            # Two letters behind it: no text was asked before, so nothing is remembered of it.
            asked = f"{text} {chr(97 + turn)}{chr(97 + next(serial) % 26)}" if text else ""
            taken, found = timed(LibraryQuestion(asked), PageRequest())
            yield taken
            if found.facets and found.facets[0].values:
                chosen = {found.facets[0].facet.field: (found.facets[0].values[0].value,)}
                yield timed(LibraryQuestion(asked, chosen), PageRequest())[0]
            if found.next_cursor:
                yield timed(LibraryQuestion(asked), PageRequest(cursor=found.next_cursor))[0]


def main() -> None:
    """Measure, print, and write the figures to a file where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--var-dir", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    application = Application(Settings(var_dir=options.var_dir))
    # The model and the index are opened before anybody asks.
    application.library_search.search(ACTOR, EntityKind.PLATFORM, LibraryQuestion("热身"), PageRequest())
    times = [measure(application, kind) for kind in LISTED_KINDS]
    print(hardware())
    for each in times:
        print(
            f"{each.kind:<6}{each.n_records:>9,} 条{each.n_pages:>5} 页  p50 {each.p50_ms:6.0f} ms"
            f"  p95 {each.p95_ms:6.0f} ms  最长 {each.max_ms:6.0f} ms"
            f"  处理器 p95 {each.cpu_p95_ms:5.0f} ms  首次 {each.first_s:.1f} s"
        )
    if options.json:
        write_figures(options.json, {"times": [asdict(each) for each in times]})
    application.database.close()
    raise SystemExit(any(each.p95_ms > LIMIT_MS for each in times))


if __name__ == "__main__":
    main()
