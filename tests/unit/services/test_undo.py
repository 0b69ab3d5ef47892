"""Taking import batches back, and when that is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.domain.batches import BatchState
from recommender.domain.entities import Achievement, Expert
from recommender.domain.errors import Conflict, InvalidData, NotFound
from recommender.domain.match import AuditEntry
from recommender.exchange.limits import LIMITS
from recommender.matching.generations import Generation
from recommender.services.batches import BatchService, UndoState
from recommender.services.import_stages import ImportStage
from recommender.services.imports import ImportService
from recommender.services.indexed import Indexed
from recommender.services.merges import MergeService
from recommender.store import Database
from tests.actors import OFFICER, OTHER
from tests.keys import vault_in
from tests.store.dumps import library_rows, n_rows
from tests.unit.exchange.samples import CODE, EXPERTS, csv_file

NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
WORKS = (("成果编号", "成果类型", "成果名称", "完成人编号"), ("CG1", "论文", "甲题", "ZJ2；ZJ1"))
PLATFORMS = (("平台编号", "平台名称"), ("PT1", "示例实验室"))
LINKS = (("成果编号", "平台编号"), ("CG1", "PT1"))


def generation(at: datetime, *, is_current: bool = True, problem: str = "") -> Generation:
    """An index generation; one with a problem says nothing of itself."""
    return Generation(
        name=f"{at:%Y%m%dT%H%M%S}-000",
        created_at="" if problem else at.isoformat(timespec="seconds"),
        encoder_id="",
        counts={},
        n_bytes=0,
        is_current=is_current,
        problem=problem,
    )


class Workplace:
    """Both services over one library, with a clock and generations that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'library.db'}"
        self.database = Database.open(self.url, vault=vault_in(folder))
        self.database.upgrade()
        self.now = NOW
        self.generations: list[Generation] = []
        self._folder = folder
        self.imports = ImportService(self.database, lambda: self.now, generations=lambda: self.generations)
        self.batches = BatchService(self.database, lambda: self.now, lambda: self.generations)

    def apply(self, kind: str, rows: Sequence[Sequence[str]]) -> str:
        """Import rows and return the batch."""
        report = self.imports.apply(kind, csv_file(self._folder, rows), actor=OFFICER)
        assert report.applied, report.errors
        return report.batch

    def undo(self, batch: str | None = None) -> str:
        """Take a batch back and say what was done."""
        return self.batches.undo(batch, actor=OTHER).summary

    def refusal(self, batch: str | None = None) -> Conflict:
        """Try in vain: nothing changes."""
        before, trail = self.rows, self.trail
        with pytest.raises(Conflict) as refused:
            self.undo(batch)
        assert (self.rows, self.trail) == (before, trail)
        return refused.value

    @property
    def rows(self) -> object:
        return library_rows(self.url)

    @property
    def trail(self) -> list[AuditEntry]:
        with self.database.read() as unit:
            return unit.audit.tail(100)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    opened = Workplace(tmp_path)
    yield opened
    opened.database.close()


class TestUndo:
    def test_what_was_added_goes_and_what_was_replaced_comes_back(self, place: Workplace) -> None:
        place.apply("experts", EXPERTS)
        before = place.rows
        changed = (EXPERTS[0], ("ZJ2", "乙某某", "新学院", ""), ("ZJ3", "丙某", "", ""))
        batch = place.apply("experts", changed)
        assert place.rows != before
        assert place.undo() == (
            f"已撤销导入批次 {batch}（专家，file.csv）：移除当时新增的 1 条，恢复当时更新的 1 条。"
        )
        assert place.rows == before

    def test_authors_come_back_in_their_order(self, place: Workplace) -> None:
        place.apply("experts", EXPERTS)
        place.apply("achievements", WORKS)
        before = place.rows
        batch = place.apply("achievements", (WORKS[0], ("CG1", "专利", "改题", "ZJ1")))
        place.undo(batch)
        assert place.rows == before
        with place.database.read() as unit:
            assert unit.achievements.get("CG1") == Achievement(
                id="CG1", type="论文", title="甲题", author_ids=("ZJ2", "ZJ1")
            )

    def test_all_batches_one_after_the_other(self, place: Workplace) -> None:
        states = [place.rows]
        files = (
            ("experts", EXPERTS),
            ("achievements", WORKS),
            ("platforms", PLATFORMS),
            ("achievement-platforms", LINKS),
            ("experts", (EXPERTS[0], ("ZJ1", "章某", "", ""))),
        )
        for kind, rows in files:
            place.apply(kind, rows)
            states.append(place.rows)
        for before in reversed(states[:-1]):
            place.undo()
            assert place.rows == before
        with pytest.raises(NotFound, match="matchmaker import list"):
            place.undo()

    def test_an_older_batch_that_nothing_rests_on(self, place: Workplace) -> None:
        place.apply("platforms", PLATFORMS)
        before = place.rows
        first = place.apply("experts", EXPERTS)
        second = place.apply("platforms", (PLATFORMS[0], ("PT2", "另一实验室")))
        place.undo(first)
        place.undo(second)
        assert place.rows == before

    def test_it_is_in_the_audit_trail(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        place.now += timedelta(minutes=5)
        place.undo()
        applied, undone = place.trail
        assert (applied.action, applied.detail["batch"]) == ("import:expert:apply", batch)
        assert (undone.at, undone.actor, undone.action) == (place.now, "other", "import:expert:undo")
        assert (undone.target, undone.detail) == (
            "file.csv",
            {"batch": batch, "n_removed": 2, "n_restored": 0},
        )

    def test_a_file_can_be_imported_again_afterwards(self, place: Workplace) -> None:
        first = place.apply("experts", EXPERTS)
        before = [(row["id"], row["fingerprint"]) for row in library_rows(place.url)["expert"]]
        place.undo()
        second = place.apply("experts", EXPERTS)
        assert first != second
        assert [(row["id"], row["fingerprint"]) for row in library_rows(place.url)["expert"]] == before

    def test_nothing_is_kept_of_what_was_taken_back(self, place: Workplace) -> None:
        place.apply("experts", EXPERTS)
        assert n_rows(place.url, "import_change") == 2
        place.undo()
        assert n_rows(place.url, "import_change") == 0

    def test_a_failure_leaves_the_batch_as_it_was(self, place: Workplace) -> None:
        place.apply("experts", EXPERTS)
        before = place.rows

        def stop(stage: ImportStage, done: int, total: int | None) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            place.batches.undo(actor=OTHER, on_progress=stop)
        assert place.rows == before
        assert place.batches.newest(OFFICER)[0].undo is UndoState.POSSIBLE
        place.undo()

    def test_progress_is_told(self, place: Workplace) -> None:
        n_old, n_new = LIMITS.batch_rows + 1, LIMITS.batch_rows + 2
        place.apply("experts", [EXPERTS[0], *((f"A{n}", "甲", "", "") for n in range(n_old))])
        changed = [(f"A{n}", "乙", "", "") for n in range(n_old)]
        place.apply("experts", [EXPERTS[0], *changed, *((f"B{n}", "甲", "", "") for n in range(n_new))])
        told: list[tuple[ImportStage, int, int | None]] = []
        place.batches.undo(actor=OTHER, on_progress=lambda *what: told.append(what))
        total = n_new + n_old
        done = (LIMITS.batch_rows, n_new, n_new + LIMITS.batch_rows, total)
        assert told == [(ImportStage.UNDO, n, total) for n in done]


class TestRefusals:
    def test_twice(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        place.undo()
        assert place.refusal(batch).code == "import.undo_done"

    def test_an_unknown_batch(self, place: Workplace) -> None:
        with pytest.raises(NotFound, match="没有编号为“X”的导入批次"):
            place.undo("X")

    def test_later_batches_on_the_same_records_come_first(self, place: Workplace) -> None:
        first = place.apply("experts", EXPERTS)
        second = place.apply("experts", (EXPERTS[0], ("ZJ1", "章某", "", "")))
        third = place.apply("experts", (EXPERTS[0], EXPERTS[1]))
        refused = place.refusal(first)
        assert refused.code == "import.undo_later"
        assert f"{third}、{second}" in str(refused)
        place.undo(third)
        assert second in str(place.refusal(first))
        place.undo(second)
        place.undo(first)

    def test_records_that_something_else_changed(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        with place.database.write() as unit:
            expert = unit.experts.get("ZJ1")
            assert expert is not None
            unit.experts.upsert([replace(expert, n_active_engagements=1)])
            unit.experts.remove(["ZJ2"])
        refused = place.refusal(batch)
        assert refused.code == "import.undo_altered"
        assert "2 条" in str(refused)
        assert "ZJ1、ZJ2" in str(refused)

    def test_others_that_point_to_what_was_added(self, place: Workplace) -> None:
        experts = place.apply("experts", EXPERTS)
        works = place.apply("achievements", WORKS)
        refused = place.refusal(experts)
        assert refused.code == "import.undo_depended"
        assert f"成果 1 条（来自批次 {works}）" in str(refused)
        place.undo(works)
        place.undo(experts)

    def test_others_that_did_not_come_from_a_file(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        with place.database.write() as unit:
            unit.achievements.upsert([Achievement(id="A1", type="", title="题", author_ids=("ZJ1",))])
        assert "成果 1 条。" in str(place.refusal(batch))

    def test_facts_and_needs_keep_their_enterprise(self, place: Workplace) -> None:
        batch = place.apply("enterprises", (("企业名称", "统一社会信用代码"), ("甲", CODE)))
        place.apply("needs", (("需求编号", "需求名称", "提出企业"), ("XQ1", "检测", CODE)))
        facts = (("统一社会信用代码", "年度", "指标", "数值", "单位"), (CODE, "2025", "营业收入", "100", "万元"))
        place.apply("enterprise-facts", facts)
        sentence = str(place.refusal(batch))
        assert "需求 1 条" in sentence
        assert "年度数据 1 条" in sentence

    def test_content_that_would_point_to_nothing(self, place: Workplace) -> None:
        experts = place.apply("experts", EXPERTS)
        place.apply("achievements", WORKS)
        without = place.apply("achievements", (WORKS[0], ("CG1", "论文", "甲题", "")))
        place.undo(experts)
        refused = place.refusal(without)
        assert refused.code == "import.undo_reference_gone"
        assert "成果“CG1”会引用库中已经没有的专家“ZJ1”" in str(refused)
        place.apply("experts", EXPERTS)
        place.undo(without)


class TestIndex:
    def test_what_the_index_holds_stays(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        place.generations = [generation(NOW + timedelta(seconds=1))]
        refused = place.refusal(batch)
        assert refused.code == "import.undo_indexed"
        assert "20260501T083001-000" in str(refused)
        assert "matchmaker index use" in str(refused)
        assert place.refusal(None).code == "import.undo_indexed"

    def test_an_older_index_is_not_in_the_way(self, place: Workplace) -> None:
        place.generations = [generation(NOW - timedelta(seconds=1))]
        place.undo(place.apply("experts", EXPERTS))

    def test_after_going_back_to_an_older_index(self, place: Workplace) -> None:
        older, newer = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
        batch = place.apply("experts", EXPERTS)
        place.generations = [generation(older, is_current=False), generation(newer)]
        place.refusal(batch)
        place.generations = [generation(older), generation(newer, is_current=False)]
        place.undo(batch)

    def test_what_even_the_oldest_index_holds_is_forgotten_at_the_next_import(self, place: Workplace) -> None:
        first = place.apply("experts", EXPERTS)
        place.now += timedelta(hours=1)
        second = place.apply("experts", (EXPERTS[0], ("ZJ1", "章某", "", "")))
        place.now += timedelta(hours=1)
        place.generations = [generation(NOW + timedelta(minutes=30))]
        third = place.apply("platforms", PLATFORMS)
        with place.database.read() as unit:
            states = {batch.id: batch.state for batch in unit.batches.newest(9)}
        applied = BatchState.APPLIED
        assert states == {first: BatchState.SEALED, second: applied, third: applied}
        assert n_rows(place.url, "import_change") == 1 + 1
        assert place.refusal(first).code == "import.undo_sealed"
        place.undo(second)

    def test_times_of_generations(self, place: Workplace) -> None:
        place.apply("experts", EXPERTS)
        with place.database.read() as unit:
            batch = unit.batches.latest()
        assert batch is not None
        fractional = replace(batch, at=NOW + timedelta(seconds=0.4))
        assert Indexed.of([generation(NOW)]).holds(fractional)
        assert not Indexed.of([generation(NOW - timedelta(seconds=1))]).holds(fractional)
        assert not Indexed.of([]).holds(fractional)
        assert not Indexed.of([generation(NOW, is_current=False)]).holds(fractional)
        assert Indexed.of([generation(NOW, problem="damaged")]).holds(fractional)


class TestList:
    def test_newest_first_with_what_can_be_done(self, place: Workplace) -> None:
        first = place.apply("experts", EXPERTS)
        place.now += timedelta(hours=1)
        second = place.apply("platforms", PLATFORMS)
        third = place.apply("achievements", WORKS)
        place.undo(third)
        place.generations = [generation(NOW + timedelta(minutes=30))]
        lines = place.batches.newest(OFFICER)
        assert [(line.batch.id, line.label, line.undo) for line in lines] == [
            (third, "成果", UndoState.UNDONE),
            (second, "创新平台", UndoState.POSSIBLE),
            (first, "专家", UndoState.INDEXED),
        ]
        assert [line.batch.id for line in place.batches.newest(OFFICER, 1)] == [third]
        batch = lines[1].batch
        assert (batch.file_name, batch.actor, batch.at, batch.n_rows, batch.n_new) == (
            "file.csv",
            "officer",
            NOW + timedelta(hours=1),
            1,
            1,
        )

    def test_a_file_that_changes_nothing_is_no_batch(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        assert place.apply("experts", EXPERTS) == ""
        assert [line.batch.id for line in place.batches.newest(OFFICER)] == [batch]
        assert place.trail[-1].detail["batch"] == ""

    def test_a_refused_file_is_no_batch(self, place: Workplace, tmp_path: Path) -> None:
        path = csv_file(tmp_path, (EXPERTS[0], ("ZJ1", "", "", "")))
        assert place.imports.apply("experts", path, actor=OFFICER).batch == ""
        assert place.batches.newest(OFFICER) == ()

    def test_a_batch_is_named_after_its_time(self, place: Workplace) -> None:
        assert place.apply("experts", EXPERTS).startswith("20260501T083000-")

    def test_the_time_of_a_batch_is_when_its_writing_ended(self, place: Workplace, tmp_path: Path) -> None:
        def tick(stage: ImportStage, done: int, total: int | None) -> None:
            if stage is ImportStage.WRITE:
                place.now += timedelta(minutes=2)

        path = csv_file(tmp_path, EXPERTS)
        place.imports.apply("experts", path, actor=OFFICER, on_progress=tick)
        assert place.batches.newest(OFFICER)[0].batch.at == NOW + timedelta(minutes=2)


def test_remembered_columns_are_known_until_they_are_forgotten(place: Workplace, tmp_path: Path) -> None:
    rows = (("人员编号", "真实姓名"), ("ZJ1", "甲某"))
    path = csv_file(tmp_path, rows)
    mapping = ("人员编号=专家编号", "真实姓名=姓名")
    checked = place.imports.check("experts", path, actor=OFFICER, mapping=mapping)
    assert checked.report.n_new == 1
    with pytest.raises(InvalidData, match="缺少必需的列"):
        place.imports.check("experts", path, actor=OFFICER)
    place.imports.apply("experts", path, actor=OFFICER, mapping=mapping)
    assert place.imports.check("experts", path, actor=OFFICER).report.n_unchanged == 1
    place.imports.apply("experts", path, actor=OFFICER, mapping=("真实姓名=姓名",))
    assert place.imports.forget_mapping("experts", path, actor=OFFICER)
    assert not place.imports.forget_mapping("experts", path, actor=OFFICER)
    with pytest.raises(InvalidData, match="缺少必需的列"):
        place.imports.check("experts", path, actor=OFFICER)


def test_the_finder_of_suspects_sees_the_library(place: Workplace, tmp_path: Path) -> None:
    from recommender.exchange.suspects import Suspect
    from recommender.store import UnitOfWork

    class Finder:
        def __init__(self, unit: UnitOfWork) -> None:
            self._unit = unit

        def find(self, kind: object, records: Sequence[object]) -> dict[str, list[Suspect]]:
            stored = {expert.name: expert for expert in self._unit.experts.iterate()}
            new = [record for record in records if isinstance(record, Expert) and record.name in stored]
            return {e.id: [Suspect(stored[e.name].id, e.name, "同名")] for e in new}

    place.apply("experts", EXPERTS)
    service = ImportService(place.database, lambda: NOW, suspects=Finder)
    preview = service.check("experts", csv_file(tmp_path, (EXPERTS[0], ("ZJ9", "甲某", "", ""))), actor=OFFICER)
    assert [suspect.id for row in preview.suspects for suspect in row.suspects] == ["ZJ1"]


class TestMerges:
    """Two ways to change what is stored, each of which can be taken back."""

    def test_a_file_from_before_a_merge_brings_nothing_back(self, place: Workplace, tmp_path: Path) -> None:
        place.apply("experts", EXPERTS)
        place.apply("achievements", WORKS)
        merges = MergeService(place.database, lambda: place.now)
        merge = merges.merge("ZJ1", "ZJ2", actor="officer", keep="ZJ1").merge
        report = place.imports.apply("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
        assert (report.n_new, report.n_duplicates, report.n_errors) == (0, 1, 0)
        checked = place.imports.check("experts", csv_file(tmp_path, (EXPERTS[0], EXPERTS[2])), actor=OFFICER)
        assert [(row.id, row.state.value) for row in checked.rows] == [("ZJ1", "更新")]
        works = place.imports.apply("achievements", csv_file(tmp_path, WORKS), actor=OFFICER)
        assert (works.n_unchanged, works.n_written) == (1, 0)
        with place.database.read() as unit:
            assert [expert.id for expert in unit.experts.iterate()] == ["ZJ1"]
        assert merge.absorbed_id == "ZJ2"

    def test_each_is_taken_back_in_its_turn(self, place: Workplace) -> None:
        batch = place.apply("experts", EXPERTS)
        before = place.rows
        merges = MergeService(place.database, lambda: place.now)
        merge = merges.merge("ZJ1", "ZJ2", actor="officer", keep="ZJ1").merge
        assert place.refusal(batch).code == "import.undo_altered"
        merges.undo(merge.id, actor="officer")
        assert place.rows == before
        place.undo(batch)
