"""An officer reviews twenty cases by keyboard alone, and the database agrees with every key."""

import time
from collections import Counter
from statistics import median
from typing import Any, Final

from playwright.sync_api import Page

from recommender.bootstrap import Application
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.cases import Case
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, ReasonCode
from tests.actors import TESTER
from tests.browser.conftest import OpenPage
from tests.console.people import OFFICER, actor_of

AT_ONCE_MS: Final = 100
"""How soon after the key the next case has to stand there."""

WATCH: Final = """
() => {
  window.reviewTimes = [];
  let began = 0;
  addEventListener("keydown", () => { began = performance.now(); }, true);
  document.addEventListener("review:shown", () => {
    requestAnimationFrame(() => window.reviewTimes.push(performance.now() - began));
  });
}
"""
OPEN: Final = "id => document.querySelector('#case .case')?.dataset.case === id"
AHEAD: Final = """
id => [...document.querySelectorAll("#queue .line")].some(line => line.dataset.case === id
    && ("ahead" in line.dataset || line.classList.contains("line--done")))
"""
"""Whether a case was fetched before anybody asked for it; what was decided is fetched when it is opened."""

REASONS: Final = {
    "1": ReasonCode.FIELD,
    "2": ReasonCode.INDICATORS,
    "3": ReasonCode.STAGE,
    "7": ReasonCode.COOPERATING,
}


class Desk:
    """The desk as somebody uses it who never touches the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/console/review?kind=expert")
        page.wait_for_selector("html[data-scripts=on]")
        page.evaluate(WATCH)

    def press(self, *keys: str, shows: str) -> None:
        """Read a moment, press keys one after the other, and look at the case that is there then."""
        self.page.wait_for_function(AHEAD, arg=shows)
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_function(OPEN, arg=shows)

    def type_note(self, text: str) -> None:
        """Write a note and go back to where keys decide."""
        self.page.keyboard.press("n")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")

    def says(self, text: str) -> None:
        """Wait for what the page says at its bottom."""
        self.page.wait_for_function(
            "text => document.querySelector('#toasts')?.textContent.includes(text)", arg=text
        )

    @property
    def times(self) -> list[float]:
        """Milliseconds from each key to the case that it brought."""
        found: list[float] = self.page.evaluate("window.reviewTimes")
        return found


def waiting(application: Application) -> list[CaseLine]:
    wanted = CaseFilter(view=CaseView.UNREVIEWED, target_kind=EntityKind.EXPERT)
    return list(application.queue.page(actor_of(application, OFFICER), wanted, PageRequest(limit=50)).items)


def settled(application: Application, page: Page, wanted: dict[str, CaseState]) -> dict[str, Case]:
    """The cases once what was sent has arrived; meanwhile the browser goes on, which sleeping would stop."""
    deadline = time.monotonic() + 10
    while True:
        found = {id: application.cases.get(TESTER, id).case for id in wanted}
        if {id: case.state for id, case in found.items()} == wanted or time.monotonic() > deadline:
            return found
        page.wait_for_timeout(100)


def decide_one_by_one(desk: Desk, ids: list[str]) -> dict[str, CaseState]:
    """Six pushed, four rejected with reasons, two kept for later: the first twelve."""
    for n in range(6):
        desk.press("a", shows=ids[n + 1])
    for n, digit in enumerate(REASONS, 6):
        desk.press("r", digit, shows=ids[n + 1])
    for n in (10, 11):
        desk.press("h", shows=ids[n + 1])
    states = [CaseState.PUSHED] * 6 + [CaseState.REJECTED] * 4 + [CaseState.IN_REVIEW] * 2
    return dict(zip(ids[:12], states, strict=True))


def think_again(desk: Desk, ids: list[str]) -> dict[str, CaseState]:
    """One that was pushed too soon comes back and is rejected; another is adjusted, which needs a word."""
    desk.press("a", shows=ids[13])
    desk.press("u", shows=ids[12])
    desk.says("回到“系统推荐”")
    desk.type_note("已与另一家谈妥")
    desk.press("r", "9", shows=ids[13])
    desk.page.keyboard.press("e")
    desk.says("写明改了什么")
    desk.page.keyboard.type("改为先做诊断")
    desk.press("Escape", "e", shows=ids[14])
    return {ids[12]: CaseState.REJECTED, ids[13]: CaseState.PUSHED}


def decide_on_several(desk: Desk, ids: list[str]) -> dict[str, CaseState]:
    """Three at once, and three more."""
    desk.press("x", "j", shows=ids[15])
    desk.press("x", "j", shows=ids[16])
    desk.press("x", "b", "6", shows=ids[17])
    desk.says("已驳回 3 条（地域）")
    desk.press("c", shows=ids[18])
    desk.press("j", shows=ids[19])
    desk.press("k", shows=ids[18])
    desk.press("a", shows=ids[19])
    desk.press("r", "1", shows=ids[20])
    states = [CaseState.REJECTED] * 3 + [CaseState.CONFIRMED, CaseState.PUSHED, CaseState.REJECTED]
    return dict(zip(ids[14:20], states, strict=True))


def test_twenty_cases_by_keyboard_alone(open_as: OpenPage, own_application: Any) -> None:
    ids = [line.case.id for line in waiting(own_application)]
    desk = Desk(open_as(OFFICER))
    wanted = decide_one_by_one(desk, ids) | think_again(desk, ids) | decide_on_several(desk, ids)
    assert list(wanted) == ids[:20]

    found = settled(own_application, desk.page, wanted)
    assert {id: case.state for id, case in found.items()} == wanted
    timelines = {id: own_application.cases.get(TESTER, id).timeline for id in ids[:21]}
    assert [timelines[id][-1].reason for id in ids[6:10]] == list(REASONS.values())
    assert {step.reason for id in ids[14:17] for step in timelines[id]} == {ReasonCode.REGION}
    thought_again = timelines[ids[12]]
    assert Counter(step.undone_by is not None for step in thought_again) == {True: 2, False: 3}
    assert (thought_again[-1].reason, thought_again[-1].note) == (ReasonCode.EXPERT_BUSY, "已与另一家谈妥")
    assert timelines[ids[13]][0].note == "改为先做诊断"
    assert {found[id].claimed_by for id in ids[10:12]} == {actor_of(own_application, OFFICER).id}
    assert timelines[ids[20]] == (), "what is fetched ahead is not claimed"

    times = desk.times
    print(
        f"\nfrom key to next case: median {median(times):.0f} ms, longest {max(times):.0f} ms, {len(times)} keys"
    )
    assert median(times) < AT_ONCE_MS


def test_who_was_slower_is_told_and_loses_nothing(open_as: OpenPage, own_application: Any) -> None:
    ids = [line.case.id for line in waiting(own_application)]
    desk = Desk(open_as(OFFICER))
    desk.type_note("这句话别丢")
    desk.press("j", shows=ids[1])
    desk.press("k", shows=ids[0])
    assert desk.page.locator("#note").input_value() == "这句话别丢"
    own_application.cases.claim(TESTER, ids[0], version=0)
    desk.press("a", shows=ids[1])
    desk.says("正由他人处理")
    assert own_application.cases.get(TESTER, ids[0]).case.state is CaseState.IN_REVIEW
    assert desk.page.locator(".line--wrong").count() == 1
    assert "没有执行" in desk.page.locator(".line--wrong").inner_text()

    # At the end of a queue the last decision can still be taken back.
    need_id = own_application.cases.get(TESTER, ids[0]).case.need_id
    desk.page.goto(f"/console/review?kind=platform&q={need_id}")
    desk.page.wait_for_selector("#queue .line[data-ahead]")
    left = [line.get_attribute("data-case") or "" for line in desk.page.locator("#queue .line").all()]
    for id in left[1:]:
        desk.press("r", "1", shows=id)
    desk.page.keyboard.press("r")
    desk.page.keyboard.press("1")
    desk.page.get_by_role("heading", name="这一列已经处理完").wait_for()
    desk.page.keyboard.press("u")
    desk.page.wait_for_function(OPEN, arg=left[-1])
    desk.says("回到“系统推荐”")
    wanted = dict.fromkeys(left[:-1], CaseState.REJECTED) | {left[-1]: CaseState.SUGGESTED}
    found = settled(own_application, desk.page, wanted)
    assert {id: case.state for id, case in found.items()} == wanted
