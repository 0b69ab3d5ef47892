"""A small invented city with a published night, and everybody who works on it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from embeddings.snapshots.store import SnapshotStore
from recommender.domain.accounts import GRANTS, Actor, Permission, Reach, Role
from recommender.domain.cases import Case, Contract, Pair
from recommender.domain.entities import Achievement, Enterprise, Expert, Need, Platform
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.runs import MatchRun, RunState, Suggestion
from recommender.matching.config import MatchConfig
from recommender.matching.serving import IndexServer
from recommender.services.review.cases import CaseService, Choice
from recommender.services.review.explaining import MatchExplainer
from recommender.services.review.figures import FigureService
from recommender.services.review.needs import NeedService
from recommender.services.review.options import ReviewSettings
from recommender.services.review.outcomes import OutcomeService
from recommender.services.review.queue import QueueService
from recommender.services.review.timers import TimerService
from recommender.services.review.tracking import TrackingService
from recommender.services.review.undo import UndoService
from recommender.services.review.waiting import WaitingService
from recommender.services.review.wishes import Shows, WishService
from recommender.store import Database, UnitOfWork

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
RUN = "20261128T010000-abc123"

STEEL = Enterprise(code="91320582TEST000001", name="江岸薄板", town="北港镇", industry_chain="冶金新材料")
CLOTH = Enterprise(code="91320582TEST000002", name="云织化纤", town="南塘镇", industry_chain="纺织")

NEEDS = (
    Need(
        id="XQ-1",
        title="薄板边裂",
        description="边部开裂",
        enterprise_code=STEEL.code,
        industry_chain="冶金新材料",
    ),
    Need(
        id="XQ-2",
        title="吸湿排汗",
        description="洗后速干",
        enterprise_code=CLOTH.code,
        deadline=date(2026, 12, 31),
    ),
    Need(id="XQ-3", title="无主之需", description="还没有企业认领"),
)
EXPERTS = tuple(
    Expert(id=f"ZJ-{n}", name=f"某专家{n}", organisation="江南研究院", capacity=2 if n == 1 else None)
    for n in range(1, 6)
)
PLATFORM = Platform(id="PT-1", name="轧制中心", host_organisation="江南研究院")
ACHIEVEMENT = Achievement(id="LW-1", type="论文", title="边裂抑制", organisation="江南研究院")

OFFICER = Actor(
    id="officer-1",
    role=Role.OFFICER,
    permissions=GRANTS[Role.OFFICER],
    reach=Reach(whole_city=True),
)
OTHER = Actor(id="officer-2", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(whole_city=True))
NORTH = Actor(
    id="officer-north",
    role=Role.OFFICER,
    permissions=GRANTS[Role.OFFICER],
    reach=Reach(towns=frozenset({"北港镇"})),
)
FIRM = Actor(id="firm-1", role=Role.ENTERPRISE, permissions=GRANTS[Role.ENTERPRISE], enterprise_code=STEEL.code)
PROGRAM = Actor(
    id="token-1",
    role=Role.SERVICE,
    permissions=frozenset({Permission.NEEDS_READ}),
    reach=Reach(whole_city=True),
)


def pair(need: str = "XQ-1", expert: str = "ZJ-1") -> Pair:
    return Pair(EntityKind.NEED, need, EntityKind.EXPERT, expert)


def without_index() -> MatchExplainer:
    """Explains nothing, since no index was built."""
    nowhere: Any = None
    index = IndexServer(SnapshotStore(Path("no-index")), nowhere, nowhere, MatchConfig(), today=NOON.date)
    return MatchExplainer(index, MatchConfig(), max_need_chars=1000, today=NOON.date)


@dataclass
class Clock:
    """Time that the tests move."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


@dataclass
class Desk:
    """Every service of review over one database."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    settings: ReviewSettings = field(default_factory=ReviewSettings)
    shows: Shows = lambda _actor, _pair: None

    def __post_init__(self) -> None:
        self.needs = NeedService(self.database, self.clock)
        self.cases = CaseService(self.database, self.settings, self.clock)
        self.undo = UndoService(self.database, self.settings, self.clock)
        self.wishes = WishService(self.database, self.settings, self.shows, self.clock)
        self.outcomes = OutcomeService(self.database, self.clock)
        self.queue = QueueService(self.database, self.settings, self.clock)
        self.tracking = TrackingService(
            self.database, self.queue, self.cases, without_index, settings=self.settings, now=self.clock
        )
        self.waiting = WaitingService(self.database, self.settings, self.clock)
        self.timers = TimerService(self.database, self.settings, self.clock)
        self.figures = FigureService(self.database, self.clock)

    def step(self, id: str, choice: Choice, actor: Actor = OFFICER) -> Case:
        """Decide on the version that is there now."""
        return self.cases.decide(actor, id, choice, version=self.cases.get(OFFICER, id).case.version)


def suggestion(source: Pair, position: int, score: float, run_id: str = RUN) -> Suggestion:
    return Suggestion(
        run_id=run_id,
        source_kind=source.source_kind,
        source_id=source.source_id,
        target_kind=source.target_kind,
        target_id=source.target_id,
        position=position,
        score=score,
        parts={"text": score},
        reason="研究方向相近",
        evidence_ids=("LW-1",),
    )


def fill(database: Database) -> None:
    """Store the city and a published night: five experts and a platform for each of the needs."""
    with database.write() as unit:
        unit.enterprises.upsert([STEEL, CLOTH])
        unit.needs.upsert(NEEDS)
        unit.experts.upsert(EXPERTS)
        unit.platforms.upsert([PLATFORM])
        unit.achievements.upsert([ACHIEVEMENT])
        publish(unit, RUN)


def publish(unit: UnitOfWork, run_id: str) -> None:
    """Store a run with its suggestions and let readers see it."""
    run = MatchRun(
        id=run_id,
        started_at=NOON,
        finished_at=None,
        state=RunState.RUNNING,
        snapshot_id="g-1",
        encoder_id="xiu",
        configuration_hash="c0ffee",
        n_sources=3,
    )
    unit.runs.start(run)
    for need in NEEDS:
        rows = [
            suggestion(pair(need.id, expert.id), n, 0.9 - 0.15 * n, run_id) for n, expert in enumerate(EXPERTS, 1)
        ]
        rows.append(suggestion(Pair(EntityKind.NEED, need.id, EntityKind.PLATFORM, "PT-1"), 1, 0.8, run_id))
        unit.runs.add(rows)
    unit.runs.add(
        [suggestion(Pair(EntityKind.ACHIEVEMENT, "LW-1", EntityKind.ENTERPRISE, STEEL.code), 1, 0.7, run_id)]
    )
    unit.runs.finish(run.id, RunState.DONE, NOON)
    unit.runs.publish(run.id, NOON, "test")


def contract(amount_wan: float | None = 50.0) -> Contract:
    return Contract(kind=ContractType.DEVELOPMENT, signed_on=date(2026, 11, 28), amount_wan=amount_wan)
