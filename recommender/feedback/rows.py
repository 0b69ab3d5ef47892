"""Decisions as rows to learn from: what was shown where by which model, what was decided, how far it went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.cases import Decision
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.feedback.grading import furthest_of, grade_of
from recommender.feedback.propensity import PositionBias
from recommender.feedback.splits import Split, split_by_time

QUERY_KINDS = (EntityKind.NEED, EntityKind.ENTERPRISE)
"""Kinds of source that ask; achievements are asked for, so decisions on whom to offer them make no query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """One decision.

    Attributes:
        case_id: of the match; its decisions share grade and furthest state.
        officer: who decided on the match first.
        from_state, to_state: of this step.
        position, score, run_id, snapshot_id, encoder_id, configuration_hash: what was shown by which model;
            0 and ``""`` for a match that was proposed without the system.
        propensity: that it was shown and looked at, in (0, 1]; 1 where the system did not show it.
        weight: its inverse, clipped.
        furthest: how far the match went so far.
        grade: of the match, ``None`` where nobody judged its relevance.
        split: of its source; ``None`` where the source is no query.
    """

    case_id: str
    source_kind: EntityKind
    source_id: str
    target_kind: EntityKind
    target_id: str
    officer: str
    at: datetime
    from_state: CaseState
    to_state: CaseState
    reason: ReasonCode | None
    run_id: str
    snapshot_id: str
    encoder_id: str
    configuration_hash: str
    position: int
    score: float | None
    propensity: float
    weight: float
    furthest: CaseState | None
    grade: int | None
    split: Split | None


def feedback_rows(decisions: Iterable[Decision], bias: PositionBias) -> list[FeedbackRow]:
    """One row for each decision, in their order."""
    by_case: defaultdict[str, list[Decision]] = defaultdict(list)
    first: dict[str, datetime] = {}
    ordered = []
    for decision in decisions:
        ordered.append(decision)
        by_case[decision.case_id].append(decision)
        if decision.pair.source_kind in QUERY_KINDS:
            source = decision.pair.source_id
            first[source] = min(first.get(source, decision.step.at), decision.step.at)
    steps = {case: [_step(decision) for decision in of_case] for case, of_case in by_case.items()}
    splits = split_by_time(first)
    return [_row(decision, steps[decision.case_id], splits, bias) for decision in ordered]


def judgements(rows: Sequence[FeedbackRow]) -> dict[Split, dict[str, dict[str, int]]]:
    """The grades by split, query and target; of several matches of one pair the highest counts."""
    found: dict[Split, dict[str, dict[str, int]]] = {split: {} for split in Split}
    for row in rows:
        if row.split is None or row.grade is None:
            continue
        grades = found[row.split].setdefault(row.source_id, {})
        grades[row.target_id] = max(row.grade, grades.get(row.target_id, 0))
    return found


def _step(decision: Decision) -> tuple[CaseState, ReasonCode | None]:
    return CaseState(decision.step.to_state.value), decision.step.reason


def _row(
    decision: Decision,
    steps: Sequence[tuple[CaseState, ReasonCode | None]],
    splits: Mapping[str, Split],
    bias: PositionBias,
) -> FeedbackRow:
    pair, step, shown = decision.pair, decision.step, decision.shown
    propensity = bias.propensity(shown.position, shown.propensity) if shown else 1.0
    return FeedbackRow(
        case_id=decision.case_id,
        source_kind=pair.source_kind,
        source_id=pair.source_id,
        target_kind=pair.target_kind,
        target_id=pair.target_id,
        officer=decision.officer,
        at=step.at,
        from_state=CaseState(step.from_state.value),
        to_state=CaseState(step.to_state.value),
        reason=step.reason,
        run_id=shown.run_id if shown else "",
        snapshot_id=shown.snapshot_id if shown else "",
        encoder_id=shown.encoder_id if shown else "",
        configuration_hash=shown.configuration_hash if shown else "",
        position=shown.position if shown else 0,
        score=shown.score if shown else None,
        propensity=propensity,
        weight=bias.weight(propensity),
        furthest=furthest_of(steps),
        grade=grade_of(steps),
        split=splits.get(pair.source_id) if pair.source_kind in QUERY_KINDS else None,
    )
