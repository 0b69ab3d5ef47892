"""Word segmentation with jieba and a domain dictionary.

Its port to Rust gives the same Chinese words twenty times as fast, and keeps hyphenated names (sds-page) beside
their parts; see ``docs/decisions/0008-segmentation.md``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rjieba import Jieba

from embeddings.text.normalise import normalise, normalise_with_origins

_WORD: Final = re.compile(r"[0-9a-z\u3400-\u9fff]")
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_FORMAT: Final = 2


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
        words = self._jieba.cut_for_search(_encodable(normalise(text)))
        return [word for word in words if self._is_content(word)]

    def terms(self, text: str) -> Iterator[Term]:
        """Non-overlapping words with their spans in the original text."""
        normalised = normalise_with_origins(text)
        for word, start, end in self._jieba.tokenize(_encodable(normalised.text)):
            if self._is_content(word):
                yield Term(word, *normalised.original_span(start, end))

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
