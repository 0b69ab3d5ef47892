"""What the goals of the city are counted from: enterprises with their latest yearly facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, func, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.facts import FactIndicator, FactStatus
from recommender.domain.kinds import EnterpriseSize
from recommender.domain.workflow import SIGNED_CASE_STATES
from recommender.store import tables
from recommender.store.cases import CASES
from recommender.store.conditions import text_contains
from recommender.store.mapping import ENTERPRISES
from recommender.store.visibility import enterprise_visible

_OWNER: Final = ENTERPRISES.table.c
_FACTS: Final = tables.Base.metadata.tables["enterprise_fact"]
_HIGH_TECH: Final = "高新技术企业"
_TALENT: Final = "科技人才"


@dataclass(frozen=True, slots=True)
class Counted:
    """Enterprises that a goal is about: all, those with data, and those that meet it."""

    n_all: int
    n_known: int
    n_met: int


class GoalRepository:
    """Goals over the enterprises within an actor's reach."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def research_bodies(self, actor: Actor, *, town: str = "", chain: str = "") -> Counted:
        """大型、中型企业和规上高企 with an R&D body by the latest fact."""
        large = _OWNER.size.in_([EnterpriseSize.LARGE, EnterpriseSize.MEDIUM])
        about = or_(large, self._above_scale_high_tech())
        return self._count(self._within(actor, town, chain, about), FactIndicator.RESEARCH_BODY_LEVEL, n_years=1)

    def cooperation(self, actor: Actor, *, town: str = "", chain: str = "") -> Counted:
        """规上高企 with projects with universities in three years, or with a contract that was signed here."""
        contracts = select(CASES.c.enterprise_code).where(
            CASES.c.enterprise_code.is_not(None), CASES.c.state.in_(sorted(SIGNED_CASE_STATES))
        )
        signed = _OWNER.code.in_(contracts)
        about = self._within(actor, town, chain, self._above_scale_high_tech())
        return self._count(about, FactIndicator.UNIVERSITY_PROJECTS, n_years=3, or_else=signed)

    def talent_spending(self, actor: Actor, *, town: str = "", chain: str = "") -> Counted:
        """科技人才企业 with spending on research by the latest fact."""
        about = self._within(actor, town, chain, self._qualified(_TALENT))
        return self._count(about, FactIndicator.RESEARCH_SPENDING, n_years=1)

    def _above_scale_high_tech(self) -> ColumnElement[bool]:
        return and_(_OWNER.above_scale.is_(True), self._qualified(_HIGH_TECH))

    def _qualified(self, word: str) -> ColumnElement[bool]:
        # Lists are stored as they were written, so text will do.
        return text_contains(cast(_OWNER.qualifications, Text), word, self._connection.dialect)

    def _within(
        self, actor: Actor, town: str, chain: str, about: ColumnElement[bool]
    ) -> Sequence[ColumnElement[bool]]:
        texts = ((_OWNER.town, town), (_OWNER.industry_chain, chain))
        within = [text_contains(column, part, self._connection.dialect) for column, part in texts if part]
        return [enterprise_visible(actor), about, *within]

    def _count(
        self,
        about: Sequence[ColumnElement[bool]],
        indicator: FactIndicator,
        *,
        n_years: int,
        or_else: ColumnElement[bool] | None = None,
    ) -> Counted:
        """Count by the largest value of the latest years that each enterprise has confirmed values for."""
        c = _FACTS.c
        of_indicator = (c.indicator == indicator, c.value.is_not(None), c.status == FactStatus.CONFIRMED)
        owners = select(_OWNER.code).where(*about)
        newest = func.max(c.year).over(partition_by=c.enterprise_code).label("newest")
        facts = select(c.enterprise_code, c.year, c.value, newest).where(
            *of_indicator, c.enterprise_code.in_(owners)
        )
        told = facts.subquery("told")
        recent = told.c.year > told.c.newest - n_years
        value = func.max(case((recent, told.c.value)))
        of_owner: Any = (
            select(told.c.enterprise_code, value.label("value"))
            .group_by(told.c.enterprise_code)
            .subquery("of_owner")
        )
        joined = ENTERPRISES.table.outerjoin(of_owner, of_owner.c.enterprise_code == _OWNER.code)
        met, known = of_owner.c.value > 0, of_owner.c.value.is_not(None)
        if or_else is not None:
            met, known = or_(met, or_else), or_(known, or_else)
        counts = (func.count(), *(func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in (known, met)))
        row = self._connection.execute(select(*counts).select_from(joined).where(*about)).one()
        return Counted(*row)
