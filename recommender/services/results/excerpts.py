"""Evidence as a list shows it: the part of a long text around the nearest sentence."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from recommender.domain.match import Evidence, Match, Span

MAX_CHARS: Final = 320
"""Of a text that is shown; a sentence that is longer is shown up to here."""
_BEFORE: Final = 60
"""Characters in front of the nearest sentence, so that it has a context."""
_LEFT_OUT: Final = "…"


def excerpted(match: Match) -> Match:
    """The match with excerpts in place of long texts; marks count characters of these."""
    return replace(match, evidence=tuple(map(excerpt, match.evidence)))


def excerpt(evidence: Evidence) -> Evidence:
    """At most :data:`MAX_CHARS` characters of the text, beside the signs that something is left out."""
    text = evidence.text
    if len(text) <= MAX_CHARS:
        return evidence
    nearest = evidence.sentence or Span(0, 0)
    start = max(0, min(nearest.start - _BEFORE, len(text) - MAX_CHARS))
    end = start + MAX_CHARS
    before, after = _LEFT_OUT if start else "", _LEFT_OUT if end < len(text) else ""
    by = len(before) - start
    sentence = _moved([nearest], start, end, by) if evidence.sentence else []
    return replace(
        evidence,
        text=f"{before}{text[start:end]}{after}",
        text_marks=tuple(_moved(evidence.text_marks, start, end, by)),
        sentence=sentence[0] if sentence else None,
    )


def _moved(spans: Sequence[Span], start: int, end: int, by: int) -> list[Span]:
    """The parts of spans that lie between two places, moved."""
    kept = [Span(max(span.start, start), min(span.end, end)) for span in spans]
    return [Span(span.start + by, span.end + by) for span in kept if span.start < span.end]
