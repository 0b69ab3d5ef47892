"""Phone numbers and e-mail addresses in the one form in which they are compared."""

import re
from typing import Final

from recommender.identity.text import folded

_DIGITS: Final = re.compile(r"[^0-9]+")
_COUNTRY: Final = re.compile(r"^(?:00)?86(?=1\d{10}$|0\d{9,11}$)")
_MIN_DIGITS: Final = 7


def phone_form(phone: str) -> str:
    """Digits only, without the code of the country; ``""`` where there are too few to be a number.

    >>> phone_form("+86 138-1234-5678"), phone_form("138****5678")
    ('13812345678', '')
    """
    plain = folded(phone)
    if "*" in plain:
        return ""
    digits = _COUNTRY.sub("", _DIGITS.sub("", plain))
    return digits if len(digits) >= _MIN_DIGITS else ""


def email_form(email: str) -> str:
    """Folded and without blanks; ``""`` where it is masked or no address.

    >>> email_form(" Li@X.edu.cn "), email_form("l***@x.edu.cn")
    ('li@x.edu.cn', '')
    """
    plain = "".join(folded(email).split())
    name, at, host = plain.partition("@")
    return plain if name and at and "." in host and "*" not in plain else ""
