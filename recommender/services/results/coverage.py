"""Which indicators of a need are spoken of in what is shown of an entity."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Achievement, Entity, Expert, Need, Platform
from recommender.domain.indicators import Indicator
from recommender.domain.match import Match
from recommender.intake.fields import indicators_of

Words = Callable[[str], Sequence[str]]
"""Cuts a text into words."""

_TELLING: Final = 2
"""Characters that a word has at least for its being there to say something."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Indicators whose name, or a telling word of it, stands in the evidence or the profile, and the others.

    That somebody speaks of an indicator does not say that its bound is kept.
    """

    spoken_of: tuple[Indicator, ...]
    silent: tuple[Indicator, ...]


def wanted_indicators(need: Need) -> tuple[Indicator, ...]:
    """What a need measures success by: its own list first, then what its text names, each name once."""
    listed = [found for text in need.indicators if (found := Indicator.parse(text)) is not None]
    in_text = [one for found in indicators_of(need) for one in found.indicator.indicators]
    by_name = {indicator.name: indicator for indicator in reversed([*listed, *in_text])}
    return tuple(dict.fromkeys(by_name[indicator.name] for indicator in (*listed, *in_text)))


def coverage(indicators: Sequence[Indicator], match: Match, record: Entity, words: Words) -> Coverage:
    """Sort indicators by whether what is shown speaks of them."""
    text = _folded("\n".join([*(f"{item.title}\n{item.text}" for item in match.evidence), *_profile(record)]))
    spoken_of = tuple(indicator for indicator in indicators if _is_in(indicator.name, text, words))
    return Coverage(spoken_of, tuple(indicator for indicator in indicators if indicator not in spoken_of))


def _is_in(name: str, text: str, words: Words) -> bool:
    folded = _folded(name)
    telling = [word for word in words(folded) if len(word) >= _TELLING]
    return folded in text or any(word in text for word in telling)


def _profile(record: Entity) -> Sequence[str]:
    match record:
        case Expert():
            return (*record.research_fields, record.solvable_problems, record.biography)
        case Platform():
            return (*record.research_fields, record.services, record.equipment)
        case Achievement():
            return (record.abstract, *record.indicators, *record.keywords)
    return ()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
