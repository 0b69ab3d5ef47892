"""Text with the places marked that speak for a match."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from recommender.domain.match import Span


def marked(
    text: str, marks: Sequence[Span] = (), sentence: Span | None = None, *, label: str = "与需求最接近的一句"
) -> Markup:
    """A text with ``<mark>`` around words and ``<strong class="nearest">`` around one sentence.

    Args:
        marks: ascending, not overlapping; in characters of ``text``, as is ``sentence``.
        label: said of the sentence to those who do not see it.
    """
    edges = {0, len(text)}
    for span in (*marks, *((sentence,) if sentence else ())):
        edges |= {min(span.start, len(text)), min(span.end, len(text))}
    pieces = [_piece(text, start, end, marks) for start, end in pairwise(sorted(edges))]
    if sentence is None:
        return Markup("").join(piece for _, piece in pieces)
    inside = Markup("").join(piece for start, piece in pieces if sentence.start <= start < sentence.end)
    before = Markup("").join(piece for start, piece in pieces if start < sentence.start)
    after = Markup("").join(piece for start, piece in pieces if start >= sentence.end)
    nearest = Markup('<strong class="nearest" title="{}">{}</strong>').format(label, inside) if inside else inside
    return before + nearest + after


def _piece(text: str, start: int, end: int, marks: Sequence[Span]) -> tuple[int, Markup]:
    words = escape(text[start:end])
    is_marked = any(span.start <= start and end <= span.end for span in marks)
    return start, Markup("<mark>{}</mark>").format(words) if is_marked else words
