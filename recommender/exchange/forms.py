"""Forms of cells: how a kind of value is read, written and shown; columns are made of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.exchange import codes, parsers, renderers, word_parsers
from recommender.exchange.parsers import Parser
from recommender.exchange.renderers import Renderer
from recommender.exchange.word_parsers import NO_ALIASES


class CellKind(StrEnum):
    """What a spreadsheet should take the cells of a column for."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


class OnBad(StrEnum):
    """What becomes of a value that its column cannot take, in the words of the documentation."""

    REFUSE = "该行有误，不导入"
    KEEP = "按原文保留，给出提示"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a kind of value stands in cells.

    Attributes:
        parse: from a tidy, non-blank cell to the value.
        render: from the value to a cell that ``parse`` reads as the same value.
        kind: what spreadsheets should take it for; ids and codes are text, or they would lose digits.
        unit: of the numbers, ``""`` where there is none.
        on_bad: what a value gets that does not fit.
        choices: words to choose from, if there is a list.
        listed: the same where the list is data that is read when it is first asked for.
        is_closed: whether these are all there are.
        is_list: whether a cell may hold several of them, so that a drop-down list would be in the way.
        width: of the column, in characters of half width.
    """

    parse: Parser
    render: Renderer = renderers.as_is
    kind: CellKind = CellKind.TEXT
    unit: str = ""
    on_bad: OnBad = OnBad.REFUSE
    choices: tuple[str, ...] = ()
    listed: Callable[[], tuple[str, ...]] = tuple
    is_closed: bool = True
    is_list: bool = False
    width: int = 20


SHORT_TEXT: Final = Form(parse=parsers.short_text)
LONG_TEXT: Final = Form(parse=parsers.long_text, width=50)
FORM_TEXT: Final = Form(parse=parsers.form_text(parsers.long_text, 1_000), width=50)
TITLE: Final = Form(parse=parsers.form_text(parsers.short_text, 80), width=36)
IDENTIFIER: Final = Form(parse=parsers.identifier, width=16)
IDENTIFIERS: Final = Form(parse=parsers.identifiers, render=renderers.joined, is_list=True, width=24)
CREDIT_CODE: Final = Form(parse=parsers.credit_code, width=22)
CREDIT_CODE_REFERENCE: Final = Form(parse=parsers.credit_code_reference, width=22)
PHRASES: Final = Form(parse=parsers.phrases, render=renderers.phrases, is_list=True, width=36)
WORDS: Final = Form(parse=parsers.words, render=renderers.joined, is_list=True, width=28)
INDICATORS: Final = Form(
    parse=word_parsers.indicators, render=renderers.phrases, is_list=True, width=36, on_bad=OnBad.KEEP
)
DAY: Final = Form(parse=parsers.day, kind=CellKind.DAY, width=13)
YEAR: Final = Form(parse=parsers.year, kind=CellKind.NUMBER, width=8)
AMOUNT_WAN: Final = Form(parse=parsers.amount_wan, kind=CellKind.NUMBER, unit="万元", width=14)
COUNT: Final = Form(parse=parsers.count, kind=CellKind.NUMBER, width=10)
LARGE_COUNT: Final = Form(parse=parsers.large_count, kind=CellKind.NUMBER, width=10)
MONTHS: Final = Form(parse=parsers.months, kind=CellKind.NUMBER, unit="月", width=10)
RATIO: Final = Form(parse=parsers.ratio, render=renderers.percent, width=10)
TRL: Final = Form(parse=parsers.trl, kind=CellKind.NUMBER, width=10)
TRUTH: Final = Form(parse=word_parsers.truth, render=renderers.truth, choices=("是", "否"), width=8)
INDUSTRY: Final = Form(parse=word_parsers.industry, on_bad=OnBad.KEEP, width=28)
TOWN: Final = Form(
    parse=word_parsers.town,
    listed=lambda: codes.towns().names,
    is_closed=False,
    on_bad=OnBad.KEEP,
    width=22,
)
PHONE: Final = Form(parse=word_parsers.phone, width=18)
EMAIL: Final = Form(parse=word_parsers.email, width=26)
URL: Final = Form(parse=word_parsers.url, width=36)


def one_of(choices: type[StrEnum], aliases: Mapping[str, str] = NO_ALIASES) -> Form:
    """One word of a closed vocabulary."""
    return Form(
        parse=word_parsers.one_of(choices, aliases), render=renderers.word, choices=tuple(choices), width=14
    )


def some_of(choices: type[StrEnum], aliases: Mapping[str, str] = NO_ALIASES) -> Form:
    """Words of a closed vocabulary."""
    return Form(
        parse=word_parsers.some_of(choices, aliases),
        render=renderers.joined,
        choices=tuple(choices),
        is_list=True,
        width=24,
    )


def preferred(choices: Iterable[str], aliases: Mapping[str, str] = NO_ALIASES, *, warn: bool) -> Form:
    """One word of an open vocabulary; see :func:`recommender.exchange.word_parsers.preferred`."""
    return Form(
        parse=word_parsers.preferred(choices, aliases, warn=warn),
        render=str,
        choices=tuple(choices),
        is_closed=False,
        on_bad=OnBad.KEEP,
        width=18,
    )


def preferred_words(choices: Iterable[str], aliases: Mapping[str, str] = NO_ALIASES, *, warn: bool) -> Form:
    """Words of an open vocabulary."""
    return Form(
        parse=word_parsers.preferred_words(choices, aliases, warn=warn),
        render=renderers.joined,
        choices=tuple(choices),
        is_closed=False,
        is_list=True,
        on_bad=OnBad.KEEP,
        width=28,
    )
