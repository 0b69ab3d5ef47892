"""Topics: what one corner of an industry complains of, works on and measures; and which topics are close."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from recommender.domain.errors import InvalidData

SAME: Final = 3
"""Grade of an entity that works on the topic asked for."""
SIBLING: Final = 1
"""Grade of an entity that works on another topic of the same sub-field."""
UNRELATED: Final = 0
"""Grade of every other entity, near misses included."""

_TEXTS: Final = (
    "problems",
    "objects",
    "subjects",
    "methods",
    "results",
    "equipment",
    "services",
    "keywords",
    "near_misses",
)


@dataclass(frozen=True, slots=True)
class IndicatorRange:
    """A technical indicator and the range in which its values are drawn.

    Attributes:
        at_least: whether more is better (``≥``); otherwise less is (``≤``).
        digits: decimal places of drawn values.
    """

    name: str
    at_least: bool
    low: float
    high: float
    unit: str
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic.

    Attributes:
        chain, sub_field: industry chain and the corner of it; topics that share both are siblings.
        industries: code and name of GB/T 4754, the main one first.
        problems: clauses in which enterprises describe symptoms.
        objects: products of such enterprises.
        subjects, methods, results, keywords: what researchers study, how, with what outcome, in their terms.
        equipment, services: what platforms offer.
        near_misses: ids of topics that share words with this one but not the meaning, as the file lists them.
    """

    id: str
    name: str
    chain: str
    sub_field: str
    industries: tuple[str, ...]
    problems: tuple[str, ...]
    objects: tuple[str, ...]
    subjects: tuple[str, ...]
    methods: tuple[str, ...]
    results: tuple[str, ...]
    indicators: tuple[IndicatorRange, ...]
    equipment: tuple[str, ...]
    services: tuple[str, ...]
    keywords: tuple[str, ...]
    near_misses: tuple[str, ...]


class TopicSet:
    """All topics in a fixed order, and how close they are to each other."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = tuple(topics)

    def __len__(self) -> int:
        return len(self._topics)

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics)

    def __getitem__(self, topic_id: str) -> Topic:
        return self._by_id[topic_id]

    @cached_property
    def _by_id(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self._topics}

    @cached_property
    def chains(self) -> tuple[str, ...]:
        """Industry chains, in file order."""
        return tuple(dict.fromkeys(topic.chain for topic in self._topics))

    def siblings(self, topic: Topic) -> tuple[Topic, ...]:
        """The other topics of its sub-field."""
        return self._siblings[topic.id]

    @cached_property
    def _siblings(self) -> Mapping[str, tuple[Topic, ...]]:
        return {
            one.id: tuple(
                other
                for other in self._topics
                if other.id != one.id and (other.chain, other.sub_field) == (one.chain, one.sub_field)
            )
            for one in self._topics
        }

    def near_misses(self, topic: Topic) -> tuple[Topic, ...]:
        """Topics that share its words but not its meaning, whichever of the two files says so."""
        return self._near_misses[topic.id]

    @cached_property
    def _near_misses(self) -> Mapping[str, tuple[Topic, ...]]:
        return {
            one.id: tuple(
                other for other in self._topics if other.id in one.near_misses or one.id in other.near_misses
            )
            for one in self._topics
        }

    def grade(self, asked: str, worked_on: Sequence[str]) -> int:
        """How relevant an entity is for a query.

        Args:
            asked: id of the query's topic.
            worked_on: ids of the entity's topics.

        Returns:
            3 for the same topic, 1 for a sibling, 0 otherwise; of several topics the best counts.
        """
        if asked in worked_on:
            return SAME
        siblings = {sibling.id for sibling in self._siblings[asked]}
        return SIBLING if siblings.intersection(worked_on) else UNRELATED


def load_topics(folder: Path) -> TopicSet:
    """Read every topic file of a folder, files in order of their names.

    Raises:
        InvalidData: there is none, one is malformed, or ids repeat or lead nowhere.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise InvalidData("world.material_missing", folder=folder)
    topics = [topic for file in files for topic in _topics_of(file)]
    ids = {topic.id for topic in topics}
    strays = {miss for topic in topics for miss in topic.near_misses} - ids
    if len(ids) < len(topics) or strays:
        raise InvalidData("world.material_malformed", file=folder)
    return TopicSet(topics)


def _topics_of(file: Path) -> Iterator[Topic]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for entry in content["topics"]:
            yield _topic(content, entry)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InvalidData("world.material_malformed", file=file) from error


def _topic(content: Mapping[str, Any], entry: Mapping[str, Any]) -> Topic:
    return Topic(
        id=entry["id"],
        name=entry["name"],
        chain=content["chain"],
        sub_field=content["sub_field"],
        industries=tuple(entry["codes"]),
        indicators=tuple(map(_indicator, entry["indicators"])),
        **{field: tuple(entry[field]) for field in _TEXTS},
    )


def _indicator(cells: Sequence[Any]) -> IndicatorRange:
    name, comparator, low, high, unit = cells
    if comparator not in {"≥", "≤"} or low > high:
        raise ValueError(f"no range: {cells}")
    digits = max(len(repr(bound).partition(".")[2]) for bound in (low, high))
    return IndicatorRange(name, comparator == "≥", float(low), float(high), unit, digits)
