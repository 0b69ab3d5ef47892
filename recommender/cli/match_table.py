"""A match answer as tables a person can read in a terminal."""

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recommender.cli.messages import EXCLUDED, GAP, LESS_SPACE, NO_MATCH, TABLE_HEADERS
from recommender.cli.wrapping import Wrapped
from recommender.domain.kinds import KIND_LABELS
from recommender.domain.match import Evidence, Match, MatchList, Span
from recommender.services.matching import MatchAnswer

_MARK_STYLE: Final = "bold yellow"
_DIM: Final = "dim"
_EXCERPT_CHARS: Final = 90


def render_answer(answer: MatchAnswer) -> RenderableType:
    """All lists of an answer, one table a kind."""
    parts: list[RenderableType] = [Wrapped(Text(problem, style="red")) for problem in answer.problems]
    for matches in answer.lists:
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
    text = Text(f"【{evidence.source}】", style="cyan")
    shown = marked(evidence.title, evidence.title_marks)
    excerpt = _excerpt(evidence)
    return Text().join([text, shown, Text("：") if excerpt else Text(), excerpt])


def _excerpt(evidence: Evidence) -> Text:
    """The nearest sentence, or the beginning where no word is shared."""
    span = evidence.sentence or Span(0, min(len(evidence.text), _EXCERPT_CHARS))
    excerpt = marked(evidence.text, evidence.text_marks)[span.start : span.end]
    if len(excerpt) > _EXCERPT_CHARS:
        excerpt = excerpt[:_EXCERPT_CHARS]
        excerpt.append(LESS_SPACE)
    return excerpt


def marked(text: str, marks: tuple[Span, ...]) -> Text:
    """Text with the marked spans in another style."""
    styled = Text(text)
    for mark in marks:
        styled.stylize(_MARK_STYLE, mark.start, mark.end)
    return styled
