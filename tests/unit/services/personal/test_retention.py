"""What has been kept long enough goes, once, and is written down."""

from datetime import timedelta

import pytest

from recommender.domain.accounts import Actor
from recommender.domain.errors import Forbidden
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest
from recommender.domain.personal import Activity
from recommender.services.personal.retention import KEPT, RetentionService
from recommender.services.personal.reveals import RevealService
from recommender.store import Database
from tests.unit.services.personal.conftest import JIA, OFFICER, Clock

ADMIN = Actor.trusted("job:night")
DAYS = dict.fromkeys(KEPT, 30) | {"reveals": 1095, "processing": 1095, "audit": 1095}


@pytest.fixture
def service(database: Database, clock: Clock) -> RetentionService:
    return RetentionService(database, clock, DAYS)


def counts(service: RetentionService, *, dry: bool = False) -> dict[str, int]:
    report = service.preview(ADMIN) if dry else service.run(ADMIN)
    return {line.name: line.n for line in report.lines if line.n}


def test_what_people_looked_at_is_kept_for_three_years(
    service: RetentionService, database: Database, clock: Clock
) -> None:
    RevealService(database, clock, minutes=30).reveal(OFFICER, EntityKind.EXPERT, JIA.id, "邀请参加对接会议")
    clock.forward(days=1095)
    assert counts(service) == {}
    clock.forward(seconds=1)
    assert counts(service, dry=True) == {"reveals": 1, "processing": 1, "audit": 1}
    with database.read() as unit:
        assert len(unit.reveals.of(EntityKind.EXPERT, JIA.id)) == 1, "a preview deletes nothing"
    assert counts(service) == {"reveals": 1, "processing": 1, "audit": 1}
    assert counts(service) == {}
    with database.read() as unit:
        assert unit.reveals.of(EntityKind.EXPERT, JIA.id) == []
        (line,) = unit.processing.page(PageRequest()).items
        (entry,) = unit.audit.tail(5)
    assert (line.activity, line.actor) == (Activity.RETENTION, "job:night")
    assert entry.detail == {"reveals": 1, "processing": 1, "audit": 1}


def test_each_kind_has_its_own_time(database: Database, clock: Clock) -> None:
    with database.write() as unit:
        for days in (1, 10):
            unit.audit.append(
                AuditEntry(
                    at=clock.now - timedelta(days=days), actor="a", action="test:line:add", target="", detail={}
                )
            )
    assert counts(RetentionService(database, clock, DAYS | {"audit": 5})) == {"audit": 1}


def test_who_may(service: RetentionService) -> None:
    for call in (service.run, service.preview):
        with pytest.raises(Forbidden):
            call(OFFICER)
