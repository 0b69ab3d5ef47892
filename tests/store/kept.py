"""What is kept for figures, compared with what it follows from, read the slow way: row by row, in Python."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

from recommender.domain.cases import Subject
from recommender.domain.figures import STAGE_STATES, Stage
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS
from recommender.domain.runs import RunState
from recommender.store.address import Address
from recommender.store.engine import open_engine, reading
from recommender.store.tables import Base

TABLES = Base.metadata.tables
ENDED = frozenset({RunState.DONE, RunState.PARTIAL})


def assert_kept_figures_follow(url: str) -> None:
    """Every row of ``case_reach`` and ``best_score`` says what steps and suggestions say, and none is missing."""
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        compare(connection)
    engine.dispose()


def compare(connection: Connection) -> None:
    """The same in a transaction that is open."""
    assert {row.pop("case_number"): row for row in rows(connection, "case_reach")} == reach_by_hand(connection)
    ended = {row["number"] for row in rows(connection, "match_run") if row["state"] in ENDED}
    kept = {
        (row["run_number"], row["source_kind"], row["source_id"]): tuple(row[kind] for kind in SUPPLY_KINDS)
        for row in rows(connection, "best_score")
    }
    best = best_by_hand(connection)
    assert {key: kept[key] for key in kept if key[0] in ended} == {
        key: best[key] for key in best if key[0] in ended
    }


def rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(TABLES[table]))]


def reach_by_hand(connection: Connection) -> dict[int, dict[str, int | None]]:
    numbers = {row["id"]: row["number"] for row in rows(connection, "match_case")}
    steps = [row for row in rows(connection, "workflow_step") if row["subject"] is Subject.CASE]
    undone = {row["undoes"] for row in steps}
    standing: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for step in steps:
        taken_up = any(step["to_state"] in states for states in STAGE_STATES.values())
        if step["undoes"] is None and step["number"] not in undone and taken_up and step["subject_id"] in numbers:
            standing[numbers[step["subject_id"]]].append(step)
    return {
        number: {
            **{stage.value: first(of_case, stage) for stage in Stage},
            "latest": max(int(step["at"].timestamp()) for step in of_case),
        }
        for number, of_case in standing.items()
    }


def first(steps: list[dict[str, Any]], stage: Stage) -> int | None:
    times = [int(step["at"].timestamp()) for step in steps if step["to_state"] in STAGE_STATES[stage]]
    return min(times, default=None)


def best_by_hand(connection: Connection) -> dict[tuple[Any, ...], tuple[float | None, ...]]:
    scores: defaultdict[tuple[Any, ...], dict[Any, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(connection, "suggestion"):
        if row["source_kind"] in DEMAND_KINDS:
            source = (row["run_number"], row["source_kind"], row["source_id"])
            scores[source][row["target_kind"]].append(row["score"])
    return {
        source: tuple(max(by_kind[kind]) if kind in by_kind else None for kind in SUPPLY_KINDS)
        for source, by_kind in scores.items()
    }
