"""A small library under keys of its own, and a clock that tests set."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.entities import Enterprise, Expert, Need, Platform
from recommender.store import Database
from tests.keys import vault_in

JIA = Expert(
    id="ZJ-1001",
    name="张小三",
    organisation="江南示例大学",
    phone="13812345678",
    email="zhang.san@x.edu.cn",
    biography="张小三，教授。",
)
YI = Expert(id="ZJ-1002", name="李四", organisation="江南示例大学")
MILL = Enterprise(code="91320582000000000J", name="某钢厂", town="杨舍镇")
NEED = Need(id="XQ-1", title="边裂", description="联系 13900001111", enterprise_code=MILL.code)
LAB = Platform(id="PT-1", name="实验室", director="王五六")

OFFICER = Actor(
    id="officer", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(towns=frozenset({"杨舍镇"}))
)
FAR_OFFICER = Actor(
    id="far", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(towns=frozenset({"别处"}))
)
OWNER = Actor(id="owner", role=Role.ENTERPRISE, permissions=GRANTS[Role.ENTERPRISE], enterprise_code=MILL.code)
PROGRAM = Actor(id="program", role=Role.SERVICE, permissions=GRANTS[Role.SERVICE], reach=Reach(whole_city=True))


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'library.db'}", vault=vault_in(tmp_path))
    opened.upgrade()
    with opened.write() as unit:
        unit.experts.upsert([JIA, YI])
        unit.enterprises.upsert([MILL])
        unit.needs.upsert([NEED])
        unit.platforms.upsert([LAB])
    yield opened
    opened.close()
