"""Hypothesis strategies for every valid value of a column, by the form of its cells."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from recommender.exchange import codes, forms
from recommender.exchange.cells import FORMULA_ERRORS, tidy
from recommender.exchange.columns import ColumnSpec
from recommender.exchange.credit_codes import check_digit
from recommender.exchange.forms import Form
from recommender.exchange.issues import Flagged

AWKWARD: Final = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+86",
    "-1",
    "@SUM(A1)",
    "＝1＋1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
    '"',
    '""甲""',
    "甲\n乙",
    "甲\n\n=乙",
    "a,b;c",
    "甲；乙、丙",
    "；",
    "a\tb",
    "0012",
    "1e5",
    "2024-03-05",
    "TRUE",
    "无",
    "NULL",
    "𠮷😀",
    "e\u0301",
    "a\u200bb",
    "\u202e甲",
    "_x0041_",
    "&lt;",
    "\\N",
]
_characters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t=+-@＝,;；、|\"' ")


def _tidied(text: str) -> str:
    if text.strip() in FORMULA_ERRORS:
        return ""
    return str(tidy(text)[0])


def tidy_texts(max_size: int = 60, *, without: str = "") -> st.SearchStrategy[str]:
    """Texts as the library holds them: no blank edges, no control characters, ``\\n`` as line end, not empty."""
    drawn = st.sampled_from(AWKWARD) | st.text(_characters, min_size=1, max_size=max_size)
    return drawn.map(lambda text: _tidied("".join(char for char in text if char not in without))).filter(
        lambda text: text != "" and text == _tidied(text)
    )


def _lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, min_size=1, max_size=4, unique=True).map(tuple)


def _image(form: Form, cells: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """What a form that takes any text makes of the cells."""

    def value(cell: str) -> Any:
        parsed = form.parse(cell)
        return parsed.value if isinstance(parsed, Flagged) else parsed

    return cells.map(value)


def _decimals(maximum: int, places: int) -> st.SearchStrategy[float]:
    whole = st.integers(0, maximum * 10**places) | st.integers(0, min(maximum, 1000)).map(
        lambda n: n * 10**places
    )
    return whole.map(lambda n: float(Decimal(n).scaleb(-places)))


_separators: Final = "；;|\n"
_all_separators: Final = "；;|\n、，,"
_ids = tidy_texts(20, without=_all_separators + "\t").filter(lambda text: "E+" not in text.upper())
_bodies = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17)
_credit_codes = _bodies.map(lambda body: body + check_digit(body)) | st.text(
    "0123456789", min_size=15, max_size=15
)
_phrases = _lists(tidy_texts(20, without=_separators))
_indicators = st.builds(
    lambda name, comparator, value, unit: f"{name} {comparator} {value} {unit}".rstrip(),
    st.sampled_from(["边裂率", "冲击功", "a/b", "低于室温时强度"]),
    st.sampled_from(["≥", "≤", ">", "<", "="]),
    st.sampled_from(["3", "0.10", "-20", "+5"]),
    st.sampled_from(["", "%", "mm", "℃", "kJ/(m·K)", "次/min"]),
)
_digits = st.text("0123456789", min_size=8, max_size=8)
_labels = st.text("abcxyz0123", min_size=1, max_size=8)
_words = tidy_texts(20, without=_all_separators)

BY_FORM: Final[Mapping[int, st.SearchStrategy[Any]]] = {
    id(form): values
    for form, values in (
        (forms.SHORT_TEXT, tidy_texts()),
        (forms.LONG_TEXT, tidy_texts(300)),
        (forms.FORM_TEXT, tidy_texts() | st.just("长" * 1_001)),
        (forms.TITLE, tidy_texts(100)),
        (forms.IDENTIFIER, _ids),
        (forms.IDENTIFIERS, _lists(_ids)),
        (forms.CREDIT_CODE, _credit_codes),
        (forms.CREDIT_CODE_REFERENCE, _credit_codes),
        (forms.PHRASES, _phrases),
        (forms.WORDS, _lists(_words)),
        (forms.INDICATORS, _lists(_indicators) | _image(forms.INDICATORS, tidy_texts(without=_separators))),
        (forms.DAY, st.dates(date(1800, 1, 1), date(2199, 12, 31))),
        (forms.YEAR, st.integers(1900, 2100)),
        (forms.AMOUNT_WAN, _decimals(10**8, 6)),
        (forms.COUNT, st.integers(0, 10_000)),
        (forms.LARGE_COUNT, st.integers(0, 10_000_000)),
        (forms.MONTHS, st.integers(0, 600)),
        (forms.RATIO, _decimals(1, 6)),
        (forms.TRL, st.integers(1, 9)),
        (forms.TRUTH, st.booleans()),
        (
            forms.INDUSTRY,
            st.sampled_from([str(industry) for industry in list(codes.industries())[::100]])
            | _image(forms.INDUSTRY, _words),
        ),
        (forms.TOWN, st.sampled_from(codes.towns().names) | _image(forms.TOWN, _words)),
        (
            forms.PHONE,
            _digits.map(lambda digits: f"138{digits}")
            | _digits.map(lambda digits: f"0512-5{digits[1:]}")
            | _digits.map(lambda digits: f"010-6{digits[1:]}-{int(digits[:3])}")
            | _digits.map(lambda digits: f"400-{digits[:3]}-{digits[3:7]}")
            | _digits.map(lambda digits: f"+49{digits}"),
        ),
        (forms.EMAIL, st.builds(lambda name, host: f"{name}@{host}.edu.cn", _labels, _labels)),
        (forms.URL, st.builds(lambda host, path: f"https://{host}.cn/{path}?a=1", _labels, _labels)),
    )
}


def values_of(column: ColumnSpec) -> st.SearchStrategy[Any]:
    """Every kind of value that a field may hold, without the empty one."""
    known = BY_FORM.get(id(column.form))
    if known is not None:
        return known
    if column.field == "value":
        return _decimals(10**8, 6) | _decimals(10**8, 6).map(lambda number: -number).filter(bool)
    members = st.sampled_from([column.parse(choice) for choice in column.choices])
    if column.form.is_closed or column.field == "unit":
        if not column.form.is_list:
            return members
        singles = [column.parse(choice)[0] for choice in column.choices]  # type: ignore[index]
        return st.lists(st.sampled_from(singles), min_size=1, unique=True).map(tuple)
    texts = _words.filter(lambda text: "；" not in text) if column.form.is_list else tidy_texts()
    return members | _image(column.form, texts)
