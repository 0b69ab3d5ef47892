"""A file to be imported, and what somebody said about how it is to be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from recommender.domain.errors import MatchmakerError
from recommender.exchange.limits import LIMITS
from recommender.exchange.reader import ParsedFile, read_file
from recommender.exchange.sources import SourceTable
from recommender.services.import_stages import ImportProgress, ImportStage

_NAMING: Final = ("name", "path")
"""Facts of errors that name the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """Where rows come from: a file, and what somebody said about it.

    Attributes:
        name: what the file is called where its path says something else.
        sheet, mapping: as for :meth:`~recommender.services.imports.ImportService.check`.
        header_row: number of the row to take for the header, where it is not the one that would be found.
    """

    path: Path = field(kw_only=False)
    name: str = ""
    sheet: str | None = None
    header_row: int | None = None
    mapping: tuple[str, ...] = ()

    def read(
        self,
        table: SourceTable,
        on_progress: ImportProgress,
        *,
        max_listed_issues: int = LIMITS.max_listed_issues,
    ) -> ParsedFile:
        """All rows of the file.

        Raises:
            InvalidInput, InvalidData: as for :func:`~recommender.exchange.reader.read_file`.
        """
        with called(self.name):
            parsed = read_file(
                self.path,
                table,
                sheet=self.sheet,
                header_row=self.header_row,
                on_rows=lambda done: on_progress(ImportStage.READ, done, None),
                max_listed_issues=max_listed_issues,
            )
        file = parsed.source.file
        named = replace(file, name=self.name or file.name)
        return replace(parsed, source=replace(parsed.source, file=named))


@contextmanager
def called(name: str) -> Iterator[None]:
    """Errors within say this name of the file, if one is given, whatever its path says."""
    try:
        yield
    except MatchmakerError as error:
        named = {key: name for key in _NAMING if key in error.context}
        if not name or not named:
            raise
        facts: dict[str, object] = error.context | named
        raise type(error)(error.code, **facts) from None
