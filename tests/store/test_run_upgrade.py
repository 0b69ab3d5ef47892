"""Runs and suggestions of the version before nightly runs, up and down; merges of then are undone now."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunKind, RunState
from recommender.store import Database, schema
from recommender.store.address import Address
from recommender.store.engine import open_engine
from recommender.store.journal import RowRef

from .nights import NOW, raw, row, run

Row = dict[str, Any]


def old_run(id: str, hours: int, state: str = "完成") -> Row:
    return {
        "id": id,
        "started_at": NOW + timedelta(hours=hours),
        "finished_at": None if state == "运行中" else NOW + timedelta(hours=hours + 1),
        "state": state,
        "snapshot_id": "gen-1",
        "encoder_id": "e5",
        "configuration_hash": "abc",
        "n_sources": 3,
    }


def old_suggestion(run_id: str, source: str, target: str, position: int = 1) -> Row:
    return {
        "run_id": run_id,
        "source_kind": "need",
        "source_id": source,
        "target_kind": "expert",
        "position": position,
        "target_id": target,
        "score": 1 / (position + 2),
        "parts": {"文本": 0.1, "地域": 1e-17},
        "reason": "做过“高温合金”",
        "evidence_ids": ["A1", "A2"] if position == 1 else [],
    }


def key_of(suggestion: Row) -> Row:
    return {name: suggestion[name] for name in ("run_id", "source_kind", "source_id", "target_kind", "position")}


def old_hash(suggestion: Row) -> str:
    """As the journal of that version made it."""
    said = {name: value for name, value in sorted(suggestion.items()) if value not in ("", [])}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


RUNS = [old_run("late", 5), old_run("early", 0, "未完成"), old_run("mid", 2, "运行中")]
MERGED = old_suggestion("late", "N1", "E-new")
ALTERED = old_suggestion("late", "N3", "E9")
SUGGESTIONS = [
    MERGED,
    ALTERED,
    old_suggestion("late", "N1", "E3", 3),
    *(
        old_suggestion(id, f"N{n}", f"E{n * position}", position)
        for id in ("early", "mid")
        for n in (2, 1)
        for position in (1, 2)
    ),
]
BEFORE = [{**MERGED, "target_id": "E-old"}, {**MERGED, "position": 2, "score": 0.25}]


def change(merge: int, position: int, key: Row, before: Row | None, after: str | None) -> Row:
    return {
        "merge_number": merge,
        "position": position,
        "table_name": "suggestion",
        "row_key": key_of(key),
        "before": before,
        "after": after,
    }


LOST = old_suggestion("pruned", "N1", "E1")
CHANGES = [
    change(1, 1, MERGED, BEFORE[0], old_hash(MERGED)),
    change(1, 2, BEFORE[1], BEFORE[1], None),
    change(2, 1, ALTERED, {**ALTERED, "target_id": "E8"}, old_hash({**ALTERED, "reason": "以前"})),
    change(2, 2, LOST, LOST, None),
]
OTHER_CHANGE = change(2, 3, MERGED, None, "0f") | {"table_name": "expert", "row_key": {"id": "E1"}}


def old_merge(number: int) -> Row:
    return {
        "number": number,
        "id": f"M{number}",
        "kind": "expert",
        "survivor_id": "E-new",
        "absorbed_id": "E-old",
        "at": NOW,
        "actor": "甲",
        "score": None,
        "signals": [],
        "chosen": {},
        "state": "已合并",
        "undone_at": None,
        "undone_by": None,
    }


def reflected(connection: Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)


def rows_of(url: str, name: str) -> list[Row]:
    with raw(url) as connection:
        found = connection.execute(sa.select(reflected(connection, name)))
        return sorted((dict(item._mapping) for item in found), key=lambda item: json.dumps(item, default=str))


def move(url: str, revision: str, *, up: bool = True) -> None:
    engine = open_engine(Address.parse(url))
    (schema.upgrade if up else schema.downgrade)(engine, revision)
    engine.dispose()


@pytest.fixture
def old_url(empty_url: str) -> Iterator[str]:
    """A database at the revision before, with runs, suggestions and two merges."""
    path = Address.parse(empty_url).path
    if path is not None:
        path.touch()
    move(empty_url, "0004")
    with raw(empty_url) as connection:
        for name, rows in (
            ("match_run", RUNS),
            ("suggestion", SUGGESTIONS),
            ("record_merge", [old_merge(1), old_merge(2)]),
            ("merge_change", [*CHANGES, OTHER_CHANGE]),
        ):
            connection.execute(sa.insert(reflected(connection, name)), rows)
    yield empty_url


@pytest.fixture
def database(old_url: str) -> Iterator[Database]:
    """The same, brought up to date."""
    opened = Database.open(old_url)
    opened.upgrade()
    yield opened
    opened.close()


def test_runs_are_numbered_in_the_order_of_their_starts(database: Database, old_url: str) -> None:
    with raw(old_url) as connection:
        numbered = connection.exec_driver_sql("SELECT number, id FROM match_run ORDER BY number").all()
    assert [tuple(item) for item in numbered] == [(1, "early"), (2, "mid"), (3, "late")]
    with database.read() as unit:
        assert unit.runs.get("early") == MatchRun(
            id="early",
            started_at=NOW,
            finished_at=NOW + timedelta(hours=1),
            state=RunState.FAILED,
            snapshot_id="gen-1",
            encoder_id="e5",
            configuration_hash="abc",
            n_sources=3,
            kind=RunKind.MANUAL,
        )
        assert unit.runs.published() is None
    with database.write() as unit:
        unit.runs.start(run("R4", night=1))
        unit.runs.store_rows("R4", [row("N1", "E1")])
        assert unit.runs.count("R4") == 1


def test_suggestions_stay_and_are_found_from_either_side(database: Database) -> None:
    with database.read() as unit:
        found = [(item.source_id, item.target_id, item.position) for item in unit.runs.suggestions("late")]
        assert found == [("N1", "E-new", 1), ("N1", "E3", 3), ("N3", "E9", 1)]
        (first,) = unit.runs.suggestions("mid", target_id="E1", source_id="N1")[:1]
        assert (first.score, first.parts) == (1 / 3, {"文本": 0.1, "地域": 1e-17})
        assert (first.reason, first.evidence_ids) == ("做过“高温合金”", ("A1", "A2"))
    with database.write() as unit:
        unit.runs.forget(EntityKind.EXPERT, ["E1"])
        assert [item.source_id for item in unit.runs.suggestions("early")] == ["N1", "N2", "N2"]


def test_a_merge_of_then_is_undone_now(database: Database) -> None:
    with database.write() as unit:
        assert unit.identity.changed_since("M1") == []
        unit.identity.put_back("M1", at=NOW, by="甲")
        found = {(item.source_id, item.position): item for item in unit.runs.suggestions("late")}
    assert {place: item.target_id for place, item in found.items()} == {
        ("N1", 1): "E-old",
        ("N1", 2): "E-new",
        ("N1", 3): "E3",
        ("N3", 1): "E9",
    }
    assert found["N1", 2].score == 0.25


def test_what_changed_since_a_merge_of_then_is_still_noticed(database: Database) -> None:
    with database.read() as unit:
        changed = unit.identity.changed_since("M2")
        kept = [item.ref for item in unit.identity.changes("M2")]
    altered = RowRef("suggestion", (3, "need", "N3", "expert", 1))
    assert changed == [altered, RowRef("expert", ("E1",))]
    assert kept == changed


def test_down_and_up_again(database: Database, old_url: str) -> None:
    tables = ("match_run", "suggestion", "merge_change")
    upgraded = {name: rows_of(old_url, name) for name in tables}
    move(old_url, "0004", up=False)
    assert rows_of(old_url, "suggestion") == sorted(SUGGESTIONS, key=lambda item: json.dumps(item, default=str))
    assert [item["id"] for item in rows_of(old_url, "match_run")] == ["early", "late", "mid"]
    of_then = [item for item in [*CHANGES, OTHER_CHANGE] if item["row_key"].get("run_id") != "pruned"]
    assert {item["after"] for item in rows_of(old_url, "merge_change")} == {item["after"] for item in of_then}
    found = {(item["merge_number"], item["position"]): item for item in rows_of(old_url, "merge_change")}
    assert found == {(item["merge_number"], item["position"]): item for item in of_then}
    move(old_url, "head")
    assert {name: rows_of(old_url, name) for name in tables} == upgraded


def test_a_partial_run_of_now_is_done_then(database: Database, old_url: str) -> None:
    with database.write() as unit:
        unit.runs.finish("mid", RunState.PARTIAL, NOW)
    move(old_url, "0004", up=False)
    states = {item["id"]: item["state"] for item in rows_of(old_url, "match_run")}
    assert states == {"early": "未完成", "mid": "完成", "late": "完成"}


def test_what_merges_remember_of_pruned_runs_does_not_keep_them_from_being_undone(database: Database) -> None:
    with database.write() as unit:
        unit.runs.finish("mid", RunState.DONE, NOW)
        unit.runs.start(run("R4", night=1, state=RunState.DONE))
        assert unit.runs.prune(1) == 3
    with database.write() as unit:
        assert unit.identity.changes("M1") == ()
        assert unit.identity.missing_references("M1") == []
        unit.identity.put_back("M1", at=NOW, by="甲")
    with database.read() as unit:
        assert unit.runs.suggestions("late") == []
        assert [item.ref.table for item in unit.identity.changes("M2")] == ["expert"]
