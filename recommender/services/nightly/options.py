"""What a night is asked to do, and how it reports on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from recommender.domain.kinds import EntityKind
from recommender.nightly.lists import AllocationPolicy
from recommender.nightly.sources import Scope


class NightStage(StrEnum):
    """Stages of a night, in order; the value is what a progress bar shows."""

    INDEX = "更新索引"
    PREPARE = "整理来源"
    ENCODE = "计算需求向量"
    CANDIDATES = "检索与排序"
    ALLOCATE = "分配名额"
    STORE = "保存推荐"
    PUBLISH = "发布"


NightProgress = Callable[[NightStage, int, int], None]
"""Told the stage, how much of it is done and how much there is."""


def silent(stage: NightStage, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class NightOptions:
    """How one night runs.

    Attributes:
        as_of: the day it stands for: needs past their deadline ask nothing, evidence ages from here.
        executor: who computes: ``serial``, ``processes`` or ``dask``.
        scheduler: address of the Dask scheduler, for ``dask`` alone.
        scope: which part of the city; a run about a part is kept for inspection and never published.
        refresh_index: whether the index is brought up to date first.
    """

    as_of: date
    executor: str = "serial"
    scheduler: str = ""
    scope: Scope = field(default_factory=Scope)
    refresh_index: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPreview:
    """What a night would be about: numbers of sources and of those that can be found."""

    as_of: date
    scope: str
    needs: int
    enterprises: int
    achievements: int
    experts: int
    platforms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSettings:
    """Numbers of the night.

    Attributes:
        depths: candidates kept for a source, by kind of target.
        policy: how lists are shared out.
        shard_size: sources in one shard.
        max_need_chars: of a need's text that are read.
        keep_runs: published runs that are kept, at least 2.
        n_threads: cores to use.
        max_attempts: tries that a shard gets before it is set aside.
        lease_seconds: after this long without a sign of life another runner may take over.
    """

    depths: dict[EntityKind, int]
    policy: AllocationPolicy
    shard_size: int
    max_need_chars: int
    keep_runs: int
    n_threads: int
    max_attempts: int
    lease_seconds: float
