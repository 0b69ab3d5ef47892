"""A match answer as a table a person can read in a terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recommender.cli.messages import EXCLUDED, GAP, LESS_SPACE, NO_MATCH, TABLE_HEADERS
from recommender.domain.kinds import KIND_LABELS
from recommender.domain.match import Evidence, Match, MatchList, Span
from recommender.services.matching import MatchAnswer

_MARK_STYLE = "bold yellow"
_EXCERPT_CHARS = 90


def render_answer(answer: MatchAnswer) -> RenderableType:
    """All lists of an answer, one table a kind."""
    parts: list[RenderableType] = [Text(problem, style="red") for problem in answer.problems]
    for matches in answer.lists:
        parts.append(_table(matches) if matches.matches else _nothing(matches))
        if matches.exclusions:
            items = "、".join(f"{item.name}（{item.code.value}）" for item in matches.exclusions)
            parts.append(Text(EXCLUDED.format(items=items), style="dim"))
        parts.append(Text())
    return Group(*parts)


def _nothing(matches: MatchList) -> Text:
    return Text(NO_MATCH.format(label=KIND_LABELS[matches.kind]))


def _table(matches: MatchList) -> Table:
    table = Table(show_lines=True, expand=True)
    number, name, organisation, score, reason, evidence = TABLE_HEADERS
    table.add_column(number, justify="right", width=4)
    table.add_column(name.format(kind=KIND_LABELS[matches.kind]), ratio=3)
    if any(match.organisation for match in matches.matches):
        table.add_column(organisation, ratio=3)
    table.add_column(score, justify="right", width=6)
    table.add_column(reason, ratio=6)
    table.add_column(evidence, ratio=8)
    for match in matches.matches:
        cells: list[RenderableType] = [str(match.position), match.name]
        if len(table.columns) == len(TABLE_HEADERS):
            cells.append(match.organisation)
        table.add_row(*cells, f"{match.score:.2f}", _reasons(match), _best_evidence(match))
    return table


def _reasons(match: Match) -> Text:
    text = Text("；".join(reason.text for reason in match.reasons))
    for gap in match.gaps:
        text.append(f"\n{GAP}{gap.text}", style="dim")
    return text


def _best_evidence(match: Match) -> Text:
    if not match.evidence:
        return Text()
    best = match.evidence[0]
    text = Text(f"【{best.source}】")
    text.append_text(marked(best.title, best.title_marks))
    excerpt = _excerpt(best)
    if excerpt is not None:
        text.append("\n")
        text.append_text(excerpt)
    return text


def _excerpt(evidence: Evidence) -> Text | None:
    """The nearest sentence, or the beginning where no word is shared."""
    if not evidence.text:
        return None
    span = evidence.sentence or Span(0, min(len(evidence.text), _EXCERPT_CHARS))
    whole = marked(evidence.text, evidence.text_marks)
    excerpt = whole[span.start : span.end]
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
