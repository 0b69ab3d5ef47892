"""From a tidy, non-blank cell to the value of a field.

Every parser takes a cell that :func:`recommender.exchange.cells.tidy` has been over and that is not blank. It
returns the value, or the value :class:`Flagged` with a warning; it raises :class:`BadValue` if there is none.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from recommender.exchange import credit_codes
from recommender.exchange.cells import Cell, as_text, excerpt, half_width, tidy
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.limits import LIMITS

Parser = Callable[[Cell], object]

PLACEHOLDERS: Final = frozenset(
    {"/", "-", "--", "—", "——", "无", "暂无", "未知", "N/A", "n/a", "NA", "null", "NULL"}
)
_NO_AMOUNT: Final = PLACEHOLDERS | {"面议", "待定", "不限", "协商", "待议"}
_NO_DATE: Final = PLACEHOLDERS | {"长期", "长期有效", "不限", "待定"}

_EXACT_IN_EXCEL: Final = 10**15
"""Excel keeps 15 digits; a longer code typed as a number has lost its end."""

_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_ID_BREAKERS: Final = re.compile(r"[\n\t；;、|，,]")

STRONG_SEPARATORS: Final = re.compile(r"[；;|\n]")
WEAK_SEPARATORS: Final = re.compile(r"[、，]|,\s")
_ANY_SEPARATOR: Final = re.compile(r"[；;|\n、，,]")


def _text(max_characters: int) -> Parser:
    def parse(cell: Cell) -> str:
        text = as_text(cell)
        if len(text) > max_characters:
            raise BadValue("text.too_long", length=f"{len(text):,}", maximum=f"{max_characters:,}")
        return text

    return parse


short_text: Final = _text(LIMITS.max_short_characters)
long_text: Final = _text(LIMITS.max_long_characters)


def form_text(parse_text: Parser, max_characters: int) -> Parser:
    """A text for which a form sets a length; a longer one is taken with a warning, as nothing is lost by it."""

    def parse(cell: Cell) -> object:
        text = parse_text(cell)
        if isinstance(text, str) and len(text) > max_characters:
            facts: dict[str, object] = {"length": f"{len(text):,}", "maximum": f"{max_characters:,}"}
            return Flagged(text, "text.over_form", facts)
        return text

    return parse


def identifier(cell: Cell) -> str:
    """An external code, kept as it is written; numbers of a spreadsheet become their digits.

    Raises:
        BadValue: Excel has made it a date or has cut its digits, or it holds a separator of lists.
    """
    if isinstance(cell, date):
        raise BadValue("id.became_date", value=as_text(cell))
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_IN_EXCEL:
        raise BadValue("id.lost_digits", value=as_text(cell))
    text = as_text(cell)
    if _SCIENTIFIC.fullmatch(text):
        raise BadValue("id.lost_digits", value=text)
    if len(text) > LIMITS.max_id_characters:
        raise BadValue("id.too_long", length=f"{len(text):,}", maximum=LIMITS.max_id_characters)
    if _ID_BREAKERS.search(text):
        raise BadValue("id.separator", value=text)
    return text


def credit_code(cell: Cell) -> object:
    """A 统一社会信用代码, upper-case and half-width; older registration numbers are taken with a warning."""
    code = half_width(identifier(cell)).upper().replace(" ", "")
    fault = credit_codes.fault(code)
    if fault is None:
        return code
    if credit_codes.is_old_registration(code):
        return Flagged(code, "credit_code.old_registration", {"value": code})
    raise BadValue(fault, value=code, length=len(code))


def credit_code_reference(cell: Cell) -> object:
    """The code of an enterprise that another row defines; that row carries the warning, if any."""
    parsed = credit_code(cell)
    return parsed.value if isinstance(parsed, Flagged) else parsed


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items that hold something, tidied like cells of their own."""
    return tuple(dict.fromkeys(str(item) for item, _ in map(tidy, items) if item))


def phrases(cell: Cell) -> tuple[str, ...]:
    """Free phrases, without repeats.

    ``；;|`` and line ends separate. Only where none of those is present do ``、``, ``，`` and a comma before
    a blank, as phrases hold those themselves (``1,4-丁二醇``, ``高温、高压``). A closing ``；`` keeps such
    a phrase whole.
    """
    text = as_text(cell)
    separators = STRONG_SEPARATORS if STRONG_SEPARATORS.search(text) else WEAK_SEPARATORS
    items = _unique(separators.split(text))
    for item in items:
        short_text(item)
    return items


def words(cell: Cell) -> tuple[str, ...]:
    """Words that never hold a separator themselves, such as 资质; any separator will do."""
    items = _unique(_ANY_SEPARATOR.split(as_text(cell)))
    for item in items:
        short_text(item)
    return items


def identifiers(cell: Cell) -> tuple[str, ...]:
    """External codes, in their order."""
    if not isinstance(cell, str):
        return (identifier(cell),)
    return tuple(identifier(item) for item in _unique(_ANY_SEPARATOR.split(cell)))


def day(cell: Cell) -> object:
    """A date: a date cell, 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, or Excel's day number."""
    if isinstance(cell, date):
        found = cell.date() if isinstance(cell, datetime) else cell
        return _plausible(found, as_text(cell))
    text = half_width(as_text(cell)).strip()
    if text in _NO_DATE:
        return Flagged(None, "value.placeholder", {"value": text})
    parts = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if parts:
        return _plausible(_date_of(parts, text), text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _day_number(float(text), text)
    raise BadValue("date.form", value=excerpt(text))


_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DAY: Final = re.compile(r"((?:18|19|20|21)\d{2})(\d{2})(\d{2})")
_EPOCH: Final = date(1899, 12, 30)
_DAY_NUMBERS: Final = (10_000, 73_050)
"""1927-05-18 to 2099-12-31; smaller numbers are years, or mistakes."""
_YEARS: Final = (1800, 2199)


def _date_of(parts: re.Match[str], text: str) -> date:
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise BadValue("date.no_such_day", value=text) from None


def _day_number(number: float, text: str) -> date:
    if _DAY_NUMBERS[0] <= number <= _DAY_NUMBERS[1]:
        return _EPOCH + timedelta(days=int(number))
    raise BadValue("date.form", value=excerpt(text))


def _plausible(found: date, text: str) -> date:
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise BadValue("date.range", value=text)
    return found


def year(cell: Cell) -> int:
    """A year, 1900..2100, also from 2016年 or a date cell."""
    if isinstance(cell, date):
        return cell.year
    text = half_width(as_text(cell)).strip().removesuffix("年").removesuffix("度").removesuffix("年")
    if not re.fullmatch(r"(19|20)\d{2}|2100", text):
        raise BadValue("year.form", value=excerpt(as_text(cell)))
    return int(text)


_AMOUNT: Final = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?(万元|万|亿元|亿|元)?(?:人民币)?")
_WAN: Final[Mapping[str, Decimal]] = {
    "": Decimal(1),
    "万": Decimal(1),
    "万元": Decimal(1),
    "亿": Decimal(10_000),
    "亿元": Decimal(10_000),
    "元": Decimal("0.0001"),
}
_MAX_WAN: Final = 10**8
_FEN_IN_WAN: Final = Decimal("0.000001")


def amount_wan(cell: Cell) -> object:
    """An amount in 万元, exact to the 分; 亿 and 元 are converted where they are written."""
    if isinstance(cell, date):
        raise BadValue("amount.form", value=as_text(cell))
    text = half_width(as_text(cell)).replace(" ", "")
    if text in _NO_AMOUNT:
        return Flagged(None, "value.placeholder", {"value": text})
    if isinstance(cell, int | float):
        text = format(Decimal(repr(cell)), "f")
    parts = _AMOUNT.fullmatch(text)
    if parts is None:
        raise BadValue("amount.form", value=excerpt(as_text(cell)))
    value = Decimal(parts[1].replace(",", "") + (parts[2] or "")) * _WAN[parts[3] or ""]
    if value > _MAX_WAN:
        raise BadValue("amount.range", value=excerpt(as_text(cell)))
    return float(value.quantize(_FEN_IN_WAN))


def _count(maximum: int) -> Parser:
    def parse(cell: Cell) -> object:
        text = half_width(as_text(cell)).strip()
        if text in PLACEHOLDERS:
            return Flagged(None, "value.placeholder", {"value": text})
        digits = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        if isinstance(cell, date) or not re.fullmatch(r"\d{1,9}", digits) or int(digits) > maximum:
            raise BadValue("count.form", value=excerpt(as_text(cell)), maximum=f"{maximum:,}")
        return int(digits)

    return parse


_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+")

count: Final = _count(10_000)
"""A whole number, 0..10,000."""

large_count: Final = _count(10_000_000)
"""A whole number, 0..10,000,000."""


_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)%")
_FRACTION: Final = re.compile(r"\d(?:\.\d+)?")
_RATIO_STEP: Final = Decimal("0.000001")


def ratio(cell: Cell) -> object:
    """A share in [0, 1], from ``85%`` or ``0.85``; a bare 85 is refused, since it might be either."""
    text = half_width(as_text(cell)).replace(" ", "")
    if text in PLACEHOLDERS:
        return Flagged(None, "value.placeholder", {"value": text})
    if isinstance(cell, int | float):
        text = format(Decimal(repr(cell)), "f")
    percent = _PERCENT.fullmatch(text)
    if isinstance(cell, date) or (percent is None and not _FRACTION.fullmatch(text)):
        raise BadValue("ratio.form", value=excerpt(as_text(cell)))
    value = Decimal(percent[1]) / 100 if percent else Decimal(text)
    if value > 1:
        raise BadValue("ratio.form", value=excerpt(as_text(cell)))
    return float(value.quantize(_RATIO_STEP))


_MONTHS: Final = re.compile(r"(\d{1,3})(个月|月|年)?")
_MAX_MONTHS: Final = 600


def months(cell: Cell) -> object:
    """A span in months, 0..600: ``18``, ``18个月``, ``2年``."""
    text = half_width(as_text(cell)).replace(" ", "")
    if text in _NO_DATE:
        return Flagged(None, "value.placeholder", {"value": text})
    parts = _MONTHS.fullmatch(text)
    n_months = int(parts[1]) * (12 if parts[2] == "年" else 1) if parts else _MAX_MONTHS + 1
    if isinstance(cell, date) or n_months > _MAX_MONTHS:
        raise BadValue("months.form", value=excerpt(as_text(cell)))
    return n_months


TRL_WORDS: Final[Mapping[str, int]] = {"正在研发": 3, "样品": 4, "小试": 5, "中试": 6, "量产": 8}
"""The lowest level of each stage, except 正在研发, which stands for 1..3 and is taken as 3."""


def trl(cell: Cell) -> object:
    """A maturity 1..9: the number, ``TRL 6``, ``6级``, or the word of a stage."""
    text = half_width(as_text(cell)).strip()
    if text in PLACEHOLDERS:
        return Flagged(None, "value.placeholder", {"value": text})
    word = text.removesuffix("阶段")
    if word in TRL_WORDS:
        return TRL_WORDS[word]
    parts = re.fullmatch(r"(?:TRL)?[\s-]*([1-9])\s*级?", text, flags=re.IGNORECASE)
    if parts is None or isinstance(cell, date):
        raise BadValue("trl.form", value=excerpt(text), allowed="、".join(TRL_WORDS))
    return int(parts[1])
