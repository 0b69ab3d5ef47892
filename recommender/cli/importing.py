"""``matchmaker import``: read a file, show what it holds, write it or say why not."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.cli import messages as zh
from recommender.cli.context import actor, application
from recommender.cli.output import answer, notice, notices, print_json, stage_progress
from recommender.cli.wrapping import Wrapped
from recommender.exchange.issues import RowError
from recommender.exchange.report import ImportOutcome, ImportReport

_LISTED_ROWS = 20


def import_file(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=zh.ARGUMENT_KIND)],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=zh.ARGUMENT_FILE)],
    valid_only: Annotated[bool, typer.Option("--valid-only", help=zh.OPTION_VALID_ONLY)] = False,
    check: Annotated[bool, typer.Option("--check", help=zh.OPTION_CHECK)] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", help=zh.OPTION_SHEET)] = None,
    json: Annotated[bool, typer.Option("--json", help=zh.OPTION_JSON)] = False,
) -> None:
    """Check or apply one file."""
    imports = application(ctx).imports
    if check:
        report = ImportReport.of(imports.check(kind, file, sheet=sheet))
    else:
        with stage_progress() as progress:
            report = imports.apply(
                kind,
                file,
                valid_only=valid_only,
                actor=actor(),
                sheet=sheet,
                on_progress=progress,
            )
    if json:
        print_json(report.to_dict())
    else:
        _show(report)
    if report.outcome is ImportOutcome.REFUSED or (check and report.n_error_rows > 0):
        raise typer.Exit(1)


def _show(report: ImportReport) -> None:
    answer(report.summary)
    if report.unknown_columns:
        notice(zh.UNKNOWN_COLUMNS.format(columns="、".join(report.unknown_columns)))
    if report.ignored_columns:
        notice(zh.IGNORED_COLUMNS.format(columns="、".join(report.ignored_columns)))
    for note in report.notes:
        notice(note)
    _show_issues(zh.ERROR_TITLE, report.errors, report.n_errors)
    _show_issues(zh.WARNING_TITLE, report.warnings, report.n_warnings)
    if report.applied and report.n_written > 0:
        notice(zh.AFTER_IMPORT)


def _show_issues(title: str, issues: tuple[RowError, ...], n_issues: int) -> None:
    if not issues:
        return
    table = Table(*zh.ISSUE_HEADERS, title=title.format(n=n_issues), title_justify="left")
    for issue in issues[:_LISTED_ROWS]:
        table.add_row(str(issue.row), *(Wrapped(Text(text)) for text in _cells(issue)))
    notices.print(table)
    if n_issues > _LISTED_ROWS:
        notice(zh.MORE_ROWS.format(n=n_issues - _LISTED_ROWS))


def _cells(issue: RowError) -> tuple[str, str, str]:
    return issue.column, issue.message, issue.suggestion
