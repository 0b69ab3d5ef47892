"""The cockpit in a browser: charts from tables, in the colours of the theme, on paper, and without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.console.people import OFFICER


def drawn(page: Page) -> None:
    """Wait until every chart is there."""
    expect(page.locator("[data-drawing]:not([data-drawing=nothing])").first).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-drawing]')].every("
        "each => each.dataset.drawing === 'nothing' || each.querySelector('.main-svg'))"
    )


def test_charts_say_what_tables_say_on_screen_and_on_paper(open_as: OpenPage) -> None:
    page = open_as(OFFICER)
    page.goto("/console/cockpit?period=year")
    drawn(page)
    assert page.locator(".chart__table[open]").count() == 0
    funnel = page.locator("#chart-funnel")
    told = [text.strip() for text in funnel.locator("tbody tr td:nth-child(2)").all_text_contents()]
    written = [text.split()[0] for text in funnel.locator(".bartext").all_text_contents()]
    assert written == told
    ground = "document.querySelector('#chart-funnel .main-svg').style.background"
    light = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("document.dispatchEvent(new CustomEvent('console:theme'))")
    page.wait_for_function(f"before => {ground} !== before", arg=light)
    funnel.get_by_text("数据表").click()
    expect(funnel.locator("table")).to_be_visible()

    page.get_by_label("时段", exact=True).select_option("month")
    page.wait_for_url(re.compile("period=month"))
    page.get_by_role("link", name="覆盖与供需").click()
    page.wait_for_url(re.compile("view=supply.*period=month|period=month.*view=supply"))
    drawn(page)
    page.locator("#chart-unserved tbody a").first.click()
    page.wait_for_url(re.compile("/console/needs/"))

    page.goto("/console/cockpit?view=all&period=year")
    drawn(page)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    hidden = (".bar", ".tabs", ".cockpit-question", ".chart__foot")
    assert [name for name in hidden if page.locator(name).first.is_visible()] == []
    assert len(page.pdf(prefer_css_page_size=True)) > 50_000


def test_tables_are_there_without_scripts(open_as: OpenPage) -> None:
    page = open_as(OFFICER, javascript=False, viewport=PHONE)
    page.goto("/console/cockpit?view=all&period=year")
    expect(page.locator("#chart-funnel table")).to_be_visible()
    expect(page.locator("#chart-unserved table")).to_be_visible()
    assert page.locator(".main-svg").count() == 0
    page.get_by_label("区镇", exact=True).select_option(index=1)
    page.get_by_role("button", name="查看").click()
    page.wait_for_url(re.compile("town="))
