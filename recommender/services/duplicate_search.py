"""Looking through the library for records that are probably one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.domain.identity import Proposal
from recommender.domain.kinds import EntityKind
from recommender.exchange import credit_codes
from recommender.identity.enterprises import find_enterprises, former_names
from recommender.identity.evidence import Byline, works_by_expert
from recommender.identity.experts import find_experts
from recommender.identity.platforms import find_platforms
from recommender.identity.progress import Phase, Watch, unwatched, watched
from recommender.store.unit_of_work import UnitOfWork


def is_valid_code(code: str) -> bool:
    """Whether it is a 统一社会信用代码 with the right check digit."""
    return credit_codes.fault(code) is None


@dataclass(frozen=True, slots=True)
class Material:
    """What the records of a kind are compared by.

    Attributes:
        records: all of the kind.
        evidence: by id, the works of experts or the achievements that came from platforms.
        former_units: former to present name of institutions.
    """

    kind: EntityKind
    records: Sequence[Any]
    evidence: Mapping[str, Any]
    former_units: Mapping[str, str]


def search(
    unit: UnitOfWork, kind: EntityKind, *, beside: Sequence[Any] = (), among: Collection[str] | None = None
) -> tuple[Proposal, ...]:
    """Pairs of a kind that are probably one, best first.

    Args:
        kind: one of :data:`recommender.domain.identity.MERGEABLE_KINDS`.
        beside: records that are not stored and are compared with those that are, and with one another.
        among: ids of which a pair must hold at least one; by default any pair counts.
    """
    return compare(gather(unit, kind, beside=beside), among=among)


def gather(
    unit: UnitOfWork, kind: EntityKind, *, beside: Sequence[Any] = (), watch: Watch = unwatched
) -> Material:
    """Read what a kind is compared by, so that the unit can end before the comparison begins.

    Args:
        kind, beside: see :func:`search`.
        watch: told how far it is.
    """
    extra = {record.id for record in beside}
    stored = unit.of(kind)
    read = watched(stored.iterate(), Phase.READ, watch, total=stored.count())
    records: list[Any] = [record for record in read if record.id not in extra]
    records += beside
    evidence: Mapping[str, Any] = {}
    if kind is EntityKind.EXPERT:
        evidence = works_by_expert(_bylines(unit))
    elif kind is EntityKind.PLATFORM:
        evidence = _origins(unit)
    former_units = {} if kind is EntityKind.ENTERPRISE else _former_units(unit)
    return Material(kind, records, evidence, former_units)


def compare(
    material: Material, *, among: Collection[str] | None = None, watch: Watch = unwatched
) -> tuple[Proposal, ...]:
    """Pairs that are probably one, best first.

    Args:
        among: see :func:`search`.
        watch: told how far it is.
    """
    records = material.records
    if material.kind is EntityKind.ENTERPRISE:
        return find_enterprises(records, is_valid_code=is_valid_code, among=among, watch=watch)
    find = find_experts if material.kind is EntityKind.EXPERT else find_platforms
    return find(records, material.evidence, former_units=material.former_units, among=among, watch=watch)


def _origins(unit: UnitOfWork) -> dict[str, frozenset[str]]:
    achievements: defaultdict[str, set[str]] = defaultdict(set)
    for link in unit.achievement_platforms.iterate():
        achievements[link.platform_id].add(link.achievement_id)
    return {platform: frozenset(ids) for platform, ids in achievements.items()}


def _bylines(unit: UnitOfWork) -> Iterable[Byline]:
    for work in unit.duplicates.authored_titles():
        yield Byline(work.achievement_id, work.title, work.author_ids)


def _former_units(unit: UnitOfWork) -> dict[str, str]:
    return former_names(unit.duplicates.enterprise_names())
