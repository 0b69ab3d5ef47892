"""统一社会信用代码 of enterprises that do not exist: valid in form, with a subject part nobody is given."""

from collections.abc import Callable
from typing import Final

CheckDigit = Callable[[str], str]
"""From the first 17 characters of a code to the 18th."""

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS: Final = _ALPHABET[10:]
_OFFICE: Final = "91320582"
"""Enterprises registered in the city."""
_RESERVED: Final = "0000"
"""Real subject parts do not begin so; those of the sample library do, but a digit follows, and here a letter."""
_N_SUBJECTS: Final = len(_LETTERS) * len(_ALPHABET) ** 4
_STEP: Final = 7_368_787
"""A prime that does not divide the number of subjects, so that every number is met once before any is again."""


def enterprise_code(number: int, check_digit: CheckDigit) -> str:
    """The code of the so-manieth enterprise; different numbers up to 19 million give different codes."""
    rest = number * _STEP % _N_SUBJECTS
    tail = ""
    for _ in range(4):
        rest, digit = divmod(rest, len(_ALPHABET))
        tail = _ALPHABET[digit] + tail
    body = _OFFICE + _RESERVED + _LETTERS[rest] + tail
    return body + check_digit(body)
