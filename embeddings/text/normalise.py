"""Text normalisation that never loses the place of a character.

NFKC folds full-width forms, ligatures and compatibility signs; traditional characters become simplified;
letters become lower case. One original character may become several (``㎡`` → ``m2``) or none, so the result
carries, for each of its characters, the position it came from: a match found in normalised text can be marked
in the text the user wrote.
"""

import unicodedata
from codecs import utf_16_le_decode, utf_16_le_encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

_CJK_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Normalised text and where each of its characters stood.

    Attributes:
        text: the normalised text.
        origins: ``origins[i]`` is the position in the original of the character behind ``text[i]``; ascending.
    """

    text: str
    origins: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span in the original text for the half-open span ``[start, end)`` of :attr:`text`."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span [{start}, {end}) is outside a text of {len(self.text)} characters")
        return self.origins[start], self.origins[end - 1] + 1


@lru_cache(maxsize=1)
def _character_table() -> dict[int, str]:
    """Every character that changes, with what it becomes.

    The conversion to simplified characters is character by character: phrase rules would move positions and
    both sides of a comparison pass through the same table, so consistency is what counts.
    """
    from opencc import OpenCC

    characters = [chr(code) for low, high in _CJK_RANGES for code in range(low, high + 1)]
    folded = [unicodedata.normalize("NFKC", character) for character in characters]
    simplified = OpenCC("t2s").convert("\n".join(folded)).split("\n")
    assert len(simplified) == len(characters), "one line per character in, one line per character out"
    return {
        ord(character): result
        for character, result in zip(characters, simplified, strict=True)
        if character != result
    }


_UNKNOWN: Final = "\0"


class _Folds(dict[int, str]):
    """Fold of every character met so far, for :meth:`str.translate`.

    ``uneven`` collects the characters whose fold is not one character long: a text without any of them keeps
    its positions. ``units`` holds the others by UTF-16 code unit, :data:`_UNKNOWN` where there is none: to look
    up a whole text there takes a fifth of the time of :meth:`str.translate`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()
        self.units = np.zeros(0x10000, dtype="<u2")

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code))
        folded = "".join(_character_table().get(ord(part), part) for part in folded).lower()
        if len(folded) != 1:
            self.uneven.add(chr(code))
        elif max(code, ord(folded)) < len(self.units) and not _is_surrogate(code):
            self.units[code] = ord(folded)
        self[code] = folded
        return folded

    def of_even(self, text: str) -> str | None:
        """The normalised text where each of its characters is known to become one, else ``None``."""
        encoded, _ = utf_16_le_encode(text, "surrogatepass")
        folded, _ = utf_16_le_decode(self.units.take(np.frombuffer(encoded, dtype="<u2")).tobytes())
        return None if _UNKNOWN in folded else folded


def _is_surrogate(code: int) -> bool:
    """Whether it is half of a character that UTF-16 writes as two units; those are left to the slow way."""
    return 0xD800 <= code < 0xE000  # noqa: PLR2004 - the standard's own numbers


_FOLDS: Final = _Folds()


def normalise(text: str) -> str:
    """Normalised text: NFKC by character, simplified, lower case.

    >>> normalise("ＳｉＣ鍍膜 5㎜")
    'sic镀膜 5mm'
    """
    even = _FOLDS.of_even(text)
    return text.translate(_FOLDS) if even is None else even


def normalise_with_origins(text: str) -> NormalisedText:
    """Like :func:`normalise`, with the original position of every character.

    >>> normalise_with_origins("5㎜鋼").origins
    [0, 1, 1, 2]
    """
    even = _FOLDS.of_even(text)
    if even is not None:
        return NormalisedText(text=even, origins=range(len(text)))
    normalised = text.translate(_FOLDS)
    origins: list[int] = []
    start = 0
    for position in [position for position, character in enumerate(text) if character in _FOLDS.uneven]:
        origins += range(start, position)
        origins += [position] * len(_FOLDS[ord(text[position])])
        start = position + 1
    origins += range(start, len(text))
    return NormalisedText(text=normalised, origins=origins)
