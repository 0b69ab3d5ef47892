"""Looking through the library for records that are probably one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from recommender.domain.identity import Proposal
from recommender.domain.kinds import EntityKind
from recommender.exchange import credit_codes
from recommender.identity.enterprises import find_enterprises, former_names
from recommender.identity.evidence import Byline, works_by_expert
from recommender.identity.experts import find_experts
from recommender.identity.platforms import find_platforms
from recommender.store.unit_of_work import UnitOfWork


def is_valid_code(code: str) -> bool:
    """Whether it is a 统一社会信用代码 with the right check digit."""
    return credit_codes.fault(code) is None


def search(
    unit: UnitOfWork, kind: EntityKind, *, beside: Sequence[Any] = (), among: Collection[str] | None = None
) -> tuple[Proposal, ...]:
    """Pairs of a kind that are probably one, best first.

    Args:
        kind: one of :data:`recommender.domain.identity.MERGEABLE_KINDS`.
        beside: records that are not stored and are compared with those that are, and with one another.
        among: ids of which a pair must hold at least one; by default any pair counts.
    """
    extra = {record.id for record in beside}
    records: list[Any] = [record for record in unit.of(kind).iterate() if record.id not in extra]
    records += beside
    return _SEARCHES[kind](unit, records, among)


def _enterprises(unit: UnitOfWork, records: list[Any], among: Collection[str] | None) -> tuple[Proposal, ...]:  # noqa: ARG001
    return find_enterprises(records, is_valid_code=is_valid_code, among=among)


def _experts(unit: UnitOfWork, records: list[Any], among: Collection[str] | None) -> tuple[Proposal, ...]:
    works = works_by_expert(_bylines(unit))
    return find_experts(records, works, former_units=_former_units(unit), among=among)


def _platforms(unit: UnitOfWork, records: list[Any], among: Collection[str] | None) -> tuple[Proposal, ...]:
    achievements: defaultdict[str, set[str]] = defaultdict(set)
    for link in unit.achievement_platforms.iterate():
        achievements[link.platform_id].add(link.achievement_id)
    origins = {platform: frozenset(ids) for platform, ids in achievements.items()}
    return find_platforms(records, origins, former_units=_former_units(unit), among=among)


_Search = Callable[[UnitOfWork, list[Any], Collection[str] | None], tuple[Proposal, ...]]
_SEARCHES: dict[EntityKind, _Search] = {
    EntityKind.ENTERPRISE: _enterprises,
    EntityKind.EXPERT: _experts,
    EntityKind.PLATFORM: _platforms,
}


def _bylines(unit: UnitOfWork) -> Iterable[Byline]:
    for work in unit.duplicates.authored_titles():
        yield Byline(work.achievement_id, work.title, work.author_ids)


def _former_units(unit: UnitOfWork) -> dict[str, str]:
    return former_names(unit.duplicates.enterprise_names())
