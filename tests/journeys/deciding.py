"""Decisions and wishes put into the sample library as if officers and enterprises had made them."""

from collections.abc import Iterable
from datetime import timedelta

from recommender.bootstrap import Application
from recommender.domain.cases import Case, Pair
from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import Stance, Wish
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.store.unit_of_work import UnitOfWork
from tests.journeys import nights


def of_need(need_id: str, kind: EntityKind, target_id: str) -> Pair:
    """A need and somebody for it."""
    return Pair(EntityKind.NEED, need_id, kind, target_id)


def decide(application: Application, pairs: Iterable[Pair], state: CaseState) -> None:
    """Store a match of each in that state."""
    with application.database.write() as unit:
        for pair in pairs:
            assert unit.cases.open(_case(unit, pair, state))


def refuse(application: Application, pairs: Iterable[Pair]) -> None:
    """Let the enterprise say of each that it does not want it."""
    with application.database.write() as unit:
        for pair in pairs:
            before = unit.wishes.get(pair)
            wish = Wish(
                pair=pair,
                stance=Stance.UNWANTED,
                version=before.version + 1,
                reason=ReasonCode.FIELD,
                actor="test",
                at=nights.NOW + timedelta(minutes=before.version),
            )
            assert unit.wishes.put(wish)


def take_back(application: Application, pair: Pair) -> None:
    """Say nothing any more of a pair."""
    with application.database.write() as unit:
        before = unit.wishes.get(pair)
        wish = Wish(pair=pair, version=before.version + 1, actor="test", at=nights.NOW, undoes=before.version)
        assert unit.wishes.put(wish)


def _case(unit: UnitOfWork, pair: Pair, state: CaseState) -> Case:
    need = unit.needs.get(pair.source_id) if pair.source_kind is EntityKind.NEED else None
    return Case(
        id=pair.id,
        pair=pair,
        need_id="" if need is None else need.id,
        enterprise_code="" if need is None else need.enterprise_code,
        state=state,
        version=1,
        opened_at=nights.NOW,
        updated_at=nights.NOW,
    )
