"""What people agreed to, and what has been kept long enough."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.messages import settings as zh
from api.console.pages.audit.words import actor_name
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope

router = APIRouter()
_NEWEST_FIRST: Final = "-number"


@router.get("/settings/consents")
def consents(visit: Annotated[Visit, page(Permission.CONSENT_RECORD)], cursor: str = "") -> Response:
    """The ledger, newest first, and what holds for how many people."""
    overview = visit.served.consents.overview(visit.actor, PageRequest(cursor=cursor, sort=_NEWEST_FIRST))
    return visit.render(
        "settings/consents.html",
        overview=overview,
        scopes=tuple(ConsentScope),
        Decision=ConsentDecision,
        actor_name=actor_name,
    )


@router.get("/settings/retention")
def retention(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)]) -> Response:
    """What would be deleted now."""
    return visit.render("settings/retention.html", report=visit.served.retention.preview(visit.actor))


@router.post("/settings/retention")
def run_retention(sent: Annotated[Submission, form(Permission.PERSONS_MANAGE)]) -> Response:
    """Delete it."""
    report = sent.served.retention.run(sent.actor)
    notice = zh.RETENTION_DONE.format(n=f"{report.total:,}") if report.total else zh.RETENTION_NOTHING
    return sent.go("/console/settings/retention", notice=notice)
