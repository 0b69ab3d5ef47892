"""Files that somebody of the small town sends, and imports that stand somewhere between first and last step."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from openpyxl import Workbook

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.import_jobs import ImportJob, JobOptions, JobState, JobTask

HEADER: Final = ("专家编号", "姓名", "工作单位全称", "职称", "研究方向", "手机", "最近核验日期", "备注")
GOOD: Final = (
    (
        "ZJ801",
        "顾望舒",
        "江南示例大学材料学院",
        "教授",
        "铝合金压铸；模具热平衡",
        "13800001801",
        "2026-10-08",
        "走访",
    ),
    ("ZJ802", "沈砚秋", "示例理工学院机械系", "副教授", "激光焊接；焊缝检测", "", "2026-09-12", ""),
    (
        "ZJ803",
        "陆听澜",
        "示例理工学院机械系",
        "高级工程师",
        "冲压模具；回弹补偿",
        "13800001803",
        "2026-09-12",
        "",
    ),
)
FAULTY: Final = (
    *GOOD,
    ("ZJ804", "", "示例理工学院机械系", "讲师", "摩擦学", "", "2026-09-12", ""),
    ("ZJ805", "方既白", "江南示例大学材料学院", "教授", "轧制", "请打办公室电话", "2026-09-12", ""),
    ("ZJ806", "祝听松", "江南示例大学材料学院", "教授", "轧制", "", "去年秋天", ""),
    ("ZJ802", "沈砚", "示例理工学院机械系", "副教授", "激光焊接", "", "2026-09-12", ""),
)
MAPPING: Final = ("工作单位全称=单位",)


def workbook(
    rows: Sequence[Sequence[object]], *, title: str = "专家名单", header: Sequence[str] = HEADER
) -> bytes:
    """Rows in a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in (header, *rows):
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send_some(application: Application, officer: Actor) -> None:
    """Imports of an officer in different states, and a batch that may be taken back."""
    done = _sent(application, officer, workbook(GOOD), "专家名单（十月走访）.xlsx")
    _checked(application, officer, done)
    application.import_jobs.begin(officer, done.id, JobTask.APPLY)
    application.import_runner.run_waiting()
    faulty = _sent(application, officer, workbook(FAULTY), "专家名单（待更正）.xlsx")
    _checked(application, officer, faulty)
    unknown = "序号,内容,联系单位\n1,想找人看看焊接,某机械厂\n".encode()
    _sent(application, officer, unknown, "走访记录.csv")
    _interrupt(application, _sent(application, officer, workbook(GOOD[:2]), "专家名单（中断）.xlsx"))


def _sent(application: Application, officer: Actor, content: bytes, name: str) -> ImportJob:
    return application.import_receiver.receive(officer, io.BytesIO(content), name)


def _checked(application: Application, officer: Actor, job: ImportJob) -> None:
    application.import_receiver.choose(officer, job.id, "experts", replace(JobOptions(), mapping=MAPPING))
    application.import_jobs.begin(officer, job.id, JobTask.CHECK)
    application.import_runner.run_waiting()


def _interrupt(application: Application, job: ImportJob) -> None:
    """As if the process had died while it checked."""
    with application.database.write() as unit:
        unit.import_jobs.put(replace(job, state=JobState.INTERRUPTED, task=JobTask.CHECK, attempt=1))
