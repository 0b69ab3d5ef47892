"""Proposals, merges and the ids they take away, as both databases keep them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from recommender.domain.entities import Achievement, Enterprise, Expert, Need, Platform
from recommender.domain.identity import Merge, MergeState, Proposal, ProposalState, Signal
from recommender.domain.kinds import EntityKind
from recommender.domain.match import MatchRun, RunState, Suggestion
from recommender.store import Database, UnitOfWork
from recommender.store.address import Address
from recommender.store.duplicates import Replaced
from recommender.store.engine import open_engine, reading
from recommender.store.journal import RowRef, rows_at, rows_naming
from recommender.store.tables import Base

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
EXPERT = EntityKind.EXPERT


def proposal(first: str, second: str, score: float = 0.9) -> Proposal:
    signals = (Signal("organisation.same", 2.2, "单位相同：“甲”"), Signal("fields.apart", -1.2, "没有重合"))
    return Proposal(kind=EXPERT, first_id=first, second_id=second, score=score, signals=signals)


def find(database: Database, *found: Proposal, again: bool = False) -> int:
    with database.write() as unit:
        return unit.duplicates.replace_open(EXPERT, found, found_at=NOW, again=again).n_open


def pairs(database: Database, state: ProposalState | None = ProposalState.OPEN) -> list[tuple[str, str]]:
    with database.read() as unit:
        return [decision.pair for decision in unit.duplicates.decisions(EXPERT, state=state)]


class TestProposals:
    def test_come_back_as_they_were_most_likely_first(self, database: Database) -> None:
        assert find(database, proposal("E1", "E2", 0.6), proposal("E1", "E3", 0.8)) == 2
        with database.read() as unit:
            first, second = unit.duplicates.decisions()
        assert first.pair == ("E1", "E3")
        assert (first.score, first.signals) == (0.8, proposal("E1", "E3").signals)
        assert (first.state, first.found_at, first.decided_at) == (ProposalState.OPEN, NOW, None)
        assert second.score == 0.6

    def test_the_next_search_takes_the_place_of_the_last(self, database: Database) -> None:
        find(database, proposal("E1", "E2"), proposal("E3", "E4"))
        find(database, proposal("E3", "E4"), proposal("E5", "E6"))
        assert pairs(database) == [("E3", "E4"), ("E5", "E6")]

    def test_it_is_said_what_came_stayed_and_went(self, database: Database) -> None:
        find(database, proposal("E1", "E2"), proposal("E3", "E4"))
        with database.write() as unit:
            unit.duplicates.reject(EXPERT, "E1", "E2", at=NOW, by="officer")
            found = [proposal("E1", "E2"), proposal("E5", "E6"), proposal("E7", "E8")]
            replaced = unit.duplicates.replace_open(EXPERT, found, found_at=NOW)
        assert replaced == Replaced(n_new=2, n_kept=0, n_gone=1)
        with database.write() as unit:
            assert unit.duplicates.replace_open(EXPERT, found[1:2], found_at=NOW) == Replaced(0, 1, 1)

    def test_other_kinds_stay(self, database: Database) -> None:
        find(database, proposal("E1", "E2"))
        with database.write() as unit:
            unit.duplicates.replace_open(EntityKind.PLATFORM, (), found_at=NOW)
        assert pairs(database) == [("E1", "E2")]

    def test_what_a_person_said_is_different_is_proposed_again_only_on_request(self, database: Database) -> None:
        find(database, proposal("E1", "E2"))
        with database.write() as unit:
            decision = unit.duplicates.reject(EXPERT, "E2", "E1", at=NOW, by="officer")
        assert (decision.pair, decision.score, decision.decided_by) == (("E1", "E2"), 0.9, "officer")
        assert find(database, proposal("E1", "E2")) == 0
        assert (pairs(database), pairs(database, ProposalState.REJECTED)) == ([], [("E1", "E2")])
        assert find(database, proposal("E1", "E2"), again=True) == 1
        assert (pairs(database), pairs(database, ProposalState.REJECTED)) == ([("E1", "E2")], [])

    def test_a_pair_that_was_never_proposed_can_be_said_to_be_different(self, database: Database) -> None:
        with database.write() as unit:
            unit.duplicates.reject(EXPERT, "E1", "E2", at=NOW, by="officer")
        with database.read() as unit:
            decision = unit.duplicates.decision(EXPERT, "E2", "E1")
        assert decision is not None
        assert (decision.score, decision.signals, decision.state) == (None, (), ProposalState.REJECTED)

    def test_reading_units_write_nothing(self, database: Database) -> None:
        with database.read() as unit, pytest.raises(RuntimeError):
            unit.duplicates.replace_open(EXPERT, (), found_at=NOW)
        with database.read() as unit, pytest.raises(RuntimeError):
            unit.identity.put_back("M1", at=NOW, by="officer")


def merge(number: int, survivor: str, absorbed: str, kind: EntityKind = EXPERT) -> Merge:
    return Merge(
        id=f"M{number}",
        kind=kind,
        survivor_id=survivor,
        absorbed_id=absorbed,
        at=NOW + timedelta(minutes=number),
        actor="officer",
        score=0.9,
        signals=proposal("A", "B").signals,
        chosen={"职称": "E1"},
    )


def put(unit: UnitOfWork, *experts: str) -> None:
    unit.experts.upsert([Expert(id=id, name="甲") for id in experts])


class TestAliases:
    def test_a_chain_is_followed_to_its_end(self, database: Database) -> None:
        with database.write() as unit:
            put(unit, "E4", "F1")
            unit.identity.start(merge(1, "E2", "E1"))
            unit.identity.start(merge(2, "E3", "E2"))
            unit.identity.start(merge(3, "E4", "E3"))
            unit.identity.start(merge(4, "F1", "F2", EntityKind.PLATFORM))
        with database.read() as unit:
            present = unit.identity.resolve(EXPERT, ["E1", "E2", "E3", "E4", "E5", "F2"])
        assert present == {"E1": "E4", "E2": "E4", "E3": "E4"}

    def test_an_id_that_is_in_use_again_answers_for_itself(self, database: Database) -> None:
        with database.write() as unit:
            put(unit, "E1", "E2")
            unit.identity.start(merge(1, "E2", "E1"))
        with database.read() as unit:
            assert unit.identity.resolve(EXPERT, ["E1"]) == {}

    def test_two_records_that_absorbed_each_other_in_turn_make_no_circle(self, database: Database) -> None:
        with database.write() as unit:
            unit.identity.start(merge(1, "E1", "E2"))
            unit.identity.start(merge(2, "E2", "E1"))
            put(unit, "E2")
        with database.read() as unit:
            assert unit.identity.resolve(EXPERT, ["E1", "E2"]) == {"E1": "E2"}

    def test_more_ids_than_one_statement_takes(self, database: Database) -> None:
        with database.write() as unit:
            unit.identity.start(merge(1, "E1", "E0"))
        with database.read() as unit:
            assert unit.identity.resolve(EXPERT, [f"E{n}" for n in range(70_000)]) == {"E0": "E1"}


class TestMerges:
    def test_come_back_as_they_were_newest_first(self, database: Database) -> None:
        with database.write() as unit:
            unit.identity.start(merge(1, "E1", "E2"))
            unit.identity.start(merge(2, "E1", "E3"))
        with database.read() as unit:
            assert unit.identity.merges(5) == [merge(2, "E1", "E3"), merge(1, "E1", "E2")]
            assert unit.identity.merges(1) == [merge(2, "E1", "E3")]
            assert unit.identity.merge("M1") == merge(1, "E1", "E2")
            assert unit.identity.merge("M9") is None

    def test_the_merge_that_builds_on_another(self, database: Database) -> None:
        with database.write() as unit:
            unit.identity.start(merge(1, "E1", "E2"))
            unit.identity.start(merge(2, "E5", "E6"))
            unit.identity.start(merge(3, "E7", "E1"))
        with database.read() as unit:
            assert unit.identity.later_merge(merge(1, "E1", "E2")) == merge(3, "E7", "E1")
            assert unit.identity.later_merge(merge(3, "E7", "E1")) is None

    def test_what_is_undone_is_forgotten(self, database: Database) -> None:
        with database.write() as unit:
            put(unit, "E1", "E2")
        with database.write() as unit:
            before = unit.identity.snapshot(EXPERT, ["E1", "E2"])
            unit.identity.start(merge(1, "E1", "E2"))
            unit.experts.remove(["E2"])
            # The absorbed record and its new alias.
            assert unit.identity.finish(merge(1, "E1", "E2"), before) == 2
        with database.write() as unit:
            assert unit.identity.changed_since("M1") == []
            unit.identity.put_back("M1", at=NOW, by="another")
            assert unit.identity.changes("M1") == ()
            undone = unit.identity.merge("M1")
        assert undone is not None
        assert (undone.state, undone.undone_at, undone.undone_by) == (MergeState.UNDONE, NOW, "another")

    def test_what_must_not_be_kept_can_be_forgotten(self, database: Database) -> None:
        with database.write() as unit:
            put(unit, "E1", "E2")
            before = unit.identity.snapshot(EXPERT, ["E1", "E2"])
            unit.identity.start(merge(1, "E1", "E2"))
            unit.experts.remove(["E2"])
            unit.identity.finish(merge(1, "E1", "E2"), before)
            unit.identity.forget(EXPERT, ["E2"])
        with database.read() as unit:
            assert unit.identity.changes("M1") == ()
            assert unit.identity.resolve(EXPERT, ["E2"]) == {"E2": "E1"}


def suggestion(target: str, position: int, *, source: str = "N1", run: str = "R1", **changes: Any) -> Suggestion:
    values = {
        "run_id": run,
        "source_kind": EntityKind.NEED,
        "source_id": source,
        "target_kind": EXPERT,
        "target_id": target,
        "position": position,
        "score": 1 / position,
        "parts": {"text": 0.1},
        "reason": "",
        "evidence_ids": (),
    }
    return Suggestion(**{**values, **changes})


def run(id: str) -> MatchRun:
    return MatchRun(
        id=id,
        started_at=NOW,
        finished_at=NOW,
        state=RunState.DONE,
        snapshot_id="s",
        encoder_id="e",
        configuration_hash="c",
        n_sources=1,
    )


def test_of_two_suggestions_for_one_need_the_better_stays(database: Database) -> None:
    with database.write() as unit:
        unit.runs.start(run("R1"))
        unit.runs.add(
            [
                suggestion("E-old", 1),
                suggestion("E-new", 2),
                suggestion("E-other", 3),
                suggestion("E-new", 1, source="N2"),
                suggestion("E-old", 4, source="N2"),
                suggestion("E-old", 2, source="N3"),
            ]
        )
        unit.duplicates.repoint(EXPERT, "E-old", "E-new")
    with database.read() as unit:
        found = {(item.source_id, item.target_id): item.position for item in unit.runs.suggestions("R1")}
    assert found == {("N1", "E-new"): 1, ("N1", "E-other"): 3, ("N2", "E-new"): 1, ("N3", "E-new"): 2}


def test_suggestions_for_the_absorbed_go_to_the_survivor_unless_it_has_its_own(database: Database) -> None:
    own: dict[str, Any] = {"source_kind": EntityKind.ENTERPRISE}
    with database.write() as unit:
        unit.runs.start(run("R1"))
        unit.runs.start(run("R2"))
        unit.runs.add(
            [
                suggestion("E1", 1, source="C-old", **own),
                suggestion("E2", 1, source="C-new", **own),
                suggestion("E3", 1, source="C-old", run="R2", **own),
            ]
        )
        unit.duplicates.repoint(EntityKind.ENTERPRISE, "C-old", "C-new")
    with database.read() as unit:
        first, second = unit.runs.suggestions("R1"), unit.runs.suggestions("R2")
    assert [(item.source_id, item.target_id) for item in first] == [("C-new", "E2")]
    assert [(item.source_id, item.target_id) for item in second] == [("C-new", "E3")]


def test_decisions_about_the_absorbed_hold_for_the_survivor(database: Database) -> None:
    find(
        database,
        proposal("E1", "E2"),
        proposal("E1", "E3", 0.7),
        proposal("E1", "E4", 0.8),
        proposal("E1", "E5", 0.6),
        proposal("E2", "E4", 0.5),
        proposal("E2", "E5", 0.55),
    )
    with database.write() as unit:
        unit.duplicates.reject(EXPERT, "E1", "E4", at=NOW, by="officer")
        unit.duplicates.reject(EXPERT, "E2", "E5", at=NOW, by="officer")
        unit.duplicates.repoint(EXPERT, "E1", "E2")
    assert pairs(database) == [("E2", "E3")]
    assert pairs(database, ProposalState.REJECTED) == [("E2", "E4"), ("E2", "E5")]


def test_titles_come_with_their_authors_in_order(database: Database) -> None:
    with database.write() as unit:
        put(unit, "E1", "E2")
        unit.achievements.upsert(
            [
                Achievement(id="A2", type="论文", title="二", author_ids=("E2", "E1")),
                Achievement(id="A1", type="论文", title="一", author_ids=("E1",)),
                Achievement(id="A3", type="论文", title="三"),
            ]
        )
    with database.read() as unit:
        found = [(work.achievement_id, work.title, work.author_ids) for work in unit.duplicates.authored_titles()]
    assert found == [("A1", "一", ("E1",)), ("A2", "二", ("E2", "E1"))]


def test_names_of_enterprises(database: Database) -> None:
    with database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="C1", name="甲厂", former_names=("乙厂",))])
    with database.read() as unit:
        assert unit.duplicates.enterprise_names() == [("甲厂", ("乙厂",))]


AWKWARD = "E\"1\\%_'"


def test_ids_inside_lists_are_found_whatever_characters_they_hold(url: str, database: Database) -> None:
    with database.write() as unit:
        put(unit, "E1", AWKWARD)
        unit.enterprises.upsert([Enterprise(code=AWKWARD, name="厂")])
        unit.needs.upsert(
            [
                Need(id="N1", title="题", intended_experts=("别人", AWKWARD)),
                Need(id="N2", title="题", intended_experts=("E1x", f"{AWKWARD}2")),
            ]
        )
        unit.experts.upsert([Expert(id="E3", name="乙", avoided_enterprises=(AWKWARD,))])
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        of_expert = rows_naming(connection, EXPERT, [AWKWARD])
        of_enterprise = rows_naming(connection, EntityKind.ENTERPRISE, [AWKWARD])
    engine.dispose()
    assert set(of_expert) == {RowRef("expert", (AWKWARD,)), RowRef("need", ("N1",))}
    assert set(of_enterprise) == {RowRef("enterprise", (AWKWARD,)), RowRef("expert", ("E3",))}


def test_a_row_comes_back_to_the_letter(url: str, database: Database) -> None:
    with database.write() as unit:
        unit.platforms.upsert([Platform(id="P1", name="台")])
        before = unit.identity.snapshot(EntityKind.PLATFORM, ["P1"])
    with database.write() as unit:
        unit.platforms.upsert([replace(Platform(id="P1", name="台"), n_staff=3)])
        change = merge(1, "P1", "P0", EntityKind.PLATFORM)
        unit.identity.start(change)
        unit.identity.finish(change, before)
        assert unit.identity.changed_since("M1") == []
        unit.identity.put_back("M1", at=NOW, by="officer")
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        assert rows_at(connection, before) == before
        aliases = connection.execute(select(Base.metadata.tables["merged_id"])).all()
    engine.dispose()
    assert aliases == []
