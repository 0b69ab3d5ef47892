"""``matchmaker import``: preview a file, write it or say why not, list what was written, take it back."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from recommender.cli import import_table as tables
from recommender.cli.context import acting, application
from recommender.cli.localised import DefaultCommandGroup
from recommender.cli.messages import common
from recommender.cli.messages import importing as zh
from recommender.cli.output import answer, answers, notice, notices, print_json, stage_progress
from recommender.exchange.issues import RowError
from recommender.exchange.preview import N_PREVIEW_ROWS, ImportPreview
from recommender.exchange.report import ImportOutcome, ImportReport
from recommender.exchange.sources import ColumnOrigin

_LISTED_ROWS = 20
_SHOWN_ROWS = 5

Kind = Annotated[str, typer.Argument(metavar="KIND", help=common.ARGUMENT_KIND)]
File = Annotated[Path, typer.Argument(metavar="FILE", help=zh.ARGUMENT_FILE)]
Sheet = Annotated[str | None, typer.Option("--sheet", help=zh.OPTION_SHEET)]
Map = Annotated[list[str] | None, typer.Option("--map", help=zh.OPTION_MAP)]
Forget = Annotated[bool, typer.Option("--forget-mapping", help=zh.OPTION_FORGET_MAPPING)]
Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]


class ImportGroup(DefaultCommandGroup):
    """``import KIND FILE`` means ``import apply KIND FILE``."""

    default_command = "apply"


def apply(
    ctx: typer.Context,
    kind: Kind,
    file: File,
    valid_only: Annotated[bool, typer.Option("--valid-only", help=zh.OPTION_VALID_ONLY)] = False,
    check_only: Annotated[bool, typer.Option("--check", help=zh.OPTION_CHECK)] = False,
    sheet: Sheet = None,
    mapping: Map = None,
    forget_mapping: Forget = False,
    json: Json = False,
) -> None:
    """Write one file."""
    if check_only:
        check(ctx, kind, file, sheet=sheet, mapping=mapping, forget_mapping=forget_mapping, json=json)
        return
    if forget_mapping:
        _forget_mapping(ctx, kind, file, sheet)
    with stage_progress() as progress:
        report = application(ctx).imports.apply(
            kind,
            file,
            valid_only=valid_only,
            actor=acting(),
            sheet=sheet,
            mapping=mapping or (),
            on_progress=progress,
        )
    if json:
        print_json(report.to_dict())
    else:
        _show_report(report)
    if report.outcome is ImportOutcome.REFUSED:
        raise typer.Exit(1)


def check(
    ctx: typer.Context,
    kind: Kind,
    file: File,
    sheet: Sheet = None,
    mapping: Map = None,
    forget_mapping: Forget = False,
    annotated: Annotated[Path | None, typer.Option("--annotated", help=zh.OPTION_ANNOTATED)] = None,
    force: Annotated[bool, typer.Option("--force", help=common.OPTION_FORCE)] = False,
    rows: Annotated[int, typer.Option("--rows", help=zh.OPTION_ROWS, min=0, max=N_PREVIEW_ROWS)] = _SHOWN_ROWS,
    json: Json = False,
) -> None:
    """Preview one file."""
    if forget_mapping:
        _forget_mapping(ctx, kind, file, sheet)
    with stage_progress() as progress:
        preview = application(ctx).imports.check(
            kind,
            file,
            actor=acting(),
            sheet=sheet,
            mapping=mapping or (),
            annotated=annotated,
            replace=force,
            on_progress=progress,
        )
    if json:
        print_json(preview.to_dict())
    else:
        _show_preview(preview, rows)
        if preview.report.n_error_rows == 0 and preview.report.n_new + preview.report.n_changed > 0:
            notice(zh.AFTER_CHECK.format(command=_apply_command(kind, file, sheet, mapping or ())))
    if preview.report.n_error_rows > 0:
        raise typer.Exit(1)


def undo(
    ctx: typer.Context,
    batch: Annotated[str | None, typer.Argument(metavar="BATCH", help=zh.ARGUMENT_BATCH)] = None,
    json: Json = False,
) -> None:
    """Take one batch back."""
    with stage_progress() as progress:
        report = application(ctx).batches.undo(batch, actor=acting(), on_progress=progress)
    if json:
        print_json(report.to_dict())
    else:
        answer(report.summary)


def list_batches(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", help=zh.OPTION_LIMIT, min=1, max=1000)] = 20,
    json: Json = False,
) -> None:
    """List the last batches."""
    lines = application(ctx).batches.newest(acting(), limit)
    if json:
        print_json(lines)
    elif lines:
        answers.print(tables.batch_table(lines))
    else:
        notice(zh.NO_BATCHES)


def _forget_mapping(ctx: typer.Context, kind: str, file: Path, sheet: str | None) -> None:
    forgotten = application(ctx).imports.forget_mapping(kind, file, actor=acting(), sheet=sheet)
    notice(zh.FORGOTTEN if forgotten else zh.NOTHING_FORGOTTEN)


def _apply_command(kind: str, file: Path, sheet: str | None, mapping: list[str] | tuple[str, ...]) -> str:
    words = ["matchmaker", "import", kind, str(file)]
    if sheet is not None:
        words += ["--sheet", sheet]
    for item in mapping:
        words += ["--map", item]
    return shlex.join(words)


def _show_preview(preview: ImportPreview, n_rows: int) -> None:
    report = preview.report
    answer(tables.file_sentence(report))
    same = [match.header for match in report.mapping if match.origin is ColumnOrigin.OWN]
    if same:
        answer(zh.SAME_HEADERS.format(columns="、".join(same)))
    if len(same) < len(report.mapping):
        answers.print(tables.mapping_table(report.mapping))
    if report.absent_columns:
        answer(zh.ABSENT_COLUMNS.format(columns="、".join(report.absent_columns)))
    if n_rows > 0:
        answers.print(tables.preview_table(preview, n_rows))
    answer(report.summary)
    if preview.suspects:
        answers.print(tables.suspect_table(preview.suspects, report.n_suspects, _LISTED_ROWS))
        _show_rest(report.n_suspects)
    _show_remarks(report)
    if preview.annotated:
        notice(zh.ANNOTATED.format(path=preview.annotated))


def _show_report(report: ImportReport) -> None:
    answer(report.summary)
    _show_remarks(report)
    if report.applied and report.n_written > 0:
        notice(zh.BATCH_WRITTEN.format(batch=report.batch))
        notice(zh.AFTER_IMPORT)


def _show_remarks(report: ImportReport) -> None:
    if report.unknown_columns:
        notice(zh.UNKNOWN_COLUMNS.format(columns="、".join(report.unknown_columns)))
    if report.ignored_columns:
        notice(zh.IGNORED_COLUMNS.format(columns="、".join(report.ignored_columns)))
    for note in report.notes:
        notice(note)
    _show_issues(zh.ERROR_TITLE, report.errors, report.n_errors)
    _show_issues(zh.WARNING_TITLE, report.warnings, report.n_warnings)


def _show_issues(title: str, issues: tuple[RowError, ...], n_issues: int) -> None:
    if issues:
        notices.print(tables.issue_table(title.format(n=n_issues), issues[:_LISTED_ROWS]))
        _show_rest(n_issues)


def _show_rest(n_items: int) -> None:
    if n_items > _LISTED_ROWS:
        notice(zh.MORE_ROWS.format(n=n_items - _LISTED_ROWS))
