"""Neighbouring words of a text: 电解液 next to 添加剂 says more than both somewhere.

Search mode gives the parts of a long word right before it (磷酸, 铁锂, 磷酸铁锂). A part is no neighbour of
anything: only the longest words stand side by side.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from embeddings.text.tokens import TokenTable
from embeddings.types import RowIds

Pair = tuple[str, str]


def whole_words(words: Sequence[str]) -> list[str]:
    """Search-mode words in order, without those that are parts of the longer word right after them.

    >>> whole_words(["磷酸", "铁锂", "磷酸铁锂", "电池"])
    ['磷酸铁锂', '电池']
    """
    whole: list[str] = []
    for word in words:
        while whole and len(whole[-1]) < len(word) and whole[-1] in word:
            whole.pop()
        whole.append(word)
    return whole


def neighbours(words: Sequence[str]) -> list[Pair]:
    """Pairs of whole words that stand side by side, in order, repeats kept.

    >>> neighbours(["磷酸", "铁锂", "磷酸铁锂", "电池", "回收"])
    [('磷酸铁锂', '电池'), ('电池', '回收')]
    """
    return list(pairwise(whole_words(words)))


def neighbour_keys(
    tokens: TokenTable, *, block_size: int = 20_000
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The :func:`neighbours` of every passage: ``number of the first · words + number of the second``.

    Args:
        tokens: of each passage.
        block_size: passages at once: for all of a city's, what is only needed on the way would fill a gigabyte.

    Returns:
        ``(pairs,)`` keys and ``(pairs,)`` passages, passage after passage.
    """
    lengths = np.array([len(word) for word in tokens.words])
    blocks = [
        _keys_of_block(tokens, first, min(first + block_size, len(tokens)), lengths)
        for first in range(0, max(len(tokens), 1), block_size)
    ]
    return np.concatenate([keys for keys, _ in blocks]), np.concatenate([passages for _, passages in blocks])


def _keys_of_block(
    tokens: TokenTable, first: int, last: int, lengths: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    starts = tokens.starts[first : last + 1]
    numbers = tokens.numbers[starts[0] : starts[-1]].astype(np.int64)
    passages = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(starts))
    whole = _whole_places(tokens.words, numbers, passages, lengths)
    numbers, passages = numbers[whole], passages[whole]
    together = passages[:-1] == passages[1:]
    return (numbers[:-1] * len(tokens.words) + numbers[1:])[together], passages[:-1][together]


def _whole_places(
    words: Sequence[str],
    numbers: npt.NDArray[np.int64],
    passages: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int64],
) -> RowIds:
    """Places of the whole words among some tokens, ascending.

    A part of a part is a part, so all parts that stand before their word go at once, round after round.
    """
    kept = np.arange(len(numbers))
    doubtful = kept[:-1]
    while doubtful.size:
        first, second = kept[doubtful], kept[doubtful + 1]
        is_part = _are_parts(words, numbers[first], numbers[second], lengths)
        stays = np.ones(len(kept), dtype=bool)
        stays[doubtful[is_part & (passages[first] == passages[second])]] = False
        has_new_neighbour = stays[:-1] & ~stays[1:]
        place_of = np.cumsum(stays) - 1
        kept = kept[stays]
        doubtful = place_of[:-1][has_new_neighbour]
        doubtful = doubtful[doubtful < len(kept) - 1]
    return kept


def _are_parts(
    words: Sequence[str],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Whether each first word is a part of the second; every pair of words is looked at once."""
    answers = lengths[first] < lengths[second]
    distinct, which = np.unique(first[answers] * len(words) + second[answers], return_inverse=True)
    pairs = zip(*(part.tolist() for part in np.divmod(distinct, max(len(words), 1))), strict=True)
    contained = np.array([words[part] in words[word] for part, word in pairs], dtype=bool)
    answers[answers] = contained[which]
    return answers
