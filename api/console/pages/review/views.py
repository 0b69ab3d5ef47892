"""Views that an officer keeps: a name for the filters in force."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form
from api.console.messages import review as zh
from api.console.notices import Undo
from api.console.pages.review.address import DESK, DeskAddress
from api.console.pages.review.desk import PAGE, desk_of
from api.console.visit import Submission
from recommender.domain.accounts import Permission
from recommender.domain.errors import MatchmakerError

router = APIRouter()
Sent = Annotated[Submission, form(Permission.CASES_REVIEW)]


@router.post("/review/views")
def save(sent: Sent) -> Response:
    """Keep the filters under a name."""
    address, name = DeskAddress.parse(sent.fields.text("back")), sent.fields.text("name")
    try:
        query = address.query(case="", cursor="")
        view = sent.served.saved_views.save(sent.actor, PAGE, name, query)
    except MatchmakerError as error:
        return sent.again("review/desk.html", error, **desk_of(sent, address, view_name=name))
    fields = {"number": str(view.number), "back": address.query()}
    undo = Undo(action=f"{DESK}/views/drop", fields=fields)
    return sent.go(address.url(), notice=zh.VIEW_SAVED.format(name=view.name), undo=undo)


@router.post("/review/views/drop")
def drop(sent: Sent) -> Response:
    """Forget one of one's own."""
    address = DeskAddress.parse(sent.fields.text("back"))
    view = sent.served.saved_views.drop(sent.actor, sent.fields.version("number"))
    undo = Undo(action=f"{DESK}/views", fields={"name": view.name, "back": view.query})
    return sent.go(address.url(), notice=zh.VIEW_DROPPED.format(name=view.name), undo=undo)
