"""Decisions as rows, their weights, and their split by need and time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.cases import Decision, Pair, Shown, Subject, Transition
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.feedback.propensity import PositionBias
from recommender.feedback.rows import feedback_rows, judgements
from recommender.feedback.splits import Split, split_by_time

START = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = Shown(
    run_id="r1", snapshot_id="g1", encoder_id="e1", configuration_hash="c1", position=4, score=0.7, propensity=1.0
)


def decided(
    need: str,
    target: str,
    to: CaseState,
    *,
    day: int = 0,
    reason: ReasonCode | None = None,
    shown: Shown | None = SHOWN,
    kind: EntityKind = EntityKind.NEED,
) -> Decision:
    pair = Pair(kind, need, EntityKind.EXPERT, target)
    step = Transition(
        subject=Subject.CASE,
        subject_id=pair.id,
        actor="a1",
        at=START + timedelta(days=day),
        from_state=CaseState.IN_REVIEW,
        to_state=to,
        version=1,
        reason=reason,
    )
    return Decision(case_id=pair.id, pair=pair, enterprise_code="", officer="a1", step=step, shown=shown)


def test_a_row_keeps_what_was_shown_and_how_far_it_went() -> None:
    first, second = feedback_rows(
        [
            decided("XQ-1", "ZJ-1", CaseState.CONFIRMED),
            decided("XQ-1", "ZJ-1", CaseState.ENTERPRISE_INTERESTED, day=2),
        ],
        PositionBias(eta=0.5),
    )
    assert (first.run_id, first.snapshot_id, first.encoder_id, first.configuration_hash) == (
        "r1",
        "g1",
        "e1",
        "c1",
    )
    assert (first.position, first.score) == (4, 0.7)
    # Grade and furthest state are those of the match, whichever of its steps a row is.
    assert first.grade == second.grade == 2
    assert first.furthest is second.furthest is CaseState.ENTERPRISE_INTERESTED
    assert first.propensity == pytest.approx((1 / 4) ** 0.5)
    assert first.weight == pytest.approx(2.0)


def test_a_match_without_a_list_weighs_one() -> None:
    (row,) = feedback_rows([decided("XQ-1", "ZJ-1", CaseState.CONFIRMED, shown=None)], PositionBias())
    assert (row.position, row.score, row.propensity, row.weight, row.run_id) == (0, None, 1.0, 1.0, "")


def test_what_is_no_judgement_is_in_no_qrels() -> None:
    rows = feedback_rows(
        [
            decided("XQ-1", "ZJ-1", CaseState.REJECTED, reason=ReasonCode.EXPERT_BUSY),
            decided("XQ-1", "ZJ-2", CaseState.REJECTED, reason=ReasonCode.FIELD),
        ],
        PositionBias(),
    )
    assert len(rows) == 2
    assert judgements(rows)[Split.TEST] == {"XQ-1": {"ZJ-2": 0}}


def test_achievements_ask_nothing() -> None:
    rows = feedback_rows(
        [decided("CG-1", "QY-1", CaseState.CONFIRMED, kind=EntityKind.ACHIEVEMENT)], PositionBias()
    )
    assert [row.split for row in rows] == [None]
    assert not any(judgements(rows).values())


@pytest.mark.parametrize(("eta", "clip"), [(-0.1, 10), (3.1, 10), (float("nan"), 10), (1, 0.5), (1, 1001)])
def test_a_model_out_of_range_is_refused(eta: float, clip: float) -> None:
    with pytest.raises(InvalidInput, match="eta"):
        PositionBias(eta, clip)


@given(st.integers(1, 10_000), st.floats(0.001, 1), st.floats(0, 3), st.floats(1, 1000))
def test_weights_are_between_one_and_the_clip(position: int, shown: float, eta: float, clip: float) -> None:
    bias = PositionBias(eta, clip)
    propensity = bias.propensity(position, shown)
    assert 0 < propensity <= 1
    assert 1 <= bias.weight(propensity) <= clip


def test_attention_falls_with_the_place() -> None:
    bias = PositionBias(eta=1, clip=5)
    assert [round(bias.propensity(n), 3) for n in (1, 2, 4)] == [1.0, 0.5, 0.25]
    assert [bias.weight(bias.propensity(n)) for n in (1, 2, 4, 100)] == [1, 2, 4, 5]
    assert PositionBias(eta=0).propensity(9) == 1.0


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 50), max_size=60))
def test_splits_are_by_time_and_each_need_is_in_one(days: dict[str, int]) -> None:
    times = {need: START + timedelta(days=day) for need, day in days.items()}
    splits = split_by_time(times)
    assert splits.keys() == times.keys()
    order = list(Split)
    ranked = sorted(splits, key=lambda need: (times[need], need))
    places = [order.index(splits[need]) for need in ranked]
    assert places == sorted(places)
    if len(splits) >= 3:
        assert set(splits.values()) == set(Split)


def test_seventy_fifteen_fifteen() -> None:
    splits = split_by_time({f"{n:02}": START + timedelta(days=n) for n in range(20)})
    assert [list(splits.values()).count(split) for split in Split] == [14, 3, 3]
