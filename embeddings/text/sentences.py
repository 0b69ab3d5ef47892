"""Sentences of a Chinese text, as spans."""

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences, surrounding white space left out; they never overlap.

    Clauses divided by ``；`` count as sentences: in abstracts and needs each is one claim.

    >>> sentence_spans("板边开裂。 怎么办？")
    [(0, 5), (6, 10)]
    """
    spans = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans
