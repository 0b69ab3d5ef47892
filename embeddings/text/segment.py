"""Word segmentation with jieba and a domain dictionary.

Its port to Rust gives the same Chinese words twenty times as fast, and keeps hyphenated names (sds-page) beside
their parts; see ``docs/decisions/0008-segmentation.md``.
"""

import hashlib
import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
from rjieba import Jieba

from embeddings.text.normalise import normalise, normalise_with_origins
from embeddings.text.tokens import TokenTable, WordNumbers

_WORD: Final = re.compile(r"[0-9a-z\u3400-\u9fff]")
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_FORMAT: Final = 2
_PROGRESS_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text: its normalised form and its half-open span in the original."""

    text: str
    start: int
    end: int


class Segmenter:
    """Splits Chinese text into words for the lexical index and for marking evidence.

    Args:
        dictionary: domain words, one a line (``#`` starts a comment), that jieba must not split.
        stop_words: words that carry no content; they are left out everywhere.

    Search mode gives long words and their parts, so 冷轧薄板 is found by 薄板 too.
    """

    def __init__(self, *, dictionary: Iterable[str] = (), stop_words: Iterable[str] = ()) -> None:
        words = tuple(sorted({normalise(word) for word in dictionary}))
        self._stop_words = frozenset(normalise(word) for word in stop_words)
        self._jieba = Jieba()
        for word in words:
            self._jieba.add_word(word, None, None)
        payload = "\n".join(("", *words, "", *sorted(self._stop_words)))
        digest = hashlib.sha256(payload.encode()).hexdigest()[:12]
        self._id = f"rjieba-{version('rjieba')}-v{_FORMAT}-{digest}"

    @classmethod
    def from_files(cls, *, dictionary: Path, stop_words: Path) -> "Segmenter":
        """Read both word lists from UTF-8 files."""
        return cls(dictionary=_read_words(dictionary), stop_words=_read_words(stop_words))

    @property
    def id(self) -> str:
        """Changes whenever the same text may give other tokens: jieba's version and the hash of the lists."""
        return self._id

    def tokens(self, text: str) -> list[str]:
        """Normalised search-mode tokens in order, repeats kept, stop words and punctuation left out."""
        return [word for word in self._words(text) if self._is_content(word)]

    def table(self, texts: Iterable[str], *, on_progress: Callable[[int], None] | None = None) -> TokenTable:
        """The :meth:`tokens` of many texts; whether a word is one that counts is asked once, not at every place.

        Args:
            texts: any number of texts.
            on_progress: told the number of texts newly done, now and then; the calls sum to all of them.
        """
        numbers, found, starts = WordNumbers(), array("i"), [0]
        for text in texts:
            found.extend(map(numbers.__getitem__, self._words(text)))
            starts.append(len(found))
            if on_progress is not None and len(starts) % _PROGRESS_STEP == 1:
                on_progress(_PROGRESS_STEP)
        if on_progress is not None and (n_left := (len(starts) - 1) % _PROGRESS_STEP):
            on_progress(n_left)
        counts = np.array([self._is_content(word) for word in numbers], dtype=bool)
        places = np.frombuffer(found, dtype=np.int32)
        kept = counts[places]
        kept_before = np.concatenate(([0], np.cumsum(kept)))
        return TokenTable(tuple(numbers), places[kept], kept_before[starts])

    def terms(self, text: str) -> Iterator[Term]:
        """Non-overlapping words with their spans in the original text."""
        normalised = normalise_with_origins(text)
        for word, start, end in self._jieba.tokenize(_encodable(normalised.text)):
            if self._is_content(word):
                yield Term(word, *normalised.original_span(start, end))

    def _words(self, text: str) -> list[str]:
        words: list[str] = self._jieba.cut_for_search(_encodable(normalise(text)))
        return words

    def _is_content(self, word: str) -> bool:
        return word not in self._stop_words and _WORD.search(word) is not None


def _encodable(text: str) -> str:
    """The text with its halves of characters, which UTF-8 cannot hold, replaced one by one."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _read_words(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        word = line.partition("#")[0].strip()
        if word:
            yield word
