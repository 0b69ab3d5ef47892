"""``matchmaker evaluate``: figures on a test collection; ``evaluate compare``: are two systems different."""

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.context import application
from recommender.cli.evaluation_table import render_comparison, render_report
from recommender.cli.localised import DefaultCommandGroup
from recommender.cli.messages import common
from recommender.cli.messages import evaluation as zh
from recommender.cli.output import answers, json_text, notice, print_json, stage_progress
from recommender.evaluation.retrieval import Retriever
from recommender.evaluation.tuning import Point
from recommender.services.evaluation import report_file_of


class EvaluateGroup(DefaultCommandGroup):
    """``evaluate DIR`` means ``evaluate run DIR``: measuring is what one mostly wants."""

    default_command = "run"


def evaluate(
    ctx: typer.Context,
    dataset: Annotated[Path, typer.Argument(metavar="DATASET_DIR", help=zh.ARGUMENT_DATASET)],
    retriever: Annotated[Retriever, typer.Option("--retriever", help=zh.OPTION_RETRIEVER)] = Retriever.HYBRID,
    encoder: Annotated[str | None, typer.Option("--encoder", help=zh.OPTION_ENCODER)] = None,
    run_out: Annotated[Path | None, typer.Option("--run-out", help=zh.OPTION_RUN_OUT)] = None,
    json_: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Measure and print."""
    with stage_progress() as progress:
        measured = application(ctx).evaluation.evaluate(
            dataset, retriever, encoder_spec=encoder, on_progress=progress
        )
    if run_out is not None:
        run_out.parent.mkdir(parents=True, exist_ok=True)
        measured.run.write(run_out, tag=f"matchmaker-{retriever}")
        report_file_of(run_out).write_text(json_text(measured.report) + "\n", encoding="utf-8")
        notice(zh.RUN_WRITTEN.format(run=run_out, report=report_file_of(run_out)))
    if json_:
        print_json(measured.report)
    else:
        answers.print(render_report(measured.report))


def compare(
    ctx: typer.Context,
    first: Annotated[Path, typer.Argument(metavar="A", help=zh.ARGUMENT_RESULT)],
    second: Annotated[Path, typer.Argument(metavar="B", help=zh.ARGUMENT_RESULT)],
    dataset: Annotated[Path | None, typer.Option("--dataset", help=zh.OPTION_DATASET)] = None,
    json_: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Compare and print."""
    compared = application(ctx).evaluation.compare(first, second, dataset=dataset)
    if json_:
        print_json(compared)
    else:
        answers.print(render_comparison(compared))


def sweep(
    ctx: typer.Context,
    datasets: Annotated[list[Path], typer.Argument(metavar="DATASET_DIR…", help=zh.ARGUMENT_DATASET)],
    out: Annotated[Path, typer.Option("--out", help=zh.OPTION_SWEEP_OUT)],
    parameters: Annotated[list[str] | None, typer.Option("--parameter", help=zh.OPTION_PARAMETER)] = None,
    encoder: Annotated[str | None, typer.Option("--encoder", help=zh.OPTION_ENCODER)] = None,
) -> None:
    """Measure one number at a time and write the points."""
    with stage_progress() as progress:
        result = application(ctx).evaluation.sweep(
            datasets,
            parameters or (),
            encoder_spec=encoder,
            on_progress=progress,
            on_point=lambda point: notice(_point_line(point)),
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json_text(result) + "\n", encoding="utf-8")
    notice(zh.SWEEP_WRITTEN.format(n=len(result.points), file=out))


def _point_line(point: Point) -> str:
    figures = "  ".join(f"{metric} {value:.4f}" for metric, value in point.figures.items())
    place = f"{point.parameter}={point.value}  {point.dataset}/{point.kind}"
    return f"{place}  {figures}  {zh.FIGURE_HEADERS[3]} {point.hub_skewness:.2f}"
