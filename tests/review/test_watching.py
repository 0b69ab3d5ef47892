"""Runs as those who watch over them see them: health, history, differences, and what each suggests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recommender.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.run_lists import RunLineFilter
from recommender.domain.runs import RunState, ShardStage, StageProgress
from recommender.nightly.digest import Change
from recommender.services.nightly.comparing import RunComparisonService, Tally
from recommender.services.nightly.lease import LEASE_NAME
from recommender.services.nightly.runs import RunService
from recommender.services.nightly.watching import RunWatchService
from tests.actors import TESTER
from tests.review.city import (
    CLOTH,
    FIRM,
    NOON,
    NORTH,
    OFFICER,
    OTHER,
    RUN,
    STEEL,
    Desk,
    pair,
    publish,
    suggestion,
)

NEXT = "20261129T010000-def456"


@pytest.fixture
def watch(desk: Desk) -> RunWatchService:
    return RunWatchService(desk.database, desk.clock)


@pytest.fixture
def comparison(desk: Desk) -> RunComparisonService:
    return RunComparisonService(desk.database, RunService(desk.database, desk.clock), desk.clock)


@pytest.fixture
def runs(desk: Desk) -> RunService:
    return RunService(desk.database, desk.clock)


def change_lists(desk: Desk) -> None:
    """A second night: ZJ-5 leaves XQ-1, PT-1 rises for XQ-1, and XQ-2 has no experts any more."""
    with desk.database.write() as unit:
        publish(unit, NEXT)
        unit.runs.clear(NEXT, EntityKind.NEED, ["XQ-1", "XQ-2"])
        experts = [suggestion(pair("XQ-1", f"ZJ-{n}"), n, 0.9 - 0.15 * n, NEXT) for n in range(1, 5)]
        platform = replace(suggestion(pair("XQ-1", "PT-1"), 1, 0.9, NEXT), target_kind=EntityKind.PLATFORM)
        unit.runs.add([*experts, platform])
        unit.runs.add([replace(suggestion(pair("XQ-2", "PT-1"), 1, 0.8, NEXT), target_kind=EntityKind.PLATFORM)])
        unit.runs.add(
            [replace(suggestion(pair(STEEL.code, "ZJ-2"), 1, 0.5, NEXT), source_kind=EntityKind.ENTERPRISE)]
        )


class TestWatching:
    def test_says_who_published_what_and_what_stands_there_now(self, desk: Desk, watch: RunWatchService) -> None:
        change_lists(desk)
        lines = watch.page(OFFICER, PageRequest()).items
        assert [(line.run.id, line.is_published, line.is_interrupted) for line in lines] == [
            (NEXT, True, False),
            (RUN, False, False),
        ]
        assert [line.published.actor for line in lines if line.published] == ["test", "test"]
        story = watch.one(OFFICER, NEXT)
        assert (story.former, story.n_suggestions, story.quarantined) == (None, 7 + 7, ())
        assert [(each.run_id, each.replaced_run_id) for each in story.publications] == [(NEXT, RUN)]

    def test_knows_a_run_that_nobody_works_on_any_more(self, desk: Desk, watch: RunWatchService) -> None:
        with desk.database.write() as unit:
            run = unit.runs.get(RUN)
            assert run is not None
            unit.runs.start(replace(run, id=NEXT, state=RunState.RUNNING, finished_at=None, report={}))
            unit.shards.plan(NEXT, ShardStage.CANDIDATES, range(3))
            unit.shards.complete(NEXT, ShardStage.CANDIDATES, 0)
            unit.shards.quarantine(NEXT, ShardStage.CANDIDATES, 1, "内存不足")
            unit.leases.acquire(LEASE_NAME, "host:1", NOON, timedelta(minutes=1))
        assert not watch.one(OFFICER, NEXT).line.is_interrupted
        desk.clock.forward(minutes=2)
        story = watch.one(OFFICER, NEXT)
        assert story.line.is_interrupted
        assert story.progress == {ShardStage.CANDIDATES: StageProgress(3, 1, 1)}
        assert [shard.error for shard in story.quarantined] == ["内存不足"]
        assert story.n_suggestions == 0

    def test_is_for_who_may_read_runs_and_unknown_runs_are_not_there(self, watch: RunWatchService) -> None:
        for ask in (watch.history, watch.below, watch.published):
            with pytest.raises(Forbidden):
                ask(FIRM)
        with pytest.raises(Forbidden):
            watch.page(FIRM, PageRequest())
        with pytest.raises(NotFound):
            watch.one(OFFICER, "R-0")

    def test_knows_the_way_back(self, desk: Desk, watch: RunWatchService, runs: RunService) -> None:
        assert watch.below(OFFICER) is None
        change_lists(desk)
        found = watch.below(OFFICER)
        assert found is not None
        assert [run.id for run in found] == [NEXT, RUN]
        runs.roll_back(actor=TESTER, replacing=NEXT)
        assert watch.below(OFFICER) is None
        published = watch.published(OFFICER)
        assert published is not None
        assert published.id == RUN
        history, names = watch.history(OFFICER)
        assert [(each.run_id, each.is_rollback) for each in history] == [(RUN, True), (NEXT, False), (RUN, False)]
        assert names == {}


class TestPublishing:
    def test_refuses_to_replace_another_run_than_was_looked_at(self, desk: Desk, runs: RunService) -> None:
        change_lists(desk)
        for do in (
            lambda: runs.roll_back(actor=TESTER, replacing=RUN),
            lambda: runs.publish(RUN, actor=TESTER, replacing=RUN),
            lambda: runs.publish(RUN, actor=TESTER, replacing=""),
        ):
            with pytest.raises(Conflict, match=NEXT) as caught:
                do()
            assert caught.value.code == "nightly.published_meanwhile"
        assert runs.publish(RUN, actor=TESTER, replacing=NEXT).run_id == RUN


class TestComparing:
    def test_tells_lists_and_suggestions_that_changed(self, desk: Desk, comparison: RunComparisonService) -> None:
        change_lists(desk)
        found = comparison.compare(OFFICER, RUN, NEXT, at_most=10)
        assert found.total == Tally(n_lists=7, n_changed=4, n_gained=1, n_lost=1, n_new=1, n_better=1, n_gone=6)
        assert found.kinds[EntityKind.PLATFORM] == Tally(n_lists=3, n_changed=1, n_better=1)
        assert found.kinds[EntityKind.EXPERT] == Tally(
            n_lists=4, n_changed=3, n_gained=1, n_lost=1, n_new=1, n_gone=6
        )
        assert [(each.code, each.tally.n_gone) for each in found.enterprises] == [
            (CLOTH.code, 5),
            (STEEL.code, 1),
        ]
        assert [town for town, _ in found.towns] == ["南塘镇", "北港镇", ""]
        assert (found.n_enterprises, found.before.id, found.after.id) == (2, RUN, NEXT)
        assert [each.code for each in comparison.compare(OFFICER, RUN, NEXT, at_most=1).enterprises] == [
            CLOTH.code
        ]

    def test_is_kept_for_a_while_for_who_sees_the_same(
        self, desk: Desk, comparison: RunComparisonService
    ) -> None:
        change_lists(desk)
        first = comparison.compare(OFFICER, RUN, NEXT, at_most=10)
        with desk.database.write() as unit:
            unit.runs.clear(NEXT, EntityKind.NEED, ["XQ-1"])
        assert comparison.compare(OTHER, RUN, NEXT, at_most=10) == first
        assert comparison.compare(NORTH, RUN, NEXT, at_most=10).total.n_gone == 6
        desk.clock.forward(minutes=11)
        assert comparison.compare(OFFICER, RUN, NEXT, at_most=10).total.n_gone == first.total.n_gone + 5

    def test_turned_round_what_was_lost_is_gained(self, desk: Desk, comparison: RunComparisonService) -> None:
        change_lists(desk)
        there = comparison.compare(OFFICER, RUN, NEXT, at_most=10).total
        back = comparison.compare(OFFICER, NEXT, RUN, at_most=10).total
        assert (back.n_new, back.n_gone, back.n_gained, back.n_lost) == (
            there.n_gone,
            there.n_new,
            there.n_lost,
            there.n_gained,
        )
        same = comparison.compare(OFFICER, RUN, RUN, at_most=10)
        assert (same.total.n_changed, same.enterprises) == (0, ())

    def test_says_nothing_of_what_is_out_of_reach(self, desk: Desk, comparison: RunComparisonService) -> None:
        change_lists(desk)
        found = comparison.compare(NORTH, RUN, NEXT, at_most=10)
        assert [each.code for each in found.enterprises] == [STEEL.code]
        assert [town for town, _ in found.towns] == ["北港镇"]
        with pytest.raises(NotFound):
            comparison.changes_of(NORTH, RUN, NEXT, CLOTH.code)
        with pytest.raises(Forbidden):
            comparison.compare(FIRM, RUN, NEXT, at_most=10)

    def test_names_what_changed_with_persons_masked(self, desk: Desk, comparison: RunComparisonService) -> None:
        change_lists(desk)
        changes = comparison.changes_of(NORTH, RUN, NEXT, STEEL.code)
        assert [(each.change.change, each.source_name, each.target_name) for each in changes] == [
            (Change.GONE, "薄板边裂", "某**"),
            (Change.BETTER, "薄板边裂", "轧制中心"),
            (Change.NEW, STEEL.name, "某**"),
        ]


class TestSuggestions:
    def found(self, watch: RunWatchService, actor: Any = OFFICER, limit: int = 50, **wanted: Any) -> list[str]:
        ids: list[str] = []
        request = PageRequest(limit=limit)
        while True:
            page = watch.suggestions(actor, RUN, RunLineFilter(**wanted), request)
            ids += [line.case.id for line in page.items]
            if not page.next_cursor:
                return ids
            request = replace(request, cursor=page.next_cursor)

    def test_come_list_by_list_and_once(self, watch: RunWatchService) -> None:
        whole = self.found(watch)
        assert len(whole) == len(set(whole)) == 18
        assert self.found(watch, limit=4) == whole

    def test_are_found_by_whom_they_are_for(self, watch: RunWatchService) -> None:
        expected = {"边裂": 6, "云织": 6, "XQ-3": 6, "ZJ-5": 3, "某专家5": 0, "\0": 0}
        assert {text: len(self.found(watch, text=text)) for text in expected} == expected

    def test_of_achievements_are_found_too(self, watch: RunWatchService) -> None:
        assert self.found(watch, source_kind=EntityKind.ACHIEVEMENT, text="抑制") == self.found(
            watch, source_kind=EntityKind.ACHIEVEMENT
        )
        assert self.found(watch, source_kind=EntityKind.ENTERPRISE) == []
        assert len(self.found(watch, target_kind=EntityKind.PLATFORM)) == 3

    def test_within_reach_only(self, watch: RunWatchService) -> None:
        assert len(self.found(watch, NORTH)) == 6
        with pytest.raises(Forbidden):
            self.found(watch, FIRM)
        with pytest.raises(InvalidInput):
            watch.suggestions(OFFICER, RUN, RunLineFilter(), PageRequest(sort="score"))
