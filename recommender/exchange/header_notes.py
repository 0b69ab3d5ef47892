"""What stands under or behind a header without being one: units, and hints on how to fill the column."""

import re
from typing import Final

from recommender.exchange.cells import half_width

_BRACKETS: Final = "()[]【】<>"
_MONEY: Final = ("元", "千元", "万", "万元", "百万元", "亿", "亿元", "美元", "万美元")
_TIME: Final = ("年", "月", "个月", "天", "日", "小时")
_COUNTED: Final = (*"%‰人个家项件篇名台套次㎡亩", "人次", "平方米")
_UNITS: Final = frozenset((*_MONEY, *_TIME, *_COUNTED))
_SAME: Final = {"万": "万元", "亿": "亿元", "个月": "月", "日": "天"}
_HINT: Final = re.compile(
    r"(必填|选填|可选|非必填|可不填|不必填|必须填写|文本|文字|字符|数字|数值|整数|小数|日期|单选|多选|下拉选择|请选择|自动生成)项?"
    r"|yyyy[-/.年]?mm?.*"
    r"|(不超过|限|最多)?\d+(个?字|字符)(以内|内)?"
)
_LABEL: Final = re.compile(r"^(计量)?单位:")
_IN_BRACKETS: Final = re.compile(r"^(.+?)\s*[(\[【]([^()\[\]【】]+)[)\]】]$")


def unit_in(text: str) -> str:
    """The unit that a text is, such as ``（万元）`` or ``单位：万元``; ``""`` if it is none."""
    plain = _LABEL.sub("", _plain(text))
    return _SAME.get(plain, plain) if plain in _UNITS else ""


def is_note(text: str) -> bool:
    """Whether a text under a header is a unit or a hint rather than content."""
    return bool(unit_in(text) or _HINT.fullmatch(_plain(text)))


def split_unit(header: str) -> tuple[str, str]:
    """A header and the unit in brackets behind it: ``预期投入（元）`` is ``("预期投入", "元")``."""
    parts = _IN_BRACKETS.match(half_width(header).strip())
    unit = unit_in(parts[2]) if parts else ""
    return (parts[1], unit) if parts and unit else (header, "")


def _plain(text: str) -> str:
    return half_width(text).strip().strip(_BRACKETS).strip().casefold()
