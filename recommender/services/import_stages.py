"""How far an import or its undoing is, for whoever waits."""

from collections.abc import Callable
from enum import StrEnum


class ImportStage(StrEnum):
    """What an import is busy with, as progress bars show it."""

    READ = "读取"
    WRITE = "写入"
    ANNOTATE = "标注"
    UNDO = "撤销"


ImportProgress = Callable[[ImportStage, int, int | None], None]
"""Told the stage, how many of its rows are done, and how many there are (``None``: not known yet)."""


def silent(stage: ImportStage, done: int, total: int | None) -> None:
    """Tell nobody."""
