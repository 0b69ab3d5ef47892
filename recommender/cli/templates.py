"""``matchmaker template``: a workbook to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.context import application
from recommender.cli.messages import common
from recommender.cli.messages import exporting as zh
from recommender.cli.output import answer, print_json


def template(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=common.ARGUMENT_KIND)],
    out: Annotated[Path | None, typer.Argument(metavar="OUT", help=zh.ARGUMENT_TEMPLATE)] = None,
    force: Annotated[bool, typer.Option("--force", help=common.OPTION_FORCE)] = False,
    json: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Write the template of a kind."""
    written = application(ctx).templates.write(kind, out, replace=force)
    if json:
        print_json({"kind": kind, "file": written})
    else:
        answer(zh.TEMPLATE_WRITTEN.format(file=written, kind=kind))
