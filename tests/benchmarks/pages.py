"""Pages of the library at the size of a city: how long one takes, wherever it stands in the list.

    python -m tests.benchmarks.pages --database URL [--json FILE]

The database holds a city (``make bench-city`` makes one). Every list is asked for in every order, from the start
and from somewhere deep in it, with filters that accept much and little. Ends with 1 where a page that an index
serves takes longer than its limit.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.filters import Filter
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.listing import LISTED_KINDS, ORDERS, Listing
from recommender.domain.paging import PageRequest
from recommender.services.library import LibraryService
from recommender.store.database import Database
from tests.benchmarks.steps import hardware, write_figures

LIMIT_MS: Final = 50.0
N_TURNS: Final = 15
N_DEEP: Final = 40
"""Pages to turn before the one that is measured as deep."""

EVERYTHING: Final = Listing()
ACTOR: Final = Actor.trusted("benchmark")
CONDITIONS: Final[dict[EntityKind, tuple[tuple[str, Listing], ...]]] = {
    EntityKind.ENTERPRISE: (
        ("产业链=纺织", Listing((Filter.parse("产业链=纺织"),))),
        ("名称含“新材料科技”", Listing(text="新材料科技")),
    ),
    EntityKind.EXPERT: (
        ("区域=江苏", Listing((Filter.parse("区域=江苏"),))),
        ("单位=苏州大学", Listing((Filter.parse("单位=苏州大学"),))),
        ("姓名含“欧阳明”", Listing(text="欧阳明")),
    ),
    EntityKind.PLATFORM: (("类型=重点实验室", Listing((Filter.parse("类型=重点实验室"),))),),
    EntityKind.ACHIEVEMENT: (
        ("年份起=2022", Listing((Filter.parse("年份起=2022"),))),
        ("名称含“冷轧”", Listing(text="冷轧")),
        ("没有一项符合", Listing(text="没有这样的名称")),
    ),
}


@dataclass(frozen=True, slots=True)
class PageTime:
    """One question, rows of its answer, and milliseconds that it took: the least, the median, the longest."""

    kind: str
    question: str
    n_rows: int
    min_ms: float
    median_ms: float
    max_ms: float
    by_index: bool


def measure(database: Database) -> Iterator[PageTime]:
    """All questions, one after the other."""
    library = LibraryService(database)
    for kind in LISTED_KINDS:
        for order in ORDERS[kind]:
            for sort in (order, f"-{order}"):
                yield timed(
                    library, kind, f"排序 {sort}，第一页", Listing(), PageRequest(sort=sort), by_index=True
                )
            request = deep(library, kind, order)
            yield timed(library, kind, f"排序 {order}，第 {N_DEEP + 1} 页", Listing(), request, by_index=True)
        for name, listing in CONDITIONS[kind]:
            yield timed(library, kind, name, listing, PageRequest(), by_index=False)


def deep(library: LibraryService, kind: EntityKind, order: str) -> PageRequest:
    """A page far inside a list, where it has so many."""
    request = PageRequest(sort=order, limit=200)
    for _ in range(N_DEEP):
        page = library.page(ACTOR, kind, Listing(), request)
        if not page.next_cursor:
            break
        request = PageRequest(sort=order, limit=200, cursor=page.next_cursor)
    return PageRequest(sort=order, cursor=request.cursor)


def timed(
    library: LibraryService,
    kind: EntityKind,
    question: str,
    listing: Listing,
    request: PageRequest,
    *,
    by_index: bool,
) -> PageTime:
    """Ask several times."""
    times = []
    for _ in range(N_TURNS):
        started = time.perf_counter()
        page = library.page(ACTOR, kind, listing, request)
        times.append((time.perf_counter() - started) * 1000)
    median, by_index = statistics.median(times), listing == EVERYTHING
    return PageTime(KIND_LABELS[kind], question, len(page.items), min(times), median, max(times), by_index)


def table(found: Sequence[PageTime]) -> str:
    """The figures for a reader."""
    lines = ["| 列表 | 问法 | 行数 | 最短 | 中位数 | 最长 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {item.kind} | {item.question} | {item.n_rows} "
        f"| {item.min_ms:.1f} ms | {item.median_ms:.1f} ms | {item.max_ms:.1f} ms |"
        for item in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="address of a database with a city")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    database = Database.open(options.database)
    try:
        found = list(measure(database))
    finally:
        database.close()
    print(hardware())
    print(table(found))
    if options.json:
        write_figures(options.json, {"pages": found})
    slow = [item for item in found if item.by_index and item.median_ms > LIMIT_MS]
    if slow:
        raise SystemExit("; ".join(f"{item.kind} {item.question}: {item.median_ms:.0f} ms" for item in slow))


if __name__ == "__main__":
    main()
