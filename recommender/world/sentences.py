"""From sentence patterns to sentences: slots filled from a topic, consistently within one text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from recommender.world.draws import chance, pick, some
from recommender.world.material import Material
from recommender.world.topics import IndicatorRange, Topic

_MOST_OF_A_LIST: Final = 4
_WORD_LISTS: Final[Mapping[str, Callable[[Topic], Sequence[str]]]] = {
    "m": lambda topic: topic.methods,
    "s": lambda topic: topic.subjects,
    "k": lambda topic: topic.keywords,
    "r": lambda topic: topic.results,
    "o": lambda topic: topic.objects,
    "p": lambda topic: topic.problems,
    "e": lambda topic: topic.equipment,
    "v": lambda topic: topic.services,
}
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "n": (3, 12),
    "n2": (2, 6),
    "num": (12, 480),
    "money": (3, 80),
    "years": (2, 15),
    "months": (3, 24),
    "days": (3, 15),
    "month": (1, 12),
}
_SLOT: Final = re.compile(r"([a-z]+)([2-9]?)")
_CLOSE_UNITS: Final = frozenset({"", "%", "‰"})
_LATIN_BEFORE_BOUND: Final = re.compile(r"(?<=[A-Za-z0-9²³℃])(?=以[上下内])")
_SHARED_SLOT: Final = re.compile(r"\{(?:o|x|i|want|aim)[2-9]?\}")
_TWO_DIGITS: Final = 10


def with_unit(value: str, unit: str) -> str:
    """A value and its unit as they are written in a sentence: ``0.5%``, ``980 MPa``, ``8 次``."""
    return f"{value}{unit}" if unit[:1] in _CLOSE_UNITS else f"{value} {unit}"


@dataclass(frozen=True)
class Wording:
    """How indicators become clauses; patterns have the slots ``{name}`` and ``{v}``."""

    raise_verb: str
    lower_verb: str
    special_verbs: tuple[tuple[str, ...], ...]
    results_at_least: tuple[str, ...]
    results_at_most: tuple[str, ...]
    wants_at_least: tuple[str, ...]
    wants_at_most: tuple[str, ...]

    @classmethod
    def of(cls, material: Material) -> "Wording":
        """From the file ``wording.toml``."""
        return cls(
            raise_verb="".join(material.texts("wording", "raise")),
            lower_verb="".join(material.texts("wording", "lower")),
            special_verbs=material.pairs("wording", "verbs"),
            results_at_least=material.texts("wording", "result", "at_least"),
            results_at_most=material.texts("wording", "result", "at_most"),
            wants_at_least=material.texts("wording", "want", "at_least"),
            wants_at_most=material.texts("wording", "want", "at_most"),
        )

    def result(self, indicator: IndicatorRange, rng: Random) -> str:
        """What was reached, with a value from the range."""
        patterns = self.results_at_least if indicator.at_least else self.results_at_most
        return self._clause(patterns, indicator, drawn(indicator, rng), rng)

    def want(self, indicator: IndicatorRange, rng: Random, *, value: str | None = None) -> str:
        """What is asked for; the value is a round one of the range if none is given."""
        patterns = self.wants_at_least if indicator.at_least else self.wants_at_most
        return self._clause(patterns, indicator, value or rounded(indicator, rng), rng)

    def aim(self, indicator: IndicatorRange) -> str:
        """Verb and object: 提高断后伸长率, 缩短周期."""
        for part, more, less in self.special_verbs:
            if part in indicator.name:
                return (more if indicator.at_least else less) + indicator.name
        return (self.raise_verb if indicator.at_least else self.lower_verb) + indicator.name

    @staticmethod
    def _clause(patterns: Sequence[str], indicator: IndicatorRange, value: str, rng: Random) -> str:
        clause = pick(rng, patterns).format(name=indicator.name, v=with_unit(value, indicator.unit))
        return _LATIN_BEFORE_BOUND.sub(" ", clause)


@cache
def _parsed(name: str) -> tuple[str, int]:
    """Family of a slot and which of its words, from 0: ``m2`` is ``("m", 1)``.

    Raises:
        KeyError: no slot is called so.
    """
    found = _SLOT.fullmatch(name)
    if found is None:
        raise KeyError(name)
    return found[1], int(found[2] or 1) - 1


@cache
def _without_shared(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns that name neither product nor indicator; all of them where there is none."""
    return tuple(pattern for pattern in patterns if not _SHARED_SLOT.search(pattern)) or patterns


def drawn(indicator: IndicatorRange, rng: Random) -> str:
    """A value from the range, with as many decimals as its bounds have."""
    return f"{rng.uniform(indicator.low, indicator.high):.{indicator.digits}f}"


def rounded(indicator: IndicatorRange, rng: Random) -> str:
    """A value from the range that people would ask for: large whole numbers end in zeros."""
    value = rng.uniform(indicator.low, indicator.high)
    if indicator.digits > 0 or indicator.high < _TWO_DIGITS**2:
        return f"{value:.{indicator.digits}f}"
    step = 5 if indicator.high - indicator.low < _TWO_DIGITS**2 else 10 ** (len(str(int(indicator.high))) - 2)
    low, high = int(indicator.low), int(indicator.high)
    return str(min(high, max(low, round(value / step) * step)))


class Slots(dict[str, str]):
    """What the slots of one text hold, drawn when a pattern first asks for them.

    ``{m}`` and ``{m2}`` are different methods, and ``{m}`` is the same one in title and body. Slots that stand
    for numbers are drawn anew by every pattern that names them.
    """

    def __init__(
        self,
        rng: Random,
        topic: Topic,
        wording: Wording,
        extra: Mapping[str, Sequence[str]] | None = None,
        *,
        reserve: float = 0.0,
    ) -> None:
        """Slots of one text.

        Args:
            extra: further slots, each with the texts of which one is drawn.
            reserve: in [0, 1], how often a pattern is passed over that names a product or an indicator: the words
                that enterprises and researchers share. Where nothing else is left, it is taken all the same.
        """
        super().__init__()
        self._reserve = reserve
        self._rng = rng
        self._topic = topic
        self._wording = wording
        self._extra = extra or {}
        self._drawn: dict[str, Sequence[str]] = {}
        self._indicators: Sequence[IndicatorRange] = ()

    def fill(self, patterns: tuple[str, ...]) -> str:
        """One of the patterns, filled."""
        pattern = pick(self._rng, patterns)
        if self._reserve > 0 and _SHARED_SLOT.search(pattern) and chance(self._rng, self._reserve):
            pattern = pick(self._rng, _without_shared(patterns))
        return pattern.format_map(self)

    @property
    def indicators(self) -> Sequence[IndicatorRange]:
        """The topic's indicators in the order of ``{x}``, ``{x2}``."""
        if not self._indicators:
            self._indicators = some(self._rng, self._topic.indicators, len(self._topic.indicators))
        return self._indicators

    def __missing__(self, name: str) -> str:
        if name in _NUMBERS:
            return str(self._rng.randint(*_NUMBERS[name]))
        value = pick(self._rng, self._extra[name]) if name in self._extra else self._of_topic(name)
        self[name] = value
        return value

    def _of_topic(self, name: str) -> str:
        family, index = _parsed(name)
        if family in _WORD_LISTS:
            return self._word(family, index)
        indicator = self.indicators[index % len(self.indicators)]
        match family:
            case "x":
                return indicator.name
            case "i":
                return self._wording.result(indicator, self._rng)
            case "want":
                return self._wording.want(indicator, self._rng)
            case "aim":
                return self._wording.aim(indicator)
        raise KeyError(name)

    def _word(self, family: str, index: int) -> str:
        if family not in self._drawn:
            self._drawn[family] = some(self._rng, _WORD_LISTS[family](self._topic), _MOST_OF_A_LIST)
        words = self._drawn[family]
        return words[index % len(words)]
