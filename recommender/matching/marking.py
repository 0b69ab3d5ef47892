"""Marks the words that need and evidence share, as character spans in the evidence as it was written."""

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from embeddings.lexical.bm25 import Bm25Index
from embeddings.text.normalise import normalise_with_origins
from embeddings.text.sentences import sentence_spans
from recommender.domain.match import Span

_ALWAYS_TELLING: Final = 8
"""A word in no more passages than this tells something even in a small library."""
_ALPHANUMERIC = re.compile(r"[0-9a-z]")
_LETTER = re.compile(r"[a-z\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """One telling word (normalised) and where the text has it."""

    span: Span
    word: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The telling words of one text.

    Attributes:
        text: as written.
        hits: in text order, not overlapping.
        groups: runs of touching words: the span of each run and the words in it, ascending and apart.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    groups: tuple[tuple[Span, frozenset[str]], ...] = ()

    @classmethod
    def of(cls, text: str, hits: tuple[Hit, ...]) -> "MarkedText":
        """A text and the hits in it, grouped."""
        runs: list[tuple[Span, frozenset[str]]] = []
        for hit in hits:
            if runs and hit.span.start <= runs[-1][0].end:
                span, words = runs[-1]
                runs[-1] = (Span(span.start, hit.span.end), words | {hit.word})
            else:
                runs.append((hit.span, frozenset({hit.word})))
        return cls(text, hits, tuple(runs))

    @property
    def marks(self) -> tuple[Span, ...]:
        """Spans to mark, ascending and apart."""
        return tuple([span for span, _ in self.groups])


class WordMarker:
    """Finds the telling words of one query in any text.

    Args:
        words: words of the query.
        lexical: tells how rare a word is in the corpus.
        common_share: words in more than this share of the passages are not telling.
    """

    def __init__(self, words: Iterable[str], lexical: Bm25Index, common_share: float) -> None:
        limit = max(_ALWAYS_TELLING, common_share * lexical.n_passages)
        telling = [w for w in words if _is_word(w) and lexical.document_frequency(w) <= limit]
        self._weights = {word: lexical.inverse_document_frequency(word) for word in telling}
        longest_first = sorted(telling, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(_as_pattern, longest_first))) if telling else None

    @property
    def weights(self) -> dict[str, float]:
        """Telling words and how rare they are; higher is rarer."""
        return self._weights

    def mark(self, text: str) -> MarkedText:
        """Every occurrence of a telling word; of words that overlap, the first and longest."""
        if self._pattern is None or not text:
            return MarkedText(text)
        normalised = normalise_with_origins(text)
        hits = [
            Hit(Span(*normalised.original_span(*match.span())), match.group())
            for match in self._pattern.finditer(normalised.text)
        ]
        return MarkedText.of(text, tuple(hits)) if hits else MarkedText(text)

    def weight_of(self, words: Iterable[str]) -> float:
        """How telling words are together: the sum of their rarities, exact in whatever order they come."""
        return math.fsum(self._weights[word] for word in words)

    def best_sentence(self, marked: MarkedText) -> Span | None:
        """The most telling sentence, the first among equals; ``None`` where nothing is marked."""
        if not marked.hits:
            return None
        sentences = sentence_spans(marked.text)
        starts = [start for start, _ in sentences]
        words: defaultdict[int, set[str]] = defaultdict(set)
        for hit in marked.hits:
            words[max(0, bisect_right(starts, hit.span.start) - 1)].add(hit.word)
        best = max(words, key=lambda number: (self.weight_of(words[number]), -number))
        return Span(*sentences[best])


def _is_word(word: str) -> bool:
    """Two characters at least, one of them a letter: a single one, or a bare number, tells too little."""
    return len(word) > 1 and _LETTER.search(word) is not None


def _as_pattern(word: str) -> str:
    """A Latin word or code must stand alone; Chinese words have no borders.

    The left border is looked at after the first character: alternatives that begin with a literal let ``re``
    skip all other positions.
    """
    first = re.escape(word[0])
    left = f"(?<![0-9a-z]{first})" if _ALPHANUMERIC.match(word[0]) else ""
    right = r"(?![0-9a-z])" if _ALPHANUMERIC.match(word[-1]) else ""
    return f"{first}{left}{re.escape(word[1:])}{right}"
