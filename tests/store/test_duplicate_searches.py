"""Searches for duplicates on both databases: one at a time, taken up after a crash, nothing written twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.domain.accounts import Actor, Role
from recommender.domain.duplicate_searches import DuplicateSearch, Found, SearchState
from recommender.domain.entities import Expert, Platform
from recommender.domain.errors import Conflict, Forbidden, InvalidData, InvalidInput, Unavailable
from recommender.domain.identity import MERGEABLE_KINDS, ProposalState
from recommender.domain.jobs import JobFault, JobProgress
from recommender.domain.kinds import EntityKind
from recommender.services.background.progress import ProgressFile
from recommender.services.duplicate_search import Material
from recommender.services.duplicate_searches import searcher as module
from recommender.services.duplicate_searches.searcher import MAX_ATTEMPTS, DuplicateSearcher
from recommender.services.duplicate_searches.searches import LEASE_NAME, TERM, DuplicateSearchService
from recommender.store import Database
from tests.actors import TESTER

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)
EXPERT, PLATFORM = EntityKind.EXPERT, EntityKind.PLATFORM
SEARCH = DuplicateSearch(id="s1", actor="U1", kinds=(EXPERT, PLATFORM), asked_at=AT)
FOUND = Found(kind=EXPERT, at=AT, n_records=9, n_open=3, n_new=2, n_kept=1, n_gone=4, n_rejected=5)
DONE = replace(
    SEARCH,
    again=True,
    state=SearchState.FAULTY,
    attempt=2,
    began_at=AT,
    ended_at=AT,
    found=(FOUND,),
    fault=JobFault("identity.search_broken", {"n": "1"}),
)
TWIN = Expert(id="E1", name="李建国", organisation="江南理工大学", research_fields=("冷轧板形控制", "轧辊磨损"))


class Desk:
    """The service, and searchers as different processes would have them, on a clock that is set by hand."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = AT
        self.database = database
        self.progress = ProgressFile(folder / "progress.json")
        self.service = DuplicateSearchService(database, self.progress, lambda: self.now)
        self.searcher = self.another("host:1")

    def another(self, holder: str) -> DuplicateSearcher:
        return DuplicateSearcher(self.database, self.progress, lambda: self.now, holder=holder)

    def search(self, search_id: str) -> DuplicateSearch:
        with self.database.read() as unit:
            found = unit.duplicate_searches.get(search_id)
        assert found is not None
        return found

    def pairs(self) -> list[tuple[str, str]]:
        with self.database.read() as unit:
            return sorted(item.pair for item in unit.duplicates.decisions(state=ProposalState.OPEN))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    with database.write() as unit:
        unit.experts.upsert([TWIN, replace(TWIN, id="E2"), Expert(id="E3", name="王芳")])
        unit.platforms.upsert([Platform(id="P1", name="板带轧制国家重点实验室")])
    return Desk(database, tmp_path)


def interrupted(desk: Desk, monkeypatch: pytest.MonkeyPatch, at: EntityKind, act: Callable[[], None]) -> None:
    """Have something happen when a kind begins to be compared."""
    real = module.compare

    def compare(material: Material, **options: object) -> object:
        if material.kind is at:
            act()
        return real(material, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "compare", compare)
    desk.searcher.run_waiting()
    monkeypatch.setattr(module, "compare", real)


class TestRepository:
    @pytest.mark.parametrize("search", [SEARCH, DONE])
    def test_what_comes_back_is_what_was_put(self, database: Database, search: DuplicateSearch) -> None:
        with database.write() as unit:
            assert unit.duplicate_searches.add(SEARCH)
            unit.duplicate_searches.put(search)
            assert unit.duplicate_searches.get("s1") == search
        with database.read() as unit:
            assert unit.duplicate_searches.get("s1") == search
            assert unit.duplicate_searches.under_way() == (search if search is SEARCH else None)

    def test_there_are_never_two_under_way(self, database: Database) -> None:
        added: list[bool] = []

        def add(n: int) -> None:
            with database.write() as unit:
                added.append(unit.duplicate_searches.add(replace(SEARCH, id=f"s{n}")))

        threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(added) == [False] * 5 + [True]
        with database.write() as unit:
            assert unit.duplicate_searches.add(replace(DONE, id="done"))
            assert unit.duplicate_searches.newest(1) == [replace(DONE, id="done")]

    def test_only_the_last_are_kept(self, database: Database) -> None:
        with database.write() as unit:
            for n in range(5):
                unit.duplicate_searches.add(replace(DONE, id=f"s{n}"))
            unit.duplicate_searches.keep(2)
            assert [search.id for search in unit.duplicate_searches.newest(9)] == ["s4", "s3"]

    def test_what_cannot_be_stored_is_refused(self, database: Database) -> None:
        with database.write() as unit, pytest.raises(InvalidData):
            unit.duplicate_searches.add(replace(SEARCH, actor="a\0b"))


class TestService:
    def test_from_the_wish_to_the_result(self, desk: Desk) -> None:
        woken: list[bool] = []
        desk.service.on_begun = lambda: woken.append(True)
        search = desk.service.begin(TESTER)
        assert (search.state, search.kinds, woken) == (SearchState.WAITING, MERGEABLE_KINDS, [True])
        assert desk.pairs() == []
        desk.now += timedelta(minutes=1)
        assert (desk.searcher.run_waiting(), desk.searcher.run_waiting()) == (1, 0)
        assert desk.pairs() == [("E1", "E2")]
        seen = desk.service.overview(TESTER)
        assert (seen.under_way, seen.last and seen.last.search.state) == (None, SearchState.DONE)
        assert list(seen.kinds) == list(MERGEABLE_KINDS)
        line = seen.kinds[EXPERT]
        assert line.who == TESTER.id
        assert line.found == Found(
            kind=EXPERT, at=desk.now, n_records=3, n_open=1, n_new=1, n_kept=0, n_gone=0, n_rejected=0
        )
        with desk.database.write() as unit:
            unit.experts.upsert([replace(TWIN, id="E4")])
            unit.duplicates.reject(EXPERT, "E1", "E2", at=desk.now, by="x")
        desk.service.begin(TESTER, (EXPERT,))
        desk.searcher.run_waiting()
        found = desk.service.overview(TESTER).kinds[EXPERT].found
        assert (found.n_new, found.n_kept, found.n_gone, found.n_rejected) == (2, 0, 0, 1)
        with desk.database.read() as unit:
            actions = [entry.action for entry in unit.audit.tail(4)]
        assert actions == [*(f"identity:{kind}:find" for kind in MERGEABLE_KINDS), "identity:expert:find"]

    def test_a_second_wish_is_told_whose_the_first_is(self, desk: Desk) -> None:
        desk.service.begin(TESTER, (EXPERT,))
        with pytest.raises(Conflict, match=TESTER.id) as refused:
            desk.service.begin(TESTER)
        assert refused.value.code == "identity.search_busy"
        assert len(desk.service.overview(TESTER).kinds) == 0
        desk.searcher.run_waiting()
        desk.service.begin(TESTER)

    def test_only_who_edits_the_library_may(self, desk: Desk) -> None:
        enterprise = Actor(id="e", role=Role.ENTERPRISE, permissions=frozenset())
        for attempt in (lambda: desk.service.begin(enterprise), lambda: desk.service.overview(enterprise)):
            with pytest.raises(Forbidden):
                attempt()
        with pytest.raises(InvalidInput):
            desk.service.begin(TESTER, (EntityKind.NEED,))

    def test_it_is_said_how_far_it_is(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.service.begin(TESTER, (PLATFORM,))
        seen: list[JobProgress] = []
        views = []

        def look() -> None:
            seen.append(desk.progress.read())
            views.append(desk.service.overview(TESTER).under_way)

        interrupted(desk, monkeypatch, PLATFORM, look)
        assert seen == [JobProgress("读取创新平台", 0, 1)]
        (view,) = views
        assert view is not None
        assert (view.progress, view.is_left, view.search.present) == (seen[0], False, PLATFORM)
        assert desk.progress.read() == JobProgress()


class TestOneAtATime:
    def test_of_several_that_look_one_does_it(self, desk: Desk) -> None:
        desk.service.begin(TESTER, (EXPERT,))
        done: list[int] = []
        searchers = [desk.another(f"host:{n}") for n in range(3)]
        threads = [
            threading.Thread(target=lambda each=each: done.append(each.run_waiting())) for each in searchers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done) == [0, 0, 1]
        assert len(desk.service.overview(TESTER).kinds) == 1

    def test_the_command_line_does_what_waits_and_then_its_own(self, desk: Desk) -> None:
        waiting = desk.service.begin(TESTER, (PLATFORM,))
        told: list[str] = []
        own = desk.searcher.run((EXPERT,), actor="cli", on_progress=lambda stage, *_: told.append(stage))
        assert (own.state, own.actor, desk.search(own.id)) == (SearchState.DONE, "cli", own)
        assert desk.search(waiting.id).state is SearchState.DONE
        assert list(dict.fromkeys(told)) == ["读取专家", "整理专家", "归组专家", "比较专家"]

    def test_the_command_line_is_refused_while_another_works(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.service.begin(TESTER, (PLATFORM,))
        other = desk.another("host:2")

        def interfere() -> None:
            with pytest.raises(Conflict) as refused:
                other.run(actor="cli")
            assert refused.value.code == "identity.search_busy"

        interrupted(desk, monkeypatch, PLATFORM, interfere)
        assert other.run((PLATFORM,), actor="cli").state is SearchState.DONE


class TestInterruptions:
    def test_a_process_that_is_told_to_end_leaves_it_to_the_next(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        search = desk.service.begin(TESTER, (EXPERT, PLATFORM))
        interrupted(desk, monkeypatch, PLATFORM, desk.searcher.worker.stop)
        left = desk.search(search.id)
        assert (left.state, left.attempt, left.left) == (SearchState.WAITING, 0, (PLATFORM,))
        assert desk.pairs() == [("E1", "E2")], "what is done stays done"
        assert desk.another("host:2").run_waiting() == 1, "at once: the lease was given back"
        assert desk.search(search.id).state is SearchState.DONE

    def test_whoever_was_overtaken_writes_nothing(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        search = desk.service.begin(TESTER, (EXPERT,))

        def overtake() -> None:
            with desk.database.write() as unit:
                unit.leases.acquire(LEASE_NAME, "host:2", desk.now + 2 * TERM, TERM)

        interrupted(desk, monkeypatch, EXPERT, overtake)
        assert desk.pairs() == []
        assert desk.search(search.id).state is SearchState.RUNNING, "it is the other one's now"

    def test_a_search_that_kills_its_processes_is_given_up(self, desk: Desk) -> None:
        search = desk.service.begin(TESTER, (EXPERT,))
        with desk.database.write() as unit:
            dead = replace(search, state=SearchState.RUNNING, attempt=MAX_ATTEMPTS, began_at=AT)
            unit.duplicate_searches.put(dead)
        view = desk.service.overview(TESTER).under_way
        assert view is not None
        assert view.is_left
        assert desk.searcher.run_waiting() == 0
        assert desk.search(search.id).state is SearchState.INTERRUPTED
        desk.service.begin(TESTER, (EXPERT,))
        assert desk.searcher.run_waiting() == 1

    @pytest.mark.parametrize(
        ("error", "code"),
        [(ValueError("x"), "identity.search_broken"), (Unavailable("store.full", place="x"), "store.full")],
    )
    def test_an_error_ends_it_and_says_so(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
    ) -> None:
        search = desk.service.begin(TESTER, (EXPERT,))

        def fail() -> None:
            raise error

        interrupted(desk, monkeypatch, EXPERT, fail)
        ended = desk.search(search.id)
        assert (ended.state, ended.fault and ended.fault.code) == (SearchState.FAULTY, code)
        assert ended.ended_at == AT
        assert desk.service.begin(TESTER).state is SearchState.WAITING

    def test_what_was_merged_or_deleted_meanwhile_is_not_proposed(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.service.begin(TESTER, (EXPERT,))

        def delete() -> None:
            with desk.database.write() as unit:
                unit.experts.remove(["E2"])

        interrupted(desk, monkeypatch, EXPERT, delete)
        assert desk.pairs() == []


KILLED = """
import sys, time
from datetime import datetime
from pathlib import Path
from recommender.domain.kinds import EntityKind
from recommender.services.background.progress import ProgressFile
from recommender.services.duplicate_search import Material
from recommender.services.duplicate_searches import searcher as module
from recommender.store import Database

real = module.compare
def compare(material, **options):
    if material.kind is EntityKind.PLATFORM:
        print("comparing", flush=True)
        time.sleep(120)
    return real(material, **options)
module.compare = compare
database, folder, at = Database.open(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
progress = ProgressFile(folder / "progress.json")
module.DuplicateSearcher(database, progress, lambda: at, holder="dying:1").run_waiting()
"""


def test_a_killed_process_leaves_its_search_to_the_next(desk: Desk, url: str, tmp_path: Path) -> None:
    search = desk.service.begin(TESTER, (EXPERT, PLATFORM))
    command = [sys.executable, "-c", KILLED, url, str(tmp_path), AT.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "comparing"
        assert desk.searcher.run_waiting() == 0, "somebody is at it"
        os.kill(process.pid, signal.SIGKILL)
    assert desk.searcher.run_waiting() == 0, "nobody knows yet that it is dead"
    desk.now += TERM + timedelta(seconds=1)
    view = desk.service.overview(TESTER).under_way
    assert view is not None
    assert (view.is_left, view.search.left) == (True, (PLATFORM,))
    with pytest.raises(Conflict):
        desk.service.begin(TESTER)
    assert desk.searcher.run_waiting() == 1
    done = desk.search(search.id)
    assert (done.state, done.attempt, [item.kind for item in done.found]) == (
        SearchState.DONE,
        2,
        [EXPERT, PLATFORM],
    )
    assert done.found[0].at == AT, "what was done before is not done again"
