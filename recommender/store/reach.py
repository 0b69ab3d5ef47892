"""Keeps ``case_reach``: when each match first reached each stage, worked out anew from its steps at every one."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    cast,
    delete,
    func,
    insert,
    select,
)

from recommender.domain.cases import Subject
from recommender.domain.figures import STAGE_STATES, Stage
from recommender.store import tables
from recommender.store.standing import STANDS, STEPS, joined_undoing

REACH: Final[Table] = tables.Base.metadata.tables["case_reach"]
_CASES: Final = tables.Base.metadata.tables["match_case"].c


def refresh(connection: Connection, case_id: str) -> None:
    """Work one match out anew, after a step was added to it; the match itself is stored and locked already."""
    number = connection.execute(select(_CASES.number).where(_CASES.id == case_id)).scalar_one_or_none()
    if number is None:
        return
    connection.execute(delete(REACH).where(REACH.c.case_number == number))
    _insert(connection, _reached(connection).where(STEPS.c.subject_id == case_id))


def rebuild(connection: Connection) -> None:
    """Work every match out anew."""
    connection.execute(delete(REACH))
    _insert(connection, _reached(connection))


def _insert(connection: Connection, statement: Select[Any]) -> None:
    connection.execute(insert(REACH).from_select([column.name for column in REACH.c], statement))


def _reached(connection: Connection) -> Select[Any]:
    """Number, first time of each stage, and time of the last step, of every match that was decided on."""
    step = STEPS.c
    at = _seconds(connection, step.at)
    times = [func.min(case((step.to_state.in_(_values(stage)), at))) for stage in Stage]
    return (
        select(_CASES.number, *times, func.max(at))
        .select_from(joined_undoing())
        .join(tables.Base.metadata.tables["match_case"], _CASES.id == step.subject_id)
        .where(
            step.subject == Subject.CASE,
            STANDS,
            step.to_state.in_(_values(Stage.OPENED)),
        )
        .group_by(_CASES.number)
    )


def _values(stage: Stage) -> list[str]:
    return sorted(state.value for state in STAGE_STATES[stage])


def _seconds(connection: Connection, at: ColumnElement[Any]) -> ColumnElement[int]:
    """Whole seconds since 1970; parts of a second are cut off, so no step moves to another day."""
    if connection.dialect.name == "sqlite":
        return func.unixepoch(at, type_=BigInteger())
    return cast(func.floor(func.extract("epoch", at)), BigInteger)
