"""What an officer looks at before deciding: read from the index that made the suggestion, at one moment."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.cases import Pair
from recommender.domain.entities import Expert, Need
from recommender.domain.errors import Forbidden, NotFound
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.match import ExclusionCode
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.messages import EXPLAINED
from recommender.services.review.cases import Choice
from tests.journeys import nights
from tests.review.city import OFFICER

FIRM = Actor(id="firm", role=Role.ENTERPRISE, permissions=GRANTS[Role.ENTERPRISE], enterprise_code="x")
ELSEWHERE = replace(OFFICER, reach=Reach(towns=frozenset({"没有这个镇"})))


@pytest.fixture(scope="module")
def night(
    after_a_night: Path, sample_application: Application, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    application = nights.copied(after_a_night, tmp_path_factory.mktemp("dossiers") / "var")
    application.encoder = sample_application.encoder
    yield application
    application.database.close()


def waiting(application: Application, kind: EntityKind = EntityKind.EXPERT) -> list[CaseLine]:
    wanted = CaseFilter(view=CaseView.UNREVIEWED, target_kind=kind)
    return list(application.queue.page(OFFICER, wanted, PageRequest(limit=20)).items)


@pytest.mark.parametrize("kind", [EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT])
def test_a_suggestion_says_why_from_the_index_that_made_it(night: Application, kind: EntityKind) -> None:
    line = waiting(night, kind)[0]
    found = night.dossiers.get(OFFICER, line.case.id)
    explained = night.explanations.explain(OFFICER, line.case.pair.source_id, source_kind=EntityKind.NEED)
    (of_kind,) = [item for item in explained.lists if item.kind is kind]
    assert found.match in of_kind.matches
    assert found.notes == ()
    assert isinstance(found.source, Need)
    assert found.source.title == line.source_name
    assert found.target is not None
    assert found.target.name == line.target_name
    assert found.owner is not None
    assert found.owner.code == line.case.enterprise_code
    assert found.standing.exclusion is None
    assert found.siblings == {}


def test_persons_are_masked_in_all_that_is_said(night: Application) -> None:
    line = waiting(night)[0]
    with night.database.read() as unit:
        expert = unit.experts.get(line.case.pair.target_id)
    assert expert is not None
    found = night.dossiers.get(OFFICER, line.case.id)
    assert found.match is not None
    said = [found.match.name, *(reason.text for reason in found.match.reasons)]
    said += [text for item in found.match.evidence for text in (item.title, item.text)]
    assert all(expert.name not in text for text in said)
    assert found.target is not None
    assert found.target.name.endswith("*")


def test_places_consents_and_what_was_decided_beside(night: Application) -> None:
    first, second, third = waiting(night)[:3]
    assert first.case.need_id == second.case.need_id == third.case.need_id
    night.cases.decide_and_push(OFFICER, second.case.id, Choice(to=CaseState.CONFIRMED), version=0)
    choice = Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD)
    night.cases.decide(OFFICER, third.case.id, choice, version=0)
    expert_id = second.case.pair.target_id
    with night.database.write() as unit:
        expert = unit.experts.get(expert_id)
        assert isinstance(expert, Expert)
        unit.experts.upsert([replace(expert, capacity=3, n_active_engagements=1)])
    assert night.dossiers.get(OFFICER, first.case.id).siblings == {CaseState.REJECTED: 1, CaseState.PUSHED: 1}
    own = night.dossiers.get(OFFICER, second.case.id)
    assert (own.standing.capacity, own.standing.n_engaged, own.standing.n_asked) == (3, 1, 0)
    assert [state.allowed for state in own.standing.consents] == [True, True, False]
    pair = Pair(EntityKind.ENTERPRISE, first.case.enterprise_code, EntityKind.EXPERT, expert_id)
    other = night.cases.propose(OFFICER, pair)
    proposed = night.dossiers.get(OFFICER, other.id)
    assert proposed.standing.n_asked == 1
    assert proposed.match is not None
    assert proposed.notes == (EXPLAINED["proposed"],)


def test_who_may_not_be_proposed_now_is_explained_and_told(night: Application) -> None:
    line = waiting(night)[-1]
    with night.database.write() as unit:
        expert = unit.experts.get(line.case.pair.target_id)
        assert expert is not None
        unit.experts.upsert([replace(expert, willingness=Willingness.PAUSED)])
    found = night.dossiers.get(OFFICER, line.case.id)
    assert found.standing.exclusion is ExclusionCode.PAUSED
    assert found.match is not None
    assert line.case.shown is not None
    assert found.match.score == line.case.shown.score


def test_what_changed_since_is_said(night: Application) -> None:
    line = waiting(night, EntityKind.PLATFORM)[-1]
    with night.database.write() as unit:
        need = unit.needs.get(line.case.need_id)
        assert need is not None
        unit.needs.upsert([replace(need, title="另一件事", description="与从前全不相干")])
    found = night.dossiers.get(OFFICER, line.case.id)
    assert found.notes == (EXPLAINED["changed"],)
    assert found.match is not None
    assert line.case.shown is not None
    assert found.match.score == line.case.shown.score


def test_without_the_index_the_rest_is_shown(night: Application) -> None:
    line = waiting(night, EntityKind.ACHIEVEMENT)[-1]
    night.cases.claim(OFFICER, line.case.id, version=0)
    gone = replace(line.case, shown=replace(line.case.shown, snapshot_id="20200101T000000-000"))  # type: ignore[type-var]
    with night.database.write() as unit:
        present = unit.cases.get(line.case.id)
        assert present is not None
        assert unit.cases.put(replace(present, shown=gone.shown), before=present.version)
    found = night.dossiers.get(OFFICER, line.case.id)
    assert found.match is None
    assert len(found.notes) == 1
    assert found.case.shown is not None
    assert found.target is not None


def test_dossiers_are_for_who_reviews_and_reaches(night: Application) -> None:
    line = waiting(night)[0]
    with pytest.raises(Forbidden):
        night.dossiers.get(FIRM, line.case.id)
    with pytest.raises(NotFound):
        night.dossiers.get(ELSEWHERE, line.case.id)
    with pytest.raises(NotFound):
        night.dossiers.get(OFFICER, "need!XQ-0!expert!ZJ-0")
