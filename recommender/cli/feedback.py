"""``matchmaker feedback`` and ``matchmaker judging``: data to learn from, and blind judging."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from recommender.cli.context import acting, application
from recommender.cli.messages import common
from recommender.cli.messages import feedback as zh
from recommender.cli.output import answer, answers, notice, print_json, stage_progress
from recommender.domain.judging import JudgingPool, System
from recommender.domain.kinds import KIND_LABELS, SUPPLY_KINDS, EntityKind
from recommender.domain.paging import PageRequest
from recommender.evaluation.metrics import METRICS
from recommender.evaluation.pooled import SystemFigures
from recommender.feedback.propensity import PositionBias
from recommender.services.feedback.judging import PoolDraft, PoolResults

_ALL_POOLS = 50
_ID_WIDTH = 17
_DEFAULT_BIAS = PositionBias()

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
Force = Annotated[bool, typer.Option("--force", help=zh.OPTION_FORCE)]
Pool = Annotated[str, typer.Argument(metavar="POOL", help=zh.ARGUMENT_POOL)]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=zh.ARGUMENT_FOLDER)]


def export(
    ctx: typer.Context,
    folder: Folder,
    eta: Annotated[float, typer.Option("--eta", help=zh.OPTION_ETA)] = _DEFAULT_BIAS.eta,
    clip: Annotated[float, typer.Option("--clip", help=zh.OPTION_CLIP)] = _DEFAULT_BIAS.clip,
    purpose: Annotated[str, typer.Option("--purpose", help=zh.OPTION_PURPOSE)] = "",
    force: Force = False,
    json: Json = False,
) -> None:
    """Write decisions as data."""
    bias = PositionBias(eta, clip)
    report = application(ctx).feedback.export(
        acting(), folder, bias=bias, replacing=force, purpose=purpose.strip()
    )
    if json:
        print_json(report)
        return
    n_judged = report.n_judgements
    answer(
        zh.EXPORTED.format(
            folder=folder,
            n_decisions=report.n_decisions,
            n_cases=report.n_cases,
            n_ungraded=report.n_ungraded,
            n_passages=report.n_passages,
            **n_judged,
        )
    )
    if n_judged["test"]:
        answer(zh.EXPORTED_NEXT.format(folder=folder))


def pool(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=zh.ARGUMENT_TITLE)],
    needs: Annotated[list[str], typer.Option("--need", help=zh.OPTION_NEED)],
    kinds: Annotated[list[EntityKind] | None, typer.Option("--kind", help=zh.OPTION_KIND)] = None,
    systems: Annotated[list[System] | None, typer.Option("--system", help=zh.OPTION_SYSTEM)] = None,
    depth: Annotated[int, typer.Option("--depth", help=zh.OPTION_DEPTH)] = 5,
    overlap: Annotated[float, typer.Option("--overlap", help=zh.OPTION_OVERLAP)] = 0.2,
    judges: Annotated[int, typer.Option("--judges", help=zh.OPTION_JUDGES)] = 2,
    seed: Annotated[int, typer.Option("--seed", help=zh.OPTION_SEED)] = 0,
    json: Json = False,
) -> None:
    """Make a pool."""
    draft = PoolDraft(
        title=title,
        need_ids=needs,
        kinds=kinds or SUPPLY_KINDS,
        systems=systems or tuple(System),
        depth=depth,
        overlap_ratio=overlap,
        n_judges=judges,
        seed=seed,
    )
    service = application(ctx).judging
    with stage_progress() as progress:
        made = service.create(acting(), draft, on_need=lambda _, done, all: progress(zh.STAGE_POOL, done, all))
    found = service.progress(acting(), made.id)
    if json:
        print_json({"pool": made, "progress": found})
    else:
        answer(zh.POOLED.format(pool=made.id, n_items=found.n_items, n_wanted=found.n_wanted))


def progress(
    ctx: typer.Context,
    pool: Annotated[str | None, typer.Argument(metavar="POOL", help=zh.ARGUMENT_POOL_OR_ALL)] = None,
    json: Json = False,
) -> None:
    """Show how far pools are, and what one tells."""
    service = application(ctx).judging
    if pool is None:
        pools = service.page(acting(), PageRequest(limit=_ALL_POOLS)).items
        if json:
            print_json(pools)
        elif not pools:
            notice(zh.NO_POOLS)
        else:
            answers.print(_pools(pools))
        return
    results = service.results(acting(), pool)
    if json:
        print_json(results)
    else:
        _show(results)


def export_pool(ctx: typer.Context, pool: Pool, folder: Folder, force: Force = False) -> None:
    """Write a pool's judgements as a test collection."""
    n_judged = application(ctx).judging.export(acting(), pool, folder, replacing=force)
    answer(zh.POOL_EXPORTED.format(pool=pool, folder=folder, n=n_judged))


def close(ctx: typer.Context, pool: Pool) -> None:
    """End a pool."""
    closed = application(ctx).judging.close(acting(), pool)
    answer(zh.POOL_CLOSED.format(pool=closed.id, title=closed.title))


def _pools(pools: tuple[JudgingPool, ...]) -> Table:
    table = Table()
    name, *others = zh.POOL_HEADERS
    # A pool is named by its id in other commands: it must stand there whole.
    table.add_column(name, no_wrap=True, min_width=_ID_WIDTH)
    for header in others:
        table.add_column(header)
    for item in pools:
        state = zh.CLOSED if item.closed_at else zh.OPEN
        kinds = "、".join(KIND_LABELS[kind] for kind in item.kinds)
        table.add_row(item.id, item.title, f"{item.created_at:%Y-%m-%d %H:%M}", kinds, str(item.depth), state)
    return table


def _show(results: PoolResults) -> None:
    found = results.progress
    answer(
        zh.PROGRESS.format(
            ratio=found.ratio,
            n_done=found.n_done,
            n_wanted=found.n_wanted,
            n_items=found.n_items,
            n_skipped=found.n_skipped,
        )
    )
    for judge, n in found.by_judge.items():
        answer(zh.JUDGED_BY.format(judge=judge, n=n))
    shared = results.agreement
    alpha = zh.UNKNOWN if shared.alpha is None else f"{shared.alpha:.2f}"
    answer(zh.AGREEMENT.format(n=shared.n_items, alpha=alpha))
    if results.systems:
        answers.print(_figures(results.systems))
        answer(zh.FIGURES_NOTE)


def _figures(systems: tuple[SystemFigures, ...]) -> Table:
    table = Table(*zh.FIGURE_HEADERS, *METRICS, zh.AGAINST)
    for item in systems:
        against = next((line for line in item.against_served if line.metric == METRICS[0]), None)
        table.add_row(
            KIND_LABELS[item.kind],
            zh.SYSTEM_LABELS[item.system],
            str(item.n_queries),
            *(f"{item.figures[metric]:.3f}" if item.figures else zh.UNKNOWN for metric in METRICS),
            zh.UNKNOWN if against is None else f"{against.difference:+.3f} (p={against.p_value:.2f})",
        )
    return table
