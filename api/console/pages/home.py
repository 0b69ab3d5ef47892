"""The first page: what waits for the reader."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.visit import Visit
from recommender.domain.accounts import Role

router = APIRouter()


@router.get("/")
def home(visit: Annotated[Visit, page()]) -> Response:
    """The first page of a role."""
    is_enterprise = visit.actor.role is Role.ENTERPRISE
    return visit.render("home/enterprise.html" if is_enterprise else "home/officer.html")
