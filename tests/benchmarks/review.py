"""Lists and key figures of review at the size of a city, on SQLite and on PostgreSQL.

    python -m tests.benchmarks.review [--cases 100000] [--scale 1.0] [--json FILE]

At scale 1.0 the published run holds 1.5 million suggestions for 50,000 enterprises and 2,000 needs among 62,000
experts; beside it stand matches that each went some way. Seconds by the wall clock, the median of three.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.entities import Enterprise, Expert, Need
from recommender.domain.figures import FigureGroup, FigureRequest
from recommender.domain.kinds import EntityKind
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.runs import RunState
from recommender.domain.workflow import CaseState
from recommender.store import Database
from tests.benchmarks.city import DURABLE
from tests.benchmarks.steps import write_figures
from tests.benchmarks.suggestions import N_ENTERPRISES, N_EXPERTS, N_NEEDS, RUN, code, shards
from tests.review import ledger
from tests.review.city import Desk
from tests.store.postgres import Cluster

TOWNS: Final = tuple(f"第{n}镇" for n in range(1, 11))
CHAINS: Final = ("冶金新材料", "智能装备", "化工新材料", "纺织", "半导体", "新能源", "生物医药")
START: Final = datetime(2025, 6, 1, tzinfo=UTC)
CITY: Final = Actor(
    id="officer-07", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(whole_city=True)
)
TOWN: Final = Actor(
    id="officer-08",
    role=Role.OFFICER,
    permissions=GRANTS[Role.OFFICER],
    reach=Reach(towns=frozenset({TOWNS[0]})),
)
N_REPEATS: Final = 3


def fill(url: str, n_cases: int, scale: float, *, n_needs: int = 0) -> Database:
    """The city, its published run and its matches.

    Args:
        n_needs: that the matches hang on, where it is not what the scale makes of 2,000; those beyond have no
            suggestions.
    """
    database = Database.open(url)
    database.upgrade()
    n_enterprises, n_needs = round(N_ENTERPRISES * scale), n_needs or round(N_NEEDS * scale)
    needs = [
        Need(
            id=code(EntityKind.NEED, n),
            title=f"需求{n}",
            description="改进工艺",
            enterprise_code=code(EntityKind.ENTERPRISE, n % n_enterprises),
            industry_chain=CHAINS[n % len(CHAINS)],
        )
        for n in range(n_needs)
    ]
    with database.write() as unit:
        unit.enterprises.upsert(
            [
                Enterprise(
                    code=code(EntityKind.ENTERPRISE, n),
                    name=f"企业{n}",
                    town=TOWNS[n % len(TOWNS)],
                    industry_chain=CHAINS[n % len(CHAINS)],
                )
                for n in range(n_enterprises)
            ]
        )
        unit.needs.upsert(needs)
        unit.experts.upsert(
            [Expert(id=code(EntityKind.EXPERT, n), name=f"专家{n}", capacity=3) for n in range(N_EXPERTS)]
        )
        unit.runs.start(RUN)
    for kind, _, rows in shards(1, scale):
        if kind is not EntityKind.ACHIEVEMENT:
            with database.write() as unit:
                unit.runs.store_rows(RUN.id, rows)
    with database.write() as unit:
        unit.runs.finish(RUN.id, RunState.DONE, RUN.started_at)
        unit.runs.publish(RUN.id, RUN.started_at, "bench")
    ledger.fill(url, n_cases, [(need.id, need.enterprise_code) for need in needs], start=START)
    return database


def seconds(work: Callable[[], Any]) -> float:
    """The median of a few times."""
    taken = []
    for _ in range(N_REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def measure(database: Database) -> dict[str, float]:
    """Every list and figure."""
    desk = Desk(database)
    found: dict[str, float] = {}

    def keep(name: str, work: Callable[[], Any]) -> None:
        found[name] = round(seconds(work), 4)
        print(f"  {name:<60}{found[name]:>9.3f} s", flush=True)

    for group in FigureGroup:
        wanted = FigureRequest(group=group)
        keep(f"figures by {group}, all time", partial(desk.figures.read, CITY, wanted))
    quarter = FigureRequest(group=FigureGroup.TOWN, since=date(2026, 1, 1), until=date(2026, 4, 1))
    keep("figures by town, a quarter", partial(desk.figures.read, CITY, quarter))
    keep("figures, one town's officer", partial(desk.figures.read, TOWN, FigureRequest()))
    for view in (CaseView.ALL, CaseView.MINE, CaseView.OVERDUE, CaseView.RETURNED):
        keep(f"matches, {view}", partial(desk.queue.page, CITY, CaseFilter(view=view), PageRequest()))
    of_enterprises = CaseFilter(source_kind=EntityKind.ENTERPRISE)
    for who, actor in (("city", CITY), ("one town", TOWN)):
        for sort in ("list", "score"):
            page = partial(desk.queue.page, actor, CaseFilter(), PageRequest(sort=sort))
            keep(f"queue of needs by {sort}, {who}", page)
        keep(
            f"queue of enterprises by list, {who}", partial(desk.queue.page, actor, of_enterprises, PageRequest())
        )
    second = PageRequest(cursor=desk.queue.page(CITY, CaseFilter(), PageRequest()).next_cursor)
    keep("queue of needs by list, city, second page", partial(desk.queue.page, CITY, CaseFilter(), second))
    keep("needs", partial(desk.needs.page, CITY, NeedFilter(), PageRequest()))
    with database.read() as unit:
        keep("running matches by expert", unit.cases.n_running_by_expert)
        keep("what left the library", partial(unit.cases.gone, [CaseState.PUSHED], 200))
    return found


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        print("sqlite", flush=True)
        database = fill(f"sqlite:///{Path(folder) / 'review.db'}", options.cases, options.scale)
        figures["sqlite"] = measure(database)
        database.close()
    cluster = Cluster(DURABLE, on_disk=True)
    try:
        print("postgresql", flush=True)
        database = fill(cluster.url(cluster.create_database()), options.cases, options.scale)
        figures["postgresql"] = measure(database)
        database.close()
    finally:
        cluster.stop()
    if options.json:
        write_figures(options.json, {"cases": options.cases, "scale": options.scale, **figures})


if __name__ == "__main__":
    main()
