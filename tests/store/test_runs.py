"""Match runs, their suggestions, and the audit trail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from recommender.domain.errors import InvalidData, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry, MatchRun, RunState, Suggestion
from recommender.store import Database

START = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
RUN = MatchRun(
    id="R1",
    started_at=START,
    finished_at=None,
    state=RunState.RUNNING,
    snapshot_id="gen-1",
    encoder_id="e5-small-zh",
    configuration_hash="abc",
    n_sources=2,
)
SUGGESTION = Suggestion(
    run_id="R1",
    source_kind=EntityKind.NEED,
    source_id="N1",
    target_kind=EntityKind.EXPERT,
    target_id="E1",
    position=1,
    score=0.1 + 0.2,
    parts={"文本": 0.1, "地域": 1e-17, "零": 0.0},
    reason="做过“高温合金”😀",
    evidence_ids=("A1", "A2"),
)


def test_a_run_from_start_to_end(database: Database) -> None:
    with database.write() as unit:
        assert unit.runs.latest() is None
        unit.runs.start(RUN)
    with database.read() as unit:
        assert unit.runs.get("R1") == RUN == unit.runs.latest()
        assert unit.runs.get("R2") is None
    ended = START + timedelta(minutes=7)
    with database.write() as unit:
        unit.runs.finish("R1", RunState.DONE, ended)
    with database.read() as unit:
        assert unit.runs.get("R1") == replace(RUN, state=RunState.DONE, finished_at=ended)


def test_the_latest_run_is_the_one_started_last(database: Database) -> None:
    with database.write() as unit:
        for hours, state in [(0, RunState.DONE), (2, RunState.RUNNING), (1, RunState.DONE)]:
            unit.runs.start(replace(RUN, id=f"R{hours}", started_at=START + timedelta(hours=hours), state=state))
    with database.read() as unit:
        latest, latest_done = unit.runs.latest(), unit.runs.latest(state=RunState.DONE)
        assert latest is not None
        assert latest.id == "R2"
        assert latest_done is not None
        assert latest_done.id == "R1"
        assert unit.runs.latest(state=RunState.FAILED) is None


def test_instants_are_the_same_in_every_zone(database: Database) -> None:
    there = START.astimezone(timezone(timedelta(hours=8)))
    with database.write() as unit:
        unit.runs.start(replace(RUN, started_at=there))
    with database.read() as unit:
        run = unit.runs.get("R1")
        assert run is not None
        assert run.started_at == START
        assert run.started_at.utcoffset() == timedelta(0)


def test_an_unknown_run_cannot_end(database: Database) -> None:
    with pytest.raises(NotFound, match="R9"), database.write() as unit:
        unit.runs.finish("R9", RunState.DONE, START)


def test_suggestions_come_back_in_order_and_by_choice(database: Database) -> None:
    rows = [
        SUGGESTION,
        replace(SUGGESTION, target_id="E0", position=2),
        replace(SUGGESTION, target_kind=EntityKind.PLATFORM, target_id="E1"),
        replace(SUGGESTION, source_id="N0"),
    ]
    with database.write() as unit:
        unit.runs.start(RUN)
        unit.runs.start(replace(RUN, id="R2"))
        unit.runs.add([])
        unit.runs.add([rows[1], rows[2], rows[0], rows[3]])
        unit.runs.add([replace(SUGGESTION, run_id="R2")])
    with database.read() as unit:
        assert unit.runs.suggestions("R1") == [rows[3], rows[0], rows[1], rows[2]]
        assert unit.runs.suggestions("R1", "N1") == [rows[0], rows[1], rows[2]]
        assert unit.runs.suggestions("R1", "N1", EntityKind.EXPERT) == [rows[0], rows[1]]
        assert unit.runs.suggestions("R1", target_kind=EntityKind.PLATFORM) == [rows[2]]
        assert unit.runs.suggestions("R3") == []


@pytest.mark.parametrize(
    "bad",
    [
        replace(SUGGESTION, run_id="R9"),
        replace(SUGGESTION, target_id="E2"),
        replace(SUGGESTION, position=2),
        replace(SUGGESTION, target_id="E2", position=0),
        replace(SUGGESTION, target_id="E2", position=2, score=float("nan")),
        replace(SUGGESTION, target_id="E2", position=2, parts={"文本": float("inf")}),
        replace(SUGGESTION, target_id="E2", position=2, reason="a\0"),
    ],
    ids=["unknown run", "position taken", "target twice", "position 0", "score", "part", "text"],
)
def test_suggestions_that_cannot_be_are_refused(database: Database, bad: Suggestion) -> None:
    with database.write() as unit:
        unit.runs.start(RUN)
        unit.runs.add([SUGGESTION])
    with pytest.raises(InvalidData), database.write() as unit:
        unit.runs.add([replace(SUGGESTION, source_id="N2"), bad])
    with database.read() as unit:
        assert unit.runs.suggestions("R1") == [SUGGESTION]


def test_pruning_keeps_the_newest_ended_runs_and_what_still_runs(database: Database) -> None:
    states = [RunState.RUNNING, RunState.DONE, RunState.FAILED, RunState.DONE, RunState.RUNNING]
    with database.write() as unit:
        for day, state in enumerate(states):
            unit.runs.start(replace(RUN, id=f"R{day}", started_at=START + timedelta(days=day), state=state))
            unit.runs.add([replace(SUGGESTION, run_id=f"R{day}")])
    with database.write() as unit:
        assert unit.runs.prune(4) == 0
        assert unit.runs.prune(2) == 2
    with database.read() as unit:
        left = [day for day in range(5) if unit.runs.get(f"R{day}")]
        assert left == [2, 3, 4]
        assert [day for day in range(5) if unit.runs.suggestions(f"R{day}")] == left
    with database.write() as unit:
        assert unit.runs.prune(1) == 1
        with pytest.raises(ValueError, match="at least one"):
            unit.runs.prune(0)


def test_the_audit_trail_keeps_its_order(database: Database) -> None:
    entries = [
        AuditEntry(
            at=START - timedelta(days=number),
            actor="officer",
            action="import:expert:apply",
            target=f"文件{number}",
            detail={"n_added": number, "n_bytes": 2**40, "编号": ["E1", {"更深": None}], "ok": True},
        )
        for number in range(5)
    ]
    for entry in entries[:3]:
        with database.write() as unit:
            unit.audit.append(entry)
    with pytest.raises(ZeroDivisionError), database.write() as unit:
        unit.audit.append(entries[0])
        raise ZeroDivisionError
    with database.write() as unit:
        unit.audit.append(entries[3])
        unit.audit.append(entries[4])
    with database.read() as unit:
        assert unit.audit.tail(100) == entries
        assert unit.audit.tail(2) == entries[3:]
        assert unit.audit.tail(0) == []
        with pytest.raises(RuntimeError, match="only reads"):
            unit.audit.append(entries[0])


def test_the_audit_trail_refuses_what_cannot_be_kept(database: Database) -> None:
    entry = AuditEntry(at=START, actor="甲", action="a:b:c", target="t", detail={"深": ["a\0"]})
    with pytest.raises(InvalidData, match="detail"), database.write() as unit:
        unit.audit.append(entry)
