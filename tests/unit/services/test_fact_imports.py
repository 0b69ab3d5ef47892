"""Yearly facts, and the new fields of the entities, from files into a real SQLite library."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recommender.domain.entities import Enterprise, Need
from recommender.domain.errors import InvalidData
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.kinds import Confidentiality, DesiredPartner
from recommender.exchange.report import ImportOutcome
from recommender.services.imports import ImportService
from recommender.store import Database
from tests.actors import OFFICER
from tests.unit.exchange.samples import CODE, csv_file, xlsx_file

HEADER = ("信用代码", "年度", "指标", "数值", "单位", "依据")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'library.db'}")
    opened.upgrade()
    with opened.write() as unit:
        unit.enterprises.upsert([Enterprise(code=CODE, name="某钢厂")])
    yield opened
    opened.close()


@pytest.fixture
def service(database: Database) -> ImportService:
    return ImportService(database, lambda: datetime(2026, 5, 1, tzinfo=UTC))


def facts(database: Database) -> list[EnterpriseFact]:
    with database.read() as unit:
        return list(unit.enterprise_facts.of_enterprises([CODE])[CODE])


def fact(indicator: FactIndicator, value: float | None, **more: object) -> EnterpriseFact:
    return EnterpriseFact(enterprise_code=CODE, year=2025, indicator=indicator, value=value, **more)  # type: ignore[arg-type]


def test_a_long_table_is_taken(service: ImportService, database: Database, tmp_path: Path) -> None:
    rows = [
        HEADER,
        (CODE, 2025, "营业收入", 85_605_000, "元", "审计报告"),
        (CODE, "2025年", "研发费用", "0.05亿", "", ""),
        (CODE, 2025, "职工人数", 120, "人", ""),
        (CODE, 2025, "科技人员", None, "人", ""),
    ]
    expected = [
        fact(FactIndicator.REVENUE, 85_605_000 / 10_000, evidence="审计报告"),
        fact(FactIndicator.RESEARCH_SPENDING, 0.05 * 10_000),
        fact(FactIndicator.STAFF, 120.0),
        fact(FactIndicator.RESEARCHERS, None, status=FactStatus.MISSING),
    ]
    report = service.apply("enterprise-facts", xlsx_file(tmp_path, {"年度数据": rows}), actor=OFFICER)
    assert (report.outcome, report.n_new, report.n_warnings) == (ImportOutcome.APPLIED, 4, 0)
    assert facts(database) == expected
    again = service.apply("enterprise-facts", csv_file(tmp_path, rows), actor=OFFICER)
    assert (again.n_new, again.n_changed, again.n_unchanged) == (0, 0, 4)


def test_faults_are_named_by_row_and_column(service: ImportService, database: Database, tmp_path: Path) -> None:
    rows = [
        HEADER,
        (CODE, 2025, "营业收入", "8560万元", "元", ""),
        (CODE, 2025, "研发费用", 80, "人", ""),
        ("91320582000000999" + "X", 2025, "研发费用", 80, "万元", ""),
        (CODE, 2025, "心情", 80, "万元", ""),
        (CODE, 2025, "净资产", 80, "", ""),
        (CODE, 2025, "总资产", 80, "万元", ""),
        (CODE, 2025, "资产总额", 90, "万元", ""),
    ]
    report = service.apply("enterprise-facts", csv_file(tmp_path, rows), actor=OFFICER)
    assert report.outcome is ImportOutcome.REFUSED
    assert [(error.row, error.column, error.code) for error in report.errors] == [
        (2, "单位", "unit.conflict"),
        (3, "单位", "unit.not_of_indicator"),
        (4, "信用代码", "credit_code.check_digit"),
        (5, "指标", "choice.unknown"),
        (7, "", "duplicate.conflict"),
        (8, "", "duplicate.conflict"),
    ]
    assert [(warning.row, warning.column, warning.code) for warning in report.warnings] == [
        (6, "单位", "unit.assumed")
    ]
    assert facts(database) == []


def test_an_unknown_enterprise_is_named(service: ImportService, tmp_path: Path) -> None:
    other = "320583400000001"
    path = csv_file(tmp_path, [HEADER, (other, 2025, "职工人数", 3, "人", "")])
    (error,) = service.apply("enterprise-facts", path, actor=OFFICER).errors
    assert (error.column, error.code) == ("信用代码", "reference.unknown")
    assert other in error.message


def test_a_file_without_status_resolves_what_was_missing(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    with database.write() as unit:
        unit.enterprise_facts.upsert(
            [
                fact(FactIndicator.STAFF, None, status=FactStatus.MISSING, evidence="年报"),
                fact(FactIndicator.RESEARCHERS, 12.0, evidence="年报"),
            ]
        )
    rows = [HEADER[:5], (CODE, 2025, "职工人数", 120, "人"), (CODE, 2025, "科技人员", "", "人")]
    report = service.apply("enterprise-facts", csv_file(tmp_path, rows), actor=OFFICER)
    assert report.n_changed == 2
    assert facts(database) == [
        fact(FactIndicator.STAFF, 120.0, evidence="年报"),
        fact(FactIndicator.RESEARCHERS, None, status=FactStatus.MISSING, evidence="年报"),
    ]


def test_a_file_without_values_is_refused(service: ImportService, tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="数值") as refused:
        service.check(
            "enterprise-facts", csv_file(tmp_path, [HEADER[:3], (CODE, 2025, "职工人数")]), actor=OFFICER
        )
    assert refused.value.code == "import.columns_missing"


def test_the_three_parts_of_a_need(service: ImportService, database: Database, tmp_path: Path) -> None:
    header = (
        "需求编号",
        "需求名称",
        "主要技术难点",
        "主要技术指标",
        "期望对象",
        "悬赏(万元)",
        "时限(月)",
        "密级",
    )
    row = ("XQ1", "边裂", "边部温降快", "边裂率不大于1%；厚度≤0.3mm", "平台、专家团队", "0.002亿", "2年", "保密")
    report = service.apply("needs", csv_file(tmp_path, [header, row]), actor=OFFICER)
    assert (report.n_new, report.n_warnings) == (1, 0)
    with database.read() as unit:
        assert unit.needs.get("XQ1") == Need(
            id="XQ1",
            title="边裂",
            difficulties="边部温降快",
            indicators=("边裂率 ≤ 1 %", "厚度 ≤ 0.3 mm"),
            desired_partners=(DesiredPartner.PLATFORM, DesiredPartner.EXPERT),
            reward_wan=0.002 * 10_000,
            duration_months=2 * 12,
            confidentiality=Confidentiality.CONFIDENTIAL,
        )
