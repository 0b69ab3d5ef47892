"""An indicator as it was found in a text, with the place of each of its parts."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from recommender.domain.indicators import Comparator, Indicator
from recommender.domain.match import Span
from recommender.intake.indicators.numerals import plain_text


class Change(StrEnum):
    """Whether a value is a state or a change against today."""

    NONE = ""
    RAISED = "提高"
    LOWERED = "降低"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One side of an indicator."""

    comparator: Comparator
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedIndicator:
    """One indicator of a text.

    Attributes:
        name: what is measured, as written.
        change: whether the value is how much it is to be raised or lowered.
        bounds: one; two for a range or a tolerance, the lower one first.
        unit: its usual symbol, ``""`` for plain numbers; ``written_unit`` is as written.
        span: from the first to the last character that belongs to it.
        name_span, value_span: of these parts; ``comparator_span`` and ``unit_span`` are ``None`` where the text
            has none. All count characters of the text as it was given.
    """

    name: str
    change: Change
    bounds: tuple[Bound, ...]
    unit: str
    written_unit: str
    span: Span
    name_span: Span
    value_span: Span
    comparator_span: Span | None
    unit_span: Span | None

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """In the form that needs keep: one for each bound, a change being part of the name."""
        name = self.name
        if self.change and not any(word in name for word in ("提高", "降低", "减少", "增加", "缩短", "延长")):
            name = f"{name}{self.change}"
        return tuple(
            Indicator(name, bound.comparator, plain_text(bound.value), self.unit) for bound in self.bounds
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """:attr:`indicators` as :attr:`recommender.domain.entities.Need.indicators` holds them."""
        return tuple(str(indicator) for indicator in self.indicators)
