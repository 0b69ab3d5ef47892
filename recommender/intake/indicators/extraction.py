"""Finds the indicators of a text: every quantity that has a name, and how it compares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from recommender.domain.indicators import Comparator
from recommender.domain.match import Span
from recommender.intake.indicators import vocabulary as words
from recommender.intake.indicators.characters import plain
from recommender.intake.indicators.disguises import BLANK, without_disguises
from recommender.intake.indicators.enclosed import Enclosed, enclosed_names
from recommender.intake.indicators.extracted import Bound, Change, ExtractedIndicator
from recommender.intake.indicators.quantities import Quantity, quantities
from recommender.intake.indicators.units import UNIT, normal_unit

MAX_CHARS: Final = 20_000
"""Of a text that are read; the rest is left, so that no text takes long."""

_MAX_QUANTITIES: Final = 2000
_MAX_NAME: Final = 20
_MAX_CHANGED: Final = 8
_RELATIVE: Final = ("%", "倍")
_LOOK_BACK: Final = 60
_SENTENCE_ENDS: Final = "。;!?\n\r\t"
_CLAUSE_ENDS: Final = "，、" + _SENTENCE_ENDS + BLANK
_UNIT_IN_NAME: Final = re.compile(words.UNIT_IN_NAME.replace("%UNIT%", UNIT))


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands before a quantity.

    Attributes:
        name: where its name stands, ``None`` where there is none.
        comparator, comparator_span: how the number compares, ``None`` where nothing says so.
        change: whether the number is a change.
        is_held: whether something is to be kept at or within it.
        is_former: whether it is what something is to be changed from.
    """

    name: Span | None
    comparator: Comparator | None
    comparator_span: Span | None
    change: Change = Change.NONE
    is_held: bool = False
    is_former: bool = False

    @property
    def is_strong(self) -> bool:
        """Whether the words before the number say that it is a limit."""
        return self.is_held or self.comparator not in (None, Comparator.EQUAL)


def extract_indicators(text: str) -> tuple[ExtractedIndicator, ...]:
    """The indicators of a text in order; takes any text, reads its first :data:`MAX_CHARS` characters.

    >>> [found.texts for found in extract_indicators("抗拉强度不低于980MPa，掘进效率提高20%以上")]
    [('抗拉强度 ≥ 980 MPa',), ('掘进效率提高 ≥ 20 %',)]
    """
    return tuple(sorted(_found(plain(text[:MAX_CHARS])), key=lambda found: found.span))


def _found(text: str) -> Iterator[ExtractedIndicator]:
    covered = without_disguises(text)
    for enclosed in enclosed_names(covered):
        between = _between(text, covered, enclosed)
        if between is not None:
            yield between
            span = enclosed.span
            covered = covered[: span.start] + BLANK * (span.end - span.start) + covered[span.end :]
    former_end, carried = 0, None
    for quantity in islice(quantities(covered), _MAX_QUANTITIES):
        if any(mark in covered[former_end : quantity.span.start] for mark in _SENTENCE_ENDS):
            carried = None
        context = _context(covered, quantity, former_end, carried)
        after = words.AFTER.match(covered, quantity.span.end)
        former_end = after.end() if after and after["word"] else quantity.span.end
        carried = context.name or carried
        if context.is_former:
            continue
        found = _indicator(text, covered, quantity, context) or _named_behind(text, covered, quantity, context)
        if found is not None:
            former_end = max(former_end, found.span.end)
            yield found


def _between(text: str, covered: str, enclosed: Enclosed) -> ExtractedIndicator | None:
    """0.3%≤碳当量≤0.6%."""
    start = enclosed.span.start
    name_span = enclosed.name_span or _trimmed(covered, _clause_start(covered, start, 0), start)
    name = text[name_span.start : name_span.end].strip() if name_span else ""
    if name_span is None or not words.HAS_WORD.search(name) or words.NOT_TECHNICAL.search(name):
        return None
    bounds = (enclosed.lower, enclosed.upper)
    return ExtractedIndicator(
        name=name,
        change=Change.NONE,
        bounds=tuple(Bound(comparator=comparator, value=value) for comparator, value in bounds),
        unit=enclosed.unit,
        written_unit=enclosed.written_unit,
        span=Span(min(name_span.start, start), enclosed.span.end),
        name_span=name_span,
        value_span=enclosed.value_span,
        comparator_span=enclosed.comparator_span,
        unit_span=enclosed.unit_span,
    )


def _context(text: str, quantity: Quantity, former_end: int, carried: Span | None) -> _Context:
    start = _clause_start(text, quantity.span.start, former_end)
    clause = text[start : quantity.span.start]
    changed = words.CHANGED.search(clause)
    if changed is not None:
        return _Context(
            _name(text, start, start + changed.start(), carried),
            words.WORD_OF.get(changed["word"] or ""),
            _span(changed, "word", start),
            Change.RAISED if changed["raised"] else Change.LOWERED,
        )
    before = words.BEFORE.search(clause)
    assert before is not None, "all of its parts may be absent"
    word, is_held = before["word"] or "", bool(before["held"])
    name = _name(text, start, start + before.start(), carried if word or is_held else None)
    context = _Context(
        name,
        None if is_held and word in words.WEAK else words.WORD_OF.get(word),
        _span(before, "word", start),
        is_held=is_held,
        is_former=clause[: before.start()].rstrip().endswith(words.FORMER),
    )
    return _without_verb(text, context, is_relative=quantity.unit in _RELATIVE and word not in words.TOWARDS)


def _without_verb(text: str, context: _Context, *, is_relative: bool) -> _Context:
    """降低能耗20% changes 能耗; 降低噪音到60 dB bounds 噪音."""
    if context.name is None:
        return context
    verb = words.CHANGING.match(text[context.name.start : context.name.end])
    if verb is None:
        return context
    name = Span(context.name.start + verb.end(), context.name.end)
    change = Change.RAISED if verb["raised"] else Change.LOWERED
    return replace(context, name=name, change=change if is_relative else Change.NONE)


def _clause_start(text: str, end: int, former_end: int) -> int:
    start = max(text.rfind(mark, former_end, end) + 1 for mark in _CLAUSE_ENDS)
    return max(start, former_end, end - _LOOK_BACK)


def _span(found: re.Match[str], group: str, offset: int) -> Span | None:
    start, end = found.span(group)
    return Span(offset + start, offset + end) if start < end else None


def _name(text: str, start: int, end: int, carried: Span | None) -> Span | None:
    """The name that ends before a comparison; the one before it where none stands there."""
    found = _trimmed(text, start, end)
    if found is not None:
        return found
    if words.TRAILING.sub("", text[start:end]).strip():
        return None
    if carried is not None:
        return carried
    # "识别准确率，达到95%": the name stands in the clause before.
    window = max(0, start - _LOOK_BACK)
    former = text[window:start].rstrip(" (:，")
    if not former or former[-1] in _SENTENCE_ENDS + BLANK:
        return None
    beginning = max(former.rfind(mark) + 1 for mark in _CLAUSE_ENDS)
    looked_at = _trimmed(text, window + beginning, window + len(former))
    is_measured = looked_at and words.MEASURED.search(text[looked_at.start : looked_at.end])
    return looked_at if is_measured else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The name in a part of a clause, ``None`` where nothing of it is one."""
    end = start + len(words.TRAILING.sub("", text[start:end]))
    breaks = [found.end() for found in words.BREAK.finditer(text[start:end]) if start + found.end() < end]
    start += breaks[-1] if breaks else 0
    lead = words.LEADING.match(text, start, end)
    start = max(lead.end() if lead else start, end - _MAX_NAME)
    name = text[start:end]
    return Span(start, end) if len(name.strip()) > 1 or name in words.SHORT_NAMES else None


def _indicator(text: str, covered: str, quantity: Quantity, context: _Context) -> ExtractedIndicator | None:
    context, quantity = _with_unit_of_name(covered, quantity, context)
    if context.name is None or not _is_technical(covered, quantity, context):
        return None
    after = words.AFTER.match(covered, quantity.span.end)
    after_word = after["word"] if after else None
    after_span = Span(*after.span("word")) if after and after_word else None
    end = after_span.end if after_span else quantity.span.end
    return ExtractedIndicator(
        name=text[context.name.start : context.name.end].strip(),
        change=context.change,
        bounds=_bounds(quantity, context, after_word),
        unit=quantity.unit,
        written_unit=quantity.written_unit,
        span=Span(min(context.name.start, quantity.span.start), max(end, context.name.end)),
        name_span=context.name,
        value_span=quantity.value_span,
        comparator_span=context.comparator_span or after_span,
        unit_span=quantity.unit_span,
    )


def _with_unit_of_name(text: str, quantity: Quantity, context: _Context) -> tuple[_Context, Quantity]:
    """抗拉强度(MPa)≥500."""
    if quantity.unit or context.comparator_span is None:
        return context, quantity
    end = context.comparator_span.start
    found = _UNIT_IN_NAME.search(text, max(0, end - _LOOK_BACK), end)
    name = _trimmed(text, *found.span("name")) if found else None
    if found is None or name is None:
        return context, quantity
    unit_span = Span(*found.span("unit"))
    unit = replace(quantity, unit=normal_unit(found["unit"]), written_unit=found["unit"], unit_span=unit_span)
    return replace(context, name=name), unit


def _named_behind(text: str, covered: str, quantity: Quantity, context: _Context) -> ExtractedIndicator | None:
    """3.2毫米厚度, 减少50%左右的固化剂使用量: the name stands behind."""
    is_state = context.change is Change.NONE
    # 90%节点压力误差小于26kPa: a share of what is measured, not its value.
    if not quantity.unit or quantity.is_counted or (is_state and quantity.unit == "%"):
        return None
    pattern = words.MEASURED_AFTER if is_state else words.CHANGED_AFTER
    behind = pattern.match(covered, quantity.span.end)
    if behind is None:
        return None
    return _indicator(text, covered, quantity, replace(context, name=Span(*behind.span("name"))))


def _bounds(quantity: Quantity, context: _Context, after: str | None) -> tuple[Bound, ...]:
    if quantity.is_range:
        return (
            Bound(comparator=Comparator.AT_LEAST, value=quantity.low),
            Bound(comparator=Comparator.AT_MOST, value=quantity.high),
        )
    said, behind = context.comparator, words.AFTER_COMPARATOR.get(after or "")
    if behind is not None and said in (None, Comparator.EQUAL, Comparator.AT_LEAST):
        said = behind
    is_limit = context.is_held and context.change is Change.NONE
    return (Bound(comparator=said or (Comparator.AT_MOST if is_limit else Comparator.EQUAL), value=quantity.low),)


def _is_technical(text: str, quantity: Quantity, context: _Context) -> bool:
    """Whether a named quantity measures something, rather than counting people, papers or money."""
    assert context.name is not None
    name = text[context.name.start : context.name.end].strip()
    if not words.HAS_WORD.search(name) or words.NOT_TECHNICAL.search(name) or words.COMPARED.search(name):
        return False
    is_measured = words.MEASURED.search(name) is not None and not words.NOT_MEASURED.search(name)
    if context.change is not Change.NONE:
        return bool(quantity.unit) and (is_measured or len(name) <= _MAX_CHANGED)
    if context.is_strong:
        return is_measured or (bool(quantity.unit) and not quantity.is_counted)
    if quantity.is_counted and quantity.unit != "倍" and not quantity.is_range:
        after = words.AFTER.match(text, quantity.span.end)
        is_bound = after is not None and after["word"] in words.AFTER_COMPARATOR
        return is_measured and (is_bound or context.comparator is not None)
    return is_measured and (bool(quantity.unit) or words.UNITLESS.search(name) is not None)
