"""Whether a public summary tells what the full text keeps to itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality
from recommender.domain.match import Span
from recommender.intake import messages as zh
from recommender.intake.fields import TEXT_FIELDS, FieldIndicator
from recommender.intake.indicators.characters import plain
from recommender.intake.indicators.extraction import extract_indicators
from recommender.intake.sensitive import CONTACTS, sensitive_spans

_LONGEST: Final = 12
"""Characters in a row that the summary of a confidential need may share with its text."""
_NUMBER: Final = re.compile(
    r"(?<![0-9.])[0-9]{1,15}(?:\.[0-9]{1,15})?\s?(?:%|‰|[A-Za-zμΩ℃°²³/]+|[万亿]?[\u4e00-\u9fff]{1,2})"
)
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}\s?年")
_MAX_WARNINGS: Final = 20


class LeakKind(StrEnum):
    """What leaks."""

    SENSITIVE = "sensitive"
    INDICATOR = "indicator"
    NUMBER = "number"
    VERBATIM = "verbatim"


@dataclass(frozen=True, slots=True)
class Leak:
    """One place of a summary.

    Attributes:
        span: in the summary.
        text: what stands there.
        warning: zh-CN sentence that says what to do.
    """

    kind: LeakKind
    span: Span
    text: str
    warning: str


def leaks(need: Need, indicators: Sequence[FieldIndicator], *, names: Sequence[str] = ()) -> tuple[Leak, ...]:
    """Places of :attr:`Need.public_summary` that tell too much for the need's 密级, in order.

    Of a public need only contacts and names of people are looked for. Of an internal one also names, amounts,
    models and its indicators; of a confidential one any number of its text and its wording as well.
    """
    summary, level = need.public_summary, need.confidentiality
    if not summary.strip():
        return ()
    found = list(_sensitive(summary, level, names))
    if level is not Confidentiality.PUBLIC:
        found += _figures(summary, indicators)
    if level is Confidentiality.CONFIDENTIAL:
        found += _verbatim(summary, need)
        taken = [leak.span for leak in found]
        found += [leak for leak in _numbers(summary, need) if not _touches(leak.span, taken)]
    return tuple(sorted(found, key=lambda leak: (leak.span.start, leak.span.end))[:_MAX_WARNINGS])


def _sensitive(summary: str, level: Confidentiality, names: Sequence[str]) -> Iterator[Leak]:
    for item in sensitive_spans(summary, names=names):
        if level is not Confidentiality.PUBLIC or item.kind in CONTACTS:
            warning = zh.LEAK_SENSITIVE.format(kind=item.kind.value, text=item.text)
            yield Leak(LeakKind.SENSITIVE, item.span, item.text, warning)


def _figures(summary: str, indicators: Sequence[FieldIndicator]) -> Iterator[Leak]:
    kept = {(bound.value, item.indicator.unit) for item in indicators for bound in item.indicator.bounds}
    for shown in extract_indicators(summary):
        if any((bound.value, shown.unit) in kept for bound in shown.bounds):
            text = summary[shown.span.start : shown.span.end]
            yield Leak(LeakKind.INDICATOR, shown.span, text, zh.LEAK_INDICATOR.format(text=text))


def _numbers(summary: str, need: Need) -> Iterator[Leak]:
    full = {found[0].replace(" ", "") for found in _NUMBER.finditer(plain(_full_text(need)))}
    for found in _NUMBER.finditer(plain(summary)):
        if found[0].replace(" ", "") in full and not _YEAR.match(found[0]):
            text = summary[found.start() : found.end()]
            yield Leak(LeakKind.NUMBER, Span(*found.span()), text, zh.LEAK_NUMBER.format(text=text))


def _verbatim(summary: str, need: Need) -> Iterator[Leak]:
    """Runs of more characters than that which the full text has as well; blanks and punctuation do not count."""
    full = re.sub(r"\W", "", _full_text(need))
    run = _LONGEST + 1
    known = {full[start : start + run] for start in range(len(full) - run + 1)}
    places = [place for place, character in enumerate(summary) if character.isalnum() or character == "_"]
    bare = "".join(summary[place] for place in places)
    start = 0
    while start + run <= len(bare):
        end = start
        while bare[end : end + run] in known:
            end += 1
        if end > start:
            end += run - 1
            span = Span(places[start], places[end - 1] + 1)
            text = summary[span.start : span.end]
            yield Leak(LeakKind.VERBATIM, span, text, zh.LEAK_VERBATIM.format(n=end - start))
        start = end if end > start else start + 1


def _full_text(need: Need) -> str:
    """All but the title, which everybody sees."""
    return "\n".join(str(getattr(need, field)) for field in TEXT_FIELDS if field != "title")


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
