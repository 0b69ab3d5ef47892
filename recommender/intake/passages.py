"""The sentences of a need, each with the field it stands in and the parts of the form it speaks to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.match import Span
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.parts import Part

FORM_FIELDS: Final[Mapping[str, Part]] = {
    "difficulties": Part.DIFFICULTIES,
    "research_content": Part.CONTENT,
    "foundation": Part.FOUNDATION,
    "scenario": Part.SCENARIO,
}
"""Fields of a need that are a part by themselves."""

FREE_FIELD: Final = "description"
MAX_FIELD_CHARS: Final = 20_000
"""Of each field that are read."""

_SENTENCE: Final = re.compile(r"[^。！？!?；;\n\r]+")
_NUMBERING: Final = re.compile(
    r"^[\s\u3000]*(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[a-hA-H])[)）、.．:：][ \t]*"
    r"|[①-⑳●■◆★·•*-]\s*|第[一二三四五]\s?[,，、])+"
)
_HEADING_END: Final = r"\s*(?:[：:]|$)"
_MAX_HEADING: Final = 14


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence.

    Attributes:
        field: name of the need's field.
        span: in that field.
        text: without its numbering.
        parts: which parts of the form it speaks to; none where nothing tells.
    """

    field: str
    span: Span
    text: str
    parts: frozenset[Part]


def passages_of(need: Need, knowledge: IntakeKnowledge) -> tuple[Passage, ...]:
    """The sentences of a need's text fields, repeated ones once."""
    seen: set[str] = set()
    found = []
    for field in (FREE_FIELD, *FORM_FIELDS):
        text = str(getattr(need, field))[:MAX_FIELD_CHARS]
        for passage in _sentences(field, text, knowledge):
            key = re.sub(r"\W", "", passage.text)
            if key and key not in seen:
                seen.add(key)
                found.append(passage)
    return tuple(found)


def _sentences(field: str, text: str, knowledge: IntakeKnowledge) -> Iterator[Passage]:
    fixed = FORM_FIELDS.get(field)
    under: Part | None = None
    for match in _SENTENCE.finditer(text):
        start, end = _stripped(text, *match.span())
        heading = None if fixed else _heading(text[start:end], knowledge)
        if heading is not None:
            under, length = heading
            start, end = _stripped(text, start + length, end)
        if start < end:
            body = text[start:end]
            parts = {fixed} if fixed else _parts(body, under, knowledge)
            yield Passage(field, Span(start, end), body, frozenset(parts))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    numbering = _NUMBERING.match(text[start:end])
    if numbering and numbering.end() < end - start:
        start += numbering.end()
    while start < end and (text[start].isspace() or text[start] in "，,、：:.。"):
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _heading(sentence: str, knowledge: IntakeKnowledge) -> tuple[Part, int] | None:
    """The part that a sentence begins as a heading of, and the length of the heading."""
    for part, pattern in knowledge.headings.items():
        found = pattern.match(sentence)
        if found is None or found.end() > _MAX_HEADING:
            continue
        closing = re.match(_HEADING_END, sentence[found.end() :])
        if closing is not None:
            return part, found.end() + closing.end()
    return None


def _parts(sentence: str, under: Part | None, knowledge: IntakeKnowledge) -> set[Part]:
    told = {part for part, cue in knowledge.cues.items() if cue.search(sentence)}
    if under is not None:
        # What stands under 主要研究内容 is content, whatever words it has; it may say something else besides.
        told = (
            {under} | (told & {Part.SCENARIO}) | ({Part.DIFFICULTIES} & told if under is Part.CONTENT else set())
        )
    if knowledge.boast.search(sentence) and under is None:
        told = {Part.FOUNDATION}
    return told
