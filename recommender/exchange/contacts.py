"""Shapes of phone numbers, mail addresses and web addresses."""

import re
from typing import Final

from recommender.exchange.cells import half_width

_GAPS: Final = re.compile(r"[\s\-‐-―－()]+")
_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE: Final = re.compile(
    r"(?:\+?86)?(0(?:10|2\d|[3-9]\d{2}))-?([2-8]\d{6,7})(?:(?:-|转|ext\.?)(\d{1,6}))?", re.IGNORECASE
)
_SERVICE: Final = re.compile(r"([48]00)(\d{3})(\d{4})")
_ABROAD: Final = re.compile(r"\+(?!86)[1-9]\d{6,14}")
_EMAIL: Final = re.compile(
    r"[^\s@,;:<>()\[\]\"\\]{1,64}@(?:[^\s@.,;:<>()\[\]\"\\]+\.)+[^\s@.,;:<>()\[\]\"\\\d]{2,}"
)
_URL: Final = re.compile(r"https?://[^\s/?#<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
_BARE_URL: Final = re.compile(r"www\.[^\s<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
_MAX_EMAIL: Final = 254


def phone(text: str) -> str | None:
    """One number in its usual form, ``None`` where it is none.

    Mobile numbers as 11 digits, landlines as ``0512-58880000`` or ``0512-58880000-801``, numbers of 400 and 800
    as ``400-888-0000``, others with ``+`` and country code.
    """
    written = half_width(text)
    digits = _GAPS.sub("", written)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    landline = _LANDLINE.fullmatch(re.sub(r"[\s()]+", "", written)) or _LANDLINE.fullmatch(digits)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    service = _SERVICE.fullmatch(digits)
    if service:
        return "-".join(service.groups())
    return digits if _ABROAD.fullmatch(digits) else None


def email(text: str) -> str | None:
    """One address, half-width, as it is written; ``None`` where it is none."""
    written = half_width(text).removeprefix("mailto:")
    return written if len(written) <= _MAX_EMAIL and _EMAIL.fullmatch(written) else None


def url(text: str) -> str | None:
    """An http or https address; one that begins with ``www.`` gets ``http://``. ``None`` for anything else."""
    if _BARE_URL.fullmatch(text):
        return f"http://{text}"
    return text if _URL.fullmatch(text) else None
