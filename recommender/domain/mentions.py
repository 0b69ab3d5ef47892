"""What in a free text is a contact or names a person, and the same text with that hidden.

Hidden texts are as long as they were: spans that count their characters stay right.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from recommender.domain.masking import COMPOUND_SURNAMES

_STAR: Final = "*"
_MIN_NAME: Final = 2
_N_TAIL: Final = 4

_HALF_WIDTH: Final = {0xFF01 + n: 0x21 + n for n in range(94)} | dict.fromkeys((0x2010, 0x2013, 0x2014), 0x2D)
"""One character for one, so that places in the text stay."""

_SEPARATED: Final = r"[-\s.·]{0,2}"
_BEFORE: Final = r"(?<![0-9A-Za-z.])"
_AFTER: Final = r"(?![0-9A-Za-z])"
_AT: Final = r"\s{0,2}(?:@|\(at\)|\[at\]|#at#)\s{0,2}"

_EMAIL: Final = re.compile(
    rf"(?P<local>[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}){_AT}[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,5}}",
    re.IGNORECASE,
)
_MOBILE: Final = re.compile(
    rf"{_BEFORE}(?:\(?(?:\+|00)?86\)?{_SEPARATED})?1[3-9][0-9]{_SEPARATED}[0-9]{{4}}{_SEPARATED}[0-9]{{4}}{_AFTER}"
)
_LANDLINE: Final = re.compile(
    rf"{_BEFORE}(?:\(?(?:\+|00)86\)?{_SEPARATED})?(?:\(0[0-9]{{2,3}}\)|0[0-9]{{2,3}})"
    rf"{_SEPARATED}(?P<own>[2-9][0-9]{{2,3}}{_SEPARATED}[0-9]{{4}}){_AFTER}"
)
_ANNOUNCED: Final = re.compile(
    r"(?:电话|手机|座机|传真|联系方式|tel|phone|mobile)[\w\s]{0,4}[:：]?\s{0,3}(?P<number>[0-9][0-9\s-]{5,18}[0-9])",
    re.IGNORECASE,
)
_ACCOUNT: Final = re.compile(
    r"(?:微信|weixin|wechat|vx|QQ)(?:号码|账号|号)?\s{0,2}[:：为是]?\s{0,2}(?P<account>[A-Za-z0-9_-]{5,30})",
    re.IGNORECASE,
)
_IDENTITY: Final = re.compile(
    rf"{_BEFORE}[1-8][0-9]{{5}}(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}[0-9Xx]{_AFTER}"
)


def hide_contacts(text: str) -> str:
    """The text with telephone numbers, mail addresses, chat accounts and identity numbers masked.

    >>> hide_contacts("联系 13812345678 或 zhang.san@x.edu.cn，0512-58881234")
    '联系 138****5678 或 z********@x.edu.cn，0512-****1234'
    """
    # Nearly every text of a library has neither; a look at single characters is far cheaper than the patterns.
    if not _may_hold_contacts(text):
        return text
    plain = text.translate(_HALF_WIDTH)
    hidden = list(text)
    for pattern, hide in _HIDERS:
        for found in pattern.finditer(plain):
            for place in hide(found):
                hidden[place] = _STAR
    return "".join(hidden)


def hide_names(text: str, names: Iterable[str]) -> str:
    """The text with each of the names masked wherever it is mentioned; one of a single character is let be.

    >>> hide_names("张小三，教授；欧阳修远的学生", ["张小三", "欧阳修远"])
    '张**，教授；欧阳**的学生'
    """
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) >= _MIN_NAME and name in text:
            n_shown = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1  # noqa: PLR2004 - characters
            text = text.replace(name, name[:n_shown] + _STAR * (len(name) - n_shown))
    return text


def is_hidden_form(shown: str, stored: str) -> bool:
    """Whether a text is another one with some of its characters hidden.

    >>> is_hidden_form("找张**", "找张小三"), is_hidden_form("找王**", "找张小三")
    (True, False)
    """
    if len(shown) != len(stored) or shown == stored:
        return False
    return all(there in (was, _STAR) for there, was in zip(shown, stored, strict=True))


def _may_hold_contacts(text: str) -> bool:
    return _HINT.search(text) is not None


_HINT: Final = re.compile(
    r"[@＠]|\(at\)|\[at\]|#at#|[0-9０-９][0-9０-９\s.·()（）—–-]{5}|微信|vx|qq|weixin|wechat", re.IGNORECASE
)

_Hide = Callable[[re.Match[str]], Iterator[int]]


def _digits(found: re.Match[str], group: str | int = 0) -> list[int]:
    start = found.start(group)
    return [start + n for n, character in enumerate(found[group]) if character.isdigit()]


def _of_mobile(found: re.Match[str]) -> Iterator[int]:
    """All but the first three and the last four of the eleven."""
    yield from _digits(found)[-8:-_N_TAIL]


def _of_landline(found: re.Match[str]) -> Iterator[int]:
    """The subscriber's number but for its last four."""
    yield from _digits(found, "own")[:-_N_TAIL]


def _of_email(found: re.Match[str]) -> Iterator[int]:
    """All before the sign but the first letter; a single letter too."""
    start, end = found.span("local")
    yield from range(start + (end - start > 1), end)


def _of_announced(found: re.Match[str]) -> Iterator[int]:
    places = _digits(found, "number")
    yield from places[: -_N_TAIL if len(places) > 2 * _N_TAIL - 1 else None]


def _of_account(found: re.Match[str]) -> Iterator[int]:
    yield from range(*found.span("account"))


def _whole(found: re.Match[str]) -> Iterator[int]:
    yield from range(*found.span())


_HIDERS: Final[tuple[tuple[re.Pattern[str], _Hide], ...]] = (
    (_EMAIL, _of_email),
    (_IDENTITY, _whole),
    (_MOBILE, _of_mobile),
    (_LANDLINE, _of_landline),
    (_ANNOUNCED, _of_announced),
    (_ACCOUNT, _of_account),
)
