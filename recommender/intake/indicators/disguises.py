"""Numbers that measure nothing: dates, standards, models, telephones, list numbers, money, ratios."""

import re
from typing import Final

BLANK: Final = "\0"
"""Stands in place of each character that is no part of a quantity and ends a name."""
WORD: Final = "\1"
"""Stands in place of a number that belongs to a word, such as those of CO2, Q235 and D50."""

_YEAR: Final = r"(?:19|20)[0-9]{2}"
# Every repetition of what may repeat is bounded, and no number is tried from its middle: no text takes long.
_DIGITS: Final = r"[0-9][0-9,.]{0,14}"
_AMOUNT: Final = rf"(?<![0-9,.]){_DIGITS}\s?[余多]?\s?(?:[-~至到]\s?{_DIGITS}\s?)?[余多]?"
_STANDARDS: Final = (
    "GB|GJB|JB|HG|YB|SY|DL|QC|MT|TB|JGJ|JTG|CJJ|HJ|NB|YY|SN|LY|NY|DB[0-9]{0,2}|Q|T|ISO|IEC|IATF|ASTM|DIN|EN|JIS|UL"
    "|API|IEEE|OHSAS|IPC|SAE"
)
_START: Final = r"(?:^|(?<=[。;:!?\n\r\t]))[ \t]*"
_UNIT_WORDS: Final = "毫米|厘米|微米|纳米|公斤|千克|兆帕|平方|立方|小时|分钟|以上|以下|左右"
_PATTERNS: Final = (
    # 2017年2月18日, 2016-2018年, 2026/5/1, 6月2日, 5月底
    rf"{_YEAR}\s?(?:[-~/至到]\s?(?:19|20)?[0-9]{{2}}\s?)?年[度底初末前]?(?:\s?[0-9]{{1,2}}\s?月[份底初末]?)?(?:\s?[0-9]{{1,2}}\s?[日号])?",
    rf"(?<![0-9.]){_YEAR}[-./][01]?[0-9](?:[-./][0-3]?[0-9])?(?![0-9.])",
    r"(?<![0-9.])[0-9]{1,2}\s?月(?:份)?\s?[0-9]{1,2}\s?[日号]",
    r"(?<![0-9.~-])(?:1[0-2]|[1-9])\s?月[份底初末至到~-]",
    # GB/T 4754-2017, ISO 9001:2015, IATF16949
    rf"(?<![A-Za-z])(?:{_STANDARDS})(?:/[A-Z]{{1,6}})?[-\s]?[0-9]{{2,6}}(?:\.[0-9]+)?(?:[-:][0-9]{{2,4}})*(?![0-9.])",
    # Patents, projects, telephones
    r"(?<![0-9.,])(?:ZL|CN)?\s?(?:19|20)[0-9]{10}(?:\.[0-9Xx])?",
    r"(?<![0-9.,])0[0-9]{2,3}[-\s]?[0-9]{7,8}(?![0-9])",
    r"(?<![0-9.,])[0-9]{9,99}(?:\.[0-9Xx])?(?![0-9])",
    # Money
    rf"{_AMOUNT}[十百千]?[万亿]?[余多]?\s?(?:元|美元|欧元|人民币|块钱|RMB|USD)",
    r"(?:投入|投资|经费|资金|预算|费用?|产值|利税|利润|税收|收入|销售额|营业额|注册资本|报酬|悬赏)[^，。;\n0-9]{0,8}"
    rf"{_AMOUNT}[十百千]?[万亿](?![吨千米方度件套台只条片块])余?",
    # 35:18:8, 1/3
    r"(?<![0-9.])[0-9.]{1,9}\s?:\s?[0-9.]{1,9}(?:\s?:\s?[0-9.]{1,9}){0,9}",
    r"(?<![0-9./A-Za-z%℃°])[1-9]/[1-9](?![0-9/])",
    r"第\s?[0-9一二三四五六七八九十百]{1,9}",
    # A list: 1、 2) (3) 4. 1.2 概述; not 1.5 mm
    rf"{_START}\(?[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,3}}[)、](?![0-9])",
    r"\([0-9]{1,2}\)(?!\s?(?:mm|cm|m|%|℃|MPa|kW))",
    rf"(?:{_START}|(?<= ))[0-9]{{1,2}}\.(?![0-9])",
    rf"{_START}[1-9](?:\.[0-9]{{1,2}}){{1,3}}\s?(?=[\u4e00-\u9fff]{{2}})(?!{_UNIT_WORDS})",
    r"(?<=[\u4e00-\u9fff ])[0-9]{1,2}\)(?=[\u4e00-\u9fff])",
)
_MODELS: Final = (
    # H13, Q235B, V1.0, PM2.5, CO2, D50, NCM811, 126kV is none; not pH7, Ra0.8, HRC60
    r"(?<![A-Za-z0-9.])(?!(?:pH|PH|DN|R[az]|HR[ABC]|HBW?|HV|HS)\s?[0-9])[A-Za-z]{1,20}[-_]?[0-9]{1,20}(?:\.[0-9]{1,20})?[A-Za-z0-9]{0,20}(?:[-/.][A-Za-z0-9]{1,20}){0,9}",
    # 304不锈钢, 6061铝合金, 三元811, 45#
    r"(?<![0-9])[0-9]{1,4}#",
    r"(?<![0-9.])[1-9][0-9]{2,3}(?:-[A-Z0-9]+)?(?=系?(?:铝|不锈|钢|高镍|镍|型|系列))",
    r"(?<=三元)[0-9]{3}(?:[，、,/][0-9]{3})*",
    r"(?<![0-9.])[2-5][DG](?![A-Za-z])",
)
_DISGUISES: Final = tuple((re.compile(pattern, re.MULTILINE), BLANK) for pattern in _PATTERNS) + tuple(
    (re.compile(pattern), WORD) for pattern in _MODELS
)


def without_disguises(text: str) -> str:
    """A text of :func:`recommender.intake.indicators.characters.plain`, of the same length, disguises covered.

    >>> without_disguises("执行GB/T 4754-2017，强度≥500 MPa").replace(BLANK, "·")
    '执行··············，强度≥500 MPa'
    """
    for pattern, cover in _DISGUISES:
        text = pattern.sub(lambda found, cover=cover: cover * len(found[0]), text)  # type: ignore[misc]
    return text
