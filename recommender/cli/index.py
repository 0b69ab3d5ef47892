"""``matchmaker index``: build, list, verify, use."""

from typing import Annotated

import typer
from rich.table import Table

from recommender.cli.context import actor, application
from recommender.cli.messages import common
from recommender.cli.messages import index as zh
from recommender.cli.output import answer, answers, notice, print_json, stage_progress
from recommender.matching.generations import Generation
from recommender.matching.indexing import BuildReport

_BYTES_PER_MB = 1_000_000

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]


def build(ctx: typer.Context, json: Json = False) -> None:
    """Build a new generation and serve it."""
    with stage_progress() as progress:
        report = application(ctx).indexing.build(actor=actor(), on_progress=progress)
    if json:
        print_json(report)
        return
    answer(built_sentence(report))


def built_sentence(report: BuildReport) -> str:
    """What a build did, in one sentence."""
    return zh.BUILT.format(
        generation=report.manifest.generation,
        passages=report.manifest.counts["passages"],
        encoded=report.n_encoded,
        reused=report.n_reused,
        seconds=sum(report.seconds.values()),
    )


def list_generations(ctx: typer.Context, json: Json = False) -> None:
    """List all generations."""
    generations = application(ctx).indexing.generations()
    if json:
        print_json(generations)
    elif not generations:
        notice(zh.NO_GENERATIONS)
    else:
        answers.print(_table(generations))


def verify(
    ctx: typer.Context,
    generation: Annotated[str | None, typer.Argument(help=zh.ARGUMENT_GENERATION)] = None,
    json: Json = False,
) -> None:
    """Check every file of a generation."""
    checked = application(ctx).indexing.verify(generation)
    if json:
        print_json(checked)
        return
    sentence = zh.VERIFIED.format(
        generation=checked.name,
        passages=checked.counts["passages"],
        size=checked.n_bytes / _BYTES_PER_MB,
    )
    answer(sentence)


def use(
    ctx: typer.Context,
    generation: Annotated[str, typer.Argument(help=zh.ARGUMENT_GENERATION)],
    json: Json = False,
) -> None:
    """Serve another generation."""
    chosen = application(ctx).indexing.use(generation, actor=actor())
    if json:
        print_json(chosen)
    else:
        answer(zh.USED.format(generation=chosen.name))


def _table(generations: list[Generation]) -> Table:
    table = Table(*zh.GENERATION_HEADERS)
    for generation in generations:
        table.add_row(
            zh.IN_USE if generation.is_current else "",
            generation.name,
            generation.created_at,
            f"{generation.counts.get('passages', 0):,}",
            f"{generation.n_bytes / _BYTES_PER_MB:,.1f}",
            generation.encoder_id,
            generation.problem or zh.SOUND_MANIFEST,
        )
    return table
