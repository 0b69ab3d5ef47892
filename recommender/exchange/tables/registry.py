"""All kinds of file, by name."""

from collections.abc import Mapping
from typing import Final

from recommender.domain.errors import InvalidInput
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.tables.achievements import ACHIEVEMENT_PLATFORMS, ACHIEVEMENTS
from recommender.exchange.tables.enterprises import ENTERPRISES
from recommender.exchange.tables.experts import EXPERTS
from recommender.exchange.tables.facts import ENTERPRISE_FACTS
from recommender.exchange.tables.needs import NEEDS
from recommender.exchange.tables.platforms import PLATFORMS

TABLES: Final[Mapping[TableKind, TableSpec]] = {
    table.kind: table
    for table in (
        ENTERPRISES,
        ENTERPRISE_FACTS,
        EXPERTS,
        PLATFORMS,
        ACHIEVEMENTS,
        ACHIEVEMENT_PLATFORMS,
        NEEDS,
    )
}
"""In an order in which files can be imported: what is referred to comes first."""


def table_of(kind: TableKind | str) -> TableSpec:
    """The table of a kind.

    Raises:
        InvalidInput: there is no such kind; the message lists those there are.
    """
    try:
        return TABLES[TableKind(kind)]
    except ValueError:
        raise InvalidInput("import.kind_unknown", kind=kind, known="、".join(TABLES)) from None
