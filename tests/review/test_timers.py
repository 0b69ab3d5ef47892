"""What the clock does, and that doing it twice does nothing."""

from datetime import timedelta

import pytest

from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.merges import MergeService
from recommender.services.review.cases import Choice
from recommender.services.review.timers import TimerReport
from tests.review.city import FIRM, NORTH, OFFICER, OTHER, Desk, pair
from tests.review.test_cases import AGREED, SIGNED, walk

ID = pair().id
NOTHING = TimerReport(n_claims_freed=0, n_silent=0, n_expired=0, n_cancelled=0, n_reminders=0)


def run(desk: Desk) -> TimerReport:
    report = desk.timers.run(actor="job:remind")
    assert desk.timers.run(actor="job:remind") == NOTHING
    return report


def test_a_claim_that_ran_out_is_freed(desk: Desk) -> None:
    desk.cases.claim(OFFICER, ID, version=0)
    walk(desk, pair(expert="ZJ-2").id, *AGREED)
    version = desk.cases.get(OFFICER, pair(expert="ZJ-2").id).case.version
    desk.cases.claim(OTHER, pair(expert="ZJ-2").id, version=version)
    desk.clock.forward(minutes=29)
    assert run(desk).n_claims_freed == 0
    desk.clock.forward(minutes=1)
    assert run(desk).n_claims_freed == 2
    freed = desk.cases.get(OFFICER, ID)
    assert (freed.case.state, freed.case.claimed_by) == (CaseState.SUGGESTED, "")
    assert freed.timeline[-1].by_system
    assert desk.cases.get(OFFICER, pair(expert="ZJ-2").id).case.state is CaseState.EXPERT_ACCEPTED


def test_an_expert_who_says_nothing_in_time_counts_as_silent(desk: Desk) -> None:
    walk(desk, ID, *AGREED[:-1])
    desk.clock.forward(days=9)
    assert run(desk).n_silent == 0
    desk.clock.forward(days=1)
    assert run(desk).n_silent == 1
    detail = desk.cases.get(OFFICER, ID)
    assert detail.case.state is CaseState.EXPERT_SILENT
    assert (detail.timeline[-1].reason, detail.timeline[-1].actor) == (ReasonCode.NO_ANSWER, "job:remind")
    assert desk.step(ID, Choice(to=CaseState.EXPERT_ACCEPTED)).state is CaseState.EXPERT_ACCEPTED


def test_a_need_past_its_deadline_expires_with_its_matches(desk: Desk) -> None:
    id = pair("XQ-2", "ZJ-3").id
    desk.step(id, Choice(to=CaseState.CONFIRMED))
    desk.clock.forward(days=33)
    assert desk.needs.get(OFFICER, "XQ-2").progress.state is NeedState.MATCHING
    desk.clock.forward(days=1)
    assert run(desk).n_expired == 1
    assert desk.needs.get(OFFICER, "XQ-2").progress.state is NeedState.EXPIRED
    assert desk.cases.get(OFFICER, id).case.state is CaseState.CANCELLED


def test_matches_of_what_left_the_library_are_cancelled_unless_there_is_a_contract(desk: Desk) -> None:
    desk.step(ID, Choice(to=CaseState.CONFIRMED))
    signed = pair("XQ-2", "ZJ-1").id
    walk(desk, signed, *SIGNED)
    with desk.database.write() as unit:
        unit.experts.remove(["ZJ-1"])
    assert run(desk).n_cancelled == 1
    gone = desk.cases.get(OFFICER, ID)
    assert (gone.case.state, gone.timeline[-1].reason) == (CaseState.CANCELLED, ReasonCode.STALE)
    assert desk.cases.get(OFFICER, signed).case.state is CaseState.SIGNED


def test_a_match_of_a_merged_expert_goes_on_with_the_survivor(desk: Desk) -> None:
    desk.step(ID, Choice(to=CaseState.CONFIRMED))
    twice = pair(expert="ZJ-2").id
    desk.step(twice, Choice(to=CaseState.CONFIRMED))
    merges = MergeService(desk.database, desk.clock)
    merges.merge("ZJ-5", "ZJ-1", kind=EntityKind.EXPERT, keep="ZJ-5", actor="test")
    run(desk)
    assert desk.cases.get(OFFICER, ID).case.pair.target_id == "ZJ-5"
    assert desk.cases.get(OFFICER, pair(expert="ZJ-5").id).case.id == ID
    merges.merge("ZJ-5", "ZJ-2", kind=EntityKind.EXPERT, keep="ZJ-5", actor="test")
    run(desk)
    detail = desk.cases.get(OFFICER, twice)
    assert (detail.case.state, detail.timeline[-1].reason) == (CaseState.CANCELLED, ReasonCode.DUPLICATE)


def test_reminders_come_once_before_and_once_after(desk: Desk) -> None:
    case = desk.step(ID, Choice(to=CaseState.CONFIRMED))
    assert case.due_at is not None
    assert run(desk).n_reminders == 0
    desk.clock.at = case.due_at - timedelta(hours=23)
    assert run(desk).n_reminders == 1
    desk.clock.at = case.due_at + timedelta(seconds=1)
    assert run(desk).n_reminders == 1
    page = desk.queue.reminders(OFFICER, PageRequest())
    assert [(item.subject_id, item.due, item.overdue) for item in page.items] == [
        (ID, "推送给企业", False),
        (ID, "推送给企业", True),
    ]
    assert [item.overdue for item in desk.queue.reminders(OFFICER, PageRequest(), overdue=True).items] == [True]
    assert len(desk.queue.reminders(OFFICER, PageRequest(), mine=True).items) == 2
    assert desk.queue.reminders(OTHER, PageRequest(), mine=True).items == ()
    assert len(desk.queue.reminders(NORTH, PageRequest()).items) == 2
    assert desk.queue.reminders(FIRM, PageRequest()).items == ()
    first = desk.queue.reminders(OFFICER, PageRequest(limit=1))
    second = desk.queue.reminders(OFFICER, PageRequest(limit=1, cursor=first.next_cursor))
    assert (*first.items, *second.items) == page.items
    desk.step(ID, Choice(to=CaseState.PUSHED))
    assert desk.queue.reminders(OFFICER, PageRequest()).items == ()


def test_needs_are_reminded_of_too(desk: Desk) -> None:
    made = desk.needs.create(FIRM, {"title": "边裂", "description": "开裂"})
    desk.needs.move(FIRM, made.need.id, NeedState.SUBMITTED, version=1)
    desk.clock.forward(days=6)
    assert run(desk).n_reminders == 1
    (item,) = desk.queue.reminders(FIRM, PageRequest()).items
    assert (item.subject_id, item.due, item.overdue) == (made.need.id, "审核", True)


def test_what_the_clock_did_stands_in_the_audit_trail(desk: Desk) -> None:
    desk.cases.claim(OFFICER, ID, version=0)
    desk.clock.forward(hours=1)
    run(desk)
    with desk.database.read() as unit:
        found: list[AuditEntry] = unit.audit.tail(20)
    assert ("job:remind", "review:case:follow", ID) in {(e.actor, e.action, e.target) for e in found}


@pytest.mark.parametrize("n", [450])
def test_many_at_once_are_done_in_portions(desk: Desk, n: int) -> None:
    with desk.database.write() as unit:
        expert = unit.experts.get("ZJ-2")
        assert expert is not None
        from dataclasses import replace

        unit.experts.upsert([replace(expert, id=f"many-{number:03d}") for number in range(n)])
    for number in range(n):
        desk.cases.propose(OFFICER, pair(expert=f"many-{number:03d}"))
    with desk.database.write() as unit:
        unit.experts.remove([f"many-{number:03d}" for number in range(n)])
    assert run(desk).n_cancelled == n
