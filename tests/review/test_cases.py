"""Matches: opened from suggestions, claimed, decided on, and taken to the end."""

from datetime import date, timedelta

import pytest

from recommender.domain.cases import Evaluation, Funding, Instalment, Milestone, Side, Subject
from recommender.domain.errors import BatchConflict, Conflict, Forbidden, InvalidInput, NotFound
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.review.cases import Choice
from recommender.services.review.wishes import WishDraft
from tests.review.city import FIRM, NEEDS, NORTH, OFFICER, OTHER, PROGRAM, RUN, Desk, contract, pair

ID = pair().id


def to(state: CaseState, reason: ReasonCode | None = None, note: str = "") -> Choice:
    return Choice(to=state, reason=reason, note=note)


def walk(desk: Desk, id: str, *states: CaseState) -> None:
    for state in states:
        extra = contract() if state is CaseState.SIGNED else None
        desk.step(id, Choice(to=state, contract=extra))


AGREED = (
    CaseState.CONFIRMED,
    CaseState.PUSHED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_ACCEPTED,
)
SIGNED = (*AGREED, CaseState.CONTACT, CaseState.NEGOTIATION, CaseState.SIGNED)


def test_a_suggestion_is_a_match_that_nobody_has_acted_on(desk: Desk) -> None:
    detail = desk.cases.get(OFFICER, ID)
    assert (detail.case.state, detail.case.version, detail.timeline) == (CaseState.SUGGESTED, 0, ())
    assert detail.case.shown is not None
    assert (detail.case.shown.run_id, detail.case.shown.position, detail.case.shown.propensity) == (RUN, 1, 1.0)
    assert {step.target for step in detail.steps} == {
        CaseState.IN_REVIEW,
        CaseState.CONFIRMED,
        CaseState.REJECTED,
        CaseState.ADJUSTED,
    }


def test_the_first_decision_opens_it_and_keeps_what_was_shown(desk: Desk) -> None:
    case = desk.cases.decide(OFFICER, ID, to(CaseState.CONFIRMED), version=0)
    assert (case.state, case.version, case.officer) == (CaseState.CONFIRMED, 2, OFFICER.id)
    with desk.database.read() as unit:
        (decision,) = unit.cases.decisions()
        assert decision.shown == desk.cases.get(OFFICER, ID).case.shown
        assert (decision.step.from_state, decision.step.to_state) == (CaseState.SUGGESTED, CaseState.CONFIRMED)
        assert unit.needs_progress.states(["XQ-1"]) == {"XQ-1": NeedState.MATCHING}
        actions = [(entry.action, entry.target) for entry in unit.audit.tail(2)]
    assert actions == [("review:case:decide", ID), ("review:need:follow", "XQ-1")]


def test_what_happened_to_a_match_outlives_the_run_it_came_from(desk: Desk) -> None:
    desk.step(ID, to(CaseState.CONFIRMED))
    with desk.database.write() as unit:
        unit.runs.clear(RUN, EntityKind.NEED, [need.id for need in NEEDS])
    assert desk.step(ID, to(CaseState.PUSHED)).shown is not None
    with pytest.raises(NotFound):
        desk.cases.get(OFFICER, pair(expert="ZJ-2").id)


def test_another_version_is_refused_and_named(desk: Desk) -> None:
    desk.cases.decide(OFFICER, ID, to(CaseState.CONFIRMED), version=0)
    with pytest.raises(Conflict, match="第 0 版，现在是第 2 版") as caught:
        desk.cases.decide(OTHER, ID, to(CaseState.CONFIRMED), version=0)
    assert (caught.value.code, caught.value.status) == ("review.outdated", 409)


def test_an_illegal_step_names_what_is_possible(desk: Desk) -> None:
    desk.step(ID, to(CaseState.CONFIRMED))
    with pytest.raises(Conflict, match="现在可以转为：推送、取消") as caught:
        desk.step(ID, Choice(to=CaseState.SIGNED, contract=contract()))
    assert caught.value.code == "review.illegal_step"


def test_a_negative_step_needs_a_reason_and_no_other_has_one(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.step(ID, to(CaseState.REJECTED))
    assert caught.value.code == "review.reason_missing"
    with pytest.raises(InvalidInput) as caught:
        desk.step(ID, to(CaseState.CONFIRMED, ReasonCode.FIELD))
    assert caught.value.code == "review.reason_unfitting"
    with pytest.raises(InvalidInput) as caught:
        desk.step(ID, to(CaseState.ADJUSTED))
    assert caught.value.code == "review.note_missing"
    assert desk.cases.get(OFFICER, ID).case.version == 0
    desk.step(ID, to(CaseState.REJECTED, ReasonCode.FIELD, "做的是另一类板材"))
    (line,) = desk.cases.get(OFFICER, ID).timeline
    assert (line.reason, line.note, line.actor) == (ReasonCode.FIELD, "做的是另一类板材", OFFICER.id)


def test_only_one_works_on_a_claimed_match_until_the_claim_runs_out(desk: Desk) -> None:
    claimed = desk.cases.claim(OFFICER, ID, version=0)
    assert (claimed.state, claimed.claimed_by) == (CaseState.IN_REVIEW, OFFICER.id)
    for attempt in (
        lambda: desk.cases.claim(OTHER, ID, version=claimed.version),
        lambda: desk.cases.decide(OTHER, ID, to(CaseState.CONFIRMED), version=claimed.version),
        lambda: desk.cases.release(OTHER, ID, version=claimed.version),
    ):
        with pytest.raises(Conflict, match=OFFICER.id) as caught:
            attempt()
        assert caught.value.code == "review.claimed"
    assert desk.cases.get(OTHER, ID).steps == ()
    desk.clock.forward(minutes=31)
    taken = desk.cases.claim(OTHER, ID, version=claimed.version)
    with pytest.raises(Conflict):
        desk.cases.decide(OFFICER, ID, to(CaseState.CONFIRMED), version=taken.version)
    decided = desk.cases.decide(OTHER, ID, to(CaseState.CONFIRMED), version=taken.version)
    assert (decided.claimed_by, decided.claimed_until, decided.officer) == ("", None, OTHER.id)


def test_a_released_match_waits_for_anybody(desk: Desk) -> None:
    claimed = desk.cases.claim(OFFICER, ID, version=0)
    free = desk.cases.release(OFFICER, ID, version=claimed.version)
    assert (free.state, free.claimed_by, free.officer) == (CaseState.SUGGESTED, "", "")
    with pytest.raises(Conflict) as caught:
        desk.cases.release(OFFICER, ID, version=free.version)
    assert caught.value.code == "review.not_claimed"
    assert desk.cases.claim(OTHER, ID, version=free.version).claimed_by == OTHER.id


def test_who_may_not_be_proposed_now_is_refused_with_the_reason(desk: Desk) -> None:
    with desk.database.write() as unit:
        expert = unit.experts.get("ZJ-2")
        assert expert is not None
        from dataclasses import replace

        unit.experts.upsert([replace(expert, willingness=Willingness.PAUSED)])
    with pytest.raises(Conflict, match="暂停接单") as caught:
        desk.step(pair(expert="ZJ-2").id, to(CaseState.CONFIRMED))
    assert caught.value.code == "review.not_eligible"
    desk.step(pair(expert="ZJ-2").id, to(CaseState.REJECTED, ReasonCode.EXPERT_BUSY))


def test_running_matches_take_the_places_of_an_expert(desk: Desk) -> None:
    """ZJ-1 has two places."""
    for need in ("XQ-1", "XQ-2"):
        walk(desk, pair(need).id, *AGREED)
    with desk.database.read() as unit:
        assert unit.cases.n_running_by_expert() == {"ZJ-1": 2}
        assert unit.needs_progress.states(["XQ-1"]) == {"XQ-1": NeedState.BROKERING}
    with pytest.raises(Conflict, match="容量已满"):
        desk.step(pair("XQ-3").id, to(CaseState.CONFIRMED))
    desk.step(ID, to(CaseState.CONTACT))
    desk.step(ID, to(CaseState.TERMINATED, ReasonCode.BUDGET))
    assert desk.step(pair("XQ-3").id, to(CaseState.CONFIRMED)).state is CaseState.CONFIRMED


def test_both_sides_agree_before_contacts_are_released(desk: Desk) -> None:
    walk(desk, ID, *AGREED[:-1])
    with desk.database.read() as unit:
        assert unit.cases.agreed(NEEDS[0].enterprise_code, "ZJ-1") is None
    walk(desk, ID, AGREED[-1])
    with desk.database.read() as unit:
        agreed = unit.cases.agreed(NEEDS[0].enterprise_code, "ZJ-1")
        assert agreed is not None and agreed.id == ID
        assert unit.cases.agreed(NEEDS[0].enterprise_code, "ZJ-2") is None
        assert unit.cases.agreed("", "ZJ-1") is None
    desk.step(ID, to(CaseState.CANCELLED, ReasonCode.COOPERATING))
    with desk.database.read() as unit:
        assert unit.cases.agreed(NEEDS[0].enterprise_code, "ZJ-1") is None


def test_an_enterprise_sees_and_answers_what_was_pushed_to_it(desk: Desk) -> None:
    desk.step(ID, to(CaseState.CONFIRMED))
    with pytest.raises(NotFound):
        desk.cases.get(FIRM, ID)
    pushed = desk.step(ID, to(CaseState.PUSHED))
    assert {step.target for step in desk.cases.get(FIRM, ID).steps} == {
        CaseState.ENTERPRISE_INTERESTED,
        CaseState.ENTERPRISE_DECLINED,
    }
    answered = desk.cases.decide(FIRM, ID, to(CaseState.ENTERPRISE_INTERESTED), version=pushed.version)
    assert answered.officer == OFFICER.id
    with pytest.raises(Forbidden):
        desk.cases.decide(FIRM, ID, to(CaseState.EXPERT_ACCEPTED), version=answered.version)
    other = pair("XQ-2").id
    walk(desk, other, CaseState.CONFIRMED, CaseState.PUSHED)
    with pytest.raises(NotFound):
        desk.cases.get(FIRM, other)


def test_out_of_reach_is_not_there(desk: Desk) -> None:
    assert desk.cases.get(NORTH, ID).case.id == ID
    for id in (pair("XQ-2").id, pair("XQ-3").id, "need!XQ-9!expert!ZJ-1", "nonsense", ""):
        with pytest.raises(NotFound):
            desk.cases.get(NORTH, id)
    with pytest.raises(NotFound):
        desk.cases.decide(NORTH, pair("XQ-2").id, to(CaseState.CONFIRMED), version=0)
    with pytest.raises(Forbidden):
        desk.cases.get(PROGRAM, ID)


def test_a_batch_is_decided_and_taken_back_as_one(desk: Desk) -> None:
    ids = [pair("XQ-1", f"ZJ-{n}").id for n in range(1, 5)]
    batch, cases = desk.cases.decide_many(
        OFFICER, [(id, 0) for id in ids], to(CaseState.REJECTED, ReasonCode.FIELD)
    )
    assert [case.id for case in cases] == ids
    assert {case.state for case in cases} == {CaseState.REJECTED}
    with pytest.raises(NotFound):
        desk.undo.undo_batch(OTHER, batch)
    back = desk.undo.undo_batch(OFFICER, batch)
    assert {(case.state, case.officer) for case in back} == {(CaseState.SUGGESTED, "")}
    with pytest.raises(Conflict) as caught:
        desk.undo.undo_batch(OFFICER, batch)
    assert caught.value.code == "review.batch_undone"
    with desk.database.read() as unit:
        assert list(unit.cases.decisions()) == []


def test_confirming_and_pushing_is_one_decision_of_two_steps(desk: Desk) -> None:
    batch, case = desk.cases.decide_and_push(OFFICER, ID, to(CaseState.CONFIRMED, note="很合适"), version=0)
    assert (case.state, case.version, case.pushed_at) == (CaseState.PUSHED, 3, desk.clock())
    steps = [(step.to_state, step.note) for step in desk.cases.get(OFFICER, ID).timeline]
    assert steps == [(CaseState.CONFIRMED, "很合适"), (CaseState.PUSHED, "")]
    assert desk.cases.get(FIRM, ID).case.state is CaseState.PUSHED
    (back,) = desk.undo.undo_batch(OFFICER, batch)
    assert (back.state, back.officer, back.pushed_at) == (CaseState.SUGGESTED, "", None)
    with pytest.raises(NotFound):
        desk.cases.get(FIRM, ID)
    timeline = desk.cases.get(OFFICER, ID).timeline
    assert [step.undone_by is not None for step in timeline] == [True, True, False, False]
    adjusted = to(CaseState.ADJUSTED, note="改为先做诊断")
    _, case = desk.cases.decide_and_push(OFFICER, ID, adjusted, version=back.version)
    assert case.state is CaseState.PUSHED


def test_the_answer_that_a_wish_gives_comes_back_with_the_decision(desk: Desk) -> None:
    draft = WishDraft(target_kind=EntityKind.EXPERT, target_id="ZJ-1", stance=Stance.WANTED)
    desk.wishes.say(FIRM, "XQ-1", draft, version=0)
    batch, case = desk.cases.decide_and_push(OFFICER, ID, to(CaseState.CONFIRMED), version=0)
    assert case.state is CaseState.ENTERPRISE_INTERESTED
    (back,) = desk.undo.undo_batch(OFFICER, batch)
    assert (back.state, back.pushed_at) == (CaseState.SUGGESTED, None)
    steps = desk.cases.get(OFFICER, ID).timeline
    assert [step.to_state for step in steps if step.undone_by is None and step.undoes is None] == []


def test_what_cannot_be_pushed_is_not_confirmed_either(desk: Desk) -> None:
    with pytest.raises(Conflict) as caught:
        desk.cases.decide_and_push(OFFICER, ID, to(CaseState.REJECTED, ReasonCode.FIELD), version=0)
    assert caught.value.code == "review.illegal_step"
    with pytest.raises(Conflict) as caught:
        desk.cases.decide_and_push(OFFICER, ID, to(CaseState.CONFIRMED), version=7)
    assert caught.value.code == "review.outdated"
    detail = desk.cases.get(OFFICER, ID)
    assert (detail.case.version, detail.timeline) == (0, ())


def test_a_batch_may_be_pushed_at_once_and_is_taken_back_whole(desk: Desk) -> None:
    items = [(pair(expert=f"ZJ-{n}").id, 0) for n in (2, 3)]
    batch, cases = desk.cases.decide_many(OFFICER, items, to(CaseState.CONFIRMED), push=True)
    assert [case.state for case in cases] == [CaseState.PUSHED] * 2
    with desk.database.read() as unit:
        found = unit.timeline.batch(batch)
    assert found is not None
    assert found.n_steps == 4
    desk.step(items[1][0], to(CaseState.ENTERPRISE_INTERESTED), FIRM)
    with pytest.raises(BatchConflict) as caught:
        desk.undo.undo_batch(OFFICER, batch)
    assert [fault[0] for fault in caught.value.faults] == [items[1][0]]
    desk.undo.undo_case(FIRM, items[1][0], version=desk.cases.get(OFFICER, items[1][0]).case.version)
    back = desk.undo.undo_batch(OFFICER, batch)
    assert [case.state for case in back] == [CaseState.SUGGESTED] * 2


def test_a_push_alone_can_be_taken_back_before_the_confirmation(desk: Desk) -> None:
    batch, case = desk.cases.decide_and_push(OFFICER, ID, to(CaseState.CONFIRMED), version=0)
    confirmed = desk.undo.undo_case(OFFICER, ID, version=case.version)
    assert confirmed.state is CaseState.CONFIRMED
    (back,) = desk.undo.undo_batch(OFFICER, batch)
    assert back.state is CaseState.SUGGESTED


def test_a_batch_with_conflicts_changes_nothing_and_names_all_of_them(desk: Desk) -> None:
    ids = [pair("XQ-1", f"ZJ-{n}").id for n in range(1, 5)]
    desk.step(ids[1], to(CaseState.CONFIRMED))
    desk.cases.claim(OTHER, ids[2], version=0)
    unknown = pair("XQ-1", "ZJ-99").id
    with pytest.raises(BatchConflict) as caught:
        desk.cases.decide_many(OFFICER, [(id, 0) for id in (*ids, unknown)], to(CaseState.CONFIRMED))
    assert {(id, code) for id, code, _ in caught.value.faults} == {
        (ids[1], "review.outdated"),
        (ids[2], "review.claimed"),
        (unknown, "review.case_not_found"),
    }
    assert desk.cases.get(OFFICER, ids[0]).case.version == 0


@pytest.mark.parametrize("n", [0, 201])
def test_a_batch_has_a_size(desk: Desk, n: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.cases.decide_many(OFFICER, [(f"case-{number}", 0) for number in range(n)], to(CaseState.CONFIRMED))
    assert caught.value.code == "review.batch_size"


def test_a_batch_one_of_which_moved_on_is_not_taken_back(desk: Desk) -> None:
    ids = [pair("XQ-1", f"ZJ-{n}").id for n in range(2, 4)]
    batch, _ = desk.cases.decide_many(OFFICER, [(id, 0) for id in ids], to(CaseState.CONFIRMED))
    desk.step(ids[1], to(CaseState.PUSHED))
    with pytest.raises(BatchConflict) as caught:
        desk.undo.undo_batch(OFFICER, batch)
    assert [id for id, _, _ in caught.value.faults] == [ids[1]]
    assert desk.cases.get(OFFICER, ids[0]).case.state is CaseState.CONFIRMED


def test_the_last_own_decision_is_taken_back_step_by_step(desk: Desk) -> None:
    walk(desk, ID, CaseState.CONFIRMED, CaseState.PUSHED)
    for expected in (CaseState.CONFIRMED, CaseState.SUGGESTED):
        version = desk.cases.get(OFFICER, ID).case.version
        with pytest.raises(Conflict) as caught:
            desk.undo.undo_case(OTHER, ID, version=version)
        assert caught.value.code == "review.undo_not_own"
        assert desk.undo.undo_case(OFFICER, ID, version=version).state is expected
    case = desk.cases.get(OFFICER, ID).case
    assert (case.officer, case.pushed_at) == ("", None)
    with pytest.raises(Conflict) as caught:
        desk.undo.undo_case(OFFICER, ID, version=case.version)
    assert caught.value.code == "review.undo_nothing"
    lines = desk.cases.get(OFFICER, ID).timeline
    assert [line.undoes for line in lines] == [None, None, lines[1].number, lines[0].number]
    assert [line.undone_by for line in lines] == [lines[3].number, lines[2].number, None, None]


def test_after_a_while_a_decision_stands(desk: Desk) -> None:
    case = desk.step(ID, to(CaseState.CONFIRMED))
    desk.clock.forward(minutes=30, seconds=1)
    with pytest.raises(Conflict, match="30 分钟") as caught:
        desk.undo.undo_case(OFFICER, ID, version=case.version)
    assert caught.value.code == "review.undo_late"


def test_from_contract_to_evaluation(desk: Desk) -> None:
    walk(desk, ID, *SIGNED[:-1])
    with pytest.raises(InvalidInput) as caught:
        desk.step(ID, to(CaseState.SIGNED))
    assert caught.value.code == "review.contract_missing"
    with pytest.raises(Conflict) as too_early:
        desk.outcomes.add_milestone(OFFICER, ID, Milestone(title="小试"))
    assert too_early.value.code == "review.outcome_too_early"
    walk(desk, ID, CaseState.SIGNED)
    desk.outcomes.add_milestone(OFFICER, ID, Milestone(title="小试", due_on=date(2027, 3, 1)))
    desk.outcomes.add_milestone(OFFICER, ID, Milestone(title="中试", due_on=date(2027, 9, 1)))
    desk.outcomes.change_milestone(OFFICER, ID, 1, {"done_on": date(2027, 2, 20)})
    with pytest.raises(NotFound):
        desk.outcomes.change_milestone(OFFICER, ID, 3, {"done_on": date(2027, 2, 20)})
    for part, amount, own in ((Instalment.FIRST, 20.0, 30.0), (Instalment.SECOND, 10.0, 105.0)):
        funding = Funding(
            instalment=part, paid_on=date(2027, 1, 5), amount_wan=amount, enterprise_spending_wan=own
        )
        desk.outcomes.pay(OFFICER, ID, funding)
    walk(desk, ID, CaseState.FUNDED, CaseState.IMPLEMENTATION, CaseState.COMPLETED)
    with pytest.raises(Conflict) as missing:
        desk.step(ID, to(CaseState.EVALUATED))
    assert missing.value.code == "review.evaluation_missing"
    desk.outcomes.evaluate(FIRM, ID, Evaluation(side=Side.ENTERPRISE, grade=5, text="很好"))
    with pytest.raises(Forbidden):
        desk.outcomes.evaluate(FIRM, ID, Evaluation(side=Side.EXPERT, grade=5))
    desk.outcomes.evaluate(OFFICER, ID, Evaluation(side=Side.EXPERT, grade=4))
    walk(desk, ID, CaseState.EVALUATED)
    outcome = desk.cases.get(FIRM, ID).outcome
    assert outcome.contract == contract()
    assert outcome.completed_on == desk.clock().astimezone().date()
    assert [(item.number, item.title, item.done_on) for item in outcome.milestones] == [
        (1, "小试", date(2027, 2, 20)),
        (2, "中试", None),
    ]
    assert {(item.side, item.grade, item.by) for item in outcome.evaluations} == {
        (Side.ENTERPRISE, 5, FIRM.id),
        (Side.EXPERT, 4, OFFICER.id),
    }
    assert outcome.leverage == pytest.approx((30 + 105) / (20 + 10))


def test_a_contract_is_corrected_and_taken_back_with_its_step(desk: Desk) -> None:
    walk(desk, ID, *SIGNED[:-1])
    desk.step(ID, Choice(to=CaseState.SIGNED, contract=contract(None)))
    from dataclasses import replace

    known = replace(contract(80.0), registration_number="2026-320582-001")
    assert desk.outcomes.correct_contract(OFFICER, ID, known).contract == known
    version = desk.cases.get(OFFICER, ID).case.version
    assert desk.undo.undo_case(OFFICER, ID, version=version).state is CaseState.NEGOTIATION
    assert desk.outcomes.get(OFFICER, ID).contract is None


def test_an_officer_proposes_somebody_the_system_did_not(desk: Desk) -> None:
    with desk.database.write() as unit:
        expert = unit.experts.get("ZJ-1")
        assert expert is not None
        from dataclasses import replace

        unit.experts.upsert([replace(expert, id="ZJ-new", capacity=1)])
    wanted = pair(expert="ZJ-new")
    case = desk.cases.propose(OFFICER, wanted)
    assert (case.id, case.state, case.shown) == (wanted.id, CaseState.IN_REVIEW, None)
    assert desk.step(wanted.id, to(CaseState.CONFIRMED)).officer == OFFICER.id
    with pytest.raises(Conflict) as caught:
        desk.cases.propose(OTHER, wanted)
    assert caught.value.code == "review.case_exists"
    with pytest.raises(NotFound):
        desk.cases.propose(NORTH, pair("XQ-2", "ZJ-new"))
    with desk.database.write() as unit:
        unit.experts.upsert([replace(expert, id="ZJ-withdrawn", consent_withdrawn_on=date(2026, 1, 1))])
    for nobody in ("ZJ-nobody", "ZJ-withdrawn"):
        with pytest.raises(NotFound):
            desk.cases.propose(OFFICER, pair("XQ-1", nobody))
    with pytest.raises(InvalidInput):
        from recommender.domain.cases import Pair

        desk.cases.propose(OFFICER, Pair(EntityKind.EXPERT, "ZJ-1", EntityKind.NEED, "XQ-1"))


def test_a_match_of_a_need_that_looks_for_nobody_goes_no_further(desk: Desk) -> None:
    desk.step(ID, to(CaseState.CONFIRMED))
    with desk.database.read() as unit:
        progress = unit.needs_progress.get("XQ-1")
    desk.needs.move(OFFICER, "XQ-1", NeedState.UNSOLVED, version=progress.version, reason=ReasonCode.INDICATORS)
    with pytest.raises(Conflict) as caught:
        desk.step(ID, to(CaseState.PUSHED))
    assert caught.value.code == "review.need_not_open"


def test_versions_of_the_timeline_only_grow(desk: Desk) -> None:
    claimed = desk.cases.claim(OFFICER, ID, version=0)
    desk.cases.release(OFFICER, ID, version=claimed.version)
    walk(desk, ID, *SIGNED)
    with desk.database.read() as unit:
        versions = [line.version for line in unit.timeline.of(Subject.CASE, ID)]
        case = unit.cases.get(ID)
    assert case is not None
    assert versions == sorted(set(versions))
    assert versions[-1] == case.version
    assert case.due_at == desk.clock() + timedelta(days=30)
