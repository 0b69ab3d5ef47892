"""Files from before a merge name records that are no more."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from recommender.domain.entities import Achievement, AchievementPlatform, Expert
from recommender.domain.kinds import EntityKind
from recommender.exchange.columns import TableKind
from recommender.exchange.plan import ImportPlan, draft_plan
from recommender.exchange.preview import ImportPreview, RowState
from recommender.exchange.redirects import under_present_ids
from recommender.exchange.suspects import NoSuspects

from .samples import CODE, CODE_BODY, Library, csv_file, parse

MERGED: Mapping[EntityKind, Mapping[str, str]] = {
    EntityKind.EXPERT: {"ZJ2": "ZJ1", "ZJ3": "ZJ1"},
    EntityKind.PLATFORM: {"PT2": "PT1"},
    EntityKind.ENTERPRISE: {CODE_BODY[:15]: CODE},
}
STORED = Expert(id="ZJ1", name="甲某", organisation="示例大学", city="苏州")


def resolve(kind: EntityKind, ids: Sequence[str]) -> dict[str, str]:
    return {id_: MERGED[kind][id_] for id_ in ids if id_ in MERGED[kind]}


def plan(folder: Path, rows: Sequence[Sequence[str]], kind: str = "experts", *stored: Expert) -> ImportPlan:
    everything = {
        TableKind.EXPERTS: {"ZJ1", "ZJ4"},
        TableKind.PLATFORMS: {"PT1"},
        TableKind.ACHIEVEMENTS: {"CG1"},
        TableKind.ENTERPRISES: {CODE},
    }
    return draft_plan(
        under_present_ids(parse(csv_file(folder, rows), kind), resolve), Library(stored, everything)
    )


def test_a_row_under_an_old_id_updates_the_record_that_stayed(tmp_path: Path) -> None:
    found = plan(tmp_path, (("专家编号", "姓名", "单位"), ("ZJ2", "甲某", "新大学")), "experts", STORED)
    (change,) = found.changed
    assert change.record == Expert(id="ZJ1", name="甲某", organisation="新大学", city="苏州")
    assert found.new == ()
    assert [(issue.row, issue.code) for issue in found.warnings] == [(2, "id.merged")]
    assert found.warnings[0].message == "编号“ZJ2”已并入“ZJ1”，这一行按“ZJ1”处理。"


def test_beside_the_row_of_the_record_itself_it_is_left_out(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名", "单位"), ("ZJ2", "乙某", "别处"), ("ZJ1", "甲某", "示例大学"), ("ZJ3", "甲", ""))
    found = plan(tmp_path, rows, "experts", STORED)
    assert (found.unchanged, found.changed, found.n_errors) == (("ZJ1",), (), 0)
    assert found.n_duplicates == 2
    assert [(issue.row, issue.code) for issue in found.warnings] == [
        (2, "id.merged_beside"),
        (4, "id.merged_beside"),
    ]
    assert found.n_rows == len(found.unchanged) + found.n_duplicates


def test_two_old_ids_that_say_different_things_are_an_error(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名"), ("ZJ2", "乙某"), ("ZJ3", "丙某"))
    found = plan(tmp_path, rows, "experts", STORED)
    assert {(error.row, error.code) for error in found.errors} == {
        (2, "duplicate.conflict"),
        (3, "duplicate.conflict"),
    }


def test_references_are_those_of_now(tmp_path: Path) -> None:
    rows = (("成果编号", "成果类型", "成果名称", "完成人编号"), ("CG2", "论文", "题", "ZJ2；ZJ4；ZJ1"))
    found = plan(tmp_path, rows, "achievements")
    assert found.new == (Achievement(id="CG2", type="论文", title="题", author_ids=("ZJ1", "ZJ4")),)
    (warning,) = found.warnings
    assert (warning.column, warning.code) == ("完成人编号", "reference.merged")
    assert "ZJ2 已并入 ZJ1" in warning.message


def test_links_meet_those_of_the_record_that_stayed(tmp_path: Path) -> None:
    rows = (("成果编号", "平台编号"), ("CG1", "PT2"), ("CG1", "PT1"))
    found = plan(tmp_path, rows, "achievement-platforms")
    assert found.new == (AchievementPlatform(achievement_id="CG1", platform_id="PT1"),)
    assert (found.n_duplicates, found.n_errors) == (1, 0)


def test_facts_go_to_the_enterprise_that_stayed(tmp_path: Path) -> None:
    header = ("信用代码", "年度", "指标", "数值", "单位")
    old = CODE_BODY[:15]
    rows = (header, (old, "2025", "营业收入", "1", "万元"), (old, "2024", "营业收入", "2", "万元"))
    beside = (*rows, (CODE, "2025", "营业收入", "3", "万元"))
    assert [record.id for record in plan(tmp_path, rows, "enterprise-facts").new] == [
        f"{CODE}|2025|营业收入",
        f"{CODE}|2024|营业收入",
    ]
    found = plan(tmp_path, beside, "enterprise-facts")
    assert [getattr(record, "value", None) for record in found.new] == [3.0, 2.0]
    assert (found.n_duplicates, found.n_errors) == (1, 0)


def test_rows_with_errors_stay_as_they_are(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名", "容量"), ("ZJ2", "乙某", "两个"), ("ZJ2x", "丁某", ""))
    found = plan(tmp_path, rows, "experts", STORED)
    assert [(error.row, error.code) for error in found.errors] == [(2, "count.form")]
    assert [record.id for record in found.new] == ["ZJ2x"]


def test_a_file_without_old_ids_is_not_touched(tmp_path: Path) -> None:
    parsed = parse(csv_file(tmp_path, (("专家编号", "姓名"), ("ZJ1", "甲某"))))
    assert under_present_ids(parsed, resolve) is parsed


def test_the_preview_shows_what_becomes_of_such_rows(tmp_path: Path) -> None:
    rows = (("专家编号", "姓名"), ("ZJ2", "乙某"), ("ZJ1", "甲某"), ("ZJ4", "丁某"))
    parsed = under_present_ids(parse(csv_file(tmp_path, rows)), resolve)
    preview = ImportPreview.of(parsed, draft_plan(parsed, Library([STORED])), NoSuspects())
    assert [(row.row, row.state) for row in preview.rows] == [
        (2, RowState.DUPLICATE),
        (3, RowState.UNCHANGED),
        (4, RowState.NEW),
    ]
    alone = under_present_ids(parse(csv_file(tmp_path, rows[:2])), resolve)
    preview = ImportPreview.of(alone, draft_plan(alone, Library([STORED])), NoSuspects())
    assert [(row.id, row.state) for row in preview.rows] == [("ZJ1", RowState.CHANGED)]
