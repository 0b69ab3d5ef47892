"""统一社会信用代码: 18 characters with a check digit (GB 32100)."""

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(3**position % 31 for position in range(17))
_LENGTH: Final = 18
_OLD_LENGTHS: Final = frozenset({13, 15})


def check_digit(body: str) -> str:
    """The 18th character for the first 17, all of the code's alphabet.

    >>> check_digit("91320582000000000")
    'J'
    """
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def fault(code: str) -> str | None:
    """What is wrong with a code, as the key of a row message; ``None`` where nothing is."""
    if len(code) != _LENGTH:
        return "credit_code.length"
    if any(char not in _ALPHABET for char in code):
        return "credit_code.characters"
    return None if check_digit(code[:-1]) == code[-1] else "credit_code.check_digit"


def is_old_registration(code: str) -> bool:
    """Whether it is a registration number from before 2015: 13 or 15 digits, or worded like 企合苏总字第…号.

    Enterprises that closed before the change have no other code, and registers still list them.
    """
    worded = code.startswith("企") and "字第" in code
    return worded or (code.isdecimal() and len(code) in _OLD_LENGTHS)
