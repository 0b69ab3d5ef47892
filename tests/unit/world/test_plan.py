"""The size of the city and how it is spread over the topics."""

import pytest

from recommender.domain.errors import InvalidInput
from recommender.world.plan import WorldSize, spread
from tests.unit.world.material import MATERIAL

TOPICS = MATERIAL.topics
CHAIN_WEIGHTS = MATERIAL.numbers("enterprises", "chain_weights")


@pytest.mark.parametrize("scale", [0.001, 0.002, 0.013, 0.25, 1.0, 2.5])
def test_a_scaled_city_has_scaled_numbers(scale: float) -> None:
    size = WorldSize.at(scale)
    assert size.n_enterprises == round(51_541 * scale)
    assert size.n_experts == round(62_213 * scale)
    assert size.n_platforms == round(2_621 * scale)
    assert size.n_achievements == round(190_000 * scale)
    assert min(size.n_enterprises, size.n_experts, size.n_platforms) >= 1


@pytest.mark.parametrize("scale", [0, -1, 0.0009, 11, float("nan"), float("inf")])
def test_other_scales_are_refused(scale: float) -> None:
    with pytest.raises(InvalidInput, match="规模"):
        WorldSize.at(scale)


@pytest.mark.parametrize("scale", [0.002, 1.0])
def test_every_entity_has_a_topic(scale: float) -> None:
    size = WorldSize.at(scale)
    found = spread(TOPICS, CHAIN_WEIGHTS, size, 7)
    assert sum(found.enterprises.values()) == size.n_enterprises
    assert sum(found.experts.values()) == size.n_experts
    assert sum(found.platforms.values()) == size.n_platforms
    assert set(found.enterprises) == {topic.id for topic in TOPICS}


def test_some_topics_are_much_more_asked_for_than_others_and_supply_follows_loosely() -> None:
    found = spread(TOPICS, CHAIN_WEIGHTS, WorldSize.at(1.0), 7)
    demand, supply = sorted(found.enterprises.values()), sorted(found.experts.values())
    assert demand[-1] > 8 * demand[0]
    assert supply[0] > 0 and supply[-1] / supply[0] < demand[-1] / demand[0]
    crowded = {topic: found.enterprises[topic] / found.experts[topic] for topic in found.enterprises}
    assert max(crowded.values()) > 2 * min(crowded.values())


def test_which_topics_are_popular_depends_on_the_seed() -> None:
    first, second = (spread(TOPICS, CHAIN_WEIGHTS, WorldSize.at(1.0), seed).enterprises for seed in (7, 8))
    assert first != second
