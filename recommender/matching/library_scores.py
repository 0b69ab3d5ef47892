"""How well each record of a kind answers a question, where the records themselves are searched for.

The same scores as in matching, without its rules: somebody who looks into the library wants everybody who fits,
whether they may be proposed or not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from embeddings.passages.index import PassageIndex
from recommender.domain.kinds import EntityKind
from recommender.matching.corpus import evidence_source
from recommender.matching.failures import translated_failures
from recommender.matching.kind_scores import KindScores
from recommender.matching.matcher import Matcher
from recommender.matching.query import MatchQuery
from recommender.matching.selection import best
from recommender.matching.sides import Side

SHARE: Final = 0.35
"""Of the best record's score: what others should reach."""
LEAST: Final = 2.5
MOST: Final = 3.0
"""Bounds of that, in units of z: a rare word lifts its one record far above others that answer as well."""
MIN_LISTED: Final = 20
"""As many are listed in any case, the best ones: a small library knows no outliers."""
UNLIKELY: Final = 1.0
"""In units of z: below that a record is no answer, however few there are."""
MAX_LISTED: Final = 2_000

_HAN: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """What a record is found by: an achievement of an expert or a platform, or the record's own texts."""

    kind: EntityKind
    id: str
    title: str
    label: str
    year: int | None


class LibraryScores:
    """One question against all records of a kind.

    Args:
        scores: of the kind, ``None`` where nothing of it is indexed.
        passages: of its side.
    """

    def __init__(self, scores: KindScores | None, passages: PassageIndex) -> None:
        self._scores = scores
        self._passages = passages
        self._relevant = {} if scores is None else _relevant(scores)

    @property
    def relevant(self) -> Mapping[str, float]:
        """Scores of the records that answer the question, by id; higher is better, in units of z."""
        return self._relevant

    def best_passages(self, ids: list[str]) -> dict[str, FoundPassage]:
        """By which passage each of these records is found, for those that are indexed."""
        if self._scores is None:
            return {}
        population = self._scores.population
        found = {}
        for row in population.rows_of(ids).tolist():
            vote = self._scores.votes(row)[0]
            stored = self._passages.texts.get(vote.passage)
            kind, source = evidence_source(stored.id)
            found[population.links.entity_ids[row]] = FoundPassage(
                kind, source, stored.title, stored.label, stored.year
            )
        return found


def score_library(matcher: Matcher, kind: EntityKind, text: str) -> LibraryScores:
    """Score all records of a kind for a question.

    Raises:
        SearchUnavailable: the encoder gives no usable vector.
    """
    side = matcher.sides[Side.of(kind)]
    population = side.populations.get(kind)
    if population is None:
        return LibraryScores(None, side.passages)
    config = side.scorer.config
    with translated_failures():
        scores = side.scorer.score(matcher.encode(MatchQuery(title=text, text="")))
    if not _HAN.search(text) and not scores.of_kind(kind)[1].any():
        # A code that stands nowhere: what is near to its letters is no answer.
        return LibraryScores(None, side.passages)
    return LibraryScores(KindScores.of(population, scores, config), side.passages)


def _relevant(scores: KindScores) -> dict[str, float]:
    values = scores.text
    if not values.size:
        return {}
    least = min(max(LEAST, SHARE * float(values.max())), MOST)
    n_listed = min(max(int((values >= least).sum()), MIN_LISTED), MAX_LISTED)
    rows = best(values, n_listed)
    ids = scores.population.links.entity_ids
    return {ids[row]: float(values[row]) for row in rows.tolist() if values[row] >= UNLIKELY}
