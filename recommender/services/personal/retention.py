"""The use-case of retention: what has been kept long enough is deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.services.personal.messages import DEFAULT_PURPOSES, RETAINED
from recommender.store.database import Database
from recommender.store.retention import FORMER_CONTENT, PAYLOADS, PLACES

KEPT: Final = (*PLACES, FORMER_CONTENT, PAYLOADS)
"""What has a time after which it goes."""


@dataclass(frozen=True, slots=True)
class RetainedLine:
    """What became of one kind of data: kept for so many days, ``n`` items older than that."""

    name: str
    label: str
    days: int
    n: int


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What was deleted, or with ``is_dry`` would be."""

    at: datetime
    is_dry: bool
    lines: tuple[RetainedLine, ...]

    @property
    def total(self) -> int:
        """Of all kinds together."""
        return sum(line.n for line in self.lines)


class RetentionService:
    """Deletes old data; to run it again deletes nothing more.

    Args:
        days: for how long each of :data:`KEPT` is kept.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], days: Mapping[str, int]) -> None:
        assert set(days) == set(KEPT)
        self._database = database
        self._now = now
        self._days = dict(days)

    def preview(self, actor: Actor) -> RetentionReport:
        """What :meth:`run` would delete.

        Raises:
            Forbidden: the actor manages no persons.
        """
        actor.require(Permission.PERSONS_MANAGE)
        at = self._now()
        with self._database.read() as unit:
            lines = tuple(self._line(name, unit.retention.n_older(name, self._before(name, at))) for name in KEPT)
        return RetentionReport(at, is_dry=True, lines=lines)

    def run(self, actor: Actor) -> RetentionReport:
        """Delete what is older than it is kept, each kind in a transaction of its own.

        Raises:
            Forbidden: the actor manages no persons.
        """
        actor.require(Permission.PERSONS_MANAGE)
        at = self._now()
        lines = []
        for name in KEPT:
            with self._database.write() as unit:
                lines.append(self._line(name, unit.retention.drop(name, self._before(name, at))))
        report = RetentionReport(at, is_dry=False, lines=tuple(lines))
        if report.total:
            self._note(actor, report)
        return report

    def _before(self, name: str, at: datetime) -> datetime:
        return at - timedelta(days=self._days[name])

    def _line(self, name: str, n: int) -> RetainedLine:
        return RetainedLine(name, RETAINED[name], self._days[name], n)

    def _note(self, actor: Actor, report: RetentionReport) -> None:
        counts: dict[str, object] = {line.name: line.n for line in report.lines if line.n}
        with self._database.write() as unit:
            unit.audit.append(
                AuditEntry(
                    at=report.at, actor=actor.id, action="personal:retention:run", target="", detail=counts
                )
            )
            unit.processing.add(
                Processing(
                    at=report.at,
                    actor=actor.id,
                    activity=Activity.RETENTION,
                    purpose=DEFAULT_PURPOSES[Activity.RETENTION],
                    basis=LegalBasis.STATUTORY,
                    categories=tuple(line.label for line in report.lines if line.n),
                    n_persons=0,
                    detail=counts,
                )
            )
