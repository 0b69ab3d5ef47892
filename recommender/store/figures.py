"""What key figures are summed from, as columns."""

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, FromClause, Text, func, select

from recommender.domain.accounts import Actor
from recommender.domain.case_times import CaseTimes, Labels, Payment
from recommender.domain.cases import Subject
from recommender.domain.figures import FigureGroup, FigureRequest, Refusal, Stage
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES
from recommender.store.columns import listed
from recommender.store.conditions import text_contains
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.outcomes import FUNDING, OUTCOMES
from recommender.store.reach import REACH
from recommender.store.timeline import STEPS

_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_BLOCK: Final = 4096
"""Matches that the database hands over as one row of lists: a third less time than one row each on PostgreSQL,
and no list grows with the city."""

LABELS: Final[dict[FigureGroup, ColumnElement[str]]] = {
    FigureGroup.OFFICER: CASES.c.officer,
    FigureGroup.TOWN: func.coalesce(_OWNER.town, "", type_=Text()),
    # The need's chain where it says one, otherwise the enterprise's.
    FigureGroup.CHAIN: func.coalesce(
        func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "", type_=Text()
    ),
}


class FigureRepository:
    """Matches that an actor may see, as figures need them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def times(
        self,
        actor: Actor,
        wanted: FigureRequest,
        labels: Sequence[FigureGroup] = (),
        *,
        since: float = -math.inf,
        until: float = math.inf,
    ) -> CaseTimes:
        """When matches reached which stage.

        Args:
            wanted: whose; group and period of it are not looked at.
            labels: what they will be grouped by.
            since, until: seconds since 1970; matches to which nothing happened from then to then are left out,
                others are there with all of their times.
        """
        columns: list[ColumnElement[Any]] = [*(REACH.c[stage.value] for stage in Stage), OUTCOMES.c.amount_wan]
        columns += [LABELS[label] for label in labels]
        statement = select(*(listed(column, self._connection.dialect) for column in columns))
        joined = REACH.join(CASES, CASES.c.number == REACH.c.case_number)
        joined = joined.outerjoin(OUTCOMES, OUTCOMES.c.case_number == REACH.c.case_number)
        statement = statement.select_from(_with_parties(joined)).where(*self._scope(actor, wanted))
        if math.isfinite(since):
            statement = statement.where(REACH.c.latest >= int(since))
        if math.isfinite(until):
            statement = statement.where(REACH.c.opened < int(until))
        blocks = self._connection.execute(statement.group_by(REACH.c.case_number // _BLOCK)).all()
        lists = [[json.loads(block[n]) for block in blocks] for n in range(len(columns))]
        n_stages = len(Stage)
        return CaseTimes(
            reached={stage: _numbers(parts) for stage, parts in zip(Stage, lists, strict=False)},
            amount_wan=np.nan_to_num(_numbers(lists[n_stages]), nan=0.0),
            labels={label: _labels(parts) for label, parts in zip(labels, lists[n_stages + 1 :], strict=True)},
        )

    def payments(self, actor: Actor, wanted: FigureRequest, labels: Sequence[FigureGroup] = ()) -> list[Payment]:
        """What was paid in the period, by day and labels, first to last."""
        joined = FUNDING.join(CASES, CASES.c.number == FUNDING.c.case_number)
        key: tuple[ColumnElement[Any], ...] = (FUNDING.c.paid_on, *(LABELS[label] for label in labels))
        sums = (func.sum(FUNDING.c.amount_wan), func.sum(FUNDING.c.enterprise_spending_wan))
        statement = select(*sums, *key).select_from(_with_parties(joined)).group_by(*key).order_by(*key)
        statement = statement.where(*self._scope(actor, wanted), *_days(FUNDING.c.paid_on, wanted))
        return [
            Payment(
                paid_on=paid_on,
                amount_wan=amount,
                enterprise_spending_wan=spending,
                labels=dict(zip(labels, names, strict=True)),
            )
            for amount, spending, paid_on, *names in self._connection.execute(statement)
        ]

    def refusals(
        self, actor: Actor, wanted: FigureRequest, since: datetime | None, until: datetime | None
    ) -> list[Refusal]:
        """How often which reason was given between two instants, by chain; steps taken back do not count."""
        undoing = STEPS.alias("taken_back")
        told = select(STEPS.c.subject_id, STEPS.c.reason, STEPS.c.by_system).where(
            STEPS.c.subject == Subject.CASE, STEPS.c.reason.is_not(None), STEPS.c.undoes.is_(None)
        )
        told = told.outerjoin(undoing, undoing.c.undoes == STEPS.c.number).where(undoing.c.number.is_(None))
        if since is not None:
            told = told.where(STEPS.c.at >= since)
        if until is not None:
            told = told.where(STEPS.c.at < until)
        steps = told.cte("told").prefix_with("MATERIALIZED")
        key = (steps.c.reason, LABELS[FigureGroup.CHAIN], steps.c.by_system)
        joined = _with_parties(steps.join(CASES, CASES.c.id == steps.c.subject_id))
        statement = select(*key, func.count()).select_from(joined).group_by(*key)
        if not actor.reach.whole_city or wanted.town or wanted.industry_chain or wanted.officer:
            # As a set of ids: given the conditions, SQLite would look through all steps for each match that fits.
            seen = select(CASES.c.id).select_from(_with_parties(CASES)).where(*self._scope(actor, wanted))
            statement = statement.where(steps.c.subject_id.in_(seen.correlate(None)))
        found = [Refusal(*row) for row in self._connection.execute(statement)]
        return sorted(found, key=lambda one: (-one.n, one.reason.value, one.chain, one.by_system))

    def _scope(self, actor: Actor, wanted: FigureRequest) -> list[ColumnElement[bool]]:
        dialect = self._connection.dialect
        found = [case_visible(actor)]
        if wanted.town:
            found.append(text_contains(_OWNER.town, wanted.town, dialect))
        if wanted.industry_chain:
            found.append(text_contains(LABELS[FigureGroup.CHAIN], wanted.industry_chain, dialect))
        if wanted.officer:
            found.append(CASES.c.officer == wanted.officer)
        return found


def _with_parties(joined: FromClause) -> FromClause:
    """Matches beside the need and the enterprise that they are for."""
    joined = joined.outerjoin(NEEDS.table, NEEDS.key == CASES.c.need_id)
    return joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == CASES.c.enterprise_code)


def _days(column: ColumnElement[date], wanted: FigureRequest) -> Iterable[ColumnElement[bool]]:
    if wanted.since is not None:
        yield column >= wanted.since
    if wanted.until is not None:
        yield column < wanted.until


def _numbers(parts: Sequence[Sequence[float | None]]) -> npt.NDArray[np.float64]:
    arrays = [np.array(part, dtype=np.float64) for part in parts]
    return np.concatenate(arrays) if arrays else np.empty(0)


def _labels(parts: Sequence[Sequence[str]]) -> Labels:
    codes: dict[str, int] = {}
    found = [codes.setdefault(name, len(codes)) for part in parts for name in part]
    return Labels(tuple(codes), np.array(found, dtype=np.intp))
