"""Which records of enterprises are probably one enterprise.

The code is the key: two records with two valid codes are two enterprises unless much speaks against it. What is
found are records under an old registration number or a mistyped code, under a former name, or under another
spelling of the name. Weights are log odds; docs/identity.md has them in one table with the reasons.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from recommender.domain.entities import Enterprise
from recommender.domain.identity import Proposal
from recommender.domain.kinds import EntityKind
from recommender.identity.blocking import candidate_pairs, deletions
from recommender.identity.companies import CompanyName, NameRelation, company_name
from recommender.identity.progress import Phase, Watch, unwatched, watched
from recommender.identity.regions import Region, leading_region
from recommender.identity.scores import Seen, best_first, proposal, seen
from recommender.identity.text import compact

_BASE: Final = -1.5
_CODE_LENGTH: Final = 18
_ORGANISATION: Final = slice(8, 17)
_SCOPE_CHARS: Final = 300
_MIN_SCOPE: Final = 12
_NAME_WEIGHTS: Final[dict[NameRelation, float]] = {
    NameRelation.SAME: 3.2,
    NameRelation.FORM: 2.2,
    NameRelation.REGION: 1.6,
    NameRelation.CLOSE: -0.3,
    NameRelation.EXTENDED: -0.5,
    NameRelation.APART: -3.0,
    NameRelation.DIFFERENT: -2.5,
}
_FORMER_WEIGHT: Final = 3.2
_CLOSENESS: Final = tuple(NameRelation)

CodeCheck = Callable[[str], bool]
"""Whether a code is a 统一社会信用代码 with the right check digit."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """What of an enterprise is compared. ``places`` are by its name and by its fields."""

    id: str
    code: str
    valid_code: bool
    name: CompanyName
    former: tuple[CompanyName, ...]
    region: Region
    town: str
    founded_on: date | None
    scope: str
    capital: str
    industry: str


def find_enterprises(
    enterprises: Sequence[Enterprise],
    *,
    is_valid_code: CodeCheck,
    among: Collection[str] | None = None,
    watch: Watch = unwatched,
) -> tuple[Proposal, ...]:
    """Pairs of enterprises that are probably one, best first.

    Args:
        is_valid_code: see :data:`CodeCheck`.
        among: ids of which a pair must hold at least one; by default any pair counts.
        watch: told how far it is.
    """
    ordered = sorted(enterprises, key=lambda enterprise: enterprise.id)
    profiles = [
        _profile(enterprise, is_valid_code)
        for enterprise in watched(ordered, Phase.PREPARE, watch, total=len(ordered))
    ]
    wanted = None if among is None else {i for i, profile in enumerate(profiles) if profile.id in among}
    pairs = candidate_pairs(profiles, _keys, among=wanted, watch=watch)
    found = (_compare(profiles[one], profiles[other]) for one, other in pairs)
    return best_first(item for item in found if item is not None)


def _profile(enterprise: Enterprise, is_valid_code: CodeCheck) -> _Profile:
    code = compact(enterprise.code).upper()
    name = company_name(enterprise.name)
    former = map(company_name, (*enterprise.former_names, *name.former))
    region, _ = leading_region(compact(enterprise.province + enterprise.city))
    return _Profile(
        id=enterprise.id,
        code=code,
        valid_code=is_valid_code(code),
        name=name,
        former=tuple(dict.fromkeys(former)),
        region=region,
        town=compact(enterprise.town),
        founded_on=enterprise.founded_on,
        scope=compact(enterprise.business_scope[: 2 * _SCOPE_CHARS])[:_SCOPE_CHARS],
        capital=compact(enterprise.registered_capital),
        industry=compact(enterprise.industry),
    )


def _keys(profile: _Profile) -> Iterator[Hashable]:
    """What a profile may be found by."""
    yield "code", profile.code
    if len(profile.code) == _CODE_LENGTH:
        yield "organisation", profile.code[_ORGANISATION]
        # A slip in one or two places leaves one of these as it is.
        yield "middle", profile.code[6:12], profile.name.core[:1]
        yield "end", profile.code[12:], profile.name.core[:1]
    for name in (profile.name, *profile.former):
        yield "text", name.text
        yield "core", name.core
        # Slips are looked for within a province: across all China too many names differ by one character.
        province = name.region.province or profile.region.province
        for shorter in deletions(name.core):
            yield "core", province, shorter
    if profile.founded_on is not None:
        yield "founded", profile.founded_on, profile.name.core[:2]


def _compare(one: _Profile, other: _Profile) -> Proposal | None:
    named = _name(one, other)
    code = _code(one, other)
    if named.weight < _NAME_WEIGHTS[NameRelation.EXTENDED] and (code is None or code.weight < 1.0):
        return None
    signals = [
        named,
        code,
        _founded(one, other),
        _scope(one, other),
        _place(one, other),
        seen("capital.same", 0.4) if one.capital and one.capital == other.capital else None,
        _industry(one, other),
    ]
    return proposal(EntityKind.ENTERPRISE, one.id, other.id, signals, base=_BASE)


def _name(one: _Profile, other: _Profile) -> Seen:
    present = one.name.relation(other.name)
    if present in (NameRelation.SAME, NameRelation.FORM):
        return seen(f"company.{present.value}", _NAME_WEIGHTS[present])
    by_former = [former.relation(other.name) for former in one.former]
    by_former += [former.relation(one.name) for former in other.former]
    if any(kind in (NameRelation.SAME, NameRelation.FORM) for kind in by_former):
        return seen("company.former", _FORMER_WEIGHT)
    return seen(f"company.{present.value}", _NAME_WEIGHTS[present])


def _code(one: _Profile, other: _Profile) -> Seen | None:
    if one.code == other.code:
        return seen("code.same", 6.0)
    if len(one.code) != _CODE_LENGTH or len(other.code) != _CODE_LENGTH:
        return seen("code.old", 0.0)
    if one.code[_ORGANISATION] == other.code[_ORGANISATION]:
        return seen("code.organisation", 4.0)
    if not (one.valid_code and other.valid_code):
        near = OSA.distance(one.code, other.code, score_cutoff=2) <= 2  # noqa: PLR2004
        return seen("code.close", 3.0) if near else None
    return seen("code.different", -1.5)


def _founded(one: _Profile, other: _Profile) -> Seen | None:
    if one.founded_on is None or other.founded_on is None:
        return None
    if one.founded_on == other.founded_on:
        return seen("founded.same", 1.5)
    return seen("founded.different", -1.0)


def _scope(one: _Profile, other: _Profile) -> Seen | None:
    if min(len(one.scope), len(other.scope)) < _MIN_SCOPE:
        return None
    ratio = fuzz.ratio(one.scope, other.scope)
    if ratio >= 85.0:  # noqa: PLR2004 - the steps stand in docs/identity.md
        return seen("scope.same", 1.2)
    if ratio >= 60.0:  # noqa: PLR2004
        return seen("scope.similar", 0.5)
    return seen("scope.different", -0.7) if ratio < 25.0 else None  # noqa: PLR2004


def _place(one: _Profile, other: _Profile) -> Seen | None:
    if one.region.conflicts_with(other.region):
        return seen("place.different", -1.5)
    if not one.town or not other.town:
        return None
    return seen("place.same", 0.4) if one.town == other.town else seen("place.different", -0.4)


def _industry(one: _Profile, other: _Profile) -> Seen | None:
    if not one.industry or not other.industry:
        return None
    if one.industry == other.industry:
        return seen("industry.same", 0.3)
    return seen("industry.different", -0.4)


def former_names(names: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Core of each former name to the core of the present one, as far as it is clear.

    Units of experts and hosts of platforms are often named as they were years ago.

    Args:
        names: of each enterprise its name and its former names.
    """
    read = [(company_name(name), former) for name, former in names]
    present = {name.core for name, _ in read}
    found: dict[str, str] = {}
    for name, former in read:
        for was in map(company_name, (*former, *name.former)):
            if was.core and was.core not in present:
                # Of several that were called so, the same one whatever the order they come in.
                found[was.core] = min(name.core, found.get(was.core, name.core))
    return found
