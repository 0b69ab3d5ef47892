"""Wishes: what an enterprise says before anything is pushed, and what it does to queue, matches and learning."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.cases import Pair, Shown
from recommender.domain.entities import Expert
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.paging import PageRequest
from recommender.domain.wishes import Stance, Wish, WishProgress
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.feedback.propensity import PositionBias
from recommender.feedback.rows import feedback_rows
from recommender.services.feedback.exporting import decisions
from recommender.services.merges import MergeService
from recommender.services.review.cases import Choice
from recommender.services.review.wishes import WishDraft
from tests.review.city import FIRM, NORTH, OFFICER, OTHER, PROGRAM, STEEL, Desk, pair

SHOWN = Shown(
    run_id="",
    snapshot_id="g-2",
    encoder_id="xiu",
    configuration_hash="c0ffee",
    position=4,
    score=0.42,
    parts={"text": 0.42},
    reason="题名相近",
    evidence_ids=("LW-1",),
)
WANT, REFUSE = Stance.WANTED, Stance.UNWANTED


def draft(
    expert: str = "ZJ-1", stance: Stance = WANT, *, reason: ReasonCode | None = None, note: str = ""
) -> WishDraft:
    if stance is REFUSE and reason is None:
        reason = ReasonCode.BUDGET
    return WishDraft(target_kind=EntityKind.EXPERT, target_id=expert, stance=stance, reason=reason, note=note)


def say(desk: Desk, expert: str = "ZJ-1", stance: Stance = WANT, *, version: int = 0, **more: Any) -> Wish:
    return desk.wishes.say(FIRM, "XQ-1", draft(expert, stance, **more), version=version)


def queue(desk: Desk, view: CaseView = CaseView.UNREVIEWED, *, limit: int = 50, sort: str = "") -> list[CaseLine]:
    found: list[CaseLine] = []
    cursor = ""
    while True:
        page = desk.queue.page(OFFICER, CaseFilter(view=view), PageRequest(limit=limit, cursor=cursor, sort=sort))
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if not cursor:
            return found


def states(desk: Desk, id: str) -> list[tuple[CaseState | NeedState, str, bool]]:
    return [(step.to_state, step.actor, step.by_system) for step in desk.cases.get(OFFICER, id).timeline]


def push(desk: Desk, expert: str = "ZJ-1") -> None:
    for state in (CaseState.CONFIRMED, CaseState.PUSHED):
        desk.step(pair(expert=expert).id, Choice(to=state))


def test_what_was_asked_for_stands_first_whatever_the_order_and_once(desk: Desk) -> None:
    before = [line.case.id for line in queue(desk)]
    say(desk, "ZJ-4", note="下周可以面谈")
    desk.clock.forward(minutes=1)
    say(desk, "ZJ-2")
    first = [pair(expert="ZJ-4").id, pair(expert="ZJ-2").id]
    for sort in ("list", "score", "-list"):
        for limit in (50, 2, 1):
            found = [line.case.id for line in queue(desk, sort=sort, limit=limit)]
            assert found[:2] == first
            assert sorted(found) == sorted(before)
    head = queue(desk)[0]
    assert head.wish is not None
    assert (head.wish.stance, head.wish.note, head.wish.actor) == (WANT, "下周可以面谈", FIRM.id)
    assert head.case.shown is not None, "the run suggests it, so its place there is shown"
    assert head.case.shown.position == 4
    assert [line.case.id for line in queue(desk, CaseView.WISHED)] == first
    assert [line.case.id for line in queue(desk, CaseView.WISHED, limit=1, sort="-asked")] == first[::-1]


def test_a_push_of_what_was_asked_for_is_answered_at_once(desk: Desk) -> None:
    say(desk, note="希望先诊断")
    id = pair().id
    desk.step(id, Choice(to=CaseState.CONFIRMED))
    assert [line.case.state for line in queue(desk, CaseView.WISHED)] == [CaseState.CONFIRMED]
    desk.step(id, Choice(to=CaseState.PUSHED))
    detail = desk.cases.get(OFFICER, id)
    assert (detail.case.state, detail.case.officer) == (CaseState.ENTERPRISE_INTERESTED, OFFICER.id)
    assert states(desk, id)[-2:] == [
        (CaseState.PUSHED, OFFICER.id, False),
        (CaseState.ENTERPRISE_INTERESTED, FIRM.id, True),
    ]
    said = f"{desk.clock.at.astimezone():%Y-%m-%d %H:%M}"
    assert detail.timeline[-1].note == f"企业已于 {said} 对此推荐表示有意。希望先诊断"
    assert detail.case.due_at == desk.clock.at + timedelta(days=10)
    assert queue(desk, CaseView.WISHED) == []
    own = desk.cases.get(FIRM, id)
    assert [step.to_state for step in own.timeline] == [CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED]


def test_a_push_comes_back_with_its_answer_one_by_one_and_in_a_batch(desk: Desk) -> None:
    say(desk)
    push(desk)
    version = desk.cases.get(OFFICER, pair().id).case.version
    with pytest.raises(Conflict) as caught:
        desk.undo.undo_case(FIRM, pair().id, version=version)
    assert caught.value.code == "review.undo_not_own"
    case = desk.undo.undo_case(OFFICER, pair().id, version=version)
    assert (case.state, case.pushed_at) == (CaseState.CONFIRMED, None)
    batch, moved = desk.cases.decide_many(OFFICER, [(case.id, case.version)], Choice(to=CaseState.PUSHED))
    assert [each.state for each in moved] == [CaseState.ENTERPRISE_INTERESTED]
    assert [each.state for each in desk.undo.undo_batch(OFFICER, batch)] == [CaseState.CONFIRMED]


def test_a_later_no_is_not_overruled_by_the_former_wish(desk: Desk) -> None:
    say(desk)
    push(desk)
    id = pair().id
    answer = Choice(to=CaseState.ENTERPRISE_DECLINED, reason=ReasonCode.TIME)
    desk.cases.decide(FIRM, id, answer, version=desk.cases.get(FIRM, id).case.version)
    assert desk.step(id, Choice(to=CaseState.PUSHED)).state is CaseState.PUSHED


def test_what_is_not_wanted_leaves_the_queue_and_cannot_be_pushed(desk: Desk) -> None:
    say(desk, "ZJ-3", REFUSE, reason=ReasonCode.FIELD)
    id = pair(expert="ZJ-3").id
    for view in (CaseView.UNREVIEWED, CaseView.HIGH_SCORE, CaseView.LOW_CONFIDENCE, CaseView.WISHED):
        assert id not in [line.case.id for line in queue(desk, view)]
    desk.step(id, Choice(to=CaseState.CONFIRMED))
    with pytest.raises(Conflict, match="领域不符") as caught:
        desk.step(id, Choice(to=CaseState.PUSHED))
    assert caught.value.code == "review.unwanted"


def test_a_no_cancels_what_was_not_pushed_yet_and_taking_it_back_restores_it(desk: Desk) -> None:
    id = pair().id
    desk.step(id, Choice(to=CaseState.CONFIRMED))
    wish = say(desk, stance=REFUSE, reason=ReasonCode.COOPERATING)
    detail = desk.cases.get(OFFICER, id)
    assert (detail.case.state, detail.timeline[-1].reason) == (CaseState.CANCELLED, ReasonCode.COOPERATING)
    assert states(desk, id)[-1] == (CaseState.CANCELLED, FIRM.id, True)
    desk.clock.forward(minutes=5)
    back = desk.wishes.undo(FIRM, pair(), version=wish.version)
    assert (back.stance, back.version, back.undoes) == (None, 2, 1)
    assert desk.cases.get(OFFICER, id).case.state is CaseState.CONFIRMED
    no = say(desk, stance=REFUSE, version=2)
    desk.clock.forward(days=3)
    say(desk, version=no.version)
    assert desk.cases.get(OFFICER, id).case.state is CaseState.CONFIRMED
    desk.step(id, Choice(to=CaseState.PUSHED))
    assert desk.cases.get(OFFICER, id).case.state is CaseState.ENTERPRISE_INTERESTED


def test_a_match_that_ended_for_another_reason_stays_ended(desk: Desk) -> None:
    desk.step(pair().id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair().id, Choice(to=CaseState.CANCELLED, reason=ReasonCode.EXPERT_BUSY))
    wish = say(desk, stance=REFUSE)
    desk.wishes.undo(FIRM, pair(), version=wish.version)
    assert desk.cases.get(OFFICER, pair().id).case.state is CaseState.CANCELLED


def test_undo_gives_back_what_was_said_before(desk: Desk) -> None:
    say(desk, note="先谈")
    say(desk, stance=REFUSE, version=1)
    back = desk.wishes.undo(FIRM, pair(), version=2)
    assert (back.stance, back.note, back.reason, back.version) == (WANT, "先谈", None, 3)
    for version, code in ((3, "wish.undo_nothing"), (2, "wish.outdated")):
        with pytest.raises(Conflict) as caught:
            desk.wishes.undo(FIRM, pair(), version=version)
        assert caught.value.code == code


def test_who_saw_nothing_said_may_say_something_after_it_was_taken_back(desk: Desk) -> None:
    say(desk)
    desk.wishes.undo(FIRM, pair(), version=1)
    assert desk.wishes.of_need(FIRM, "XQ-1") == []
    assert say(desk, stance=REFUSE, version=0).version == 3
    with pytest.raises(Conflict):
        say(desk, version=0)


def test_only_who_said_it_takes_it_back_and_not_for_ever(desk: Desk) -> None:
    say(desk)
    with pytest.raises(Conflict) as caught:
        desk.wishes.undo(NORTH, pair(), version=1)
    assert caught.value.code == "wish.undo_not_own"
    desk.clock.forward(minutes=31)
    with pytest.raises(Conflict, match="30 分钟") as caught:
        desk.wishes.undo(FIRM, pair(), version=1)
    assert caught.value.code == "wish.undo_late"
    with pytest.raises(Conflict) as caught:
        desk.wishes.undo(FIRM, pair(expert="ZJ-2"), version=0)
    assert caught.value.code == "wish.undo_nothing"


def test_somebody_whom_the_run_does_not_suggest_can_be_asked_for(desk: Desk) -> None:
    with desk.database.write() as unit:
        unit.experts.upsert([Expert(id="ZJ-9", name="新来的", organisation="海港学院")])
    wish = say(desk, "ZJ-9")
    assert wish.shown is None
    assert queue(desk)[0].case.id == pair(expert="ZJ-9").id
    detail = desk.cases.get(OFFICER, pair(expert="ZJ-9").id)
    assert (detail.case.version, detail.case.shown) == (0, None)
    assert detail.line.wish is not None
    push(desk, "ZJ-9")
    assert desk.cases.get(OFFICER, detail.case.id).case.state is CaseState.ENTERPRISE_INTERESTED
    with pytest.raises(NotFound):
        desk.cases.get(OTHER, pair(need="XQ-2", expert="ZJ-9").id)


def test_what_the_enterprise_saw_is_kept_and_learned_from(desk: Desk) -> None:
    desk.wishes = replace_shows(desk)
    say(desk, "ZJ-3", REFUSE, reason=ReasonCode.FIELD)
    say(desk, "ZJ-1")
    push(desk)
    with desk.database.read() as unit:
        stored = unit.wishes.get(pair(expert="ZJ-3"))
        rows = feedback_rows(decisions(unit), PositionBias())
    assert stored.shown == SHOWN
    refused = [row for row in rows if row.target_id == "ZJ-3"]
    assert [(row.to_state, row.reason, row.position, row.score, row.grade) for row in refused] == [
        (CaseState.ENTERPRISE_DECLINED, ReasonCode.FIELD, 4, 0.42, 0)
    ]
    wanted = [(row.to_state, row.position, row.grade) for row in rows if row.target_id == "ZJ-1"]
    assert wanted == [
        (CaseState.ENTERPRISE_INTERESTED, 4, 2),
        (CaseState.CONFIRMED, 1, 2),
        (CaseState.PUSHED, 1, 2),
    ]


def replace_shows(desk: Desk) -> Any:
    return type(desk.wishes)(desk.database, desk.settings, lambda _actor, _pair: SHOWN, desk.clock)


def test_without_an_index_the_place_in_the_published_run_is_kept(desk: Desk) -> None:
    shown = say(desk, "ZJ-2").shown
    assert shown is not None
    assert (shown.position, shown.reason) == (2, "研究方向相近")


def test_needs_take_wishes_from_when_they_are_submitted_until_they_end(desk: Desk) -> None:
    detail = desk.needs.create(FIRM, {"title": "清洗线节水", "description": "每吨耗水过高"})
    id = detail.need.id
    with pytest.raises(Conflict, match="草稿") as caught:
        desk.wishes.say(FIRM, id, draft(), version=0)
    assert caught.value.code == "wish.need_not_open"
    desk.needs.move(FIRM, id, NeedState.SUBMITTED, version=1)
    desk.wishes.say(FIRM, id, draft(), version=0)
    (line,) = desk.wishes.of_need(FIRM, id)
    assert line.progress is WishProgress.UNPUBLISHED
    assert queue(desk, CaseView.WISHED) == [], "who reviews the need decides first whether it is one"
    desk.needs.move(OFFICER, id, NeedState.PUBLISHED, version=2)
    assert [line.case.need_id for line in queue(desk, CaseView.WISHED)] == [id]
    version = desk.needs.get(OFFICER, id).progress.version
    desk.needs.move(FIRM, id, NeedState.WITHDRAWN, version=version, reason=ReasonCode.STALE)
    assert queue(desk, CaseView.WISHED) == []
    with pytest.raises(Conflict):
        desk.wishes.say(FIRM, id, draft(stance=REFUSE), version=1)


def test_the_enterprise_is_told_what_became_of_it(desk: Desk) -> None:
    def progress() -> dict[str, tuple[WishProgress, ReasonCode | None]]:
        return {
            line.wish.pair.target_id: (line.progress, line.reason) for line in desk.wishes.of_need(FIRM, "XQ-1")
        }

    for expert in ("ZJ-1", "ZJ-2", "ZJ-3", "ZJ-4"):
        say(desk, expert)
    say(desk, "ZJ-5", REFUSE, reason=ReasonCode.REGION)
    push(desk, "ZJ-1")
    desk.clock.forward(minutes=1)
    desk.step(pair(expert="ZJ-2").id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair(expert="ZJ-3").id, Choice(to=CaseState.REJECTED, reason=ReasonCode.STAGE))
    with desk.database.write() as unit:
        busy = unit.experts.get("ZJ-4")
        assert busy is not None
        unit.experts.upsert([replace(busy, willingness=Willingness.PAUSED)])
    assert progress() == {
        "ZJ-1": (WishProgress.PUSHED, None),
        "ZJ-2": (WishProgress.CONFIRMED, None),
        "ZJ-3": (WishProgress.REFUSED, ReasonCode.STAGE),
        "ZJ-4": (WishProgress.UNAVAILABLE, None),
        "ZJ-5": (WishProgress.DECLINED, ReasonCode.REGION),
    }
    assert [line.case.pair.target_id for line in queue(desk, CaseView.WISHED)] == ["ZJ-2", "ZJ-4"]
    by_id = {line.wish.pair.target_id: line for line in desk.wishes.of_need(FIRM, "XQ-1")}
    assert (by_id["ZJ-1"].name, by_id["ZJ-1"].organisation) == ("某**", "江南研究院")
    assert by_id["ZJ-1"].case is not None
    assert by_id["ZJ-2"].case is None, "what officers do before they push is theirs"
    desk.clock.forward(minutes=1)
    say(desk, "ZJ-3", note="只要样机", version=1)
    assert progress()["ZJ-3"] == (WishProgress.WAITING, None), "asked again, it is looked at again"
    assert pair(expert="ZJ-3").id in [line.case.id for line in queue(desk)]


def test_a_wish_is_refused_with_a_sentence(desk: Desk) -> None:
    unreasoned = WishDraft(target_kind=EntityKind.EXPERT, target_id="ZJ-1", stance=REFUSE)
    unfitting = WishDraft(target_kind=EntityKind.NEED, target_id="XQ-2", stance=WANT)
    cases: list[tuple[WishDraft, type[Exception], str]] = [
        (unreasoned, InvalidInput, "wish.reason_missing"),
        (draft(reason=ReasonCode.FIELD), InvalidInput, "wish.reason_unfitting"),
        (unfitting, InvalidInput, "wish.pair_unfitting"),
        (draft("ZJ-77"), NotFound, "entity.not_found"),
    ]
    for wish, kind, code in cases:
        with pytest.raises(kind) as caught:
            desk.wishes.say(FIRM, "XQ-1", wish, version=0)
        assert getattr(caught.value, "code", "") == code
    say(desk)
    with pytest.raises(Conflict, match="第 0 版，现在是第 1 版"):
        say(desk)
    push(desk)
    for again in (lambda: say(desk, stance=REFUSE, version=1), lambda: desk.wishes.undo(FIRM, pair(), version=1)):
        with pytest.raises(Conflict) as caught:
            again()
        assert caught.value.code == "wish.pushed"


def test_who_may_not_be_proposed_can_be_refused_but_not_asked_for(desk: Desk) -> None:
    with desk.database.write() as unit:
        experts = unit.experts.get_many(["ZJ-2", "ZJ-3"])
        unit.experts.upsert(
            [
                replace(experts["ZJ-2"], avoided_enterprises=(STEEL.code,)),
                replace(experts["ZJ-3"], consent_withdrawn_on=date(2026, 11, 1)),
            ]
        )
    with pytest.raises(Conflict) as caught:
        say(desk, "ZJ-2")
    assert caught.value.code == "wish.not_eligible"
    assert "回避" not in str(caught.value)
    say(desk, "ZJ-2", REFUSE)
    with pytest.raises(NotFound):
        say(desk, "ZJ-3")


def test_a_wish_is_for_who_deals_with_the_need(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.wishes.say(FIRM, "XQ-2", draft(), version=0)
    with pytest.raises(NotFound):
        desk.wishes.of_need(FIRM, "XQ-2")
    with pytest.raises(Forbidden):
        desk.wishes.say(PROGRAM, "XQ-1", draft(), version=0)
    wish = desk.wishes.say(NORTH, "XQ-1", draft(), version=0)
    assert (wish.actor, len(desk.wishes.of_need(FIRM, "XQ-1"))) == (NORTH.id, 1)
    with pytest.raises(NotFound):
        desk.wishes.say(NORTH, "XQ-2", draft(), version=0)
    with pytest.raises(Forbidden):
        desk.queue.page(FIRM, CaseFilter(view=CaseView.WISHED), PageRequest())


def test_who_leaves_takes_the_wish_along_and_who_was_merged_hands_it_on(desk: Desk) -> None:
    for expert in ("ZJ-1", "ZJ-2", "ZJ-3"):
        say(desk, expert)
    with desk.database.write() as unit:
        unit.experts.remove(["ZJ-1"])
    MergeService(desk.database, desk.clock).merge(
        "ZJ-2", "ZJ-5", actor="test", kind=EntityKind.EXPERT, keep="ZJ-5"
    )
    assert [line.case.pair.target_id for line in queue(desk, CaseView.WISHED)] == ["ZJ-3"]
    assert desk.timers.run(actor="clock").n_cancelled == 2
    assert {line.case.pair.target_id for line in queue(desk, CaseView.WISHED)} == {"ZJ-3", "ZJ-5"}
    with desk.database.read() as unit:
        assert unit.wishes.get(pair(expert="ZJ-5")).stance is WANT
        assert unit.wishes.of_pairs([pair(expert="ZJ-1"), pair(expert="ZJ-2")]) == {}


def test_the_clock_does_the_same_and_only_once(desk: Desk) -> None:
    say(desk)
    with desk.database.write() as unit:
        unit.experts.remove(["ZJ-1"])
    assert desk.timers.run(actor="clock").n_cancelled == 1
    assert desk.timers.run(actor="clock").n_cancelled == 0
    with desk.database.read() as unit:
        assert [line.stance for line in unit.wishes.history(pair())] == [WANT, None]


def test_everything_that_is_said_is_written_down(desk: Desk) -> None:
    say(desk, stance=REFUSE, reason=ReasonCode.BUDGET, note="今年没有预算")
    desk.wishes.undo(FIRM, pair(), version=1)
    with desk.database.read() as unit:
        trail = [(entry.actor, entry.action, entry.target, entry.detail) for entry in unit.audit.tail(2)]
        lines = unit.wishes.history(pair())
    assert trail == [
        (FIRM.id, "review:wish:say", pair().id, {"version": 1, "stance": "无意", "reason": "经费不符"}),
        (FIRM.id, "review:wish:undo", pair().id, {"version": 2}),
    ]
    said = [(line.version, line.stance, line.note) for line in lines]
    assert said == [(1, REFUSE, "今年没有预算"), (2, None, "")]


def test_contacts_in_a_note_are_not_for_officers(desk: Desk) -> None:
    say(desk, note="电话 13812345678")
    wish = desk.cases.get(OFFICER, pair().id).line.wish
    assert wish is not None
    assert "13812345678" not in wish.note


def test_of_two_at_the_same_version_one_is_refused(desk: Desk) -> None:
    with desk.database.write() as unit:
        wish = Wish(pair=pair(), stance=WANT, version=1, actor="a", at=desk.clock.at)
        assert unit.wishes.put(wish)
        assert not unit.wishes.put(replace(wish, stance=REFUSE, reason=ReasonCode.FIELD))
        assert unit.wishes.put(replace(wish, version=2))
        assert not unit.wishes.put(replace(wish, version=2))
        assert unit.wishes.get(pair()).version == 2


def test_platforms_and_achievements_can_be_asked_for(desk: Desk) -> None:
    for kind, id in ((EntityKind.PLATFORM, "PT-1"), (EntityKind.ACHIEVEMENT, "LW-1")):
        desk.wishes.say(FIRM, "XQ-1", WishDraft(target_kind=kind, target_id=id, stance=WANT), version=0)
        desk.clock.forward(seconds=1)
    assert [line.case.pair.target_id for line in queue(desk)][:2] == ["PT-1", "LW-1"]
    named = {line.wish.pair: line.name for line in desk.wishes.of_need(FIRM, "XQ-1")}
    assert named[Pair(EntityKind.NEED, "XQ-1", EntityKind.PLATFORM, "PT-1")] == "轧制中心"
