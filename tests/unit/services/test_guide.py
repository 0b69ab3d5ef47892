"""The guide says what the tables of steps and the score really do."""

import pytest

from recommender.domain.entities import Achievement, Entity, Expert, Platform
from recommender.domain.workflow import CaseState, NeedState
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import Candidate, score_parts
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.services.guide import Guide, GuideService


@pytest.fixture
def guide() -> Guide:
    return GuideService(MatchConfig(), high_score=0.6, low_score=0.4).guide()


def test_every_state_and_every_step_is_told(guide: Guide) -> None:
    for told, workflow, states in ((guide.needs, NEEDS, NeedState), (guide.cases, CASES, CaseState)):
        assert [state.name for state in told.states] == [state.value for state in states]
        steps = {(state.name, step.to) for state in told.states for step in state.steps}
        assert steps == {(step.source.value, step.target.value) for step in workflow.steps}
        waits = {state.name: (state.days, state.waits_for) for state in told.states if state.days is not None}
        assert waits == {state.value: (wait.days, wait.what) for state, wait in workflow.waits.items()}
    silent = next(state for state in guide.cases.states if state.name == "企业有意")
    step = next(step for step in silent.steps if step.to == "超时未答")
    assert (step.who, step.needs_reason) == (("审核员", "系统"), True)


@pytest.mark.parametrize(
    "entity",
    [
        Expert(id="ZJ-1", name="甲"),
        Platform(id="PT-1", name="乙"),
        Achievement(id="CG-1", type="论文", title="丙"),
    ],
    ids=lambda entity: entity.kind.value,
)
def test_shares_are_those_of_a_real_score(guide: Guide, entity: Entity) -> None:
    candidate = Candidate(entity=entity, text_score=5.0, votes=(), latest_year=None)
    parts = score_parts(candidate, MatchQuery(title="边裂", text=""), MatchConfig(), current_year=2026)
    whole = sum(part.weight for part in parts)
    told = {part.name: part.share_ratio[entity.kind] for part in guide.parts if entity.kind in part.share_ratio}
    assert told == pytest.approx({part.name: part.weight / whole for part in parts})
    assert guide.parts[0].label == "内容相近"
