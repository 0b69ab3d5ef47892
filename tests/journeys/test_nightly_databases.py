"""One whole story of nights on SQLite and on PostgreSQL; what is suggested is the same on both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.errors import Conflict
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import RunState
from recommender.nightly.carrying import Why
from recommender.services.nightly.options import NightStage
from recommender.settings import Settings
from tests.conftest import import_samples
from tests.journeys import nights
from tests.journeys.deciding import of_need, refuse
from tests.journeys.test_nightly_resumed import stopped
from tests.journeys.test_nightly_same import (
    N_SOURCES,
    assert_worked_on,
    change_expert,
    change_need_without_a_word,
)
from tests.store.conftest import backend, cluster, template, template_file, url

__all__ = ["backend", "cluster", "template", "template_file", "url"]


@pytest.fixture
def application(
    url: str, before_any_night: Path, sample_application: Application, tmp_path: Path
) -> Iterator[Application]:
    """The sample library in that database, with an index."""
    var_dir = tmp_path / "var"
    shutil.copytree(before_any_night / "snapshots", var_dir / "snapshots")
    built = Application(Settings(var_dir=var_dir, database_url=url, shard_size=nights.SHARD_SIZE))
    built.encoder = sample_application.encoder
    import_samples(built)
    yield built
    built.database.close()


def test_three_nights(application: Application, undisturbed: str) -> None:
    # The first is stopped twice and goes on in other processes.
    stopped(application, NightStage.CANDIDATES, 5)
    stopped(application, NightStage.STORE, 4, resume=True)
    assert nights.published(application) is None
    first = nights.run(application, resume=True, executor="processes")
    assert first.state is RunState.DONE
    assert nights.content(application, first.id) == undisturbed

    # The second works on two sources: one says something else, and one does not want somebody.
    change_need_without_a_word(application)
    with application.database.read() as unit:
        unwanted = unit.runs.suggestions(None, "XQ2026001", EntityKind.PLATFORM)[0].target_id
    refuse(application, [of_need("XQ2026001", EntityKind.PLATFORM, unwanted)])
    second = nights.run(application)
    assert_worked_on(second, {Why.CHANGED: 2})
    with application.database.read() as unit:
        platforms = [each.target_id for each in unit.runs.suggestions(None, "XQ2026001", EntityKind.PLATFORM)]
    assert unwanted not in platforms
    assert len(platforms) == 10
    assert nights.published(application) == second.id
    found = application.runs.digest(second.id, actor=Actor.trusted("test"))
    assert found.former_id == first.id
    assert {item.source_id for item in found.items} <= {"XQ2026001", "XQ2026004"}
    assert ("XQ2026001", unwanted) in {(item.source_id, item.target_id) for item in found.items}

    # A part is kept apart; an expert's change makes all be searched again.
    part = nights.run(application, scope=nights.part_of_the_city("来源=need"))
    with pytest.raises(Conflict):
        application.runs.publish(part.id, actor=Actor.trusted("test"))
    change_expert(application)
    third = nights.run(application)
    assert_worked_on(third, {Why.CATALOGUE: N_SOURCES})

    # Back and forth, and asked from either side.
    assert application.runs.roll_back(actor=Actor.trusted("test")).run_id == second.id
    assert application.runs.publish(third.id, actor=Actor.trusted("test")).previous_run_id == second.id
    with application.database.read() as unit:
        listed = unit.runs.suggestions(None, "XQ2026001", EntityKind.EXPERT)
        best = listed[0].target_id
        shown_to = unit.runs.suggestions(target_kind=EntityKind.EXPERT, target_id=best)
    assert [each.position for each in listed] == list(range(1, 11))
    assert listed[0] in shown_to
    # Of the four, three are kept by default.
    assert [line.run.id for line in application.runs.newest()] == [third.id, part.id, second.id]
