"""Lists of the library: a question, facets beside, a table."""

from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.console.access import page
from api.console.pages.library.asking import Asked, asked_of
from api.console.pages.library.columns import chosen_columns, columns_for, remember
from api.console.pages.library.kinds import TABS, ListedKind
from api.console.visit import Visit
from recommender.domain.accounts import Permission, Role
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Span
from recommender.domain.paging import PageRequest
from recommender.services.library_search import LibraryFound

PAGE_SIZE: Final = 30
_MIN_MARKED: Final = 2
"""Characters of a word that is marked where it occurs: shorter ones occur everywhere."""

router = APIRouter(prefix="/library")

_Reader = Annotated[Visit, page(Permission.LIBRARY_READ)]


@router.get("")
def library(visit: _Reader) -> Response:
    """The list that the reader is likely to want."""
    kind = EntityKind.EXPERT if visit.actor.role is not Role.ENTERPRISE else EntityKind.ACHIEVEMENT
    return RedirectResponse(f"/console/library/{kind.value}", 303)


@router.get("/{kind}")
def list_records(visit: _Reader, kind: ListedKind, cursor: str = "") -> Response:
    """Records of a kind."""
    asked = asked_of(visit.request, kind)
    request = PageRequest(limit=PAGE_SIZE, cursor=cursor, sort=asked.sort)
    found = visit.served.library_search.search(visit.actor, kind, asked.question, request)
    chosen = chosen_columns(visit.request, visit.actor, kind, asked.columns)
    response = visit.render(
        "library/list.html",
        kind=kind,
        tabs=TABS,
        counts=visit.served.library_search.counts(visit.actor),
        found=found,
        query_of=asked.query,
        all_columns=columns_for(visit.actor, kind),
        chosen=chosen,
        columns=chosen.shown(found.items),
        marks=_Marks(visit, asked, found),
    )
    if asked.columns:
        remember(response, kind, asked.columns)
    return response


class _Marks:
    """Where the words of the question stand in a text."""

    def __init__(self, visit: Visit, asked: Asked, found: LibraryFound) -> None:
        text = asked.question.text
        words = visit.served.segmenter.tokens(text) if text and found.items else ()
        self._words = tuple(
            sorted({word for word in (*words, *text.split()) if len(word) >= _MIN_MARKED}, key=len, reverse=True)
        )

    def of(self, text: str) -> list[Span]:
        """Ascending, not overlapping; the longer word where two begin at one place."""
        lowered = text.casefold()
        if len(lowered) != len(text):
            return []
        spans: list[Span] = []
        place = 0
        while place < len(lowered):
            word = next((word for word in self._words if lowered.startswith(word.casefold(), place)), "")
            if word:
                spans.append(Span(place, place + len(word)))
            place += len(word) or 1
        return spans
