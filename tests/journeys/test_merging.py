"""Merging from end to end: all follows the survivor, matching obeys at once, and undoing gives all back."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from recommender.bootstrap import Application
from recommender.domain.duplicate_searches import Found
from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Entity,
    Expert,
    Need,
    Platform,
)
from recommender.domain.errors import Conflict, InvalidInput, MatchmakerError, NotFound
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.identity import MERGEABLE_KINDS, STATED, MergeState
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.match import ExclusionCode, MatchRun, RunState, Suggestion
from recommender.services.background.progress import ProgressFile
from recommender.services.batches import BatchService
from recommender.services.duplicate_searches.searcher import DuplicateSearcher
from recommender.services.identity import DuplicateService, LibrarySuspects
from recommender.services.imports import ImportService
from recommender.services.matching import MatchRequest
from recommender.services.merges import MergeService
from recommender.settings import Settings
from recommender.store import Database
from recommender.store.address import Address
from recommender.store.engine import open_engine, reading
from recommender.store.tables import Base
from tests.actors import OFFICER, TESTER
from tests.conftest import import_samples
from tests.store import records
from tests.store.conftest import backend, cluster, database, template, template_file, url
from tests.store.dumps import empty
from tests.store.kept import assert_kept_figures_follow
from tests.unit.exchange.samples import csv_file

__all__ = ["backend", "cluster", "database", "template", "template_file", "url"]

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
HISTORY = {"record_merge", "merge_change", "audit"}
"""Tables that only grow."""


def all_rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the history, with versions and times, in the order of the keys."""
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        found = {
            table.name: [
                dict(row._mapping)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in HISTORY
        }
    engine.dispose()
    assert_kept_figures_follow(url)
    return found


def merges(database: Database) -> MergeService:
    return MergeService(database, lambda: NOW)


def duplicates(database: Database) -> DuplicateService:
    return DuplicateService(database, lambda: NOW)


def find(database: Database, *kinds: EntityKind, again: bool = False) -> tuple[Found, ...]:
    """What looking through some kinds, all where none is named, came to."""
    with TemporaryDirectory() as folder:
        progress = ProgressFile(Path(folder) / "progress.json")
        searcher = DuplicateSearcher(database, progress, lambda: NOW, holder="host:1")
        return searcher.run(kinds or MERGEABLE_KINDS, actor="officer", again=again).found


EXPERTS, ENTERPRISES, PLATFORMS = ["E1", "E2", "E3", "E4"], ["C1", "C2", "C3"], ["P1", "P2", "P3"]
IDS = {EntityKind.EXPERT: EXPERTS, EntityKind.ENTERPRISE: ENTERPRISES, EntityKind.PLATFORM: PLATFORMS}


@st.composite
def libraries(draw: st.DrawFn) -> tuple[list[Entity], list[AchievementPlatform], list[EnterpriseFact]]:
    """Any library over a few ids that is full of links."""
    codes = st.lists(st.sampled_from(ENTERPRISES), max_size=3, unique=True).map(tuple)
    people = st.lists(st.sampled_from(EXPERTS), max_size=4, unique=True).map(tuple)
    entities: list[Entity] = [draw(records.enterprises(st.just(code))) for code in ENTERPRISES]
    entities += [
        replace(draw(records.experts(st.just(id))), avoided_enterprises=draw(codes), n_active_engagements=1)
        for id in EXPERTS
    ]
    entities += [draw(records.platforms(st.just(id))) for id in PLATFORMS]
    works = [replace(draw(records.achievements(st.just(f"A{n}"))), author_ids=draw(people)) for n in range(3)]
    needs = [
        replace(
            draw(records.needs(st.just(f"N{n}"))),
            enterprise_code=draw(st.sampled_from(["", *ENTERPRISES])),
            intended_experts=draw(people),
        )
        for n in range(2)
    ]
    pairs = st.builds(
        AchievementPlatform,
        achievement_id=st.sampled_from([work.id for work in works]),
        platform_id=st.sampled_from(PLATFORMS),
    )
    links = draw(st.lists(pairs, max_size=5, unique=True))
    facts = draw(st.lists(st.sampled_from(ENTERPRISES).flatmap(few_facts), max_size=5, unique_by=lambda f: f.id))
    return [*entities, *works, *needs], links, facts


def few_facts(code: str) -> st.SearchStrategy[EnterpriseFact]:
    """Facts of few years and indicators, so that those of two enterprises meet."""
    return st.builds(
        EnterpriseFact,
        enterprise_code=st.just(code),
        year=st.sampled_from([2024, 2025]),
        indicator=st.sampled_from([FactIndicator.REVENUE, FactIndicator.STAFF]),
        value=st.none() | st.floats(0, 1e6),
        evidence=st.sampled_from(["", "纳税申报表"]),
        status=st.sampled_from(FactStatus),
    )


steps = st.sampled_from(MERGEABLE_KINDS).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.lists(st.sampled_from(IDS[kind]), min_size=2, max_size=2, unique=True)
    )
)


def fill(database: Database, library: Any) -> None:
    entities, links, facts = library
    with database.write() as unit:
        for entity in entities:
            unit.of(entity.kind).upsert([entity])
        unit.achievement_platforms.upsert(links)
        unit.enterprise_facts.upsert(facts)
        unit.runs.start(RUN)
        unit.runs.add([suggestion(n, target) for n, target in enumerate(EXPERTS, start=1)])
        unit.duplicates.reject(EntityKind.EXPERT, "E1", "E4", at=NOW, by="officer")


RUN = MatchRun(
    id="R1",
    started_at=NOW,
    finished_at=NOW,
    state=RunState.DONE,
    snapshot_id="s",
    encoder_id="e",
    configuration_hash="c",
    n_sources=1,
)


def suggestion(position: int, target: str) -> Suggestion:
    return Suggestion(
        run_id="R1",
        source_kind=EntityKind.NEED,
        source_id="N0",
        target_kind=EntityKind.EXPERT,
        target_id=target,
        position=position,
        score=1 / position,
        parts={"text": 0.123456789},
        reason="理由",
        evidence_ids=("A1",),
    )


@settings(
    deadline=None,
    max_examples=15,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(library=libraries(), plan=st.lists(steps, min_size=1, max_size=4))
def test_undoing_merges_restores_every_row(url: str, database: Database, library: Any, plan: Any) -> None:
    empty(url)
    fill(database, library)
    service = merges(database)
    states = []
    for kind, (one, other) in plan:
        before = all_rows(url)
        try:
            report = service.merge(one, other, kind=kind, keep=one, actor="officer")
        except MatchmakerError as error:
            assert error.code in {"identity.record_missing", "identity.merged_already"}
            assert all_rows(url) == before
            continue
        assert report.n_changes > 0
        assert_kept_figures_follow(url)
        states.append((report.merge.id, before))
        with database.read() as unit:
            assert unit.of(kind).get(other) is None
            assert unit.of(kind).get(one) == report.record
            assert unit.identity.resolve(kind, [other]) == {other: one}
            assert all(other not in work.author_ids for work in unit.achievements.iterate())
            assert all(other not in link.id.split("|") for link in unit.achievement_platforms.iterate())
            assert all(other not in (item.target_id, item.source_id) for item in unit.runs.suggestions("R1"))
    for merge_id, before in reversed(states):
        service.undo(merge_id, actor="officer")
        assert all_rows(url) == before


def expert(id: str, **fields: Any) -> Expert:
    return Expert(**{"id": id, "name": "李建国", "organisation": "江南理工大学", **fields})


def store(database: Database, *entities: Entity) -> None:
    with database.write() as unit:
        for entity in entities:
            unit.of(entity.kind).upsert([entity])


class TestExperts:
    def test_bylines_keep_their_order_and_name_nobody_twice(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"), expert("E3", name="王芳"))
        works = {"A1": ("E3", "E2"), "A2": ("E2", "E3", "E1"), "A3": ("E1",), "A4": ("E3",)}
        store(
            database,
            *(Achievement(id=id, type="论文", title=id, author_ids=names) for id, names in works.items()),
        )
        merges(database).merge("E1", "E2", keep="E1", actor="officer")
        with database.read() as unit:
            found = {work.id: work.author_ids for work in unit.achievements.iterate()}
        assert found == {"A1": ("E3", "E1"), "A2": ("E1", "E3"), "A3": ("E1",), "A4": ("E3",)}

    def test_a_withdrawn_consent_is_never_lost(self, database: Database) -> None:
        withdrawn = expert("E2", consent_withdrawn_on=date(2026, 3, 1), willingness=Willingness.DECLINED)
        store(database, expert("E1", verified_on=date(2026, 9, 1), job_title="教授"), withdrawn)
        report = merges(database).merge("E1", "E2", keep="E1", actor="officer")
        assert isinstance(report.record, Expert)
        assert report.record.consent_withdrawn_on == date(2026, 3, 1)
        assert report.record.willingness is Willingness.DECLINED
        for header in ("撤回同意日期", "意愿", "回避企业"):
            store(database, withdrawn)
            with pytest.raises(InvalidInput) as refused:
                merges(database).merge("E1", "E2", chosen=[f"{header}=开放"], actor="officer")
            assert refused.value.code in {"identity.field_protected", "identity.field_unknown"}

    def test_a_person_may_choose_values(self, database: Database) -> None:
        store(database, expert("E1", job_title="教授", city="苏州"), expert("E2", job_title="院士", city="无锡"))
        report = merges(database).merge(
            "E1", "E2", keep="E1", chosen=["职称=E2", "地区= 南京 ", "容量=3"], actor="officer"
        )
        record = report.record
        assert isinstance(record, Expert)
        assert (record.job_title, record.city, record.capacity) == ("院士", "南京", 3)
        assert report.merge.chosen == {"职称": "E2", "地区": STATED, "容量": STATED}

    @pytest.mark.parametrize(
        ("chosen", "code"),
        [
            ("职称", "identity.field_malformed"),
            ("=教授", "identity.field_malformed"),
            ("星座=白羊", "identity.field_unknown"),
            ("专家编号=E9", "identity.field_protected"),
            ("容量=很多", "identity.field_value"),
            ("姓名=", "identity.field_value"),
        ],
    )
    def test_what_cannot_be_chosen(self, url: str, database: Database, chosen: str, code: str) -> None:
        store(database, expert("E1"), expert("E2"))
        before = all_rows(url)
        with pytest.raises(InvalidInput) as refused:
            merges(database).merge("E1", "E2", chosen=[chosen], actor="officer")
        assert refused.value.code == code
        assert all_rows(url) == before


class TestEnterprises:
    def test_needs_facts_and_those_who_avoid_it_follow(self, database: Database) -> None:
        store(
            database,
            Enterprise(code="C1", name="恒达机械有限公司"),
            Enterprise(code="C2", name="张家港恒达机械股份有限公司", main_products="轧机"),
            expert("E1", avoided_enterprises=("C2", "X")),
            Need(id="N1", title="边裂", enterprise_code="C2"),
        )
        revenue, staff = FactIndicator.REVENUE, FactIndicator.STAFF
        with database.write() as unit:
            unit.enterprise_facts.upsert(
                [
                    EnterpriseFact(enterprise_code="C1", year=2025, indicator=revenue, value=3200.0),
                    EnterpriseFact(enterprise_code="C2", year=2025, indicator=revenue, value=3100.0),
                    EnterpriseFact(enterprise_code="C2", year=2025, indicator=staff, value=50.0),
                ]
            )
        merges(database).merge("C2", "C1", keep="C1", actor="officer")
        with database.read() as unit:
            (fact_of_revenue, fact_of_staff) = unit.enterprise_facts.of_enterprises(["C1"])["C1"]
            need, avoiding = unit.needs.get("N1"), unit.experts.get("E1")
            enterprise = unit.enterprises.get("C1")
            assert unit.enterprise_facts.count() == 2
        assert enterprise == Enterprise(
            code="C1",
            name="恒达机械有限公司",
            main_products="轧机",
            former_names=("张家港恒达机械股份有限公司",),
        )
        assert (fact_of_revenue.value, fact_of_revenue.status) == (None, FactStatus.CONFLICT)
        assert fact_of_revenue.evidence == "3200万元；3100万元"
        assert fact_of_staff.value == 50.0
        assert need is not None
        assert need.enterprise_code == "C1"
        assert avoiding is not None
        assert avoiding.avoided_enterprises == ("C1", "X")

    def test_the_one_with_a_valid_code_stays(self, database: Database) -> None:
        old = Enterprise(code="320582000123456", name="恒达机械有限公司", main_products="轧机", town="锦丰镇")
        store(database, old, Enterprise(code="91320582000000000J", name="恒达机械有限公司"))
        report = merges(database).merge(old.code, "91320582000000000J", actor="officer")
        assert report.merge.survivor_id == "91320582000000000J"


def test_platforms_take_their_achievements_along(database: Database) -> None:
    store(database, Platform(id="P1", name="台"), Platform(id="P2", name="台"))
    store(database, *(Achievement(id=id, type="论文", title=id) for id in ("A1", "A2")))
    links = [
        AchievementPlatform(achievement_id=work, platform_id=platform)
        for work, platform in (("A1", "P1"), ("A1", "P2"), ("A2", "P2"))
    ]
    with database.write() as unit:
        unit.achievement_platforms.upsert(links)
    merges(database).merge("P1", "P2", keep="P1", actor="officer")
    with database.read() as unit:
        assert [link.id for link in unit.achievement_platforms.iterate()] == ["A1|P1", "A2|P1"]


class TestUndo:
    def refused(self, database: Database, merge_id: str) -> Conflict:
        with pytest.raises(Conflict) as caught:
            merges(database).undo(merge_id, actor="officer")
        return caught.value

    def test_twice_is_refused(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"))
        done = merges(database).merge("E1", "E2", actor="officer").merge
        undone = merges(database).undo(done.id, actor="another")
        assert (undone.state, undone.undone_by) == (MergeState.UNDONE, "another")
        assert self.refused(database, done.id).code == "identity.undone_already"

    def test_of_an_earlier_merge_names_the_later_one(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"), expert("E3"))
        service = merges(database)
        first = service.merge("E1", "E2", keep="E1", actor="officer").merge
        second = service.merge("E3", "E1", keep="E3", actor="officer").merge
        refused = self.refused(database, first.id)
        assert refused.code == "identity.merged_again"
        assert second.id in str(refused)
        service.undo(second.id, actor="officer")
        service.undo(first.id, actor="officer")
        assert [merge.state for merge in service.history()] == [MergeState.UNDONE] * 2

    def test_is_refused_where_something_has_changed_since_and_says_what(
        self, url: str, database: Database
    ) -> None:
        store(database, expert("E1"), expert("E2"))
        store(database, Achievement(id="A1", type="论文", title="题", author_ids=("E2",)))
        done = merges(database).merge("E1", "E2", keep="E1", actor="officer").merge
        store(database, Achievement(id="A1", type="论文", title="新题", author_ids=("E1",)))
        before = all_rows(url)
        refused = self.refused(database, done.id)
        assert refused.code == "identity.changed_since"
        assert "成果“A1”" in str(refused)
        assert all_rows(url) == before

    def test_is_refused_where_the_absorbed_record_was_created_again(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"))
        done = merges(database).merge("E1", "E2", keep="E1", actor="officer").merge
        store(database, expert("E2", job_title="教授"))
        assert "专家“E2”" in str(self.refused(database, done.id))

    def test_is_refused_where_what_rows_refer_to_is_gone(self, database: Database) -> None:
        store(database, Platform(id="P1", name="台"), Platform(id="P2", name="台"))
        store(database, Achievement(id="A1", type="论文", title="题"))
        with database.write() as unit:
            unit.achievement_platforms.upsert(
                [AchievementPlatform(achievement_id="A1", platform_id=id) for id in ("P1", "P2")]
            )
        done = merges(database).merge("P1", "P2", keep="P1", actor="officer").merge
        with database.write() as unit:
            unit.achievements.remove(["A1"])
        refused = self.refused(database, done.id)
        assert refused.code == "identity.reference_gone"
        assert "成果“A1”" in str(refused)

    def test_is_refused_once_the_former_state_was_forgotten(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"))
        done = merges(database).merge("E1", "E2", actor="officer").merge
        with database.write() as unit:
            unit.identity.forget(EntityKind.EXPERT, ["E1", "E2"])
        assert self.refused(database, done.id).code == "identity.history_forgotten"

    def test_of_an_unknown_merge(self, database: Database) -> None:
        with pytest.raises(NotFound) as caught:
            merges(database).undo("没有", actor="officer")
        assert caught.value.code == "identity.merge_not_found"


class TestRefused:
    @pytest.mark.parametrize(
        ("one", "other", "options", "code"),
        [
            ("E1", "E1", {}, "identity.same_record"),
            ("E1", "没有", {}, "identity.record_missing"),
            ("E1", "P1", {}, "identity.record_missing"),
            ("E1", "E2", {"keep": "E3"}, "identity.keep_unknown"),
            ("E1", "E2", {"kind": EntityKind.NEED}, "identity.kind_not_mergeable"),
            ("B1", "B2", {}, "identity.kind_unclear"),
        ],
    )
    def test_and_nothing_is_written(
        self, url: str, database: Database, one: str, other: str, options: dict[str, Any], code: str
    ) -> None:
        store(database, expert("E1"), expert("E2"), Platform(id="P1", name="台"))
        store(database, *(make(id) for id in ("B1", "B2") for make in (expert, self.platform)))
        before = all_rows(url)
        with pytest.raises(MatchmakerError) as refused:
            merges(database).merge(one, other, actor="officer", **options)
        assert refused.value.code == code
        assert all_rows(url) == before

    @staticmethod
    def platform(id: str) -> Platform:
        return Platform(id=id, name="台")

    def test_an_id_that_was_merged_away_names_its_successor(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"), expert("E3"))
        merges(database).merge("E1", "E2", keep="E1", actor="officer")
        with pytest.raises(Conflict, match="E1") as refused:
            merges(database).merge("E2", "E3", actor="officer")
        assert refused.value.code == "identity.merged_already"


class TestFinding:
    def test_pairs_are_kept_decided_and_not_asked_again(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"), expert("E3", name="王芳"))
        service = duplicates(database)
        (found,) = find(database, EntityKind.EXPERT)
        assert (found.n_records, found.n_open, found.n_rejected) == (3, 1, 0)
        (pair,) = service.proposals()
        assert (pair.first.id, pair.second.id) == ("E1", "E2")
        service.reject("E1", "E2", actor="officer")
        (found,) = find(database, EntityKind.EXPERT)
        assert (found.n_open, found.n_rejected) == (0, 1)
        (found,) = find(database, EntityKind.EXPERT, again=True)
        assert (found.n_open, found.n_rejected) == (1, 0)

    def test_contacts_are_masked_side_by_side(self, database: Database) -> None:
        store(
            database, expert("E1", phone="13812345678", email="li@example.edu.cn"), expert("E2", job_title="教授")
        )
        find(database)
        (pair,) = duplicates(database).proposals()
        shown = {field.field: (field.first, field.second) for field in pair.fields}
        assert shown == {
            "job_title": ("", "教授"),
            "phone": ("138****5678", ""),
            "email": ("l***@example.edu.cn", ""),
        }

    def test_pairs_of_which_one_is_gone_are_not_shown(self, database: Database) -> None:
        store(database, expert("E1"), expert("E2"))
        find(database)
        with database.write() as unit:
            unit.experts.remove(["E2"])
        assert duplicates(database).proposals() == ()

    def test_works_and_former_names_are_looked_at(self, database: Database) -> None:
        store(database, Enterprise(code="C1", name="江苏永钢有限公司", former_names=("永联轧钢有限公司",)))
        store(
            database, expert("E1", organisation="永联轧钢有限公司"), expert("E2", organisation="江苏永钢有限公司")
        )
        find(database)
        (pair,) = duplicates(database).proposals(EntityKind.EXPERT)
        assert pair.decision.signals[0].code == "organisation.same"
        store(database, expert("E3", organisation=""))
        assert self.n_open(database) == 1
        store(
            database, *(Achievement(id=f"A{n}", type="论文", title=TITLE, author_ids=(f"E{n}",)) for n in (1, 3))
        )
        assert self.n_open(database) == 2

    @staticmethod
    def n_open(database: Database) -> int:
        (found,) = find(database, EntityKind.EXPERT)
        return found.n_open


TITLE = "冷轧薄板边裂的机理与在线抑制方法研究"


class TestAudit:
    def test_every_step_is_in_the_trail(self, database: Database) -> None:
        store(database, expert("E1", phone="13812345678"), expert("E2"), expert("E3"))
        find(database, EntityKind.EXPERT)
        duplicates(database).reject("E3", "E1", actor="officer")
        done = merges(database).merge("E1", "E2", keep="E1", chosen=["职称=教授"], actor="officer").merge
        merges(database).undo(done.id, actor="officer")
        with database.read() as unit:
            trail = unit.audit.tail(10)
        assert [entry.action for entry in trail] == [
            "identity:expert:find",
            "identity:expert:reject",
            "identity:expert:merge",
            "identity:expert:undo",
        ]
        assert trail[1].target == "E1|E3"
        assert trail[2].target == done.id
        assert trail[2].detail["survivor"] == "E1"
        assert trail[2].detail["chosen"] == {"职称": STATED}
        assert all("138" not in str(entry.detail) and "教授" not in str(entry.detail) for entry in trail)


def test_an_import_can_be_taken_back_once_the_merge_of_its_records_is(
    url: str, database: Database, tmp_path: Path
) -> None:
    imports = ImportService(database, lambda: NOW)
    batches = BatchService(database, lambda: NOW, tuple)
    header = ("专家编号", "姓名", "单位")
    imports.apply("experts", csv_file(tmp_path, (header, ("E1", "李建国", "江南理工大学"))), actor=OFFICER)
    before = all_rows(url)["expert"]
    imports.apply("experts", csv_file(tmp_path, (header, ("E2", "李建国", "江南理工大学"))), actor=OFFICER)
    done = merges(database).merge("E1", "E2", keep="E1", actor="officer").merge
    with pytest.raises(Conflict):
        batches.undo(actor=OFFICER)
    merges(database).undo(done.id, actor="officer")
    batches.undo(actor=OFFICER)
    assert all_rows(url)["expert"] == before


class TestSuspects:
    def test_new_records_are_compared_with_the_library_and_with_one_another(self, database: Database) -> None:
        store(database, expert("E1"), expert("E9", name="王芳"))
        new = [expert("X1"), expert("X2", organisation="滨海大学"), expert("X3", organisation="滨海大学")]
        with database.read() as unit:
            found = LibrarySuspects(unit).find("experts", new)  # type: ignore[arg-type]
        assert {id: [suspect.id for suspect in suspects] for id, suspects in found.items()} == {
            "X1": ["E1"],
            "X2": ["X3"],
            "X3": ["X2"],
        }
        assert found["X1"][0].name == "李建国"
        assert "单位相同" in found["X1"][0].why

    def test_kinds_that_are_not_merged_have_none(self, database: Database) -> None:
        with database.read() as unit:
            assert LibrarySuspects(unit).find("needs", [Need(id="N1", title="题")]) == {}  # type: ignore[arg-type]


@pytest.fixture
def application(sample_application: Application, tmp_path: Path) -> Application:
    """A library of its own with the samples; vectors are known already."""
    var_dir = tmp_path / "var"
    shutil.copytree(sample_application.settings.vector_cache_dir, var_dir / "vector-cache")
    copy = Application(Settings(var_dir=var_dir))
    import_samples(copy)
    return copy


def test_a_merged_expert_is_gone_at_once_and_lends_its_works_at_the_next_build(application: Application) -> None:
    absorbed = "ZJ0001"
    with application.database.read() as unit:
        stored = unit.experts.get(absorbed)
    assert stored is not None
    twin = replace(stored, id="ZJ9999", research_fields=(), solvable_problems="", biography="", capacity=None)
    store(application.database, twin)
    application.indexing.build(actor="test")
    request = MatchRequest((EntityKind.EXPERT,), 60)

    def ask() -> Any:
        return application.matching.match_text(TESTER, "边裂", "薄板轧制边裂", request).lists[0]

    positions = {match.id: match.position for match in ask().matches}
    assert absorbed in positions
    assert "ZJ9999" not in positions

    application.merges.merge("ZJ9999", absorbed, keep="ZJ9999", actor="officer")
    answer = ask()
    assert absorbed not in {match.id for match in answer.matches}
    assert {item.code for item in answer.exclusions if item.id == absorbed} <= {ExclusionCode.REMOVED}
    assert application.library.get(TESTER, EntityKind.EXPERT, absorbed).id == "ZJ9999"

    application.indexing.build(actor="test")
    after = {match.id: match.position for match in ask().matches}
    assert after["ZJ9999"] == positions[absorbed]
    assert absorbed not in after


def test_the_preview_of_a_file_names_suspects(application: Application, tmp_path: Path) -> None:
    with application.database.read() as unit:
        stored = unit.experts.get("ZJ0001")
    assert stored is not None
    rows = (("专家编号", "姓名", "单位"), ("新0001", stored.name, stored.organisation))
    preview = application.imports.check("experts", csv_file(tmp_path, rows), actor=OFFICER)
    assert preview.report.n_suspects == 1
    (row,) = preview.suspects
    assert [suspect.id for suspect in row.suspects] == ["ZJ0001"]
