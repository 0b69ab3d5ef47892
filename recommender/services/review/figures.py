"""Key figures for who may read them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import InvalidInput
from recommender.domain.figures import FigureRequest, Figures
from recommender.store.database import Database


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
        if wanted.since is not None and wanted.until is not None and wanted.until <= wanted.since:
            raise InvalidInput("review.figures_period", since=wanted.since, until=wanted.until)
        offset = self._now().astimezone().utcoffset() or timedelta()
        with self._database.read() as unit:
            return unit.figures.read(actor, wanted, offset)
