"""Importing files into a real SQLite library."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recommender.domain.entities import Achievement, AchievementPlatform, Enterprise, Expert, Need, Platform
from recommender.domain.errors import InvalidData, InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.exchange.columns import TableKind
from recommender.exchange.issues import RowError
from recommender.exchange.limits import LIMITS
from recommender.exchange.preview import RowState
from recommender.exchange.report import ImportOutcome
from recommender.services.imports import ImportService, ImportStage
from recommender.store import Database
from tests.actors import OFFICER
from tests.keys import vault_in
from tests.unit.exchange.samples import CODE, EXPERTS, csv_file, xlsx_file

LINK = AchievementPlatform(achievement_id="CG1", platform_id="PT1")
NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
KIT = Path(__file__).parents[4] / "shared" / "data" / "real"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'library.db'}", vault=vault_in(tmp_path))
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def service(database: Database) -> ImportService:
    return ImportService(database, lambda: NOW)


def experts(database: Database) -> dict[str, Expert]:
    with database.read() as unit:
        return {expert.id: expert for expert in unit.experts.iterate()}


def trail(database: Database) -> list[AuditEntry]:
    with database.read() as unit:
        return unit.audit.tail(100)


def test_checking_writes_nothing(service: ImportService, database: Database, tmp_path: Path) -> None:
    preview = service.check("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
    assert [(row.id, row.state) for row in preview.rows] == [("ZJ1", RowState.NEW), ("ZJ2", RowState.NEW)]
    assert experts(database) == {}
    assert trail(database) == []


def test_applying_stores_the_rows_and_leaves_a_trace(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, EXPERTS)
    report = service.apply(TableKind.EXPERTS, path, actor=OFFICER)
    assert (report.outcome, report.n_new, report.n_written) == (ImportOutcome.APPLIED, 2, 2)
    assert experts(database) == {
        "ZJ1": Expert(id="ZJ1", name="甲某", organisation="示例大学", research_fields=("铸造", "焊接")),
        "ZJ2": Expert(id="ZJ2", name="乙某", organisation="示例学院", research_fields=("电池",)),
    }
    (entry,) = trail(database)
    assert (entry.at, entry.actor, entry.action) == (NOW, "officer", "import:expert:apply")
    assert entry.target == "file.csv"
    assert entry.detail["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.detail["n_new"] == 2
    assert "甲某" not in str(entry)


def test_the_same_file_again_changes_nothing_and_says_so(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, EXPERTS)
    service.apply("experts", path, actor=OFFICER)
    before = experts(database)
    report = service.apply("experts", path, actor=OFFICER)
    assert (report.n_new, report.n_changed, report.n_unchanged, report.n_written) == (0, 0, 2, 0)
    assert report.summary == "专家：共 2 行，新增 0，更新 0，未变 2。与库中内容相同，没有改动。"
    assert experts(database) == before


def test_the_same_rows_in_another_form_change_nothing(service: ImportService, tmp_path: Path) -> None:
    service.apply("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
    for path in (
        csv_file(tmp_path, EXPERTS, name="gb.csv", encoding="gb18030"),
        xlsx_file(tmp_path, {"专家": [[], *EXPERTS]}),
        csv_file(tmp_path, [row[::-1] for row in EXPERTS], name="reversed.csv"),
    ):
        assert service.apply("experts", path, actor=OFFICER).n_unchanged == 2


def test_a_corrected_row_updates_only_itself(service: ImportService, database: Database, tmp_path: Path) -> None:
    service.apply("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
    before = experts(database)
    corrected = [EXPERTS[0], EXPERTS[1], ("ZJ2", "乙某", "新示例学院", "电池")]
    report = service.apply("experts", csv_file(tmp_path, corrected), actor=OFFICER)
    assert (report.n_new, report.n_changed, report.n_unchanged, report.n_written) == (0, 1, 1, 1)
    assert experts(database) == {**before, "ZJ2": replace(before["ZJ2"], organisation="新示例学院")}


def test_a_file_with_fewer_columns_loses_nothing(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    service.apply("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
    before = experts(database)
    service.apply("experts", csv_file(tmp_path, [["专家编号", "姓名"], ["ZJ1", "甲某某"]]), actor=OFFICER)
    assert experts(database) == {**before, "ZJ1": replace(before["ZJ1"], name="甲某某")}


def test_an_empty_cell_clears_its_field(service: ImportService, database: Database, tmp_path: Path) -> None:
    service.apply("experts", csv_file(tmp_path, EXPERTS), actor=OFFICER)
    cleared = [["专家编号", "姓名", "单位"], ["ZJ1", "甲某", ""]]
    service.apply("experts", csv_file(tmp_path, cleared), actor=OFFICER)
    found = experts(database)["ZJ1"]
    assert (found.organisation, found.research_fields) == ("", ("铸造", "焊接"))


class TestErrors:
    FAULTY = (*EXPERTS, ("ZJ3", "", "示例大学", ""), ("ZJ4", "丁某", "", ""))

    def test_one_faulty_row_keeps_the_whole_file_out(
        self, service: ImportService, database: Database, tmp_path: Path
    ) -> None:
        report = service.apply("experts", csv_file(tmp_path, self.FAULTY), actor=OFFICER)
        assert report.outcome is ImportOutcome.REFUSED
        assert (report.n_errors, report.n_written) == (1, 0)
        assert report.errors == (
            RowError(4, "姓名", "value.required", "缺少“姓名”。", "填写“姓名”；不需要的行请整行删除。"),
        )
        assert experts(database) == {}
        assert trail(database) == []

    def test_valid_rows_are_taken_on_request(
        self, service: ImportService, database: Database, tmp_path: Path
    ) -> None:
        path = csv_file(tmp_path, self.FAULTY)
        report = service.apply("experts", path, actor=OFFICER, valid_only=True)
        assert (report.outcome, report.n_written, report.n_error_rows) == (ImportOutcome.APPLIED, 3, 1)
        assert set(experts(database)) == {"ZJ1", "ZJ2", "ZJ4"}
        assert trail(database)[0].detail["n_error_rows"] == 1

    @pytest.mark.parametrize(
        "content",
        [b"", "姓名\n甲某\n".encode(), "专家编号,姓名\n".encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
        ids=["empty", "without ids", "header only", "xls"],
    )
    def test_a_file_that_cannot_be_taken_leaves_no_trace(
        self, service: ImportService, database: Database, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        with pytest.raises(InvalidData):
            service.check("experts", path, actor=OFFICER)
        with pytest.raises(InvalidData):
            service.apply("experts", path, actor=OFFICER, valid_only=True)
        assert experts(database) == {}
        assert trail(database) == []

    def test_an_unknown_kind_is_a_mistake_of_the_command(self, service: ImportService, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match="没有“expert”这种文件"):
            service.apply("expert", csv_file(tmp_path, EXPERTS), actor=OFFICER)

    def test_a_failure_while_writing_undoes_what_was_written(
        self, service: ImportService, database: Database, tmp_path: Path
    ) -> None:
        n_rows = LIMITS.batch_rows + 1
        rows = [EXPERTS[0], *((f"ZJ{n}", "甲某", "", "") for n in range(n_rows))]

        def stop(stage: ImportStage, done: int, total: int | None) -> None:
            if stage is ImportStage.WRITE:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            service.apply("experts", csv_file(tmp_path, rows), actor=OFFICER, on_progress=stop)
        assert experts(database) == {}
        assert trail(database) == []


def test_progress_is_told_by_stage(service: ImportService, tmp_path: Path) -> None:
    n_rows = LIMITS.batch_rows + 1
    rows = [EXPERTS[0], *((f"ZJ{n}", "甲某", "", "") for n in range(n_rows))]
    told: list[tuple[ImportStage, int, int | None]] = []
    service.apply("experts", csv_file(tmp_path, rows), actor=OFFICER, on_progress=lambda *what: told.append(what))
    assert told == [
        (ImportStage.READ, LIMITS.batch_rows, None),
        (ImportStage.READ, n_rows, None),
        (ImportStage.WRITE, LIMITS.batch_rows, n_rows),
        (ImportStage.WRITE, n_rows, n_rows),
    ]


class TestLinks:
    """Achievements, their authors and their platforms come in separate files."""

    HEADER = ("成果编号", "成果类型", "成果名称", "完成人编号")

    @pytest.fixture
    def filled(self, service: ImportService, database: Database, tmp_path: Path) -> ImportService:
        files: Sequence[tuple[str, Sequence[Sequence[str]]]] = (
            ("experts", EXPERTS),
            ("platforms", (("平台编号", "平台名称"), ("PT1", "示例实验室"))),
            ("achievements", (self.HEADER, ("CG1", "论文", "甲题", "ZJ2；ZJ1"), ("CG2", "专利", "乙题", ""))),
            ("achievement-platforms", (("成果编号", "平台编号"), ("CG1", "PT1"))),
        )
        for kind, rows in files:
            assert service.apply(kind, csv_file(tmp_path, rows), actor=OFFICER).applied
        return service

    def test_authors_keep_their_order(self, filled: ImportService, database: Database) -> None:
        with database.read() as unit:
            assert unit.achievements.get("CG1") == Achievement(
                id="CG1", type="论文", title="甲题", author_ids=("ZJ2", "ZJ1")
            )

    def test_a_changed_achievement_keeps_its_platforms(
        self, filled: ImportService, database: Database, tmp_path: Path
    ) -> None:
        rows = (self.HEADER[:3], ("CG1", "论文", "改题"))
        assert filled.apply("achievements", csv_file(tmp_path, rows), actor=OFFICER).n_changed == 1
        with database.read() as unit:
            assert unit.achievements.get("CG1") == Achievement(
                id="CG1", type="论文", title="改题", author_ids=("ZJ2", "ZJ1")
            )
            assert list(unit.achievement_platforms.iterate()) == [LINK]

    def test_dangling_references_are_row_errors(
        self, filled: ImportService, database: Database, tmp_path: Path
    ) -> None:
        rows = (("成果编号", "平台编号"), ("CG1", "PT9"), ("CG2", "PT1"))
        path = csv_file(tmp_path, rows)
        report = filled.apply("achievement-platforms", path, actor=OFFICER)
        assert report.outcome is ImportOutcome.REFUSED
        assert [(error.row, error.column, error.code) for error in report.errors] == [
            (2, "平台编号", "reference.unknown")
        ]
        assert filled.apply("achievement-platforms", path, actor=OFFICER, valid_only=True).n_written == 1

    def test_the_links_again_change_nothing(
        self, filled: ImportService, database: Database, tmp_path: Path
    ) -> None:
        rows = (("成果编号", "平台编号"), ("CG1", "PT1"), ("CG1", "PT1"))
        report = filled.apply("achievement-platforms", csv_file(tmp_path, rows), actor=OFFICER)
        assert (report.n_new, report.n_unchanged, report.n_duplicates) == (0, 1, 1)


def test_a_need_finds_its_enterprise_however_the_code_is_written(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    enterprises = [["企业名称", "统一社会信用代码"], ["甲", CODE]]
    needs = [["需求编号", "需求名称", "提出企业"], ["XQ1", "检测", CODE.lower()], ["XQ2", "焊接", ""]]
    service.apply("enterprises", csv_file(tmp_path, enterprises), actor=OFFICER)
    service.apply("needs", csv_file(tmp_path, needs), actor=OFFICER)
    with database.read() as unit:
        assert list(unit.enterprises.iterate()) == [Enterprise(code=CODE, name="甲")]
        assert list(unit.needs.iterate()) == [
            Need(id="XQ1", title="检测", enterprise_code=CODE),
            Need(id="XQ2", title="焊接"),
        ]


def test_a_folder_and_a_missing_file_are_mistakes_of_the_command(service: ImportService, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InvalidInput) as refused:
            service.check("experts", path, actor=OFFICER)
        assert refused.value.exit_code == 2


REAL_FILES = (
    ("enterprises", "enterprises.csv", 1_517),
    ("needs", "needs.csv", 212),
    ("experts", "experts.csv", 9_132),
    ("platforms", "platforms.csv", 1_865),
    ("achievements", "achievements_papers.csv", 11_319),
    ("achievements", "achievements_patents.csv", 4_097),
    ("achievement-platforms", "achievement_platforms.csv", 4_415),
)
OLD_REGISTRATIONS = 31
"""Enterprises of the kit that have a registration number from before the 统一社会信用代码."""


@pytest.mark.skipif(not KIT.is_dir(), reason="needs the real data in ../shared/data/real")
def test_the_real_files_are_taken_whole_and_only_once(service: ImportService, database: Database) -> None:
    started = time.perf_counter()
    for kind, name, n_rows in REAL_FILES:
        report = service.apply(kind, KIT / name, actor=OFFICER)
        assert (report.n_new, report.n_changed, report.n_errors) == (n_rows, 0, 0), report.errors[:3]
        assert report.n_warnings == (OLD_REGISTRATIONS if kind == "enterprises" else 0)
        assert report.ignored_columns == (("成果数",) if kind in {"experts", "platforms"} else ())
        assert report.unknown_columns == ()
    for kind, name, n_rows in REAL_FILES:
        report = service.apply(kind, KIT / name, actor=OFFICER)
        assert (report.n_new, report.n_changed, report.n_unchanged) == (0, 0, n_rows)
    seconds = time.perf_counter() - started
    with database.read() as unit:
        counts = {kind: unit.of(kind).count() for kind in EntityKind}
        patents = [record for record in unit.achievements.iterate() if record.type == "专利"]
    assert counts[EntityKind.ACHIEVEMENT] == 11_319 + 4_097
    assert not any(record.author_ids for record in patents)
    assert seconds < 60, f"{seconds:.0f} s for both passes"


@pytest.mark.skipif(not KIT.is_dir(), reason="needs the real data in ../shared/data/real")
def test_a_real_file_given_as_another_kind_is_recognised(service: ImportService) -> None:
    for kind, name in (("platforms", "experts.csv"), ("needs", "achievements_papers.csv")):
        with pytest.raises(InvalidData) as refused:
            service.check(kind, KIT / name, actor=OFFICER)
        assert refused.value.code == "import.columns_of_other_kind"
    with pytest.raises(InvalidData, match="缺少必需的列：平台编号、平台名称"):
        service.check("platforms", KIT / "enterprises.csv", actor=OFFICER)


def test_platforms_are_stored_with_all_their_fields(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    rows = [
        ["平台编号", "平台名称", "平台类型", "级别", "服务", "资质", "研究方向", "成果数"],
        ["PT1", "示例实验室", "重点实验室", "省级", "检测；试验", "CNAS、CMA", "焊接；铸造", "7"],
    ]
    report = service.apply("platforms", xlsx_file(tmp_path, {"平台": rows}), actor=OFFICER)
    assert report.ignored_columns == ("成果数",)
    with database.read() as unit:
        assert unit.platforms.get("PT1") == Platform(
            id="PT1",
            name="示例实验室",
            type="重点实验室",
            level="省级",
            services="检测；试验",
            certifications=("CNAS", "CMA"),
            research_fields=("焊接", "铸造"),
        )
