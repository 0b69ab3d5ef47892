"""Needs that were asked before and are near to a new one, found in the index of the demand side."""

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality, EntityKind
from recommender.matching.corpus import passage_of
from recommender.matching.failures import translated_failures
from recommender.matching.kind_scores import KindScores
from recommender.matching.matcher import Matcher
from recommender.matching.query import MatchQuery
from recommender.matching.sides import Side

_GRAM: Final = 3
_DUPLICATE_OVERLAP: Final = 0.7
_DUPLICATE_WITH_TITLE: Final = 0.25
_MIN_SCORE: Final = 3.5
"""Measured on 212 real needs: above it nearly all pairs are on one subject, below it few are."""
_MIN_SCORE_OF_FEW: Final = 0.4
"""Times the root of their number: among few needs none can stand out that far."""
_MIN_DUPLICATE_CHARS: Final = 12
_MAX_TEXT: Final = 2000
"""Characters of the new need that are read to find others; the encoder reads a few hundred."""


@dataclass(frozen=True, slots=True)
class NearNeed:
    """A stored need and how near it is.

    Attributes:
        need_id: of the need as indexed; it may have been removed since.
        similarity: cosine of both texts, in [-1, 1], higher is closer.
        score: fused score of vectors and words in units of standard deviations over all stored needs.
    """

    need_id: str
    similarity: float
    score: float


def near_needs(need: Need, matcher: Matcher, k: int) -> tuple[NearNeed, ...]:
    """The up to ``k`` stored needs nearest to one, itself left out, best first.

    Args:
        need: written so far; of a confidential one all is read, since it is its owner's.
        matcher: over the index in use.
        k: at least 1.

    Raises:
        SearchUnavailable: the encoder gives no usable vector.
    """
    side = matcher.sides[Side.DEMAND]
    population = side.populations.get(EntityKind.NEED)
    query = _query(need)
    if population is None or query is None:
        return ()
    with translated_failures():
        encoded = matcher.encode(query)
    scores = side.scorer.score(encoded)
    kind_scores = KindScores.of(population, scores, side.scorer.config)
    min_score = min(_MIN_SCORE, _MIN_SCORE_OF_FEW * math.sqrt(len(population.links.entity_ids)))
    near = []
    for row in kind_scores.best_first(None)[: k + 1].tolist():
        need_id = population.links.entity_ids[row]
        passage = int(population.links.passages_of(row)[0])
        score = float(kind_scores.text[row])
        if need_id != need.id and score >= min_score:
            near.append(NearNeed(need_id, float(scores.cosines[passage]), score))
    return tuple(near[:k])


def overlap(one: str, other: str) -> float:
    """Share of the shorter text's wording that the longer has too, in [0, 1]; 0 where one is too short to tell.

    Wording is every run of three characters; blanks, punctuation and repeats do not count.
    """
    first, second = _grams(one), _grams(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= _MIN_DUPLICATE_CHARS else 0.0


def is_duplicate(shared: float, *, same_title: bool) -> bool:
    """Whether two needs are probably one, by :func:`overlap` of their texts."""
    return shared >= (_DUPLICATE_WITH_TITLE if same_title else _DUPLICATE_OVERLAP)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are equal but for blanks, punctuation and case."""
    first, second = (re.sub(r"\W", "", title).lower() for title in (one, other))
    return bool(first) and first == second


def _grams(text: str) -> frozenset[str]:
    bare = re.sub(r"\W", "", text[:_MAX_TEXT]).lower()
    return frozenset(bare[start : start + _GRAM] for start in range(len(bare) - _GRAM + 1))


def _query(need: Need) -> MatchQuery | None:
    title, text = need.title.strip(), need.text.strip()[:_MAX_TEXT]
    readable = replace(need, title=title, description=text, difficulties="", indicators=(), research_content="")
    passage = passage_of(replace(readable, scenario="", confidentiality=Confidentiality.INTERNAL))
    if passage is None:
        return None
    return MatchQuery(title=title, text=text, keywords=need.keywords, passage=passage, source_id=need.id)
