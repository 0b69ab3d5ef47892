"""What a password must be, and passwords that are made up for somebody."""

import re
import secrets
import unicodedata
from typing import Final

from recommender.domain.errors import InvalidInput

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 200
"""Characters; the hash takes longer for longer ones, so there is an end."""

_LOGIN_NAME: Final = re.compile(r"[\w.@-]{2,64}")
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are read for one another."""

_FEWEST_CHARACTERS: Final = 4
"""Different ones."""

_COMMON: Final = frozenset(
    {
        "000000000000",
        "111111111111",
        "112233445566",
        "123123123123",
        "123456123456",
        "123456654321",
        "1234567890",
        "123456789012",
        "1q2w3e4r5t6y",
        "5201314",
        "abc123",
        "abc123456",
        "abcd1234",
        "admin",
        "administrator",
        "asdfghjkl",
        "iloveyou",
        "letmein",
        "passw0rd",
        "password",
        "p@ssw0rd",
        "qazwsxedc",
        "qwer1234",
        "qwertyuiop",
        "welcome",
        "woaini1314",
        "zaq12wsx",
    }
)
"""Words that many passwords are made of; repeated, or with digits or signs behind, they are as bad."""


def normal_login_name(name: str) -> str:
    """A login name as it is kept: full-width and capital letters make no difference.

    Raises:
        InvalidInput: too short, too long, or with other characters than letters, digits and ``._@-``.
    """
    normal = unicodedata.normalize("NFKC", name).strip().casefold()
    if not _LOGIN_NAME.fullmatch(normal):
        raise InvalidInput("account.login_name")
    return normal


def check_password(password: str, *, login_name: str) -> None:
    """Refuse a password that others would guess.

    Raises:
        InvalidInput: shorter than :data:`MIN_LENGTH`, longer than :data:`MAX_LENGTH`, much the same as the login
            name, or one of the common ones.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInput("account.password_length", minimum=MIN_LENGTH, maximum=MAX_LENGTH)
    if _is_common(password):
        raise InvalidInput("account.password_common")
    if _core(password) == _core(login_name) or password.casefold() == login_name.casefold():
        raise InvalidInput("account.password_is_name")


def new_password() -> str:
    """A password for the first sign-in: about 99 random bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def _core(text: str) -> str:
    """A text without what is usually hung behind a word to make it long enough."""
    return text.casefold().rstrip("0123456789!@#$%^&*()-_=+.,;:?~")


def _is_common(password: str) -> bool:
    text = password.casefold()
    common_cores = {_core(word) for word in _COMMON} - {""}
    if len(set(text)) < _FEWEST_CHARACTERS or text in _COMMON or _core(text) in common_cores:
        return True
    ascending = "0123456789" * 3 + "abcdefghijklmnopqrstuvwxyz"
    if text in ascending or text[::-1] in ascending:
        return True
    return any(text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1))
