"""Invented universities and institutes, each in one place, some much larger than others."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from recommender.world.draws import Weighted, pick, some, stream
from recommender.world.material import Material

_N_TYPES_OF_A_PREFIX: Final = 3
_SIZE_EXPONENT: Final = 0.8
_SPECIAL_FACTOR: Final = 4.0
_N_INSTITUTES: Final = 14
"""Of each chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Where experts work."""

    name: str
    province: str
    city: str
    is_university: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A place in the country."""

    province: str
    city: str


class Organisations:
    """Which organisations work in an industry chain; large ones are drawn more often."""

    def __init__(self, by_chain: Mapping[str, Weighted[Organisation]]) -> None:
        self._by_chain = by_chain

    @classmethod
    def found(cls, material: Material, seed: int) -> "Organisations":
        """Invent all organisations of the country."""
        rng = stream(seed, "organisations")
        prefixes = {
            prefix: _region(material, rng) for prefix in material.texts("experts", "universities", "prefixes")
        }
        general = _universities(material, prefixes, rng)
        return cls(
            {chain: _of_chain(material, chain, prefixes, general, rng) for chain in material.topics.chains}
        )

    def draw(self, chain: str, rng: Random) -> Organisation:
        """One that works in the chain."""
        return self._by_chain[chain].draw(rng)


def _region(material: Material, rng: Random) -> Region:
    province = material.weighted("places", "provinces", "names", weights="weights").draw(rng)
    return Region(province, pick(rng, material.table("places", "provinces", "cities")[province]))


def _organisation(name: str, region: Region, *, is_university: bool) -> Organisation:
    return Organisation(name=name, province=region.province, city=region.city, is_university=is_university)


def _universities(material: Material, prefixes: Mapping[str, Region], rng: Random) -> list[Organisation]:
    types = material.weighted("experts", "universities", "types", weights="type_weights")
    universities = []
    for prefix, region in prefixes.items():
        kinds = dict.fromkeys(types.draw(rng) for _ in range(_N_TYPES_OF_A_PREFIX))
        universities += [_organisation(prefix + kind, region, is_university=True) for kind in kinds]
    return universities


def _of_chain(
    material: Material,
    chain: str,
    prefixes: Mapping[str, Region],
    general: list[Organisation],
    rng: Random,
) -> Weighted[Organisation]:
    special = [
        _organisation(prefix + kind, prefixes[prefix], is_university=True)
        for kind in material.texts("experts", "universities", "special", chain)
        for prefix in some(rng, list(prefixes), _N_TYPES_OF_A_PREFIX)
    ]
    fields = material.texts("experts", "institutes", "fields", chain)
    forms = material.texts("experts", "institutes", "forms")
    institutes = []
    for prefix in some(rng, list(prefixes), _N_INSTITUTES):
        name = pick(rng, forms).format(prefix=prefix, field=pick(rng, fields))
        institutes.append(_organisation(name, prefixes[prefix], is_university=False))
    ranked = some(rng, [*general, *institutes], len(general) + len(institutes))
    weights = [(rank + 1) ** -_SIZE_EXPONENT for rank in range(len(ranked))]
    factor = _SPECIAL_FACTOR * weights[len(weights) // 4]
    return Weighted.of([*ranked, *special], [*weights, *(factor for _ in special)])
