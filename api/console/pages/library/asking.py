"""What an address asks of a list of the library."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from recommender.domain.facets import FACETS, LibraryQuestion
from recommender.domain.kinds import EntityKind

NOT_STATED = "-"
"""How addresses write the value "not stated", which is empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the parts of its address.

    Attributes:
        query: everything that says what the list holds and how it looks, without the cursor.
    """

    question: LibraryQuestion
    sort: str
    columns: tuple[str, ...]
    query: Mapping[str, object]


def asked_of(request: Request, kind: EntityKind) -> Asked:
    """Read an address."""
    given = request.query_params
    chosen = {
        facet.field: tuple(dict.fromkeys("" if value == NOT_STATED else value for value in values))
        for facet in FACETS[kind]
        if (values := given.getlist(facet.field))
    }
    text, sort = given.get("q", "").strip(), given.get("sort", "")
    columns = tuple(given.getlist("col"))
    query = {"q": text, "sort": sort, "col": list(columns)}
    query |= {name: [value or NOT_STATED for value in values] for name, values in chosen.items()}
    if not text and sort == "relevance":
        # What was ordered by relevance has no such order once the text is gone.
        sort = query["sort"] = ""
    return Asked(LibraryQuestion(text, chosen), sort, columns, query)
