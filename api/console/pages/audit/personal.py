"""Who saw whom in full, and what was done with personal data."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.choices import chosen
from api.console.messages import audit as zh
from api.console.pages.audit.words import actor_name, facts_of
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.domain.paging import PageRequest
from recommender.domain.personal import Activity
from recommender.services.personal.messages import FIELD_LABELS

router = APIRouter()
_NEWEST_FIRST: Final = "-number"


@router.get("/audit/reveals")
def reveals(
    visit: Annotated[Visit, page(Permission.AUDIT_READ)], who: str = "", person: str = "", cursor: str = ""
) -> Response:
    """Each time that somebody was shown a person in full."""
    request = PageRequest(cursor=cursor, sort=_NEWEST_FIRST)
    found = visit.served.trails.reveals(visit.actor, request, by=who, person_id=person.strip())
    return visit.render(
        "audit/reveals.html",
        found=found.page,
        people=found.people,
        actor_name=actor_name,
        field_labels=FIELD_LABELS,
        is_filtered=bool(who or person),
    )


@router.get("/audit/processing")
def processing(
    visit: Annotated[Visit, page(Permission.AUDIT_READ)], activity: str = "", cursor: str = ""
) -> Response:
    """The processing log."""
    request = PageRequest(cursor=cursor, sort=_NEWEST_FIRST)
    found = visit.served.trails.processing_page(
        visit.actor, request, chosen(activity, Activity, label=zh.ACTIVITY)
    )
    return visit.render(
        "audit/processing.html",
        found=found.page,
        people=found.people,
        actor_name=actor_name,
        facts_of=facts_of,
        activities=tuple(Activity),
        is_filtered=bool(activity),
    )
