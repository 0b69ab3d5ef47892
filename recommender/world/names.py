"""Names of people, with namesakes as there are in life."""

from random import Random
from typing import Final

from recommender.world.draws import Weighted, chance
from recommender.world.material import Material

_GIVEN_EXPONENT: Final = 0.45
"""Early characters of the list are more popular."""


class PersonNames:
    """Draws names; nothing keeps two people from having the same."""

    def __init__(self, material: Material) -> None:
        surnames = material.texts("experts", "names", "surnames")
        weights = material.floats("experts", "names", "surname_weights")
        rare = material.number("experts", "names", "rare_surname_weight")
        given = material.texts("experts", "names", "given")
        self._surnames = Weighted.of(surnames, [*weights, *(rare for _ in surnames[len(weights) :])])
        self._given = Weighted.of(given, [(rank + 1) ** -_GIVEN_EXPONENT for rank in range(len(given))])
        self._single_share = material.number("experts", "names", "single_share")

    def draw(self, rng: Random) -> str:
        """Surname and one or two further characters."""
        given = self._given.draw(rng)
        if not chance(rng, self._single_share):
            given += self._given.draw(rng)
        return self._surnames.draw(rng) + given
