"""Towns and chains that the library knows, and enterprises by what people call them."""

from typing import Final

from sqlalchemy import Connection, func, or_, select, union

from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.part import UnitPart
from recommender.store.values import is_storable

_ENTERPRISE: Final = ENTERPRISES.table.c
_NEED: Final = NEEDS.table.c


class PlaceRepository(UnitPart):
    """What an account can be made to deal with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def towns(self) -> tuple[str, ...]:
        """Every 区镇 in which an enterprise is, in order."""
        statement = select(_ENTERPRISE.town).where(_ENTERPRISE.town != "").distinct()
        return tuple(sorted(self._connection.execute(statement).scalars()))

    def chains(self) -> tuple[str, ...]:
        """Every 产业链 of an enterprise or a need, in order."""
        columns = (_ENTERPRISE.industry_chain, _NEED.industry_chain)
        statement = union(*(select(column).where(column != "") for column in columns))
        return tuple(sorted(self._connection.execute(statement).scalars()))

    def enterprises_named(self, text: str, *, limit: int) -> tuple[tuple[str, str, str], ...]:
        """Code, name and town of enterprises with that code or with the text in their name.

        The one that is called exactly so comes first, then short names before long ones.
        """
        if not text or not is_storable(text):
            return ()
        find = func.instr if self._connection.dialect.name == "sqlite" else func.strpos
        name = _ENTERPRISE.name
        statement = (
            select(_ENTERPRISE.code, name, _ENTERPRISE.town)
            .where(or_(_ENTERPRISE.code == text, find(name, text) > 0))
            .order_by((name == text).desc(), func.length(name), _ENTERPRISE.code)
            .limit(limit)
        )
        return tuple((row.code, row.name, row.town) for row in self._connection.execute(statement))
