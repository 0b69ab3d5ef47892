"""``matchmaker nightly`` and ``matchmaker runs``: the night's run, and what to do with runs."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from recommender.bootstrap import today
from recommender.cli.context import actor, application, operator
from recommender.cli.match_table import render_lists
from recommender.cli.messages import common
from recommender.cli.messages import nightly as zh
from recommender.cli.output import answer, answers, notice, print_json, stage_progress
from recommender.cli.personal import after_night
from recommender.cli.review import timer_sentence
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.runs import MatchRun, PublishedRun, RunState
from recommender.nightly.sources import Scope
from recommender.services.nightly.options import NightOptions, NightStage
from recommender.services.nightly.runs import Digest, RunDetail, RunLine

_ID_WIDTH = 22

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
Scopes = Annotated[list[str] | None, typer.Option("--scope", help=zh.OPTION_SCOPE)]


def nightly(
    ctx: typer.Context,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=zh.OPTION_AS_OF),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=zh.OPTION_RESUME)] = False,
    executor: Annotated[str, typer.Option("--executor", help=zh.OPTION_EXECUTOR)] = "serial",
    scheduler: Annotated[str, typer.Option("--scheduler", help=zh.OPTION_SCHEDULER)] = "",
    scope: Scopes = None,
    keep_index: Annotated[bool, typer.Option("--keep-index", help=zh.OPTION_KEEP_INDEX)] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=zh.OPTION_DRY_RUN)] = False,
    json: Json = False,
) -> None:
    """Run the night."""
    options = NightOptions(
        as_of=as_of.date() if as_of else today(),
        executor=executor,
        scheduler=scheduler,
        scope=Scope.parse(scope or ()),
        refresh_index=not keep_index,
    )
    service = application(ctx).nightly
    if dry_run:
        preview = service.preview(options)
        print_json(preview) if json else answer(zh.NIGHT_PREVIEW.format(**asdict(preview)))
        return
    with ending_in_order(), stage_progress() as progress:
        run = service.run(options, actor=actor(), resume=resume, on_progress=progress)
    timers = application(ctx).timers.run(actor=actor())
    kept = after_night(application(ctx))
    if json:
        print_json(run)
    else:
        _tell(run)
        answer(timer_sentence(timers))
        answer(kept)
    if run.state is not RunState.DONE:
        raise typer.Exit(1)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let a request to end (SIGTERM) end the block as Ctrl-C does: workers stop and the lease is given back."""

    def end(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def list_runs(ctx: typer.Context, json: Json = False) -> None:
    """List the last runs."""
    lines = application(ctx).runs.newest()
    if json:
        print_json(lines)
    elif not lines:
        notice(zh.NO_RUNS)
    else:
        answers.print(_runs_table(lines))


def show(
    ctx: typer.Context,
    run: Annotated[str | None, typer.Argument(help=zh.ARGUMENT_RUN)] = None,
    json: Json = False,
) -> None:
    """Show one run."""
    detail = application(ctx).runs.show(run)
    if json:
        print_json(detail)
    else:
        _show(detail)


def publish(
    ctx: typer.Context, run: Annotated[str, typer.Argument(help=zh.ARGUMENT_RUN)], json: Json = False
) -> None:
    """Let readers see a run."""
    _published(application(ctx).runs.publish(run, actor=operator()), json=json)


def rollback(ctx: typer.Context, json: Json = False) -> None:
    """Go back to the run before."""
    _published(application(ctx).runs.roll_back(actor=operator()), json=json)


def digest(
    ctx: typer.Context,
    run: Annotated[str | None, typer.Argument(help=zh.ARGUMENT_RUN)] = None,
    enterprise: Annotated[str | None, typer.Option("--enterprise", help=common.OPTION_ENTERPRISE)] = None,
    scope: Scopes = None,
    n: Annotated[int, typer.Option("-n", min=1, max=100_000, help=zh.OPTION_N_CHANGES)] = 20,
    json: Json = False,
) -> None:
    """What changed since the run before."""
    found = application(ctx).runs.digest(
        run, enterprise=enterprise, scope=Scope.parse(scope or ()), limit=n, actor=operator()
    )
    if json:
        print_json(found)
    else:
        _show_digest(found)


def explain(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help=zh.ARGUMENT_SOURCE)],
    run: Annotated[str | None, typer.Option("--run", help=zh.ARGUMENT_RUN)] = None,
    json: Json = False,
) -> None:
    """Why a run suggested what it did."""
    found = application(ctx).explanations.explain(operator(), source, run)
    if json:
        print_json(found)
        return
    answer(zh.EXPLAINED_RUN.format(run=found.run.id, snapshot=found.run.snapshot_id, title=found.title))
    for note in found.notes:
        notice(note, style="yellow")
    answers.print(render_lists(found.lists))


def _tell(run: MatchRun) -> None:
    report: dict[str, Any] = run.report
    answer(
        zh.NIGHT_DONE.format(
            run=run.id,
            state=run.state,
            sources=run.n_sources,
            computed=report["n_computed"],
            carried=report["n_carried"],
            suggestions=report["n_suggestions"],
        )
    )
    for why, count in report["computed_because"].items():
        answer(zh.NIGHT_WHY.format(why=why, count=count))
    answers.print(_exposure_table(report))
    if run.state is RunState.PARTIAL:
        notice(zh.NIGHT_PARTIAL.format(shards=len(report["quarantined_shards"]), run=run.id), style="yellow")
    elif run.scope:
        notice(zh.NIGHT_SCOPED.format(scope=run.scope))
    else:
        answer(zh.NIGHT_PUBLISHED)


def _exposure_table(report: dict[str, Any]) -> Table:
    table = Table(*zh.EXPOSURE_HEADERS)
    for kind, figures in report.get("exposure", {}).items():
        before, after = figures["before"], figures["after"]
        table.add_row(
            KIND_LABELS[EntityKind(kind)],
            *(
                f"{before[name]:.3f} → {after[name]:.3f}"
                for name in ("mean_relevance", "coverage", "gini", "congestion")
            ),
            f"{before['most']:,} → {after['most']:,}",
        )
    return table


def _runs_table(lines: list[RunLine]) -> Table:
    table = Table()
    name, *others = zh.RUN_HEADERS
    # A run is named by its id in other commands: it must stand there whole.
    table.add_column(name, no_wrap=True, min_width=_ID_WIDTH)
    for header in others:
        table.add_column(header)
    for line in lines:
        run = line.run
        table.add_row(
            run.id,
            f"{run.started_at:%Y-%m-%d %H:%M}",
            run.kind,
            run.scope or common.WHOLE_CITY,
            run.state + (zh.IS_PUBLISHED if line.is_published else ""),
            f"{run.n_sources:,}",
        )
    return table


def _show(detail: RunDetail) -> None:
    run = detail.run
    answers.print(_runs_table([RunLine(run, detail.is_published)]))
    answer(zh.RUN_MADE_BY.format(snapshot=run.snapshot_id, encoder=run.encoder_id, config=run.configuration_hash))
    answer(zh.RUN_HOLDS.format(n=detail.n_suggestions))
    report: dict[str, Any] = run.report
    if "exposure" in report:
        answers.print(_exposure_table(report))
    for name, value in report.get("seconds", {}).items():
        answer(zh.RUN_STAGE.format(stage=NightStage[name.upper()].value, seconds=value))
    for shard in detail.quarantined:
        notice(
            zh.RUN_QUARANTINED.format(number=shard.number, stage=shard.stage, error=shard.error), style="yellow"
        )


def _published(published: PublishedRun, *, json: bool) -> None:
    if json:
        print_json(published)
    else:
        answer(zh.RUN_PUBLISHED.format(run=published.run_id, before=published.previous_run_id or common.NOTHING))


def _show_digest(found: Digest) -> None:
    answer(zh.DIGEST_OF.format(run=found.run_id, former=found.former_id, sources=found.n_sources))
    for kind, row in found.counts.items():
        label = KIND_LABELS[EntityKind(kind)]
        answer(zh.DIGEST_COUNTS.format(kind=label, changes="，".join(f"{name} {n:,}" for name, n in row.items())))
    if not found.items:
        return
    table = Table(*zh.DIGEST_HEADERS)
    for item in found.items:
        table.add_row(
            item.source_id,
            KIND_LABELS[EntityKind(item.target_kind)],
            item.target_id,
            item.change,
            _place(item.former_position, item.former_score),
            _place(item.position, item.score),
        )
    answers.print(table)
    if found.n_items > len(found.items):
        notice(zh.DIGEST_MORE.format(shown=len(found.items), n=found.n_items))


def _place(position: int | None, score: float | None) -> str:
    return (
        common.NOTHING if position is None or score is None else zh.PLACE.format(position=position, score=score)
    )
