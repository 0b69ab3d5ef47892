"""The shipped material and small cities made of it."""

from functools import cache
from pathlib import Path

from recommender.exchange.credit_codes import check_digit
from recommender.world.city import City
from recommender.world.material import Material

FOLDER = Path(__file__).parents[3] / "data" / "world"
MATERIAL = Material(FOLDER)
SCALE = 0.01


def city(*, scale: float = SCALE, seed: int = 7) -> City:
    """A fresh city: nothing of it is drawn yet."""
    return City(MATERIAL, scale=scale, seed=seed, check_digit=check_digit)


@cache
def small_city() -> City:
    """A city that several tests look at."""
    return city()
