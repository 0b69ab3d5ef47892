"""Chromium in front of a really served town. Without Chromium or a Chinese font these tests are skipped."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.watching import Watch
from tests.console import stage
from tests.console.conftest import town
from tests.console.people import PASSWORD, Person
from tests.http.server import Server, running_server

__all__ = ["town"]

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
HOW: Final = "make test 会用 apt-get 安装 chromium 与 fonts-wqy-microhei（须有 root 权限）；也可以自行安装后重试"
FLAGS: Final = (
    "--no-sandbox",
    "--lang=zh-CN",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTINGS: Final = {
    "secure_cookies": "false",
    "rate_per_minute": "0",
    "address_rate_per_minute": "0",
    "n_threads": "1",
}
DESKTOP: Final = {"width": 1366, "height": 768}
PHONE: Final = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


def chromium_path() -> str | None:
    """The installed browser."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether the system has a font with Chinese glyphs."""
    tool = shutil.which("fc-list")
    if tool is None:
        return False
    listed = subprocess.run([tool, ":lang=zh-cn"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the caller has seen that there is one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(FLAGS), env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests of this folder: while it is driven, nothing else in the process may use asyncio."""
    if chromium_path() is None:
        pytest.skip(f"没有 Chromium：{HOW}")
    if not has_chinese_font():
        pytest.skip(f"没有中文字体：{HOW}")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def server(browser: Browser, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The town, served. Tests only read it."""
    folder = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(town, folder)
    with running_server(folder, **SETTINGS) as started:
        yield started


@pytest.fixture
def own_folder(browser: Browser, town: Path, tmp_path: Path) -> Path:
    """A town of the test's own, to change."""
    folder = tmp_path / "var"
    shutil.copytree(town, folder)
    return folder


@pytest.fixture
def own_server(own_folder: Path) -> Iterator[Server]:
    """The same, served."""
    with running_server(own_folder, **SETTINGS) as started:
        yield started


@contextmanager
def visiting(browser: Browser, url: str, person: Person | None, **how: Any) -> Iterator[tuple[Page, Watch]]:
    """A page in a fresh browser context, signed in as somebody, and what is seen of its faults."""
    context = browser.new_context(
        base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **({"viewport": DESKTOP} | how)
    )
    context.set_default_timeout(15_000)
    watch = Watch(context, url)
    try:
        page = context.new_page()
        if person is not None:
            sign_in(page, person)
        yield page, watch
    finally:
        context.close()


def sign_in(page: Page, person: Person) -> None:
    """By the page for that."""
    page.goto("/console/sign-in")
    page.get_by_label("登录名").fill(person.login_name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/console/")


@pytest.fixture
def open_as(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens pages of the test's own server as somebody: ``open_as(OFFICER, javascript=False)``.

    At the end of the test nothing may have gone wrong in any of them: no error in the console, no request to
    another host, no answer of 500.
    """
    opened: list[tuple[BrowserContext, Watch]] = []
    served: Server = request.getfixturevalue("own_server")

    def open_page(person: Person | None, *, javascript: bool = True, **how: Any) -> Page:
        context = browser.new_context(
            base_url=served.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            **({"viewport": DESKTOP} | how),
        )
        context.set_default_timeout(15_000)
        opened.append((context, Watch(context, served.url)))
        page = context.new_page()
        if person is not None:
            sign_in(page, person)
        return page

    yield open_page
    faults = [fault for _, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    assert faults == []


@pytest.fixture
def own_application(own_folder: Path) -> Iterator[Any]:
    """What the served town's database says, looked at from beside."""
    application = stage.Application(stage.settings_in(own_folder))
    yield application
    application.database.close()
