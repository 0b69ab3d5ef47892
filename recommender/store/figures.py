"""What key figures are summed from, as columns."""

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import Boolean, ColumnElement, Connection, Text, and_, false, func, select

from recommender.domain.accounts import Actor
from recommender.domain.case_times import CaseTimes, Labels, Payment
from recommender.domain.cases import Subject
from recommender.domain.figures import FigureGroup, FigureRequest, Refusal, Stage
from recommender.store.case_visibility import case_visible, case_visible_beside, with_owners, with_parties
from recommender.store.cases import CASES
from recommender.store.columns import listed
from recommender.store.conditions import text_contains
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.outcomes import FUNDING, OUTCOMES
from recommender.store.packing import packed, unpacked
from recommender.store.reach import REACH
from recommender.store.standing import STANDS, STEPS, joined_undoing

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
        dialect = self._connection.dialect
        numbers = (*(REACH.c[stage.value] for stage in Stage), OUTCOMES.c.amount_wan)
        columns = [packed(column, dialect) for column in numbers]
        statement = select(*columns, *(listed(LABELS[label], dialect) for label in labels))
        joined = REACH.join(CASES, CASES.c.number == REACH.c.case_number)
        joined = joined.outerjoin(OUTCOMES, OUTCOMES.c.case_number == REACH.c.case_number)
        statement = statement.select_from(with_parties(joined)).where(case_visible(actor), *self._fits(wanted))
        if math.isfinite(since):
            statement = statement.where(REACH.c.latest >= int(since))
        if math.isfinite(until):
            statement = statement.where(REACH.c.opened < int(until))
        blocks = self._connection.execute(statement.group_by(REACH.c.case_number // _BLOCK)).all()
        found: list[list[Any]] = [[block[n] for block in blocks] for n in range(len(numbers) + len(labels))]
        times, amounts, names = found[: len(Stage)], found[len(Stage)], found[len(numbers) :]
        return CaseTimes(
            reached={stage: unpacked(groups) for stage, groups in zip(Stage, times, strict=True)},
            amount_wan=np.nan_to_num(unpacked(amounts), nan=0.0),
            labels={label: _labels(groups) for label, groups in zip(labels, names, strict=True)},
        )

    def payments(self, actor: Actor, wanted: FigureRequest, labels: Sequence[FigureGroup] = ()) -> list[Payment]:
        """What was paid in the period, by day and labels, first to last."""
        joined = with_owners(FUNDING.join(CASES, CASES.c.number == FUNDING.c.case_number))
        key: tuple[ColumnElement[Any], ...] = (FUNDING.c.paid_on, *(LABELS[label] for label in labels))
        sums = (func.sum(FUNDING.c.amount_wan), func.sum(FUNDING.c.enterprise_spending_wan))
        statement = select(*sums, *key).select_from(joined).group_by(*key).order_by(*key)
        statement = statement.where(case_visible_beside(actor), *self._fits(wanted))
        statement = statement.where(*_days(FUNDING.c.paid_on, wanted))
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
        told = select(STEPS.c.subject_id, STEPS.c.reason, STEPS.c.by_system).select_from(joined_undoing())
        told = told.where(STEPS.c.subject == Subject.CASE, STEPS.c.reason.is_not(None), STANDS)
        if since is not None:
            told = told.where(STEPS.c.at >= since)
        if until is not None:
            told = told.where(STEPS.c.at < until)
        steps = told.cte("told").prefix_with("MATERIALIZED")
        key = (steps.c.reason, LABELS[FigureGroup.CHAIN], steps.c.by_system)
        joined = with_owners(steps.join(CASES, CASES.c.id == steps.c.subject_id))
        # As a value: given the conditions, SQLite would look through all steps for each match that fits.
        fits = func.coalesce(and_(case_visible_beside(actor), *self._fits(wanted)), false(), type_=Boolean())
        statement = select(*key, func.count()).select_from(joined).where(fits).group_by(*key)
        found = [Refusal(*row) for row in self._connection.execute(statement)]
        return sorted(found, key=lambda one: (-one.n, one.reason.value, one.chain, one.by_system))

    def _fits(self, wanted: FigureRequest) -> list[ColumnElement[bool]]:
        dialect = self._connection.dialect
        found: list[ColumnElement[bool]] = []
        if wanted.town:
            found.append(text_contains(_OWNER.town, wanted.town, dialect))
        if wanted.industry_chain:
            found.append(text_contains(LABELS[FigureGroup.CHAIN], wanted.industry_chain, dialect))
        if wanted.officer:
            found.append(CASES.c.officer == wanted.officer)
        return found


def _days(column: ColumnElement[date], wanted: FigureRequest) -> Iterable[ColumnElement[bool]]:
    if wanted.since is not None:
        yield column >= wanted.since
    if wanted.until is not None:
        yield column < wanted.until


def _labels(groups: Sequence[str]) -> Labels:
    codes: dict[str, int] = {}
    found = [codes.setdefault(name, len(codes)) for group in groups for name in json.loads(group)]
    return Labels(tuple(codes), np.array(found, dtype=np.intp))
