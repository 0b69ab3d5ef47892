"""Which records of experts are probably one person.

A shared name alone proposes nothing: 同名不同人 is the rule in a library of a nation. It takes a shared unit, or
shared evidence, and the more people bear the name the more it takes. Weights are log odds; docs/identity.md
has them in one table with the reasons.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from recommender.domain.entities import Expert
from recommender.domain.identity import Proposal
from recommender.domain.kinds import EntityKind
from recommender.identity.blocking import candidate_pairs
from recommender.identity.contacts import email_form, phone_form
from recommender.identity.evidence import NOTHING, Works, n_shared_titles
from recommender.identity.persons import NameAgreement, PersonName, person_name
from recommender.identity.progress import Phase, Watch, unwatched, watched
from recommender.identity.regions import Region, region_of
from recommender.identity.scores import Seen, best_first, clipped, proposal, seen
from recommender.identity.text import compact, folded
from recommender.identity.units import Unit, UnitRegister, UnitRelation, alike, relation

_BASE: Final = -2.0
_ASSUMED_SIZE: Final = 20_000
"""Rarity is that among a nation's experts, however small a library is."""
_FEW_NAMESAKES: Final = 30
"""So many bearers of a name are compared each with each; more only where they share something else."""
_MIN_BIOGRAPHY: Final = 30
_MIN_SAME_WORKS: Final = 2
_NEAR: Final = 90.0
_MAX_FIELDS: Final = 3.0
"""What shared fields of research weigh at most."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """What of an expert is compared."""

    id: str
    name: PersonName
    units: tuple[Unit, ...]
    department: str
    fields: frozenset[str]
    phone: str
    email: str
    biography: str
    region: Region
    works: Works


def find_experts(
    experts: Sequence[Expert],
    works: Mapping[str, Works],
    *,
    former_units: Mapping[str, str] | None = None,
    among: Collection[str] | None = None,
    watch: Watch = unwatched,
) -> tuple[Proposal, ...]:
    """Pairs of experts that are probably one person, best first.

    Args:
        works: what each has published, by id; experts without works may be left out.
        former_units: former to present name of institutions, compact.
        among: ids of which a pair must hold at least one; by default any pair counts.
        watch: told how far it is.
    """
    ordered = sorted(experts, key=lambda expert: expert.id)
    register = UnitRegister((expert.organisation for expert in ordered), former_units)
    profiles = [
        _profile(expert, register, works.get(expert.id, NOTHING))
        for expert in watched(ordered, Phase.PREPARE, watch, total=len(ordered))
    ]
    comparison = _Comparison(profiles, register)
    wanted = None if among is None else {i for i, profile in enumerate(profiles) if profile.id in among}
    pairs = candidate_pairs(profiles, comparison.keys, among=wanted, watch=watch)
    found = (comparison.compare(profiles[one], profiles[other]) for one, other in pairs)
    return best_first(item for item in found if item is not None)


def _profile(expert: Expert, register: UnitRegister, works: Works) -> _Profile:
    units = register.units(expert.organisation)
    return _Profile(
        id=expert.id,
        name=person_name(expert.name),
        units=units,
        department=compact(expert.department) or next((unit.department for unit in units if unit.department), ""),
        fields=frozenset(filter(None, map(compact, expert.research_fields))),
        phone=phone_form(expert.phone),
        email=email_form(expert.email),
        biography=compact(expert.biography),
        region=region_of(folded(expert.province)),
        works=works,
    )


class _Comparison:
    """Weighs pairs by what is rare in this library."""

    def __init__(self, profiles: Sequence[_Profile], register: UnitRegister) -> None:
        self._register = register
        self._bearers = Counter(profile.name.text for profile in profiles)
        self._hidden_surnames = {profile.name.surname for profile in profiles if profile.name.hidden} - {""}
        self._holders = Counter(field for profile in profiles for field in profile.fields)
        self._size = max(len(profiles), _ASSUMED_SIZE)

    def keys(self, profile: _Profile) -> Iterator[Hashable]:
        """What a profile may be found by: contacts, or its name with something else."""
        name = profile.name
        if profile.phone:
            yield "phone", profile.phone
        if profile.email:
            yield "email", profile.email
        if not name.text:
            return
        if self._bearers[name.text] <= _FEW_NAMESAKES:
            yield "name", name.text
        else:
            yield from (("name", name.text, key) for key in self._company(profile))
        if name.surname in self._hidden_surnames:
            yield from (("title", name.surname, key) for key in profile.works.title_keys)

    def _company(self, profile: _Profile) -> Iterator[Hashable]:
        yield from (unit.institution for unit in profile.units)
        yield from profile.fields
        yield from profile.works.co_authors
        yield from profile.works.achievements
        yield from profile.works.title_keys
        if len(profile.biography) >= _MIN_BIOGRAPHY:
            yield profile.biography[:_MIN_BIOGRAPHY]

    def compare(self, one: _Profile, other: _Profile) -> Proposal | None:
        """The proposal for a pair, or ``None``."""
        agreement = one.name.agreement(other.name)
        if agreement is NameAgreement.DIFFERENT:
            return None
        n_titles = n_shared_titles(one.works, other.works)
        if agreement is not NameAgreement.SAME and not n_titles and not _same_contact(one, other):
            return None
        made = [
            self._name(agreement, one),
            *self._contacts(one, other),
            *self._unit(one, other),
            *_evidence(one, other, agreement, n_titles),
            *_biography(one, other),
        ]
        if one.region.conflicts_with(other.region):
            made.append(seen("region.different", -0.7))
        if _BASE + sum(item.weight for item in made) + _MAX_FIELDS < 0.0:
            return None
        return proposal(EntityKind.EXPERT, one.id, other.id, (*made, self._fields(one, other)), base=_BASE)

    def _name(self, agreement: NameAgreement, one: _Profile) -> Seen:
        if agreement is NameAgreement.HIDDEN:
            return seen("name.hidden", -0.8)
        if agreement is NameAgreement.SIMILAR:
            return seen("name.similar", -0.8)
        n = self._bearers[one.name.text]
        return seen("name.same", clipped(1.5 - 0.5 * math.log(n), -1.5, 1.2), n=n)

    def _contacts(self, one: _Profile, other: _Profile) -> Iterator[Seen]:
        if one.phone and one.phone == other.phone:
            yield seen("contact.phone", 4.0)
        if one.email and one.email == other.email:
            yield seen("contact.email", 4.5)

    def _unit(self, one: _Profile, other: _Profile) -> Iterator[Seen]:
        related = relation(one.units, other.units)
        departments = one.department and other.department
        if related is UnitRelation.UNKNOWN:
            return
        if related is UnitRelation.DIFFERENT:
            yield seen("organisation.different", -1.5)
            return
        if related is UnitRelation.ABBREVIATED:
            yield seen("organisation.abbreviated", 0.8)
        else:
            shared = {unit.institution for unit in one.units} & {unit.institution for unit in other.units}
            name = min(shared, key=lambda institution: (self._register.size(institution), institution))
            n = self._register.size(name)
            weight = clipped(2.2 - 0.25 * math.log(n / 10), 1.0, 2.2)
            yield seen(f"organisation.{related.value}", weight, unit=name, n=n)
        if departments and not alike(one.department, other.department):
            yield seen("department.different", -1.0)

    def _fields(self, one: _Profile, other: _Profile) -> Seen | None:
        shared = _shared(one.fields, other.fields)
        if not shared:
            enough = min(len(one.fields), len(other.fields)) >= 2  # noqa: PLR2004
            return seen("fields.apart", -1.2) if enough else None
        rarities = sorted(
            ((math.log(self._size / self._holders[field]), field) for field in shared), reverse=True
        )
        information = sum(rarity / 2**place for place, (rarity, _) in enumerate(rarities[:3]))
        coverage = len(shared) / min(len(one.fields), len(other.fields))
        weight = clipped(0.22 * information * (0.4 + 0.6 * coverage), 0.2, _MAX_FIELDS)
        return seen("fields.shared", weight, n=len(shared), example=rarities[0][1])


def _same_contact(one: _Profile, other: _Profile) -> bool:
    return (one.phone == other.phone != "") or (one.email == other.email != "")


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """Phrases of both that are equal, and those of the smaller set that are nearly so."""
    equal = mine & theirs
    small, large = sorted((mine - equal, theirs - equal), key=lambda fields: (len(fields), sorted(fields)))
    return equal | {field for field in small if any(_near_phrases(field, other) for other in large)}


_MIN_PHRASE: Final = 4


def _near_phrases(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _MIN_PHRASE and fuzz.ratio(one, other) >= 80.0  # noqa: PLR2004


def _evidence(one: _Profile, other: _Profile, agreement: NameAgreement, n_titles: int) -> Iterator[Seen]:
    mine, theirs = one.works, other.works
    together = len(set(mine.achievements).intersection(theirs.achievements))
    if together and agreement is not NameAgreement.SAME:
        yield seen("works.two_people", -5.0)
    elif together >= _MIN_SAME_WORKS and mine.achievements == theirs.achievements:
        yield seen("works.set", 2.5, n=together)
    elif together:
        yield seen("works.byline", 1.5, n=together)
    if n_titles:
        yield seen("works.title", min(2.8 + 0.6 * (n_titles - 1), 4.0), n=n_titles)
    co_authors = len(set(mine.co_authors).intersection(theirs.co_authors) - {one.id, other.id})
    if co_authors and not together:
        yield seen("works.co_authors", min(1.2 + 0.6 * (co_authors - 1), 2.4), n=co_authors)


def _biography(one: _Profile, other: _Profile) -> Iterator[Seen]:
    long_enough = min(len(one.biography), len(other.biography)) >= _MIN_BIOGRAPHY
    if long_enough and fuzz.ratio(one.biography, other.biography, score_cutoff=_NEAR) > 0:
        yield seen("biography.same", 3.0)
