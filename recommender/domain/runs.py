"""Runs of matching (批次): what they are, how their work is cut up, who may do it, and what readers see of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from recommender.domain.kinds import EntityKind


class RunState(StrEnum):
    """State of a match run (批次)."""

    RUNNING = "运行中"
    DONE = "完成"
    PARTIAL = "部分完成"
    """Ended, and some of its work was set aside; its report says which."""
    FAILED = "未完成"


class RunKind(StrEnum):
    """What started a run."""

    NIGHTLY = "夜间"
    MANUAL = "手动"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRun:
    """One batch of matching: which index, encoder and configuration produced its suggestions.

    Attributes:
        as_of: the day the run counts from, where that matters.
        scope: which part of the city it is for; ``""`` is all of it.
        inputs_hash: of everything that decides the result; equal hashes give equal suggestions.
        report: counts, figures and seconds, as JSON knows them.
    """

    id: str
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    snapshot_id: str
    encoder_id: str
    configuration_hash: str
    n_sources: int
    kind: RunKind = RunKind.MANUAL
    as_of: date | None = None
    scope: str = ""
    inputs_hash: str = ""
    report: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """推荐: one stored match, with what is needed to explain it later.

    ``parts`` maps part name to contribution; ``reason`` is the first reason's sentence.
    """

    run_id: str
    source_kind: EntityKind
    source_id: str
    target_kind: EntityKind
    target_id: str
    position: int
    score: float
    parts: dict[str, float]
    reason: str
    evidence_ids: tuple[str, ...]


SuggestionRow = tuple[str, str, str, str, int, float, str, str]
"""A suggestion as bulk work passes it: source kind and id, target kind and id, position, score, and as JSON the
parts (an object) and the evidence ids (a list). Kinds are plain values, such as ``"expert"``."""


class ShardStage(StrEnum):
    """What is done to a shard: first its candidates are found, then its suggestions are stored."""

    CANDIDATES = "候选"
    STORE = "写入"


class ShardState(StrEnum):
    """State of one stage of a shard."""

    PENDING = "待处理"
    DONE = "完成"
    QUARANTINED = "隔离"
    """Failed too often; the run ends without it and says so."""


@dataclass(frozen=True, slots=True)
class PendingShard:
    """A shard that is still to be done; ``attempts`` counts how often it was begun."""

    number: int
    attempts: int


@dataclass(frozen=True, slots=True)
class QuarantinedShard:
    """A shard that was set aside, with what its last attempt said."""

    stage: ShardStage
    number: int
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a stage of a run is, in shards."""

    n_shards: int
    n_done: int
    n_quarantined: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do something alone, until ``expires_at``.

    ``token`` is larger than that of every earlier holder: who comes with a smaller one was overtaken.
    """

    name: str
    holder: str
    token: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """The run that readers see, since when and by whom; ``previous_run_id`` is what a roll-back returns to."""

    run_id: str
    at: datetime
    actor: str
    previous_run_id: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """One change of the run that readers see.

    Attributes:
        run_id: what they saw from then on.
        replaced_run_id: what they had seen before, ``""`` where nothing was published or it was pruned since.
        is_rollback: whether it went back to what had been published before.
    """

    number: int
    run_id: str
    at: datetime
    actor: str
    replaced_run_id: str
    is_rollback: bool
