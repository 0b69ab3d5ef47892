"""Runs and suggestions to store in tests."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunKind, RunState, SuggestionRow
from recommender.store import Database
from recommender.store.address import Address
from recommender.store.engine import open_engine, writing

NOW = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)


def run(id: str = "R1", *, night: int = 0, **changes: Any) -> MatchRun:
    """A nightly run; ``night`` says how many nights after the first it was started."""
    values: dict[str, Any] = {
        "id": id,
        "started_at": NOW + night * NIGHT,
        "finished_at": None,
        "state": RunState.RUNNING,
        "snapshot_id": "gen-1",
        "encoder_id": "e5-small-zh",
        "configuration_hash": "abc",
        "n_sources": 2,
        "kind": RunKind.NIGHTLY,
    }
    return MatchRun(**{**values, **changes})


def row(
    source: str, target: str, position: int = 1, *, kind: EntityKind = EntityKind.EXPERT, score: float = 0.1 + 0.2
) -> SuggestionRow:
    """A need's suggestion; its texts hold what a driver might stumble over."""
    parts = json.dumps({"文本": score / 3, '引"号': 1e-17}, ensure_ascii=False)
    return ("need", source, kind.value, target, position, score, parts, json.dumps(["A\\1", "A\t2"]))


def ten_each(sources: Sequence[str], *, step: int = 1) -> list[SuggestionRow]:
    """Ten experts for each source, in order; ``step`` moves them on from source to source."""
    return [
        row(source, f"E{(number * step + position) % 1000:03}", position, score=1 / position)
        for number, source in enumerate(sources)
        for position in range(1, 11)
    ]


def store(database: Database, id: str, rows: Sequence[SuggestionRow], *, night: int = 0) -> None:
    """A run that is done, with these suggestions."""
    with database.write() as unit:
        unit.runs.start(run(id, night=night))
        unit.runs.store_rows(id, rows)
        unit.runs.finish(id, RunState.DONE, NOW + night * NIGHT)


@contextmanager
def raw(url: str) -> Iterator[Connection]:
    """A transaction past the repositories, to look at or to damage what they keep."""
    engine = open_engine(Address.parse(url))
    try:
        with writing(engine).begin() as connection:
            yield connection
    finally:
        engine.dispose()
