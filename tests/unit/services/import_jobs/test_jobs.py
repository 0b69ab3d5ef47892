"""Imports in steps: from upload to undo, and who comes across them."""

import io
from datetime import timedelta

import openpyxl
import pytest

from recommender.domain.accounts import Actor, Role
from recommender.domain.batches import BatchState
from recommender.domain.entities import Enterprise, Expert
from recommender.domain.errors import Conflict, Forbidden, InvalidData, InvalidInput, NotFound, Unavailable
from recommender.domain.import_jobs import ImportMode, JobOptions, JobState, JobTask
from recommender.domain.paging import PageRequest
from recommender.exchange.credit_codes import check_digit
from recommender.services.import_jobs import jobs as jobs_module
from tests.actors import TESTER
from tests.unit.services.import_jobs.town import FAULTY, GOOD, HEADER, Town, csv_bytes


def experts(town: Town) -> dict[str, Expert]:
    with town.database.read() as unit:
        return {expert.id: expert for expert in unit.experts.iterate()}


def test_a_file_goes_from_upload_to_result_and_back(town: Town) -> None:
    job = town.send(GOOD)
    assert (job.kind, job.state, job.file_name) == ("experts", JobState.UPLOADED, "名单.csv")
    checked = town.do(job, JobTask.CHECK)
    assert (checked.job.state, checked.label) == (JobState.CHECKED, "专家")
    assert checked.job.report is not None
    assert (checked.job.report["n_new"], checked.job.report["n_errors"]) == (2, 0)
    assert experts(town) == {}
    done = town.do(job, JobTask.APPLY)
    assert done.job.state is JobState.DONE
    assert sorted(experts(town)) == ["ZJ1", "ZJ2"]
    line = town.batches.get(town.whole, done.job.batch)
    assert (line.who, line.batch.file_name, line.batch.n_new) == ("审核员whole", "名单.csv", 2)
    assert town.jobs.undo(town.whole, done.job.batch).id == job.id
    town.runner.run_waiting()
    assert town.jobs.get(town.whole, job.id).job.state is JobState.UNDONE
    assert experts(town) == {}


def test_the_file_is_deleted_once_it_was_imported(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    assert f"{job.id}/source" in town.files()
    town.do(job, JobTask.APPLY)
    assert f"{job.id}/source" not in town.files()


def test_what_is_wrong_is_told_row_by_row_and_in_a_workbook(town: Town) -> None:
    job = town.send(FAULTY)
    view = town.do(job, JobTask.CHECK)
    found = town.jobs.findings(town.whole, job.id)
    assert found is not None
    assert found.has_annotated
    assert [(group.column, group.code, group.n) for group in found.groups] == [
        ("姓名", "value.required", 1),
        ("手机", "phone.form", 1),
    ]
    issues = town.jobs.issues(town.whole, job.id, PageRequest()).items
    assert [(issue.row, issue.column, issue.value) for issue in issues] == [(4, "姓名", ""), (5, "手机", "")]
    sheet = openpyxl.load_workbook(town.jobs.annotated(town.whole, job.id)).active
    assert sheet is not None
    assert "不是电话号码" in str(sheet.cell(5, 6).value)
    assert view.job.report is not None
    assert "errors" not in view.job.report, "rows are read page by page"


def test_every_error_is_reached_page_by_page(town: Town) -> None:
    rows = [
        HEADER,
        *((f"ZJ{n}", "" if n % 2 else "甲", "示例大学", "铸造", "x" if n % 3 == 0 else "") for n in range(95)),
    ]
    job = town.send(rows)
    town.do(job, JobTask.CHECK)

    def read(group: tuple[str, str] | None) -> list[tuple[int, str]]:
        found, cursor = [], ""
        while True:
            page = town.jobs.issues(town.whole, job.id, PageRequest(limit=7, cursor=cursor), group=group)
            assert len(page.items) <= 7
            found += [(issue.row, issue.column) for issue in page.items]
            cursor = page.next_cursor
            if not cursor:
                return found

    names = [(n + 2, "姓名") for n in range(95) if n % 2]
    phones = [(n + 2, "手机") for n in range(95) if n % 3 == 0]
    assert sorted(read(None)) == sorted(names + phones)
    assert read(("手机", "phone.form")) == phones
    assert read(("手机", "value.required")) == []


def test_rows_with_errors_stop_the_file_unless_they_are_to_be_left_out(town: Town) -> None:
    job = town.send(FAULTY)
    town.do(job, JobTask.CHECK)
    refused = town.do(job, JobTask.APPLY, valid_only=False).job
    assert (refused.state, refused.fault and refused.fault.code) == (JobState.CHECKED, "import.rows_refused")
    assert experts(town) == {}
    assert town.do(job, JobTask.APPLY, valid_only=True).job.state is JobState.DONE
    assert sorted(experts(town)) == ["ZJ1", "ZJ2"]


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        (ImportMode.NEW, ["甲小某", "乙小某"]),
        (ImportMode.CHANGED, ["甲某某"]),
        (ImportMode.BOTH, ["甲某某", "乙小某"]),
    ],
)
def test_a_mode_leaves_records_out(town: Town, mode: ImportMode, names: list[str]) -> None:
    first = town.send(GOOD[:2])
    town.do(first, JobTask.CHECK)
    town.do(first, JobTask.APPLY)
    changed = (HEADER, ("ZJ1", "甲某某", "示例大学", "铸造；焊接", ""), GOOD[2])
    job = town.send(changed)
    town.receiver.choose(town.whole, job.id, "experts", JobOptions(mode=mode))
    checked = town.do(job, JobTask.CHECK).job
    assert checked.report is not None
    assert checked.report["n_skipped"] == (0 if mode is ImportMode.BOTH else 1)
    town.do(job, JobTask.APPLY)
    assert [expert.name for _, expert in sorted(experts(town).items())] == names


def test_a_chosen_column_is_read_and_remembered_and_can_be_forgotten(town: Town) -> None:
    rows = (("专家编号", "真实称呼", "单位"), ("ZJ1", "甲小某", "示例大学"))
    job = town.send(rows, kind="experts")
    look = town.receiver.look(town.whole, job.id)
    assert look.missing == ("姓名",)
    assert [column.samples for column in look.columns] == [("ZJ1",), ("甲小某",), ("示例大学",)], (
        "nobody knows yet that it is a name"
    )
    town.receiver.choose(town.whole, job.id, "experts", JobOptions(mapping=("真实称呼=姓名",)))
    town.do(job, JobTask.CHECK)
    town.do(job, JobTask.APPLY)
    again = town.send(rows, kind="experts")
    (column,) = [c for c in town.receiver.look(town.whole, again.id).columns if c.written == "真实称呼"]
    assert (column.header, column.origin and column.origin.value) == ("姓名", "上次的对应")
    assert column.samples == ("甲**",)
    assert town.receiver.forget_mapping(town.whole, again.id)
    assert town.receiver.look(town.whole, again.id).missing == ("姓名",)


def test_a_header_row_can_be_named(town: Town) -> None:
    rows = (("专家编号", "姓名"), ("专家编号", "姓名"), ("ZJ1", "甲小某"))
    job = town.send(rows)
    assert town.receiver.look(town.whole, job.id).header_row == 1
    town.receiver.choose(town.whole, job.id, "experts", JobOptions(header_row=2))
    assert town.receiver.look(town.whole, job.id).header_row == 2
    report = town.do(job, JobTask.CHECK).job.report
    assert report is not None
    assert (report["header_row"], report["n_rows"]) == (2, 1)


def test_a_file_that_cannot_be_read_leaves_nothing(town: Town) -> None:
    for content in (b"", b"PK\x03\x04 broken", b"%PDF-1.7 and so on"):
        with pytest.raises(InvalidData) as refused:
            town.receiver.receive(town.whole, io.BytesIO(content), "坏的.xlsx")
        assert "坏的.xlsx" in str(refused.value)
        assert str(town.root) not in str(refused.value)
    with pytest.raises(InvalidData, match=r"0\.1 MB"):
        town.receiver.receive(town.whole, io.BytesIO(b"x" * 104_859), "大.csv")
    with pytest.raises(InvalidInput):
        town.receiver.receive(town.whole, io.BytesIO(csv_bytes(GOOD)), "名单.csv", kind="people")
    assert town.files() == []
    assert town.jobs.open_jobs(town.whole) == ()


def test_a_fault_of_the_whole_file_sends_back_to_the_options_with_the_file_kept(town: Town) -> None:
    job = town.send(GOOD)
    town.receiver.choose(town.whole, job.id, "enterprises", JobOptions())
    view = town.do(job, JobTask.CHECK)
    assert view.job.fault is not None
    assert (view.job.state, view.job.fault.code) == (JobState.UPLOADED, "import.columns_of_other_kind")
    assert view.is_kept
    with pytest.raises(InvalidData) as repeated:
        town.receiver.choose(town.whole, job.id, "experts", JobOptions(mapping=("单位=姓名",)))
    assert repeated.value.code == "import.columns_repeated"
    town.receiver.choose(town.whole, job.id, "experts", JobOptions())
    assert town.do(job, JobTask.CHECK).job.state is JobState.CHECKED


def test_nobody_else_comes_across_an_import(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    attempts = [
        lambda who: town.jobs.get(who, job.id),
        lambda who: town.receiver.look(who, job.id),
        lambda who: town.jobs.begin(who, job.id, JobTask.APPLY),
        lambda who: town.receiver.discard(who, job.id),
        lambda who: town.jobs.findings(who, job.id),
        lambda who: town.jobs.annotated(who, job.id),
        lambda who: town.receiver.choose(who, job.id, "experts", JobOptions()),
    ]
    enterprise = Actor(id="e", role=Role.ENTERPRISE, permissions=frozenset())
    for attempt in attempts:
        for stranger in (town.other, TESTER):
            with pytest.raises(NotFound):
                attempt(stranger)
        with pytest.raises(Forbidden):
            attempt(enterprise)
    assert town.jobs.open_jobs(town.other) == ()
    assert [view.job.id for view in town.jobs.open_jobs(town.whole)] == [job.id]


def test_batches_are_for_who_wrote_them_and_for_the_whole_city(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    batch = town.do(job, JobTask.APPLY).job.batch
    assert [line.batch.id for line in town.batches.page(town.other, PageRequest()).items] == [batch]
    assert town.batches.page(town.part, PageRequest()).items == ()
    with pytest.raises(NotFound):
        town.batches.undo(batch, actor=town.part)
    with pytest.raises(NotFound):
        town.jobs.undo(town.part, batch)
    undone = town.jobs.undo(town.other, batch)
    assert undone.id != job.id
    town.runner.run_waiting()
    assert town.jobs.get(town.other, undone.id).job.state is JobState.UNDONE
    assert town.jobs.get(town.whole, job.id).job.state is JobState.UNDONE, "its batch says so"


def test_an_undo_that_is_refused_leaves_the_import_as_it_was(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    batch = town.do(job, JobTask.APPLY).job.batch
    with town.database.write() as unit:
        unit.experts.upsert([Expert(id="ZJ1", name="另改")])
    town.jobs.undo(town.whole, batch)
    town.runner.run_waiting()
    left = town.jobs.get(town.whole, job.id).job
    assert left.fault is not None
    assert (left.state, left.fault.code) == (JobState.DONE, "import.undo_altered")
    assert town.batches.get(town.whole, batch).batch.state is BatchState.APPLIED


def test_rows_beyond_an_officers_reach_are_errors(town: Town) -> None:
    def code(body: str) -> str:
        return body + check_digit(body)

    header = ("统一社会信用代码", "企业名称", "区镇")
    near = (code("91320582000000001"), "近处公司", "杨舍镇")
    far = (code("91320582000000002"), "远处公司", "塘桥镇")
    job = town.send((header, near, far), actor=town.part)
    town.do(job, JobTask.CHECK, actor=town.part)
    errors = town.jobs.issues(town.part, job.id, PageRequest()).items
    assert [(error.row, error.code) for error in errors] == [(3, "reach.outside")]
    town.do(job, JobTask.APPLY, actor=town.part, valid_only=True)
    with town.database.write() as unit:
        assert {enterprise.code for enterprise in unit.enterprises.iterate()} == {near[0]}
        unit.enterprises.upsert([Enterprise(code=far[0], name="远处公司", town="塘桥镇")])
    # It is not moved into reach either, nor are its figures and needs written.
    fact = ("统一社会信用代码", "年度", "指标", "数值")
    need = ("需求编号", "需求名称", "统一社会信用代码")
    for rows in (
        (header, (far[0], "远处公司", "杨舍镇")),
        (fact, (far[0], "2025", "职工人数", "12"), (near[0], "2025", "职工人数", "9")),
        (need, ("XQ1", "远处的需求", far[0]), ("XQ2", "近处的需求", near[0])),
    ):
        job = town.send(rows, actor=town.part)
        view = town.do(job, JobTask.CHECK, actor=town.part)
        errors = town.jobs.issues(town.part, job.id, PageRequest()).items
        assert [(error.row, error.code) for error in errors] == [(2, "reach.outside")], view.job


def test_suspects_are_named_without_their_names(town: Town) -> None:
    person = ("甲小某", "示例大学材料学院", "铸造；焊接", "13812345678")
    job = town.send((HEADER, ("ZJ1", *person)))
    town.do(job, JobTask.CHECK)
    town.do(job, JobTask.APPLY)
    again = town.send((HEADER, ("ZJ9", *person)))
    town.do(again, JobTask.CHECK)
    found = town.jobs.findings(town.whole, again.id)
    assert found is not None
    (suspect,) = found.suspects
    assert (suspect.row, suspect.name, suspect.suspects[0].id, suspect.suspects[0].name) == (
        2,
        "甲**",
        "ZJ1",
        "甲**",
    )
    assert "甲小某" not in (town.root / "uploads" / again.id / "findings.json").read_text(encoding="utf-8")


def test_discarding_deletes_everything(town: Town) -> None:
    job = town.send(FAULTY)
    town.do(job, JobTask.CHECK)
    town.receiver.discard(town.whole, job.id)
    assert town.files() == []
    with pytest.raises(NotFound):
        town.jobs.get(town.whole, job.id)
    with town.database.read() as unit:
        assert [entry.action for entry in unit.audit.tail(2)] == ["import:file:upload", "import:file:discard"]


def test_what_was_imported_cannot_be_discarded_or_imported_again(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    town.do(job, JobTask.APPLY)
    with pytest.raises(Conflict):
        town.receiver.discard(town.whole, job.id)
    with pytest.raises(Conflict):
        town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    with pytest.raises(Conflict):
        town.receiver.choose(town.whole, job.id, "experts", JobOptions())


def test_old_uploads_expire(town: Town) -> None:
    job = town.send(GOOD)
    town.now += timedelta(days=6)
    assert town.jobs.expire() == 0
    town.now += timedelta(days=2)
    assert town.jobs.expire() == 1
    assert town.files() == []
    view = town.jobs.get(town.whole, job.id)
    assert (view.job.state, view.is_kept) == (JobState.EXPIRED, False)
    with pytest.raises(Conflict):
        town.receiver.look(town.whole, job.id)


def test_an_import_whose_files_are_gone_says_that_it_expired(town: Town) -> None:
    job = town.send(GOOD)
    town.uploads.folder(job.id).remove()
    assert town.jobs.get(town.whole, job.id).job.state is JobState.EXPIRED


def test_the_queue_is_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MAX_WAITING", 2)
    sent = [town.send(GOOD) for _ in range(3)]
    for job in sent[:2]:
        town.jobs.begin(town.whole, job.id, JobTask.CHECK)
    with pytest.raises(Unavailable):
        town.jobs.begin(town.whole, sent[2].id, JobTask.CHECK)
    assert [town.jobs.get(town.whole, job.id).n_before for job in sent[:2]] == [0, 1]
    assert town.runner.run_waiting() == 2
