"""``matchmaker world``: write a synthetic city to import and to measure on."""

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.context import application
from recommender.cli.messages import common
from recommender.cli.messages import world as zh
from recommender.cli.output import answer, notice, print_json, stage_progress
from recommender.exchange.files import FileFormat
from recommender.services.world import WorldSummary
from recommender.world.messages import FILE_LABELS


def world(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=zh.OPTION_WORLD_OUT)],
    scale: Annotated[float, typer.Option("--scale", help=zh.OPTION_SCALE)] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help=zh.OPTION_SEED)] = 7,
    file_format: Annotated[FileFormat, typer.Option("--format", help=zh.OPTION_WORLD_FORMAT)] = FileFormat.CSV,
    json_: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Write a city and say what is in it."""
    with stage_progress() as progress:
        summary = application(ctx).world.write(
            out, scale=scale, seed=seed, file_format=file_format, on_progress=progress
        )
    if json_:
        print_json(summary)
    else:
        _show(summary)


def _show(summary: WorldSummary) -> None:
    counts = "、".join(
        zh.WORLD_COUNT.format(label=FILE_LABELS[name], n=n_rows) for name, n_rows in summary.files.items()
    )
    answer(
        zh.WORLD_WRITTEN.format(
            folder=summary.folder,
            counts=counts,
            queries=summary.n_queries,
            passages=summary.n_passages,
            judged=summary.n_judged_queries,
        )
    )
    notice(zh.WORLD_NEXT.format(folder=summary.folder))
