"""The text fields of a need and the indicators in each."""

from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.match import Span
from recommender.intake.indicators.extracted import ExtractedIndicator
from recommender.intake.indicators.extraction import extract_indicators

TEXT_FIELDS: Final = ("title", "description", "difficulties", "research_content", "foundation", "scenario")


@dataclass(frozen=True, slots=True)
class FieldIndicator:
    """An indicator and the field of the need that its spans count characters of."""

    field: str
    indicator: ExtractedIndicator

    def stands_in(self, field: str, span: Span) -> bool:
        """Whether it lies in a part of a field."""
        return self.field == field and span.start <= self.indicator.span.start < span.end


def indicators_of(need: Need) -> tuple[FieldIndicator, ...]:
    """The indicators in the text of a need, field by field in order; what stands twice is given once."""
    found: dict[tuple[str, ...], FieldIndicator] = {}
    for field in TEXT_FIELDS:
        for indicator in extract_indicators(getattr(need, field)):
            found.setdefault(indicator.texts, FieldIndicator(field, indicator))
    return tuple(found.values())
