"""What was found in a file, and what was imported lately, as tables for people."""

from rich.table import Table
from rich.text import Text

from recommender.cli.messages import importing as zh
from recommender.cli.wrapping import Wrapped
from recommender.exchange.cells import excerpt
from recommender.exchange.issues import RowError
from recommender.exchange.preview import ImportPreview, PreviewRow, SuspectRow
from recommender.exchange.report import ImportReport
from recommender.exchange.sources import ColumnMatch, ColumnOrigin
from recommender.services.batches import BatchLine

_CELL_CHARACTERS = 40
_ROW_CHARACTERS = 240


def file_sentence(report: ImportReport) -> str:
    """Which file it is, and where in it the rows stand."""
    return zh.CHECKED_FILE.format(
        file=report.file,
        format=report.format,
        encoding=zh.CHECKED_ENCODING.format(encoding=report.encoding) if report.encoding else "",
        sheet=zh.CHECKED_SHEET.format(sheet=report.sheet) if report.sheet else "",
        row=report.header_row,
    )


def mapping_table(mapping: tuple[ColumnMatch, ...]) -> Table:
    """The columns that are read as something else than they are called."""
    table = Table(*zh.MAPPING_HEADERS, title=zh.MAPPING_TITLE, title_justify="left")
    for match in mapping:
        if match.origin is not ColumnOrigin.OWN:
            table.add_row(*(Wrapped(Text(text)) for text in (match.written, match.header, match.origin.value)))
    return table


def preview_table(preview: ImportPreview, n_rows: int) -> Table:
    """The first rows, one below the other: most kinds have more columns than a terminal."""
    rows = preview.rows[:n_rows]
    table = Table(*zh.PREVIEW_HEADERS, title=zh.PREVIEW_TITLE.format(n=len(rows)), title_justify="left")
    for row in rows:
        content = excerpt(_content(row, preview.columns), _ROW_CHARACTERS)
        table.add_row(str(row.row), row.state.value, Wrapped(Text(row.id)), Wrapped(Text(content)))
    return table


def suspect_table(suspects: tuple[SuspectRow, ...], n_suspects: int, n_rows: int) -> Table:
    """New records beside those that may be the same."""
    title = zh.SUSPECT_TITLE.format(n=n_suspects)
    table = Table(*zh.SUSPECT_HEADERS, title=title, title_justify="left")
    for row in suspects[:n_rows]:
        for suspect in row.suspects:
            names = (f"{row.id} {row.name}", f"{suspect.id} {suspect.name}", suspect.why)
            table.add_row(str(row.row), *(Wrapped(Text(text)) for text in names))
    return table


def issue_table(title: str, issues: tuple[RowError, ...]) -> Table:
    """Errors or warnings."""
    table = Table(*zh.ISSUE_HEADERS, title=title, title_justify="left")
    for issue in issues:
        cells = (issue.column, issue.message, issue.suggestion)
        table.add_row(str(issue.row), *(Wrapped(Text(text)) for text in cells))
    return table


def batch_table(lines: tuple[BatchLine, ...]) -> Table:
    """Batches, newest first."""
    table = Table(*zh.BATCH_HEADERS)
    table.columns[0].no_wrap = True
    for number in (2, 3):
        table.columns[number].justify = "right"
    for line in lines:
        batch = line.batch
        origin = zh.BATCH_ORIGIN.format(
            label=line.label,
            file=batch.file_name,
            at=f"{batch.at.astimezone():%Y-%m-%d %H:%M}",
            actor=batch.actor,
        )
        counts = (f"{batch.n_new:,}", f"{batch.n_changed:,}")
        table.add_row(batch.id, Wrapped(Text(origin)), *counts, Wrapped(Text(line.undo.value)))
    return table


def _content(row: PreviewRow, columns: tuple[str, ...]) -> str:
    pairs = zip(columns, row.cells, strict=False)
    return zh.PREVIEW_SEPARATOR.join(
        zh.PREVIEW_CELL.format(column=column, text=excerpt(" ".join(text.split()), _CELL_CHARACTERS))
        for column, text in pairs
        if text and text != row.id
    )
