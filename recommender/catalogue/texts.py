"""Texts as they are compared: width, case and blanks do not count."""

import re
import unicodedata
from typing import Final

_BLANKS: Final = re.compile(r"\s+")


def folded(text: str) -> str:
    """A text without the differences that nobody types on purpose.

    >>> folded("ＡＢ Steel  钢铁")
    'absteel钢铁'
    """
    if text.isascii() or not text.isalpha():
        text = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    return text.casefold()


def folded_parts(text: str) -> tuple[str, ...]:
    """The parts of a question that blanks separate, each :func:`folded`, without repetition."""
    return tuple(dict.fromkeys(filter(None, map(folded, text.split()))))
