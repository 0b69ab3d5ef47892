"""``matchmaker export``: write a list to a file."""

import re
from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.context import actor, application
from recommender.cli.messages import common
from recommender.cli.messages import exporting as zh
from recommender.cli.output import answer, print_json, stage_progress
from recommender.domain.disclosure import Disclosure
from recommender.domain.filters import Filter


def export(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=common.ARGUMENT_KIND)],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=zh.ARGUMENT_OUT)],
    filters: Annotated[list[str] | None, typer.Option("--filter", help=common.OPTION_FILTER)] = None,
    columns: Annotated[str | None, typer.Option("--columns", help=zh.OPTION_COLUMNS)] = None,
    names: Annotated[bool, typer.Option("--names", help=zh.OPTION_NAMES)] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help=zh.OPTION_REVEAL)] = False,
    purpose: Annotated[str, typer.Option("--purpose", help=zh.OPTION_PURPOSE)] = "",
    force: Annotated[bool, typer.Option("--force", help=common.OPTION_FORCE)] = False,
    json: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Write the records of a kind that all filters accept."""
    with stage_progress() as progress:
        report = application(ctx).exports.export(
            kind,
            out,
            actor=actor(),
            filters=[Filter.parse(text) for text in filters or []],
            columns=None if columns is None else _names(columns),
            disclosure=_disclosure(names=names, reveal=reveal),
            purpose=purpose,
            replace=force,
            on_progress=progress,
        )
    if json:
        print_json(report.to_dict())
    else:
        answer(report.summary)


def _disclosure(*, names: bool, reveal: bool) -> Disclosure:
    if reveal:
        return Disclosure.FULL
    return Disclosure.NAMES if names else Disclosure.MASKED


def _names(text: str) -> list[str]:
    """Headers hold no commas; those of people who type Chinese separate as well."""
    return [name for name in re.split(r"\s*[,，、;；]\s*", text.strip()) if name]
