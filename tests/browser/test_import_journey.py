"""Journey: a workbook with errors is checked, its annotated copy is mended, imported and taken back."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from recommender.bootstrap import Application
from tests.browser.conftest import OpenPage
from tests.console.people import OFFICER
from tests.console.uploads import HEADER

ROWS = [
    [f"ZJ7{n:04}", f"测试{n}", "江南示例大学材料学院", "教授", "压铸；模具", "", "2026-10-08", ""]
    for n in range(2, 1202)
]
FAULTS = {3: (1, ""), 7: (5, "请打办公室电话"), 11: (6, "去年秋天")}
"""By row of the sheet: which cell is wrong, and what stands in it."""


@dataclass
class Desk:
    """An officer at a browser, and the files on the desk."""

    page: Page
    folder: Path

    def upload(self, path: Path) -> None:
        self.page.get_by_label("文件").set_input_files(path)
        self.page.get_by_role("button", name="上传", exact=True).click()
        self.page.wait_for_url("**/options")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(name)).click()

    def wait_for(self, text: str) -> None:
        """A sentence, while the page asks again by script or by refreshing itself."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=20_000)


def workbook(folder: Path, name: str, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("专家名单")
    for row in (list(HEADER), *rows):
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def faulty_rows() -> list[list[Any]]:
    rows = [list(row) for row in ROWS]
    for number, (place, value) in FAULTS.items():
        rows[number - 2][place] = value
    return rows


def n_experts(application: Application) -> int:
    with application.database.read() as unit:
        return unit.experts.count()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_file_with_errors_is_mended_imported_and_taken_back(
    open_as: OpenPage, own_application: Application, tmp_path: Path, javascript: bool
) -> None:
    desk = Desk(open_as(OFFICER, javascript=javascript), tmp_path)
    page = desk.page
    before = n_experts(own_application)

    page.goto("/console/imports")
    page.get_by_role("link", name=re.compile("上传文件")).first.click()
    desk.upload(workbook(tmp_path, "专家名单.xlsx", faulty_rows()))
    expect(page.get_by_label("“工作单位全称”读作")).to_have_value("单位")
    desk.press("^检查")
    desk.wait_for("3 行有误，需要更正")
    expect(page.get_by_role("cell", name="去年秋天", exact=True)).to_be_visible()

    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("下载标注过的工作簿")).click()
    annotated = tmp_path / "标注.xlsx"
    downloading.value.save_as(annotated)
    sheet = openpyxl.load_workbook(annotated).active
    assert sheet is not None
    assert sheet.cell(1, sheet.max_column).value == "错误说明"
    told = {row for row in range(2, sheet.max_row + 1) if sheet.cell(row, sheet.max_column).value}
    assert told == set(FAULTS)

    # The annotated workbook itself is corrected and sent back, remarks and all.
    book = openpyxl.load_workbook(annotated)
    assert book.active is not None
    for number, (place, _) in FAULTS.items():
        book.active.cell(number, place + 1).value = ROWS[number - 2][place]
    book.save(annotated)
    page.get_by_role("link", name="上传更正后的文件").click()
    desk.upload(annotated)
    desk.press("^检查")
    desk.wait_for("没有错误，可以导入")
    assert n_experts(own_application) == before

    desk.press("^导入 1,200 条")
    desk.wait_for("已写入 1,200 条")
    assert n_experts(own_application) == before + len(ROWS)
    expect(page).to_have_url(re.compile("/result"))
    expect(page.get_by_role("link", name="ZJ70002")).to_be_visible()

    desk.press("^撤销此批次")
    desk.wait_for("已撤销：移除当时新增的 1,200 条")
    assert n_experts(own_application) == before
    page.goto("/console/imports")
    expect(page.get_by_role("row", name=re.compile("标注.xlsx")).get_by_text("已撤销")).to_be_visible()
