"""Needs as pages show them: what waits, how complete they are, and what may be taken back."""

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Account, AccountState, Actor, Role
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedFilter, NeedView
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.services.intake import IntakeService
from recommender.services.review.cases import Choice
from recommender.services.review.need_overview import NeedOverview, NeedOverviewService
from recommender.settings import Settings
from tests.review.city import CLOTH, FIRM, NOON, NORTH, OFFICER, PROGRAM, STEEL, Desk, pair

TEXT = "轧制 0.3 mm 以下薄板时边部开裂，希望把边裂率降到 1% 以下。联系 13812345678。"


@pytest.fixture(scope="module")
def application() -> Application:
    return Application(Settings())


@pytest.fixture
def overview(desk: Desk, application: Application) -> NeedOverviewService:
    def index() -> object:
        raise AssertionError("what a need says of itself asks no index")

    intake = IntakeService(
        desk.database,
        index,  # type: ignore[arg-type]
        lambda: application.segmenter.tokens,
        lambda: application.intake_knowledge,
        max_chars=20_000,
        now=desk.clock,
    )
    return NeedOverviewService(desk.database, desk.needs, intake, desk.settings, desk.clock)


def rows(overview: NeedOverviewService, actor: Actor = OFFICER) -> dict[str, NeedOverview]:
    page = overview.page(actor, NeedFilter(), PageRequest())
    return {row.line.need.id: row for row in page.items}


def drafted(desk: Desk, **content: object) -> str:
    return desk.needs.create(FIRM, {"title": "冷轧边裂", "description": TEXT, **content}).need.id


def test_every_state_stands_in_exactly_one_view_beside_all() -> None:
    states = [
        state for view, of_view in NEED_VIEW_STATES.items() if view is not NeedView.ALL for state in of_view
    ]
    assert sorted(states) == sorted(NeedState)
    assert set(NEED_VIEW_STATES) == set(NeedView)


def test_lines_tell_what_there_is_beside_a_need(desk: Desk, overview: NeedOverviewService) -> None:
    made = drafted(desk, budget_wan=80.0, industry_chain="冶金新材料")
    desk.step(pair("XQ-1", "ZJ-2").id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair("XQ-1", "ZJ-3").id, Choice(to=CaseState.CONFIRMED))
    desk.step(pair("XQ-1", "ZJ-3").id, Choice(to=CaseState.PUSHED))
    seen = rows(overview)
    assert seen["XQ-1"].counts.n_suggestions == 6
    assert seen["XQ-1"].counts.cases == {CaseState.CONFIRMED: 1, CaseState.PUSHED: 1}
    assert (seen["XQ-1"].counts.n_cases, seen["XQ-1"].counts.n_unanswered) == (2, 1)
    assert (seen[made].counts.n_suggestions, seen[made].counts.n_cases) == (0, 0)
    assert seen[made].completeness > seen["XQ-3"].completeness > 0
    # What was not pushed is not the enterprise's.
    assert rows(overview, FIRM)["XQ-1"].counts.cases == {CaseState.PUSHED: 1}


def test_what_is_late_is_told(desk: Desk, overview: NeedOverviewService) -> None:
    made = drafted(desk)
    desk.needs.move(FIRM, made, NeedState.SUBMITTED, version=1)
    assert not rows(overview)[made].is_overdue
    desk.clock.forward(days=6)
    assert (rows(overview)[made].is_overdue, rows(overview)[made].n_days_late) == (True, 1)
    assert overview.get(FIRM, made).is_overdue
    assert not rows(overview)["XQ-3"].is_overdue


def test_views_count_what_the_actor_sees_and_what_fits(desk: Desk, overview: NeedOverviewService) -> None:
    made = drafted(desk)
    counts = overview.views(OFFICER, NeedFilter())
    assert (counts[NeedView.OWNER], counts[NeedView.OPEN], counts[NeedView.ALL]) == (1, 3, 4)
    desk.needs.move(FIRM, made, NeedState.SUBMITTED, version=1)
    counts = overview.views(OFFICER, NeedFilter())
    assert (counts[NeedView.OWNER], counts[NeedView.REVIEW]) == (0, 1)
    assert overview.views(FIRM, NeedFilter())[NeedView.ALL] == 2
    assert overview.views(NORTH, NeedFilter())[NeedView.ALL] == 2
    assert overview.views(OFFICER, NeedFilter(town="南塘"))[NeedView.ALL] == 1
    assert overview.views(OFFICER, NeedFilter(text="排汗"))[NeedView.OPEN] == 1


def test_a_dossier_tells_everything_of_one_need(desk: Desk, overview: NeedOverviewService) -> None:
    with desk.database.write() as unit:
        unit.accounts.add(_account(FIRM.id, "江岸薄板经办"), "x")
    made = drafted(desk, public_summary="希望把边裂率降到 1% 以下")
    desk.needs.move(FIRM, made, NeedState.SUBMITTED, version=1)
    desk.needs.move(
        OFFICER, made, NeedState.RETURNED, version=2, reason=ReasonCode.UNCLEAR, note="电话 13812345678"
    )
    dossier = overview.get(OFFICER, made)
    assert (dossier.enterprise_name, dossier.town) == (STEEL.name, STEEL.town)
    assert [step.to_state for step in dossier.timeline] == [NeedState.SUBMITTED, NeedState.RETURNED]
    assert dossier.names == {FIRM.id: "江岸薄板经办"}
    assert dossier.last is not None
    assert dossier.last.reason is ReasonCode.UNCLEAR
    assert dossier.check.completeness.gaps
    assert [found.indicator.unit for found in dossier.check.indicators] == ["%"]
    assert any("边裂率" in leak.text for leak in dossier.check.leaks)
    # Contacts are hidden from the officer, in the text and in the note, and not from the owner.
    assert "13812345678" not in f"{dossier.detail.need}{dossier.timeline}{dossier.last}"
    assert dossier.is_masked
    assert "13812345678" in overview.get(FIRM, made).detail.need.description
    assert not overview.get(FIRM, made).is_masked


def test_only_who_took_the_last_step_may_take_it_back_and_not_for_ever(
    desk: Desk, overview: NeedOverviewService
) -> None:
    made = drafted(desk)
    assert overview.get(FIRM, made).undo_until is None
    desk.needs.move(FIRM, made, NeedState.SUBMITTED, version=1)
    assert overview.get(FIRM, made).undo_until == NOON + desk.settings.undo
    assert overview.get(OFFICER, made).undo_until is None
    desk.undo.undo_need(FIRM, made, version=2)
    assert overview.get(FIRM, made).undo_until is None
    desk.needs.move(FIRM, made, NeedState.SUBMITTED, version=3)
    desk.clock.forward(minutes=31)
    assert overview.get(FIRM, made).undo_until is None


def test_what_is_not_for_somebody_is_not_there(overview: NeedOverviewService) -> None:
    with pytest.raises(NotFound):
        overview.get(FIRM, "XQ-2")
    with pytest.raises(NotFound):
        overview.get(OFFICER, "XQ-none")
    assert overview.get(PROGRAM, "XQ-2").enterprise_name == CLOTH.name


def test_no_edit_writes_a_mask_in_place_of_what_it_hides(desk: Desk) -> None:
    made = drafted(desk)
    seen = desk.needs.get(OFFICER, made)
    assert "138****5678" in seen.need.description
    # Sent back as it was shown: nothing of it changes.
    edited = desk.needs.edit(
        OFFICER,
        made,
        {"description": seen.need.description, "budget_wan": 3.0},
        record_version=seen.record_version,
    )
    assert "13812345678" in desk.needs.get(FIRM, made).need.description
    with pytest.raises(InvalidInput) as caught:
        changes = {"description": f"{seen.need.description}补充"}
        desk.needs.edit(OFFICER, made, changes, record_version=edited.record_version)
    assert (caught.value.code, caught.value.context["field"]) == ("review.need_masked", "description")
    rewritten = {"description": "边部开裂，希望控制在 1% 以下"}
    desk.needs.edit(OFFICER, made, rewritten, record_version=edited.record_version)
    assert desk.needs.get(FIRM, made).need.description == rewritten["description"]


def _account(id: str, name: str) -> Account:
    return Account(
        id=id,
        login_name=id,
        display_name=name,
        role=Role.ENTERPRISE,
        reach=FIRM.reach,
        enterprise_code=STEEL.code,
        state=AccountState.ACTIVE,
        must_change_password=False,
        version=1,
        created_at=NOON,
        last_login_at=None,
    )
