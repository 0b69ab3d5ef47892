"""Which repository keeps the records of which kind of file."""

from typing import Any

from recommender.exchange.columns import TableKind
from recommender.store.repositories import Repository
from recommender.store.unit_of_work import UnitOfWork


def repository_of(unit: UnitOfWork, kind: TableKind) -> Repository[Any]:
    """The repository of the unit for a kind of file."""
    repositories: dict[TableKind, Repository[Any]] = {
        TableKind.ENTERPRISES: unit.enterprises,
        TableKind.ENTERPRISE_FACTS: unit.enterprise_facts,
        TableKind.EXPERTS: unit.experts,
        TableKind.PLATFORMS: unit.platforms,
        TableKind.ACHIEVEMENTS: unit.achievements,
        TableKind.ACHIEVEMENT_PLATFORMS: unit.achievement_platforms,
        TableKind.NEEDS: unit.needs,
    }
    return repositories[kind]
