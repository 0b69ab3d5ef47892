"""Settled pairs as nights read them and as queues show them: one definition, on both databases."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.paging import PageRequest
from recommender.domain.settled import PairRecord, Settled
from recommender.domain.wishes import Stance, Wish
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.review.cases import Choice
from recommender.services.review.wishes import WishDraft
from recommender.services.settled import settled_pairs, settled_with
from recommender.store import UnitOfWork
from tests.review.city import FIRM, NOON, OFFICER, RUN, Desk, pair, suggestion

STATES = (None, *CaseState)
SAID = (
    (None, NOON),
    (Stance.WANTED, NOON - timedelta(minutes=1)),
    (Stance.WANTED, NOON),
    (Stance.WANTED, NOON + timedelta(minutes=1)),
    (Stance.UNWANTED, NOON),
)


def every_record() -> list[PairRecord]:
    """A pair for every state of a match with everything that may be said of it."""
    found = []
    for number, (state, (stance, said_at)) in enumerate(product(STATES, SAID)):
        found.append(
            PairRecord(
                pair=pair(expert=f"ZJ-{100 + number}"),
                state=state,
                decided_at=None if state is None else NOON,
                stance=stance,
                said_at=None if stance is None else said_at,
            )
        )
    return found


def stored_case(of: Pair, state: CaseState, at: datetime = NOON) -> Case:
    return Case(
        id=of.id,
        pair=of,
        need_id=of.source_id if of.source_kind is EntityKind.NEED else "",
        enterprise_code="",
        state=state,
        version=1,
        opened_at=at,
        updated_at=at,
    )


def store(unit: UnitOfWork, record: PairRecord) -> None:
    if record.state is not None:
        assert unit.cases.open(stored_case(record.pair, record.state))
    if record.stance is not None:
        reason = ReasonCode.FIELD if record.stance is Stance.UNWANTED else None
        # Something else was said before: only the last line counts.
        before = Stance.WANTED if record.stance is Stance.UNWANTED else Stance.UNWANTED
        for version, stance in ((1, before), (2, record.stance)):
            wish = Wish(pair=record.pair, stance=stance, version=version, actor="a", at=record.said_at)
            assert unit.wishes.put(wish if stance is Stance.WANTED else _with_reason(wish, reason))


def _with_reason(wish: Wish, reason: ReasonCode | None) -> Wish:
    return Wish(
        pair=wish.pair,
        stance=wish.stance,
        version=wish.version,
        reason=reason or ReasonCode.FIELD,
        actor=wish.actor,
        at=wish.at,
    )


@pytest.fixture
def records(desk: Desk) -> list[PairRecord]:
    """All of them stored, each suggested by the published run."""
    found = every_record()
    with desk.database.write() as unit:
        unit.experts.upsert(
            [Expert(id=each.pair.target_id, name="某人", organisation="江南研究院") for each in found]
        )
        unit.runs.add([suggestion(each.pair, 10 + n, 0.7, RUN) for n, each in enumerate(found)])
        for each in found:
            store(unit, each)
    return found


def test_nights_and_lists_read_them_alike(desk: Desk, records: list[PairRecord]) -> None:
    expected = tuple(
        sorted(
            Settled(EntityKind.EXPERT, each.pair.target_id, each.settled_because)
            for each in records
            if each.settled_because is not None
        )
    )
    assert {item.why for item in expected} == {
        ExclusionCode.UNWANTED,
        ExclusionCode.REJECTED,
        ExclusionCode.UNDER_WAY,
        ExclusionCode.ENDED,
    }
    with desk.database.read() as unit:
        assert settled_pairs(unit) == {(EntityKind.NEED, "XQ-1"): expected}
        assert settled_with(unit, EntityKind.NEED, "XQ-1") == expected
        assert settled_with(unit, EntityKind.NEED, "XQ-2") == ()


@pytest.mark.parametrize("view", [CaseView.UNREVIEWED, CaseView.HIGH_SCORE])
def test_a_queue_shows_what_is_not_settled(desk: Desk, records: list[PairRecord], view: CaseView) -> None:
    wanted = CaseFilter(view=view, need_id="XQ-1")
    page = desk.queue.page(OFFICER, wanted, PageRequest(limit=200))
    assert not page.next_cursor
    shown = [line.case.pair for line in page.items if line.case.pair.target_id >= "ZJ-100"]
    of_these = [found for found in shown if found in {each.pair for each in records}]
    assert len(of_these) == len(set(of_these))
    assert set(of_these) == {each.pair for each in records if each.settled_because is None}
    (counted,) = desk.queue.counts(OFFICER, [wanted], most=1000)
    assert counted == len(page.items)


def test_enterprises_and_achievements_as_sources(desk: Desk) -> None:
    sources = (EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)
    found = [
        Pair(sources[0], FIRM.enterprise_code, EntityKind.EXPERT, "ZJ-1"),
        Pair(sources[1], "LW-1", EntityKind.ENTERPRISE, FIRM.enterprise_code),
    ]
    with desk.database.write() as unit:
        for each in found:
            assert unit.cases.open(stored_case(each, CaseState.REJECTED))
    with desk.database.read() as unit:
        assert settled_pairs(unit) == {
            (each.source_kind, each.source_id): (
                Settled(each.target_kind, each.target_id, ExclusionCode.REJECTED),
            )
            for each in found
        }


def test_step_by_step(desk: Desk) -> None:
    """What officers and enterprises do by the ordinary ways settles a pair and opens it again."""

    def why() -> ExclusionCode | None:
        with desk.database.read() as unit:
            settled = {item.id: item.why for item in settled_with(unit, EntityKind.NEED, "XQ-1")}
        return settled.get("ZJ-1")

    assert why() is None
    case = desk.cases.claim(OFFICER, pair().id, version=0)
    assert why() is None, "what somebody looks at is not decided"
    refuse = WishDraft(
        target_kind=EntityKind.EXPERT, target_id="ZJ-1", stance=Stance.UNWANTED, reason=ReasonCode.FIELD
    )
    wish = desk.wishes.say(FIRM, "XQ-1", refuse, version=0)
    assert why() is ExclusionCode.UNWANTED
    desk.wishes.undo(FIRM, pair(), version=wish.version)
    assert why() is None
    case = desk.step(case.id, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD))
    assert why() is ExclusionCode.REJECTED
    desk.clock.forward(minutes=1)
    ask = WishDraft(target_kind=EntityKind.EXPERT, target_id="ZJ-1", stance=Stance.WANTED)
    desk.wishes.say(FIRM, "XQ-1", ask, version=2)
    assert why() is None
    desk.step(case.id, Choice(to=CaseState.IN_REVIEW))
    assert why() is None
    desk.step(case.id, Choice(to=CaseState.CONFIRMED))
    assert why() is ExclusionCode.UNDER_WAY
    desk.step(case.id, Choice(to=CaseState.PUSHED))
    declined = Choice(to=CaseState.ENTERPRISE_DECLINED, reason=ReasonCode.TIME)
    desk.step(case.id, declined, FIRM)
    assert why() is ExclusionCode.UNWANTED
