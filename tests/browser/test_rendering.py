"""That the browser draws what the page says."""

from typing import Final

from playwright.sync_api import Browser

from tests.browser.conftest import visiting
from tests.http.server import Server

INK: Final = """
(character) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 48;
  const context = canvas.getContext("2d");
  context.font = `32px ${getComputedStyle(document.body).fontFamily}`;
  context.fillText(character, 8, 36);
  return Array.from(context.getImageData(0, 0, 48, 48).data).join();
}
"""


def test_chinese_glyphs_are_drawn(browser: Browser, server: Server) -> None:
    """Without a Chinese font every character is the same box, and everything else still passes."""
    with visiting(browser, server.url, None) as (page, watch):
        page.goto("/console/sign-in")
        drawn = {character: page.evaluate(INK, character) for character in "需求专家双面绣\U0010fffd "}
        assert len(set(drawn.values())) == len(drawn)
        assert watch.faults == []
