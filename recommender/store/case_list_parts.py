"""What lists of matches are made of: where their parts stand in a statement, and who may be proposed now."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from recommender.domain.case_lists import CaseFilter
from recommender.domain.cases import Shown
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.runs import MatchRun
from recommender.domain.workflow import RUNNING_CASE_STATES
from recommender.store import tables
from recommender.store.cases import CASES
from recommender.store.conditions import text_contains
from recommender.store.mapping import ACHIEVEMENTS, ENTERPRISES, EXPERTS, NEEDS, PLATFORMS
from recommender.store.values import is_storable
from recommender.store.wishes import WISHES

RUNS: Final = tables.Base.metadata.tables["match_run"]
SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"]
_SUGGESTED: Final = SUGGESTIONS.c
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_EXPERT: Final = EXPERTS.table.c
_PLATFORM: Final = PLATFORMS.table.c
_ACHIEVEMENT: Final = ACHIEVEMENTS.table.c
_WISH: Final = WISHES.c
FAR: Final = datetime(9999, 12, 31, tzinfo=UTC)
LEAST: Final = -1.0
"""Score of a match that nobody was shown: behind all others."""
SHOWN: Final = (
    "source_kind",
    "source_id",
    "target_kind",
    "target_id",
    "position",
    "score",
    "parts",
    "reason",
    "evidence_ids",
)
"""Columns of a suggestion that a list shows, there with ``shown_`` in front."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a match stand in a statement."""

    source_kind: ColumnElement[Any]
    target_kind: ColumnElement[Any]
    target_id: ColumnElement[Any]
    need_id: ColumnElement[Any]
    enterprise_code: ColumnElement[Any]
    industry_chain: ColumnElement[Any]
    score: ColumnElement[Any]
    source_id: ColumnElement[Any]
    texts: tuple[ColumnElement[str], ...]


def conditions(wanted: CaseFilter, of: Columns, dialect: Dialect) -> list[ColumnElement[bool]]:
    """The conditions of a filter on a statement whose parts stand there."""
    equal = (
        (of.source_kind, wanted.source_kind),
        (of.target_kind, wanted.target_kind),
        (of.target_id, wanted.target_id),
        (of.need_id, wanted.need_id),
        (of.enterprise_code, wanted.enterprise_code),
        (CASES.c.officer, wanted.officer),
    )
    found = [column == value for column, value in equal if value]
    if wanted.town:
        found.append(text_contains(_OWNER.town, wanted.town, dialect))
    if wanted.industry_chain:
        found.append(text_contains(of.industry_chain, wanted.industry_chain, dialect))
    if wanted.states:
        found.append(CASES.c.state.in_(sorted(wanted.states)))
    if wanted.min_score is not None and math.isfinite(wanted.min_score):
        found.append(of.score >= wanted.min_score)
    if wanted.max_score is not None and math.isfinite(wanted.max_score):
        found.append(of.score < wanted.max_score)
    if wanted.due_after is not None:
        found.append(CASES.c.due_at >= wanted.due_after)
    if wanted.due_before is not None:
        found.append(CASES.c.due_at < wanted.due_before)
    if wanted.text:
        found.append(_holds(of, wanted.text, dialect))
    return found


def _holds(of: Columns, text: str, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a match is about something of that name or id.

    Experts are found by id alone: a list that can be searched by full names tells who stands behind a mask.
    """
    if not is_storable(text):
        return false()
    titles = select(_ACHIEVEMENT.id).where(text_contains(_ACHIEVEMENT.title, text, dialect))
    platforms = select(_PLATFORM.id).where(text_contains(_PLATFORM.name, text, dialect))
    return or_(
        *(column == text for column in (of.need_id, of.enterprise_code, of.source_id, of.target_id)),
        *(text_contains(column, text, dialect) for column in of.texts),
        and_(of.source_kind == EntityKind.ACHIEVEMENT, of.source_id.in_(titles)),
        and_(of.target_kind == EntityKind.ACHIEVEMENT, of.target_id.in_(titles)),
        and_(of.target_kind == EntityKind.PLATFORM, of.target_id.in_(platforms)),
    )


def _chain() -> ColumnElement[str]:
    """The need's chain where it says one, otherwise the enterprise's."""
    return func.coalesce(func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "")


def columns_of_suggestions(kind: EntityKind) -> Columns:
    of_need = kind is EntityKind.NEED
    return Columns(
        source_kind=_SUGGESTED.source_kind,
        target_kind=_SUGGESTED.target_kind,
        target_id=_SUGGESTED.target_id,
        need_id=_SUGGESTED.source_id if of_need else literal("", Text),
        enterprise_code=_OWNER.code,
        industry_chain=_chain() if of_need else _OWNER.industry_chain,
        score=_SUGGESTED.score,
        source_id=_SUGGESTED.source_id,
        texts=(_NEED.title, _OWNER.name) if of_need else (_OWNER.name,),
    )


STORED: Final = Columns(
    source_kind=CASES.c.source_kind,
    target_kind=CASES.c.target_kind,
    target_id=CASES.c.target_id,
    need_id=CASES.c.need_id,
    enterprise_code=CASES.c.enterprise_code,
    industry_chain=_chain(),
    score=CASES.c.score,
    source_id=CASES.c.source_id,
    texts=(_NEED.title, _OWNER.name),
)
ASKED: Final = Columns(
    source_kind=_WISH.source_kind,
    target_kind=_WISH.target_kind,
    target_id=_WISH.target_id,
    need_id=_WISH.source_id,
    enterprise_code=_OWNER.code,
    industry_chain=_chain(),
    score=_WISH.score,
    source_id=_WISH.source_id,
    texts=(_NEED.title, _OWNER.name),
)
BY_SOURCE: Final = {
    kind: columns_of_suggestions(kind)
    for kind in (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)
}


def running() -> Any:
    """How many running matches take a place of each expert."""
    inner = CASES.alias("running_case")
    statement = select(inner.c.target_id, func.count().label("n")).where(
        inner.c.target_kind == EntityKind.EXPERT, inner.c.state.in_(sorted(RUNNING_CASE_STATES))
    )
    return statement.group_by(inner.c.target_id).subquery("running")


def available(running: Any, dialect: Dialect) -> ColumnElement[bool]:
    """Whether an expert may be proposed now: the SQL twin of :mod:`recommender.matching.eligibility`."""
    n_taken = _EXPERT.n_active_engagements + func.coalesce(running.c.n, 0)
    # Lists are stored as they were written, so text will do.
    find = func.instr if dialect.name == "sqlite" else func.strpos
    avoided = cast(_EXPERT.avoided_enterprises, Text)
    return and_(
        _EXPERT.consent_withdrawn_on.is_(None),
        _EXPERT.willingness == Willingness.OPEN,
        or_(_EXPERT.capacity.is_(None), n_taken < _EXPERT.capacity),
        or_(_OWNER.code.is_(None), find(avoided, literal('"') + _OWNER.code + literal('"')) == 0),
    )


def same_pair(case: Any, other: Any) -> list[ColumnElement[bool]]:
    return [case[name] == other[name] for name in ("source_kind", "source_id", "target_kind", "target_id")]


def n_of(connection: Connection, statement: Select[Any], most: int) -> int:
    """How many rows a statement has, ``most`` where there are at least as many."""
    found = statement.with_only_columns(literal(1), maintain_column_froms=True).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(found)).scalar_one()


def number_of(run: MatchRun) -> Any:
    """What rows of suggestions call a run."""
    return select(RUNS.c.number).where(RUNS.c.id == run.id).scalar_subquery()


def shown_of_row(row: Any, run: MatchRun) -> Shown:
    """What a row with the columns of :data:`SHOWN` shows."""
    values = {name: row._mapping[f"shown_{name}"] for name in SHOWN}
    return Shown(
        run_id=run.id,
        snapshot_id=run.snapshot_id,
        encoder_id=run.encoder_id,
        configuration_hash=run.configuration_hash,
        position=values["position"],
        score=values["score"],
        parts=values["parts"],
        reason=values["reason"],
        evidence_ids=values["evidence_ids"],
    )


def instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return FAR
    return found if found.tzinfo else found.replace(tzinfo=UTC)
