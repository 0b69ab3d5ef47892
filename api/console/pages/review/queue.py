"""Looking: the desk, a case by itself, and more of the queue."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.pages.review.address import DeskAddress
from api.console.pages.review.desk import case_of, desk_of
from api.console.visit import Visit
from recommender.bootstrap import now
from recommender.domain.accounts import Permission

router = APIRouter()
Reviewer = Annotated[Visit, page(Permission.CASES_REVIEW)]


@router.get("/review")
def desk(visit: Reviewer) -> Response:
    """The queue and the open case."""
    return visit.render("review/desk.html", **desk_of(visit, _address(visit)))


@router.get("/review/case")
def case(visit: Reviewer) -> Response:
    """One case by itself; scripts fetch the next one so, before it is asked for. Nothing is claimed."""
    address = _address(visit)
    return visit.render("review/case.html", **case_of(visit, address, address.case, None))


@router.get("/review/queue")
def more(visit: Reviewer) -> Response:
    """The next lines of the queue."""
    address = _address(visit)
    found = visit.served.queue.page(visit.actor, address.wanted(), address.request)
    return visit.render("review/more.html", address=address, found=found, opened="", now=now())


def _address(visit: Visit) -> DeskAddress:
    return DeskAddress.of(dict(visit.request.query_params))
