"""The whole city, part by part: who is needed by others is kept, everybody else comes and goes."""

from collections.abc import Iterator
from functools import cached_property

from recommender.world.achievements import AchievementWriter, CityAchievement
from recommender.world.careers import Career, careers
from recommender.world.enterprise_codes import CheckDigit, enterprise_code
from recommender.world.enterprises import CityEnterprise, EnterpriseWriter
from recommender.world.experts import CityExpert, ExpertWriter
from recommender.world.material import Material
from recommender.world.organisations import Organisations
from recommender.world.plan import Spread, WorldSize, spread
from recommender.world.platforms import CityPlatform, PlatformWriter, platforms_by_topic
from recommender.world.sentences import Wording
from recommender.world.topics import TopicSet


class City:
    """A synthetic city: the same for the same material, scale and seed.

    Each part has its own stream of random numbers, so that iterating over one, or over one twice, changes
    nothing in the others.
    """

    def __init__(self, material: Material, *, scale: float, seed: int, check_digit: CheckDigit) -> None:
        """Plan a city.

        Args:
            check_digit: the 18th character of a 统一社会信用代码.

        Raises:
            InvalidInput: the scale is out of range.
            InvalidData: the material cannot be read.
        """
        self.size = WorldSize.at(scale)
        self._material = material
        self._seed = seed
        self._check_digit = check_digit

    @property
    def topics(self) -> TopicSet:
        """What everything in the city is about."""
        return self._material.topics

    @cached_property
    def spread(self) -> Spread:
        """How many entities each topic has."""
        chain_weights = self._material.numbers("enterprises", "chain_weights")
        return spread(self.topics, chain_weights, self.size, self._seed)

    @cached_property
    def careers(self) -> tuple[Career, ...]:
        """Who the experts are."""
        return careers(self._material, self._organisations, self.size, self.spread, self._seed)

    @cached_property
    def platforms(self) -> tuple[CityPlatform, ...]:
        """All platforms."""
        return PlatformWriter(self._material, self._wording, self._organisations, self._seed).write(self.spread)

    def enterprises(self) -> Iterator[CityEnterprise]:
        """All enterprises, with facts, needs and query."""
        return EnterpriseWriter(self._material, self._wording, self._check_digit, self._seed).write(self.spread)

    def experts(self) -> Iterator[CityExpert]:
        """All experts."""
        codes = [enterprise_code(number, self._check_digit) for number in range(1, self.size.n_enterprises + 1)]
        return ExpertWriter(self._material, self._wording, self._seed).write(self.careers, codes)

    def achievements(self) -> Iterator[CityAchievement]:
        """All evidence of the experts."""
        writer = AchievementWriter(self._material, self._wording, self._seed)
        return writer.write(self.careers, platforms_by_topic(self.platforms))

    @cached_property
    def _wording(self) -> Wording:
        return Wording.of(self._material)

    @cached_property
    def _organisations(self) -> Organisations:
        return Organisations.found(self._material, self._seed)
