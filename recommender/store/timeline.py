"""The timeline of needs and matches: steps are added and read, never changed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, insert, select, update

from recommender.domain.cases import DecisionBatch, Subject, Transition
from recommender.domain.workflow import CaseState, NeedState
from recommender.store import reach, tables
from recommender.store.conditions import among
from recommender.store.part import UnitPart
from recommender.store.standing import STANDS, STEPS, UNDOING, joined_undoing
from recommender.store.values import check_row

_BATCHES: Final[Table] = tables.Base.metadata.tables["decision_batch"]


class TimelineRepository(UnitPart):
    """Steps of needs and matches, and the batches in which some were made."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, step: Transition) -> int:
        """Add a step; its number.

        Raises:
            InvalidData: a value cannot be stored, the subject has another step with that version, or the step
                that it takes back was taken back already.
        """
        self._require_write()
        row = asdict(step)
        del row["number"], row["undone_by"]
        row |= {"from_state": step.from_state.value, "to_state": step.to_state.value}
        check_row(row, kind=step.subject.value, id=step.subject_id)
        (number,) = self._connection.execute(insert(STEPS).returning(STEPS.c.number), row).one()
        if step.subject is Subject.CASE:
            reach.refresh(self._connection, step.subject_id)
        return int(number)

    def of(self, subject: Subject, subject_id: str) -> list[Transition]:
        """Every step of a need or a match, first to last."""
        own = (STEPS.c.subject == subject, STEPS.c.subject_id == subject_id)
        return self._load(_joined().where(*own).order_by(STEPS.c.number))

    def in_force(self, subject: Subject, subject_id: str) -> Transition | None:
        """The last step that was not taken back and takes nothing back, ``None`` where there is none."""
        own = (STEPS.c.subject == subject, STEPS.c.subject_id == subject_id)
        found = self._load(_joined().where(*own, STANDS).order_by(STEPS.c.number.desc()).limit(1))
        return found[0] if found else None

    def last_of(self, subject: Subject, subject_ids: Sequence[str]) -> dict[str, Transition]:
        """The step in force of each of a few subjects, by their ids; who has none is left out."""
        own = (STEPS.c.subject == subject, among(STEPS.c.subject_id, subject_ids, self._connection.dialect))
        found = self._load(_joined().where(*own, STANDS).order_by(STEPS.c.number))
        return {step.subject_id: step for step in found}

    def of_batch(self, batch_id: str) -> list[Transition]:
        """The steps of a batch, first to last."""
        return self._load(_joined().where(STEPS.c.batch_id == batch_id).order_by(STEPS.c.number))

    def start_batch(self, batch: DecisionBatch) -> None:
        """Record that steps are made together; they follow."""
        self._require_write()
        self._connection.execute(insert(_BATCHES), asdict(batch))

    def batch(self, batch_id: str) -> DecisionBatch | None:
        """A batch, locked in a unit that writes, or ``None``."""
        statement = select(_BATCHES).where(_BATCHES.c.id == batch_id)
        row = self._connection.execute(statement.with_for_update() if self._writable else statement).one_or_none()
        return None if row is None else DecisionBatch(**row._mapping)

    def mark_undone(self, batch_id: str, at: datetime) -> None:
        """Record that a batch was taken back."""
        self._require_write()
        self._connection.execute(update(_BATCHES).where(_BATCHES.c.id == batch_id).values(undone_at=at))

    def _load(self, statement: Select[Any]) -> list[Transition]:
        return [_step(row) for row in self._connection.execute(statement)]


def steps_of(row: Row[Any], prefix: str = "") -> Transition:
    """A step of a row that was selected with prefixed columns."""
    return _step_of({name: row._mapping[f"{prefix}{name}"] for name in (*STEPS.c.keys(), "undone_by")})


def step_columns(prefix: str = "") -> Sequence[Any]:
    """Columns of a step and the number of what took it back, of a row of :func:`joined_undoing`."""
    named = [column.label(f"{prefix}{column.name}") for column in STEPS.c]
    return [*named, UNDOING.c.number.label(f"{prefix}undone_by")]


def _joined() -> Select[Any]:
    return select(*step_columns()).select_from(joined_undoing())


def _step(row: Row[Any]) -> Transition:
    return _step_of(dict(row._mapping))


def _step_of(values: dict[str, Any]) -> Transition:
    states: type[NeedState] | type[CaseState] = NeedState if values["subject"] is Subject.NEED else CaseState
    ends = {name: states(values[name]) for name in ("from_state", "to_state")}
    return Transition(**{**values, **ends})
