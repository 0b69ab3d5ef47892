"""Numbers as they are written in Chinese texts, and their exact values."""

import re
from decimal import Decimal
from typing import Final

_DIGITS: Final = dict(
    zip("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
_TENS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS: Final = {"万": 10_000, "亿": 100_000_000, "萬": 10_000}
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_CHINESE: Final = "[零〇一二两三四五六七八九十百千万亿]"
_MANTISSA: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,15})?"
_POWER: Final = (
    r"(?:\s?[×xX*·]\s?10(?:\^?\(?[-+]?[0-9]{1,2}\)?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|[eE][-+]?[0-9]{1,2}(?![0-9.]))?"
)
_SCALE: Final = r"(?:\s?(?:百万|千万|万亿|[万亿千百](?![万亿克瓦帕伏安牛焦米赫兆卡分])))?"
ARABIC: Final = rf"{_MANTISSA}{_POWER}{_SCALE}|10(?:\^-?[0-9]{{1,2}}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
CHINESE: Final = rf"{_CHINESE}{{1,15}}(?:点[零〇一二三四五六七八九]{{1,15}})?"
NUMBER: Final = rf"(?:{ARABIC}|(?:百|千)分之{CHINESE}|{CHINESE})"
"""Pattern of a number without its sign."""

_SCIENTIFIC: Final = re.compile(
    rf"(?P<mantissa>{_MANTISSA})?\s?[×xX*·]?\s?(?:10\^?\(?(?P<power>[-+]?[0-9]{{1,2}})\)?|[eE](?P<exponent>[-+]?[0-9]{{1,2}}))"
)
_MAX_EXPONENT: Final = 15


def number(written: str) -> Decimal | None:
    """The value of a number, ``None`` where it is none or too large to be meant.

    >>> [float(number(written)) for written in ("1,200.5", "5万", "1.5×10^3", "三千八百", "百分之五")]
    [1200.5, 50000.0, 1500.0, 3800.0, 5.0]
    """
    compact = written.replace(",", "").replace(" ", "").translate(_SUPERSCRIPTS) if written else ""
    compact = compact.removeprefix("百分之").removeprefix("千分之")
    scale = 1
    if compact and compact[0].isascii():
        while compact and compact[-1] in "万亿千百":
            scale *= (_MYRIADS | _TENS)[compact[-1]]
            compact = compact[:-1]
        value = _arabic(written, compact)
    else:
        value = _chinese(compact)
    return value if value is None or scale == 1 else (value * scale).normalize()


def plain_text(value: Decimal) -> str:
    """A value without an exponent, its written zeros kept where it has decimals.

    >>> plain_text(Decimal("0.10")), plain_text(Decimal("1E+3"))
    ('0.10', '1000')
    """
    return format(value, "f")


def _arabic(written: str, compact: str) -> Decimal | None:
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", compact):
        # 10⁵ has lost its raised digits by now; the written form still has them.
        raised = re.search(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})", written)
        if raised is None:
            return Decimal(compact)
    found = _SCIENTIFIC.fullmatch(_caret(written))
    if found is None:
        return None
    exponent = int(found["power"] or found["exponent"])
    if abs(exponent) > _MAX_EXPONENT:
        return None
    return Decimal((found["mantissa"] or "1").replace(",", "")).scaleb(exponent)


def _caret(written: str) -> str:
    raised = re.sub(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})", lambda m: "10^" + m[1].translate(_SUPERSCRIPTS), written)
    return re.sub(r"[\s万亿千百]", "", raised)


def _chinese(text: str) -> Decimal | None:
    whole, _, decimals = text.partition("点")
    if not whole or not all(c in _DIGITS or c in _TENS or c in _MYRIADS for c in whole):
        return None
    total = section = digit = 0
    for character in whole:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if not section and digit else _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[character]
            section = digit = 0
    value = str(total + section + digit)
    if not decimals:
        return Decimal(value)
    if not all(c in _DIGITS for c in decimals):
        return None
    return Decimal(f"{value}." + "".join(str(_DIGITS[c]) for c in decimals))
