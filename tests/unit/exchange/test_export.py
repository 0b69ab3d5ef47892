"""Exports: the same library when imported again, nothing personal that may not be shown, each one recorded."""

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain.disclosure import Disclosure, is_withheld
from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
)
from recommender.domain.errors import Conflict, InvalidData, InvalidInput, Unavailable
from recommender.domain.facts import EnterpriseFact, FactIndicator
from recommender.domain.filters import Filter
from recommender.domain.kinds import Confidentiality
from recommender.domain.match import AuditEntry
from recommender.domain.personal import ConsentDecision, ConsentEntry, ConsentScope
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.export_columns import export_columns
from recommender.exchange.files import FileFormat
from recommender.exchange.tables import TABLES
from recommender.exchange.writing import open_table
from recommender.services.exports import ExportService, ExportStage
from recommender.store import Database
from tests.keys import vault_in

from .samples import CODE, Library, plan
from .test_field_round_trip import records_of

EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
EVERY_FORMAT = pytest.mark.parametrize("format", FileFormat)
NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
EXPERT = Expert(
    id="ZJ1",
    name="欧阳某某",
    organisation="示例大学",
    province="江苏",
    research_fields=("铸造", "高温、高压"),
    capacity=3,
    verified_on=date(2026, 3, 15),
    phone="13812345678",
    email="ouyang@x.edu.cn",
    consent_record="2026-03-15 书面同意",
)
WITHDRAWN = Expert(id="ZJ2", name="乙某", province="江苏", consent_withdrawn_on=date(2026, 4, 1))
ELSEWHERE = Expert(id="ZJ3", name="丙某", province="浙江", biography="=1+1")
ENTERPRISES = (
    Enterprise(code=CODE, name="甲公司", town="塘桥镇"),
    Enterprise(code="320583400000001", name="乙公司"),
)
FACTS = tuple(
    EnterpriseFact(enterprise_code=item.code, year=2025, indicator=FactIndicator.NET_PROFIT, value=-12.5)
    for item in ENTERPRISES
)

PLATFORM = Platform(id="PT1", name="平台", director="司马某")
ACHIEVEMENTS = (
    Achievement(id="CG1", type="论文", title="甲", author_ids=("ZJ3", "ZJ1"), year=2024),
    Achievement(id="CG2", type="专利", title="乙", year=2019),
)
LINKS = tuple(AchievementPlatform(achievement_id=item.id, platform_id="PT1") for item in ACHIEVEMENTS)
NEEDS = (
    Need(id="XQ1", title="检测", enterprise_code=CODE, budget_wan=80.0, intended_experts=("李某某(示例大学)",)),
    Need(id="XQ2", title="机密", confidentiality=Confidentiality.CONFIDENTIAL, public_summary="摘要"),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library file that each test copies."""
    path = tmp_path_factory.mktemp("library") / "library.db"
    opened = Database.open(f"sqlite:///{path}", vault=vault_in(path.parent))
    opened.upgrade()
    with opened.write() as unit:
        unit.enterprises.upsert(ENTERPRISES)
        unit.enterprise_facts.upsert(FACTS)
        unit.experts.upsert([EXPERT, WITHDRAWN, ELSEWHERE])
        unit.platforms.upsert([PLATFORM])
        unit.achievements.upsert(ACHIEVEMENTS)
        unit.achievement_platforms.upsert(LINKS)
        unit.needs.upsert(NEEDS)
    opened.close()
    return path


@pytest.fixture
def database(filled: Path, tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{shutil.copy(filled, tmp_path)}", vault=vault_in(filled.parent))
    yield opened
    opened.close()


@pytest.fixture
def service(database: Database) -> ExportService:
    return ExportService(database, lambda: NOW)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    """Header and rows as a reader of the file sees them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [tuple(row) for row in csv.reader(file)]
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def library_of(table: TableSpec) -> Library:
    """What is stored, as a plan looks at it."""
    stored: dict[TableKind, list[Record]] = {
        TableKind.ENTERPRISES: list(ENTERPRISES),
        TableKind.ENTERPRISE_FACTS: list(FACTS),
        TableKind.EXPERTS: [EXPERT, WITHDRAWN, ELSEWHERE],
        TableKind.PLATFORMS: [PLATFORM],
        TableKind.ACHIEVEMENTS: list(ACHIEVEMENTS),
        TableKind.ACHIEVEMENT_PLATFORMS: list(LINKS),
        TableKind.NEEDS: list(NEEDS),
    }
    known = {kind: {record.id for record in records} for kind, records in stored.items()}
    return Library(stored[table.kind], known=known)


def trail(database: Database) -> list[AuditEntry]:
    with database.read() as unit:
        return unit.audit.tail(100)


class TestIdentity:
    def file_of(self, folder: Path, table: TableSpec, records: Sequence[Record], format: FileFormat) -> Path:
        columns = export_columns(table, None, Disclosure.FULL)
        path = folder / f"out.{format}"
        with open_table(path, [column.out for column in columns], format=format, name=table.label) as writer:
            for record in records:
                writer.write([column.cell(record) for column in columns])
        return path

    @EVERY_TABLE
    @EVERY_FORMAT
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_any_records_come_back_unchanged(
        self, table: TableSpec, format: FileFormat, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        drawn = st.lists(records_of(table), min_size=1, max_size=5, unique_by=lambda record: record.id)
        records: list[Any] = data.draw(drawn)
        path = self.file_of(tmp_path_factory.mktemp("out"), table, records, format)
        drafted = plan(path, table.kind, Library(records, known=_references(table, records)))
        assert drafted.errors == ()
        assert (drafted.new, drafted.changed, drafted.unknown_columns) == ((), (), ())
        assert sorted(drafted.unchanged) == sorted(record.id for record in records)

    @EVERY_TABLE
    @EVERY_FORMAT
    def test_a_library_exported_and_imported_again_has_no_changes(
        self, service: ExportService, out: Path, table: TableSpec, format: FileFormat
    ) -> None:
        path = out / f"a.{format}"
        report = service.export(table.kind, path, actor="officer", disclosure=Disclosure.FULL, purpose="备份")
        drafted = plan(path, table.kind, library_of(table))
        assert (drafted.errors, drafted.new, drafted.changed) == ((), (), ())
        assert len(drafted.unchanged) == report.n_rows > 0
        assert report.masked_columns == ()

    @EVERY_TABLE
    @EVERY_FORMAT
    def test_a_masked_export_imported_again_changes_nothing_either(
        self, service: ExportService, out: Path, table: TableSpec, format: FileFormat
    ) -> None:
        path = out / f"a.{format}"
        names = {"disclosure": Disclosure.NAMES, "purpose": "核对"}
        report = service.export(table.kind, path, actor="officer", **names)
        drafted = plan(path, table.kind, library_of(table))
        assert (drafted.errors, drafted.new, drafted.changed) == ((), (), ())
        assert len(drafted.unchanged) == report.n_rows
        assert len(drafted.unknown_columns) == len(report.masked_columns)


def _references(table: TableSpec, records: Sequence[Any]) -> dict[TableKind, set[str]]:
    known: dict[TableKind, set[str]] = {}
    for column in table.columns:
        if column.references is not None:
            values = [getattr(record, column.field) for record in records]
            ids = {id_ for value in values for id_ in ((value,) if isinstance(value, str) else value)}
            known.setdefault(column.references, set()).update(ids)
    return known


class TestPersonalData:
    @EVERY_FORMAT
    def test_names_alone_may_be_shown_for_a_purpose(
        self, service: ExportService, out: Path, format: FileFormat
    ) -> None:
        path = out / f"a.{format}"
        columns = ["姓名", "手机", "邮箱", "同意记录"]
        report = service.export(
            "experts", path, actor="officer", columns=columns, disclosure=Disclosure.NAMES, purpose="核对"
        )
        assert rows_of(path)[:2] == [
            ("姓名", "手机（已遮盖）", "邮箱（已遮盖）", "同意记录（已遮盖）"),
            ("欧阳某某", "138****5678", "o***@x.edu.cn", "***"),
        ]
        assert report.masked_columns == ("手机", "邮箱", "同意记录")
        assert "--reveal" in report.summary

    def test_everything_is_shown_for_a_purpose(self, service: ExportService, out: Path) -> None:
        path = out / "a.csv"
        columns = ["姓名", "手机", "邮箱", "同意记录"]
        report = service.export(
            "experts", path, actor="officer", columns=columns, disclosure=Disclosure.FULL, purpose="邀请"
        )
        expected = ("欧阳某某", "13812345678", "ouyang@x.edu.cn", "2026-03-15 书面同意")
        assert rows_of(path)[:2] == [tuple(columns), expected]
        assert "--reveal" not in report.summary

    @pytest.mark.parametrize("purpose", ["", "  "])
    @pytest.mark.parametrize("disclosure", [Disclosure.NAMES, Disclosure.FULL])
    def test_without_a_purpose_nothing_is_shown(
        self, service: ExportService, database: Database, out: Path, purpose: str, disclosure: Disclosure
    ) -> None:
        with pytest.raises(InvalidInput, match="--purpose"):
            service.export("experts", out / "a.csv", actor="officer", disclosure=disclosure, purpose=purpose)
        assert (list(out.iterdir()), trail(database)) == ([], [])

    def test_names_are_masked_where_nothing_else_is_asked_for(self, service: ExportService, out: Path) -> None:
        for kind, column in (("experts", "姓名"), ("platforms", "负责人"), ("needs", "意向专家")):
            path = out / f"{kind}.csv"
            service.export(kind, path, actor="api", columns=[column])
        assert rows_of(out / "experts.csv")[1] == ("欧阳**",)
        assert rows_of(out / "platforms.csv")[1] == ("司马**",)
        assert rows_of(out / "needs.csv")[1] == ("李**",)

    def test_nothing_personal_stands_anywhere_in_a_masked_file(self, service: ExportService, out: Path) -> None:
        path = out / "a.csv"
        service.export("experts", path, actor="api")
        text = path.read_text(encoding="utf-8-sig")
        assert not [secret for secret in ("欧阳某", "1234", "ouyang", "书面同意") if secret in text]

    @pytest.mark.parametrize(
        ("kind", "all_ids", "shown"),
        [("experts", ["ZJ1", "ZJ2", "ZJ3"], ["ZJ1", "ZJ3"]), ("needs", ["XQ1", "XQ2"], ["XQ1"])],
    )
    def test_the_withdrawn_and_the_confidential_are_left_out_and_counted(
        self, service: ExportService, out: Path, kind: str, all_ids: list[str], shown: list[str]
    ) -> None:
        column = TABLES[TableKind(kind)].columns[0].header
        masked = service.export(kind, out / "a.csv", actor="officer", columns=[column])
        full = service.export(
            kind, out / "b.csv", actor="officer", columns=[column], disclosure=Disclosure.FULL, purpose="核对"
        )
        assert [row[0] for row in rows_of(out / "a.csv")[1:]] == shown
        assert [row[0] for row in rows_of(out / "b.csv")[1:]] == all_ids
        assert (masked.n_withheld, full.n_withheld) == (len(all_ids) - len(shown), 0)
        assert f"另有 {masked.n_withheld} 条" in masked.summary

    def test_what_is_public_is_never_withheld(self) -> None:
        for record in (EXPERT, NEEDS[0], ENTERPRISES[0], PLATFORM, ACHIEVEMENTS[0], LINKS[0], FACTS[0]):
            assert not any(is_withheld(record, disclosure) for disclosure in Disclosure)
        assert [is_withheld(NEEDS[1], disclosure) for disclosure in Disclosure] == [True, True, False]


class TestContactsInsideTexts:
    HIDDEN = "来电 138****5678 或 o*****@x.edu.cn"

    @pytest.fixture
    def talkative(self, database: Database) -> Expert:
        told = replace(EXPERT, biography="欧阳某某：来电 13812345678 或 ouyang@x.edu.cn")
        with database.write() as unit:
            unit.experts.upsert([told])
        return told

    def test_they_are_masked_and_so_is_the_name(
        self, service: ExportService, out: Path, talkative: Expert
    ) -> None:
        assert talkative.biography
        service.export("experts", out / "a.csv", actor="officer", columns=["简介"])
        assert rows_of(out / "a.csv")[1] == (f"欧阳**：{self.HIDDEN}",)

    def test_what_was_masked_replaces_nothing_when_it_comes_back(
        self, service: ExportService, out: Path, talkative: Expert
    ) -> None:
        names = {"disclosure": Disclosure.NAMES, "purpose": "核对"}
        service.export(
            "experts",
            out / "a.csv",
            actor="officer",
            columns=["专家编号", "姓名", "单位", "研究方向", "简介"],
            **names,
        )
        drafted = plan(out / "a.csv", TableKind.EXPERTS, Library([talkative, ELSEWHERE]))
        assert talkative.id in drafted.unchanged


class TestPublication:
    def test_who_does_not_want_to_be_shown_is_left_out(
        self, service: ExportService, database: Database, out: Path
    ) -> None:
        with database.write() as unit:
            unit.consents.add(
                ConsentEntry(
                    person_id=EXPERT.id,
                    scope=ConsentScope.PUBLICATION,
                    decision=ConsentDecision.WITHDRAWN,
                    basis="来信",
                    evidence="",
                    at=NOW,
                    actor="officer",
                )
            )
        report = service.export("experts", out / "a.csv", actor="officer", columns=["专家编号"])
        assert report.n_withheld == 2
        assert EXPERT.id not in str(rows_of(out / "a.csv"))


class TestSelection:
    def test_columns_come_in_the_order_wanted_and_by_any_of_their_names(
        self, service: ExportService, out: Path
    ) -> None:
        path = out / "a.xlsx"
        service.export(
            "experts", path, actor="officer", columns=["容量", "工作单位", " 专家编号 ", "最近核验日期"]
        )
        assert rows_of(path)[:2] == [
            ("容量", "单位", "专家编号", "最近核验日期"),
            (3, "示例大学", "ZJ1", datetime(2026, 3, 15)),  # noqa: DTZ001
        ]

    @pytest.mark.parametrize(
        ("columns", "sentence"),
        [
            (["姓名", "电话簿"], "专家没有“电话簿”这一列。可选：专家编号、姓名"),
            (["姓名", "专家姓名"], "“姓名”写了不止一次"),
            (["成果数"], "没有“成果数”这一列"),
            ([], "没有写出要导出的列"),
        ],
    )
    def test_wrong_columns_are_named(
        self, service: ExportService, out: Path, columns: list[str], sentence: str
    ) -> None:
        with pytest.raises(InvalidInput, match=sentence):
            service.export("experts", out / "a.csv", actor="officer", columns=columns)
        assert list(out.iterdir()) == []

    @pytest.mark.parametrize(
        ("kind", "filters", "column", "expected"),
        [
            ("experts", ["区域=江苏"], "专家编号", ["ZJ1"]),
            ("experts", ["区域=江苏", "单位=示例"], "专家编号", ["ZJ1"]),
            ("experts", ["区域=火星"], "专家编号", []),
            ("enterprises", ["区域=塘桥"], "统一社会信用代码", [CODE]),
            ("enterprise-facts", ["区域=塘桥"], "信用代码", [CODE]),
            ("achievements", ["年份起=2020"], "成果编号", ["CG1"]),
            ("achievement-platforms", ["类型=专利"], "成果编号", ["CG2"]),
        ],
    )
    def test_filters_are_those_of_every_list(
        self, service: ExportService, out: Path, kind: str, filters: list[str], column: str, expected: list[str]
    ) -> None:
        report = service.export(
            kind,
            out / "a.csv",
            actor="officer",
            columns=[column],
            filters=[Filter.parse(text) for text in filters],
        )
        assert [row[0] for row in rows_of(out / "a.csv")] == [column, *expected]
        assert (report.n_rows, report.filters) == (len(expected), tuple(filters))

    def test_a_filter_of_another_kind_is_refused(self, service: ExportService, out: Path) -> None:
        with pytest.raises(InvalidInput, match="不适用于企业"):
            service.export("enterprises", out / "a.csv", actor="officer", filters=[Filter.parse("单位=大学")])
        assert list(out.iterdir()) == []

    def test_more_records_than_a_batch(self, database: Database, out: Path) -> None:
        from recommender.services import exports

        many = [replace(ELSEWHERE, id=f"W{n:05d}") for n in range(exports._BATCH_ROWS + 1)]
        with database.write() as unit:
            unit.experts.upsert(many)
        told: list[tuple[ExportStage, int, int | None]] = []
        service = ExportService(database, lambda: NOW)
        service.export(
            "experts",
            out / "a.csv",
            actor="officer",
            filters=[Filter.parse("区域=浙江")],
            columns=["专家编号"],
            on_progress=lambda *news: told.append(news),
        )
        assert [row[0] for row in rows_of(out / "a.csv")[1:]] == [*(item.id for item in many), "ZJ3"]
        total = len(many) + 1
        assert told == [(ExportStage.WRITE, exports._BATCH_ROWS, total), (ExportStage.WRITE, total, total)]


class TestFiles:
    @EVERY_FORMAT
    def test_a_file_that_is_there_stays_unless_it_may_be_replaced(
        self, service: ExportService, database: Database, out: Path, format: FileFormat
    ) -> None:
        path = out / f"a.{format}"
        path.write_bytes(b"old")
        with pytest.raises(Conflict, match="--force"):
            service.export("experts", path, actor="officer")
        assert (path.read_bytes(), trail(database)) == (b"old", [])
        service.export("experts", path, actor="officer", replace=True)
        assert path.read_bytes() != b"old"

    @pytest.mark.parametrize("name", ["a.txt", "a", "xlsx"])
    def test_the_ending_says_the_format(self, service: ExportService, out: Path, name: str) -> None:
        with pytest.raises(InvalidInput, match=r"\.xlsx 或 \.csv"):
            service.export("experts", out / name, actor="officer")

    def test_capital_endings_are_endings(self, service: ExportService, out: Path) -> None:
        assert service.export("experts", out / "a.XLSX", actor="officer").format == "xlsx"

    def test_what_no_workbook_holds_is_refused_and_leaves_nothing(
        self, service: ExportService, database: Database, out: Path
    ) -> None:
        with database.write() as unit:
            unit.experts.upsert([replace(EXPERT, biography="长" * 40_000)])
        with pytest.raises(InvalidData, match=r"第 2 行的“简介”有 40,000 个字.*CSV"):
            service.export("experts", out / "a.xlsx", actor="officer")
        assert (list(out.iterdir()), trail(database)) == ([], [])
        service.export("experts", out / "a.csv", actor="officer", columns=["简介"])
        assert rows_of(out / "a.csv")[1] == ("长" * 40_000,)


class TestTrail:
    def test_every_export_is_recorded_without_what_it_held(
        self, service: ExportService, database: Database, out: Path
    ) -> None:
        service.export(
            "experts",
            out / "名单.xlsx",
            actor="cli:officer",
            filters=[Filter.parse("区域=江苏")],
            columns=["姓名", "手机"],
            disclosure=Disclosure.FULL,
            purpose=" 邀请参加对接会 ",
        )
        service.export("experts", out / "b.csv", actor="cli:officer", columns=["手机"])
        first, second = trail(database)
        assert (first.at, first.actor, first.action, first.target) == (
            NOW, "cli:officer", "export:expert:write", "名单.xlsx",
        )  # fmt: skip
        assert first.detail == {
            "format": "xlsx",
            "filters": ["区域=江苏"],
            "columns": ["姓名", "手机"],
            "masked_columns": [],
            "disclosure": "full",
            "purpose": "邀请参加对接会",
            "n_rows": 2,
            "n_withheld": 0,
        }
        assert (second.detail["disclosure"], second.detail["masked_columns"]) == ("masked", ["手机"])
        assert "1381" not in str(first) + str(second)

    def test_without_a_trail_there_is_no_file(
        self, database: Database, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> datetime:
            raise Unavailable("store.busy", place="library")

        with pytest.raises(Unavailable):
            ExportService(database, fail).export("experts", out / "a.xlsx", actor="officer")
        assert (list(out.iterdir()), trail(database)) == ([], [])


def test_a_report_is_json(service: ExportService, out: Path) -> None:
    report = service.export("needs", out / "a.xlsx", actor="officer", columns=["需求编号", "密级"])
    read = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
    assert (read["n_rows"], read["n_withheld"], read["columns"]) == (1, 1, ["需求编号", "密级"])
    assert read["summary"].startswith("需求：已写出 1 行、2 列到 a.xlsx。另有 1 条")
