"""Who withdraws is gone from every result at once, and from the index with its next build."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.errors import NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import Listing
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.services.matching import MatchRequest
from tests.actors import TESTER
from tests.journeys import nights
from tests.unit.exchange.samples import csv_file

ADMIN = TESTER
EXPERTS = MatchRequest((EntityKind.EXPERT,), 100)
Withdraw = Callable[[Application, str, Path], None]


def by_word(application: Application, expert_id: str, _folder: Path) -> None:
    """Recorded in the ledger."""
    application.consents.record(
        ADMIN, expert_id, ConsentScope.RECOMMENDATION, ConsentDecision.WITHDRAWN, basis="本人来电"
    )


def by_file(application: Application, expert_id: str, folder: Path) -> None:
    """Told by a register."""
    with application.database.read() as unit:
        stored = unit.experts.get(expert_id)
    assert stored is not None
    rows = [
        ("专家编号", "姓名", "单位", "研究方向", "撤回同意日期"),
        (expert_id, stored.name, stored.organisation, "；".join(stored.research_fields), "2026-11-01"),
    ]
    assert application.imports.apply("experts", csv_file(folder, rows), actor=TESTER).applied


@pytest.fixture
def application(after_a_night: Path, tmp_path: Path, sample_application: Application) -> Iterator[Application]:
    copy = nights.copied(after_a_night, tmp_path / "var")
    copy.encoder = sample_application.encoder
    yield copy
    copy.database.close()


def index_holds(application: Application, expert_id: str) -> bool:
    """Whether the generation in use names an expert anywhere."""
    current = application.snapshots.current()
    assert current is not None
    folder = application.snapshots.folder(current)
    return any(expert_id.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("withdraw", [by_word, by_file])
def test_a_no_reaches_everything(application: Application, tmp_path: Path, withdraw: Withdraw) -> None:
    with application.database.read() as unit:
        published = unit.runs.published()
        assert published is not None
        suggested = unit.runs.suggestions(published.run_id, target_kind=EntityKind.EXPERT)
        shown = next(item for item in suggested if item.source_kind is EntityKind.NEED)
    expert_id, need_id = shown.target_id, shown.source_id
    assert index_holds(application, expert_id)
    withdraw(application, expert_id, tmp_path)
    with application.database.read() as unit:
        named = unit.runs.suggestions(published.run_id, target_kind=EntityKind.EXPERT, target_id=expert_id)
    assert named == []
    assert expert_id not in str(application.matching.match_need(ADMIN, need_id, EXPERTS))
    assert expert_id not in str(application.explanations.explain(ADMIN, need_id))
    listed = application.library.page(ADMIN, EntityKind.EXPERT, Listing(), PageRequest(limit=200))
    assert expert_id not in {expert.id for expert in listed.items}
    with pytest.raises(NotFound):
        application.library.get(ADMIN, EntityKind.EXPERT, expert_id)
    nights.run(application)
    assert not index_holds(application, expert_id)
    with application.database.read() as unit:
        tonight = unit.runs.published()
        assert tonight is not None
        assert tonight.run_id != published.run_id
        assert unit.runs.suggestions(tonight.run_id, target_kind=EntityKind.EXPERT, target_id=expert_id) == []
