"""Key figures, worked out by the database."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    Integer,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

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

_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_INSTANT: Final = UtcDateTime()
_FLOAT: Final = Float(53)
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
        scope = [case_visible(actor), *self._conditions(wanted)]
        question = _Question(self._connection.dialect.name, wanted, offset, scope)
        counts: defaultdict[str, dict[Stage, int]] = defaultdict(lambda: dict.fromkeys(Stage, 0))
        amounts: defaultdict[str, float] = defaultdict(float)
        paid: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        days: defaultdict[str, dict[tuple[Stage, Stage], Days]] = defaultdict(dict)
        for what, key, one, other, n, first, second in self._connection.execute(question.statement()):
            match what:
                case "counts":
                    counts[key][Stage(one)] = n
                    amounts[key] += first or 0.0 if one == Stage.SIGNED else 0.0
                case "funding":
                    paid[key] = (first or 0.0, second or 0.0)
                case _:
                    days[key][Stage(one), Stage(other)] = Days(n, first, second)
        return [
            Figures(
                key=key,
                counts=counts[key],
                amount_wan=amounts[key],
                funding_wan=paid[key][0],
                enterprise_spending_wan=paid[key][1],
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
    """The statement of one request.

    Matches are read once into one row each, with the first time of every stage beside what they are grouped by:
    a join of stages with each other is what PostgreSQL plans badly.
    """

    def __init__(
        self, dialect: str, wanted: FigureRequest, offset: timedelta, scope: list[ColumnElement[bool]]
    ) -> None:
        self._sqlite = dialect == "sqlite"
        self._wanted = wanted
        self._offset = offset
        self._cte = _matches(scope)
        self._matches: ReadOnlyColumnCollection[str, ColumnElement[Any]] = self._cte.c

    def statement(self) -> CompoundSelect[Any]:
        """What a row is about, its key, up to two stages, and up to three figures."""
        return union_all(self._counts(), self._funding(), self._time())

    def _counts(self) -> Select[Any]:
        """Key, stage, how many matches reached it first in the period, and what their contracts are worth."""
        reached = union_all(
            *(
                select(
                    self._key(self._matches[stage]).label("key"),
                    literal(stage.value, Text).label("stage"),
                    self._matches.amount_wan,
                ).where(self._matches[stage].is_not(None), *self._within(self._matches[stage]))
                for stage in Stage
            )
        ).subquery("reached")
        c = reached.c
        figures = (func.count(), func.sum(c.amount_wan), literal(None, _FLOAT))
        statement = select(literal("counts", Text), c.key, c.stage, literal("", Text), *figures)
        return statement.group_by(c.key, c.stage)

    def _funding(self) -> Select[Any]:
        """Key, what was paid in the period, and what enterprises spent for it."""
        key = self._key(FUNDING.c.paid_on, is_day=True)
        joined = FUNDING.join(CASES, CASES.c.number == FUNDING.c.case_number)
        sums = (func.sum(FUNDING.c.amount_wan), func.sum(FUNDING.c.enterprise_spending_wan))
        period = []
        if self._wanted.since is not None:
            period.append(FUNDING.c.paid_on >= self._wanted.since)
        if self._wanted.until is not None:
            period.append(FUNDING.c.paid_on < self._wanted.until)
        of_case = self._matches.number == CASES.c.number
        nothing = (literal("", Text), literal("", Text), literal(0, Integer))
        columns: list[ColumnElement[Any]] = [literal("funding", Text), key, *nothing, *sums]
        statement = select(*columns).select_from(joined).join(self._cte, of_case)
        return statement.where(*period).group_by(key)

    def _time(self) -> Select[Any]:
        """Key, earlier and later stage, number of matches, median and 90th percentile of the days between."""
        took = union_all(*(self._took(earlier, later) for earlier, later in INTERVALS)).subquery("took").c
        group = (took.key, took.earlier, took.later)
        ranked = select(
            *group,
            took.days,
            func.row_number().over(partition_by=group, order_by=took.days).label("rank"),
            func.count().over(partition_by=group).label("n"),
        ).subquery("ranked")
        c = ranked.c
        # Nearest rank: the smallest value with at least half, or nine tenths, of all at or below it.
        median = func.max(case((c.rank == (c.n + 1) // 2, c.days)))
        p90 = func.max(case((c.rank == (9 * c.n + 9) // 10, c.days)))
        statement = select(literal("days", Text), c.key, c.earlier, c.later, func.max(c.n), median, p90)
        return statement.group_by(c.key, c.earlier, c.later)

    def _took(self, earlier: Stage, later: Stage) -> Select[Any]:
        begun, ended = self._matches[earlier], self._matches[later]
        columns: list[ColumnElement[Any]] = [
            self._key(ended).label("key"),
            literal(earlier.value, Text).label("earlier"),
            literal(later.value, Text).label("later"),
            cast(self._days(begun, ended), _FLOAT).label("days"),
        ]
        return select(*columns).where(ended >= begun, *self._within(ended))

    def _key(self, at: ColumnElement[Any], *, is_day: bool = False) -> ColumnElement[str]:
        match self._wanted.group:
            case FigureGroup.OFFICER:
                return self._matches.officer
            case FigureGroup.TOWN:
                return self._matches.town
            case FigureGroup.CHAIN:
                return self._matches.chain
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
    """When each match first reached each stage by a step that nobody took back: one row a match."""
    undoing = STEPS.alias("taken_back")
    times = [
        func.min(case((STEPS.c.to_state == state.value, STEPS.c.at)), type_=_INSTANT).label(stage.value)
        for stage, state in STAGE_STATES.items()
    ]
    statement = (
        select(STEPS.c.subject_id, *times)
        .outerjoin(undoing, undoing.c.undoes == STEPS.c.number)
        .where(
            STEPS.c.subject == Subject.CASE,
            STEPS.c.undoes.is_(None),
            undoing.c.number.is_(None),
            STEPS.c.to_state.in_([state.value for state in STAGE_STATES.values()]),
        )
        .group_by(STEPS.c.subject_id)
    )
    return statement.cte("first_times").prefix_with("MATERIALIZED")


def _matches(scope: list[ColumnElement[bool]]) -> Any:
    """The matches within the scope: their first times, and what they are grouped by."""
    first = _first_times()
    joined = first.join(CASES, CASES.c.id == first.c.subject_id)
    joined = joined.outerjoin(NEEDS.table, NEEDS.key == CASES.c.need_id)
    joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == CASES.c.enterprise_code)
    joined = joined.outerjoin(OUTCOMES, OUTCOMES.c.case_number == CASES.c.number)
    columns = (
        CASES.c.number,
        CASES.c.officer,
        func.coalesce(_OWNER.town, "").label("town"),
        _chain().label("chain"),
        OUTCOMES.c.amount_wan,
        *(first.c[stage.value] for stage in Stage),
    )
    return select(*columns).select_from(joined).where(*scope).cte("matches").prefix_with("MATERIALIZED")


def _chain() -> ColumnElement[str]:
    """The need's chain where it says one, otherwise the enterprise's."""
    return func.coalesce(func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "")
