"""What is due or overdue, said once for each time that it is expected."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.accounts import Actor
from recommender.domain.cases import Subject
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.reminders import Reminder
from recommender.store import tables
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES
from recommender.store.columns import EnumText, UtcDateTime
from recommender.store.keyset import beyond, ordering
from recommender.store.mapping import NEEDS
from recommender.store.part import UnitPart
from recommender.store.progress import PROGRESS
from recommender.store.visibility import need_visible

_REMINDERS: Final[Table] = tables.Base.metadata.tables["reminder"]
_TAKEN: Final = ("subject", "subject_id", "due_at", "due", "overdue", "at")
_SUBJECT: Final = EnumText(Subject)
_INSTANT: Final = UtcDateTime()


class ReminderRepository(UnitPart):
    """Reminders. One whose need or match has moved on since is no longer shown."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def remind(self, now: datetime, until: datetime) -> int:
        """Remind of all that is expected before ``until`` or overdue ``now``; how many reminders are new."""
        self._require_write()
        n_new = 0
        for found in (
            _due(CASES, Subject.CASE, "id", now, until),
            _due(PROGRESS, Subject.NEED, "need_id", now, until),
        ):
            dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
            statement = dialect.insert(_REMINDERS).from_select(list(_TAKEN), found).on_conflict_do_nothing()
            counted = statement.execution_options(preserve_rowcount=True)
            n_new += self._connection.execute(counted).rowcount
        return n_new

    def forget(self, before: datetime) -> int:
        """Delete reminders given before that moment; how many there were."""
        return self._connection.execute(delete(_REMINDERS).where(_REMINDERS.c.at < before)).rowcount

    def page(
        self, actor: Actor, request: PageRequest, *, overdue: bool | None = None, mine: bool = False
    ) -> Page[Reminder]:
        """Reminders that still hold, for who the actor is, longest due first.

        Args:
            overdue: only those, or only the others; all by default.
            mine: only of the matches that are the actor's own.

        Raises:
            InvalidInput: a cursor of another list, or an order that reminders do not have.
        """
        request.order(("due",))
        of_cases = _cases(actor, mine=mine)
        shown = (of_cases if mine else union_all(of_cases, _needs(actor))).subquery()
        order = [(shown.c.due_at, False), (shown.c.number, False)]
        statement = select(shown).order_by(*ordering(order)).limit(request.limit + 1)
        if overdue is not None:
            statement = statement.where(shown.c.overdue == overdue)
        after = request.after(str, int)
        if after is not None:
            statement = statement.where(beyond(order, (datetime.fromisoformat(str(after[0])), after[1])))
        rows = [Reminder(**row._mapping) for row in self._connection.execute(statement)]
        last = rows[request.limit - 1] if len(rows) > request.limit else None
        cursor = cursor_of(request, (last.due_at.isoformat(), last.number)) if last else ""
        return Page(tuple(rows[: request.limit]), cursor)


def _due(table: Table, subject: Subject, key: str, now: datetime, until: datetime) -> Select[Any]:
    """What is expected, as rows of reminders. The condition also tells SQLite where the SELECT ends."""
    overdue = (table.c.due_at <= literal(now, _INSTANT)).cast(Boolean)
    columns = (
        literal(subject, _SUBJECT),
        table.c[key],
        table.c.due_at,
        table.c.due,
        overdue,
        literal(now, _INSTANT),
    )
    return select(*columns).where(table.c.due_at.is_not(None), table.c.due_at < until)


def _shown(officer: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    columns = _REMINDERS.c
    return (
        columns.number,
        columns.subject,
        columns.subject_id,
        officer.label("officer"),
        columns.due_at,
        columns.due,
        columns.overdue,
        columns.at,
    )


def _cases(actor: Actor, *, mine: bool) -> Select[Any]:
    holds = and_(
        _REMINDERS.c.subject == Subject.CASE,
        _REMINDERS.c.subject_id == CASES.c.id,
        _REMINDERS.c.due_at == CASES.c.due_at,
    )
    statement = select(*_shown(CASES.c.officer)).join(CASES, holds).where(case_visible(actor))
    return statement.where(CASES.c.officer == actor.id) if mine else statement


def _needs(actor: Actor) -> Select[Any]:
    holds = and_(
        _REMINDERS.c.subject == Subject.NEED,
        _REMINDERS.c.subject_id == PROGRESS.c.need_id,
        _REMINDERS.c.due_at == PROGRESS.c.due_at,
    )
    nobody = literal("").label("officer")
    statement = select(*_shown(nobody)).join(PROGRESS, holds).join(NEEDS.table, NEEDS.key == PROGRESS.c.need_id)
    return statement.where(need_visible(actor))
