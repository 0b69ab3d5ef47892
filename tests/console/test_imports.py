"""Imports in five steps as pages: what they say and do, step by step, and to whom."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.import_jobs import ImportJob, JobState, JobTask
from recommender.domain.jobs import JobProgress
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, page_of, send
from tests.console.people import ADMIN, ENTERPRISE, OFFICER, TOWN_OFFICER, actor_of
from tests.console.uploads import FAULTY, HEADER, workbook

ROOT = "/console/imports"
NEW = (("ZJ901", "测试甲", "示例大学", "教授", "焊接", "13800001901", "", ""),)
OTHER_HEADER = tuple("任职单位写法" if name == "工作单位全称" else name for name in HEADER)


@pytest.fixture(scope="module")
def city(town: Path, application: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A town of this module's own, to change; the limit of a file is small."""
    built = stage.copy_of(town, tmp_path_factory.mktemp("imports") / "var", max_upload_bytes=200_000)
    built.encoder = application.encoder
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def served(city: Application) -> Iterator[FastAPI]:
    app = create_app(city)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def desk(served: FastAPI) -> TestClient:
    """The officer's browser."""
    return client_of(served, OFFICER)


def uploaded(client: TestClient, content: bytes, name: str = "名单.xlsx", kind: str = "") -> Page:
    """The page after a file was sent."""
    page = opened(client, f"{ROOT}/new")
    response = send(client, page, ROOT, files={"file": (name, content)}, kind=kind)
    assert response.status_code == 200, page_of(response).text[-600:]
    return page_of(response)


def settled(client: TestClient, response: Any) -> Page:
    """The page where a task that was begun has come to an end."""
    address = str(response.url.raw_path.decode())
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at:
        response = client.get(address)
        page = page_of(response)
        if "data-poll" not in page.html:
            return page
        assert '<noscript><meta http-equiv="refresh"' in page.html
        time.sleep(0.05)
    raise AssertionError("the task does not end")


def checked(client: TestClient, page: Page, **typed: str) -> Page:
    return settled(client, send(client, page, page.address, **typed))


def imported(client: TestClient, page: Page) -> Page:
    return settled(client, send(client, page, page.address.replace("/check", "/apply")))


def names(city: Application, id: str) -> list[str]:
    with city.database.read() as unit:
        found = unit.experts.get(id)
    return [found.name] if found else []


def test_a_workbook_goes_through_all_five_steps_and_back(desk: TestClient, city: Application) -> None:
    page = uploaded(desk, workbook(NEW, header=OTHER_HEADER))
    assert page.title == "选项"
    assert "已上传 名单.xlsx。请核对种类与各列的对应。" in page.text
    assert "测**" in page.text
    assert "测试甲" not in page.text
    assert "138****1901" in page.text
    # The column of another name is proposed, and not read unless somebody says so.
    assert "单位（建议）" in page.text
    page = checked(desk, page, **{"column-3": "单位"})
    assert page.title == "检查"
    assert "新增 1 条" in page.text
    assert "没有错误，可以导入" in page.text
    assert names(city, "ZJ901") == []
    page = imported(desk, page)
    assert page.title == "结果"
    assert "已写入 1 条：新增 1，更新 0。" in page.text
    assert "测试甲" not in page.text, "names of persons are masked"
    assert ("/console/library/expert/ZJ901", "ZJ901") in page.links
    assert "撤销后：移除新增的 1 条" in page.text
    assert "夜间批次会自动重建索引" in page.text
    assert names(city, "ZJ901") == ["测试甲"]
    page = settled(desk, send(desk, page, f"{ROOT}/batches/"))
    assert "已撤销：移除当时新增的 1 条" in page.text
    assert names(city, "ZJ901") == []
    # The mapping is known from now on.
    page = uploaded(desk, workbook(NEW, header=OTHER_HEADER))
    assert "上次的对应" in page.text
    response = send(desk, page, page.address.replace("/options", "/mapping"))
    assert "已忘记这种表头的对应" in page_of(response).text
    assert "单位（建议）" in page_of(response).text


def test_errors_are_told_by_row_and_the_annotated_workbook_comes_back(desk: TestClient) -> None:
    page = checked(desk, uploaded(desk, workbook(FAULTY), name="坏名单.xlsx"))
    assert "5 行有误，需要更正" in page.text
    assert "“去年秋天”不是完整的日期" in page.text
    assert "请打办公室电话" not in page.text, "what stands in a column of contacts is not repeated"
    only = opened(desk, f"{page.address}?tab=errors&column=姓名&code=value.required")
    assert "缺少“姓名”" in only.text
    assert "写一个手机号" not in only.text
    (address,) = [link for link, text in page.links if text.startswith("下载标注过的工作簿")]
    response = desk.get(address)
    assert "%E5%9D%8F%E5%90%8D%E5%8D%95-%E6%A0%87%E6%B3%A8.xlsx" in response.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][-1] == "错误说明"
    assert "缺少“姓名”" in str(sheet.cell(5, sheet.max_column).value)


def test_the_kind_the_sheet_and_the_header_are_chosen_by_the_address(desk: TestClient) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["说明"])
    for name in ("一月", "二月"):
        sheet = book.create_sheet(name)
        for row in (["某市专家名单"], list(HEADER), [f"ZJ-{name}", "甲某某", "示例大学"]):
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    page = uploaded(desk, file.getvalue(), name="两个月.xlsx")
    assert "ZJ-一月" in page.text
    page = opened(desk, f"{page.address}?sheet=二月")
    assert "ZJ-二月" in page.text
    assert "第 3 行" in page.text
    page = opened(desk, f"{page.address.partition('?')[0]}?sheet=二月&header_row=3")
    assert "必需的列还没有对应：专家编号、姓名" in page.text
    page = opened(desk, f"{page.address.partition('?')[0]}?kind=enterprises&sheet=二月")
    assert "必需的列还没有对应：企业名称" in page.text


def test_an_unknown_table_asks_for_its_kind(desk: TestClient) -> None:
    page = uploaded(desk, "序号,内容\n1,焊接\n".encode(), name="走访.csv")
    assert "从表头看不出是哪一类数据" in page.text
    assert "请选择种类" in page.text
    page = opened(desk, f"{page.address}?kind=needs")
    assert "各列的对应" in page.text


def test_what_was_chosen_is_kept_when_it_does_not_fit(desk: TestClient) -> None:
    page = uploaded(desk, workbook(NEW))
    response = send(desk, page, page.address, **{"column-3": "姓名", "mode": "只新增"})
    assert response.status_code == 422
    again = page_of(response)
    assert "都表示“姓名”" in again.text
    fields = dict(again.form(again.address).fields)
    assert (fields["column-3"], fields["mode"]) == ("姓名", "只新增")


def test_a_fault_of_the_whole_file_says_so_where_it_can_be_mended(desk: TestClient) -> None:
    page = uploaded(desk, workbook(NEW))
    page = settled(desk, send(desk, page, page.address, **{"column-2": ""}))
    assert page.title == "选项"
    assert "专家必需的列没有对应：姓名" in page.text
    assert "--map" not in page.text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.csv", b"", "文件 空.csv 是空的"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "文件 旧.xls 是旧版 Excel"),
        ("断.xlsx", b"PK\x03\x04" + b"x" * 400, "文件 断.xlsx 已损坏或不完整"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "文件 图.csv 不是可以导入的表格"),
        ("大.csv", b"a,b\n" * 60_000, "文件 大.csv 超过上限 0.191 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_on_the_page_and_leaves_nothing(
    desk: TestClient, city: Application, name: str, content: bytes, says: str
) -> None:
    before = sorted(city.settings.uploads_dir.iterdir())
    page = opened(desk, f"{ROOT}/new")
    response = send(desk, page, ROOT, files={"file": (name, content)}, kind="experts")
    assert response.status_code == 422
    again = page_of(response)
    assert again.title == "上传文件"
    assert says in again.text
    assert str(city.settings.var_dir) not in again.html
    assert ("kind", "experts") in again.form(ROOT).fields, "what was chosen stays"
    assert sorted(city.settings.uploads_dir.iterdir()) == before


def test_a_file_far_beyond_the_limit_is_refused_before_it_is_read(desk: TestClient) -> None:
    page = opened(desk, f"{ROOT}/new")
    response = send(desk, page, ROOT, files={"file": ("大.csv", b"a,b\n" * 500_000)})
    assert response.status_code == 413
    assert "文件超过上限 195 KB" in page_of(response).text


def test_no_file_and_an_unknown_kind_are_asked_for_again(desk: TestClient) -> None:
    page = opened(desk, f"{ROOT}/new")
    response = send(desk, page, ROOT)
    assert response.status_code == 422
    assert "没有选择文件" in page_of(response).text
    response = send(desk, page, ROOT, files={"file": ("名单.xlsx", workbook(NEW))}, kind="people")
    assert response.status_code == 422
    assert "没有“people”这种文件" in page_of(response).text


def test_the_list_shows_what_waits_and_what_was_imported(desk: TestClient, city: Application) -> None:
    page = opened(desk, ROOT)
    assert "专家名单（中断）.xlsx" in page.text
    assert "专家名单（十月走访）.xlsx" in page.text
    assert "可以撤销" in page.text
    (address,) = {link for link, text in page.links if text == "专家名单（中断）.xlsx"}
    broken = opened(desk, address)
    assert "这一步已中断，可以重新开始" in broken.text
    again = settled(desk, send(desk, broken, address.replace("/check", "/restart")))
    assert "检查" in again.title
    response = send(desk, again, address.replace("/check", "/discard"))
    assert "已放弃 专家名单（中断）.xlsx 的导入，文件已删除。" in page_of(response).text
    assert not (city.settings.uploads_dir / address.split("/")[3]).exists()


def test_batches_of_the_command_line_are_shown_and_can_no_longer_be_taken_back(desk: TestClient) -> None:
    page = opened(desk, ROOT)
    (address,) = {link for link, text in page.links if text == "experts.xlsx"}
    batch = opened(desk, address)
    assert "已进入索引" in batch.text
    assert not [form for form in batch.forms if form.action.startswith(f"{ROOT}/batches/")]
    response = desk.post(address, data=dict(opened(desk, f"{ROOT}/new").form(ROOT).fields))
    assert "此批次早已进入索引" in settled(desk, response).text


def test_templates_come_as_workbooks(desk: TestClient) -> None:
    response = desk.get(f"{ROOT}/templates/needs")
    assert "%E9%9C%80%E6%B1%82" in response.headers["content-disposition"]
    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames
    assert desk.get(f"{ROOT}/templates/people").status_code == 422


def test_others_see_neither_the_import_nor_its_batch(
    served: FastAPI, city: Application, desk: TestClient
) -> None:
    page = uploaded(desk, workbook(NEW))
    batch = city.batches.newest(actor_of(city, OFFICER), 1)[0].batch.id
    for person in (ADMIN, TOWN_OFFICER):
        client = client_of(served, person)
        for part in ("", "/options", "/check", "/apply", "/result", "/annotated"):
            assert client.get(page.address.replace("/options", part)).status_code == 404
        token = dict(opened(client, f"{ROOT}/new").form(ROOT).fields)
        for part in ("options", "apply", "restart", "discard", "mapping"):
            response = client.post(page.address.replace("options", part), data=token)
            assert response.status_code == 404, (person, part)
    assert client_of(served, ADMIN).get(f"{ROOT}/batches/{batch}").status_code == 200
    limited = client_of(served, TOWN_OFFICER)
    assert limited.get(f"{ROOT}/batches/{batch}").status_code == 404
    assert "还没有导入过" in opened(limited, ROOT).text


def test_enterprises_do_not_import(served: FastAPI) -> None:
    client = client_of(served, ENTERPRISE)
    for address in (ROOT, f"{ROOT}/new", f"{ROOT}/templates/needs", f"{ROOT}/abc/options"):
        assert client.get(address).status_code == 403
    assert client.post(ROOT, files={"file": ("a.csv", b"a,b")}).status_code == 403


def test_a_form_without_the_token_does_nothing(desk: TestClient, city: Application) -> None:
    before = len(city.import_jobs.open_jobs(actor_of(city, OFFICER)))
    response = desk.post(ROOT, files={"file": ("名单.xlsx", workbook(NEW))})
    assert response.status_code == 403
    assert len(city.import_jobs.open_jobs(actor_of(city, OFFICER))) == before


def test_what_expired_says_so_and_asks_for_the_file_again(desk: TestClient, city: Application) -> None:
    page = checked(desk, uploaded(desk, workbook(FAULTY), name="过期.xlsx"))
    city.uploads.folder(page.address.split("/")[3]).remove()
    page = opened(desk, page.address)
    assert "上传的文件已到期删除，库中没有改动。请重新上传。" in page.text
    assert "检查的明细已到期删除" in page.text
    assert not [form for form in page.forms if form.action.endswith("/apply")]
    listed = opened(desk, ROOT)
    assert "过期" in listed.text
    options = opened(desk, page.address.replace("/check", "/options"))
    assert "文件已不再保存" in options.text


def test_a_task_that_waits_or_runs_says_how_far_it_is(desk: TestClient, city: Application) -> None:
    with _standing_still(desk, city) as job:
        address = f"{ROOT}/{job.id}/check"
        page = opened(desk, address)
        assert "正在检查" in page.text
        assert "25% 读取 500 / 2,000 条" in page.text
        assert (address, "刷新") in page.links
        part = desk.get(address, headers={"X-Console-Part": "1"})
        assert f'data-poll="{address}"' in part.text
        assert "<html" not in part.text
        response = desk.get(f"{ROOT}/{job.id}/options", follow_redirects=False)
        assert response.headers["location"] == address, "it cannot be changed meanwhile"


@contextmanager
def _standing_still(desk: TestClient, city: Application) -> Iterator[ImportJob]:
    """An import on which somebody else works as long as the block lasts, and which is a quarter done."""
    job_id = uploaded(desk, workbook(NEW)).address.split("/")[3]
    folder = city.uploads.folder(job_id)
    folder.progress.tell(JobProgress("读取", 500, 2_000))
    with folder.taken():
        with city.database.write() as unit:
            job = unit.import_jobs.get(job_id)
            assert job is not None
            job = replace(job, state=JobState.CHECKING, task=JobTask.CHECK, claimed_at=job.created_at)
            unit.import_jobs.put(job)
        yield job
        with city.database.write() as unit:
            unit.import_jobs.remove(job.id)
