"""Where the command line writes: answers to stdout, everything else to stderr."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

answers = Console(highlight=False)
notices = Console(stderr=True, highlight=False)


def answer(sentence: str) -> None:
    """One sentence on stdout; the terminal wraps it, so that a command in it can be copied."""
    answers.print(sentence, markup=False, soft_wrap=True)


def notice(sentence: str, *, style: str | None = None) -> None:
    """One sentence on stderr."""
    notices.print(sentence, markup=False, soft_wrap=True, style=style)


def print_json(value: object) -> None:
    """One JSON document on stdout, UTF-8."""
    typer.echo(json_text(value))


def json_text(value: object) -> str:
    """A value as one JSON document."""
    return json.dumps(to_jsonable(value), ensure_ascii=False, indent=2, allow_nan=False)


def to_jsonable(value: object) -> object:
    """Dataclasses, enums, dates and collections as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(to_jsonable(key)): to_jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_jsonable(item) for item in value]
    return value


class StageProgress:
    """One progress bar per stage on stderr; nothing is drawn where stderr is not a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show how far a stage is; ``total`` is ``None`` while it is not known."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)


@contextmanager
def stage_progress() -> Iterator[StageProgress]:
    """Progress bars for the block."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=notices, transient=True, disable=not notices.is_terminal) as progress:
        yield StageProgress(progress)
