"""An evaluation as tables a person can read in a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recommender.cli.messages import evaluation as zh
from recommender.cli.wrapping import Wrapped
from recommender.domain.kinds import KIND_LABELS
from recommender.evaluation.metrics import METRICS
from recommender.evaluation.report import EvaluationReport, KindReport, RankedEntity, WorstQuery
from recommender.services.evaluation import KindComparison


def render_report(report: EvaluationReport) -> RenderableType:
    """Set-up, figures by kind, and the queries that went worst."""
    setting = zh.EVALUATED.format(
        dataset=report.dataset,
        n_queries=report.n_queries,
        n_passages=report.n_passages,
        retriever=zh.RETRIEVER_LABELS[report.retriever.value],
        encoder=report.encoder_id,
        configuration=report.configuration_hash,
    )
    worst = [part for kind in report.kinds if kind.worst for part in _worst_queries(kind)]
    return Group(Wrapped(Text(setting)), _figures(report.kinds), *worst)


def _figures(kinds: Sequence[KindReport]) -> Table:
    table = Table()
    for header in zh.FIGURE_HEADERS[:3]:
        table.add_column(header, justify="right")
    for metric in METRICS:
        table.add_column(metric, justify="right")
    for header in zh.FIGURE_HEADERS[3:]:
        table.add_column(header, justify="right")
    for kind in kinds:
        table.add_row(
            KIND_LABELS[kind.kind],
            f"{kind.n_entities:,}",
            str(kind.n_queries),
            *(f"{kind.figures[metric]:.3f}" if kind.figures else "—" for metric in METRICS),
            f"{kind.hubness.skewness:.2f}",
            f"{kind.hubness.coverage:.0%}",
        )
    return table


def _worst_queries(kind: KindReport) -> list[RenderableType]:
    title = zh.WORST_TITLE.format(kind=KIND_LABELS[kind.kind], metric=kind.leading_metric)
    return [Text(), Text(title, style="bold"), *map(_worst, kind.worst)]


def _worst(query: WorstQuery) -> RenderableType:
    lines: list[RenderableType] = [
        Text(),
        Wrapped(Text(f"{query.value:.3f}  {query.id}  {query.title}")),
    ]
    if query.text:
        lines.append(Wrapped(Text(f"    {query.text}", style="dim")))
    lines += [Wrapped(Text(f"    {zh.RANKED_FIRST} {_shown(entity)}")) for entity in query.first]
    lines += [Wrapped(Text(f"    {zh.RELEVANT} {_shown(entity)}", style="green")) for entity in query.missed]
    return Group(*lines)


def _shown(entity: RankedEntity) -> str:
    position = zh.NOT_RANKED if entity.position is None else zh.POSITION.format(position=entity.position)
    grade = zh.NOT_JUDGED if entity.grade is None else zh.GRADE.format(grade=entity.grade)
    return f"{position} {entity.id}（{grade}）{entity.title}"


def render_comparison(compared: Sequence[KindComparison]) -> RenderableType:
    """One table a kind."""
    return Group(*map(_comparison, compared))


def _comparison(compared: KindComparison) -> Table:
    table = Table(
        title=zh.COMPARISON_TITLE.format(kind=KIND_LABELS[compared.kind], n=compared.n_queries),
        title_justify="left",
    )
    for header in zh.COMPARISON_HEADERS:
        table.add_column(header, justify="right")
    for metric in compared.metrics:
        low, high = metric.interval
        table.add_row(
            metric.metric,
            f"{metric.first:.3f}",
            f"{metric.second:.3f}",
            f"{metric.difference:+.3f}",
            f"[{low:+.3f}, {high:+.3f}]".replace("[", r"\["),
            f"{metric.p_value:.3f}",
            f"{metric.wins} / {metric.losses}",
        )
    return table
