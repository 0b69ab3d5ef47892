"""A match answer as tables a person can read in a terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recommender.cli.messages.common import LESS_SPACE
from recommender.cli.messages.matching import EXCLUDED, GAP, NO_MATCH, TABLE_HEADERS
from recommender.cli.output import answers
from recommender.cli.wrapping import Wrapped
from recommender.domain.kinds import KIND_LABELS
from recommender.domain.match import Evidence, Match, MatchList, Span
from recommender.services.matching import MatchAnswer

_MARK_STYLE: Final = "bold yellow"
_DIM: Final = "dim"
_EXCERPT_CHARS: Final = 90


def render_answer(answer: MatchAnswer) -> RenderableType:
    """All lists of an answer, one table a kind."""
    problems = [Wrapped(Text(problem, style="red")) for problem in answer.problems]
    return Group(*problems, render_lists(answer.lists))


def render_lists(lists: Sequence[MatchList]) -> RenderableType:
    """Lists of matches, one table a kind."""
    parts: list[RenderableType] = []
    for matches in lists:
        if matches.advice:
            parts.append(Wrapped(Text(matches.advice, style="yellow")))
        parts.append(_table(matches) if matches.matches else _nothing(matches))
        if matches.exclusions:
            items = "、".join(f"{item.name}（{item.code.value}）" for item in matches.exclusions)
            parts.append(Wrapped(Text(EXCLUDED.format(items=items), style=_DIM)))
        parts.append(Text())
    return Group(*parts)


def _nothing(matches: MatchList) -> RenderableType:
    return Wrapped(Text(NO_MATCH.format(label=KIND_LABELS[matches.kind])))


def _table(matches: MatchList) -> Table:
    table = Table(show_lines=True, expand=True)
    number, name, organisation, score, reason = TABLE_HEADERS
    with_organisation = any(match.organisation for match in matches.matches)
    table.add_column(number, justify="right", width=4)
    table.add_column(name.format(kind=KIND_LABELS[matches.kind]), ratio=3)
    if with_organisation:
        table.add_column(organisation, ratio=3)
    table.add_column(score, justify="right", width=6)
    table.add_column(reason, ratio=12)
    for match in matches.matches:
        names = [match.name, match.organisation] if with_organisation else [match.name]
        table.add_row(
            str(match.position),
            *(Wrapped(Text(text)) for text in names),
            f"{match.score:.2f}",
            Wrapped(_why(match)),
        )
    return table


def _why(match: Match) -> Text:
    """Reasons, the best evidence with its marks, and what is not covered, line by line."""
    lines = [Text("；".join(reason.text for reason in match.reasons))]
    if match.evidence:
        lines.append(_best_evidence(match.evidence[0]))
    lines.extend(Text(f"{GAP}{gap.text}", style=_DIM) for gap in match.gaps)
    return Text("\n").join(lines)


def _best_evidence(evidence: Evidence) -> Text:
    source = Text(f"【{evidence.source}】", style="cyan")
    title = marked(evidence.title, evidence.title_marks, Span(0, len(evidence.title)))
    excerpt = _excerpt(evidence)
    return Text().join([source, title, Text("：") if excerpt else Text(), excerpt])


def _excerpt(evidence: Evidence) -> Text:
    """The nearest sentence, or the beginning where no word is shared."""
    sentence = evidence.sentence or Span(0, len(evidence.text))
    end = min(sentence.end, sentence.start + _EXCERPT_CHARS)
    excerpt = marked(evidence.text, evidence.text_marks, Span(sentence.start, end))
    if end < sentence.end:
        excerpt.append(LESS_SPACE)
    return excerpt


def marked(text: str, marks: tuple[Span, ...], part: Span) -> Text:
    """A part of a text with the marked spans in colour, or in corner brackets where there is no colour."""
    styled, position = Text(), part.start
    for mark in marks:
        start, end = max(mark.start, part.start), min(mark.end, part.end)
        if start < end:
            styled.append(text[position:start])
            styled.append(_emphasised(text[start:end]))
            position = end
    styled.append(text[position : part.end])
    return styled


def _emphasised(words: str) -> Text:
    return Text(words, style=_MARK_STYLE) if answers.color_system else Text(f"「{words}」")
