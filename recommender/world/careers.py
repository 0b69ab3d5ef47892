"""Who the experts are before they are described: topics, place of work, and how much each has to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from recommender.world.draws import Weighted, chance, pick, stream
from recommender.world.material import Material
from recommender.world.names import PersonNames
from recommender.world.organisations import Organisation, Organisations
from recommender.world.plan import Spread, WorldSize
from recommender.world.topics import Topic

MAX_EVIDENCE: Final = 12
_EVIDENCE_EXPONENT: Final = 1.46
"""Pieces of evidence follow ``n ** -1.46`` for 1 to 12, about three on average."""
_SECOND_TOPIC_SHARE: Final = 0.35
_SIBLING_SHARE: Final = 0.8
"""Of second topics; the others are from anywhere in the same chain."""


@dataclass(frozen=True, slots=True)
class Career:
    """One expert.

    Attributes:
        topics: the main one first, then at most one more.
        n_evidence: pieces of evidence of which the expert is the first author, 1 to 12.
    """

    id: str
    name: str
    topics: tuple[Topic, ...]
    organisation: Organisation
    n_evidence: int


def careers(
    material: Material, organisations: Organisations, size: WorldSize, spread: Spread, seed: int
) -> tuple[Career, ...]:
    """All experts, in order of their ids; topics stand in random order.

    Their evidence sums to ``size.n_achievements`` exactly.
    """
    rng = stream(seed, "careers")
    names = PersonNames(material)
    mains = [material.topics[topic_id] for topic_id, n in spread.experts.items() for _ in range(n)]
    rng.shuffle(mains)
    counts = _evidence_counts(size, rng)
    return tuple(
        Career(
            id=f"ZJ{number:06d}",
            name=names.draw(rng),
            topics=(main, *_second_topic(material, main, rng)),
            organisation=organisations.draw(main.chain, rng),
            n_evidence=n_evidence,
        )
        for number, (main, n_evidence) in enumerate(zip(mains, counts, strict=True), start=1)
    )


def _second_topic(material: Material, main: Topic, rng: Random) -> Sequence[Topic]:
    if not chance(rng, _SECOND_TOPIC_SHARE):
        return ()
    choices: Sequence[Topic] = material.topics.siblings(main)
    if not choices or not chance(rng, _SIBLING_SHARE):
        choices = [topic for topic in material.topics if topic.chain == main.chain and topic is not main]
    return (pick(rng, choices),) if choices else ()


def _evidence_counts(size: WorldSize, rng: Random) -> list[int]:
    possible = range(1, MAX_EVIDENCE + 1)
    numbers = Weighted.of(possible, [n**-_EVIDENCE_EXPONENT for n in possible])
    counts = [numbers.draw(rng) for _ in range(size.n_experts)]
    missing = size.n_achievements - sum(counts)
    step = 1 if missing > 0 else -1
    while missing != 0:
        index = rng.randrange(len(counts))
        if 1 <= counts[index] + step <= MAX_EVIDENCE:
            counts[index] += step
            missing -= step
    return counts
