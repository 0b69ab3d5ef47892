"""Which records of innovation platforms are probably one platform.

Names of national and ministerial laboratories are unique; what differs is where the authority stands in them,
what it was called then, and whether an institute is written in front. Names such as 研究生工作站 say nothing
without the host. Weights are log odds; docs/identity.md has them in one table with the reasons.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Platform
from recommender.domain.identity import Proposal
from recommender.domain.kinds import EntityKind
from recommender.identity.blocking import candidate_pairs, deletions
from recommender.identity.persons import NameAgreement, PersonName, person_name
from recommender.identity.platform_names import PlatformName, PlatformRelation, platform_name
from recommender.identity.progress import Phase, Watch, unwatched, watched
from recommender.identity.regions import Region, leading_region
from recommender.identity.scores import Seen, best_first, clipped, proposal, seen
from recommender.identity.text import compact
from recommender.identity.units import Unit, UnitRegister, UnitRelation, relation

_BASE: Final = -1.5
_END_CHARS: Final = 6
_NAME_WEIGHTS: Final[dict[PlatformRelation, float]] = {
    PlatformRelation.SAME: 2.2,
    PlatformRelation.OWNER: 1.8,
    PlatformRelation.CLOSE: 1.0,
    PlatformRelation.EXTENDED: 0.2,
    PlatformRelation.GENERIC: 0.0,
}
_HOST_WEIGHTS: Final[dict[UnitRelation, float]] = {
    UnitRelation.SAME: 1.5,
    UnitRelation.PART: 1.3,
    UnitRelation.SIBLING: 0.5,
    UnitRelation.ABBREVIATED: 0.7,
    UnitRelation.DIFFERENT: -1.0,
}
_HOST_OF_GENERIC: Final = -4.0


@dataclass(frozen=True, slots=True)
class _Profile:
    """What of a platform is compared."""

    id: str
    name: PlatformName
    hosts: tuple[Unit, ...]
    level: str
    fields: frozenset[str]
    director: PersonName
    region: Region
    achievements: frozenset[str]


def find_platforms(
    platforms: Sequence[Platform],
    achievements: Mapping[str, frozenset[str]] | None = None,
    *,
    former_units: Mapping[str, str] | None = None,
    among: Collection[str] | None = None,
    watch: Watch = unwatched,
) -> tuple[Proposal, ...]:
    """Pairs of platforms that are probably one, best first.

    Args:
        achievements: ids of what came from each platform, by its id; platforms without any may be left out.
        former_units: former to present name of institutions, compact.
        among: ids of which a pair must hold at least one; by default any pair counts.
        watch: told how far it is.
    """
    ordered = sorted(platforms, key=lambda platform: platform.id)
    register = UnitRegister((platform.host_organisation for platform in ordered), former_units)
    origins = achievements or {}
    profiles = [
        _profile(platform, register, origins.get(platform.id, frozenset()))
        for platform in watched(ordered, Phase.PREPARE, watch, total=len(ordered))
    ]
    wanted = None if among is None else {i for i, profile in enumerate(profiles) if profile.id in among}
    pairs = candidate_pairs(profiles, _keys, among=wanted, watch=watch)
    found = (_compare(profiles[one], profiles[other]) for one, other in pairs)
    return best_first(item for item in found if item is not None)


def _profile(platform: Platform, register: UnitRegister, achievements: frozenset[str]) -> _Profile:
    region, _ = leading_region(compact(platform.province + platform.city))
    return _Profile(
        id=platform.id,
        name=platform_name(platform.name),
        hosts=register.units(platform.host_organisation),
        level=compact(platform.level),
        fields=frozenset(filter(None, map(compact, platform.research_fields))),
        director=person_name(platform.director),
        region=region,
        achievements=achievements,
    )


def _keys(profile: _Profile) -> Iterator[Hashable]:
    """What a profile may be found by."""
    name = profile.name
    for subject in {name.subject, name.tail}:
        if subject:
            yield from (("subject", name.type, shorter) for shorter in deletions(subject))
            yield "end", name.type, subject[-_END_CHARS:]
            yield "beginning", name.type, subject[:_END_CHARS]
    yield from (("host", unit.institution, name.type, name.subject[:1]) for unit in profile.hosts)


def _compare(one: _Profile, other: _Profile) -> Proposal | None:
    related = one.name.relation(other.name)
    if related is PlatformRelation.DIFFERENT:
        return None
    signals = [
        _name(one, other, related),
        _authority(one, other),
        _host(one, other, related),
        _fields(one, other),
        _side_by_side(one, other),
        _director(one, other),
        seen("region.different", -0.7) if one.region.conflicts_with(other.region) else None,
    ]
    return proposal(EntityKind.PLATFORM, one.id, other.id, signals, base=_BASE)


def _name(one: _Profile, other: _Profile, related: PlatformRelation) -> Seen:
    weight = _NAME_WEIGHTS[related]
    if related is PlatformRelation.CLOSE:
        # One character in thirteen is a slip; in six it may be another subject.
        weight += clipped(0.2 * (min(len(one.name.subject), len(other.name.subject)) - 6), 0.0, 1.0)
    return seen(f"platform.{related.value}", weight)


def _authority(one: _Profile, other: _Profile) -> Seen | None:
    mine, theirs = one.name, other.name
    if mine.authority and theirs.authority:
        same = mine.authority == theirs.authority
        return seen("authority.same", 0.6) if same else seen("authority.different", -2.5)
    if mine.places and theirs.places:
        same = bool(mine.places & theirs.places)
        return seen("authority.same", 0.6) if same else seen("authority.different", -2.0)
    if (mine.authority and theirs.places) or (mine.places and theirs.authority):
        return seen("authority.different", -2.4)
    if one.level and other.level and one.level != other.level:
        return seen("authority.different", -1.0)
    return None


def _host(one: _Profile, other: _Profile, related: PlatformRelation) -> Seen | None:
    kind = relation(one.hosts, other.hosts)
    if kind is UnitRelation.UNKNOWN:
        return None
    if kind is UnitRelation.DIFFERENT and related is PlatformRelation.GENERIC:
        return seen("host.different", _HOST_OF_GENERIC)
    weight = _HOST_WEIGHTS[kind]
    if kind in (UnitRelation.DIFFERENT, UnitRelation.ABBREVIATED):
        return seen(f"host.{kind.value}", weight)
    shared = {unit.institution for unit in one.hosts} & {unit.institution for unit in other.hosts}
    return seen("host.same", weight, unit=min(shared))


def _fields(one: _Profile, other: _Profile) -> Seen | None:
    shared = one.fields & other.fields
    if not shared:
        return None
    coverage = len(shared) / min(len(one.fields), len(other.fields))
    return seen("fields.shared", 0.4 + 0.6 * coverage, n=len(shared), example=min(shared))


def _side_by_side(one: _Profile, other: _Profile) -> Seen | None:
    """A work that names both names two: a provincial laboratory, and a ministry's on the same subject."""
    together = len(one.achievements & other.achievements)
    return seen("works.two_platforms", -3.0, n=together) if together else None


def _director(one: _Profile, other: _Profile) -> Seen | None:
    if not one.director.text or not other.director.text:
        return None
    agreement = one.director.agreement(other.director)
    if agreement is NameAgreement.SAME:
        return seen("director.same", 1.0)
    return seen("director.different", -0.6) if agreement is NameAgreement.DIFFERENT else None
