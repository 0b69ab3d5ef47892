"""``matchmaker remind`` and ``matchmaker figures``: what the clock does, and how far matches came."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from recommender.cli.context import acting, actor, application
from recommender.cli.messages import common
from recommender.cli.messages import review as zh
from recommender.cli.output import answer, answers, notice, print_json
from recommender.domain.figures import FigureGroup, FigureRequest, Figures, Stage
from recommender.services.review.figure_table import figure_csv
from recommender.services.review.timers import TimerReport

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
_DAY = ["%Y-%m-%d"]


def remind(ctx: typer.Context, json: Json = False) -> None:
    """Do what the clock does."""
    report = application(ctx).timers.run(actor=actor())
    print_json(report) if json else answer(timer_sentence(report))


def figures(
    ctx: typer.Context,
    by: Annotated[FigureGroup, typer.Option("--by", help=zh.OPTION_FIGURES_BY)] = FigureGroup.ALL,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=_DAY, metavar="YYYY-MM-DD", help=zh.OPTION_SINCE)
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY, metavar="YYYY-MM-DD", help=zh.OPTION_UNTIL)
    ] = None,
    town: Annotated[str, typer.Option("--town", help=zh.OPTION_FIGURES_TOWN)] = "",
    chain: Annotated[str, typer.Option("--chain", help=zh.OPTION_FIGURES_CHAIN)] = "",
    csv: Annotated[bool, typer.Option("--csv", help=zh.OPTION_FIGURES_CSV)] = False,
    json: Json = False,
) -> None:
    """Show key figures."""
    wanted = FigureRequest(
        group=by,
        since=since.date() if since else None,
        until=until.date() if until else None,
        town=town,
        industry_chain=chain,
    )
    groups = application(ctx).figures.read(acting(), wanted)
    if json:
        print_json([_plain(each) for each in groups])
    elif csv:
        typer.echo(figure_csv(groups), nl=False)
    elif groups:
        answers.print(_table(groups))
    else:
        notice(zh.NO_FIGURES)


def timer_sentence(report: TimerReport) -> str:
    """What the clock did, in words."""
    return zh.TIMERS_DONE.format(
        claims=report.n_claims_freed,
        silent=report.n_silent,
        expired=report.n_expired,
        cancelled=report.n_cancelled,
        reminders=report.n_reminders,
    )


def _plain(figures: Figures) -> dict[str, object]:
    """Without tuples as keys, which JSON has not."""
    days = [
        {"earlier": earlier, "later": later, "n": found.n, "median": found.median, "p90": found.p90}
        for (earlier, later), found in figures.days.items()
    ]
    return {
        "key": figures.key,
        **{stage.value: n for stage, n in figures.counts.items()},
        "amount_wan": figures.amount_wan,
        "funding_wan": figures.funding_wan,
        "enterprise_spending_wan": figures.enterprise_spending_wan,
        "leverage": figures.leverage,
        "days": days,
    }


def _table(groups: list[Figures]) -> Table:
    table = Table()
    first, *numbers = zh.FIGURE_COLUMNS
    table.add_column(first)
    for header in numbers:
        table.add_column(header, justify="right")
    for each in groups:
        whole = each.days.get((Stage.RECOMMENDED, Stage.SIGNED))
        table.add_row(
            each.key or common.NOTHING,
            *(f"{each.counts[stage]:,}" for stage in Stage),
            f"{each.amount_wan:,.2f}",
            f"{each.funding_wan:,.2f}",
            common.NOTHING if each.leverage is None else f"{each.leverage:.2f}",
            common.NOTHING if whole is None else zh.MEDIAN_AND_P90.format(median=whole.median, p90=whole.p90),
        )
    return table
