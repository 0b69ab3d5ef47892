"""Key figures, worked out by the database."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, func, literal, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.cases import Subject
from recommender.domain.figures import INTERVALS, STAGE_STATES, Days, FigureGroup, FigureRequest, Figures, Stage
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES
from recommender.store.columns import UtcDateTime
from recommender.store.conditions import text_contains
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.outcomes import FUNDING, OUTCOMES
from recommender.store.timeline import STEPS

_STAGES: Final = {state.value: stage for stage, state in STAGE_STATES.items()}
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_INSTANT: Final = UtcDateTime()
_SECONDS_A_DAY: Final = 86_400.0


class FigureRepository:
    """Figures of the matches that an actor may see."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, actor: Actor, wanted: FigureRequest, offset: timedelta) -> list[Figures]:
        """The figures of every group that has any, by key.

        Args:
            offset: of local time from UTC; days and months are local ones.
        """
        question = _Question(self._connection.dialect.name, wanted, offset)
        scope = [case_visible(actor), *self._conditions(wanted)]
        counts: defaultdict[str, dict[Stage, int]] = defaultdict(lambda: dict.fromkeys(Stage, 0))
        amounts: defaultdict[str, float] = defaultdict(float)
        for key, state, n, amount in self._connection.execute(question.counts(scope)):
            counts[key][_STAGES[state]] = n
            if _STAGES[state] is Stage.SIGNED:
                amounts[key] = amount or 0.0
        paid = {key: (funding, own) for key, funding, own in self._connection.execute(question.funding(scope))}
        days: defaultdict[str, dict[tuple[Stage, Stage], Days]] = defaultdict(dict)
        for key, earlier, later, n, median, p90 in self._connection.execute(question.days(scope)):
            days[key][_STAGES[earlier], _STAGES[later]] = Days(n, float(median), float(p90))
        return [
            Figures(
                key=key,
                counts=counts[key],
                amount_wan=amounts[key],
                funding_wan=paid.get(key, (0.0, 0.0))[0] or 0.0,
                enterprise_spending_wan=paid.get(key, (0.0, 0.0))[1] or 0.0,
                days=days[key],
            )
            for key in sorted({*counts, *paid})
        ]

    def _conditions(self, wanted: FigureRequest) -> list[ColumnElement[bool]]:
        dialect = self._connection.dialect
        found: list[ColumnElement[bool]] = []
        if wanted.town:
            found.append(text_contains(_OWNER.town, wanted.town, dialect))
        if wanted.industry_chain:
            found.append(text_contains(_chain(), wanted.industry_chain, dialect))
        if wanted.officer:
            found.append(CASES.c.officer == wanted.officer)
        return found


class _Question:
    """The statements of one request."""

    def __init__(self, dialect: str, wanted: FigureRequest, offset: timedelta) -> None:
        self._sqlite = dialect == "sqlite"
        self._wanted = wanted
        self._offset = offset
        self._first = _first_times()

    def counts(self, scope: list[ColumnElement[bool]]) -> Select[Any]:
        """Key, state, how many matches reached it first in the period, and what their contracts are worth."""
        first = self._first.c
        key = self._key(first.at)
        joined = _with_parties(self._first.join(CASES, CASES.c.id == first.subject_id))
        joined = joined.outerjoin(OUTCOMES, OUTCOMES.c.case_number == CASES.c.number)
        statement = select(key, first.to_state, func.count(), func.sum(OUTCOMES.c.amount_wan)).select_from(joined)
        return statement.where(*scope, *self._within(first.at)).group_by(key, first.to_state)

    def funding(self, scope: list[ColumnElement[bool]]) -> Select[Any, Any, Any]:
        """Key, what was paid in the period, and what enterprises spent for it."""
        key = self._key(FUNDING.c.paid_on, is_day=True)
        joined = _with_parties(FUNDING.join(CASES, CASES.c.number == FUNDING.c.case_number))
        sums = (func.sum(FUNDING.c.amount_wan), func.sum(FUNDING.c.enterprise_spending_wan))
        period = []
        if self._wanted.since is not None:
            period.append(FUNDING.c.paid_on >= self._wanted.since)
        if self._wanted.until is not None:
            period.append(FUNDING.c.paid_on < self._wanted.until)
        return select(key, *sums).select_from(joined).where(*scope, *period).group_by(key)

    def days(self, scope: list[ColumnElement[bool]]) -> Select[Any]:
        """Key, earlier and later state, number of matches, median and 90th percentile of the days between."""
        earlier, later = self._first.alias("earlier"), self._first.alias("later")
        ends = or_(
            *(
                and_(earlier.c.to_state == STAGE_STATES[one].value, later.c.to_state == STAGE_STATES[other].value)
                for one, other in INTERVALS
            )
        )
        joined = earlier.join(later, and_(later.c.subject_id == earlier.c.subject_id, ends))
        joined = _with_parties(joined.join(CASES, CASES.c.id == earlier.c.subject_id))
        days = self._days(earlier.c.at, later.c.at)
        key = self._key(later.c.at).label("key")
        group = (key, earlier.c.to_state, later.c.to_state)
        ranked = (
            select(
                key,
                earlier.c.to_state.label("earlier"),
                later.c.to_state.label("later"),
                days.label("days"),
                func.row_number().over(partition_by=group, order_by=days).label("rank"),
                func.count().over(partition_by=group).label("n"),
            )
            .select_from(joined)
            .where(*scope, *self._within(later.c.at), later.c.at >= earlier.c.at)
            .subquery()
        )
        c = ranked.c
        # Nearest rank: the smallest value with at least half, or nine tenths, of all at or below it.
        median = func.max(case((c.rank == (c.n + 1) // 2, c.days)))
        p90 = func.max(case((c.rank == (9 * c.n + 9) // 10, c.days)))
        statement = select(c.key, c.earlier, c.later, func.max(c.n), median, p90)
        return statement.group_by(c.key, c.earlier, c.later)

    def _key(self, at: ColumnElement[Any], *, is_day: bool = False) -> ColumnElement[str]:
        match self._wanted.group:
            case FigureGroup.OFFICER:
                return CASES.c.officer
            case FigureGroup.TOWN:
                return func.coalesce(_OWNER.town, "")
            case FigureGroup.CHAIN:
                return _chain()
            case FigureGroup.MONTH:
                return self._month(at, is_day=is_day)
        return literal("", Text)

    def _month(self, at: ColumnElement[Any], *, is_day: bool) -> ColumnElement[str]:
        seconds = 0 if is_day else int(self._offset.total_seconds())
        if self._sqlite:
            return func.strftime("%Y-%m", at, f"{seconds:+d} seconds", type_=Text())
        local = at if is_day else func.timezone("UTC", at) + literal(timedelta(seconds=seconds))
        return func.to_char(local, "YYYY-MM", type_=Text())

    def _days(self, earlier: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[Any]:
        if self._sqlite:
            return func.julianday(later) - func.julianday(earlier)
        return func.extract("epoch", later - earlier) / _SECONDS_A_DAY

    def _within(self, at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self._wanted.since is not None:
            found.append(at >= literal(self._instant(self._wanted.since), _INSTANT))
        if self._wanted.until is not None:
            found.append(at < literal(self._instant(self._wanted.until), _INSTANT))
        return found

    def _instant(self, day: date) -> datetime:
        """When a local day begins; the first and the last days that there are stay where they are."""
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        try:
            return begins - self._offset
        except OverflowError:
            return begins


def _first_times() -> Any:
    """When each match first reached each stage by a step that nobody took back."""
    undoing = STEPS.alias("taken_back")
    statement = (
        select(STEPS.c.subject_id, STEPS.c.to_state, func.min(STEPS.c.at, type_=_INSTANT).label("at"))
        .outerjoin(undoing, undoing.c.undoes == STEPS.c.number)
        .where(
            STEPS.c.subject == Subject.CASE,
            STEPS.c.undoes.is_(None),
            undoing.c.number.is_(None),
            STEPS.c.to_state.in_(sorted(_STAGES)),
        )
        .group_by(STEPS.c.subject_id, STEPS.c.to_state)
    )
    return statement.cte("first_time")


def _with_parties(joined: Any) -> Any:
    joined = joined.outerjoin(NEEDS.table, NEEDS.key == CASES.c.need_id)
    return joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == CASES.c.enterprise_code)


def _chain() -> ColumnElement[str]:
    """The need's chain where it says one, otherwise the enterprise's."""
    return func.coalesce(func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "")
