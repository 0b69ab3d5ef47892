"""Runs after the night: what readers see, going back, parts of the city, what changed, what is kept."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.entities import Enterprise, Expert, Need
from recommender.domain.errors import Conflict, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunState, ShardStage
from recommender.nightly.digest import RISE, Change
from recommender.nightly.sources import Scope
from recommender.nightly.work import ShardWorker
from recommender.services.nightly.housekeeping import Housekeeping
from recommender.services.nightly.lease import acquire
from recommender.services.nightly.options import NightOptions, NightStage
from tests.journeys import nights
from tests.journeys.test_nightly_same import change_expert
from tests.store.dumps import library_rows

NEED = "XQ2026001"


def audit(application: Application) -> list[tuple[str, str]]:
    """The nights' lines of the audit trail, oldest first."""
    with application.database.read() as unit:
        entries = unit.audit.tail(1000)
    return [(entry.action, entry.target) for entry in entries if entry.action.startswith("nightly:")]


class TestScopes:
    @pytest.mark.parametrize(
        "expressions",
        [
            ["来源=need"],
            ["来源=enterprise"],
            ["来源=achievement"],
            ["区镇=锦丰"],
            ["产业链=冶金新材料"],
            ["区镇=无此镇"],
        ],
    )
    def test_kept_for_inspection_and_never_published(
        self, later: nights.Libraries, expressions: list[str]
    ) -> None:
        application = later(allocation_strength=0)
        whole_run = nights.run(application)
        whole = {
            (each.source_id, each.target_kind, each.target_id): each.score
            for each in nights.suggestions(application, whole_run.id)
        }
        scope = Scope.parse(expressions)
        run = nights.run(application, scope=scope)
        assert run.state is RunState.DONE
        assert run.scope == " ".join(expressions)
        assert nights.published(application) == whole_run.id
        found = nights.suggestions(application, run.id)
        asking = self.sources(application, scope)
        assert {each.source_id for each in found} == asking
        assert run.n_sources == len(asking)
        assert {(each.source_id, each.target_kind, each.target_id): each.score for each in found} == {
            key: score for key, score in whole.items() if key[0] in asking
        }
        with pytest.raises(Conflict, match=expressions[0]) as raised:
            application.runs.publish(run.id, actor=Actor.trusted("test"))
        assert raised.value.code == "nightly.scoped_run"
        assert nights.published(application) == whole_run.id

    @staticmethod
    def sources(application: Application, scope: Scope) -> set[str]:
        """Who belongs to a scope, in the plainest words."""
        with application.database.read() as unit:
            enterprises = {each.code: each for each in unit.enterprises.iterate()}
            needs = list(unit.needs.iterate())
            achievements = {each.id for each in unit.achievements.iterate()}
        inside = {
            code
            for code, each in enterprises.items()
            if scope.town in each.town and scope.industry_chain in each.industry_chain
        }
        asking = {need.enterprise_code for need in needs}
        found = set()
        if scope.kind in (None, EntityKind.NEED):
            found |= {need.id for need in needs if need.enterprise_code in inside}
        if scope.kind in (None, EntityKind.ENTERPRISE):
            found |= inside - asking
        if scope.kind in (None, EntityKind.ACHIEVEMENT) and not scope.town and not scope.industry_chain:
            found |= achievements
        return found


class TestPublication:
    def test_publish_roll_back_and_again(self, later: nights.Libraries) -> None:
        application = later()
        first = nights.published(application)
        assert first is not None
        change_expert(application)
        second = nights.run(application).id
        lists = {run_id: nights.suggestions(application, run_id) for run_id in (first, second)}
        assert lists[first] != lists[second]
        assert nights.suggestions(application) == lists[second]

        back = application.runs.roll_back(actor=Actor.trusted("officer"))
        assert (back.run_id, back.actor) == (first, "officer")
        assert nights.suggestions(application) == lists[first]
        with pytest.raises(Conflict) as raised:
            application.runs.roll_back(actor=Actor.trusted("officer"))
        assert raised.value.code == "run.nothing_before"

        again = application.runs.publish(second, actor=Actor.trusted("officer"))
        assert again.previous_run_id == first
        assert nights.suggestions(application) == lists[second]
        assert [line.is_published for line in application.runs.newest()] == [True, False]
        assert audit(application)[-3:] == [
            ("nightly:run:publish", second),
            ("nightly:run:rollback", first),
            ("nightly:run:publish", second),
        ]

    def test_after_a_roll_back_the_next_night_is_as_from_nothing(
        self, later: nights.Libraries, undisturbed: str
    ) -> None:
        """What readers see is what candidates are taken from, if they are still there."""
        application = later()
        nights.run(application)
        application.runs.roll_back(actor=Actor.trusted("test"))
        run = nights.run(application)
        assert nights.content(application, run.id) == undisturbed

    def test_what_has_not_ended_is_not_published(self, libraries: nights.Libraries) -> None:
        application = libraries()

        def stop(stage: NightStage, done: int, total: int) -> None:
            if stage is NightStage.STORE:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            nights.run(application, on_progress=stop)
        begun = application.runs.newest()[0].run.id
        with pytest.raises(Conflict) as raised:
            application.runs.publish(begun, actor=Actor.trusted("test"))
        assert raised.value.code == "run.not_finished"

    def test_what_does_not_exist(self, later: nights.Libraries, libraries: nights.Libraries) -> None:
        with pytest.raises(NotFound, match="R-none"):
            later().runs.publish("R-none", actor=Actor.trusted("test"))
        with pytest.raises(NotFound) as raised:
            libraries().runs.show()
        assert raised.value.code == "nightly.nothing_published"

    def test_readers_see_whole_runs_only(self, later: nights.Libraries) -> None:
        """While a night is stored and published, whoever looks finds all of one run."""
        application = later()
        first = nights.published(application)
        sizes = {first: len(nights.suggestions(application))}
        change_expert(application)
        ended, seen = threading.Event(), []

        def read() -> None:
            while not ended.is_set() or not seen:
                with application.database.read() as unit:
                    shown = unit.runs.published()
                    assert shown is not None
                    seen.append((shown.run_id, unit.runs.count(shown.run_id), len(unit.runs.suggestions())))

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        run = nights.run(application)
        read_at_the_end = len(seen)
        while len(seen) < read_at_the_end + 4:
            pass
        ended.set()
        for reader in readers:
            reader.join()
        sizes[run.id] = run.report["n_suggestions"]
        assert {run_id for run_id, _, _ in seen} == {first, run.id}
        assert all(sizes[run_id] == n_counted == n_read for run_id, n_counted, n_read in seen)


class TestPreview:
    def test_it_counts_what_the_night_will_be_about(self, later: nights.Libraries) -> None:
        application = later()
        preview = application.nightly.preview(NightOptions(as_of=nights.TODAY))
        assert (preview.needs, preview.enterprises, preview.achievements) == (15, 2, 150)
        assert (preview.experts, preview.platforms) == (60, 15)
        run = nights.run(application)
        assert run.report["sources"] == {"need": 15, "enterprise": 2, "achievement": 150}

    def test_of_a_part(self, libraries: nights.Libraries) -> None:
        scope = nights.part_of_the_city("来源=need", "产业链=冶金新材料")
        preview = libraries().nightly.preview(NightOptions(as_of=nights.TODAY, scope=scope))
        assert preview.scope == "来源=need 产业链=冶金新材料"
        assert 0 < preview.needs < 15
        assert preview.enterprises == preview.achievements == 0

    def test_it_writes_nothing(self, libraries: nights.Libraries) -> None:
        application = libraries()
        url = application.settings.resolved_database_url
        before, files = library_rows(url), self.files(application.settings.var_dir)
        application.nightly.preview(NightOptions(as_of=nights.TODAY))
        assert library_rows(url) == before
        assert self.files(application.settings.var_dir) == files
        assert application.runs.newest() == []
        assert audit(application) == []

    def test_it_waits_for_nobody(self, later: nights.Libraries) -> None:
        """In the midst of a night too."""
        application, previews = later(), []

        def look(stage: NightStage, done: int, total: int) -> None:
            if stage is NightStage.STORE:
                previews.append(application.nightly.preview(NightOptions(as_of=nights.TODAY)))

        nights.run(application, on_progress=look)
        assert len(previews) == 12
        assert previews[0].needs == 15

    @staticmethod
    def files(folder: Path) -> dict[str, int]:
        """Everything but the database's own files, with its size."""
        return {
            str(path.relative_to(folder)): path.stat().st_size
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith("matchmaker.db")
        }


@pytest.fixture
def two_nights(later: nights.Libraries) -> Application:
    """A second night: one expert came, another may not be shown to a need any more; one need was rewritten."""
    application = later(allocation_strength=0)
    nights.run(application)
    with application.database.write() as unit:
        need = unit.needs.get(NEED)
        assert need is not None
        listed = unit.runs.suggestions(None, NEED, EntityKind.EXPERT)
        best = unit.experts.get(listed[0].target_id)
        other = unit.needs.get("XQ2026009")
        assert best is not None
        assert other is not None
        unit.needs.upsert([replace(other, title="针织布起毛起球", description="")])
        unit.experts.upsert(
            [
                Expert(id="ZJ-new", name="新来的", research_fields=(need.title,), solvable_problems=need.text),
                replace(best, avoided_enterprises=(need.enterprise_code,)),
            ]
        )
    nights.run(application)
    return application


class TestDigest:
    def test_of_one_enterprise(self, two_nights: Application) -> None:
        with two_nights.database.read() as unit:
            need = unit.needs.get(NEED)
            assert need is not None
            former_id = two_nights.runs.newest()[1].run.id
            before = unit.runs.suggestions(former_id, NEED, EntityKind.EXPERT)
        found = two_nights.runs.digest(enterprise=need.enterprise_code, actor=Actor.trusted("test"))
        assert found.former_id == former_id
        assert found.n_sources == 2
        experts = [item for item in found.items if item.target_kind == "expert"]
        assert all(item.source_id == NEED for item in found.items)
        assert ("ZJ-new", Change.NEW, 1, None) in {
            (item.target_id, item.change, item.position, item.former_position) for item in experts
        }
        gone = [item for item in experts if item.change is Change.GONE]
        assert (before[0].target_id, 1, before[0].score) in {
            (item.target_id, item.former_position, item.former_score) for item in gone
        }
        new = [item for item in experts if item.change is Change.NEW]
        assert len(new) == len(gone)
        assert found.counts["expert"]["新增"] == len(new)
        assert found.n_items == len(found.items)

    def test_better_is_what_rose(self, two_nights: Application) -> None:
        found = two_nights.runs.digest(limit=100_000, actor=Actor.trusted("test"))
        for item in found.items:
            if item.change is Change.BETTER:
                assert item.score - item.former_score >= RISE

    def test_of_a_town(self, two_nights: Application) -> None:
        with two_nights.database.read() as unit:
            need = unit.needs.get(NEED)
            assert need is not None
            owner = unit.enterprises.get(need.enterprise_code)
            assert owner is not None
            codes = {each.code for each in unit.enterprises.iterate() if owner.town in each.town}
            inside = codes | {need.id for need in unit.needs.iterate() if need.enterprise_code in codes}
        scope = nights.part_of_the_city(f"区镇={owner.town}")
        part, whole = (
            two_nights.runs.digest(scope=each, limit=100_000, actor=Actor.trusted("test"))
            for each in (scope, None)
        )
        assert part.n_sources == len(inside)
        assert part.items == tuple(item for item in whole.items if item.source_id in inside)
        assert 0 < part.n_items < whole.n_items

    def test_no_more_than_asked_for(self, two_nights: Application) -> None:
        whole, few = (two_nights.runs.digest(limit=limit, actor=Actor.trusted("test")) for limit in (100_000, 3))
        assert few.items == whole.items[:3]
        assert (few.n_items, few.counts) == (whole.n_items, whole.counts)

    def test_nothing_changed(self, later: nights.Libraries) -> None:
        application = later()
        nights.run(application)
        found = application.runs.digest(actor=Actor.trusted("test"))
        assert (found.n_items, found.items, found.counts) == (0, (), {})

    def test_when_a_deadline_passes_its_list_is_gone_and_the_enterprise_has_one(
        self, later: nights.Libraries
    ) -> None:
        application = later()
        with application.database.write() as unit:
            need = unit.needs.get(NEED)
            assert need is not None
            unit.needs.upsert([replace(need, deadline=nights.TODAY.replace(day=27))])
        nights.run(application)
        found = application.runs.digest(enterprise=need.enterprise_code, actor=Actor.trusted("test"))
        changes = {(item.source_id, item.change) for item in found.items}
        assert changes == {(NEED, Change.GONE), (need.enterprise_code, Change.NEW)}

    def test_a_run_about_a_part_is_compared_in_that_part(self, two_nights: Application) -> None:
        whole = two_nights.runs.digest(limit=100_000, actor=Actor.trusted("test"))
        run = nights.run(two_nights, scope=nights.part_of_the_city("来源=need"))
        change_expert(two_nights)
        other = nights.run(two_nights, scope=nights.part_of_the_city("来源=need"))
        assert two_nights.runs.digest(run.id, actor=Actor.trusted("test")).items == ()
        found = two_nights.runs.digest(other.id, limit=100_000, actor=Actor.trusted("test"))
        assert found.former_id == whole.run_id
        assert {item.source_kind for item in found.items} == {"need"}

    def test_a_night_that_nobody_saw_is_passed_over(
        self, later: nights.Libraries, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Shards were set aside: what they lack was not gone, and is not new now."""
        application = later()
        first = nights.published(application)
        work = ShardWorker.work
        change_expert(application)

        def all_but_one(self: ShardWorker, number: int) -> bytes:
            if number == 0:
                raise MemoryError
            return work(self, number)

        with monkeypatch.context() as patched:
            patched.setattr(ShardWorker, "work", all_but_one)
            part = nights.run(application)
        assert part.state is RunState.PARTIAL
        run = nights.run(application)
        found = application.runs.digest(actor=Actor.trusted("test"))
        assert (found.run_id, found.former_id) == (run.id, first)

    def test_mistakes(self, later: nights.Libraries, libraries: nights.Libraries) -> None:
        application = later()
        with pytest.raises(NotFound) as raised:
            application.runs.digest(actor=Actor.trusted("test"))
        assert raised.value.code == "nightly.nothing_before"
        with pytest.raises(NotFound, match="R-none"):
            application.runs.digest("R-none", actor=Actor.trusted("test"))
        nights.run(application)
        with pytest.raises(NotFound, match="没有编号为“91320X”的企业"):
            application.runs.digest(enterprise="91320X", actor=Actor.trusted("test"))
        with pytest.raises(NotFound) as raised:
            libraries().runs.digest(actor=Actor.trusted("test"))
        assert raised.value.code == "nightly.nothing_published"


class TestHousekeeping:
    def test_so_many_runs_are_kept(self, later: nights.Libraries) -> None:
        application = later(keep_runs=2)
        ids = [nights.run(application).id for _ in range(4)]
        assert [line.run.id for line in application.runs.newest()] == ids[:1:-1]
        assert [path.name for path in (application.settings.var_dir / "nights").iterdir()] == ids[-1:]

    def test_only_the_published_run_keeps_its_candidates(self, later: nights.Libraries) -> None:
        application = later()
        runs = [nights.run(application) for _ in range(2)]
        with application.database.read() as unit:
            kept = [len(list(unit.shards.payloads(run.id, ShardStage.CANDIDATES))) for run in runs]
        assert kept == [0, runs[-1].report["n_shards"]]

    def test_what_a_crash_left_is_cleared_away(self, later: nights.Libraries) -> None:
        application = later()
        leftover = application.settings.var_dir / "nights" / ".preparing-20261127T010203-abcdef"
        leftover.mkdir()
        (leftover / "half").write_bytes(b"\0" * 100)
        nights.run(application)
        assert not leftover.exists()

    def test_whoever_was_overtaken_clears_nothing_away(self, later: nights.Libraries, tmp_path: Path) -> None:
        """The next runner's folder stands before its run is known."""
        database, moment = later().database, nights.NOW
        term = timedelta(seconds=1)
        first = acquire(database, "first", now=lambda: moment, term=term)
        (tmp_path / "planned-by-the-second").mkdir()
        acquire(database, "second", now=lambda: moment + 2 * term, term=term)
        with pytest.raises(Conflict, match="first") as raised:
            Housekeeping(tmp_path, keep_runs=2).tidy(first.write)
        assert raised.value.code == "lease.lost"
        assert (tmp_path / "planned-by-the-second").is_dir()


class TestOneAtATime:
    def test_a_second_runner_is_told_who_is_at_work(self, later: nights.Libraries) -> None:
        application = later()
        other = Application(application.settings)
        other.encoder = application.encoder
        refused: list[Conflict] = []

        def interfere(stage: NightStage, done: int, total: int) -> None:
            if stage is NightStage.STORE and not refused:
                for resume in (False, True):
                    with pytest.raises(Conflict) as raised:
                        nights.run(other, resume=resume)
                    refused.append(raised.value)

        run = nights.run(application, on_progress=interfere)
        other.database.close()
        assert [error.code for error in refused] == ["lease.held"] * 2
        holder = application.nightly._holder
        assert all(holder in str(error) and error.exit_code == 1 for error in refused)
        assert run.state is RunState.DONE

    def test_the_night_is_free_again_when_it_failed(
        self, libraries: nights.Libraries, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        application = libraries()

        def broken(*_: object, **__: object) -> Iterator[MatchRun]:
            raise RuntimeError("boom")

        with monkeypatch.context() as patched:
            patched.setattr(application.nightly, "_store_lists", broken)
            with pytest.raises(RuntimeError, match="boom"):
                nights.run(application)
        assert nights.run(application, resume=True).state is RunState.DONE


def test_a_library_with_next_to_nothing(libraries: nights.Libraries) -> None:
    """One enterprise, one need, one expert: lists are as long as there is somebody."""
    application = libraries()
    with application.database.write() as unit:
        for kind in EntityKind:
            unit.of(kind).remove([entity.id for entity in unit.of(kind).iterate()])
        unit.enterprises.upsert([Enterprise(code="91320582X", name="甲厂", main_products="冷轧薄板")])
        unit.needs.upsert([Need(id="XQ1", title="冷轧薄板边裂", enterprise_code="91320582X")])
        unit.experts.upsert([Expert(id="ZJ1", name="乙", research_fields=("冷轧薄板边裂",))])
    run = nights.run(application)
    assert run.state is RunState.DONE
    assert [(each.source_id, each.target_id, each.position) for each in nights.suggestions(application)] == [
        ("XQ1", "ZJ1", 1)
    ]
    assert list(run.report["exposure"]) == ["expert"]
