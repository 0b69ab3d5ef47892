"""Exporting what a list of the library shows: the same records in the same order, persons masked."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import InvalidInput
from recommender.domain.facets import FACETS, LibraryQuestion
from recommender.domain.kinds import EntityKind
from recommender.exchange.export_report import ExportReport
from recommender.exchange.tables import table_of
from recommender.services.exports import ExportService
from recommender.services.library_history import TABLES
from recommender.services.library_search import LibrarySearch
from recommender.services.messages import ASKED_FACET, ASKED_TEXT, NOT_STATED

MAX_ROWS: Final = 20_000
"""Of one file: more takes longer than anybody waits for a page."""


class LibraryExport:
    """The use-case of taking a list along."""

    def __init__(self, search: LibrarySearch, exports: ExportService) -> None:
        self._search = search
        self._exports = exports

    def write(
        self,
        actor: Actor,
        kind: EntityKind,
        question: LibraryQuestion,
        path: Path,
        *,
        sort: str = "",
        fields: Sequence[str] = (),
    ) -> ExportReport:
        """Write the records that answer a question.

        Args:
            path: ``.xlsx`` or ``.csv``.
            fields: of the records, in the order wanted; none for all. Those that no file has are left out.

        Raises:
            Forbidden: the actor does not edit the library: lists are taken along by who looks after it.
            InvalidInput: there are too many, the format is unknown, or the question makes no sense.
        """
        actor.require(Permission.LIBRARY_WRITE)
        ids = self._search.ids(actor, kind, question, sort)
        if len(ids) > MAX_ROWS:
            raise InvalidInput("library.export_rows", n=f"{len(ids):,}", maximum=f"{MAX_ROWS:,}")
        columns = table_of(TABLES[kind]).by_field
        headers = [columns[name].header for name in dict.fromkeys(fields) if name in columns]
        return self._exports.export(
            TABLES[kind],
            path,
            actor=actor.id,
            ids=ids,
            asked=tuple(_asked(kind, question)),
            columns=headers or None,
        )


def _asked(kind: EntityKind, question: LibraryQuestion) -> Iterator[str]:
    """The question in words, for the audit trail."""
    if question.text:
        yield ASKED_TEXT.format(text=question.text)
    for facet in FACETS[kind]:
        for value in question.chosen.get(facet.field, ()):
            yield ASKED_FACET.format(facet=facet.label, value=value or NOT_STATED)
