"""Masks for personal data: enough left to tell records apart, too little to name, call or write to anybody.

Masked data is still personal data. Of a text whose form a mask does not know nothing gets through.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

HIDDEN: Final = "***"
"""What stands for a text that is hidden whole."""

_COMPOUND: Final = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 "
    "公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 梁丘 左丘 西门 第五 南荣 东里 即墨 达奚 褚师 哥舒 纳兰 完颜 叶赫 耶律"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND.split())
"""Surnames of two characters."""

_LIST: Final = re.compile(r"[^；;、，,/|\n]+")
"""The entries of a field that holds several, such as two telephone numbers."""

_STARS: Final = "**"
_MIN_HIDDEN_DIGITS: Final = 4
_MAX_SHOWN_DIGITS: Final = 4
_COUNTRY: Final = re.compile(r"^(?:\+|00)86|^86(?=1[3-9]\d{9}$)")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_AREA: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})(?=\d{7,8})")
_EXTENSION: Final = re.compile(r"(?:转|分机|ext\.?|#)\s*\d+\s*$|(?<=\d{7})-\d{1,6}\s*$", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def mask_names(text: str) -> str:
    """The surname of each name and two asterisks, however long the name is; of names elsewhere the first letter.

    A name of one character is hidden whole, since it would be shown whole otherwise.

    >>> mask_names("张小三"), mask_names("欧阳修远"), mask_names("John Smith"), mask_names("王五；李四")
    ('张**', '欧阳**', 'J**', '王**；李**')
    """
    return _each(text, _mask_name)


def mask_phones(text: str) -> str:
    """Three digits and the last four of a mobile number; of a landline the area code and the last four.

    Country code 86, blanks and extensions are left out. Of any other number the last four digits remain, where
    at least four are hidden.

    >>> mask_phones("13812345678"), mask_phones("0512-58881234"), mask_phones("+1 650 253 0000")
    ('138****5678', '0512-****1234', '****0000')
    """
    return _each(text, _mask_phone)


def mask_emails(text: str) -> str:
    """The first letter and the domain of each address; a single letter before the ``@`` is hidden.

    >>> mask_emails("zhang.san@x.edu.cn"), mask_emails("z@x.edu.cn")
    ('z***@x.edu.cn', '***@x.edu.cn')
    """
    return _each(text, _mask_email)


def mask_note(text: str) -> str:
    """Free text is hidden whole: nobody knows whom it names."""
    return HIDDEN if text.strip() else ""


def _each(text: str, mask: Callable[[str], str]) -> str:
    """Mask the entries of a list, which keeps its separators."""
    return _LIST.sub(lambda entry: mask(entry[0].strip()), text)


def _mask_name(name: str) -> str:
    letters = unicodedata.normalize("NFC", name)
    if len(letters) < 2:  # noqa: PLR2004 - one character
        return _STARS if letters else ""
    n_shown = 2 if letters[:2] in COMPOUND_SURNAMES and len(letters) > 2 else 1  # noqa: PLR2004
    return letters[:n_shown] + _STARS


def _mask_phone(entry: str) -> str:
    if not entry:
        return ""
    number = re.sub(r"[\s()-]", "", _EXTENSION.sub("", unicodedata.normalize("NFKC", entry)))
    at_home = _COUNTRY.sub("", number)
    digits = re.sub(r"\D", "", at_home)
    if at_home.startswith(("+", "00")):
        return _hide_front(digits)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return f"{digits[:3]}****{digits[-4:]}"
    area = _AREA.match(digits)
    return f"{area[0]}-{_hide_front(digits[area.end() :])}" if area else _hide_front(digits)


def _hide_front(digits: str) -> str:
    n_shown = max(0, min(_MAX_SHOWN_DIGITS, len(digits) - _MIN_HIDDEN_DIGITS))
    return "****" + digits[len(digits) - n_shown :]


def _mask_email(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if not local or not _DOMAIN.fullmatch(domain):
        return HIDDEN if address else ""
    return f"{local[0] if len(local) > 1 else ''}{HIDDEN}@{domain}"
