"""Needs: drafted, edited, reviewed, closed, and what becomes of their matches."""

from datetime import date

import pytest

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.errors import BatchConflict, Conflict, Forbidden, InvalidInput, NotFound, Outdated
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.review.cases import Choice
from recommender.services.review.needs import NeedDetail
from tests.review.city import CLOTH, FIRM, NORTH, OFFICER, OTHER, PROGRAM, STEEL, Desk, pair

CONTENT = {"title": "冷轧边裂", "description": "希望把边裂率降到 1% 以下", "budget_wan": 30.0}


def draft(desk: Desk, actor: Actor = FIRM, **content: object) -> NeedDetail:
    return desk.needs.create(actor, {**CONTENT, **content})


def move(desk: Desk, need_id: str, to: NeedState, actor: Actor = OFFICER, **values: object) -> NeedDetail:
    version = desk.needs.get(OFFICER, need_id).progress.version
    return desk.needs.move(actor, need_id, to, version=version, **values)  # type: ignore[arg-type]


def test_an_enterprise_drafts_for_itself_and_hands_in(desk: Desk) -> None:
    made = draft(desk, enterprise_code=CLOTH.code)
    assert (made.need.enterprise_code, made.progress.state, made.progress.filed_by) == (
        STEEL.code,
        NeedState.DRAFT,
        FIRM.id,
    )
    assert {step.target for step in made.steps} == {NeedState.SUBMITTED, NeedState.WITHDRAWN}
    with desk.database.read() as unit:
        assert made.need.id in unit.needs_progress.not_open()
    handed_in = move(desk, made.need.id, NeedState.SUBMITTED, FIRM)
    assert handed_in.progress.due == "审核"
    with pytest.raises(Forbidden):
        move(desk, made.need.id, NeedState.PUBLISHED, FIRM)
    assert move(desk, made.need.id, NeedState.PUBLISHED).progress.state is NeedState.PUBLISHED
    line = [(step.from_state, step.to_state, step.actor) for step in desk.needs.timeline(FIRM, made.need.id)]
    assert line == [
        (NeedState.DRAFT, NeedState.SUBMITTED, FIRM.id),
        (NeedState.SUBMITTED, NeedState.PUBLISHED, OFFICER.id),
    ]


def test_a_draft_without_content_is_not_handed_in(desk: Desk) -> None:
    made = desk.needs.create(FIRM, {"title": "边裂"})
    with pytest.raises(InvalidInput) as caught:
        move(desk, made.need.id, NeedState.SUBMITTED, FIRM)
    assert caught.value.code == "review.need_empty"
    with pytest.raises(InvalidInput) as caught:
        desk.needs.create(FIRM, {"title": " "})
    assert caught.value.code == "review.need_untitled"


def test_an_officer_drafts_only_for_enterprises_within_reach(desk: Desk) -> None:
    assert draft(desk, NORTH, enterprise_code=STEEL.code).need.enterprise_code == STEEL.code
    for code in (CLOTH.code, "unknown", ""):
        with pytest.raises(NotFound):
            draft(desk, NORTH, enterprise_code=code)
    assert draft(desk, OFFICER).need.enterprise_code == ""
    with pytest.raises(Forbidden):
        draft(desk, PROGRAM)


def test_an_edit_names_the_version_that_it_changes(desk: Desk) -> None:
    made = draft(desk)
    edited = desk.needs.edit(FIRM, made.need.id, {"budget_wan": 40.0}, record_version=made.record_version)
    assert (edited.need.budget_wan, edited.record_version) == (40.0, made.record_version + 1)
    assert edited.need.title == made.need.title
    with pytest.raises(Outdated):
        desk.needs.edit(FIRM, made.need.id, {"budget_wan": 50.0}, record_version=made.record_version)
    with pytest.raises(InvalidInput):
        desk.needs.edit(FIRM, made.need.id, {"title": ""}, record_version=edited.record_version)
    with desk.database.read() as unit:
        (entry,) = unit.audit.tail(1)
    assert (entry.action, entry.detail) == ("review:need:edit", {"fields": ["budget_wan"]})


def test_who_may_edit_depends_on_where_the_need_stands(desk: Desk) -> None:
    for actor, allowed in ((FIRM, False), (OFFICER, True)):
        version = desk.needs.get(OFFICER, "XQ-1").record_version
        if allowed:
            changes = {"diagnosis": "指标要写明基准", "id": "XQ-other"}
            edited = desk.needs.edit(actor, "XQ-1", changes, record_version=version)
            assert (edited.need.id, edited.need.diagnosis) == ("XQ-1", "指标要写明基准")
        else:
            with pytest.raises(Conflict) as caught:
                desk.needs.edit(actor, "XQ-1", {"title": "改名"}, record_version=version)
            assert caught.value.code == "review.need_not_editable"
    made = draft(desk, diagnosis="自己写的诊断")
    assert made.need.diagnosis == ""


def test_imported_needs_count_as_published(desk: Desk) -> None:
    detail = desk.needs.get(FIRM, "XQ-1")
    assert (detail.progress.state, detail.progress.version) == (NeedState.PUBLISHED, 0)
    with pytest.raises(NotFound):
        desk.needs.get(FIRM, "XQ-2")


def test_sending_back_needs_a_reason(desk: Desk) -> None:
    made = draft(desk)
    move(desk, made.need.id, NeedState.SUBMITTED, FIRM)
    with pytest.raises(InvalidInput):
        move(desk, made.need.id, NeedState.RETURNED)
    back = move(desk, made.need.id, NeedState.RETURNED, reason=ReasonCode.UNCLEAR, note="缺少指标")
    assert back.progress.due == "企业补充"
    again = move(desk, made.need.id, NeedState.SUBMITTED, FIRM)
    assert again.progress.version == 4


def test_withdrawing_cancels_what_has_no_contract_and_undoing_brings_it_back(desk: Desk) -> None:
    ids = [pair("XQ-1", f"ZJ-{n}").id for n in (2, 3)]
    for id in ids:
        desk.step(id, Choice(to=CaseState.CONFIRMED))
    moved = move(desk, "XQ-1", NeedState.WITHDRAWN, FIRM, reason=ReasonCode.STALE)
    for id in ids:
        detail = desk.cases.get(OFFICER, id)
        assert detail.case.state is CaseState.CANCELLED
        assert detail.timeline[-1].by_system
        assert (detail.timeline[-1].reason, detail.timeline[-1].actor) == (ReasonCode.STALE, FIRM.id)
    back = desk.undo.undo_need(FIRM, "XQ-1", version=moved.progress.version)
    assert back.state is NeedState.MATCHING
    assert {desk.cases.get(OFFICER, id).case.state for id in ids} == {CaseState.CONFIRMED}


def test_an_expired_need_is_opened_again_with_a_new_deadline(desk: Desk) -> None:
    desk.clock.forward(days=60)
    assert desk.timers.run(actor="job:remind").n_expired == 1
    with pytest.raises(Conflict) as caught:
        move(desk, "XQ-2", NeedState.PUBLISHED)
    assert caught.value.code == "review.need_deadline"
    version = desk.needs.get(OFFICER, "XQ-2").record_version
    desk.needs.edit(OFFICER, "XQ-2", {"deadline": date(2028, 1, 1)}, record_version=version)
    assert move(desk, "XQ-2", NeedState.PUBLISHED).progress.state is NeedState.PUBLISHED


def test_a_step_that_does_not_exist_names_those_that_do(desk: Desk) -> None:
    with pytest.raises(Conflict, match="现在可以转为：二次诊断、匹配中、对接中、未解决、撤回"):
        move(desk, "XQ-1", NeedState.SOLVED)
    with pytest.raises(Conflict) as caught:
        desk.needs.move(OFFICER, "XQ-1", NeedState.MATCHING, version=7)
    assert caught.value.code == "review.outdated"


def solved(desk: Desk, title: str) -> tuple[str, int]:
    """A need that was solved, and its version."""
    made = draft(desk, OFFICER, title=title, enterprise_code=STEEL.code)
    for to in (NeedState.SUBMITTED, NeedState.PUBLISHED, NeedState.MATCHING, NeedState.SOLVED):
        made = move(desk, made.need.id, to)
    return made.need.id, made.progress.version


def test_several_needs_are_put_away_and_brought_back_together(desk: Desk) -> None:
    items = [solved(desk, "甲"), solved(desk, "乙")]
    closed = desk.needs.archive(OFFICER, items)
    assert {progress.state for progress in closed} == {NeedState.CLOSED}
    there = [(progress.need_id, progress.version) for progress in closed]
    with pytest.raises(BatchConflict) as caught:
        desk.undo.undo_needs(OTHER, there)
    assert len(caught.value.faults) == 2
    back = desk.undo.undo_needs(OFFICER, there)
    assert {progress.state for progress in back} == {NeedState.SOLVED}


def test_one_that_stands_in_the_way_keeps_all_from_being_put_away(desk: Desk) -> None:
    first, (second, version) = solved(desk, "甲"), solved(desk, "乙")
    open_one = ("XQ-1", 0)
    with pytest.raises(BatchConflict) as caught:
        desk.needs.archive(OFFICER, [first, (second, version + 1), open_one, ("XQ-none", 1)])
    assert {fault[0]: fault[1] for fault in caught.value.faults} == {
        second: "review.outdated",
        "XQ-1": "review.illegal_step",
        "XQ-none": "entity.not_found",
    }
    assert desk.needs.get(OFFICER, first[0]).progress.state is NeedState.SOLVED
    for items in ([], [first, first], [(f"XQ-{n}", 1) for n in range(101)]):
        with pytest.raises(InvalidInput):
            desk.needs.archive(OFFICER, items)
    with pytest.raises(Forbidden):
        desk.needs.archive(FIRM, [first])


def ids(desk: Desk, actor: Actor = OFFICER, sort: str = "", limit: int = 50, **conditions: object) -> list[str]:
    """Every page of a list."""
    found: list[str] = []
    cursor = ""
    while True:
        request = PageRequest(limit=limit, cursor=cursor, sort=sort)
        page = desk.needs.page(actor, NeedFilter(**conditions), request)  # type: ignore[arg-type]
        found += [line.need.id for line in page.items]
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.parametrize("sort", ["", "updated", "deadline", "due", "title"])
def test_pages_hold_everything_once_in_order_and_reversed(desk: Desk, sort: str) -> None:
    draft(desk)
    whole = ids(desk, sort=sort)
    assert sorted(whole) == sorted({*whole})
    assert len(whole) == 4
    assert ids(desk, sort=sort, limit=1) == whole
    assert ids(desk, sort=f"-{sort or 'id'}", limit=3) == whole[::-1]


def test_lists_are_filtered_and_within_reach(desk: Desk) -> None:
    made = draft(desk)
    assert ids(desk, states=frozenset({NeedState.PUBLISHED})) == ["XQ-1", "XQ-2", "XQ-3"]
    assert ids(desk, states=frozenset({NeedState.DRAFT})) == [made.need.id]
    assert ids(desk, text="排汗") == ["XQ-2"]
    assert ids(desk, text="%") == [made.need.id]
    assert ids(desk, industry_chain="冶金") == ["XQ-1"]
    assert ids(desk, town="南塘") == ["XQ-2"]
    assert ids(desk, filed_by=FIRM.id) == [made.need.id]
    assert set(ids(desk, FIRM)) == {"XQ-1", made.need.id}
    assert set(ids(desk, NORTH)) == {"XQ-1", made.need.id}
    nowhere = Actor(id="x", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach())
    assert ids(desk, nowhere) == []
    with pytest.raises(InvalidInput):
        desk.needs.page(OFFICER, NeedFilter(), PageRequest(sort="colour"))
    with pytest.raises(InvalidInput):
        desk.needs.page(OFFICER, NeedFilter(), PageRequest(cursor="bm9uc2Vuc2U="))
