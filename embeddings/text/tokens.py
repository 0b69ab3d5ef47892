"""Tokens of many passages as numbers: a city's thirteen million take the place of one string each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.types import RowIds


class WordNumbers(dict[str, int]):
    """Numbers words from 0 in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Tokens by passage.

    Attributes:
        words: each once.
        numbers: ``(tokens,)`` int32 positions in :attr:`words`, passage after passage.
        starts: ``(passages + 1,)`` int64; passage ``p`` has ``numbers[starts[p]:starts[p + 1]]``.
    """

    words: tuple[str, ...]
    numbers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, passages: Iterable[Sequence[str]]) -> "TokenTable":
        """From the tokens of each passage; a passage may be empty."""
        words, numbers, starts = WordNumbers(), list[int](), [0]
        for tokens in passages:
            numbers += map(words.__getitem__, tokens)
            starts.append(len(numbers))
        return cls(tuple(words), np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int64))

    def joined(self, other: "TokenTable") -> "TokenTable":
        """The passages of both, one table after the other."""
        words = WordNumbers((word, number) for number, word in enumerate(self.words))
        renumbered = np.array([words[word] for word in other.words], dtype=np.int32)
        return TokenTable(
            words=tuple(words),
            numbers=np.concatenate((self.numbers, renumbered[other.numbers])),
            starts=np.concatenate((self.starts, self.starts[-1] + other.starts[1:])),
        )

    def rows(self, rows: RowIds) -> "TokenTable":
        """Some of the passages, in the order given."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        places = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return TokenTable(self.words, self.numbers[places], starts)

    def canonical(self) -> "TokenTable":
        """The same passages with the words in order, and only those that occur.

        Equal tokens have equal canonical tables, whatever the tables were put together from.
        """
        n_uses = np.bincount(self.numbers, minlength=len(self.words)).tolist()
        words = tuple(sorted(word for word, n in zip(self.words, n_uses, strict=True) if n))
        if words == self.words:
            return self
        number_of = {word: number for number, word in enumerate(words)}
        renumbered = np.array([number_of.get(word, -1) for word in self.words], dtype=np.int32)
        return TokenTable(words, renumbered[self.numbers], self.starts)
