"""Key figures for who may read them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import InvalidInput
from recommender.domain.figures import FigureGroup, FigureRequest, Figures
from recommender.review.figures import bounds, grouped
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_LABELLED: Final = frozenset({FigureGroup.OFFICER, FigureGroup.TOWN, FigureGroup.CHAIN})


class FigureService:
    """Use-cases of figures."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def read(self, actor: Actor, wanted: FigureRequest) -> list[Figures]:
        """The figures of every group that has any, of the matches that the actor sees.

        Raises:
            Forbidden: the actor may not read figures.
            InvalidInput: the period ends before it begins.
        """
        actor.require(Permission.FIGURES_READ)
        require_period(wanted)
        with self._database.read() as unit:
            return read_figures(unit, actor, wanted, local_offset(self._now()))


def read_figures(unit: UnitOfWork, actor: Actor, wanted: FigureRequest, offset: timedelta) -> list[Figures]:
    """The same in a unit that is open; ``offset`` is that of local time from UTC."""
    labels = [wanted.group] if wanted.group in _LABELLED else []
    since, until = bounds(wanted.since, wanted.until, offset)
    cases = unit.figures.times(actor, wanted, labels, since=since, until=until)
    payments = unit.figures.payments(actor, wanted, labels)
    return grouped(cases, payments, wanted.group, since=since, until=until, offset=offset)


def require_period(wanted: FigureRequest) -> None:
    """Refuse a period without days.

    Raises:
        InvalidInput: it ends before it begins.
    """
    if wanted.since is not None and wanted.until is not None and wanted.until <= wanted.since:
        raise InvalidInput("review.figures_period", since=wanted.since, until=wanted.until)


def local_offset(now: datetime) -> timedelta:
    """How far local time is from UTC."""
    return now.astimezone().utcoffset() or timedelta()
