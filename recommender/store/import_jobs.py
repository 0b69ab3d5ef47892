"""Imports under way: kept and found again by whoever works on them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, select, update

from recommender.domain.import_jobs import BUSY, OPEN, ImportJob, ImportMode, JobOptions
from recommender.domain.jobs import JobFault
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_JOBS: Final[Table] = tables.Base.metadata.tables["import_job"]
_BUSY: Final = tuple(BUSY.values())


class ImportJobRepository(UnitPart):
    """Imports by id."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, job: ImportJob) -> None:
        """Add an import.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        self._connection.execute(insert(_JOBS), _row(job))

    def put(self, job: ImportJob) -> None:
        """Put an import in the place of the one of that id.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        self._connection.execute(update(_JOBS).where(_JOBS.c.id == job.id).values(**_row(job)))

    def remove(self, job_id: str) -> None:
        """Forget an import."""
        self._require_write()
        self._connection.execute(delete(_JOBS).where(_JOBS.c.id == job_id))

    def get(self, job_id: str) -> ImportJob | None:
        """One import; in a unit that writes it stays locked until the end."""
        statement = select(_JOBS).where(_JOBS.c.id == job_id)
        if self._writable:
            statement = statement.with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _job(row)

    def of_batch(self, batch_id: str, owner: str) -> ImportJob | None:
        """The import of an account that wrote a batch or takes it back."""
        statement = select(_JOBS).where(_JOBS.c.batch == batch_id, _JOBS.c.owner == owner)
        row = self._connection.execute(statement.order_by(_JOBS.c.number.desc()).limit(1)).one_or_none()
        return None if row is None else _job(row)

    def open_of(self, owner: str, limit: int) -> list[ImportJob]:
        """What an account has still to bring to an end, newest first."""
        statement = select(_JOBS).where(_JOBS.c.owner == owner, _JOBS.c.state.in_(tuple(OPEN)))
        return self._listed(statement.order_by(_JOBS.c.number.desc()).limit(limit))

    def waiting(self) -> list[ImportJob]:
        """Imports whose task nobody works on, longest wait first."""
        return self._listed(select(_JOBS).where(_is_busy(), _JOBS.c.claimed_at.is_(None)).order_by(_order()))

    def claimed(self) -> list[ImportJob]:
        """Imports that somebody works on, or did when their process died."""
        return self._listed(select(_JOBS).where(_is_busy(), _JOBS.c.claimed_at.is_not(None)).order_by(_order()))

    def older(self, before: datetime) -> list[ImportJob]:
        """Imports that nobody works on and nothing was done with since."""
        condition = and_(_JOBS.c.updated_at < before, _JOBS.c.state.not_in(_BUSY))
        return self._listed(select(_JOBS).where(condition).order_by(_JOBS.c.number))

    def ids(self) -> set[str]:
        """The ids of all imports."""
        return set(self._connection.execute(select(_JOBS.c.id)).scalars())

    def _listed(self, statement: Any) -> list[ImportJob]:
        return [_job(row) for row in self._connection.execute(statement)]


def _is_busy() -> ColumnElement[bool]:
    return _JOBS.c.state.in_(_BUSY)


def _order() -> ColumnElement[int]:
    return _JOBS.c.updated_at


def _row(job: ImportJob) -> dict[str, Any]:
    row = asdict(job)
    check_row(row, kind="导入", id=job.id)
    return row


def _job(row: Row[Any]) -> ImportJob:
    values = {name: value for name, value in row._mapping.items() if name != "number"}
    options, fault = values.pop("options"), values.pop("fault")
    mode, mapping = ImportMode(options.pop("mode")), tuple(options.pop("mapping"))
    return ImportJob(
        **values,
        options=JobOptions(**options, mode=mode, mapping=mapping),
        fault=None if fault is None else JobFault(**fault),
    )
