"""A file against what is stored: new, changed, unchanged, refused."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.entities import Expert
from recommender.domain.kinds import Willingness
from recommender.exchange import issues
from recommender.exchange import plan as planning
from recommender.exchange.columns import TableKind
from recommender.exchange.issues import IssueLog
from recommender.exchange.limits import Limits
from recommender.exchange.messages import ROW_MESSAGES
from recommender.exchange.report import ImportOutcome, ImportReport

from .samples import CODE, EXPERTS, Library, csv_file, plan

FULL = Expert(
    id="ZJ1",
    name="甲某",
    organisation="示例大学",
    research_fields=("铸造", "焊接"),
    capacity=3,
    willingness=Willingness.PAUSED,
    biography="简介",
)


def test_everything_is_new_to_an_empty_library(tmp_path: Path) -> None:
    drafted = plan(csv_file(tmp_path, EXPERTS))
    assert [record.id for record in drafted.new] == ["ZJ1", "ZJ2"]
    assert (drafted.changed, drafted.unchanged, drafted.n_rows) == ((), (), 2)


def test_a_second_look_finds_nothing_to_do(tmp_path: Path) -> None:
    path = csv_file(tmp_path, EXPERTS)
    drafted = plan(path, library=Library(plan(path).new))
    assert (drafted.new, drafted.changed, drafted.unchanged) == ((), (), ("ZJ1", "ZJ2"))


def test_columns_the_file_lacks_keep_what_is_stored(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["专家编号", "姓名", "单位"], ["ZJ1", "甲某", "新示例大学"]])
    (change,) = plan(path, library=Library([FULL])).changed
    assert change.record == replace(FULL, organisation="新示例大学")
    assert change.before == FULL
    assert change.columns == ("单位",)
    assert change.row == 2


def test_an_empty_cell_clears_and_restores_the_default(tmp_path: Path) -> None:
    header = ["专家编号", "姓名", "简介", "容量", "意愿", "研究方向"]
    path = csv_file(tmp_path, [header, ["ZJ1", "甲某", "", "", "", ""]])
    (change,) = plan(path, library=Library([FULL])).changed
    assert change.record == Expert(id="ZJ1", name="甲某", organisation="示例大学")
    assert set(change.columns) == {"简介", "容量", "意愿", "研究方向"}


def test_a_row_that_ends_early_keeps_what_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("专家编号,姓名,简介,容量\nZJ1,甲某某\n", encoding="utf-8")
    drafted = plan(path, library=Library([FULL]))
    assert [change.record for change in drafted.changed] == [replace(FULL, name="甲某某")]
    assert [(warning.row, warning.code) for warning in drafted.warnings] == [(2, "row.short")]


class TestDuplicates:
    def test_identical_rows_are_taken_once(self, tmp_path: Path) -> None:
        drafted = plan(csv_file(tmp_path, [*EXPERTS, EXPERTS[1]]))
        assert [record.id for record in drafted.new] == ["ZJ1", "ZJ2"]
        assert (drafted.n_duplicates, drafted.n_errors, drafted.n_rows) == (1, 0, 3)
        (warning,) = drafted.warnings
        assert (warning.row, warning.code) == (4, "duplicate.identical")
        assert "与第 2 行完全相同" in warning.message

    def test_rows_that_contradict_each_other_are_all_refused(self, tmp_path: Path) -> None:
        drafted = plan(csv_file(tmp_path, [*EXPERTS, ("ZJ1", "别人", "", ""), EXPERTS[1]]))
        assert [record.id for record in drafted.new] == ["ZJ2"]
        assert [(error.row, error.code) for error in drafted.errors] == [
            (row, "duplicate.conflict") for row in (2, 4, 5)
        ]
        assert all("“ZJ1”在第 2、4、5 行都有" in error.message for error in drafted.errors)

    def test_a_row_that_cannot_be_read_contradicts_too(self, tmp_path: Path) -> None:
        drafted = plan(csv_file(tmp_path, [*EXPERTS, ("ZJ1", "", "", "")]))
        assert [record.id for record in drafted.new] == ["ZJ2"]
        assert drafted.n_error_rows == 2

    def test_ids_that_differ_in_form_only_are_one_id(self, tmp_path: Path) -> None:
        rows = [["企业名称", "统一社会信用代码"], ["甲", CODE], ["乙", CODE.lower()]]
        assert plan(csv_file(tmp_path, rows), "enterprises").n_error_rows == 2

    def test_a_pair_is_one_key(self, tmp_path: Path) -> None:
        rows = [["成果编号", "平台编号"], ["A", "P"], ["A", "Q"], ["B", "P"], ["A", "P"]]
        known = {TableKind.ACHIEVEMENTS: {"A", "B"}, TableKind.PLATFORMS: {"P", "Q"}}
        drafted = plan(csv_file(tmp_path, rows), "achievement-platforms", Library(known=known))
        assert [record.id for record in drafted.new] == ["A|P", "A|Q", "B|P"]
        assert drafted.n_duplicates == 1


class TestReferences:
    def test_an_unknown_author_is_named_with_the_file_to_import_first(self, tmp_path: Path) -> None:
        rows = [
            ["成果编号", "成果类型", "成果名称", "完成人编号"],
            ["CG1", "论文", "甲", "ZJ1；ZJ9"],
            ["CG2", "论文", "乙", "ZJ1"],
            ["CG3", "专利", "丙", ""],
        ]
        library = Library(known={TableKind.EXPERTS: {"ZJ1"}})
        drafted = plan(csv_file(tmp_path, rows), "achievements", library)
        assert [record.id for record in drafted.new] == ["CG2", "CG3"]
        (error,) = drafted.errors
        assert (error.row, error.column, error.code) == (2, "完成人编号", "reference.unknown")
        assert "编号 ZJ9 在库中没有" in error.message
        assert "先导入专家" in error.suggestion

    def test_many_unknown_ids_are_listed_in_part(self, tmp_path: Path) -> None:
        ids = [f"ZJ{n}" for n in range(8)]
        rows = [["成果编号", "成果类型", "成果名称", "完成人编号"], ["CG1", "论文", "甲", "；".join(ids)]]
        (error,) = plan(csv_file(tmp_path, rows), "achievements").errors
        assert "、".join(ids[:5]) + " 等 8 个" in error.message

    def test_both_ends_of_a_link_are_checked(self, tmp_path: Path) -> None:
        rows = [["成果编号", "平台编号"], ["CG9", "PT9"], ["CG1", "PT1"]]
        known = {TableKind.ACHIEVEMENTS: {"CG1"}, TableKind.PLATFORMS: {"PT1"}}
        drafted = plan(csv_file(tmp_path, rows), "achievement-platforms", Library(known=known))
        assert [record.id for record in drafted.new] == ["CG1|PT1"]
        assert [(error.row, error.column) for error in drafted.errors] == [(2, "成果编号"), (2, "平台编号")]
        assert drafted.n_error_rows == 1

    def test_a_need_may_stand_alone_but_not_name_an_unknown_enterprise(self, tmp_path: Path) -> None:
        rows = [["需求编号", "需求名称", "提出企业（信用代码）"], ["XQ1", "甲", ""], ["XQ2", "乙", CODE]]
        path = csv_file(tmp_path, rows)
        assert [record.id for record in plan(path, "needs").new] == ["XQ1"]
        known = Library(known={TableKind.ENTERPRISES: {CODE}})
        assert [record.id for record in plan(path, "needs", known).new] == ["XQ1", "XQ2"]


def test_every_fault_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    header = ["专家编号", "姓名", "容量", "意愿", "最近核验日期", "可接受合作方式"]
    drafted = plan(csv_file(tmp_path, [header, ["ZJ1", "", "三", "随缘", "去年", "联合开发；聊天"]]))
    assert [(error.column, error.code) for error in drafted.errors] == [
        ("姓名", "value.required"),
        ("容量", "count.form"),
        ("意愿", "choice.unknown"),
        ("最近核验日期", "date.form"),
        ("可接受合作方式", "choice.unknown"),
    ]
    assert drafted.n_error_rows == 1


def test_warnings_do_not_block(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "成立日期", "经营范围"]
    rows = [header, ["甲", "320583400000001", "长期", "轴承\x07制造"]]
    drafted = plan(csv_file(tmp_path, rows), "enterprises")
    assert [record.business_scope for record in drafted.new] == ["轴承制造"]  # type: ignore[union-attr]
    assert {warning.code for warning in drafted.warnings} == {
        "credit_code.old_registration",
        "value.placeholder",
        "text.control_characters",
    }
    assert drafted.n_errors == 0


def test_only_so_many_issues_are_listed_but_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = IssueLog(max_listed=2)
    for row in (4, 2, 3):
        log.error(row, "姓名", "value.required")
        log.warn(row, "", "duplicate.identical", id="A", first=1)
    assert [error.row for error in log.errors] == [2, 4]
    assert (log.n_errors, log.n_warnings, log.n_error_rows, len(log.warnings)) == (3, 3, 3, 2)
    monkeypatch.setattr(planning, "LIMITS", Limits(max_listed_issues=1))
    drafted = plan(csv_file(tmp_path, [EXPERTS[0], ["ZJ1", "", "", ""], ["", "乙", "", ""]]))
    assert "共有错误 2 条" in drafted.notes[0]


def test_every_sentence_about_rows_can_be_filled() -> None:
    facts = dict.fromkeys(
        (
            "value",
            "length",
            "maximum",
            "count",
            "allowed",
            "expected",
            "id",
            "rows",
            "first",
            "last",
            "ids",
            "taken",
            "indicator",
            "minimum",
            "unit",
            "cell",
            "column_unit",
            "label",
            "kind",
            "old",
            "on",
            "new",
        ),
        "某",
    )
    for code in ROW_MESSAGES:
        error = issues.RowError.of(2, "姓名", code, facts)
        assert error.message.endswith("。")
        assert error.suggestion.endswith("。")
        assert "{" not in error.message + error.suggestion


class TestReport:
    def report(self, folder: Path, outcome: ImportOutcome, rows: Sequence[Sequence[str]]) -> ImportReport:
        drafted = plan(csv_file(folder, rows))
        return ImportReport.of(drafted, outcome, n_written=len(drafted.records))

    def test_it_says_in_one_sentence_what_happened(self, tmp_path: Path) -> None:
        faulty = [*EXPERTS, ("ZJ3", "", "", "")]
        checked = self.report(tmp_path, ImportOutcome.CHECKED, [*EXPERTS, EXPERTS[1]])
        assert checked.summary == "专家：共 3 行，新增 2，更新 0，未变 0，重复 1。仅检查，没有写入。"
        refused = self.report(tmp_path, ImportOutcome.REFUSED, faulty)
        assert refused.summary.startswith(
            "专家：共 3 行，新增 2，更新 0，未变 0，有误 1。文件中有错误，全部没有写入。"
        )
        assert self.report(tmp_path, ImportOutcome.APPLIED, EXPERTS).summary.endswith("。已写入 2 条。")
        assert "已写入有效的 2 条" in self.report(tmp_path, ImportOutcome.APPLIED, faulty).summary

    def test_it_becomes_plain_json(self, tmp_path: Path) -> None:
        import json

        report = self.report(tmp_path, ImportOutcome.REFUSED, [*EXPERTS, ("ZJ3", "", "", "")])
        loaded = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
        assert loaded["outcome"] == "refused"
        assert loaded["errors"][0] == {
            "row": 4,
            "column": "姓名",
            "code": "value.required",
            "message": "缺少“姓名”。",
            "suggestion": "填写“姓名”；不需要的行请整行删除。",
            "value": "",
        }


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@given(rows=st.lists(st.tuples(st.integers(0, 6), TEXTS, TEXTS, TEXTS), min_size=1, max_size=12))
def test_what_was_taken_once_is_unchanged_the_second_time(
    rows: list[tuple[int, str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = csv_file(tmp_path_factory.mktemp("twice"), [EXPERTS[0], *((f"ZJ{n}", *rest) for n, *rest in rows)])
    first = plan(path)
    second = plan(path, library=Library(first.new))
    assert (second.new, second.changed) == ((), ())
    assert list(second.unchanged) == [record.id for record in first.new]
    assert second.errors == first.errors
    refused = {error.row for error in first.errors}
    assert len(first.new) + first.n_duplicates + len(refused) == first.n_rows
