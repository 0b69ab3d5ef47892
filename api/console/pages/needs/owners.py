"""Which enterprise an officer writes a need for."""

from api.console.visit import Visit
from recommender.domain.entities import Enterprise
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import Listing
from recommender.domain.paging import PageRequest

N_OFFERED = 8


def enterprises(visit: Visit, text: str) -> list[Enterprise]:
    """A few enterprises within reach whose name has a text."""
    page = visit.served.library.page(
        visit.actor, EntityKind.ENTERPRISE, Listing(text=text[:100]), PageRequest(limit=N_OFFERED)
    )
    return [found for found in page.items if isinstance(found, Enterprise)]


def code_of(visit: Visit, text: str) -> str:
    """The code of the enterprise that was typed by its code or its name; ``""`` where nothing was.

    Raises:
        InvalidInput: nobody within reach is called so, or more than one.
    """
    if not text:
        return ""
    try:
        return visit.served.library.get(visit.actor, EntityKind.ENTERPRISE, text).id
    except NotFound:
        found = enterprises(visit, text)
    exact = [enterprise for enterprise in found if enterprise.name == text] or found
    if not exact:
        raise InvalidInput("review.need_owner_unknown", text=text[:50])
    if len(exact) > 1:
        raise InvalidInput("review.need_owner_several", text=text[:50], names="、".join(e.name for e in exact))
    return exact[0].code
