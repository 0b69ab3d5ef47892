"""Word segmentation with jieba and a domain dictionary."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba

from embeddings.text.normalise import normalise, normalise_with_origins

_WORD = re.compile(r"[0-9a-z\u3400-\u9fff]")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text: its normalised form and its half-open span in the original."""

    text: str
    start: int
    end: int


class _Tokenizer(jieba.Tokenizer):  # type: ignore[misc]
    """jieba without its cache file: a shared temporary folder is no place to read tables from."""

    initialized: bool

    def initialize(self, dictionary: str | None = None) -> None:  # noqa: ARG002 - the base class's
        """Build the table of prefixes from jieba's own dictionary, once."""
        if not self.initialized:
            self.FREQ, self.total = self.gen_pfdict(self.get_dict_file())
            self.initialized = True


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
        self._tokenizer = _Tokenizer()
        self._tokenizer.initialize()
        for word in words:
            self._tokenizer.add_word(word)
        payload = "\n".join(("", *words, "", *sorted(self._stop_words)))
        digest = hashlib.sha256(payload.encode()).hexdigest()[:12]
        self._id = f"jieba-{jieba.__version__}-v{_FORMAT}-{digest}"

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
        words = self._tokenizer.cut_for_search(normalise(text))
        return [word for word in words if self._is_content(word)]

    def terms(self, text: str) -> Iterator[Term]:
        """Non-overlapping words with their spans in the original text."""
        normalised = normalise_with_origins(text)
        for word, start, end in self._tokenizer.tokenize(normalised.text):
            if self._is_content(word):
                yield Term(word, *normalised.original_span(start, end))

    def _is_content(self, word: str) -> bool:
        return word not in self._stop_words and _WORD.search(word) is not None


def _read_words(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        word = line.partition("#")[0].strip()
        if word:
            yield word
