"""The words a query is looked up by: one bag where works are ranked, another where those behind them are found.

A work is found by what its need speaks of again and again. Who can help is found among whole abstracts, where
covering many of the need's words tells more than repeating one, rare words tell more than their BM25 says, and
words side by side tell most of all. The two bags differ in that; docs/evaluation.md has the figures.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from embeddings.lexical.bm25 import Term
from embeddings.text.pairs import neighbours, whole_words
from embeddings.text.segment import Segmenter
from recommender.matching.config import MatchConfig

_IN_TITLE: Final = 2.0


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """Weighted terms.

    Attributes:
        words: search-mode words; what achievements, enterprises and needs are ranked by.
        finding: words and neighbours; what experts and platforms are found by.
        rarity: power of a term's rarity that multiplies its weight in :attr:`finding`.
    """

    words: Mapping[str, float]
    finding: Mapping[Term, float] = field(default_factory=dict)
    rarity: float = 0.0

    @classmethod
    def of(cls, title: str, text: str, segmenter: Segmenter, config: MatchConfig) -> "QueryTerms":
        """Both bags of a query; title or text may be empty."""
        in_title, in_text = segmenter.tokens(title), segmenter.tokens(text)
        return cls(
            words=_repeated(Counter(in_title), Counter(in_text), config),
            finding=_distinct(in_title, in_text, config),
            rarity=config.finding_rarity,
        )


def _repeated(title: Counter[str], text: Counter[str], config: MatchConfig) -> dict[str, float]:
    """Title words weigh 1 each, and every word of title and text adds :attr:`body_term_weight`."""
    if not title:
        return {word: float(count) for word, count in text.items()}
    weight = config.body_term_weight if text else 0.0
    return {word: title[word] * (1.0 + weight) + text[word] * weight for word in title | text}


def _distinct(title: list[str], text: list[str], config: MatchConfig) -> dict[Term, float]:
    """Every word once, twice if the title has it; less if only as a part of longer ones; and neighbours."""
    whole = {*whole_words(title), *whole_words(text)}
    terms: dict[Term, float] = {
        word: (_IN_TITLE if word in title else 1.0) * (1.0 if word in whole else config.finding_part_weight)
        for word in dict.fromkeys((*title, *text))
    }
    pairs = dict.fromkeys((*neighbours(title), *neighbours(text)), config.finding_pair_weight)
    return {term: weight for term, weight in (terms | pairs).items() if weight > 0.0}
